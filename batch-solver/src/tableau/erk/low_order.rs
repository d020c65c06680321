//! Explicit methods of orders 2 and 3.

use super::{ErkProperties, ErkTableau, PreferredController};

/// Heun's method of order 2 (the explicit trapezoidal rule).
pub const HEUN_21: ErkTableau = ErkTableau {
    name: "heun-21",
    aliases: &["heun", "explicit-trapezoid", "ssprk22", "ssprk-22"],
    order: 2,
    embedded_order: None,
    a: &[&[], &[1.0]],
    b: &[1.0 / 2.0, 1.0 / 2.0],
    b_hat: None,
    c: &[0.0, 1.0],
    citation: "K. Heun, Neue Methoden zur approximativen Integration der Differentialgleichungen einer unabhängigen \
               Veränderlichen, Z. Math. Phys. 45 (1900) 23–38",
    properties: ErkProperties { controller: None },
};

/// The explicit midpoint rule (Runge 1895), with the explicit Euler method embedded.
pub const MIDPOINT: ErkTableau = ErkTableau {
    name: "midpoint",
    aliases: &["explicit-midpoint"],
    order: 2,
    embedded_order: Some(1),
    a: &[&[], &[1.0 / 2.0]],
    b: &[0.0, 1.0],
    b_hat: Some(&[1.0, 0.0]),
    c: &[0.0, 1.0 / 2.0],
    citation: "C. Runge, Über die numerische Auflösung von Differentialgleichungen, Math. Ann. 46 (1895) 167–178",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

/// Ralston's method of order 2 with the least bound on the truncation error, with the explicit Euler method embedded.
pub const RALSTON_22: ErkTableau = ErkTableau {
    name: "ralston-22",
    aliases: &["ralston-2", "ralston2", "ralston"],
    order: 2,
    embedded_order: Some(1),
    a: &[&[], &[2.0 / 3.0]],
    b: &[1.0 / 4.0, 3.0 / 4.0],
    b_hat: Some(&[1.0, 0.0]),
    c: &[0.0, 2.0 / 3.0],
    citation: "A. Ralston, Runge–Kutta methods with minimum error bounds, Math. Comp. 16 (1962) 431–437",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

/// Ralston's method of order 3 with the least bound on the truncation error.
pub const RALSTON_33: ErkTableau = ErkTableau {
    name: "ralston-33",
    aliases: &["ralston-3", "ralston3"],
    order: 3,
    embedded_order: None,
    a: &[&[], &[1.0 / 2.0], &[0.0, 3.0 / 4.0]],
    b: &[2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0],
    b_hat: None,
    c: &[0.0, 1.0 / 2.0, 3.0 / 4.0],
    citation: "A. Ralston, Runge–Kutta methods with minimum error bounds, Math. Comp. 16 (1962) 431–437",
    properties: ErkProperties { controller: None },
};

/// The optimal strong stability preserving method of order 3 in three stages.
pub const SSPRK_33: ErkTableau = ErkTableau {
    name: "ssprk-33",
    aliases: &["ssprk33", "shu-osher-33"],
    order: 3,
    embedded_order: None,
    a: &[&[], &[1.0], &[1.0 / 4.0, 1.0 / 4.0]],
    b: &[1.0 / 6.0, 1.0 / 6.0, 2.0 / 3.0],
    b_hat: None,
    c: &[0.0, 1.0, 1.0 / 2.0],
    citation: "C.-W. Shu, S. Osher, Efficient implementation of essentially non-oscillatory shock-capturing schemes, \
               J. Comput. Phys. 77 (1988) 439–471",
    properties: ErkProperties { controller: None },
};

/// The optimal strong stability preserving method of order 3 in four stages, with an embedded solution of order 2.
pub const SSPRK_43: ErkTableau = ErkTableau {
    name: "ssprk-43",
    aliases: &["ssprk43"],
    order: 3,
    embedded_order: Some(2),
    a: &[&[], &[1.0 / 2.0], &[1.0 / 2.0, 1.0 / 2.0], &[1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0]],
    b: &[1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 2.0],
    b_hat: Some(&[1.0 / 4.0, 1.0 / 4.0, 1.0 / 4.0, 1.0 / 4.0]),
    c: &[0.0, 1.0 / 2.0, 1.0, 1.0 / 2.0],
    citation: "J. F. B. M. Kraaijevanger, Contractivity of Runge–Kutta methods, BIT 31 (1991) 482–528; \
               S. Conde, I. Fekete, J. N. Shadid, Embedded error estimation and adaptive step-size control for optimal \
               explicit strong stability preserving Runge–Kutta methods, arXiv:1806.08693 (2018)",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

/// The 3(2) pair of Bogacki and Shampine.
pub const BOGACKI_SHAMPINE_32: ErkTableau = ErkTableau {
    name: "bogacki-shampine-32",
    aliases: &["bs3", "bs32", "rk23", "ode23"],
    order: 3,
    embedded_order: Some(2),
    a: &[&[], &[1.0 / 2.0], &[0.0, 3.0 / 4.0], &[2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0]],
    b: &[2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0, 0.0],
    b_hat: Some(&[7.0 / 24.0, 1.0 / 4.0, 1.0 / 3.0, 1.0 / 8.0]),
    c: &[0.0, 1.0 / 2.0, 3.0 / 4.0, 1.0],
    citation: "P. Bogacki, L. F. Shampine, A 3(2) pair of Runge–Kutta formulas, Appl. Math. Lett. 2 (1989) 321–325",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

/// The 3(2) pair of Owren and Zennaro, built for its continuous extension.
pub const OWREN_ZENNARO_32: ErkTableau = ErkTableau {
    name: "owren-zennaro-32",
    aliases: &["owrenzen3"],
    order: 3,
    embedded_order: Some(2),
    a: &[&[], &[12.0 / 23.0], &[-68.0 / 375.0, 368.0 / 375.0], &[31.0 / 144.0, 529.0 / 1152.0, 125.0 / 384.0]],
    b: &[31.0 / 144.0, 529.0 / 1152.0, 125.0 / 384.0, 0.0],
    b_hat: Some(&[1.0 / 24.0, 23.0 / 24.0, 0.0, 0.0]),
    c: &[0.0, 12.0 / 23.0, 4.0 / 5.0, 1.0],
    citation: "B. Owren, M. Zennaro, Derivation of efficient, continuous, explicit Runge–Kutta methods, \
               SIAM J. Sci. Stat. Comput. 13 (1992) 1488–1501",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

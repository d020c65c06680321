//! Explicit methods of orders 2 to 4.

use super::{ErkProperties, ErkTableau, PreferredController};

/// Heun's method of order 2 (the explicit trapezoidal rule).
pub const HEUN_21: ErkTableau = ErkTableau {
    name: "heun-21",
    aliases: &[],
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

/// Ralston's method of order 3 with the least bound on the truncation error.
pub const RALSTON_33: ErkTableau = ErkTableau {
    name: "ralston-33",
    aliases: &[],
    order: 3,
    embedded_order: None,
    a: &[&[], &[1.0 / 2.0], &[0.0, 3.0 / 4.0]],
    b: &[2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0],
    b_hat: None,
    c: &[0.0, 1.0 / 2.0, 3.0 / 4.0],
    citation: "A. Ralston, Runge–Kutta methods with minimum error bounds, Math. Comp. 16 (1962) 431–437",
    properties: ErkProperties { controller: None },
};

/// The 3(2) pair of Bogacki and Shampine.
pub const BOGACKI_SHAMPINE_32: ErkTableau = ErkTableau {
    name: "bogacki-shampine-32",
    aliases: &["rk23", "ode23"],
    order: 3,
    embedded_order: Some(2),
    a: &[&[], &[1.0 / 2.0], &[0.0, 3.0 / 4.0], &[2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0]],
    b: &[2.0 / 9.0, 1.0 / 3.0, 4.0 / 9.0, 0.0],
    b_hat: Some(&[7.0 / 24.0, 1.0 / 4.0, 1.0 / 3.0, 1.0 / 8.0]),
    c: &[0.0, 1.0 / 2.0, 3.0 / 4.0, 1.0],
    citation: "P. Bogacki, L. F. Shampine, A 3(2) pair of Runge–Kutta formulas, Appl. Math. Lett. 2 (1989) 321–325",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

/// The classical method of order 4.
pub const CLASSICAL_RK4: ErkTableau = ErkTableau {
    name: "classical-rk4",
    aliases: &["rk4"],
    order: 4,
    embedded_order: None,
    a: &[&[], &[1.0 / 2.0], &[0.0, 1.0 / 2.0], &[0.0, 0.0, 1.0]],
    b: &[1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0],
    b_hat: None,
    c: &[0.0, 1.0 / 2.0, 1.0 / 2.0, 1.0],
    citation: "W. Kutta, Beitrag zur näherungsweisen Integration totaler Differentialgleichungen, \
               Z. Math. Phys. 46 (1901) 435–453",
    properties: ErkProperties { controller: None },
};

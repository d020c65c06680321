//! Explicit methods of order 4.

use super::{ErkProperties, ErkTableau, PreferredController};

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

/// Kutta's method of order 4 that extends the 3/8 quadrature rule.
pub const THREE_EIGHTHS_RK4: ErkTableau = ErkTableau {
    name: "three-eighths-rk4",
    aliases: &["rk4-38", "rk4-3/8", "rk38", "rk4-three-eighths"],
    order: 4,
    embedded_order: None,
    a: &[&[], &[1.0 / 3.0], &[-1.0 / 3.0, 1.0], &[1.0, -1.0, 1.0]],
    b: &[1.0 / 8.0, 3.0 / 8.0, 3.0 / 8.0, 1.0 / 8.0],
    b_hat: None,
    c: &[0.0, 1.0 / 3.0, 2.0 / 3.0, 1.0],
    citation: "W. Kutta, Beitrag zur näherungsweisen Integration totaler Differentialgleichungen, \
               Z. Math. Phys. 46 (1901) 435–453",
    properties: ErkProperties { controller: None },
};

/// Ralston's method of order 4 with the least bound on the truncation error; published with multiples of √5.
pub const RALSTON_44: ErkTableau = ErkTableau {
    name: "ralston-44",
    aliases: &["ralston-4", "ralston4"],
    order: 4,
    embedded_order: None,
    a: &[
        &[],
        &[2.0 / 5.0],
        &[0.2969776092477536, 0.15875964497103584],
        &[0.21810038822592046, -3.050965148692931, 3.8328647604670105],
    ],
    b: &[0.17476028226269036, -0.551480662878733, 1.2055355993965235, 0.17118478121951902],
    b_hat: None,
    c: &[0.0, 2.0 / 5.0, 0.4557372542187894, 1.0],
    citation: "A. Ralston, Runge–Kutta methods with minimum error bounds, Math. Comp. 16 (1962) 431–437",
    properties: ErkProperties { controller: None },
};

/// The optimal strong stability preserving method of order 4 in ten stages.
pub const SSPRK_104: ErkTableau = ErkTableau {
    name: "ssprk-104",
    aliases: &["ssprk104"],
    order: 4,
    embedded_order: None,
    a: &[
        &[],
        &[1.0 / 6.0],
        &[1.0 / 6.0, 1.0 / 6.0],
        &[1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0],
        &[1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0],
        &[1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0],
        &[1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 6.0],
        &[1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 6.0, 1.0 / 6.0],
        &[1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0],
        &[1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 15.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0, 1.0 / 6.0],
    ],
    b: &[
        1.0 / 10.0,
        1.0 / 10.0,
        1.0 / 10.0,
        1.0 / 10.0,
        1.0 / 10.0,
        1.0 / 10.0,
        1.0 / 10.0,
        1.0 / 10.0,
        1.0 / 10.0,
        1.0 / 10.0,
    ],
    b_hat: None,
    c: &[0.0, 1.0 / 6.0, 1.0 / 3.0, 1.0 / 2.0, 2.0 / 3.0, 1.0 / 3.0, 1.0 / 2.0, 2.0 / 3.0, 5.0 / 6.0, 1.0],
    citation: "D. I. Ketcheson, Highly efficient strong stability-preserving Runge–Kutta methods with low-storage \
               implementations, SIAM J. Sci. Comput. 30 (2008) 2113–2136",
    properties: ErkProperties { controller: None },
};

/// The 4(3) pair of Owren and Zennaro, built for its continuous extension.
pub const OWREN_ZENNARO_43: ErkTableau = ErkTableau {
    name: "owren-zennaro-43",
    aliases: &["owrenzen4"],
    order: 4,
    embedded_order: Some(3),
    a: &[
        &[],
        &[1.0 / 6.0],
        &[44.0 / 1369.0, 363.0 / 1369.0],
        &[3388.0 / 4913.0, -8349.0 / 4913.0, 8140.0 / 4913.0],
        &[-36764.0 / 408_375.0, 767.0 / 1125.0, -32708.0 / 136_125.0, 210_392.0 / 408_375.0],
        &[1697.0 / 18876.0, 0.0, 50653.0 / 116_160.0, 299_693.0 / 1_626_240.0, 3375.0 / 11648.0],
    ],
    b: &[1697.0 / 18876.0, 0.0, 50653.0 / 116_160.0, 299_693.0 / 1_626_240.0, 3375.0 / 11648.0, 0.0],
    b_hat: Some(&[101.0 / 363.0, 0.0, -1369.0 / 14520.0, 11849.0 / 14520.0, 0.0, 0.0]),
    c: &[0.0, 1.0 / 6.0, 11.0 / 37.0, 11.0 / 17.0, 13.0 / 15.0, 1.0],
    citation: "B. Owren, M. Zennaro, Derivation of efficient, continuous, explicit Runge–Kutta methods, \
               SIAM J. Sci. Stat. Comput. 13 (1992) 1488–1501",
    properties: ErkProperties { controller: Some(PreferredController::Integral) },
};

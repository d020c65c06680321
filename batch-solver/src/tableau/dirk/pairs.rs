//! Embedded pairs, all L-stable and stiffly accurate.

use super::{DirkProperties, DirkTableau};

/// The 3(2) pair of Kværnø with an explicit first stage.
///
/// `γ` is the middle root of `γ³ − 3γ² + 3γ/2 − 1/6`. The weights of the third stage, which are those of the embedded
/// solution, are `(−4γ² + 6γ − 1)/(4γ)`, `(1 − 2γ)/(4γ)` and `γ`; those of the propagated solution are
/// `(6γ − 1)/(12γ)`, `−1/(12γ(2γ − 1))`, `(−6γ² + 6γ − 1)/(6γ − 3)` and `γ`.
pub const KVAERNO3: DirkTableau = DirkTableau {
    name: "kvaerno3",
    aliases: &[],
    order: 3,
    embedded_order: Some(2),
    a: &[
        &[0.0],
        &[0.435866521508459, 0.435866521508459],
        &[0.49056338842178054, 0.07357009006976042, 0.435866521508459],
        &[0.30880996997674653, 1.4905633884217806, -1.2352398799069861, 0.435866521508459],
    ],
    b: &[0.30880996997674653, 1.4905633884217806, -1.2352398799069861, 0.435866521508459],
    b_hat: Some(&[0.49056338842178054, 0.07357009006976042, 0.435866521508459, 0.0]),
    c: &[0.0, 0.871733043016918, 1.0, 1.0],
    citation: "A. Kværnø, Singly diagonally implicit Runge–Kutta methods with an explicit first stage, \
               BIT 44 (2004) 489–502",
    properties: DirkProperties { a_stable: true, l_stable: true, controller: None },
};

/// The 4(3) pair of Hairer and Wanner with `γ = 1/4`.
pub const L_STABLE_SDIRK_4: DirkTableau = DirkTableau {
    name: "l_stable_sdirk_4",
    aliases: &["sdirk4", "hairer-wanner-sdirk4"],
    order: 4,
    embedded_order: Some(3),
    a: &[
        &[1.0 / 4.0],
        &[1.0 / 2.0, 1.0 / 4.0],
        &[17.0 / 50.0, -1.0 / 25.0, 1.0 / 4.0],
        &[371.0 / 1360.0, -137.0 / 2720.0, 15.0 / 544.0, 1.0 / 4.0],
        &[25.0 / 24.0, -49.0 / 48.0, 125.0 / 16.0, -85.0 / 12.0, 1.0 / 4.0],
    ],
    b: &[25.0 / 24.0, -49.0 / 48.0, 125.0 / 16.0, -85.0 / 12.0, 1.0 / 4.0],
    b_hat: Some(&[59.0 / 48.0, -17.0 / 96.0, 225.0 / 32.0, -85.0 / 12.0, 0.0]),
    c: &[1.0 / 4.0, 3.0 / 4.0, 11.0 / 20.0, 1.0 / 2.0, 1.0],
    citation: "E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer 1996, \
               §IV.6, p. 100",
    properties: DirkProperties { a_stable: true, l_stable: true, controller: None },
};

/// The 5(4) pair of Kværnø with an explicit first stage and `γ = 13/50`; published as decimals.
///
/// The published digits satisfy the order conditions to some `10⁻¹⁷`, as the nearest numbers to an exact solution do.
pub const KVAERNO5: DirkTableau = DirkTableau {
    name: "kvaerno5",
    aliases: &[],
    order: 5,
    embedded_order: Some(4),
    a: &[
        &[0.0],
        &[0.26, 0.26],
        &[0.13, 0.8403332099679081, 0.26],
        &[0.22371961478320505, 0.476755323197997, -0.06470895363112615, 0.26],
        &[0.16648564323248321, 0.1045001884159172, 0.03631482272098715, -0.13090704451073998, 0.26],
        &[0.13855640231268224, 0.0, -0.04245337201752043, 0.02446657898003141, 0.6194303907248068, 0.26],
        &[
            0.13659751177640291,
            0.0,
            -0.05496908796538376,
            -0.04118626728321046,
            0.629933048990164,
            0.06962479448202728,
            0.26,
        ],
    ],
    b: &[
        0.13659751177640291,
        0.0,
        -0.05496908796538376,
        -0.04118626728321046,
        0.629933048990164,
        0.06962479448202728,
        0.26,
    ],
    b_hat: Some(&[0.13855640231268224, 0.0, -0.04245337201752043, 0.02446657898003141, 0.6194303907248068, 0.26, 0.0]),
    c: &[0.0, 0.52, 1.230333209967908, 0.8957659843500759, 0.43639360985864756, 1.0, 1.0],
    citation: "A. Kværnø, Singly diagonally implicit Runge–Kutta methods with an explicit first stage, \
               BIT 44 (2004) 489–502",
    properties: DirkProperties { a_stable: true, l_stable: true, controller: None },
};

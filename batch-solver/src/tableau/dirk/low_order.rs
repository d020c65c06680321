//! Methods of order 2 and 3 without embedded solution.

use super::{DirkProperties, DirkTableau};

/// The implicit midpoint rule, the Gauss method of one stage: A-stable, symmetric and symplectic, not L-stable.
pub const IMPLICIT_MIDPOINT: DirkTableau = DirkTableau {
    name: "implicit_midpoint",
    aliases: &[],
    order: 2,
    embedded_order: None,
    a: &[&[1.0 / 2.0]],
    b: &[1.0],
    b_hat: None,
    c: &[1.0 / 2.0],
    citation: "J. C. Butcher, Implicit Runge–Kutta processes, Math. Comp. 18 (1964) 50–64",
    properties: DirkProperties { a_stable: true, l_stable: false, controller: None },
};

/// The trapezoidal rule, with an explicit first stage: A-stable, not L-stable.
pub const TRAPEZOIDAL_DIRK: DirkTableau = DirkTableau {
    name: "trapezoidal_dirk",
    aliases: &["ode23t"],
    order: 2,
    embedded_order: None,
    a: &[&[0.0], &[1.0 / 2.0, 1.0 / 2.0]],
    b: &[1.0 / 2.0, 1.0 / 2.0],
    b_hat: None,
    c: &[0.0, 1.0],
    citation: "L. F. Shampine, M. W. Reichelt, J. A. Kierzenka, Solving index-1 DAEs in MATLAB and Simulink, \
               SIAM Rev. 41 (1999) 538–552",
    properties: DirkProperties { a_stable: true, l_stable: false, controller: None },
};

/// The method of Alexander with two stages, `γ = 1 − √2/2`: L-stable and stiffly accurate.
pub const SDIRK_2_2: DirkTableau = DirkTableau {
    name: "sdirk_2_2",
    aliases: &[],
    order: 2,
    embedded_order: None,
    a: &[&[0.2928932188134525], &[0.7071067811865475, 0.2928932188134525]],
    b: &[0.7071067811865475, 0.2928932188134525],
    b_hat: None,
    c: &[0.2928932188134525, 1.0],
    citation: "R. Alexander, Diagonally implicit Runge–Kutta methods for stiff O.D.E.'s, \
               SIAM J. Numer. Anal. 14 (1977) 1006–1021",
    properties: DirkProperties { a_stable: true, l_stable: true, controller: None },
};

/// The method of Alexander with three stages: L-stable and stiffly accurate.
///
/// `γ` is the middle root of `γ³ − 3γ² + 3γ/2 − 1/6`; the abscissa of the second stage is `(1 + γ)/2`, and the weights
/// are `−(6γ² − 16γ + 1)/4`, `(6γ² − 20γ + 5)/4` and `γ`.
pub const L_STABLE_DIRK_3: DirkTableau = DirkTableau {
    name: "l_stable_dirk_3",
    aliases: &["dirk"],
    order: 3,
    embedded_order: None,
    a: &[
        &[0.435866521508459],
        &[0.2820667392457705, 0.435866521508459],
        &[1.20849664917601, -0.644363170684469, 0.435866521508459],
    ],
    b: &[1.20849664917601, -0.644363170684469, 0.435866521508459],
    b_hat: None,
    c: &[0.435866521508459, 0.7179332607542295, 1.0],
    citation: "R. Alexander, Diagonally implicit Runge–Kutta methods for stiff O.D.E.'s, \
               SIAM J. Numer. Anal. 14 (1977) 1006–1021",
    properties: DirkProperties { a_stable: true, l_stable: true, controller: None },
};

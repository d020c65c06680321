//! Gauss methods, of order `2s` with `s` stages: the abscissae are the roots of the Legendre polynomial, shifted to the
//! step. A-stable, symmetric and symplectic, not L-stable.

use super::{FirkProperties, FirkTableau};

/// The Gauss method of two stages, with `c = 1/2 ∓ √3/6`.
pub const FIRK_GAUSS_LEGENDRE_2: FirkTableau = FirkTableau {
    name: "firk_gauss_legendre_2",
    aliases: &["firk"],
    order: 4,
    embedded_order: None,
    a: &[&[0.25, -0.03867513459481288], &[0.5386751345948129, 0.25]],
    b: &[1.0 / 2.0, 1.0 / 2.0],
    b_hat: None,
    c: &[0.2113248654051871, 0.7886751345948129],
    citation: "J. C. Butcher, Implicit Runge–Kutta processes, Math. Comp. 18 (1964) 50–64",
    properties: FirkProperties { a_stable: true, l_stable: false, controller: None },
};

/// The Gauss method of four stages; the embedded solution is their mean.
pub const FIRK_GAUSS_LEGENDRE_4: FirkTableau = FirkTableau {
    name: "firk_gauss_legendre_4",
    aliases: &[],
    order: 8,
    embedded_order: Some(2),
    a: &[
        &[0.08696371128436346, -0.026604180084998794, 0.012627462689404725, -0.0035551496857956833],
        &[0.18811811749986806, 0.16303628871563652, -0.027880428602470895, 0.006735500594538156],
        &[0.16719192197418878, 0.35395300603374397, 0.16303628871563652, -0.014190694931141144],
        &[0.1774825722545226, 0.31344511474186837, 0.35267675751627187, 0.08696371128436346],
    ],
    b: &[0.17392742256872692, 0.32607257743127305, 0.32607257743127305, 0.17392742256872692],
    b_hat: Some(&[1.0 / 4.0, 1.0 / 4.0, 1.0 / 4.0, 1.0 / 4.0]),
    c: &[0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970263],
    citation: "J. C. Butcher, Implicit Runge–Kutta processes, Math. Comp. 18 (1964) 50–64",
    properties: FirkProperties { a_stable: true, l_stable: false, controller: None },
};

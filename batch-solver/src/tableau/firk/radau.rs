//! Radau IIA methods, of order `2s − 1` with `s` stages: the abscissae are the roots of `dˢ⁻¹/dxˢ⁻¹ (xˢ⁻¹ (x − 1)ˢ)`, the
//! last of which is 1. L-stable and stiffly accurate.

use super::{FirkProperties, FirkTableau, PreferredController};

/// The Radau IIA method of two stages.
pub const RADAU_IIA_3: FirkTableau = FirkTableau {
    name: "radau_iia_3",
    aliases: &["radauiia3"],
    order: 3,
    embedded_order: Some(2),
    a: &[&[5.0 / 12.0, -1.0 / 12.0], &[3.0 / 4.0, 1.0 / 4.0]],
    b: &[3.0 / 4.0, 1.0 / 4.0],
    b_hat: None,
    c: &[1.0 / 3.0, 1.0],
    citation: "E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer 1996, \
               §IV.5, p. 74",
    properties: FirkProperties { a_stable: true, l_stable: true, controller: Some(PreferredController::Gustafsson) },
};

/// The Radau IIA method of three stages, that of the code RADAU5: `c = (4 ∓ √6)/10` and 1.
pub const RADAU_IIA_5: FirkTableau = FirkTableau {
    name: "radau_iia_5",
    aliases: &["radau", "radau5", "radauiia5"],
    order: 5,
    embedded_order: Some(3),
    a: &[
        &[0.1968154772236604, -0.06553542585019839, 0.02377097434822015],
        &[0.3944243147390873, 0.2920734116652285, -0.04154875212599793],
        &[0.37640306270046725, 0.5124858261884216, 1.0 / 9.0],
    ],
    b: &[0.37640306270046725, 0.5124858261884216, 1.0 / 9.0],
    b_hat: None,
    c: &[0.1550510257216822, 0.6449489742783178, 1.0],
    citation: "E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer 1996, \
               §IV.5, p. 74",
    properties: FirkProperties { a_stable: true, l_stable: true, controller: Some(PreferredController::Gustafsson) },
};

/// The Radau IIA method of five stages.
pub const RADAU_IIA_9: FirkTableau = FirkTableau {
    name: "radau_iia_9",
    aliases: &["radau9", "radauiia9"],
    order: 9,
    embedded_order: Some(5),
    a: &[
        &[0.07299886431790333, -0.02673533110794557, 0.018676929763984353, -0.01287910609330644, 0.005042839233882015],
        &[0.15377523147918246, 0.14621486784749352, -0.03644456890512809, 0.02123306311930472, -0.007935579902728777],
        &[0.14006304568480987, 0.29896712949128346, 0.16758507013524895, -0.03396910168661774, 0.010944288744192253],
        &[0.14489430810953477, 0.2765000687601592, 0.32579792291042103, 0.12875675325490976, -0.015708917378805327],
        &[0.14371356079122594, 0.28135601514946207, 0.31182652297574126, 0.22310390108357075, 1.0 / 25.0],
    ],
    b: &[0.14371356079122594, 0.28135601514946207, 0.31182652297574126, 0.22310390108357075, 1.0 / 25.0],
    b_hat: None,
    c: &[0.05710419611451768, 0.2768430136381238, 0.5835904323689168, 0.8602401356562195, 1.0],
    citation: "E. Hairer, G. Wanner, Stiff differential equations solved by Radau methods, \
               J. Comput. Appl. Math. 111 (1999) 93–111",
    properties: FirkProperties { a_stable: true, l_stable: true, controller: Some(PreferredController::Gustafsson) },
};

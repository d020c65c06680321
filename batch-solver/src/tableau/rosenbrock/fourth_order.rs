//! 4(3) pairs, all stiffly accurate and published as decimals of 15 or 16 digits.

use super::{PreferredController, RosenbrockProperties, RosenbrockTableau};

/// The 4(3) pair RODAS of Hairer and Wanner.
pub const RODAS4: RosenbrockTableau = RosenbrockTableau {
    name: "rodas4",
    aliases: &["rodas"],
    order: 4,
    embedded_order: Some(3),
    gamma: 0.25,
    a: &[
        &[],
        &[1.544],
        &[0.9466785280815826, 0.2557011698983284],
        &[3.314825187068521, 2.896124015972201, 0.9986419139977817],
        &[1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895],
        &[1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895, 1.0],
    ],
    coupling: &[
        &[],
        &[-5.6688],
        &[-2.430093356833875, -0.2063599157091915],
        &[-0.1073529058151375, -9.594562251023355, -20.47028614809616],
        &[7.496443313967647, -10.24680431464352, -33.99990352819905, 11.7089089320616],
        &[8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054],
    ],
    b: &[1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895, 1.0, 1.0],
    b_hat: Some(&[1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895, 1.0, 0.0]),
    c: &[0.0, 0.386, 0.21, 0.63, 1.0, 1.0],
    time_weights: &[0.25, -0.1043, 0.1035, -0.0362, 0.0, 0.0],
    citation: "E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer 1996, §VI.4, \
               and the code RODAS",
    properties: RosenbrockProperties { w_order: 1, controller: Some(PreferredController::Gustafsson) },
};

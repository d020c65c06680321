//! 4(3) pairs, all stiffly accurate and published as decimals of 15 or 16 digits.

use super::{PreferredController, RosenbrockProperties, RosenbrockTableau};

/// The 4(3) pair RODAS of Hairer and Wanner.
pub const RODAS4: RosenbrockTableau = RosenbrockTableau {
    name: "rodas4",
    aliases: &["rodas", "rosenbrock"],
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

/// The second set of coefficients of the code RODAS of Hairer and Wanner.
pub const RODAS42: RosenbrockTableau = RosenbrockTableau {
    name: "rodas42",
    aliases: &[],
    order: 4,
    embedded_order: Some(3),
    gamma: 0.25,
    a: &[
        &[],
        &[1.4028884],
        &[0.6581212688557198, -1.320936088384301],
        &[7.131197445744498, 16.02964143958207, -5.561572550509766],
        &[22.73885722420363, 67.38147284535289, -31.2187749303856, 0.7285641833203814],
        &[22.73885722420363, 67.38147284535289, -31.2187749303856, 0.7285641833203814, 1.0],
    ],
    coupling: &[
        &[],
        &[-5.1043536],
        &[-2.899967805418783, 4.040399359702244],
        &[-32.64449927841361, -99.35311008728094, 49.99119122405989],
        &[-76.46023087151691, -278.5942120829058, 153.9294840910643, 10.97101866258358],
        &[-76.29701586804983, -294.2795630511232, 162.0029695867566, 23.6516690309527, -7.652977706771382],
    ],
    b: &[22.73885722420363, 67.38147284535289, -31.2187749303856, 0.7285641833203814, 1.0, 1.0],
    b_hat: Some(&[22.73885722420363, 67.38147284535289, -31.2187749303856, 0.7285641833203814, 1.0, 0.0]),
    c: &[0.0, 0.3507221, 0.2557041, 0.681779, 1.0, 1.0],
    time_weights: &[0.25, -0.0690221, -0.0009672, -0.087979, 0.0, 0.0],
    citation: "E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer 1996, §VI.4, \
               and the code RODAS (METH = 2)",
    properties: RosenbrockProperties { w_order: 1, controller: Some(PreferredController::Gustafsson) },
};

/// The 4(3) pair RODASP of Steinebach: conditions for linear parabolic problems keep its order from falling there.
pub const RODAS4P: RosenbrockTableau = RosenbrockTableau {
    name: "rodas4p",
    aliases: &["rodasp"],
    order: 4,
    embedded_order: Some(3),
    gamma: 0.25,
    a: &[
        &[],
        &[3.0],
        &[1.831036793486759, 0.4955183967433795],
        &[2.304376582692669, -0.05249275245743001, -1.176798761832782],
        &[-7.170454962423024, -4.741636671481785, -16.31002631330971, -1.062004044111401],
        &[-7.170454962423024, -4.741636671481785, -16.31002631330971, -1.062004044111401, 1.0],
    ],
    coupling: &[
        &[],
        &[-12.0],
        &[-8.791795173947035, -2.207865586973518],
        &[10.81793056857153, 6.780270611428266, 19.5348594464241],
        &[34.19095006749676, 15.49671153725963, 54.7476087596413, 14.16005392148534],
        &[34.62605830930532, 15.30084976114473, 56.99955578662667, 18.40807009793095, -5.714285714285717],
    ],
    b: &[-7.170454962423024, -4.741636671481785, -16.31002631330971, -1.062004044111401, 1.0, 1.0],
    b_hat: Some(&[-7.170454962423024, -4.741636671481785, -16.31002631330971, -1.062004044111401, 1.0, 0.0]),
    c: &[0.0, 0.75, 0.21, 0.63, 1.0, 1.0],
    time_weights: &[0.25, -0.5, -0.023504, -0.0362, 0.0, 0.0],
    citation: "G. Steinebach, Order-reduction of ROW-methods for DAEs and method of lines applications, \
               Preprint 1741, Fachbereich Mathematik, TH Darmstadt (1995)",
    properties: RosenbrockProperties { w_order: 1, controller: Some(PreferredController::Gustafsson) },
};

/// The 4(3) pair RODASP2 of Steinebach: [`RODAS4P`] with more conditions, for inexact Jacobians among others.
pub const RODAS4P2: RosenbrockTableau = RosenbrockTableau {
    name: "rodas4p2",
    aliases: &["rodasp2"],
    order: 4,
    embedded_order: Some(3),
    gamma: 0.25,
    a: &[
        &[],
        &[3.0],
        &[0.906377755268814, -0.189707390391685],
        &[3.758617027739064, 1.161741776019525, -0.849258085312803],
        &[7.089566927282776, 4.573591406461604, -8.423496976860259, -0.959280113459775],
        &[7.089566927282776, 4.573591406461604, -8.423496976860259, -0.959280113459775, 1.0],
    ],
    coupling: &[
        &[],
        &[-12.0],
        &[-6.354581592719008, 0.338972550544623],
        &[-8.575016317114033, -7.606483992117508, 12.22499765012482],
        &[-5.888975457523102, -8.15739661784182, 24.805546872612922, 12.79040151279698],
        &[-4.408651676063871, -6.692003137674639, 24.625568527593117, 16.627521966636085, -5.714285714285718],
    ],
    b: &[7.089566927282776, 4.573591406461604, -8.423496976860259, -0.959280113459775, 1.0, 1.0],
    b_hat: Some(&[7.089566927282776, 4.573591406461604, -8.423496976860259, -0.959280113459775, 1.0, 0.0]),
    c: &[0.0, 0.75, 0.321448134013046, 0.519745732277726, 1.0, 1.0],
    time_weights: &[0.25, -0.5, -0.189532918363016, 0.085612108792769, 0.0, 0.0],
    citation: "G. Steinebach, Improvement of Rosenbrock–Wanner method RODASP, in: Progress in Differential-Algebraic \
               Equations II, Springer 2020, 165–184",
    properties: RosenbrockProperties { w_order: 2, controller: Some(PreferredController::Gustafsson) },
};

//! Pairs of order 2 and 3.

use super::{PreferredController, RosenbrockProperties, RosenbrockTableau};

/// The 2(3) pair of Shampine and Reichelt, a W-method, with `γ = 1/(2 + √2)`.
///
/// The embedded solution is Simpson's rule; it is not A-stable and serves the error estimate only.
pub const ROSENBROCK23: RosenbrockTableau = RosenbrockTableau {
    name: "rosenbrock23",
    aliases: &["ode23s", "rosenbrock23_sciml"],
    order: 2,
    embedded_order: Some(3),
    gamma: 0.2928932188134525,
    a: &[&[], &[1.7071067811865475], &[3.414213562373095, 3.414213562373095]],
    coupling: &[&[], &[-3.414213562373095], &[-6.82842712474619, -25.31370849898476]],
    b: &[3.414213562373095, 3.414213562373095, 0.0],
    b_hat: Some(&[3.983249156101944, 6.495093791412857, 0.5690355937288492]),
    c: &[0.0, 1.0 / 2.0, 1.0],
    time_weights: &[0.2928932188134525, 0.0, -0.2928932188134525],
    citation: "L. F. Shampine, M. W. Reichelt, The MATLAB ODE Suite, SIAM J. Sci. Comput. 18 (1997) 1–22",
    properties: RosenbrockProperties { w_order: 2, controller: Some(PreferredController::Gustafsson) },
};

/// The 3(2) pair of Lang and Verwer for parabolic problems, with `γ = 1/2 + √3/6`: A-stable, not L-stable. Its error estimate
/// [vanishes on linear equations](RosenbrockTableau::estimates_linear) but for what depends on time; a solve of linear equations that follows it is refused.
pub const ROS3P: RosenbrockTableau = RosenbrockTableau {
    name: "ros3p",
    aliases: &[],
    order: 3,
    embedded_order: Some(2),
    gamma: 0.7886751345948129,
    a: &[&[], &[1.2679491924311228], &[1.2679491924311228, 0.0]],
    coupling: &[&[], &[-1.6076951545867362], &[-3.4641016151377544, -1.7320508075688772]],
    b: &[2.0, 0.5773502691896257, 0.4226497308103742],
    b_hat: Some(&[2.1132486540518713, 1.0, 0.4226497308103742]),
    c: &[0.0, 1.0, 1.0],
    time_weights: &[0.7886751345948129, -0.2113248654051871, -1.0773502691896257],
    citation: "J. Lang, J. Verwer, ROS3P—An accurate third-order Rosenbrock solver designed for parabolic problems, \
               BIT 41 (2001) 731–738",
    properties: RosenbrockProperties { w_order: 1, controller: Some(PreferredController::Gustafsson) },
};

/// The 3(2) pair of Sandu and others for atmospheric chemistry, stiffly accurate.
pub const RODAS3: RosenbrockTableau = RosenbrockTableau {
    name: "rodas3",
    aliases: &[],
    order: 3,
    embedded_order: Some(2),
    gamma: 1.0 / 2.0,
    a: &[&[], &[0.0], &[2.0, 0.0], &[2.0, 0.0, 1.0]],
    coupling: &[&[], &[4.0], &[1.0, -1.0], &[1.0, -1.0, -8.0 / 3.0]],
    b: &[2.0, 0.0, 1.0, 1.0],
    b_hat: Some(&[2.0, 0.0, 1.0, 0.0]),
    c: &[0.0, 0.0, 1.0, 1.0],
    time_weights: &[0.5, 1.5, 0.0, 0.0],
    citation: "A. Sandu, J. G. Verwer, J. G. Blom, E. J. Spee, G. R. Carmichael, F. A. Potra, Benchmarking stiff ODE \
               solvers for atmospheric chemistry problems II: Rosenbrock solvers, Atmos. Environ. 31 (1997) 3459–3472",
    properties: RosenbrockProperties { w_order: 1, controller: Some(PreferredController::Gustafsson) },
};

/// The 3(2) pair of Steinebach for parabolic problems and differential-algebraic equations, stiffly accurate.
pub const RODAS3P: RosenbrockTableau = RosenbrockTableau {
    name: "rodas3p",
    aliases: &[],
    order: 3,
    embedded_order: Some(2),
    gamma: 1.0 / 3.0,
    a: &[&[], &[4.0 / 3.0], &[0.0, 0.0], &[2.90625, 3.375, 0.40625], &[2.90625, 3.375, 0.40625, 0.0]],
    coupling: &[&[], &[-4.0], &[8.25, 6.75], &[1.21875, -5.0625, -1.96875], &[4.03125, -15.1875, -4.03125, 6.0]],
    b: &[2.90625, 3.375, 0.40625, 0.0, 1.0],
    b_hat: Some(&[2.90625, 3.375, 0.40625, 1.0, 0.0]),
    c: &[0.0, 4.0 / 9.0, 0.0, 1.0, 1.0],
    time_weights: &[1.0 / 3.0, -1.0 / 9.0, 1.0, 0.0, 0.0],
    citation: "G. Steinebach, Rosenbrock methods within OrdinaryDiffEq.jl – Overview, recent developments and \
               applications, preprint, Bonn-Rhein-Sieg University of Applied Sciences (2024)",
    properties: RosenbrockProperties { w_order: 1, controller: Some(PreferredController::Gustafsson) },
};

/// The 3(2) pair ROS34PW2 of Rang and Angermann, a stiffly accurate W-method.
///
/// It was published in the textbook form, to 17 digits; the transformed form is computed from that with 40.
pub const ROS34PW2: RosenbrockTableau = RosenbrockTableau {
    name: "ros34pw2",
    aliases: &[],
    order: 3,
    embedded_order: Some(2),
    gamma: 0.435866521508459,
    a: &[
        &[],
        &[2.0],
        &[1.4192173174557647, -0.2592322116729697],
        &[4.18476048231916, -0.28519201735549593, 2.294280360279042],
    ],
    coupling: &[
        &[],
        &[-4.588560720558084],
        &[-4.18476048231916, 0.28519201735549593],
        &[-6.368179200128358, -6.795620944466836, 2.870098604331056],
    ],
    b: &[4.18476048231916, -0.28519201735549593, 2.294280360279042, 1.0],
    b_hat: Some(&[3.907010534671192, 1.1180478778205032, 0.5216502326114907, 0.5]),
    c: &[0.0, 0.871733043016918, 0.7315799577888524, 1.0],
    time_weights: &[0.435866521508459, -0.435866521508459, -0.4133333762338865, 0.0],
    citation: "J. Rang, L. Angermann, New Rosenbrock W-methods of order 3 for partial differential algebraic \
               equations of index 1, BIT 45 (2005) 761–787",
    properties: RosenbrockProperties { w_order: 3, controller: Some(PreferredController::Gustafsson) },
};

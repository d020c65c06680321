//! The stability function `R`: a step of size 1 on `y' = z y` from 1.

use num_complex::Complex64;

use super::tests::solutions;
use super::*;
use crate::tableau::stability::largest_on_the_axis;

/// `R(z)`.
fn stability(tableau: &RosenbrockTableau, weights: &[f64], z: Complex64) -> Complex64 {
    let diagonal = Complex64::from(tableau.gamma.recip());
    advanced(tableau, weights, |argument, coupled| (z * argument + coupled) / (diagonal - z))
}

/// The limit of `R(z)` as `z` becomes infinite: each stage then takes its argument away.
fn stability_at_infinity(tableau: &RosenbrockTableau, weights: &[f64]) -> f64 {
    advanced(tableau, weights, |argument, _| Complex64::from(0.0) - argument).re
}

/// The step's result, where `solve` makes a stage of its argument and of what earlier stages add to the right-hand side.
fn advanced(
    tableau: &RosenbrockTableau,
    weights: &[f64],
    solve: impl Fn(Complex64, Complex64) -> Complex64,
) -> Complex64 {
    let sum = |start: f64, weights: &[f64], stages: &[Complex64]| {
        weights.iter().zip(stages).fold(Complex64::from(start), |sum, (&weight, &u)| sum + Complex64::from(weight) * u)
    };
    let mut stages: Vec<Complex64> = Vec::with_capacity(tableau.stages());
    for (row, coupling) in tableau.a.iter().zip(tableau.coupling) {
        stages.push(solve(sum(1.0, row, &stages), sum(0.0, coupling, &stages)));
    }
    sum(1.0, weights, &stages)
}

#[test]
fn the_stability_function_approximates_the_exponential_to_the_order() {
    for tableau in RosenbrockTableau::all() {
        for (weights, order) in solutions(tableau) {
            let error = |x: f64| (stability(tableau, weights, x.into()).re - x.exp()).abs();
            let slope = (error(-0.1) / error(-0.05)).log2();
            assert!(slope > f64::from(order) + 0.8, "{}: order {order}, slope {slope:.3}", tableau.name);
        }
    }
}

/// The only pole is `1/γ`, to the right of the axis: what holds on the axis holds in the left half-plane.
#[test]
fn every_propagated_solution_is_a_stable() {
    for tableau in RosenbrockTableau::all() {
        assert!(tableau.gamma > 0.0, "{}", tableau.name);
        let largest = largest_on_the_axis(|z| stability(tableau, tableau.b, z));
        assert!(largest <= 1.0 + 4.0 * f64::EPSILON, "{}: 1 + {:e}", tableau.name, largest - 1.0);
    }
}

/// How far the limits of both stability functions are from their closed forms: 0 for most, as those solutions are
/// L-stable or at least damp at infinity. The embedded one of `ros34pw2` is known as a decimal.
pub(super) fn defects_at_infinity(tableau: &RosenbrockTableau) -> [f64; 2] {
    let (propagated, embedded) = match tableau.name {
        "ros3p" => (1.0 - 3.0_f64.sqrt(), 1.0 - 3.0_f64.sqrt()),
        "rosenbrock23" => (0.0, 2.0 / 3.0 * (1.0 + 2.0_f64.sqrt())),
        "ros34pw2" => (0.0, -0.4783497673885093),
        _ => (0.0, 0.0),
    };
    let defect = |weights, stated: f64| (stability_at_infinity(tableau, weights) - stated).abs();
    [defect(tableau.b, propagated), defect(tableau.b_hat.expect("all are pairs"), embedded)]
}

#[test]
fn both_solutions_of_ros3p_alone_have_one_stability_function() {
    for tableau in RosenbrockTableau::all() {
        let embedded = tableau.b_hat.expect("all are pairs");
        let [far, near] = [-40.0, -0.3].map(|z| {
            let [a, b] = [tableau.b, embedded].map(|weights| stability(tableau, weights, z.into()).re);
            (a - b).abs()
        });
        assert_eq!(tableau.estimates_linear(), far > 1e-12 && near > 1e-12, "{}: {far:e}, {near:e}", tableau.name);
        assert_eq!(tableau.estimates_linear(), tableau.name != "ros3p");
    }
}

#[test]
fn stability_at_infinity_is_as_stated() {
    for tableau in RosenbrockTableau::all() {
        let defects = defects_at_infinity(tableau);
        assert!(defects.iter().all(|defect| *defect < 1e-14), "{}: {defects:?}", tableau.name);
    }
}

#[test]
fn embedded_solutions_are_a_stable_but_for_two() {
    let unstable = RosenbrockTableau::all().iter().filter(|tableau| {
        tableau
            .b_hat
            .is_some_and(|weights| largest_on_the_axis(|z| stability(tableau, weights, z)) > 1.0 + 4.0 * f64::EPSILON)
    });
    assert_eq!(unstable.map(|tableau| tableau.name).collect::<Vec<_>>(), ["rosenbrock23", "rodas5"]);
}

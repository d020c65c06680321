//! Measured orders: the global error of real steps, in f64.

use super::tests::solutions;
use super::*;
use crate::tableau::dense::solved;
use crate::tableau::problems::{Nonlinear, Problem, ProtheroRobinson, added, measured};

/// One step of size `h` from `(t, y)` that advances with `weights`.
fn step<const N: usize>(
    problem: &impl Problem<N>,
    tableau: &RosenbrockTableau,
    weights: &[f64],
    (t, h, y): (f64, f64, [f64; N]),
) -> [f64; N] {
    let jacobian = problem.jacobian(t, y);
    let time_derivative = problem.time_derivative(t, y);
    let diagonal = (h * tableau.gamma).recip();
    let entry = |row: usize, column: usize| if row == column { diagonal } else { 0.0 } - jacobian[row][column];
    let matrix: Vec<Vec<f64>> = (0..N).map(|row| (0..N).map(|column| entry(row, column)).collect()).collect();
    let mut stages: Vec<[f64; N]> = Vec::with_capacity(tableau.stages());
    for stage in 0..tableau.stages() {
        let argument = added(y, tableau.a[stage], &stages);
        let derivative = problem.derivative(t + tableau.c[stage] * h, argument);
        let coupled = added([0.0; N], tableau.coupling[stage], &stages);
        let right = |i: usize| derivative[i] + coupled[i] / h + tableau.time_weights[stage] * h * time_derivative[i];
        let stage = solved(matrix.clone(), (0..N).map(right).collect());
        stages.push(std::array::from_fn(|i| stage[i]));
    }
    added(y, weights, &stages)
}

#[test]
fn measured_orders_are_the_stated_ones() {
    for tableau in RosenbrockTableau::all() {
        for (weights, order) in solutions(tableau) {
            let slope = measured(&Nonlinear, 64, |t, h, y| step(&Nonlinear, tableau, weights, (t, h, y)));
            assert!((slope - f64::from(order)).abs() < 0.2, "{}: order {order}, measured {slope:.3}", tableau.name);
        }
    }
}

/// Where `h |λ|` is large the order falls, except for methods made for it.
#[test]
fn stiff_components_reduce_the_order_as_known() {
    for tableau in RosenbrockTableau::all() {
        let expected = match tableau.name {
            "rodas3" | "rodas4" | "rodas42" | "rodas5" => 1.0,
            "rosenbrock23" | "ros3p" | "rodas3p" | "ros34pw2" => 2.0,
            _ => 3.0,
        };
        let slope = measured(&ProtheroRobinson, 32, |t, h, y| step(&ProtheroRobinson, tableau, tableau.b, (t, h, y)));
        assert!((slope - expected).abs() < 0.2, "{}: {slope:.3}, not {expected}", tableau.name);
    }
}

use super::recovered::Recovered;
use super::*;
use crate::tableau::rooted_trees::{Graft, Residual, RootedTree, residuals, rooted_trees};

/// Allowed defect of an order condition and of a sum that has a value of order 1.
///
/// The published digits leave some 1e-15, which recovering the textbook form may amplify.
const TOLERANCE: f64 = 2e-14;

/// The residuals of the order conditions of `weights` for all `trees`, with the exact Jacobian.
fn rosenbrock_residuals(tableau: &RosenbrockTableau, weights: &[f64], trees: &[RootedTree]) -> Vec<Residual> {
    let method = Recovered::new(tableau);
    let single = [Graft { matrix: &method.beta, exact: true }];
    residuals(&method.weights(weights), &single, &method.alpha, trees)
}

/// The residuals with any matrix in place of the Jacobian.
fn w_residuals(tableau: &RosenbrockTableau, weights: &[f64], trees: &[RootedTree]) -> Vec<Residual> {
    let method = Recovered::new(tableau);
    let single = [Graft { matrix: &method.alpha, exact: true }, Graft { matrix: &method.gamma, exact: false }];
    residuals(&method.weights(weights), &single, &method.alpha, trees)
}

/// Each solution of a method, with its order.
fn solutions(tableau: &'static RosenbrockTableau) -> impl Iterator<Item = (&'static [f64], u32)> {
    let embedded = tableau.b_hat.zip(tableau.embedded_order);
    [Some((tableau.b, tableau.order)), embedded].into_iter().flatten()
}

fn assert_order(label: &str, order: u32, conditions: &[Residual]) {
    for (index, condition) in conditions.iter().enumerate().filter(|(_, condition)| condition.nodes <= order) {
        let allowed = TOLERANCE.min(32.0 * f64::EPSILON * condition.scale);
        assert!(
            condition.value.abs() <= allowed,
            "{label}: condition {index} of {} nodes: residual {:e}, allowed {allowed:e}",
            condition.nodes,
            condition.value,
        );
    }
    assert!(largest(conditions, order + 1) > 1e-3, "{label}: the order is higher than stated");
}

/// The largest residual of the conditions of `nodes` nodes.
fn largest(conditions: &[Residual], nodes: u32) -> f64 {
    let values = conditions.iter().filter(|condition| condition.nodes == nodes).map(|condition| condition.value.abs());
    values.reduce(f64::max).expect("there are trees of so many nodes")
}

#[test]
fn every_tableau_has_its_stated_orders_and_no_more() {
    let trees = rooted_trees(6);
    for tableau in RosenbrockTableau::all() {
        assert_eq!(tableau.b_hat.is_some(), tableau.embedded_order.is_some(), "{}", tableau.name);
        for (weights, order) in solutions(tableau) {
            let label = format!("{} (order {order})", tableau.name);
            assert_order(&label, order, &rosenbrock_residuals(tableau, weights, &trees));
        }
    }
}

#[test]
fn every_tableau_has_its_stated_order_with_any_matrix_and_no_more() {
    let trees = rooted_trees(4);
    for tableau in RosenbrockTableau::all() {
        let label = format!("{} with any matrix", tableau.name);
        assert_order(&label, tableau.properties.w_order, &w_residuals(tableau, tableau.b, &trees));
    }
}

#[test]
fn a_perturbed_coefficient_violates_the_conditions() {
    let trees = rooted_trees(5);
    let gamma = |gamma| RosenbrockTableau { gamma, ..RODAS4 };
    let holds = |tableau: &RosenbrockTableau| {
        rosenbrock_residuals(tableau, tableau.b, &trees)
            .iter()
            .all(|condition| condition.nodes > tableau.order || condition.value.abs() <= TOLERANCE)
    };
    assert!(holds(&gamma(0.25)));
    assert!(!holds(&gamma(0.25 + 1e-12)));
}

#[test]
fn shapes_agree_and_the_rows_of_the_matrices_sum_to_abscissae_and_time_weights() {
    for tableau in RosenbrockTableau::all() {
        let stages = tableau.stages();
        let lengths = [tableau.a.len(), tableau.coupling.len(), tableau.c.len(), tableau.time_weights.len()];
        assert_eq!(lengths, [stages; 4], "{}", tableau.name);
        for triangle in [tableau.a, tableau.coupling] {
            assert!(triangle.iter().enumerate().all(|(stage, row)| row.len() == stage), "{}", tableau.name);
        }
        assert!(tableau.b_hat.is_none_or(|weights| weights.len() == stages), "{}", tableau.name);
        let method = Recovered::new(tableau);
        for (matrix, sums) in [(&method.alpha, tableau.c), (&method.gamma, tableau.time_weights)] {
            for (stage, (row, stated)) in matrix.iter().zip(sums).enumerate() {
                let sum: f64 = row.iter().map(|entry| entry.value).sum();
                assert!((sum - stated).abs() <= TOLERANCE, "{} row {stage}: {sum:e}, not {stated:e}", tableau.name);
            }
        }
    }
}

#[test]
fn shortcuts_follow_from_the_coefficients() {
    let fsal = RosenbrockTableau::all().iter().filter(|tableau| tableau.fsal()).map(|tableau| tableau.name);
    assert_eq!(fsal.collect::<Vec<_>>(), ["rosenbrock23"]);
    let repeating =
        |tableau: &RosenbrockTableau| (0..tableau.stages()).filter(|stage| tableau.repeats(*stage)).collect::<Vec<_>>();
    assert_eq!(repeating(&ROS3P), [2]);
    assert_eq!(repeating(&RODAS3P), [4]);
    assert_eq!(repeating(&RODAS4), [] as [usize; 0]);
    let evaluated_by = |tableau: &RosenbrockTableau| {
        (0..tableau.stages()).map(|stage| tableau.evaluated_by(stage)).collect::<Vec<_>>()
    };
    assert_eq!(evaluated_by(&RODAS3P), [0, 1, 0, 3, 3]);
    assert_eq!(evaluated_by(&ROSENBROCK23), [0, 1, 2]);
    assert_eq!((RODAS4.b_row(), RODAS4.b_hat_row()), (None, Some(5)));
    assert_eq!(ROSENBROCK23.b_row(), Some(2));
    assert_eq!(RODAS4.error_weights(), Some(vec![0.0, 0.0, 0.0, 0.0, 0.0, 1.0]));
}

#[test]
fn names_and_aliases_are_unique_and_found_in_any_case() {
    let mut seen = std::collections::HashSet::new();
    for tableau in RosenbrockTableau::all() {
        for name in tableau.names() {
            assert!(seen.insert(name), "{name} occurs twice");
            assert!(crate::tableau::ErkTableau::named(name).is_err(), "{name} is an explicit method as well");
            assert_eq!(RosenbrockTableau::named(&name.to_uppercase()).expect("is listed"), tableau);
        }
    }
    assert_eq!(RosenbrockTableau::named(" ODE23s ").expect("is an alias").name, "rosenbrock23");
    assert_eq!(RosenbrockTableau::named("rosenbrock").expect("is an alias").name, "ros3p");
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    let error = RosenbrockTableau::named("rosenbrok23").expect_err("is misspelt");
    assert_eq!((error.family, error.suggestion), ("Rosenbrock", Some("rosenbrock23")));
    assert!(error.to_string().starts_with("no Rosenbrock tableau is called `rosenbrok23`"), "{error}");
    assert_eq!(RosenbrockTableau::named("zzz").expect_err("is unknown").suggestion, None);
}

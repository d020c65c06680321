use super::recovered::Recovered;
use super::stability::defects_at_infinity;
use super::*;
use crate::tableau::order_conditions::{Bounds, assert_order, largest};
use crate::tableau::rooted_trees::{Graft, Residual, RootedTree, residuals, rooted_trees};

/// Allowed defect of an order condition and of a sum that has a value of order 1.
///
/// The published digits leave some 1e-15, which recovering the textbook form may amplify.
const TOLERANCE: f64 = 2e-14;

const BOUNDS: Bounds = Bounds { holds: TOLERANCE, fails: 1e-3 };

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
pub(super) fn solutions(tableau: &'static RosenbrockTableau) -> impl Iterator<Item = (&'static [f64], u32)> {
    let embedded = tableau.b_hat.zip(tableau.embedded_order);
    [Some((tableau.b, tableau.order)), embedded].into_iter().flatten()
}

#[test]
fn every_tableau_has_its_stated_orders_and_no_more() {
    let trees = rooted_trees(6);
    for tableau in RosenbrockTableau::all() {
        assert_eq!(tableau.b_hat.is_some(), tableau.embedded_order.is_some(), "{}", tableau.name);
        for (weights, order) in solutions(tableau) {
            let label = format!("{} (order {order})", tableau.name);
            assert_order(&label, order, &rosenbrock_residuals(tableau, weights, &trees), &BOUNDS);
        }
    }
}

#[test]
fn every_tableau_has_its_stated_order_with_any_matrix_and_no_more() {
    let trees = rooted_trees(4);
    for tableau in RosenbrockTableau::all() {
        let label = format!("{} with any matrix", tableau.name);
        assert_order(&label, tableau.properties.w_order, &w_residuals(tableau, tableau.b, &trees), &BOUNDS);
    }
}

/// Whether the coefficients satisfy all conditions: of both orders, of the row sums and of stability at infinity.
fn is_consistent(tableau: &RosenbrockTableau, trees: &[RootedTree]) -> bool {
    let holds = |conditions: &[Residual], order| (1..=order).all(|nodes| largest(conditions, nodes) <= TOLERANCE);
    let embedded = tableau.b_hat.zip(tableau.embedded_order);
    holds(&rosenbrock_residuals(tableau, tableau.b, trees), tableau.order)
        && embedded.is_none_or(|(weights, order)| holds(&rosenbrock_residuals(tableau, weights, trees), order))
        && row_sum_defects(tableau).into_iter().chain(defects_at_infinity(tableau)).all(|defect| defect <= TOLERANCE)
}

/// How far the rows of `α` are from summing to the abscissae, and those of `Γ` to the time weights.
fn row_sum_defects(tableau: &RosenbrockTableau) -> Vec<f64> {
    let method = Recovered::new(tableau);
    let stated = tableau.c.iter().chain(tableau.time_weights);
    let rows = method.alpha.iter().chain(&method.gamma);
    rows.zip(stated).map(|(row, stated)| (row.iter().map(|entry| entry.value).sum::<f64>() - stated).abs()).collect()
}

/// The list with `1e-9` more in place `index`; leaked, as tableaus are static.
fn mutated(list: &[f64], index: usize) -> &'static [f64] {
    let mut list = list.to_vec();
    list[index] += 1e-9;
    list.leak()
}

/// Every triangle with one entry mutated.
fn mutated_triangles(triangle: &'static [&'static [f64]]) -> Vec<&'static [&'static [f64]]> {
    let entries = triangle.iter().enumerate().flat_map(|(row, entries)| (0..entries.len()).map(move |k| (row, k)));
    let mutant = |(row, column): (usize, usize)| {
        let mut rows = triangle.to_vec();
        rows[row] = mutated(rows[row], column);
        &*rows.leak()
    };
    entries.map(mutant).collect()
}

/// The one change that passes is from an embedded solution that a stage starts from towards the propagated one: the
/// conditions of the lower order are linear in the weights. There the weights are a row of `a` by construction.
#[test]
fn no_coefficient_may_change_by_as_little_as_the_ninth_digit() {
    let trees = rooted_trees(5);
    for &tableau in RosenbrockTableau::all() {
        assert!(is_consistent(&tableau, &trees), "{}", tableau.name);
        let mut mutants = vec![("gamma", RosenbrockTableau { gamma: tableau.gamma + 1e-9, ..tableau })];
        mutants.extend(mutated_triangles(tableau.a).into_iter().map(|a| ("a", RosenbrockTableau { a, ..tableau })));
        let couplings = mutated_triangles(tableau.coupling).into_iter();
        mutants.extend(couplings.map(|coupling| ("coupling", RosenbrockTableau { coupling, ..tableau })));
        for stage in 0..tableau.stages() {
            let b_hat = tableau.b_hat.map(|b_hat| mutated(b_hat, stage));
            let time_weights = mutated(tableau.time_weights, stage);
            mutants.extend([
                ("b", RosenbrockTableau { b: mutated(tableau.b, stage), ..tableau }),
                ("b_hat", RosenbrockTableau { b_hat, ..tableau }),
                ("c", RosenbrockTableau { c: mutated(tableau.c, stage), ..tableau }),
                ("time_weights", RosenbrockTableau { time_weights, ..tableau }),
            ]);
        }
        for (field, mutant) in mutants {
            let free =
                field == "b_hat" && mutant.b_hat.and_then(<[f64]>::last) != tableau.b_hat.and_then(<[f64]>::last);
            let passes = free && tableau.b_hat_row() == Some(tableau.stages() - 1);
            assert_eq!(is_consistent(&mutant, &trees), passes, "{}: change of {field}: {mutant:?}", tableau.name);
        }
    }
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
        for (row, defect) in row_sum_defects(tableau).into_iter().enumerate() {
            assert!(defect <= TOLERANCE, "{} row {row} of α and Γ: {defect:e}", tableau.name);
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
    assert_eq!(repeating(&RODAS3), [1]);
    assert_eq!(repeating(&RODAS4), [] as [usize; 0]);
    let evaluated_by = |tableau: &RosenbrockTableau| {
        (0..tableau.stages()).map(|stage| tableau.evaluated_by(stage)).collect::<Vec<_>>()
    };
    assert_eq!(evaluated_by(&RODAS3P), [0, 1, 0, 3, 3]);
    assert_eq!(evaluated_by(&ROSENBROCK23), [0, 1, 2]);
    for tableau in RosenbrockTableau::all() {
        let rodas = tableau.name.starts_with("rodas");
        assert_eq!(tableau.stiffly_accurate(), rodas || *tableau == ROS34PW2, "{}", tableau.name);
        let last = (rodas && *tableau != RODAS3P).then(|| tableau.stages() - 1);
        assert_eq!(tableau.b_hat_row(), last, "{}", tableau.name);
    }
    assert_eq!(RODAS4.b_row(), None);
    assert_eq!(ROSENBROCK23.b_row(), Some(2));
    assert_eq!(RODAS4.error_weights(), Some(vec![0.0, 0.0, 0.0, 0.0, 0.0, 1.0]));
}

#[test]
fn names_and_aliases_are_unique_and_found_in_any_case() {
    let mut seen = std::collections::HashSet::new();
    for tableau in RosenbrockTableau::all() {
        for name in tableau.names() {
            assert!(seen.insert(name), "{name} occurs twice");
            assert_eq!(RosenbrockTableau::named(&name.to_uppercase()).expect("is listed"), tableau);
        }
    }
    assert_eq!(RosenbrockTableau::named(" ODE23s ").expect("is an alias").name, "rosenbrock23");
    assert_eq!(RosenbrockTableau::named("rosenbrock").expect("is an alias").name, "rodas4");
}

#[test]
fn names_of_other_libraries_lead_to_their_methods() {
    let julia =
        ["ROS3P", "Rodas3", "Rodas3P", "ROS34PW2", "Rodas4", "Rodas42", "Rodas4P", "Rodas4P2", "Rodas5", "Rodas5P"];
    let found = julia.map(|name| RosenbrockTableau::named(name).expect("is listed"));
    assert!(found.into_iter().eq(&RosenbrockTableau::all()[1..]));
    assert_eq!(RosenbrockTableau::named("Rosenbrock23"), Ok(&ROSENBROCK23));
    assert_eq!(RosenbrockTableau::named("RODAS"), Ok(&RODAS4));
    assert_eq!(RosenbrockTableau::named("RODASP"), Ok(&RODAS4P));
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    let error = RosenbrockTableau::named("rosenbrok23").expect_err("is misspelt");
    assert_eq!((error.family, error.suggestion), ("Rosenbrock", Some("rosenbrock23")));
    assert!(error.to_string().starts_with("no Rosenbrock tableau is called `rosenbrok23`"), "{error}");
    assert_eq!(RosenbrockTableau::named("zzz").expect_err("is unknown").suggestion, None);
}

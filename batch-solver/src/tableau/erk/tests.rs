use super::*;
use crate::tableau::order_conditions::{Bounds, TOLERANCE, assert_order, runge_kutta_residuals};
use crate::tableau::rooted_trees::{Residual, RootedTree, rooted_trees};

/// The coefficients may be large, and so are then the rounding errors of their conditions.
const BOUNDS: Bounds = Bounds { holds: f64::INFINITY, fails: 1e-7 };

/// The residuals of the order conditions of `weights` for all `trees`.
fn erk_residuals(tableau: &ErkTableau, weights: &[f64], trees: &[RootedTree]) -> Vec<Residual> {
    runge_kutta_residuals(|row, column| tableau.coefficient(row, column), weights, trees)
}

#[test]
fn rooted_trees_are_counted_as_in_the_literature() {
    let trees = rooted_trees(10);
    let count = |nodes| trees.iter().filter(|tree| tree.nodes == nodes).count();
    assert_eq!((1..=10).map(count).collect::<Vec<_>>(), [1, 1, 2, 4, 9, 20, 48, 115, 286, 719]);
}

#[test]
fn every_tableau_has_its_stated_orders_and_no_more() {
    let trees = rooted_trees(10);
    for tableau in ErkTableau::all() {
        assert_order(tableau.name, tableau.order, &erk_residuals(tableau, tableau.b, &trees), &BOUNDS);
        assert_eq!(tableau.b_hat.is_some(), tableau.embedded_order.is_some(), "{}", tableau.name);
        if let (Some(weights), Some(order)) = (tableau.b_hat, tableau.embedded_order) {
            assert_order(
                &format!("{} (embedded)", tableau.name),
                order,
                &erk_residuals(tableau, weights, &trees),
                &BOUNDS,
            );
        }
    }
}

#[test]
fn shapes_agree_and_rows_sum_to_the_abscissae() {
    for tableau in ErkTableau::all() {
        let stages = tableau.stages();
        assert_eq!((tableau.a.len(), tableau.c.len()), (stages, stages), "{}", tableau.name);
        for (stage, row) in tableau.a.iter().enumerate() {
            assert_eq!(row.len(), stage, "{}", tableau.name);
            let (sum, scale) = sums(row);
            let allowed = TOLERANCE * (scale + tableau.c[stage]);
            assert!((sum - tableau.c[stage]).abs() <= allowed, "{} row {stage}: {sum:e}", tableau.name);
        }
        for weights in [Some(tableau.b), tableau.b_hat].into_iter().flatten() {
            let (sum, scale) = sums(weights);
            assert_eq!(weights.len(), stages, "{}", tableau.name);
            assert!((sum - 1.0).abs() <= TOLERANCE * (scale + 1.0), "{}: {sum:e}", tableau.name);
        }
        if let Some(weights) = tableau.error_weights() {
            let (sum, scale) = sums(&weights);
            assert!(sum.abs() <= TOLERANCE * (scale + 1.0), "{}: {sum:e}", tableau.name);
        }
    }
}

fn sums(terms: &[f64]) -> (f64, f64) {
    (terms.iter().sum(), terms.iter().map(|term| term.abs()).sum())
}

#[test]
fn shortcuts_follow_from_the_coefficients() {
    const EXPECTED: [&str; 8] = [
        "bogacki-shampine-32",
        "owren-zennaro-32",
        "owren-zennaro-43",
        "dormand-prince-54",
        "tsit5",
        "bogacki-shampine-54",
        "owren-zennaro-54",
        "vern6",
    ];
    let fsal: Vec<_> = ErkTableau::all().iter().filter(|tableau| tableau.fsal()).map(|tableau| tableau.name).collect();
    assert_eq!(fsal, EXPECTED);
    assert_eq!(BOGACKI_SHAMPINE_32.b_row(), Some(3));
    assert_eq!(DORMAND_PRINCE_54.b_row(), Some(6));
    assert_eq!(DORMAND_PRINCE_54.b_hat_row(), None);
    assert_eq!(VERN7.b_row(), None);
    let propagates_its_own_estimate = ErkTableau { b_hat: Some(BOGACKI_SHAMPINE_32.b), ..BOGACKI_SHAMPINE_32 };
    assert_eq!(propagates_its_own_estimate.b_hat_row(), Some(3));
}

#[test]
fn names_and_aliases_are_unique_and_found_in_any_case() {
    let mut seen = std::collections::HashSet::new();
    for tableau in ErkTableau::all() {
        for name in tableau.names() {
            assert!(seen.insert(name), "{name} occurs twice");
            assert_eq!(ErkTableau::named(&name.to_uppercase()).expect("is listed"), tableau);
        }
    }
    assert_eq!(ErkTableau::named(" ODE45 ").expect("is an alias").name, "dormand-prince-54");
}

#[test]
fn names_of_other_libraries_lead_to_their_methods() {
    let scipy = [
        ("RK23", &BOGACKI_SHAMPINE_32),
        ("RK45", &DORMAND_PRINCE_54),
        ("DOP853", &DORMAND_PRINCE_853),
        ("dopri5", &DORMAND_PRINCE_54),
        ("dop853", &DORMAND_PRINCE_853),
    ];
    let matlab = [
        ("ode23", &BOGACKI_SHAMPINE_32),
        ("ode45", &DORMAND_PRINCE_54),
        ("ode78", &VERN8),
        ("ode89", &VERNER_ROBUST_98),
    ];
    let julia = [
        ("Heun", &HEUN_21),
        ("Midpoint", &MIDPOINT),
        ("Ralston", &RALSTON_22),
        ("Ralston4", &RALSTON_44),
        ("RK4", &CLASSICAL_RK4),
        ("BS3", &BOGACKI_SHAMPINE_32),
        ("BS5", &BOGACKI_SHAMPINE_54),
        ("DP5", &DORMAND_PRINCE_54),
        ("DP8", &DORMAND_PRINCE_853),
        ("Tsit5", &TSIT5),
        ("OwrenZen3", &OWREN_ZENNARO_32),
        ("OwrenZen4", &OWREN_ZENNARO_43),
        ("OwrenZen5", &OWREN_ZENNARO_54),
        ("SSPRK22", &HEUN_21),
        ("SSPRK33", &SSPRK_33),
        ("SSPRK43", &SSPRK_43),
        ("SSPRK104", &SSPRK_104),
        ("Vern6", &VERN6),
        ("Vern7", &VERN7),
        ("Vern8", &VERN8),
        ("Vern9", &VERN9),
    ];
    for (name, tableau) in scipy.into_iter().chain(matlab).chain(julia) {
        assert_eq!(ErkTableau::named(name).map(|found| found.name), Ok(tableau.name), "{name}");
    }
}

#[test]
fn an_unknown_name_suggests_the_nearest() {
    let error = ErkTableau::named("dorman-prince-54").expect_err("is misspelt");
    assert_eq!(error.suggestion, Some("dormand-prince-54"));
    assert!(error.to_string().contains("did you mean `dormand-prince-54`?"), "{error}");
    assert_eq!(ErkTableau::named("zzz").expect_err("is unknown").suggestion, None);
}

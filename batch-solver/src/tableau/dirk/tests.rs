use super::*;
use crate::tableau::problems::{Nonlinear, ProtheroRobinson, measured};
use crate::tableau::rooted_trees::rooted_trees;
use crate::tableau::runge_kutta::Solution;
use crate::tableau::stability::largest_on_the_axis;

/// The propagated and the embedded solution.
fn solutions(tableau: &DirkTableau) -> Vec<Solution> {
    let stages = 0..tableau.stages();
    let row = |row| stages.clone().map(|column| tableau.coefficient(row, column)).collect();
    let embedded = tableau.b_hat.zip(tableau.embedded_order);
    let solution = |(weights, order): (&[f64], u32)| Solution {
        label: format!("{} (order {order})", tableau.name),
        order,
        matrix: stages.clone().map(row).collect(),
        weights: weights.to_vec(),
        abscissae: tableau.c.to_vec(),
    };
    [Some((tableau.b, tableau.order)), embedded].into_iter().flatten().map(solution).collect()
}

#[test]
fn every_tableau_has_its_stated_orders_and_no_more() {
    let trees = rooted_trees(6);
    for tableau in DirkTableau::all() {
        assert_eq!(tableau.b_hat.is_some(), tableau.embedded_order.is_some(), "{}", tableau.name);
        for solution in solutions(tableau) {
            solution.assert_order(&trees);
            solution.assert_sums();
        }
    }
}

#[test]
fn shapes_agree_and_implicit_stages_share_one_diagonal_entry() {
    for tableau in DirkTableau::all() {
        let stages = tableau.stages();
        assert_eq!((tableau.a.len(), tableau.c.len()), (stages, stages), "{}", tableau.name);
        assert!(tableau.a.iter().enumerate().all(|(stage, row)| row.len() == stage + 1), "{}", tableau.name);
        assert!(tableau.gamma() > 0.0, "{}", tableau.name);
        for stage in 0..stages {
            let explicit = stage == 0 && tableau.explicit_first_stage();
            assert_eq!(tableau.is_explicit(stage), explicit, "{} stage {stage}", tableau.name);
            assert_eq!(tableau.diagonal(stage), if explicit { 0.0 } else { tableau.gamma() }, "{}", tableau.name);
        }
        let sum = tableau.error_weights().map_or(0.0, |weights| weights.iter().sum::<f64>());
        assert!(sum.abs() < 1e-15, "{}: {sum:e}", tableau.name);
    }
}

#[test]
fn gamma_is_the_root_that_the_papers_state() {
    for gamma in [L_STABLE_DIRK_3.gamma(), KVAERNO3.gamma()] {
        let value = ((gamma - 3.0) * gamma + 1.5) * gamma - 1.0 / 6.0;
        assert!(value.abs() <= f64::EPSILON / 4.0, "{value:e}");
    }
    assert!((SDIRK_2_2.gamma() - (1.0 - 0.5_f64.sqrt())).abs() <= f64::EPSILON / 4.0);
}

#[test]
fn shortcuts_follow_from_the_coefficients() {
    let names = |holds: fn(&DirkTableau) -> bool| -> Vec<_> {
        DirkTableau::all().iter().filter(|tableau| holds(tableau)).map(|tableau| tableau.name).collect()
    };
    assert_eq!(names(DirkTableau::fsal), ["trapezoidal_dirk", "kvaerno3", "kvaerno5"]);
    assert_eq!(names(DirkTableau::explicit_first_stage), ["trapezoidal_dirk", "kvaerno3", "kvaerno5"]);
    assert_eq!(names(|tableau| !tableau.stiffly_accurate()), ["implicit_midpoint"]);
    assert_eq!(names(|tableau| tableau.b_hat_row().is_some()), ["kvaerno3", "kvaerno5"]);
    assert_eq!((KVAERNO3.b_row(), KVAERNO3.b_hat_row()), (Some(3), Some(2)));
    assert_eq!((KVAERNO5.b_row(), KVAERNO5.b_hat_row()), (Some(6), Some(5)));
    assert_eq!(IMPLICIT_MIDPOINT.b_row(), None);
    assert_eq!(L_STABLE_SDIRK_4.controller_order(), 3);
    assert_eq!(L_STABLE_SDIRK_4.coefficient(1, 2), 0.0);
    assert_eq!(IMPLICIT_MIDPOINT.error_weights(), None);
}

/// The only pole of `R` is `1/γ`, to the right of the axis: what holds on the axis holds in the left half-plane.
#[test]
fn propagated_solutions_are_as_stable_as_stated() {
    for tableau in DirkTableau::all() {
        let propagated = &solutions(tableau)[0];
        let largest = largest_on_the_axis(|z| propagated.stability(z));
        assert_eq!(largest <= 1.0 + 1e-12, tableau.properties.a_stable, "{}: 1 + {:e}", tableau.name, largest - 1.0);
        let far = propagated.stability((-1e10).into()).norm();
        let limit = if tableau.properties.l_stable { 0.0 } else { 1.0 };
        assert!((far - limit).abs() < 1e-8, "{}: {far:e}", tableau.name);
    }
}

#[test]
fn measured_orders_are_the_stated_ones() {
    for solution in DirkTableau::all().iter().flat_map(solutions) {
        let slope = measured(&Nonlinear, 64, |t, h, y| solution.step(&Nonlinear, t, h, y));
        assert!((slope - f64::from(solution.order)).abs() < 0.2, "{}: measured {slope:.3}", solution.label);
    }
}

/// Where `h |λ|` is large the order falls to that of the stages: 1, or 2 if the first is explicit or there is but one.
#[test]
fn stiff_components_reduce_the_order_as_known() {
    for tableau in DirkTableau::all() {
        let solution = &solutions(tableau)[0];
        let expected = if tableau.explicit_first_stage() || tableau.stages() == 1 { 2.0 } else { 1.0 };
        let slope = measured(&ProtheroRobinson, 32, |t, h, y| solution.step(&ProtheroRobinson, t, h, y));
        assert!((slope - expected).abs() < 0.2, "{}: {slope:.3}, not {expected}", tableau.name);
    }
}

/// `Σ_j w_j c_j^q` of the first guess.
fn guessed_power(tableau: &DirkTableau, stage: usize, power: i32) -> f64 {
    tableau.guess_weights(stage).iter().zip(tableau.c).map(|(weight, c)| weight * c.powi(power)).sum()
}

#[test]
fn first_guesses_are_exact_for_polynomials() {
    for tableau in DirkTableau::all() {
        for stage in 0..tableau.stages() {
            let weights = tableau.guess_weights(stage);
            let (label, c) = (format!("{} stage {stage}", tableau.name), tableau.c[stage]);
            assert_eq!(weights.len(), stage, "{label}");
            assert!(weights.iter().map(|weight| weight.abs()).sum::<f64>() <= LARGEST_AMPLIFICATION, "{label}");
            if let Some(same) = tableau.c[..stage].iter().rposition(|&earlier| earlier == c) {
                assert_eq!((weights[same], weights.iter().filter(|weight| **weight != 0.0).count()), (1.0, 1));
                continue;
            }
            let nodes = weights.iter().filter(|weight| **weight != 0.0).count();
            for power in 0..i32::try_from(nodes).expect("there are few stages") {
                let defect = (guessed_power(tableau, stage, power) - c.powi(power)).abs();
                assert!(defect < 1e-14, "{label}, power {power}: {defect:e}");
            }
        }
    }
}

#[test]
fn first_guesses_use_as_many_stages_as_their_amplification_allows() {
    let nodes = |tableau: &DirkTableau| -> Vec<usize> {
        let count = |stage| tableau.guess_weights(stage).iter().filter(|weight| **weight != 0.0).count();
        (0..tableau.stages()).map(count).collect()
    };
    assert_eq!(nodes(&L_STABLE_DIRK_3), [0, 1, 2]);
    assert_eq!(nodes(&KVAERNO3), [0, 1, 2, 1]);
    assert_eq!(nodes(&L_STABLE_SDIRK_4), [0, 1, 2, 3, 3]);
    assert_eq!(nodes(&KVAERNO5), [0, 1, 2, 3, 4, 5, 1]);
    // From all four earlier stages to the end of the step the weights would sum up to more than 10.
    assert_eq!(L_STABLE_SDIRK_4.guess_weights(4), [1.0, 3.0, 0.0, -3.0]);
    assert_eq!(TRAPEZOIDAL_DIRK.guess_weights(1), [1.0]);
    assert_eq!(KVAERNO3.guess_weights(3), [0.0, 0.0, 1.0]);
    assert_eq!(KVAERNO5.guess_weights(6), [0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!(KVAERNO5.guess_weights(7), []);
}

#[test]
fn names_are_found_in_any_case() {
    for tableau in DirkTableau::all() {
        for name in tableau.names() {
            assert_eq!(DirkTableau::named(&name.to_uppercase()), Ok(tableau));
        }
    }
    assert_eq!(DirkTableau::named(" ODE23t "), Ok(&TRAPEZOIDAL_DIRK));
    assert_eq!(DirkTableau::named("dirk"), Ok(&L_STABLE_DIRK_3));
    assert_eq!(DirkTableau::named("SDIRK4"), Ok(&L_STABLE_SDIRK_4));
    let error = DirkTableau::named("kvaerno4").expect_err("is not there");
    assert!(
        error.to_string().starts_with("no diagonally implicit Runge–Kutta tableau is called `kvaerno4`"),
        "{error}"
    );
    assert!(error.suggestion.is_some());
}

use num_complex::Complex64;

use super::*;
use crate::tableau::problems::{Nonlinear, ProtheroRobinson, measured};
use crate::tableau::rooted_trees::rooted_trees;
use crate::tableau::runge_kutta::Solution;
use crate::tableau::stability::largest_on_the_axis;

/// The propagated solution.
fn propagated(tableau: &FirkTableau) -> Solution {
    Solution {
        label: format!("{} (order {})", tableau.name, tableau.order),
        order: tableau.order,
        matrix: tableau.a.iter().map(|row| row.to_vec()).collect(),
        weights: tableau.b.to_vec(),
        abscissae: tableau.c.to_vec(),
    }
}

/// The embedded solution: its stages are the derivative at the start of the step, and those of the propagated one.
fn embedded(tableau: &FirkTableau) -> Option<Solution> {
    let (error, order) = tableau.error_weights().zip(tableau.embedded_order)?;
    let before = |first: f64, rest: &[f64]| [&[first], rest].concat();
    let weights: Vec<f64> = tableau.b.iter().zip(&error.stages).map(|(b, error)| b + error).collect();
    let first = vec![0.0; tableau.stages() + 1];
    Some(Solution {
        label: format!("{} (embedded, order {order})", tableau.name),
        order,
        matrix: std::iter::once(first).chain(tableau.a.iter().map(|row| before(0.0, row))).collect(),
        weights: before(error.start, &weights),
        abscissae: before(0.0, tableau.c),
    })
}

fn solutions(tableau: &FirkTableau) -> impl Iterator<Item = Solution> {
    std::iter::once(propagated(tableau)).chain(embedded(tableau))
}

#[test]
fn every_tableau_has_its_stated_orders_and_no_more() {
    let trees = rooted_trees(10);
    for tableau in FirkTableau::all() {
        assert_eq!(tableau.error_weights().is_some(), tableau.embedded_order.is_some(), "{}", tableau.name);
        for solution in solutions(tableau) {
            solution.assert_order(&trees);
            solution.assert_sums();
        }
    }
}

/// `Σ_j a_ij c_j^(q−1) = c_i^q / q` for `q ≤ s`: the methods are collocation methods.
#[test]
fn every_stage_has_the_order_of_the_number_of_stages() {
    for tableau in FirkTableau::all() {
        assert!(tableau.a.iter().all(|row| row.len() == tableau.stages()), "{}", tableau.name);
        for (row, c) in tableau.a.iter().zip(tableau.c) {
            for power in 1..=i32::try_from(tableau.stages()).expect("there are few stages") {
                let integral: f64 = row.iter().zip(tableau.c).map(|(entry, c)| entry * c.powi(power - 1)).sum();
                let defect = (integral - c.powi(power) / f64::from(power)).abs();
                assert!(defect < 1e-15, "{}: {defect:e}", tableau.name);
            }
        }
    }
}

#[test]
fn shortcuts_follow_from_the_coefficients() {
    for tableau in FirkTableau::all() {
        let radau = tableau.name.starts_with("radau");
        assert_eq!(tableau.stiffly_accurate(), radau, "{}", tableau.name);
        assert_eq!(tableau.b_row(), radau.then(|| tableau.stages() - 1), "{}", tableau.name);
        let stages = u32::try_from(tableau.stages()).expect("there are few stages");
        assert_eq!(tableau.order, 2 * stages - u32::from(radau), "{}", tableau.name);
    }
    let controller_orders: Vec<_> = FirkTableau::all().iter().map(FirkTableau::controller_order).collect();
    assert_eq!(controller_orders, [2, 4, 3, 2, 5]);
    assert_eq!(RADAU_IIA_3.coefficient(0, 1), -1.0 / 12.0);
}

/// The approximation of Padé to the exponential with a numerator and a denominator of these degrees.
fn pade(numerator: u32, denominator: u32, z: Complex64) -> Complex64 {
    let polynomial = |degree: u32, z: Complex64| {
        // The ratio of consecutive coefficients of z^k is (degree − k) / ((k + 1) (numerator + denominator − k)).
        let mut term = Complex64::from(1.0);
        let mut sum = term;
        for k in 0..degree {
            term *= z * f64::from(degree - k) / (f64::from(k + 1) * f64::from(numerator + denominator - k));
            sum += term;
        }
        sum
    };
    polynomial(numerator, z) / polynomial(denominator, -z)
}

/// E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer 1996, §IV.5
#[test]
fn stability_functions_are_approximations_of_pade() {
    for tableau in FirkTableau::all() {
        let stages = u32::try_from(tableau.stages()).expect("there are few stages");
        let numerator = if tableau.stiffly_accurate() { stages - 1 } else { stages };
        let solution = propagated(tableau);
        for z in [Complex64::new(-0.5, 0.0), Complex64::new(-3.0, 4.0), Complex64::new(1.0, -20.0)] {
            let defect = (solution.stability(z) - pade(numerator, stages, z)).norm();
            assert!(defect < 1e-13, "{} at {z}: {defect:e}", tableau.name);
        }
    }
}

/// The poles of `R` are the eigenvalues of `a⁻¹`; if they lie to the right of the axis, what holds on it holds in the
/// left half-plane.
#[test]
fn propagated_solutions_are_as_stable_as_stated() {
    for tableau in FirkTableau::all() {
        let blocks = tableau.blocks();
        let real = blocks.real.iter().map(|block| block.eigenvalue);
        assert!(real.chain(blocks.pairs.iter().map(|block| block.eigenvalue.0)).all(|real_part| real_part > 0.0));
        let solution = propagated(tableau);
        let largest = largest_on_the_axis(|z| solution.stability(z));
        assert_eq!(largest <= 1.0 + 1e-12, tableau.properties.a_stable, "{}: 1 + {:e}", tableau.name, largest - 1.0);
        let far = solution.stability((-1e10).into()).norm();
        let limit = if tableau.properties.l_stable { 0.0 } else { 1.0 };
        assert!((far - limit).abs() < 1e-7, "{}: {far:e}", tableau.name);
    }
}

#[test]
fn measured_orders_are_the_stated_ones() {
    for solution in FirkTableau::all().iter().flat_map(solutions) {
        // With more steps the errors of the high orders are below rounding.
        let steps = if solution.order >= 8 { 4 } else { 32 };
        let slope = measured(&Nonlinear, steps, |t, h, y| solution.step(&Nonlinear, t, h, y));
        assert!((slope - f64::from(solution.order)).abs() < 0.2, "{}: measured {slope:.3}", solution.label);
    }
}

/// Where `h |λ|` is large the order falls to that of the stages, which is their number.
#[test]
fn stiff_components_reduce_the_order_as_known() {
    for (tableau, expected) in FirkTableau::all().iter().zip([2.0, 2.0, 3.0, 4.0, 5.0]) {
        let solution = propagated(tableau);
        let slope = measured(&ProtheroRobinson, 4, |t, h, y| solution.step(&ProtheroRobinson, t, h, y));
        assert!((slope - expected).abs() < 0.2, "{}: {slope:.3}, not {expected}", tableau.name);
    }
}

#[test]
fn names_are_found_in_any_case() {
    for tableau in FirkTableau::all() {
        for name in tableau.names() {
            assert_eq!(FirkTableau::named(&name.to_uppercase()), Ok(tableau));
        }
    }
    assert_eq!(FirkTableau::named("firk"), Ok(&FIRK_GAUSS_LEGENDRE_2));
    assert_eq!(FirkTableau::named("Radau"), Ok(&RADAU_IIA_5));
    assert_eq!(FirkTableau::named("RadauIIA9"), Ok(&RADAU_IIA_9));
    let error = FirkTableau::named("radau_iia_7").expect_err("is not there");
    assert!(error.to_string().starts_with("no fully implicit Runge–Kutta tableau is called `radau_iia_7`"), "{error}");
    assert!(error.suggestion.is_some());
}

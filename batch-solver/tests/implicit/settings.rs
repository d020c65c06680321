//! Which buffers there are, where they lie, and that a setting waits for its option.

use batch_solver::step::StepConfig;
use batch_solver::{Solver, System};
use buffer_runtime::layout::Placement;
use buffer_runtime::{Settings, Value, settings};

use crate::support::forced::forced;
use crate::support::{lending, narrow, places, set, sharing_cpu};

fn solver(given: &Settings) -> Solver {
    Solver::with_settings(forced(), sharing_cpu(narrow(1)), given).unwrap()
}

#[test]
fn settings_wait_for_the_solver_they_are_of() {
    for method in ["kvaerno5", "radau_iia_5", "crank_nicolson", "backwards_euler"] {
        let mut solver = solver(
            &settings! { algorithm: method, linear_solver: "bicgstab", krylov_max_iterations: 7, krylov_preconditioner: "jacobi" },
        );
        let value = |solver: &Solver| solver.plan().value("step.newton.linear.max_iterations");
        assert_eq!(value(&solver), Some(Value::Integer(7)), "{method}");
        set(&mut solver, &settings! { linear_solver: "lu" });
        assert_eq!(value(&solver), None);
        set(&mut solver, &settings! { linear_solver: "minimal_residual" });
        assert_eq!(value(&solver), Some(Value::Integer(7)), "what was given is for every solver that has it");
        set(&mut solver, &settings! { linear_solver: "lu", lu_refinement: 2 });
        set(&mut solver, &settings! { linear_solver: "bicgstab" });
        assert_eq!(
            (value(&solver), solver.plan().value("step.newton.linear.preconditioner")),
            (Some(Value::Integer(7)), Some(Value::Text("jacobi".into())))
        );
    }
}

fn length(solver: &Solver, path: &str) -> usize {
    solver.plan().layout().get(path).unwrap_or_else(|| panic!("no buffer {path}")).elements.get()
}

#[test]
fn buffers_appear_with_their_options() {
    for (method, unknowns) in [("kvaerno5", 3), ("radau_iia_5", 9), ("crank_nicolson", 3)] {
        let mut solver = solver(&settings! { algorithm: method });
        let of_search = ["step.newton.residual_temp", "step.newton.stage_base_bt"];
        assert_eq!(of_search.map(|path| length(&solver, path)), [0, 0], "{method}");
        set(&mut solver, &settings! { newton_line_search: true });
        assert_eq!(of_search.map(|path| length(&solver, path)), [unknowns; 2], "{method}");
        if method == "crank_nicolson" {
            continue;
        }
        for predicts in [true, false] {
            set(&mut solver, &settings! { dense_prediction: predicts });
            assert_eq!(length(&solver, "step.previous_step_size"), usize::from(predicts), "{method}");
            assert_eq!(solver.plan().layout().get("step.dense_predictor.transform").is_some(), predicts);
        }
    }
}

#[test]
fn there_is_a_solver_of_the_error_where_no_other_has_its_matrix() {
    let cases = [
        ("radau_iia_5", settings! {}, false),
        ("radau_iia_5", settings! { newton_jacobian: "exact" }, true),
        ("radau_iia_5", settings! { linear_solver: "bicgstab" }, true),
        ("radau_iia_5", settings! { linear_solver: "bicgstab", smoothed_error: false }, false),
        ("radau_iia_9", settings! {}, false),
        ("radau_iia_3", settings! {}, true),
        ("radau_iia_3", settings! { smoothed_error: false }, false),
        ("radau_iia_3", settings! { step_controller: "fixed", smoothed_error: true }, false),
        ("firk_gauss_legendre_4", settings! {}, false),
        ("firk_gauss_legendre_4", settings! { smoothed_error: true }, true),
        ("firk_gauss_legendre_2", settings! {}, false),
    ];
    for (method, given, expected) in cases {
        let mut solver = solver(&settings! { algorithm: method });
        set(&mut solver, &given);
        let StepConfig::Firk(config) = &solver.config().step else { panic!("{method}") };
        assert_eq!(config.error_solver.is_some(), expected, "{method}, {given}");
    }
}

/// Buffers of a group that lie in the space of Newton's method, none of whose persistent ones may be there.
fn overlaid(solver: &Solver, group: &str) -> Vec<String> {
    let layout = solver.plan().layout();
    let shared = |path: &str| match layout.get(path).unwrap().placement {
        Placement::Shared(range) => Some(range),
        _ => None,
    };
    let of = |prefix: &str| -> Vec<&str> {
        let paths =
            layout.buffers().iter().filter(|buffer| buffer.elements.get() > 0).map(|buffer| buffer.path.as_str());
        paths.filter(|path| path.starts_with(prefix)).collect()
    };
    let newton = of("step.newton.");
    let lies = |path: &&str| {
        let inside = shared(path)
            .is_some_and(|range| newton.iter().filter_map(|other| shared(other)).any(|other| range.overlaps(other)));
        if inside {
            for kept in newton.iter().filter(|other| layout.get(other).unwrap().persistent) {
                let apart = shared(kept).is_none_or(|other| !shared(path).unwrap().overlaps(other));
                assert!(apart, "{path} destroys {kept}");
            }
        }
        inside
    };
    of(group).into_iter().filter(lies).map(str::to_owned).collect()
}

#[test]
fn what_newton_does_not_need_any_more_is_lent() {
    let mut solver = solver(&settings! { algorithm: "crank_nicolson" });
    assert_eq!(overlaid(&solver, "step.dxdt"), Vec::<String>::new(), "local arrays are nobody's space");
    let chosen = lending(&solver);
    set(&mut solver, &chosen);
    assert_eq!(overlaid(&solver, "step.dxdt"), ["step.dxdt"]);
    assert!(solver.report().to_text().contains("in step.newton"), "{}", solver.report().to_text());
    // Factors that persist are in the way.
    let chosen = places(&solver, || true);
    set(&mut solver, &chosen);
    assert_eq!(overlaid(&solver, "step.dxdt"), Vec::<String>::new());
    assert_eq!(solver.plan().layout().fallbacks().map(|fallback| fallback.path).collect::<Vec<_>>(), ["step.dxdt"]);

    set(
        &mut solver,
        &settings! { algorithm: "radau_iia_5", linear_solver: "bicgstab", krylov_preconditioner: "jacobi" },
    );
    for (given, all) in [
        (settings! {}, false),
        (settings! {}, true),
        (settings! { linear_solver: "lu", newton_jacobian: "exact", lu_refinement: 1 }, false),
    ] {
        set(&mut solver, &given);
        let chosen = if all { places(&solver, || true) } else { lending(&solver) };
        set(&mut solver, &chosen);
        let (lent, report) = (overlaid(&solver, "step.error_solver"), solver.report().to_text());
        assert!(!lent.is_empty() || all, "{report}");
    }
}

#[test]
fn constants_of_the_system_do_not_make_a_jacobian() {
    // No entry of the Jacobian is there at all: the matrix is the identity.
    let system = System::builder("clock").equations("dy = cos(t)").state("y", 0.0).build().unwrap();
    for method in crate::methods() {
        let mut solver = Solver::on(system.clone(), sharing_cpu(narrow(1))).unwrap();
        set(&mut solver, &settings! { algorithm: method.name(), step_controller: "fixed", dt: 0.001 });
        let end = solver.solve(&batch_solver::Batch::grid(), 0.0..1.0).unwrap().final_state(0).unwrap()[0];
        assert!((end - 1.0_f64.sin()).abs() < 1e-3, "{method}: {end}");
    }
}

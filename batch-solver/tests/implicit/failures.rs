//! Equations that cannot be solved: how their run ends, and that others do not notice.

use batch_solver::{Batch, Failure, Solution, Solver, System};
use buffer_runtime::{Settings, settings};

use crate::support::{bits, narrow, set, sharing_cpu};
use crate::{adaptive_methods, methods};

const NEWTON: &[Failure] = &[Failure::NewtonDivergence, Failure::MaxNewton];

fn system(equations: &str, states: &[(&str, f64)], parameter: &str) -> System {
    let builder = System::builder("failing").equations(equations).states(states.iter().copied());
    builder.parameter(parameter, 1.0).build().unwrap()
}

/// Runs that are solved beside one that is not.
struct Doomed {
    system: System,
    parameter: &'static str,
    /// The last one's equations have no solution.
    values: Vec<f64>,
    end: f64,
}

impl Doomed {
    /// Solves all runs, in the loop for steps of one size and in that for runs with ends of their own. In both the last run fails for each of `reasons`, or one of those where there
    /// are several, and leaves nothing from there on.
    fn solve(&self, given: &Settings, reasons: &[&[Failure]]) -> Solution {
        let mut solver = Solver::on(self.system.clone(), sharing_cpu(narrow(1))).unwrap();
        set(&mut solver, &settings! { save_every: self.end / 8.0, save_counters: true });
        set(&mut solver, given);
        let [one, own] = [false, true].map(|own_ends| {
            let mut solved = |values: &[f64]| {
                let batch = Batch::zip().vary(self.parameter, values.to_vec());
                let batch = if own_ends { batch.durations(vec![self.end; values.len()]) } else { batch };
                solver.solve(&batch, 0.0..self.end).unwrap()
            };
            let (last, others) = self.values.split_last().unwrap();
            let solution = solved(&self.values);
            let without = solved(others);
            for run in 0..others.len() {
                assert!(
                    solution.status(run).unwrap().is_success(),
                    "{given}, run {run}: {}",
                    solution.status(run).unwrap()
                );
                assert_eq!(bits(&solution, run), bits(&without, run), "{given}, run {run}");
            }
            let (run, status) = (others.len(), solution.status(others.len()).unwrap());
            let what = format!("{given}, {} = {last}: {status}", self.parameter);
            for any in reasons {
                assert!(any.iter().any(|reason| status.has(*reason)), "{what}");
            }
            let known: Vec<Failure> = reasons.concat();
            assert!(status.failures().all(|failure| known.contains(&failure)), "{what}");
            let reached: Vec<bool> =
                (0..solution.times().len()).map(|row| solution.state(row, 0, run).unwrap().is_finite()).collect();
            assert!(
                reached[0] && reached.is_sorted_by(|a, b| a >= b) && !reached[reached.len() - 1],
                "{what}: {reached:?}"
            );
            let counters = solution.counters(run).unwrap();
            assert!(counters.unsolved > 0 && counters.unsolved <= counters.rejections, "{what}: {counters:?}");
            solution
        });
        assert_eq!(one.status(self.values.len() - 1), own.status(self.values.len() - 1), "{given}");
        one
    }

    /// What the run that fails took.
    fn counters(&self, solution: &Solution) -> batch_solver::solution::Counters {
        solution.counters(self.values.len() - 1).unwrap()
    }
}

#[test]
fn singular_matrices_end_their_run() {
    // I - h gamma J vanishes for the last run.
    for (method, rate) in
        [("backwards_euler", 1.0), ("backwards_euler_pc", 1.0), ("crank_nicolson", 2.0), ("implicit_midpoint", 2.0)]
    {
        let doomed = Doomed {
            system: system("dy = k*y", &[("y", 1.0)], "k"),
            parameter: "k",
            values: vec![-1.0, 0.5, -3.0, rate],
            end: 8.0,
        };
        for jacobian in ["frozen", "exact"] {
            let given = settings! { algorithm: method, step_controller: "fixed", dt: 1.0, newton_jacobian: jacobian };
            let solution = doomed.solve(&given, &[NEWTON]);
            let counters = doomed.counters(&solution);
            assert_eq!((counters.steps, counters.rejections, counters.unsolved), (0, 1, 1), "{given}");
        }
    }
}

#[test]
fn blow_up_ends_its_run_at_steps_of_a_fixed_size() {
    // y = 1/(1/y0 - t): beyond the pole there is nothing.
    let doomed = Doomed {
        system: system("dy = y^2*k", &[("y", 1.0)], "k"),
        parameter: "k",
        values: vec![-1.0, 0.1, 0.2, 1.0],
        end: 2.0,
    };
    for algorithm in methods() {
        let given = settings! { algorithm: algorithm.name(), step_controller: "fixed", dt: 0.0625 };
        let counters = doomed.counters(&doomed.solve(&given, &[NEWTON]));
        assert_eq!((counters.rejections, counters.unsolved), (1, 1), "{given}");
        assert!((8..=18).contains(&counters.steps), "{given}: {counters:?}");
    }
}

#[test]
fn arguments_out_of_the_domain_shrink_steps_to_nothing() {
    // x crosses zero at t = 1/k.
    let doomed = Doomed {
        system: system("dx = -k; dy = sqrt(x) - 10*y", &[("x", 1.0), ("y", 1.0)], "k"),
        parameter: "k",
        values: vec![0.1, 0.2, 0.4, 1.0],
        end: 2.0,
    };
    for algorithm in adaptive_methods() {
        let solution = doomed.solve(&settings! { algorithm: algorithm.name() }, &[&[Failure::StepTooSmall], NEWTON]);
        let row = (0..9).rfind(|row| solution.state(*row, 0, 3).unwrap().is_finite()).unwrap();
        assert!((3..=4).contains(&row), "{algorithm}: {row}");
    }
}

#[test]
fn one_iteration_is_too_few() {
    let doomed = Doomed {
        system: system("dy = -y^3 + 1 - k", &[("y", 1.0)], "k"),
        parameter: "k",
        values: vec![0.0, 0.0, 1.0],
        end: 2.0,
    };
    // The others are where nothing happens.
    for algorithm in methods() {
        let given =
            settings! { algorithm: algorithm.name(), step_controller: "fixed", dt: 0.25, newton_max_iterations: 1 };
        let counters = doomed.counters(&doomed.solve(&given, &[&[Failure::MaxNewton]]));
        assert_eq!((counters.steps, counters.newton_iterations), (0, 1), "{given}");
    }
    for algorithm in adaptive_methods() {
        let given = settings! { algorithm: algorithm.name(), dt: 0.25, dt_min: 0.01, newton_max_iterations: 1 };
        let counters = doomed.counters(&doomed.solve(&given, &[&[Failure::StepTooSmall], &[Failure::MaxNewton]]));
        assert!(counters.newton_iterations >= counters.unsolved, "{given}: {counters:?}");
    }
}

#[test]
fn linear_solvers_that_do_not_get_there_say_so() {
    let rotation = || {
        system(
            "dx = -k*(x + 3*y + 2*z); dy = k*(x - 2*y); dz = k*(y - 5*z)",
            &[("x", 1.0), ("y", 1.0), ("z", -1.0)],
            "k",
        )
    };
    let doomed = Doomed { system: rotation(), parameter: "k", values: vec![0.0, 0.0, 10.0], end: 2.0 };
    for method in ["backwards_euler", "crank_nicolson", "kvaerno5", "radau_iia_5", "firk_gauss_legendre_4"] {
        for solver in ["bicgstab", "minimal_residual", "steepest_descent"] {
            let given = settings! { algorithm: method, step_controller: "fixed", dt: 0.25, linear_solver: solver, krylov_max_iterations: 1 };
            doomed.solve(&given, &[&[Failure::MaxLinear], &[Failure::NewtonDivergence]]);
        }
    }
}

#[test]
fn bicgstab_breaks_down_where_the_matrix_turns_the_residual_by_a_right_angle() {
    // I - J = [1 -k; 1 1], and the first residual is (1, 1).
    let doomed = Doomed {
        system: system("dx = k*y + 1; dy = 1 - x", &[("x", 0.0), ("y", 0.0)], "k"),
        parameter: "k",
        values: vec![1.0, 2.0, 3.0],
        end: 8.0,
    };
    let given = settings! { algorithm: "backwards_euler", dt: 1.0, linear_solver: "bicgstab" };
    let counters =
        doomed.counters(&doomed.solve(&given, &[&[Failure::BicgstabBreakdown], &[Failure::NewtonDivergence]]));
    assert_eq!((counters.steps, counters.linear_iterations), (0, 1));
    // Another way to the same solution.
    let mut solver = Solver::on(doomed.system.clone(), sharing_cpu(narrow(1))).unwrap();
    set(
        &mut solver,
        &settings! { algorithm: "backwards_euler", dt: 1.0, linear_solver: "bicgstab", krylov_preconditioner: "neumann" },
    );
    assert_eq!(solver.solve(&Batch::grid().vary("k", doomed.values.clone()), 0.0..8.0).unwrap().failed(), 0);
}

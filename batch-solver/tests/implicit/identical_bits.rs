//! Bits that depend on nothing but the run.

use batch_solver::{Batch, Solver, linspace};
use buffer_runtime::{CpuOptions, Settings, settings};

use crate::methods;
use crate::support::forced::{RUNS, assert_alone, assert_no_bit_changes, forced, outcomes, solver};
use crate::support::{Random, bits, builds, lending, narrow, places, set, sharing_cpu};

#[test]
fn no_method_depends_on_placement() {
    let mut random = Random(0x51a7_e0f9_3c2d_8b46);
    for algorithm in methods() {
        let mut solver = solver(algorithm.name(), "f64", narrow(1));
        let expected = outcomes(&mut solver);
        let seeded = places(&solver, || random.bit());
        assert_no_bit_changes(&mut solver, &expected, [seeded]);
    }
}

/// Other code for the same arithmetic.
fn ways_to_write(method: &str) -> Vec<Settings> {
    let rolled = settings! { unroll_states: false };
    let mut ways = if method == "kvaerno5" {
        vec![settings! { unroll_stages: false }, rolled, settings! { unroll_stages: true }]
    } else {
        vec![rolled]
    };
    ways.extend([
        settings! { inline_equations: false },
        settings! { lu_table_driven: true },
        settings! { refill: false },
    ]);
    ways
}

fn assert_nothing_matters(method: &str) {
    let mut random = Random(0x0dd5_eed5_0f1e_57ed);
    for precision in ["f64", "f32"] {
        let mut one = solver(method, precision, narrow(1));
        let expected = outcomes(&mut one);
        let placements =
            [places(&one, || true), lending(&one), places(&one, || random.bit()), places(&one, || random.bit())];
        assert_no_bit_changes(&mut one, &expected, placements);
        assert_no_bit_changes(&mut one, &expected, ways_to_write(method));
        for options in builds() {
            let found = outcomes(&mut solver(method, precision, options.clone()));
            assert_eq!(found, expected, "{method}, {precision}, {options:?}");
        }
        assert_alone(&mut solver(method, precision, narrow(2)), &[0, 7, RUNS - 1], &expected);
    }
}

#[test]
fn kvaerno5_depends_on_nothing_but_the_run() {
    assert_nothing_matters("kvaerno5");
}

#[test]
fn radau_iia_5_depends_on_nothing_but_the_run() {
    assert_nothing_matters("radau_iia_5");
}

#[test]
fn crank_nicolson_depends_on_nothing_but_the_run() {
    assert_nothing_matters("crank_nicolson");
}

/// Lanes that have arrived wait for others, and begin new runs with what those before have left.
#[test]
fn runs_of_one_step_size_with_ends_of_their_own_depend_on_nothing_but_the_run() {
    let ends: Vec<f64> = (0..RUNS).map(|run| 0.03 + 0.017 * (run * 7 % RUNS) as f64).collect();
    let batch = Batch::zip().vary("mu", linspace(1.0, 50.0, RUNS)).durations(ends.clone());
    for method in ["kvaerno5", "radau_iia_5", "backwards_euler"] {
        let solved = |options: CpuOptions, batch: &Batch| {
            let given = settings! { algorithm: method, step_controller: "fixed", dt: 0.004, save_every: 0.02, save_counters: true };
            let mut solver = Solver::with_settings(forced(), sharing_cpu(options), &given).unwrap();
            if method == "kvaerno5" {
                set(&mut solver, &settings! { dense_prediction: true });
            }
            let solution = solver.solve(batch, 0.0..0.4).unwrap();
            assert_eq!(solution.failed(), 0, "{method}");
            (0..solution.runs()).map(|run| bits(&solution, run)).collect::<Vec<_>>()
        };
        let expected = solved(narrow(1), &batch);
        for options in builds() {
            assert_eq!(solved(options.clone(), &batch), expected, "{method}, {options:?}");
        }
        let alone = Batch::zip().vary("mu", [1.0]).durations([ends[0]]);
        assert_eq!(solved(narrow(1), &alone)[0], expected[0], "{method}");
    }
}

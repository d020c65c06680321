//! No bit of a result depends on how a kernel is built or which runs it is launched with.

use std::collections::BTreeSet;

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::compiler::{HostCompiler, Optimisation};
use buffer_runtime::layout::Region;
use buffer_runtime::{CpuDevice, CpuOptions, Device, Kernel, Precision, Settings};
use integration_tests::kernels::{self, Batch, KernelCase, SplitMix64};

/// Placements per case and precision.
const PLACEMENTS: u64 = 32;
/// Runs of a batch: many packs of every width, and a tail in all of them.
const RUNS: usize = 331;

/// The host's compiler, or `None` after saying that the test does not run.
fn host(test: &str) -> Option<HostCompiler> {
    match HostCompiler::find() {
        Ok(compiler) => Some(compiler),
        Err(error) => {
            eprintln!("SKIPPED {test}: {error}");
            None
        }
    }
}

fn device(options: CpuOptions) -> Device {
    CpuDevice::with_options(options, CacheOptions { disk: false, ..CacheOptions::default() }).unwrap().into()
}

/// 0 and every width of the table that the host has; says which it lacks.
fn widths(test: &str, host: &HostCompiler) -> Vec<u32> {
    let available = host.target().vector_widths();
    let (had, lacked): (Vec<u32>, Vec<u32>) =
        [0, 16, 32, 64].into_iter().partition(|width| *width == 0 || available.contains(&(*width as usize)));
    for width in lacked {
        eprintln!("SKIPPED {test} with {width}-byte vectors: this host has {available:?}");
    }
    had
}

/// Calls `check` for every case in both precisions.
fn each_case(mut check: impl FnMut(&dyn KernelCase, Precision)) {
    for case in kernels::all().unwrap() {
        for precision in Precision::ALL {
            check(case.as_ref(), precision);
        }
    }
}

fn assert_same(expected: &Batch, found: &Batch, what: &str) {
    if let Some(difference) = expected.difference(found) {
        panic!("{what}: {difference}");
    }
}

/// The build everything is compared with: one lane, one thread, declared locations.
fn reference(case: &dyn KernelCase, precision: Precision) -> Kernel {
    let options = CpuOptions { vector_bytes: Some(0), threads: Some(1), ..CpuOptions::default() };
    case.compile(&device(options), precision, &Settings::new()).unwrap()
}

fn expected(case: &dyn KernelCase, precision: Precision, batch: &Batch) -> Batch {
    let result = batch.launched(&reference(case, precision)).unwrap();
    assert_eq!(result.unwritten(), None, "{} in {precision} leaves an output unwritten", case.name());
    result
}

#[test]
fn placement_changes_no_bit() {
    let test = "placement_changes_no_bit";
    let Some(host) = host(test) else { return };
    // Each placement is built in another way, so that neither can lean on the other.
    let builds: Vec<Device> = widths(test, &host)
        .into_iter()
        .flat_map(|width| {
            [1, 2].map(|pack| CpuOptions { vector_bytes: Some(width), pack: Some(pack), ..CpuOptions::default() })
        })
        .zip([Optimisation::O1, Optimisation::O2].into_iter().cycle())
        .map(|(options, optimisation)| device(CpuOptions { optimisation, ..options }))
        .collect();
    each_case(|case, precision| {
        let batch = case.batch(precision, RUNS, 1);
        let expected = expected(case, precision, &batch);
        let mut seen = BTreeSet::new();
        for seed in 0..PLACEMENTS {
            let settings = case.placement(seed);
            let layout = case.layout(precision, &settings).unwrap();
            seen.extend(layout.buffers().iter().map(|buffer| (buffer.path.clone(), buffer.region() == Region::Shared)));
            let device = &builds[seed as usize % builds.len()];
            let found = batch.launched(&case.compile(device, precision, &settings).unwrap()).unwrap();
            assert_same(
                &expected,
                &found,
                &format!("{} in {precision}, placement {seed} on {device}: {settings}", case.name()),
            );
        }
        let buffers = case.layout(precision, &Settings::new()).unwrap().buffers().len();
        assert_eq!(seen.len(), 2 * buffers, "{}: every buffer was in both places", case.name());
    });
}

#[test]
fn vector_width_and_pack_change_no_bit() {
    let test = "vector_width_and_pack_change_no_bit";
    let Some(host) = host(test) else { return };
    let widths = widths(test, &host);
    each_case(|case, precision| {
        let batch = case.batch(precision, RUNS, 2);
        let expected = expected(case, precision, &batch);
        for width in &widths {
            for pack in [1, 2, 3] {
                let device =
                    device(CpuOptions { vector_bytes: Some(*width), pack: Some(pack), ..CpuOptions::default() });
                let kernel = case.compile(&device, precision, &Settings::new()).unwrap();
                let lanes = if *width == 0 { 1 } else { (*width * pack) as usize / precision.size_bytes() };
                assert_eq!(kernel.lanes(), lanes);
                let what = format!("{} in {precision}, {width}-byte vectors, {pack} per pack", case.name());
                assert_same(&expected, &batch.launched(&kernel).unwrap(), &what);
            }
        }
    });
}

#[test]
fn optimisation_changes_no_bit() {
    let Some(_) = host("optimisation_changes_no_bit") else { return };
    each_case(|case, precision| {
        let batch = case.batch(precision, RUNS, 3);
        let expected = expected(case, precision, &batch);
        for optimisation in [Optimisation::O1, Optimisation::O2, Optimisation::O3] {
            for vector_bytes in [None, Some(0)] {
                let device = device(CpuOptions { optimisation, vector_bytes, ..CpuOptions::default() });
                let kernel = case.compile(&device, precision, &case.placement(5)).unwrap();
                let what = format!("{} in {precision} with {optimisation:?} on {device}", case.name());
                assert_same(&expected, &batch.launched(&kernel).unwrap(), &what);
            }
        }
    });
}

#[test]
fn debug_builds_change_no_bit() {
    let Some(_) = host("debug_builds_change_no_bit") else { return };
    let debug = device(CpuOptions { debug: true, ..CpuOptions::default() });
    each_case(|case, precision| {
        let batch = case.batch(precision, RUNS, 4);
        let expected = expected(case, precision, &batch);
        for seed in 0..3 {
            let kernel = case.compile(&debug, precision, &case.placement(seed)).unwrap();
            assert_same(
                &expected,
                &batch.launched(&kernel).unwrap(),
                &format!("{} in {precision}, debug", case.name()),
            );
        }
    });
}

#[test]
fn neighbours_change_no_bit() {
    let Some(_) = host("neighbours_change_no_bit") else { return };
    let device = device(CpuOptions { pack: Some(2), ..CpuOptions::default() });
    each_case(|case, precision| {
        let kernel = case.compile(&device, precision, &case.placement(7)).unwrap();
        let batch = case.batch(precision, RUNS, 5);
        let together = batch.launched(&kernel).unwrap();
        let mut random = SplitMix64::new(6);
        for run in [0, RUNS - 1, random.below(RUNS), random.below(RUNS), random.below(RUNS)] {
            let alone = batch.select(&[run]).launched(&kernel).unwrap();
            assert_same(&together.select(&[run]), &alone, &format!("{} in {precision}, run {run} alone", case.name()));
        }
        for _ in 0..3 {
            let order = random.permutation(RUNS);
            let permuted = batch.select(&order).launched(&kernel).unwrap();
            assert_same(
                &together.select(&order),
                &permuted,
                &format!("{} in {precision}, runs in another order", case.name()),
            );
        }
    });
}

#[test]
fn threads_and_chunks_change_no_bit() {
    let Some(_) = host("threads_and_chunks_change_no_bit") else { return };
    let devices: Vec<Device> =
        [1, 2, 3, 7].map(|threads| device(CpuOptions { threads: Some(threads), ..CpuOptions::default() })).into();
    each_case(|case, precision| {
        // A launch is cut into chunks by the number of packs and threads.
        for runs in [RUNS, 64 * RUNS + 5] {
            let batch = case.batch(precision, runs, 8);
            let mut expected = None;
            for device in &devices {
                let found = batch.launched(&case.compile(device, precision, &case.placement(9)).unwrap()).unwrap();
                let expected = expected.get_or_insert_with(|| found.clone());
                assert_same(expected, &found, &format!("{} in {precision}, {runs} runs on {device}", case.name()));
            }
        }
    });
}

#[test]
fn every_tail_is_exact() {
    let Some(_) = host("every_tail_is_exact") else { return };
    let device = device(CpuOptions { pack: Some(2), ..CpuOptions::default() });
    each_case(|case, precision| {
        let kernel = case.compile(&device, precision, &case.placement(3)).unwrap();
        let all = case.batch(precision, 2 * kernel.lanes() + 1, 10);
        let expected = expected(case, precision, &all);
        for runs in 0..=2 * kernel.lanes() + 1 {
            let first: Vec<usize> = (0..runs).collect();
            let found = all.select(&first).launched(&kernel).unwrap();
            assert_same(&expected.select(&first), &found, &format!("{} in {precision}, {runs} runs", case.name()));
        }
    });
}

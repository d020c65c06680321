//! Drivers and equations with drivers in kernels: every way to build one, against the host.

#![allow(clippy::unwrap_used, reason = "what goes wrong here fails a test")]

mod support;

use batch_solver::{Boundary, Drivers, EmitOptions, System};
use buffer_runtime::compiler::Optimisation;
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{Buffer, Buffers, CpuOptions, Device, Entry, GpuDevice, GpuOptions, Plan, Precision, Real, args};
use integration_tests::gpu::compiler;
use support::cpu;

/// Evaluates the drivers and a right-hand side at one time per run.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "driver_probe")]
pub struct ProbeConfig {
    /// States of the system.
    #[input]
    pub n: usize,
    /// Constants of the system.
    #[input]
    pub constants: usize,
    /// Drivers.
    #[input]
    pub drivers: usize,
    /// Degree of the drivers.
    #[input]
    pub order: usize,
    /// Derivatives.
    #[buffer(len = n)]
    pub derivatives: Buffer,
}

const PROBE: &str = r"
template <class System, class Buffers> struct driver_probe {
    BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s, const input_array<scalar>& time, const broadcast_array<scalar>& constants,
                              const broadcast_array<scalar>& coefficients, const broadcast_array<scalar>& grid, const broadcast_array<int>& shape,
                              const output_array<scalar>& values) {
        Buffers b(f, s);
        const driver_set<System::drivers, Buffers::order> set(coefficients.data, grid[0], grid[1], shape[0], shape[1] != 0);
        local_array<scalar, System::drivers> at_time;
        local_array<scalar, 0> no_rates;
        const driven_constants<broadcast_array<scalar>, decltype(set), decltype(at_time), decltype(no_rates)> c(constants, set, at_time, no_rates);
        const real t = time[0];
        const auto& at_t = c.drivers_at(t);
        for (int i = 0; i < System::drivers; ++i) values[i] = at_t[i];
        const real y[2] = {t, real(scalar(2))};
        System::rhs(t, y, y, c, b.derivatives);
        for (int i = 0; i < Buffers::n; ++i) values[System::drivers + i] = b.derivatives[i];
    }
};
";

const RUNS: usize = 1001;
const CONSTANT: f64 = 0.75;

fn system() -> System {
    System::builder("forced")
        .equations("dx = wind*x + k*sun; dy = t*sun - y")
        .states([("x", 0.0), ("y", 0.0)])
        .constant("k", CONSTANT)
        .drivers(["wind", "sun"])
        .build()
        .unwrap()
}

/// Two drivers from −0.5 to 3.5, the second of which begins as it ends.
fn drivers(order: usize, wrap: bool) -> Drivers {
    let samples = |f: fn(f64) -> f64| (0..=40).map(move |i| f(f64::from(i) * 0.1));
    let builder = Drivers::sampled(-0.5, 0.1)
        .column("wind", samples(|t| (2.0 * t).sin() + 1.0 / (1.0 + t)))
        .column("sun", samples(|t| (t * (4.0 - t)).exp()))
        .order(order)
        .wrap(wrap);
    let builder = if order == 1 { builder } else { builder.boundary(Boundary::NotAKnot) };
    builder.build().unwrap().for_system(&system()).unwrap()
}

fn entry() -> Entry {
    let emitted = system().emit(EmitOptions::default());
    Entry::new("probe")
        .source("drivers.cuh", include_str!("../device/drivers.cuh"))
        .source("equations", emitted.text)
        .source("probe.cuh", PROBE)
        .type_argument(emitted.struct_name)
        .input::<Real>("time", 1)
        .broadcast::<Real>("constants", 1)
        .broadcast::<Real>("coefficients", 1)
        .rows_vary()
        .broadcast::<Real>("grid", 2)
        .broadcast::<i32>("shape", 2)
        .output::<Real>("values", 4)
}

fn plan(order: usize, precision: Precision) -> Plan<ProbeConfig> {
    Plan::new(ProbeConfig::new(ProbeInputs { n: 2, constants: 1, drivers: 2, order }).unwrap(), precision).unwrap()
}

/// Times before, at, between and after the samples: the first half ascend slowly, so that most packs stay in one segment; the others are scattered.
fn times() -> Vec<f64> {
    let slow = |i: usize| -0.7 + 4.5 * i as f64 / 500.0;
    (0..RUNS).map(|i| if i < 500 { slow(i) } else { slow(i * 7919 % 501) }).collect()
}

/// What the kernel computes on a device, one row per driver and state.
fn launch<T>(device: &Device, drivers: &Drivers, precision: Precision, from: fn(f64) -> T) -> Vec<T>
where
    T: buffer_runtime::ArrayElement + Default,
{
    let convert = |values: &[f64]| values.iter().map(|value| from(*value)).collect::<Vec<T>>();
    let mut kernel = device.compile(&plan(drivers.order(), precision), &entry()).unwrap();
    kernel.set_rows("coefficients", drivers.coefficients().len()).unwrap();
    let (time, constants, coefficients) = (convert(&times()), convert(&[CONSTANT]), convert(drivers.coefficients()));
    let grid = convert(&[drivers.t0(), drivers.inverse_period()]);
    let shape = [i32::try_from(drivers.segments()).unwrap(), i32::from(drivers.wraps())];
    let mut values = vec![T::default(); 4 * RUNS];
    kernel.launch(RUNS, args! { time, constants, coefficients, grid, shape, values: &mut values }).unwrap();
    values
}

/// Compares with the host and returns the bits of single precision, which are the same for every build.
fn check(device: &Device) -> Vec<u32> {
    let mut bits = Vec::new();
    for (order, wrap) in [(3, false), (3, true), (1, false), (1, true)] {
        let drivers = drivers(order, wrap);
        let program = system().derivative_program(EmitOptions::default());
        let double = launch(device, &drivers, Precision::F64, |value| value);
        let single = launch(device, &drivers, Precision::F32, |value| value as f32);
        bits.extend(single.iter().map(|value| value.to_bits()));
        for (run, t) in times().into_iter().enumerate() {
            let d = drivers.values(t);
            let derivatives = program.evaluate_driven(t, &[t, 2.0], &[], &[CONSTANT], &d).unwrap();
            for (row, expected) in d.iter().chain(&derivatives).enumerate() {
                let found = double[row * RUNS + run];
                assert_eq!(found.to_bits(), expected.to_bits(), "order {order}, wrap {wrap}, t = {t}, row {row}");
                // Where a repetition joins or the samples end, the rounded time may be on the other side.
                let jump = [-0.5, 3.5].iter().any(|end| (t - end).abs() < 1e-5);
                let error = (f64::from(single[row * RUNS + run]) - expected).abs();
                assert!(jump || error < 2e-3, "order {order}, wrap {wrap}, t = {t}, row {row}: {error}");
            }
        }
    }
    bits
}

#[test]
fn packs_and_single_lanes_compute_what_the_host_computes() {
    let build = |vector_bytes, pack| {
        let options = CpuOptions {
            vector_bytes: Some(vector_bytes),
            pack: Some(pack),
            threads: Some(1),
            optimisation: Optimisation::O1,
            ..CpuOptions::default()
        };
        check(&cpu(options).into())
    };
    let one_lane = build(0, 1);
    assert!(build(16, 1) == one_lane && build(32, 2) == one_lane, "the bits of single precision differ between builds");
}

#[test]
fn kernels_with_drivers_compile_for_gpus_without_spills() {
    let test = "kernels_with_drivers_compile_for_gpus_without_spills";
    let Some(compiler) = compiler(test, GpuOptions { block: Some(64), ..GpuOptions::default() }) else { return };
    for precision in [Precision::F32, Precision::F64] {
        let binary = compiler.compile(&plan(3, precision), &entry(), Architecture(90)).unwrap();
        assert_eq!(binary.resources().total_spill_bytes(), 0, "{:?}", binary.resources());
        assert_eq!(binary.resources().stack_bytes, 0, "{:?}", binary.resources());
    }
}

#[test]
fn a_card_computes_what_the_host_computes() {
    match GpuDevice::open(0) {
        Ok(device) => drop(check(&device.into())),
        Err(error) => eprintln!("SKIPPED a_card_computes_what_the_host_computes: {error}"),
    }
}

//! Rates of drivers, and a linearisation that reads them, in kernels.

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::compiler::Optimisation;
use buffer_runtime::{Buffer, Buffers, CpuDevice, CpuOptions, Device, Entry, Plan, Precision, Real, args};

use super::*;
use crate::Drivers;

/// Evaluates the rates of drivers and a linearisation at one time per run.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "rate_probe")]
pub(super) struct RateProbeConfig {
    /// Degree of the drivers.
    #[input]
    pub order: usize,
    /// Derivatives.
    #[buffer(len = 2)]
    pub derivatives: Buffer,
}

const PROBE: &str = r"
template <class System, class Buffers> struct rate_probe {
    BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s, const input_array<scalar>& time, const broadcast_array<scalar>& coefficients,
                              const broadcast_array<scalar>& grid, const broadcast_array<int>& shape, const output_array<scalar>& values) {
        Buffers b(f, s);
        using set_t = driver_set<System::drivers, Buffers::order>;
        using drivers_t = local_array<scalar, System::drivers>;
        const set_t set(coefficients.data, grid[0], grid[1], shape[0], shape[1] != 0);
        drivers_t at_time, rates;
        const int no_constants[1] = {0};
        const driven_constants<int[1], set_t, drivers_t, drivers_t> c(no_constants, set, at_time, rates);
        const real t = time[0];
        const auto& at_t = c.driver_rates_at(t);
        for (int i = 0; i < System::drivers; ++i) values[i] = at_t[i];
        const real y[2] = {real(scalar(0.5)), real(scalar(2))};
        local_array<scalar, System::jacobian_nonzeros> jacobian;
        local_array<scalar, 2> dfdt;
        System::linearise(t, y, y, c, b.derivatives, jacobian, dfdt);
        for (int i = 0; i < 2; ++i) values[2 + i] = b.derivatives[i];
        for (int i = 0; i < System::jacobian_nonzeros; ++i) values[4 + i] = jacobian[i];
        for (int i = 0; i < 2; ++i) values[4 + System::jacobian_nonzeros + i] = dfdt[i];
        local_array<scalar, 0> no_rates;
        const driven_constants<int[1], set_t, drivers_t, decltype(no_rates)> plain(no_constants, set, at_time, no_rates);
        System::rhs(t, y, y, plain, b.derivatives);
        for (int i = 0; i < 2; ++i) values[6 + System::jacobian_nonzeros + i] = b.derivatives[i];
    }
};
";

const RUNS: usize = 301;

/// Rates, derivatives, entries of the Jacobian, derivatives by the time, and derivatives again.
const VALUES: usize = 2 + 2 + 3 + 2 + 2;

fn forced() -> System {
    System::builder("forced")
        .equations("dx = wind*x*y + t*sun; dy = t*sun*wind - y")
        .states([("x", 0.0), ("y", 0.0)])
        .drivers(["wind", "sun"])
        .build()
        .unwrap_or_else(|errors| panic!("{errors}"))
}

/// Two drivers from −0.5 to 3.5.
fn drivers(order: usize, wrap: bool) -> Drivers {
    let samples = |f: fn(f64) -> f64| (0..=40).map(move |i| f(f64::from(i) * 0.1));
    let builder = Drivers::sampled(-0.5, 0.1)
        .column("wind", samples(|t| (2.0 * t).sin() + 1.0 / (1.0 + t)))
        .column("sun", samples(|t| (t * (4.0 - t)).exp()))
        .order(order)
        .wrap(wrap);
    let builder = if order == 1 { builder } else { builder.boundary(crate::Boundary::NotAKnot) };
    builder.build().unwrap_or_else(|error| panic!("{error}"))
}

/// Times before, between and after the samples: the first half ascend slowly, the others are scattered.
fn times() -> Vec<f64> {
    let slow = |i: usize| -0.7 + 4.5 * i as f64 / 150.0;
    (0..RUNS).map(|i| if i < 150 { slow(i) } else { slow(i * 7919 % 151) }).collect()
}

fn check(device: &Device, order: usize, wrap: bool) {
    let (system, drivers) = (forced(), drivers(order, wrap));
    let options = EmitOptions { linearisation: true, outline: true, ..EmitOptions::default() };
    let (emitted, program) = (system.emit(options), system.linearisation_program(options));
    let rhs = system.derivative_program(options);
    let entry = Entry::new("rates")
        .source("drivers.cuh", include_str!("../../../../device/drivers.cuh"))
        .source("equations", emitted.text)
        .source("probe.cuh", PROBE)
        .type_argument(emitted.struct_name)
        .input::<Real>("time", 1)
        .broadcast::<Real>("coefficients", 1)
        .rows_vary()
        .broadcast::<Real>("grid", 2)
        .broadcast::<i32>("shape", 2)
        .output::<Real>("values", VALUES);
    let config = RateProbeConfig::new(RateProbeInputs { order }).expect("is valid");
    let plan = Plan::new(config, Precision::F64).expect("fits");
    let mut kernel = device.compile(&plan, &entry).expect("compiles");
    kernel.set_rows("coefficients", drivers.coefficients().len()).expect("is an array");
    let (time, coefficients) = (times(), drivers.coefficients().to_vec());
    let grid = [drivers.t0(), drivers.inverse_period()].to_vec();
    let shape = [i32::try_from(drivers.segments()).expect("is small"), i32::from(drivers.wraps())];
    let mut values = vec![0.0; VALUES * RUNS];
    kernel.launch(RUNS, args! { time, coefficients, grid, shape, values: &mut values }).expect("runs");
    for (run, t) in times().into_iter().enumerate() {
        let (d, r, y) = (drivers.values(t), drivers.rates(t), [0.5, 2.0]);
        let inputs = Inputs::new(t, &y, &[], &[]).drivers(&d).driver_rates(&r);
        let all = program.evaluate_with(&inputs).expect("right lengths");
        let derivatives = rhs.evaluate_with(&inputs).expect("right lengths");
        for (row, expected) in r.iter().chain(&all).chain(&derivatives).enumerate() {
            let found: f64 = values[row * RUNS + run];
            assert_eq!(
                found.to_bits(),
                expected.to_bits(),
                "order {order}, wrap {wrap}, t = {t}, row {row}: {found} {expected}"
            );
        }
    }
}

#[test]
fn kernels_compute_rates_as_the_host_does() {
    for (vector_bytes, pack) in [(0, 1), (16, 2)] {
        let options = CpuOptions {
            vector_bytes: Some(vector_bytes),
            pack: Some(pack),
            threads: Some(1),
            optimisation: Optimisation::O1,
            ..CpuOptions::default()
        };
        let cache = CacheOptions { disk: false, ..CacheOptions::default() };
        let device = Device::from(CpuDevice::with_options(options, cache).expect("there is a compiler"));
        for (order, wrap) in [(3, false), (3, true), (1, false), (1, true)] {
            check(&device, order, wrap);
        }
    }
}

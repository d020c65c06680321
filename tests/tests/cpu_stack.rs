//! Buffers of any size on the CPU: threads of a pool have little stack, and a kernel gets what its buffers need.

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::device::PackMemory;
use buffer_runtime::{
    Buffer, Buffers, CpuDevice, CpuOptions, DeviceError, Entry, Plan, Precision, Real, Unknown, args, device_source,
    settings,
};

/// Two arrays, filled forwards and read backwards.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "reversed_sum")]
struct ReversedConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    values: Buffer,
    #[buffer(len = n, persistent)]
    kept: Buffer,
}

fn entry() -> Entry {
    let (file, line, text) = device_source!(
        "template <class Buffers> struct reversed_sum {
             BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s, const input_array<scalar>& x,
                                       const output_array<scalar>& sum) {
                 Buffers b(f, s);
                 for (int i = 0; i < decltype(b.values)::length; ++i) b.values[i] = x[0] + lane<scalar>(scalar(i));
                 for (int i = 0; i < decltype(b.values)::length; ++i) b.kept[i] = b.values[decltype(b.values)::length - 1 - i];
                 lane<scalar> total(scalar(0));
                 for (int i = 0; i < decltype(b.values)::length; ++i) total = total + b.kept[i] * b.values[i];
                 sum[0] = total;
             }
         };"
    );
    Entry::new("reversed").source_at(file, line, text).input::<Real>("x", 1).output::<Real>("sum", 1)
}

fn plan(n: usize) -> Plan<ReversedConfig> {
    Plan::new(ReversedConfig::new(ReversedInputs { n }).unwrap(), Precision::F64).unwrap()
}

fn device(options: CpuOptions) -> CpuDevice {
    CpuDevice::with_options(options, CacheOptions { disk: false, ..CacheOptions::default() }).unwrap()
}

/// Launches on a pool and compares with the sum as Rust computes it.
fn check(options: CpuOptions, n: usize) {
    let device = device(options.clone());
    let kernel = device.compile(&plan(n), &entry()).unwrap();
    let x: Vec<f64> = (0..67).map(f64::from).collect();
    let mut sum = vec![0.0; x.len()];
    kernel.launch(x.len(), args! { x, sum: &mut sum }).unwrap();
    for (x, sum) in x.iter().zip(&sum) {
        let value = |i: usize| x + i as f64;
        let expected = (0..n).fold(0.0, |total, i| total + value(n - 1 - i) * value(i));
        assert_eq!(*sum, expected, "x = {x}, {options:?}");
    }
}

#[test]
fn large_buffers_run_on_the_threads_of_a_pool() {
    let n = 200 * 200;
    let threads = Some(2);
    check(CpuOptions { threads, ..CpuOptions::default() }, n);
    check(CpuOptions { threads, pack: Some(4), ..CpuOptions::default() }, n);
    check(CpuOptions { threads, pack: Some(2), debug: true, ..CpuOptions::default() }, n);
}

#[test]
fn one_lane_at_a_time_has_large_buffers_too() {
    check(CpuOptions { threads: Some(2), vector_bytes: Some(0), ..CpuOptions::default() }, 300_000);
}

#[test]
fn absurd_buffers_are_refused_before_anything_is_compiled() {
    let device = device(CpuOptions::default());
    let mut plan = plan(100_000_000);
    for (setting, memory, listed) in [("local", PackMemory::Stack, 2), ("shared", PackMemory::Scratch, 1)] {
        plan.update(&settings! { values_location: setting }, Unknown::Error).unwrap();
        if setting == "shared" {
            plan.update(&settings! { kept_location: "shared" }, Unknown::Error).unwrap();
        }
        let error = device.compile(&plan, &entry()).unwrap_err();
        let DeviceError::Pack(over) = &error else { panic!("{error:?}") };
        assert_eq!(over.memory, memory);
        assert!(over.largest.len() >= listed, "{over:?}");
        assert!(over.requested > over.limit && over.lanes > 1, "{over:?}");
        let text = error.to_string();
        for part in ["800000000 bytes per run: values", "`pack` or `vector_bytes`", "the limit is 1073741824"] {
            assert!(text.contains(part), "`{part}` is not in: {text}");
        }
    }
    assert_eq!(device.compilations(), 0);
}

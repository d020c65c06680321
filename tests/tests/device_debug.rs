//! Debug builds on the CPU: undefined contents are visible, and buffers can be read back.

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::{
    Buffer, Buffers, CpuDevice, CpuOptions, Device, DeviceError, Entry, Launched, Plan, Precision, Real, Settings,
    Unknown, args, device_source, settings,
};
use integration_tests::kernels::{
    self, Batch, CHANNELS, CascadeAllocators, CascadeConfig, CascadeInputs, ThomasConfig, ThomasInputs, UNKNOWNS,
};

/// Copies buffers that nobody wrote.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "reads_too_early")]
struct EarlyConfig {
    #[buffer(len = 2)]
    scratch: Buffer,
    #[buffer(len = 1)]
    number: Buffer<i32>,
    #[buffer(len = 1, zeroed)]
    zero: Buffer,
    #[buffer(len = 1, persistent)]
    kept: Buffer,
    #[buffer(len = 1, persistent, zeroed)]
    sum: Buffer<i64>,
}

fn early_entry() -> Entry {
    let (file, line, text) = device_source!(
        "template <class Buffers> struct reads_too_early {
             BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s, const output_array<scalar>& scratch,
                                       const output_array<int>& number, const output_array<scalar>& zero,
                                       const output_array<scalar>& kept, const output_array<long long>& sum) {
                 Buffers b(f, s);
                 scratch[0] = b.scratch[1];
                 number[0] = b.number[0];
                 zero[0] = b.zero[0];
                 kept[0] = b.kept[0];
                 sum[0] = b.sum[0];
             }
         };"
    );
    Entry::new("too_early")
        .source_at(file, line, text)
        .output::<Real>("scratch", 1)
        .output::<i32>("number", 1)
        .output::<Real>("zero", 1)
        .output::<Real>("kept", 1)
        .output::<i64>("sum", 1)
}

/// A device, or `None` after saying that the test does not run.
fn device(test: &str, debug: bool) -> Option<Device> {
    let cache = CacheOptions { disk: false, ..CacheOptions::default() };
    match CpuDevice::with_options(CpuOptions { debug, ..CpuOptions::default() }, cache) {
        Ok(device) => Some(device.into()),
        Err(error) => {
            eprintln!("SKIPPED {test}: {error}");
            None
        }
    }
}

#[test]
fn undefined_contents_are_visible() {
    let Some(device) = device("undefined_contents_are_visible", true) else { return };
    for location in ["local", "shared"] {
        let mut plan = Plan::new(EarlyConfig::new(EarlyInputs {}).unwrap(), Precision::F64).unwrap();
        let settings = settings! {
            scratch_location: location, number_location: location, zero_location: location, kept_location: location, sum_location: location
        };
        plan.update(&settings, Unknown::Error).unwrap();
        let kernel = device.compile(&plan, &early_entry()).unwrap();
        let runs = 3 * kernel.lanes() + 1;
        let (mut scratch, mut zero, mut kept) = (vec![1.0; runs], vec![1.0; runs], vec![1.0; runs]);
        let (mut number, mut sum) = (vec![1; runs], vec![1_i64; runs]);
        let arguments =
            args! { scratch: &mut scratch, number: &mut number, zero: &mut zero, kept: &mut kept, sum: &mut sum };
        kernel.launch(runs, arguments).unwrap();
        assert!(scratch.iter().all(|value: &f64| value.is_nan()), "{location}: {scratch:?}");
        assert!(kept.iter().all(|value: &f64| value.is_nan()), "{location}: {kept:?}");
        assert!(number.iter().all(|value| *value == -1), "{location}: {number:?}");
        assert!(zero.iter().all(|value| *value == 0.0), "{location}: {zero:?}");
        assert!(sum.iter().all(|value| *value == 0), "{location}: {sum:?}");
    }
}

#[test]
fn buffers_of_nested_children_are_read_back() {
    let Some(device) = device("buffers_of_nested_children_are_read_back", true) else { return };
    let everywhere = |location: &str| {
        let mut settings = Settings::new();
        for path in [
            "sum",
            "mean",
            "random",
            "step",
            "filter.peak",
            "filter.calls",
            "filter.limiter.clipped",
            "envelope.limiter.total",
        ] {
            settings.set(format!("{path}_location"), location);
        }
        settings
    };
    for settings in [everywhere("local"), everywhere("shared")] {
        let mut plan = Plan::new(CascadeConfig::new(CascadeInputs { n: CHANNELS }).unwrap(), Precision::F64).unwrap();
        plan.update(&settings, Unknown::Error).unwrap();
        let kernel = device.compile(&plan, &kernels::cascade_entry(CHANNELS)).unwrap();
        let runs = 2 * kernel.lanes() + 3;
        let batch = Batch::seeded(&kernels::cascade_entry(CHANNELS), Precision::F64, runs, &[("seed", 1.0, 1e6)], 11);
        let (batch, launched) = batch.launch(&kernel).unwrap();
        check_cascade(&batch, &launched, &plan.allocators().unwrap(), runs);
    }
}

/// The kernel writes these buffers to its outputs at its end, so both ways to see them must agree.
fn check_cascade(batch: &Batch, launched: &Launched, allocators: &CascadeAllocators, runs: usize) {
    let level = floats(batch, "level");
    assert_eq!(bits(&launched.read(&allocators.mean).unwrap()), bits(level));
    assert_eq!(launched.read(&allocators.random).unwrap(), longs(batch, "seed"));
    let steps = launched.read(&allocators.step).unwrap();
    assert_eq!(steps, vec![7; runs]);
    assert_eq!(launched.read(&allocators.filter.calls).unwrap(), steps);
    let peaks = floats(batch, "peaks");
    assert_eq!(bits(&launched.read(&allocators.filter.peak).unwrap()), bits(&peaks[..CHANNELS * runs]));
    let counts = integers(batch, "counts");
    assert_eq!(launched.read(&allocators.filter.limiter.clipped).unwrap(), &counts[runs..(CHANNELS + 1) * runs]);
    let envelope = allocators.envelope.as_ref().unwrap();
    assert_eq!(launched.read(&envelope.limiter.total).unwrap(), &longs(batch, "totals")[runs..]);
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| if value.is_nan() { f64::NAN.to_bits() } else { value.to_bits() }).collect()
}

fn values<'a>(batch: &'a Batch, name: &str) -> &'a kernels::Values {
    &batch.arrays.iter().find(|array| array.name == name).unwrap().values
}

fn floats<'a>(batch: &'a Batch, name: &str) -> &'a [f64] {
    let kernels::Values::F64(values) = values(batch, name) else { panic!("{name} holds no f64") };
    values
}

fn integers<'a>(batch: &'a Batch, name: &str) -> &'a [i32] {
    let kernels::Values::I32(values) = values(batch, name) else { panic!("{name} holds no i32") };
    values
}

fn longs<'a>(batch: &'a Batch, name: &str) -> &'a [i64] {
    let kernels::Values::I64(values) = values(batch, name) else { panic!("{name} holds no i64") };
    values
}

#[test]
fn scratch_is_read_back_wherever_it_lies() {
    let Some(device) = device("scratch_is_read_back_wherever_it_lies", true) else { return };
    for settings in [Settings::new(), settings! { solution_location: "shared" }, settings! { ratio_location: "shared" }]
    {
        let mut plan = Plan::new(ThomasConfig::new(ThomasInputs { n: UNKNOWNS }).unwrap(), Precision::F64).unwrap();
        plan.update(&settings, Unknown::Error).unwrap();
        let kernel = device.compile(&plan, &kernels::thomas_entry(UNKNOWNS)).unwrap();
        let runs = kernel.lanes() + 1;
        let batch =
            Batch::seeded(&kernels::thomas_entry(UNKNOWNS), Precision::F64, runs, &[("diagonal", 3.0, 4.0)], 12);
        let (batch, launched) = batch.launch(&kernel).unwrap();
        let solution = launched.read(&plan.allocators().unwrap().solution).unwrap();
        assert_eq!(bits(&solution), bits(floats(&batch, "x")), "{settings}");
    }
}

#[test]
fn a_release_build_records_nothing_and_says_so() {
    let Some(device) = device("a_release_build_records_nothing_and_says_so", false) else { return };
    let plan = Plan::new(CascadeConfig::new(CascadeInputs { n: CHANNELS }).unwrap(), Precision::F32).unwrap();
    let kernel = device.compile(&plan, &kernels::cascade_entry(CHANNELS)).unwrap();
    let batch = Batch::seeded(&kernels::cascade_entry(CHANNELS), Precision::F32, 3, &[], 13);
    let (_, launched) = batch.launch(&kernel).unwrap();
    let error = launched.read(&plan.allocators().unwrap().filter.limiter.clipped).unwrap_err();
    assert!(matches!(&error, DeviceError::NotRecorded { path } if path == "filter.limiter.clipped"), "{error}");
    assert!(error.to_string().contains("debug: true"), "{error}");
}

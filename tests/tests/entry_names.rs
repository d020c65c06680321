//! Names of arrays and settings that mean something in the generated text, and kernels that are given what they were not compiled for.

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::source::ArgumentMismatch;
use buffer_runtime::{
    Arguments, Buffer, Buffers, CpuDevice, CpuOptions, DeviceError, Entry, GpuOptions, LaunchError, Plan, Precision,
    Real, Unknown, args, device_source, settings,
};
use integration_tests::gpu::compiler;

/// Two settings whose path, with `_` for each dot, is the same.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "owner")]
struct OwnerConfig {
    #[setting(default = 3.0, argument)]
    newton_tol: f64,
    #[setting(default = vec![1.0, 2.0], argument)]
    weights: Vec<f64>,
    #[child(prefix = "inner")]
    newton: InnerConfig,
}

#[derive(Clone, Debug, Buffers)]
#[buffers(template = "inner")]
struct InnerConfig {
    #[setting(default = 5.0, argument)]
    tol: f64,
    #[buffer(len = 1)]
    value: Buffer,
}

/// Names of the vocabulary, of the generated function, and C++ keywords.
const NAMES: [&str; 14] = [
    "f",
    "s",
    "frame",
    "any",
    "arguments",
    "runs",
    "pass",
    "double",
    "for",
    "input",
    "lanes",
    "arrays",
    "owner",
    "first",
];

/// Names of kernels that others have too.
const KERNELS: [&str; 4] = ["named", "frame", "any", "input_array"];

fn entry(kernel: &str) -> Entry {
    let parameters: String = (0..NAMES.len()).map(|i| format!("const input_array<scalar>& x{i}, ")).collect();
    let sum: String = (0..NAMES.len()).map(|i| format!(" + x{i}[0]")).collect();
    let text = format!(
        "template <class Buffers> struct inner {{
             BR_DEVICE static real tolerance(const frame& f, typename Buffers::state_type& s) {{
                 Buffers b(f, s);
                 b.value[0] = real(b.tol);
                 return b.value[0];
             }}
         }};
         template <class Inner, class Buffers> struct owner {{
             BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s, {parameters}const output_array<scalar>& y) {{
                 Buffers b(f, s);
                 y[0] = real(b.newton_tol){sum};
                 y[1] = Inner::tolerance(f, s.newton);
                 y[2] = real(b.weights[1]);
             }}
         }};"
    );
    let entry =
        NAMES.iter().fold(Entry::new(kernel).source("named.cuh", text), |entry, name| entry.input::<Real>(*name, 1));
    entry.output::<Real>("y", 3)
}

fn plan(precision: Precision) -> Plan<OwnerConfig> {
    Plan::new(OwnerConfig::new(OwnerInputs {}).unwrap(), precision).unwrap()
}

fn device() -> CpuDevice {
    CpuDevice::with_options(CpuOptions::default(), CacheOptions { disk: false, ..CacheOptions::default() }).unwrap()
}

fn launch(kernel: &buffer_runtime::Kernel) -> Vec<f64> {
    let (x, mut y) = (vec![1.0; 5], vec![0.0; 15]);
    let mut arguments = Arguments::new();
    NAMES.iter().for_each(|name| arguments.push(name, &x));
    arguments.push("y", &mut y);
    kernel.launch(5, arguments).unwrap();
    y.into_iter().step_by(5).collect()
}

#[test]
fn arrays_and_settings_may_have_any_name_on_the_cpu() {
    let device = device();
    for kernel in KERNELS {
        let kernel = device.compile(&plan(Precision::F64), &entry(kernel)).unwrap();
        assert_eq!(launch(&kernel), [3.0 + NAMES.len() as f64, 5.0, 2.0]);
    }
}

#[test]
fn arrays_and_settings_may_have_any_name_on_a_gpu() {
    let test = "arrays_and_settings_may_have_any_name_on_a_gpu";
    let Some(compiler) = compiler(test, GpuOptions::default()) else { return };
    for kernel in KERNELS {
        compiler.compile(&plan(Precision::F32), &entry(kernel), Architecture(90)).unwrap();
    }
}

#[test]
fn a_kernel_refuses_the_settings_of_a_plan_of_another_shape() {
    let device = device();
    let mut plan = plan(Precision::F64);
    let mut kernel = device.compile(&plan, &entry("named")).unwrap();
    plan.update(&settings! { weights: vec![1.0, 2.0, 9.0], newton_tol: 7.0 }, Unknown::Error).unwrap();
    let longer = kernel.set_arguments(&plan).unwrap_err();
    assert!(matches!(longer, DeviceError::Arguments(ArgumentMismatch::Setting { .. })), "{longer:?}");
    for part in ["`weights` (2 × real)", "`weights` (3 × real)", "compile the plan"] {
        assert!(longer.to_string().contains(part), "`{part}` is not in: {longer}");
    }
    let single = Plan::new(OwnerConfig::new(OwnerInputs {}).unwrap(), Precision::F32).unwrap();
    let error = kernel.set_arguments(&single).unwrap_err().to_string();
    assert!(error.contains("computes in f64, the plan in f32"), "{error}");
    let other = Plan::new(InnerConfig::new(InnerInputs {}).unwrap(), Precision::F64).unwrap();
    let error = kernel.set_arguments(&other).unwrap_err().to_string();
    assert!(error.contains("`newton_tol` (real), the plan has the launch-time setting `tol`"), "{error}");
    assert_eq!(launch(&kernel)[0], 3.0 + NAMES.len() as f64, "a refusal changes nothing");

    plan.update(&settings! { weights: vec![1.0, 9.0] }, Unknown::Error).unwrap();
    kernel.set_arguments(&plan).unwrap();
    assert_eq!(launch(&kernel), [7.0 + NAMES.len() as f64, 5.0, 9.0]);
}

#[test]
fn rows_change_only_where_the_entry_lets_them() {
    let device = device();
    let (file, line, text) = device_source!(
        "template <class Inner, class Buffers> struct owner {
             BR_DEVICE static void run(const frame& f, typename Buffers::state_type&, const broadcast_array<scalar>& table,
                                       const broadcast_array<int>& length, const output_array<scalar>& y) {
                 scalar sum = 0;
                 for (int i = 0; i < length[0]; ++i) sum += table[i];
                 y[0] = real(sum);
             }
         };
         template <class Buffers> struct inner {};"
    );
    let entry = Entry::new("sums")
        .source_at(file, line, text)
        .broadcast::<Real>("table", 1)
        .rows_vary()
        .broadcast::<i32>("length", 1)
        .output::<Real>("y", 1);
    let mut kernel = device.compile(&plan(Precision::F64), &entry).unwrap();
    kernel.set_rows("table", 4).unwrap();
    kernel.set_rows("y", 1).unwrap();
    let error = kernel.set_rows("y", 0).unwrap_err();
    assert_eq!(error, LaunchError::FixedRows { name: "y".into(), rows: 1, given: 0 });
    assert!(error.to_string().contains("rows_vary()"), "{error}");
    assert!(matches!(kernel.set_rows("yy", 1), Err(LaunchError::UnknownArgument { .. })));
    let (table, length, mut y) = ([1.0, 2.0, 3.0, 4.0], [4], vec![0.0; 3]);
    kernel.launch(3, args! { table, length, y: &mut y }).unwrap();
    assert_eq!(y, [10.0; 3]);
}

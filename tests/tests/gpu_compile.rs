//! Kernels through NVRTC, without a card: every architecture, resources, and shared memory that is really used.

use buffer_runtime::cuda::DeviceLimits;
use buffer_runtime::nvrtc::Architecture;
use buffer_runtime::{DeviceError, Entry, GpuOptions, Plan, Precision, Real, Settings, Unknown, settings};
use integration_tests::gpu::{compiler, disassemble, instructions};
use integration_tests::kernels::{
    CHANNELS, CascadeConfig, CascadeInputs, ThomasConfig, ThomasInputs, cascade_entry, thomas_entry,
};

const N: usize = 16;

fn entry() -> Entry {
    thomas_entry(N)
}

fn plan(precision: Precision, settings: &Settings) -> Plan<ThomasConfig> {
    let mut plan = Plan::new(ThomasConfig::new(ThomasInputs { n: N }).unwrap(), precision).unwrap();
    plan.update(settings, Unknown::Error).unwrap();
    plan
}

#[test]
fn every_architecture_compiles() {
    let Some(compiler) = compiler("every_architecture_compiles", GpuOptions::default()) else { return };
    for architecture in [75, 80, 90, 100].map(Architecture) {
        for precision in [Precision::F32, Precision::F64] {
            for settings in [Settings::new(), settings! { ratio_location: "shared" }] {
                let binary = compiler.compile(&plan(precision, &settings), &entry(), architecture).unwrap();
                let resources = binary.resources();
                assert_eq!(resources.name, "thomas");
                assert!(resources.registers > 0 && resources.registers <= 255, "{resources:?}");
                assert_eq!(resources.total_spill_bytes(), 0, "{architecture} {precision}");
            }
        }
    }
}

#[test]
fn a_moved_buffer_is_read_from_shared_memory() {
    let test = "a_moved_buffer_is_read_from_shared_memory";
    let Some(compiler) = compiler(test, GpuOptions::default()) else { return };
    for precision in [Precision::F32, Precision::F64] {
        let mut loads = Vec::new();
        for settings in [
            Settings::new(),
            settings! { ratio_location: "shared" },
            settings! { solution_location: "shared" },
            settings! { ratio_location: "shared", solution_location: "shared" },
            settings! { residual_location: "shared" },
        ] {
            let binary = compiler.compile(&plan(precision, &settings), &entry(), Architecture(90)).unwrap();
            let Some(text) = disassemble(test, binary.image()) else { return };
            loads.push(instructions(&text, &["LDS"]).len());
        }
        assert_eq!(loads[0], 0, "nothing is shared");
        assert!(loads[1..].iter().all(|count| *count > 0), "{precision}: {loads:?}");
    }
}

#[test]
fn single_precision_has_no_double_precision_instruction() {
    let test = "single_precision_has_no_double_precision_instruction";
    let Some(compiler) = compiler(test, GpuOptions::default()) else { return };
    let binary = compiler.compile(&plan(Precision::F32, &Settings::new()), &entry(), Architecture(90)).unwrap();
    let Some(text) = disassemble(test, binary.image()) else { return };
    let found = instructions(&text, &["DFMA", "DADD", "DMUL", "DSETP", "F2F", "MUFU.RCP64H"]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn an_over_budget_layout_lists_buffers_limit_and_remedy() {
    let Some(compiler) = compiler("an_over_budget_layout", GpuOptions { block: Some(1024), ..GpuOptions::default() })
    else {
        return;
    };
    let plan = plan(Precision::F64, &settings! { ratio_location: "shared", solution_location: "shared" });
    let error = compiler.compile(&plan, &entry(), Architecture(90)).unwrap_err();
    assert!(matches!(error, DeviceError::SharedMemory(_)), "{error}");
    let text = error.to_string();
    for part in ["ratio", "solution", "128", "262144", "232448", "at most 896 threads"] {
        assert!(text.contains(part), "`{part}` is not in: {text}");
    }
}

#[test]
fn errors_show_the_users_line() {
    let Some(compiler) = compiler("errors_show_the_users_line", GpuOptions::default()) else { return };
    let broken = include_str!("../../examples/thomas.cuh").replace("b.ratio[0] =", "b.ration[0] =");
    let entry =
        Entry::new("thomas").source("broken.cuh", broken).input::<Real>("lower", N).input::<Real>("diagonal", N);
    let entry =
        entry.input::<Real>("upper", N).input::<Real>("rhs", N).output::<Real>("x", N).output::<Real>("error", 1);
    let error =
        compiler.compile(&plan(Precision::F32, &Settings::new()), &entry, Architecture(90)).unwrap_err().to_string();
    assert!(error.contains("broken.cuh(13)") && error.contains("b.ration[0] = upper[0] * factor;"), "{error}");
}

#[test]
fn the_same_text_is_compiled_once() {
    let options = GpuOptions { block: Some(64), ..GpuOptions::default() };
    let Some(compiler) = compiler("the_same_text_is_compiled_once", options) else { return };
    let local = plan(Precision::F32, &Settings::new());
    compiler.compile(&local, &entry(), Architecture(90)).unwrap();
    compiler.compile(&local, &entry(), Architecture(90)).unwrap();
    assert_eq!(compiler.compilations(), 1);
    compiler
        .compile(&plan(Precision::F32, &settings! { ratio_location: "shared" }), &entry(), Architecture(90))
        .unwrap();
    assert_eq!(compiler.compilations(), 2);
}

#[test]
fn a_card_newer_than_nvrtc_gets_intermediate_code() {
    let test = "a_card_newer_than_nvrtc_gets_intermediate_code";
    let Some(compiler) = compiler(test, GpuOptions { block: Some(64), ..GpuOptions::default() }) else { return };
    let mut limits = DeviceLimits::typical(Architecture(90)).unwrap();
    limits.architecture = 199;
    let binary = compiler.compile_for(&plan(Precision::F32, &Settings::new()), &entry(), &limits).unwrap();
    let text = String::from_utf8_lossy(binary.image());
    assert!(text.contains(".visible .entry thomas("), "{}", text.chars().take(400).collect::<String>());
}

#[test]
fn a_block_that_just_fits_compiles_with_overlaid_children_and_padding() {
    const BLOCK: usize = 64;
    let options = GpuOptions { block: Some(BLOCK as u32), ..GpuOptions::default() };
    let Some(compiler) = compiler("a_block_that_just_fits_compiles", options) else { return };
    let mut plan = Plan::new(CascadeConfig::new(CascadeInputs { n: CHANNELS }).unwrap(), Precision::F64).unwrap();
    let paths: Vec<String> = plan.layout().buffers().iter().map(|buffer| buffer.path.clone()).collect();
    // A child whose persistent buffers are shared is not overlaid.
    let movable = plan.layout().buffers().iter().filter(|buffer| !buffer.persistent);
    let shared: Settings = movable.map(|buffer| (format!("{}_location", buffer.path), "shared".to_owned())).collect();
    plan.update(&shared, Unknown::Error).unwrap();
    let layout = plan.layout();
    let overlaid = |path: &&String| layout.overlaid_child(layout.get(path).unwrap()).is_some();
    assert!(paths.iter().any(|path| overlaid(&path)), "{paths:?}");
    let needed = u32::try_from(layout.block_shared_bytes(BLOCK).unwrap().get()).unwrap();
    let mut limits = DeviceLimits::typical(Architecture(90)).unwrap();
    limits.shared_per_block_optin = needed;
    let entry = cascade_entry(CHANNELS);
    assert_eq!(compiler.compile_for(&plan, &entry, &limits).unwrap().shared_bytes(), needed);
    limits.shared_per_block_optin = needed - 1;
    let error = compiler.compile_for(&plan, &entry, &limits).unwrap_err();
    let DeviceError::SharedMemory(over) = error else { panic!("{error}") };
    assert_eq!(over.requested, u64::from(needed));
    assert!(over.buffers.iter().all(|buffer| !overlaid(&&buffer.name)), "{over}");
}

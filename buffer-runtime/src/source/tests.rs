use super::*;
use crate::config::{
    AllocatorSource, Buffer, BufferSpec, Buffers, ConfigError, GroupSpec, InputSpec, Member, Merger, PartialSettings,
    Registrar, SettingSpec, SettingsWriter,
};
use crate::element::{ElementSpec, ElementType, Real};
use crate::location::Location;
use crate::plan::Plan;
use crate::settings::{Settings, Unknown};

/// A config without the derive: three buffers, an alias, a launch-time setting.
#[derive(Clone)]
struct Scale {
    n: usize,
    factor: f64,
    doubled: Buffer<Real>,
    count: Buffer<i32>,
    kept: Buffer<Real>,
}

#[derive(Default)]
struct NoSettings;

impl PartialSettings for NoSettings {
    fn write(&self, _: &mut SettingsWriter<'_>) {}
}

const fn buffer(name: &'static str, element: ElementSpec) -> BufferSpec {
    BufferSpec {
        name,
        doc: "",
        element,
        len_text: "n",
        location: Location::Local,
        persistent: false,
        zeroed: false,
        aliases: None,
        live: None,
    }
}

static SPEC: GroupSpec = GroupSpec {
    name: "scale",
    type_name: "Scale",
    doc: "",
    template: Some("scale_step"),
    phases: &[],
    inputs: &[InputSpec { name: "n", doc: "", type_text: "usize", device: true }],
    settings: &[SettingSpec {
        name: "factor",
        field: "factor",
        doc: "",
        type_text: "f64",
        default_text: "2.0",
        range_text: None,
        argument: true,
    }],
    buffers: &[
        buffer("doubled", ElementSpec::Real),
        BufferSpec { aliases: Some("doubled"), ..buffer("count", ElementSpec::Fixed(ElementType::I32)) },
        BufferSpec { persistent: true, zeroed: true, ..buffer("kept", ElementSpec::Real) },
    ],
    children: &[],
    order: &[Member::Buffer(0), Member::Buffer(1), Member::Buffer(2)],
    variants: &[],
};

impl Buffers for Scale {
    type Inputs = usize;
    type Settings = NoSettings;
    type Allocators = ();

    fn spec() -> &'static GroupSpec {
        &SPEC
    }

    fn active_spec(&self) -> &'static GroupSpec {
        &SPEC
    }

    fn create(n: usize) -> Result<Self, ConfigError> {
        Ok(Self { n, factor: 2.0, doubled: Buffer::default(), count: Buffer::default(), kept: Buffer::default() })
    }

    fn merge(&mut self, inputs: Option<usize>, merger: &mut Merger<'_>) -> Result<(), ConfigError> {
        self.n = inputs.unwrap_or(self.n);
        merger.setting(&SPEC.settings[0], &mut self.factor, || 2.0, false, |_| Ok(()))?;
        merger.location(&SPEC.buffers[0], &mut self.doubled)?;
        merger.location(&SPEC.buffers[1], &mut self.count)?;
        merger.location(&SPEC.buffers[2], &mut self.kept)
    }

    fn register(&self, registrar: &mut Registrar<'_>) -> Result<(), ConfigError> {
        registrar.input(&SPEC.inputs[0], &self.n);
        registrar.setting(&SPEC.settings[0], &self.factor);
        registrar.buffer(&SPEC.buffers[0], &self.doubled, |_| self.n)?;
        registrar.buffer(&SPEC.buffers[1], &self.count, |_| self.n)?;
        registrar.buffer(&SPEC.buffers[2], &self.kept, |_| self.n)
    }

    fn allocators(&self, _: &AllocatorSource<'_>) -> Result<(), ConfigError> {
        Ok(())
    }
}

const TEMPLATE: &str = "
template <class Buffers> struct scale_step {
    BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s, const input_array<scalar>& x, const output_array<scalar>& y,
                              const output_array<int>& calls) {
        for (int call = 0; call < 2; ++call) step(f, s, x, y, calls);
    }
    BR_DEVICE static void step(const frame& f, typename Buffers::state_type& s, const input_array<scalar>& x, const output_array<scalar>& y,
                               const output_array<int>& calls) {
        Buffers b(f, s);
        for (int i = 0; i < Buffers::n; ++i) {
            b.doubled[i] = x[i] * b.factor;
            b.kept[i] += b.doubled[i];
            y[i] = b.kept[i];
            b.count[i] = i;
            calls[i] = b.count[i];
        }
    }
};
";

fn entry(n: usize) -> Entry {
    Entry::new("scale")
        .source("scale.cuh", TEMPLATE)
        .input::<Real>("x", n)
        .output::<Real>("y", n)
        .output::<i32>("calls", n)
}

fn plan(settings: &Settings) -> Plan<Scale> {
    let mut plan = Plan::new(Scale::create(3).unwrap(), Precision::F64).unwrap();
    plan.update(settings, Unknown::Error).unwrap();
    plan
}

fn text(plan: &Plan<Scale>, target: Target) -> String {
    let request = SourceRequest {
        tree: plan.tree(),
        layout: plan.layout(),
        precision: plan.precision(),
        entry: &entry(3),
        target: &target,
    };
    generate(request).unwrap().text().to_owned()
}

fn cpu(debug: bool) -> Target {
    Target::Cpu(CpuTarget { vector_bytes: 64, pack: 2, debug, math: MathLibrary::Portable })
}

#[test]
fn the_same_plan_gives_the_same_text() {
    let settings = crate::settings! { doubled_location: "shared" };
    assert_eq!(text(&plan(&settings), cpu(false)), text(&plan(&settings), cpu(false)));
}

#[test]
fn placement_changes_the_array_types_only() {
    let local = text(&plan(&Settings::new()), cpu(false));
    let shared = text(&plan(&crate::settings! { doubled_location: "shared", kept_location: "shared" }), cpu(false));
    for declaration in
        ["local_array<scalar, 3> doubled;", "local_array<int, 3> count;", "persistent_array<scalar, 3> kept;"]
    {
        assert!(local.contains(declaration), "{declaration} in\n{local}");
    }
    for declaration in
        ["shared_array<scalar, 3, 0> doubled;", "shared_array<int, 3, 0> count;", "shared_array<scalar, 3, 24> kept;"]
    {
        assert!(shared.contains(declaration), "{declaration} in\n{shared}");
    }
    assert!(local.contains(TEMPLATE) && shared.contains(TEMPLATE));
}

#[test]
fn launch_time_settings_are_not_in_the_text() {
    let before = text(&plan(&Settings::new()), cpu(false));
    let changed = plan(&crate::settings! { factor: 7.5 });
    assert_eq!(text(&changed, cpu(false)), before);
    assert_eq!(ArgumentBlock::of(changed.tree(), Precision::F64).words(), [7.5_f64.to_bits()]);
    let single = ArgumentBlock::of(changed.tree(), Precision::F32).words()[0].to_ne_bytes();
    assert_eq!(single[..4], 7.5_f32.to_ne_bytes());
}

#[test]
fn user_source_keeps_its_lines() {
    let text = text(&plan(&Settings::new()), cpu(false));
    assert!(text.contains("#line 1 \"scale.cuh\"\n\ntemplate"));
}

#[test]
fn names_that_are_no_identifiers_are_refused() {
    let plan = plan(&Settings::new());
    for (entry, name) in
        [(Entry::new("2fast"), "2fast"), (Entry::new("for"), "for"), (Entry::new("ok").input::<Real>("a b", 1), "a b")]
    {
        let request = SourceRequest {
            tree: plan.tree(),
            layout: plan.layout(),
            precision: Precision::F64,
            entry: &entry,
            target: &cpu(false),
        };
        let error = generate(request).unwrap_err();
        assert!(matches!(&error, SourceError::NotAnIdentifier { name: given, .. } if given == name), "{error}");
    }
}

#[test]
fn the_text_compiles_and_runs_with_every_placement() {
    let device = |debug| {
        let options = crate::CpuOptions { debug, ..Default::default() };
        crate::CpuDevice::with_options(options, crate::cache::CacheOptions { disk: false, ..Default::default() })
            .unwrap()
    };
    let (release, debug) = (device(false), device(true));
    let runs = 77;
    let x: Vec<f64> = (0..3 * runs).map(|i| i as f64).collect();
    for settings in [
        Settings::new(),
        crate::settings! { doubled_location: "shared", factor: 3.0 },
        crate::settings! { doubled_location: "shared", kept_location: "shared" },
        crate::settings! { count_location: "shared" },
    ] {
        let plan = plan(&settings);
        for device in [&release, &debug] {
            let (mut y, mut calls) = (vec![0.0; 3 * runs], vec![-1_i32; 3 * runs]);
            let kernel = device.compile(&plan, &entry(3)).unwrap();
            let launched = kernel.launch(runs, crate::args! { x, y: &mut y, calls: &mut calls }).unwrap();
            let factor = plan.config().factor;
            for (index, value) in y.iter().enumerate() {
                assert_eq!(*value, 2.0 * factor * x[index], "{settings} at {index}");
            }
            assert!(calls.iter().enumerate().all(|(index, call)| *call == (index / runs) as i32));
            drop(launched);
        }
    }
    assert_eq!(release.compilations(), 4);
    release.compile(&plan(&Settings::new()), &entry(3)).unwrap();
    assert_eq!(release.compilations(), 4);
}

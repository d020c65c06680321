//! Names from unusual places: a renamed runtime, raw identifiers, `macro_rules!`, function bodies, generics.

#![deny(warnings)]

extern crate buffer_runtime as renamed;

use buffer_runtime::{Buffer, Buffers, Plan, Precision, Settings, Unknown, settings};

mod reexport {
    pub(crate) mod deep {
        pub(crate) use ::buffer_runtime as runtime;
    }
}

#[derive(Clone, Debug, renamed::Buffers)]
#[buffers(crate = ::renamed)]
struct RenamedConfig {
    #[input]
    n: usize,
    #[child(prefix = "child", with(n))]
    child: ReexportedConfig,
    #[buffer(len = n)]
    a: Buffer,
}

#[derive(Clone, Debug, Buffers)]
#[buffers(crate = crate::reexport::deep::runtime)]
struct ReexportedConfig {
    #[input]
    n: usize,
    #[buffer(len = 2 * n)]
    a: Buffer,
}

#[test]
fn the_runtime_may_have_another_path() {
    let config = RenamedConfig::new(RenamedInputs { n: 2 }).unwrap();
    assert_eq!(config.child.n, 2);
    assert_eq!((config.n, config.a, config.child.a), (2, Buffer::default(), Buffer::default()));
}

#[derive(Clone, Debug, Buffers)]
struct RawConfig {
    #[input]
    r#fn: usize,
    #[setting(default = r#fn + 1)]
    r#type: usize,
    #[setting(default = 1, rename = "where_to")]
    r#where: usize,
    #[buffer(len = r#type * r#fn)]
    r#match: Buffer,
    #[buffer(len = 1, aliases = r#match)]
    r#loop: Buffer,
    #[child(with(r#in = r#fn))]
    r#ref: RawChildConfig,
}

#[derive(Clone, Debug, Buffers)]
struct RawChildConfig {
    #[input]
    r#in: usize,
    #[setting(default = 1)]
    r#use: usize,
}

#[test]
fn raw_identifiers_are_named_without_their_mark() {
    let mut plan = Plan::new(RawConfig::new(RawInputs { r#fn: 3 }).unwrap(), Precision::F64).unwrap();
    let names: Vec<&str> = RawConfig::spec().settings.iter().map(|setting| setting.name).collect();
    assert_eq!(names, ["type", "where_to"]);
    assert_eq!(RawConfig::spec().buffers[1].aliases, Some("match"));
    plan.apply(
        RawSettings::default()
            .r#type(2)
            .r#where(5)
            .match_location(buffer_runtime::Location::Shared)
            .r#ref(|s| s.r#use(2)),
    )
    .unwrap();
    plan.update(&settings! { type: 3, loop_location: "shared" }, Unknown::Error).unwrap();
    let config = plan.config();
    assert_eq!((config.r#type, config.r#where, config.r#ref.r#in, config.r#ref.r#use), (3, 5, 3, 2));
    assert_eq!(plan.allocators().unwrap().r#match.len(), 9);
    assert!(config.r#loop.location().is_some());
}

/// Declares a config whose names, types and expressions come from both sides of the macro.
macro_rules! declare {
    ($name:ident, $inputs:ident, $size:ident, $ty:ty, $len:expr, $default:expr, $child:ty) => {
        #[derive(Clone, Debug, $crate::Runtime)]
        #[buffers(crate = $crate::reexport::deep::runtime)]
        pub(crate) struct $name {
            #[input]
            $size: $ty,
            #[input]
            own: usize,
            #[setting(default = $default + own)]
            width: usize,
            #[buffer(len = $len * own)]
            a: $crate::Buffer<i32>,
            #[buffer(len = own)]
            b: Buffer,
            #[child(prefix = "child", with(n = own))]
            child: $child,
            #[child(prefix = "extra", when = own > 1, with(n = $size))]
            extra: Option<$child>,
        }

        impl $name {
            fn declared(n: usize) -> $inputs {
                $inputs { $size: n, own: 2 }
            }
        }
    };
}
use buffer_runtime::Buffers as Runtime;

declare!(GeneratedConfig, GeneratedInputs, n, usize, n + 1, 2 * n, ReexportedConfig);

#[test]
fn a_config_may_come_from_macro_rules() {
    let plan = Plan::new(GeneratedConfig::new(GeneratedConfig::declared(3)).unwrap(), Precision::F32).unwrap();
    let config = plan.config();
    assert_eq!((config.n, config.own, config.width, config.child.n), (3, 2, 8, 2));
    assert_eq!(config.extra.as_ref().map(|extra| extra.n), Some(3));
    let allocators = plan.allocators().unwrap();
    assert_eq!((allocators.a.len(), allocators.b.len()), ((3 + 1) * 2, 2));
    assert_eq!((config.a, config.b), (Buffer::default(), Buffer::default()));
}

/// Declares a config whose attributes hold values of the macro's caller, which arrive in invisible groups.
macro_rules! declare_with_values {
    ($group:literal, $template:expr, $label:literal, $key:expr, $range:expr, $choices:expr, $check:expr, $length:expr) => {
        #[derive(Clone, Debug, Buffers)]
        #[buffers(name = $group, template = $template, validate = $check)]
        struct ValuesConfig {
            #[input]
            n: usize,
            #[setting(default = 2, range = $range, rename = $key)]
            width: usize,
            #[setting(default = 4, one_of = $choices)]
            order: u32,
            #[child(prefix = $label, with(n))]
            leaf: ReexportedConfig,
            #[buffer(len = $length)]
            fixed: Buffer,
            #[buffer(len = $length - 1, aliases = fixed)]
            alias: Buffer,
        }
    };
}

declare_with_values!("values", "some::step", "inner", "breadth", 1..=4, [2, 4], accept, 3);

fn accept(config: &ValuesConfig) -> Result<(), String> {
    if config.n == 7 { Err("seven".to_owned()) } else { Ok(()) }
}

#[test]
fn attribute_values_may_come_from_macro_rules() {
    let mut config = ValuesConfig::new(ValuesInputs { n: 1 }).unwrap();
    let spec = ValuesConfig::spec();
    assert_eq!((spec.name, spec.template), ("values", Some("some::step")));
    assert_eq!((spec.settings[0].name, spec.settings[0].range_text), ("breadth", Some("1..=4")));
    assert_eq!((spec.settings[1].range_text, spec.children[0].prefix), (Some("one of 2, 4"), Some("inner")));
    config.update(&settings! { breadth: 4, order: 2 }, Unknown::Error).unwrap();
    assert!(config.update(&settings! { breadth: 5 }, Unknown::Error).is_err());
    assert!(config.set_inputs(ValuesInputs { n: 7 }).is_err());
    assert_eq!((config.width, config.order), (4, 2));
}

#[test]
fn a_config_may_stand_in_a_function() {
    #[derive(Clone, Debug, Buffers)]
    struct LocalConfig {
        #[input]
        n: usize,
        #[child(prefix = "child", with(n))]
        child: LocalChildConfig,
        #[buffer(len = n)]
        a: Buffer,
    }
    #[derive(Clone, Debug, Buffers)]
    struct LocalChildConfig {
        #[input]
        n: usize,
        #[buffer(len = n)]
        a: Buffer,
    }
    let config = LocalConfig::new(LocalInputs { n: 4 }).unwrap();
    assert_eq!((config.n, config.child.n, config.a, config.child.a), (4, 4, Buffer::default(), Buffer::default()));
    assert_eq!(LocalConfig::spec().buffers.len(), 1);
}

trait Sizes: Clone + 'static {
    fn size(&self) -> usize;
}

#[derive(Clone)]
struct Three;

impl Sizes for Three {
    fn size(&self) -> usize {
        3
    }
}

#[derive(Clone, Buffers)]
struct LeafConfig<S: Sizes> {
    #[input]
    sizes: S,
    #[buffer(len = sizes.size())]
    a: Buffer,
}

#[derive(Clone, Buffers)]
struct GenericConfig<S: Sizes, C, E: buffer_runtime::Element + Clone, const N: usize>
where
    C: Buffers<Inputs = ReexportedInputs>,
{
    #[input]
    sizes: S,
    #[setting(default = N)]
    width: usize,
    #[child(prefix = "leaf", with(sizes))]
    leaf: LeafConfig<S>,
    #[child(prefix = "chosen", inputs = ReexportedInputs { n: N })]
    chosen: C,
    #[buffer(len = N * sizes.size())]
    a: Buffer<E>,
}

#[derive(Clone, Buffers)]
enum GenericChoiceConfig<S: Sizes> {
    Leaf(LeafConfig<S>),
    Fixed(ReexportedConfig),
}

#[test]
fn configs_may_be_generic() {
    let config = GenericConfig::<Three, ReexportedConfig, f64, 4>::new(GenericInputs { sizes: Three }).unwrap();
    let mut plan = Plan::new(config, Precision::F32).unwrap();
    let settings = GenericSettings::default().width(2).leaf(|leaf| leaf.a_location(buffer_runtime::Location::Shared));
    plan.apply(settings.clone()).unwrap();
    let allocators = plan.allocators().unwrap();
    assert_eq!((allocators.a.len(), allocators.leaf.a.len(), allocators.chosen.a.len()), (12, 3, 8));
    let config = plan.config();
    assert_eq!((config.width, config.sizes.size(), config.leaf.sizes.size()), (2, 3, 3));
    assert!(
        config.chosen.a.location().is_none() && config.a.location().is_none() && config.leaf.a.location().is_some()
    );

    let mut choice = GenericChoiceConfig::from(ReexportedConfig::new(ReexportedInputs { n: 1 }).unwrap());
    choice.set_inputs(GenericChoiceInputs::Leaf(LeafInputs { sizes: Three })).unwrap();
    assert!(matches!(choice, GenericChoiceConfig::Leaf(_)));
    choice.update(&Settings::new(), Unknown::Error).unwrap();
}

//! Expansions compared with files under `snapshots/`, as tokens: spacing is not the subject. `BLESS=1` rewrites them.

use std::path::Path;
use std::{env, fs};

use proc_macro2::TokenStream;
use quote::quote;

use super::super::derive;

fn check(name: &str, input: TokenStream) {
    let expanded = derive(input);
    let file: syn::File = match syn::parse2(expanded.clone()) {
        Ok(file) => file,
        Err(error) => panic!("bug in buffer-macros: the expansion of {name} is not Rust ({error}):\n{expanded}"),
    };
    let pretty = prettyplease::unparse(&file);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/expand/tests/snapshots").join(format!("{name}.rs"));
    if env::var_os("BLESS").is_some() {
        fs::write(&path, &pretty).unwrap();
        return;
    }
    let expected: TokenStream = fs::read_to_string(&path).unwrap_or_default().parse().unwrap();
    let actual: TokenStream = pretty.parse().unwrap();
    assert!(
        expected.to_string() == actual.to_string(),
        "{} differs from the expansion (BLESS=1 rewrites it):\n{pretty}",
        path.display()
    );
}

#[test]
fn dirk() {
    check(
        "dirk",
        quote! {
            /// Compile settings of the diagonally implicit Runge–Kutta step.
            #[derive(Clone, Debug)]
            #[buffers(template = "dirk_step", validate = Self::check)]
            pub struct DirkConfig {
                /// State variables.
                #[input] pub n: usize,
                /// Butcher tableau.
                #[input] pub tableau: DirkTableau,
                /// Warm-start stages from the previous step.
                #[setting(default = false)] pub dense_prediction: bool,
                #[child(prefix = "newton", with(n))] pub newton: NewtonConfig,
                /// Contributions of earlier stages to later ones.
                #[buffer(len = (tableau.stages() - 1) * n)] pub accumulator: Buffer,
                /// Base state of the stage; may reuse the accumulator's space.
                #[buffer(len = n, aliases = accumulator)] pub stage_base: Buffer,
                /// Stage increments of the previous step.
                #[buffer(len = if dense_prediction { tableau.stages() * n } else { 0 }, persistent)] pub history: Buffer,
                /// Newton iterations of the step.
                #[buffer(len = 1, location = shared)] pub iterations: Buffer<i32>,
                /// Solves for the smoothed error in the space of the Newton solver.
                #[child(prefix = "error", aliases = newton, with(n))] pub error: Option<NewtonConfig>,
            }
        },
    );
}

#[test]
fn settings_with_every_bound_and_derived_defaults() {
    check(
        "settings",
        quote! {
            pub(crate) struct ToleranceConfig {
                #[input(device)] order: Order,
                #[setting(default = 1e-6, gt = 0.0, lt = 1.0, argument)] rtol: f64,
                #[setting(default = rtol / 10.0, min = 0.0, max = rtol)] atol: f64,
                #[setting(default = 4 * order.stages(), range = 1..=50)] max_iters: usize,
                #[setting(default = Norm::Max, one_of = [Norm::Max, Norm::Rms], rename = "norm_kind")] norm: Norm,
                #[setting(default = 3, with = checks::odd)] width: u32,
            }
        },
    );
}

#[test]
fn phases_and_conditional_children() {
    check(
        "phases",
        quote! {
            #[buffers(name = "step", phases(predict, solve, finish), crate = crate::runtime, settings = Knobs, inputs = Given, allocators = Places)]
            struct StepConfig {
                #[input] n: usize,
                #[setting(default = true)] adaptive: bool,
                #[buffer(len = n, live = predict..=solve, zeroed)] r#type: Buffer<f64>,
                #[buffer(len = 2 * n, live = finish, aliases = r#type)] error: Buffer,
                #[child(inputs = SolverInputs::Direct(DirectInputs { n }), at = solve)] solver: SolverConfig,
                #[child(when = adaptive && n > 1, with(n = solver.width(), adaptive), prefix = "control")] controller: Option<ControllerConfig>,
            }
        },
    );
}

#[test]
fn enum_of_configs() {
    check(
        "enumeration",
        quote! {
            /// The step of the loop.
            pub enum StepConfig {
                /// Explicit.
                Erk(ErkConfig),
                Dirk(DirkConfig),
            }
        },
    );
}

#[test]
fn generics() {
    check(
        "generics",
        quote! {
            pub struct Config<S: System, C, const N: usize = 3> where C: Buffers, S: Clone {
                #[input] pub system: S,
                #[setting(default = N)] pub width: usize,
                #[child(with(system))] pub child: C,
                #[buffer(len = N)] pub scratch: Buffer,
            }
        },
    );
}

#[test]
fn fallback() {
    check(
        "fallback",
        quote! {
            pub struct BrokenConfig {
                #[input] pub n: usize,
                #[setting] pub width: usize,
                #[buffer(len = n, aliases = missing)] pub scratch: Buffer,
                #[child(wiht(n))] pub child: ChildConfig,
            }
        },
    );
}

//! The derive's output under strict lints, in every visibility.

#![deny(warnings)]
#![deny(
    absolute_paths_not_starting_with_crate,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    keyword_idents,
    let_underscore_drop,
    macro_use_extern_crate,
    meta_variable_misuse,
    missing_abi,
    missing_debug_implementations,
    missing_docs,
    non_ascii_idents,
    non_local_definitions,
    redundant_imports,
    redundant_lifetimes,
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    unit_bindings,
    unreachable_pub,
    unsafe_code,
    unused_import_braces,
    unused_lifetimes,
    unused_macro_rules,
    unused_parens,
    unused_braces,
    unused_qualifications,
    unused_results,
    variant_size_differences,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::shadow_unrelated,
    clippy::missing_docs_in_private_items
)]
// About the visibility that the configs are written with.
#![allow(clippy::redundant_pub_crate)]

/// What a library offers.
pub mod public {
    use buffer_runtime::{Buffer, Buffers};

    /// A child.
    #[derive(Clone, Debug, Buffers)]
    pub struct InnerConfig {
        /// Size.
        #[input]
        pub n: usize,
        /// Width.
        #[setting(default = (2 * n), range = 1..=100)]
        pub width: usize,
        /// Space.
        #[buffer(len = (n + 1) * width)]
        pub scratch: Buffer,
    }

    /// A choice.
    #[derive(Clone, Debug, Buffers)]
    pub enum ChoiceConfig {
        /// The only one.
        Inner(InnerConfig),
    }

    /// Everything at once.
    #[derive(Clone, Debug, Buffers)]
    #[buffers(phases(begin, end), validate = Self::check)]
    pub struct OuterConfig {
        /// Size.
        #[input]
        pub n: usize,
        /// Tolerance.
        #[setting(default = 1e-6, gt = 0.0, lt = 1.0, argument)]
        pub tolerance: f64,
        /// A child.
        #[child(prefix = "inner", with(n), at = begin)]
        pub inner: InnerConfig,
        /// A choice.
        #[child(prefix = "choice", inputs = ChoiceInputs::Inner(InnerInputs { n }))]
        pub choice: ChoiceConfig,
        /// One more.
        #[child(prefix = "extra", when = (n > 1), with(n = (n - 1)))]
        pub extra: Option<InnerConfig>,
        /// State.
        #[buffer(len = n, live = begin..=end)]
        pub state: Buffer,
    }

    impl OuterConfig {
        /// Accepts odd and even.
        const fn check(&self) -> Result<(), &'static str> {
            if self.n == usize::MAX { Err("too large") } else { Ok(()) }
        }
    }
}

/// Configs that nobody outside sees, one of which nobody uses at all.
mod private {
    use buffer_runtime::{Buffer, Buffers};

    /// Used in the test only.
    #[derive(Clone, Debug, Buffers)]
    pub(crate) struct CrateConfig {
        /// Size.
        #[input]
        pub(crate) n: usize,
        /// Width.
        #[setting(default = 1)]
        pub(crate) width: usize,
        /// Child.
        #[child(prefix = "module", with(n))]
        pub(in crate::private) module: ModuleConfig,
        /// Space.
        #[buffer(len = n)]
        pub(crate) scratch: Buffer,
    }

    /// Used as a child only.
    #[derive(Clone, Debug, Buffers)]
    pub(in crate::private) struct ModuleConfig {
        /// Size.
        #[input]
        n: usize,
        /// Space.
        #[buffer(len = n)]
        scratch: Buffer<i32>,
    }
}

#[test]
fn generated_code_is_clean() -> Result<(), buffer_runtime::ConfigError> {
    let outer = public::OuterConfig::new(public::OuterInputs { n: 2 })?;
    assert!(outer.extra.is_some());
    let inner = private::CrateConfig::new(private::CrateInputs { n: 2 })?;
    assert_eq!((inner.n, inner.width, inner.scratch.location()), (2, 1, None));
    Ok(())
}

//! The derive's output stands on its own: no prelude, no imports, names of the standard library taken by others.

#![no_implicit_prelude]
#![deny(warnings)]
#![allow(dead_code)]

/// Everything the expansion could have reached for by a bare name, meaning something else.
mod hostile {
    pub(crate) trait Option {}
    pub(crate) trait Result {}
    pub(crate) trait Clone {}
    pub(crate) trait Default {}
    pub(crate) trait Into {}
    pub(crate) trait From {}
    pub(crate) trait FnOnce {}
    pub(crate) trait Debug {}
    pub(crate) trait Sized {}
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct Ok;
    pub(crate) struct Err;
    pub(crate) trait Buffers {}
    pub(crate) trait PartialSettings {}
    pub(crate) struct Allocator;
    pub(crate) struct Real;
    pub(crate) struct Choice;
    pub(crate) struct Location;
    #[allow(non_camel_case_types)]
    pub(crate) trait usize {}
    #[allow(non_camel_case_types)]
    pub(crate) trait u8 {}
    #[allow(non_camel_case_types)]
    pub(crate) trait str {}
    #[allow(non_camel_case_types)]
    pub(crate) trait bool {}
    pub(crate) mod core {}
    pub(crate) mod std {}
    pub(crate) mod buffer_runtime {}
}

mod configs {
    #[allow(unused_imports)]
    use super::hostile::*;
    use ::buffer_runtime::Buffer;

    #[derive(::core::clone::Clone, ::core::fmt::Debug, ::buffer_runtime::Buffers)]
    pub(crate) struct InnerConfig {
        #[input]
        n: ::core::primitive::usize,
        #[setting(default = 2 * n, range = 1..=100)]
        width: ::core::primitive::usize,
        #[setting(default = 0.5, gt = 0.0, lt = 1.0)]
        factor: ::core::primitive::f64,
        #[setting(default = 4, one_of = [2, 4])]
        order: ::core::primitive::u32,
        #[buffer(len = if width > 1 { n * width } else { 0 }, location = shared)]
        scratch: Buffer,
        #[buffer(len = n, aliases = scratch)]
        flags: Buffer<::core::primitive::i32>,
    }

    #[derive(::core::clone::Clone, ::core::fmt::Debug, ::buffer_runtime::Buffers)]
    pub(crate) enum ChosenConfig {
        Inner(InnerConfig),
    }

    #[derive(::core::clone::Clone, ::core::fmt::Debug, ::buffer_runtime::Buffers)]
    #[buffers(validate = Self::check, phases(begin, end))]
    pub(crate) struct OuterConfig {
        #[input]
        n: ::core::primitive::usize,
        #[child(prefix = "inner", with(n), at = begin)]
        inner: InnerConfig,
        #[child(prefix = "extra", when = n > 2, with(n = n - 1))]
        extra: ::core::option::Option<InnerConfig>,
        #[child(prefix = "chosen", inputs = ChosenInputs::Inner(InnerInputs { n }))]
        chosen: ChosenConfig,
        #[buffer(len = n, live = begin..=end, zeroed)]
        state: Buffer,
    }

    impl OuterConfig {
        fn check(&self) -> ::core::result::Result<(), &'static ::core::primitive::str> {
            if self.n == 7 { ::core::result::Result::Err("seven") } else { ::core::result::Result::Ok(()) }
        }

        pub(crate) fn has_extra(&self) -> ::core::primitive::bool {
            self.extra.is_some()
        }
    }
}

#[::core::prelude::v1::test]
fn the_expansion_works_without_a_prelude() {
    use ::core::clone::Clone;
    let mut config = configs::OuterConfig::new(configs::OuterInputs { n: 3 }).unwrap();
    ::core::assert!(config.has_extra());
    let settings = <configs::OuterSettings as ::core::default::Default>::default()
        .inner(|settings| settings.width(5usize).scratch_location(::buffer_runtime::Location::Local));
    ::core::assert!(config.apply(settings.clone()).unwrap().any());
    config.set_inputs(configs::OuterInputs { n: 1 }).unwrap();
    ::core::assert!(!config.has_extra());
    ::core::assert!(config.set_inputs(configs::OuterInputs { n: 7 }).is_err());
}

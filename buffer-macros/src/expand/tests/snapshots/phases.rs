const _: () = {
    trait __NotAConfig {
        const __INPUTS: &'static [(
            &'static ::core::primitive::str,
            &'static ::core::primitive::str,
        )] = &[];
    }
    impl<T: ?::core::marker::Sized> __NotAConfig for T {}
    const fn __equal(
        a: &[::core::primitive::u8],
        b: &[::core::primitive::u8],
    ) -> ::core::primitive::bool {
        if a.len() != b.len() {
            return false;
        }
        let mut i = 0;
        while i < a.len() {
            if a[i] != b[i] {
                return false;
            }
            i += 1;
        }
        true
    }
    #[track_caller]
    const fn __require(
        required: &[(&::core::primitive::str, &::core::primitive::str)],
        given: &[&::core::primitive::str],
    ) {
        let mut i = 0;
        while i < required.len() {
            let mut k = 0;
            while k < given.len()
                && !__equal(required[i].0.as_bytes(), given[k].as_bytes())
            {
                k += 1;
            }
            if k == given.len() {
                ::core::panic!("{}", required[i].1);
            }
            i += 1;
        }
    }
    const _: () = __require(<ControllerConfig>::__INPUTS, &["n", "adaptive"]);
};
const _: () = crate::runtime::__private::check_child_keys(StepConfig::__KEYS, 0usize);
const _: () = crate::runtime::__private::check_child_keys(StepConfig::__KEYS, 1usize);
///Inputs of [`StepConfig`]: what its owner gives.
struct Given {
    ///The input `n`.
    n: usize,
}
#[automatically_derived]
impl ::core::clone::Clone for Given {
    fn clone(&self) -> Self {
        Self {
            n: ::core::clone::Clone::clone(&self.n),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for Given {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("Given");
        __debug.field("n", &self.n);
        __debug.finish()
    }
}
#[automatically_derived]
#[allow(unused_variables)]
impl StepConfig {
    /// A config with its defaults and its children, validated.
    ///
    /// # Errors
    /// A default outside its range, a failed check across fields, or a length that overflows, here or in a child.
    fn new(inputs: Given) -> ::core::result::Result<Self, crate::runtime::ConfigError> {
        crate::runtime::__private::construct(inputs)
    }
    /// Replaces the inputs; derived defaults and children follow. On error nothing changes.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    fn set_inputs(
        &mut self,
        inputs: Given,
    ) -> ::core::result::Result<(), crate::runtime::ConfigError> {
        crate::runtime::__private::set_inputs(self, inputs)
    }
    /// Sets settings by name, here and in children. On error nothing changes.
    ///
    /// # Errors
    /// A value of the wrong kind or outside its range, a name nobody knows where `unknown` asks for an error, or
    /// what [`new`](Self::new) reports.
    fn update(
        &mut self,
        settings: &crate::runtime::Settings,
        unknown: crate::runtime::Unknown,
    ) -> ::core::result::Result<crate::runtime::Updated, crate::runtime::ConfigError> {
        crate::runtime::__private::update(self, settings, unknown)
    }
    /// Sets the given settings, here and in children. On error nothing changes.
    ///
    /// # Errors
    /// A value outside its range, or what [`new`](Self::new) reports.
    fn apply(
        &mut self,
        settings: Knobs,
    ) -> ::core::result::Result<crate::runtime::Updated, crate::runtime::ConfigError> {
        crate::runtime::__private::apply(self, &settings)
    }
    /**The buffers of this config, as a Markdown table.

| buffer | elements | type | location | lifetime | overlays | contents |
|---|---|---|---|---|---|---|
| `type` | `n` | `f64` | local | call, zeroed, live `predict` to `solve` |  |  |
| `error` | `2 * n` | `Real` | local | call, live in `finish` | `type` |  |
| `solver` |  | `SolverConfig` | child | at `solve` |  |  |
| `controller` |  | `ControllerConfig` | optional child |  |  |  |*/
    const BUFFERS: &'static ::core::primitive::str = "| buffer | elements | type | location | lifetime | overlays | contents |\n|---|---|---|---|---|---|---|\n| `type` | `n` | `f64` | local | call, zeroed, live `predict` to `solve` |  |  |\n| `error` | `2 * n` | `Real` | local | call, live in `finish` | `type` |  |\n| `solver` |  | `SolverConfig` | child | at `solve` |  |  |\n| `controller` |  | `ControllerConfig` | optional child |  |  |  |";
    #[doc(hidden)]
    const __SPEC: &'static crate::runtime::GroupSpec = &crate::runtime::GroupSpec {
        name: "step",
        type_name: "StepConfig",
        doc: "",
        template: ::core::option::Option::None,
        phases: &["predict", "solve", "finish"],
        inputs: &[
            crate::runtime::InputSpec {
                name: "n",
                doc: "",
                type_text: "usize",
                device: true,
            },
        ],
        settings: &[
            crate::runtime::SettingSpec {
                name: "adaptive",
                field: "adaptive",
                doc: "",
                type_text: "bool",
                default_text: "true",
                range_text: ::core::option::Option::None,
                argument: false,
            },
        ],
        buffers: &[
            crate::runtime::BufferSpec {
                name: "type",
                doc: "",
                element: <f64 as crate::runtime::Element>::SPEC,
                len_text: "n",
                location: crate::runtime::Location::Local,
                persistent: false,
                zeroed: true,
                aliases: ::core::option::Option::None,
                live: ::core::option::Option::Some((0usize, 1usize)),
            },
            crate::runtime::BufferSpec {
                name: "error",
                doc: "",
                element: <crate::runtime::Real as crate::runtime::Element>::SPEC,
                len_text: "2 * n",
                location: crate::runtime::Location::Local,
                persistent: false,
                zeroed: false,
                aliases: ::core::option::Option::Some("type"),
                live: ::core::option::Option::Some((2usize, 2usize)),
            },
        ],
        children: &[
            crate::runtime::ChildSpec {
                name: "solver",
                doc: "",
                prefix: ::core::option::Option::None,
                optional: false,
                aliases: ::core::option::Option::None,
                at: ::core::option::Option::Some(1usize),
                spec: <SolverConfig as crate::runtime::Buffers>::spec,
            },
            crate::runtime::ChildSpec {
                name: "controller",
                doc: "",
                prefix: ::core::option::Option::Some("control"),
                optional: true,
                aliases: ::core::option::Option::None,
                at: ::core::option::Option::None,
                spec: <ControllerConfig as crate::runtime::Buffers>::spec,
            },
        ],
        order: &[
            crate::runtime::Member::Buffer(0usize),
            crate::runtime::Member::Buffer(1usize),
            crate::runtime::Member::Child(0usize),
            crate::runtime::Member::Child(1usize),
        ],
        variants: &[],
    };
    #[doc(hidden)]
    const __KEYS: &'static crate::runtime::__private::KeyTree = {
        #[allow(unused_imports)]
        use crate::runtime::__private::Undeclared as _;
        &crate::runtime::__private::KeyTree {
            spec: Self::__SPEC,
            members: &[<SolverConfig>::__KEYS, <ControllerConfig>::__KEYS],
        }
    };
    #[doc(hidden)]
    const __INPUTS: &'static [(
        &'static ::core::primitive::str,
        &'static ::core::primitive::str,
    )] = &[
        (
            "n",
            "`StepConfig` needs the input `n`: write `with(n)` to pass on a field of that name, or `with(n = …)`",
        ),
    ];
}
#[automatically_derived]
impl crate::runtime::Buffers for StepConfig {
    type Inputs = Given;
    type Settings = Knobs;
    type Allocators = Places;
    fn spec() -> &'static crate::runtime::GroupSpec {
        Self::__SPEC
    }
    fn active_spec(&self) -> &'static crate::runtime::GroupSpec {
        Self::__SPEC
    }
    #[allow(unused_variables)]
    fn create(
        __inputs: Self::Inputs,
    ) -> ::core::result::Result<Self, crate::runtime::ConfigError> {
        let n = __inputs.n;
        let adaptive: bool = true;
        let solver = <SolverConfig as crate::runtime::Buffers>::create({
            let __given: <SolverConfig as crate::runtime::Buffers>::Inputs = SolverInputs::Direct(DirectInputs {
                n,
            });
            __given
        })?;
        let controller = {
            let solver = &solver;
            let __present: ::core::primitive::bool = adaptive && n > 1;
            if __present {
                ::core::option::Option::Some(
                    <ControllerConfig as crate::runtime::Buffers>::create({
                        type __Inputs = <ControllerConfig as crate::runtime::Buffers>::Inputs;
                        __Inputs {
                            n: solver.width(),
                            adaptive: ::core::clone::Clone::clone(&adaptive),
                        }
                    })?,
                )
            } else {
                ::core::option::Option::None
            }
        };
        ::core::result::Result::Ok(Self {
            n: n,
            adaptive: adaptive,
            solver: solver,
            controller: controller,
            r#type: ::core::default::Default::default(),
            error: ::core::default::Default::default(),
        })
    }
    #[allow(unused_variables)]
    fn merge(
        &mut self,
        __inputs: ::core::option::Option<Self::Inputs>,
        __merger: &mut crate::runtime::Merger<'_>,
    ) -> ::core::result::Result<(), crate::runtime::ConfigError> {
        if let ::core::option::Option::Some(__inputs) = __inputs {
            self.n = __inputs.n;
        }
        __merger
            .setting::<
                bool,
            >(
                &Self::__SPEC.settings[0usize],
                &mut self.adaptive,
                || true,
                false,
                |_| ::core::result::Result::Ok(()),
            )?;
        __merger.location::<f64>(&Self::__SPEC.buffers[0usize], &mut self.r#type)?;
        __merger
            .location::<
                crate::runtime::Real,
            >(&Self::__SPEC.buffers[1usize], &mut self.error)?;
        {
            let n = self.n;
            let __given = {
                let __given: <SolverConfig as crate::runtime::Buffers>::Inputs = SolverInputs::Direct(DirectInputs {
                    n,
                });
                __given
            };
            __merger
                .child::<
                    SolverConfig,
                >(
                    &Self::__SPEC.children[0usize],
                    &mut self.solver,
                    ::core::option::Option::Some(__given),
                )?;
        }
        {
            let n = self.n;
            let adaptive = self.adaptive;
            let solver = &self.solver;
            let __present: ::core::primitive::bool = adaptive && n > 1;
            __merger
                .optional_child::<
                    ControllerConfig,
                >(
                    &Self::__SPEC.children[1usize],
                    &mut self.controller,
                    ::core::option::Option::Some(__present),
                    || {
                        type __Inputs = <ControllerConfig as crate::runtime::Buffers>::Inputs;
                        __Inputs {
                            n: solver.width(),
                            adaptive: ::core::clone::Clone::clone(&adaptive),
                        }
                    },
                )?;
        }
        ::core::result::Result::Ok(())
    }
    #[allow(unused_variables)]
    fn register(
        &self,
        __registrar: &mut crate::runtime::Registrar<'_>,
    ) -> ::core::result::Result<(), crate::runtime::ConfigError> {
        __registrar.input::<usize>(&Self::__SPEC.inputs[0usize], &self.n);
        __registrar.setting::<bool>(&Self::__SPEC.settings[0usize], &self.adaptive);
        let n = self.n;
        __registrar.buffer(&Self::__SPEC.buffers[0usize], &self.r#type, |__e| n)?;
        __registrar
            .buffer(
                &Self::__SPEC.buffers[1usize],
                &self.error,
                |__e| crate::runtime::__private::mul(2, n, __e),
            )?;
        __registrar
            .child::<
                SolverConfig,
            >(
                &Self::__SPEC.children[0usize],
                ::core::option::Option::Some(&self.solver),
            )?;
        __registrar
            .child::<
                ControllerConfig,
            >(
                &Self::__SPEC.children[1usize],
                ::core::option::Option::as_ref(&self.controller),
            )?;
        ::core::result::Result::Ok(())
    }
    #[allow(unused_variables)]
    fn allocators(
        &self,
        __source: &crate::runtime::AllocatorSource<'_>,
    ) -> ::core::result::Result<Self::Allocators, crate::runtime::ConfigError> {
        ::core::result::Result::Ok(Places {
            r#type: __source.buffer(&Self::__SPEC.buffers[0usize])?,
            error: __source.buffer(&Self::__SPEC.buffers[1usize])?,
            solver: __source
                .child::<SolverConfig>(&Self::__SPEC.children[0usize], &self.solver)?,
            controller: __source
                .optional_child::<
                    ControllerConfig,
                >(
                    &Self::__SPEC.children[1usize],
                    ::core::option::Option::as_ref(&self.controller),
                )?,
        })
    }
}
///Settings of [`StepConfig`] to change: what is not set stays as it is.
struct Knobs {
    adaptive: ::core::option::Option<crate::runtime::Choice<bool>>,
    type_location: ::core::option::Option<
        crate::runtime::Choice<crate::runtime::Location>,
    >,
    error_location: ::core::option::Option<
        crate::runtime::Choice<crate::runtime::Location>,
    >,
    solver: ::core::option::Option<<SolverConfig as crate::runtime::Buffers>::Settings>,
    controller: ::core::option::Option<
        <ControllerConfig as crate::runtime::Buffers>::Settings,
    >,
}
#[automatically_derived]
impl ::core::clone::Clone for Knobs {
    fn clone(&self) -> Self {
        Self {
            adaptive: ::core::clone::Clone::clone(&self.adaptive),
            type_location: ::core::clone::Clone::clone(&self.type_location),
            error_location: ::core::clone::Clone::clone(&self.error_location),
            solver: ::core::clone::Clone::clone(&self.solver),
            controller: ::core::clone::Clone::clone(&self.controller),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for Knobs {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("Knobs");
        __debug.field("adaptive", &self.adaptive);
        __debug.field("type_location", &self.type_location);
        __debug.field("error_location", &self.error_location);
        __debug.field("solver", &self.solver);
        __debug.field("controller", &self.controller);
        __debug.finish()
    }
}
#[automatically_derived]
impl ::core::default::Default for Knobs {
    fn default() -> Self {
        Self {
            adaptive: ::core::option::Option::None,
            type_location: ::core::option::Option::None,
            error_location: ::core::option::Option::None,
            solver: ::core::option::Option::None,
            controller: ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl Knobs {
    /**Sets `adaptive`.

Default: `true`.*/
    #[must_use]
    fn adaptive(
        mut self,
        value: impl ::core::convert::Into<crate::runtime::Choice<bool>>,
    ) -> Self {
        self.adaptive = ::core::option::Option::Some(::core::convert::Into::into(value));
        self
    }
    ///Places the buffer `type`. Default: `local`.
    #[must_use]
    fn type_location(
        mut self,
        location: impl ::core::convert::Into<
            crate::runtime::Choice<crate::runtime::Location>,
        >,
    ) -> Self {
        self.type_location = ::core::option::Option::Some(
            ::core::convert::Into::into(location),
        );
        self
    }
    ///Places the buffer `error`. Default: `local`.
    #[must_use]
    fn error_location(
        mut self,
        location: impl ::core::convert::Into<
            crate::runtime::Choice<crate::runtime::Location>,
        >,
    ) -> Self {
        self.error_location = ::core::option::Option::Some(
            ::core::convert::Into::into(location),
        );
        self
    }
    ///Sets settings of the child `solver`.
    #[must_use]
    fn solver(
        mut self,
        configure: impl ::core::ops::FnOnce(
            <SolverConfig as crate::runtime::Buffers>::Settings,
        ) -> <SolverConfig as crate::runtime::Buffers>::Settings,
    ) -> Self {
        self.solver = ::core::option::Option::Some(
            configure(::core::option::Option::unwrap_or_default(self.solver)),
        );
        self
    }
    ///Sets settings of the child `controller`.
    #[must_use]
    fn controller(
        mut self,
        configure: impl ::core::ops::FnOnce(
            <ControllerConfig as crate::runtime::Buffers>::Settings,
        ) -> <ControllerConfig as crate::runtime::Buffers>::Settings,
    ) -> Self {
        self.controller = ::core::option::Option::Some(
            configure(::core::option::Option::unwrap_or_default(self.controller)),
        );
        self
    }
}
#[automatically_derived]
impl crate::runtime::PartialSettings for Knobs {
    #[allow(unused_variables)]
    fn write(&self, __writer: &mut crate::runtime::SettingsWriter<'_>) {
        __writer.setting::<bool>("adaptive", &self.adaptive);
        __writer.setting("type_location", &self.type_location);
        __writer.setting("error_location", &self.error_location);
        if let ::core::option::Option::Some(__nested) = &self.solver {
            __writer
                .child::<
                    <SolverConfig as crate::runtime::Buffers>::Settings,
                >("solver", __nested);
        }
        if let ::core::option::Option::Some(__nested) = &self.controller {
            __writer
                .child::<
                    <ControllerConfig as crate::runtime::Buffers>::Settings,
                >("controller", __nested);
        }
    }
}
///Where the buffers of [`StepConfig`] lie in a plan's layout.
struct Places {
    ///The buffers of the child `solver`.
    solver: <SolverConfig as crate::runtime::Buffers>::Allocators,
    ///The buffers of the child `controller`.
    controller: ::core::option::Option<
        <ControllerConfig as crate::runtime::Buffers>::Allocators,
    >,
    ///The buffer `type`.
    r#type: crate::runtime::Allocator<f64>,
    ///The buffer `error`.
    error: crate::runtime::Allocator<crate::runtime::Real>,
}
#[automatically_derived]
impl ::core::clone::Clone for Places {
    fn clone(&self) -> Self {
        Self {
            solver: ::core::clone::Clone::clone(&self.solver),
            controller: ::core::clone::Clone::clone(&self.controller),
            r#type: ::core::clone::Clone::clone(&self.r#type),
            error: ::core::clone::Clone::clone(&self.error),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for Places {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("Places");
        __debug.field("solver", &self.solver);
        __debug.field("controller", &self.controller);
        __debug.field("type", &self.r#type);
        __debug.field("error", &self.error);
        __debug.finish()
    }
}

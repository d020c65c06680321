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
    const _: () = __require(<NewtonConfig>::__INPUTS, &["n"]);
    const _: () = __require(<NewtonConfig>::__INPUTS, &["n"]);
};
const _: () = ::buffer_runtime::__private::check_length(
    1,
    "the buffer `iterations` has more elements than `buffer_runtime::MAX_ELEMENTS`: a thread's scratch is small, shorten `len = 1`",
);
const _: () = ::buffer_runtime::__private::check_child_keys(DirkConfig::__KEYS, 0usize);
const _: () = ::buffer_runtime::__private::check_child_keys(DirkConfig::__KEYS, 1usize);
///Inputs of [`DirkConfig`]: what its owner gives.
pub struct DirkInputs {
    ///State variables.
    pub n: usize,
    ///Butcher tableau.
    pub tableau: DirkTableau,
}
#[automatically_derived]
impl ::core::clone::Clone for DirkInputs {
    fn clone(&self) -> Self {
        Self {
            n: ::core::clone::Clone::clone(&self.n),
            tableau: ::core::clone::Clone::clone(&self.tableau),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for DirkInputs
where
    for<'__a> DirkTableau: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("DirkInputs");
        __debug.field("n", &self.n);
        __debug.field("tableau", &self.tableau);
        __debug.finish()
    }
}
#[automatically_derived]
#[allow(unused_variables)]
impl DirkConfig {
    /// A config with its defaults and its children, validated.
    ///
    /// # Errors
    /// A default outside its range, a failed check across fields, or a length that overflows, here or in a child.
    pub fn new(
        inputs: DirkInputs,
    ) -> ::core::result::Result<Self, ::buffer_runtime::ConfigError> {
        ::buffer_runtime::__private::construct(inputs)
    }
    /// Replaces the inputs; derived defaults and children follow. On error nothing changes.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn set_inputs(
        &mut self,
        inputs: DirkInputs,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        ::buffer_runtime::__private::set_inputs(self, inputs)
    }
    /// Sets settings by name, here and in children. On error nothing changes.
    ///
    /// # Errors
    /// A value of the wrong kind or outside its range, a name nobody knows where `unknown` asks for an error, or
    /// what [`new`](Self::new) reports.
    pub fn update(
        &mut self,
        settings: &::buffer_runtime::Settings,
        unknown: ::buffer_runtime::Unknown,
    ) -> ::core::result::Result<
        ::buffer_runtime::Updated,
        ::buffer_runtime::ConfigError,
    > {
        ::buffer_runtime::__private::update(self, settings, unknown)
    }
    /// Sets the given settings, here and in children. On error nothing changes.
    ///
    /// # Errors
    /// A value outside its range, or what [`new`](Self::new) reports.
    pub fn apply(
        &mut self,
        settings: DirkSettings,
    ) -> ::core::result::Result<
        ::buffer_runtime::Updated,
        ::buffer_runtime::ConfigError,
    > {
        ::buffer_runtime::__private::apply(self, &settings)
    }
    /**The buffers of this config, as a Markdown table.

| buffer | elements | type | location | lifetime | overlays | contents |
|---|---|---|---|---|---|---|
| `newton` |  | `NewtonConfig` | child |  |  |  |
| `accumulator` | `(tableau.stages() - 1) * n` | `Real` | local | call |  | Contributions of earlier stages to later ones. |
| `stage_base` | `n` | `Real` | local | call | `accumulator` | Base state of the stage; may reuse the accumulator's space. |
| `history` | `if dense_prediction { tableau.stages() * n } else { 0 }` | `Real` | local | persistent |  | Stage increments of the previous step. |
| `iterations` | `1` | `i32` | shared | call |  | Newton iterations of the step. |
| `error` |  | `NewtonConfig` | optional child |  | `newton` | Solves for the smoothed error in the space of the Newton solver. |*/
    pub const BUFFERS: &'static ::core::primitive::str = "| buffer | elements | type | location | lifetime | overlays | contents |\n|---|---|---|---|---|---|---|\n| `newton` |  | `NewtonConfig` | child |  |  |  |\n| `accumulator` | `(tableau.stages() - 1) * n` | `Real` | local | call |  | Contributions of earlier stages to later ones. |\n| `stage_base` | `n` | `Real` | local | call | `accumulator` | Base state of the stage; may reuse the accumulator's space. |\n| `history` | `if dense_prediction { tableau.stages() * n } else { 0 }` | `Real` | local | persistent |  | Stage increments of the previous step. |\n| `iterations` | `1` | `i32` | shared | call |  | Newton iterations of the step. |\n| `error` |  | `NewtonConfig` | optional child |  | `newton` | Solves for the smoothed error in the space of the Newton solver. |";
    #[doc(hidden)]
    const __SPEC: &'static ::buffer_runtime::GroupSpec = &::buffer_runtime::GroupSpec {
        name: "dirk",
        type_name: "DirkConfig",
        doc: "Compile settings of the diagonally implicit Runge–Kutta step.",
        template: ::core::option::Option::Some("dirk_step"),
        phases: &[],
        inputs: &[
            ::buffer_runtime::InputSpec {
                name: "n",
                doc: "State variables.",
                type_text: "usize",
                device: true,
            },
            ::buffer_runtime::InputSpec {
                name: "tableau",
                doc: "Butcher tableau.",
                type_text: "DirkTableau",
                device: false,
            },
        ],
        settings: &[
            ::buffer_runtime::SettingSpec {
                name: "dense_prediction",
                field: "dense_prediction",
                doc: "Warm-start stages from the previous step.",
                type_text: "bool",
                default_text: "false",
                range_text: ::core::option::Option::None,
                argument: false,
            },
        ],
        buffers: &[
            ::buffer_runtime::BufferSpec {
                name: "accumulator",
                doc: "Contributions of earlier stages to later ones.",
                element: <::buffer_runtime::Real as ::buffer_runtime::Element>::SPEC,
                len_text: "(tableau.stages() - 1) * n",
                location: ::buffer_runtime::Location::Local,
                persistent: false,
                zeroed: false,
                aliases: ::core::option::Option::None,
                live: ::core::option::Option::None,
            },
            ::buffer_runtime::BufferSpec {
                name: "stage_base",
                doc: "Base state of the stage; may reuse the accumulator's space.",
                element: <::buffer_runtime::Real as ::buffer_runtime::Element>::SPEC,
                len_text: "n",
                location: ::buffer_runtime::Location::Local,
                persistent: false,
                zeroed: false,
                aliases: ::core::option::Option::Some("accumulator"),
                live: ::core::option::Option::None,
            },
            ::buffer_runtime::BufferSpec {
                name: "history",
                doc: "Stage increments of the previous step.",
                element: <::buffer_runtime::Real as ::buffer_runtime::Element>::SPEC,
                len_text: "if dense_prediction { tableau.stages() * n } else { 0 }",
                location: ::buffer_runtime::Location::Local,
                persistent: true,
                zeroed: false,
                aliases: ::core::option::Option::None,
                live: ::core::option::Option::None,
            },
            ::buffer_runtime::BufferSpec {
                name: "iterations",
                doc: "Newton iterations of the step.",
                element: <i32 as ::buffer_runtime::Element>::SPEC,
                len_text: "1",
                location: ::buffer_runtime::Location::Shared,
                persistent: false,
                zeroed: false,
                aliases: ::core::option::Option::None,
                live: ::core::option::Option::None,
            },
        ],
        children: &[
            ::buffer_runtime::ChildSpec {
                name: "newton",
                doc: "",
                prefix: ::core::option::Option::Some("newton"),
                optional: false,
                aliases: ::core::option::Option::None,
                at: ::core::option::Option::None,
                spec: <NewtonConfig as ::buffer_runtime::Buffers>::spec,
            },
            ::buffer_runtime::ChildSpec {
                name: "error",
                doc: "Solves for the smoothed error in the space of the Newton solver.",
                prefix: ::core::option::Option::Some("error"),
                optional: true,
                aliases: ::core::option::Option::Some("newton"),
                at: ::core::option::Option::None,
                spec: <NewtonConfig as ::buffer_runtime::Buffers>::spec,
            },
        ],
        order: &[
            ::buffer_runtime::Member::Child(0usize),
            ::buffer_runtime::Member::Buffer(0usize),
            ::buffer_runtime::Member::Buffer(1usize),
            ::buffer_runtime::Member::Buffer(2usize),
            ::buffer_runtime::Member::Buffer(3usize),
            ::buffer_runtime::Member::Child(1usize),
        ],
        variants: &[],
    };
    #[doc(hidden)]
    pub const __KEYS: &'static ::buffer_runtime::__private::KeyTree = {
        #[allow(unused_imports)]
        use ::buffer_runtime::__private::Undeclared as _;
        &::buffer_runtime::__private::KeyTree {
            spec: Self::__SPEC,
            members: &[<NewtonConfig>::__KEYS, <NewtonConfig>::__KEYS],
        }
    };
    #[doc(hidden)]
    pub const __INPUTS: &'static [(
        &'static ::core::primitive::str,
        &'static ::core::primitive::str,
    )] = &[
        (
            "n",
            "`DirkConfig` needs the input `n`: write `with(n)` to pass on a field of that name, or `with(n = …)`",
        ),
        (
            "tableau",
            "`DirkConfig` needs the input `tableau`: write `with(tableau)` to pass on a field of that name, or `with(tableau = …)`",
        ),
    ];
}
#[automatically_derived]
impl ::buffer_runtime::Buffers for DirkConfig {
    type Inputs = DirkInputs;
    type Settings = DirkSettings;
    type Allocators = DirkAllocators;
    fn spec() -> &'static ::buffer_runtime::GroupSpec {
        Self::__SPEC
    }
    fn active_spec(&self) -> &'static ::buffer_runtime::GroupSpec {
        Self::__SPEC
    }
    #[allow(unused_variables)]
    fn create(
        __inputs: Self::Inputs,
    ) -> ::core::result::Result<Self, ::buffer_runtime::ConfigError> {
        let n = __inputs.n;
        let tableau = __inputs.tableau;
        let dense_prediction: bool = false;
        let newton = <NewtonConfig as ::buffer_runtime::Buffers>::create({
            type __Inputs = <NewtonConfig as ::buffer_runtime::Buffers>::Inputs;
            __Inputs {
                n: ::core::clone::Clone::clone(&n),
            }
        })?;
        let error = ::core::option::Option::None;
        ::core::result::Result::Ok(Self {
            n: n,
            tableau: tableau,
            dense_prediction: dense_prediction,
            newton: newton,
            error: error,
            accumulator: ::core::default::Default::default(),
            stage_base: ::core::default::Default::default(),
            history: ::core::default::Default::default(),
            iterations: ::core::default::Default::default(),
        })
    }
    #[allow(unused_variables)]
    fn merge(
        &mut self,
        __inputs: ::core::option::Option<Self::Inputs>,
        __merger: &mut ::buffer_runtime::Merger<'_>,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        if let ::core::option::Option::Some(__inputs) = __inputs {
            self.n = __inputs.n;
            self.tableau = __inputs.tableau;
        }
        __merger
            .setting::<
                bool,
            >(
                &Self::__SPEC.settings[0usize],
                &mut self.dense_prediction,
                || false,
                false,
                |_| ::core::result::Result::Ok(()),
            )?;
        __merger
            .location::<
                ::buffer_runtime::Real,
            >(&Self::__SPEC.buffers[0usize], &mut self.accumulator)?;
        __merger
            .location::<
                ::buffer_runtime::Real,
            >(&Self::__SPEC.buffers[1usize], &mut self.stage_base)?;
        __merger
            .location::<
                ::buffer_runtime::Real,
            >(&Self::__SPEC.buffers[2usize], &mut self.history)?;
        __merger.location::<i32>(&Self::__SPEC.buffers[3usize], &mut self.iterations)?;
        {
            let n = self.n;
            let __given = {
                type __Inputs = <NewtonConfig as ::buffer_runtime::Buffers>::Inputs;
                __Inputs {
                    n: ::core::clone::Clone::clone(&n),
                }
            };
            __merger
                .child::<
                    NewtonConfig,
                >(
                    &Self::__SPEC.children[0usize],
                    &mut self.newton,
                    ::core::option::Option::Some(__given),
                )?;
        }
        {
            let n = self.n;
            __merger
                .optional_child::<
                    NewtonConfig,
                >(
                    &Self::__SPEC.children[1usize],
                    &mut self.error,
                    ::core::option::Option::None,
                    || {
                        type __Inputs = <NewtonConfig as ::buffer_runtime::Buffers>::Inputs;
                        __Inputs {
                            n: ::core::clone::Clone::clone(&n),
                        }
                    },
                )?;
        }
        __merger.check(Self::check(&*self))
    }
    #[allow(unused_variables)]
    fn register(
        &self,
        __registrar: &mut ::buffer_runtime::Registrar<'_>,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        __registrar.input::<usize>(&Self::__SPEC.inputs[0usize], &self.n);
        __registrar
            .setting::<bool>(&Self::__SPEC.settings[0usize], &self.dense_prediction);
        let n = self.n;
        let tableau = &self.tableau;
        let dense_prediction = self.dense_prediction;
        __registrar
            .child::<
                NewtonConfig,
            >(
                &Self::__SPEC.children[0usize],
                ::core::option::Option::Some(&self.newton),
            )?;
        __registrar
            .buffer(
                &Self::__SPEC.buffers[0usize],
                &self.accumulator,
                |__e| ::buffer_runtime::__private::mul(
                    ::buffer_runtime::__private::sub(tableau.stages(), 1, __e),
                    n,
                    __e,
                ),
            )?;
        __registrar.buffer(&Self::__SPEC.buffers[1usize], &self.stage_base, |__e| n)?;
        __registrar
            .buffer(
                &Self::__SPEC.buffers[2usize],
                &self.history,
                |__e| {
                    if dense_prediction {
                        ::buffer_runtime::__private::mul(tableau.stages(), n, __e)
                    } else {
                        0
                    }
                },
            )?;
        __registrar.buffer(&Self::__SPEC.buffers[3usize], &self.iterations, |__e| 1)?;
        __registrar
            .child::<
                NewtonConfig,
            >(
                &Self::__SPEC.children[1usize],
                ::core::option::Option::as_ref(&self.error),
            )?;
        ::core::result::Result::Ok(())
    }
    #[allow(unused_variables)]
    fn allocators(
        &self,
        __source: &::buffer_runtime::AllocatorSource<'_>,
    ) -> ::core::result::Result<Self::Allocators, ::buffer_runtime::ConfigError> {
        ::core::result::Result::Ok(DirkAllocators {
            accumulator: __source.buffer(&Self::__SPEC.buffers[0usize])?,
            stage_base: __source.buffer(&Self::__SPEC.buffers[1usize])?,
            history: __source.buffer(&Self::__SPEC.buffers[2usize])?,
            iterations: __source.buffer(&Self::__SPEC.buffers[3usize])?,
            newton: __source
                .child::<NewtonConfig>(&Self::__SPEC.children[0usize], &self.newton)?,
            error: __source
                .optional_child::<
                    NewtonConfig,
                >(
                    &Self::__SPEC.children[1usize],
                    ::core::option::Option::as_ref(&self.error),
                )?,
        })
    }
}
///Settings of [`DirkConfig`] to change: what is not set stays as it is.
pub struct DirkSettings {
    dense_prediction: ::core::option::Option<::buffer_runtime::Choice<bool>>,
    accumulator_location: ::core::option::Option<
        ::buffer_runtime::Choice<::buffer_runtime::Location>,
    >,
    stage_base_location: ::core::option::Option<
        ::buffer_runtime::Choice<::buffer_runtime::Location>,
    >,
    history_location: ::core::option::Option<
        ::buffer_runtime::Choice<::buffer_runtime::Location>,
    >,
    iterations_location: ::core::option::Option<
        ::buffer_runtime::Choice<::buffer_runtime::Location>,
    >,
    newton: ::core::option::Option<
        <NewtonConfig as ::buffer_runtime::Buffers>::Settings,
    >,
    error: ::core::option::Option<<NewtonConfig as ::buffer_runtime::Buffers>::Settings>,
}
#[automatically_derived]
impl ::core::clone::Clone for DirkSettings {
    fn clone(&self) -> Self {
        Self {
            dense_prediction: ::core::clone::Clone::clone(&self.dense_prediction),
            accumulator_location: ::core::clone::Clone::clone(
                &self.accumulator_location,
            ),
            stage_base_location: ::core::clone::Clone::clone(&self.stage_base_location),
            history_location: ::core::clone::Clone::clone(&self.history_location),
            iterations_location: ::core::clone::Clone::clone(&self.iterations_location),
            newton: ::core::clone::Clone::clone(&self.newton),
            error: ::core::clone::Clone::clone(&self.error),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for DirkSettings {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("DirkSettings");
        __debug.field("dense_prediction", &self.dense_prediction);
        __debug.field("accumulator_location", &self.accumulator_location);
        __debug.field("stage_base_location", &self.stage_base_location);
        __debug.field("history_location", &self.history_location);
        __debug.field("iterations_location", &self.iterations_location);
        __debug.field("newton", &self.newton);
        __debug.field("error", &self.error);
        __debug.finish()
    }
}
#[automatically_derived]
impl ::core::default::Default for DirkSettings {
    fn default() -> Self {
        Self {
            dense_prediction: ::core::option::Option::None,
            accumulator_location: ::core::option::Option::None,
            stage_base_location: ::core::option::Option::None,
            history_location: ::core::option::Option::None,
            iterations_location: ::core::option::Option::None,
            newton: ::core::option::Option::None,
            error: ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl DirkSettings {
    /**Warm-start stages from the previous step.

Default: `false`.*/
    #[must_use]
    pub fn dense_prediction(
        mut self,
        value: impl ::core::convert::Into<::buffer_runtime::Choice<bool>>,
    ) -> Self {
        self.dense_prediction = ::core::option::Option::Some(
            ::core::convert::Into::into(value),
        );
        self
    }
    /**Places the buffer `accumulator`. Default: `local`.

Contributions of earlier stages to later ones.*/
    #[must_use]
    pub fn accumulator_location(
        mut self,
        location: impl ::core::convert::Into<
            ::buffer_runtime::Choice<::buffer_runtime::Location>,
        >,
    ) -> Self {
        self.accumulator_location = ::core::option::Option::Some(
            ::core::convert::Into::into(location),
        );
        self
    }
    /**Places the buffer `stage_base`. Default: `local`.

Base state of the stage; may reuse the accumulator's space.*/
    #[must_use]
    pub fn stage_base_location(
        mut self,
        location: impl ::core::convert::Into<
            ::buffer_runtime::Choice<::buffer_runtime::Location>,
        >,
    ) -> Self {
        self.stage_base_location = ::core::option::Option::Some(
            ::core::convert::Into::into(location),
        );
        self
    }
    /**Places the buffer `history`. Default: `local`.

Stage increments of the previous step.*/
    #[must_use]
    pub fn history_location(
        mut self,
        location: impl ::core::convert::Into<
            ::buffer_runtime::Choice<::buffer_runtime::Location>,
        >,
    ) -> Self {
        self.history_location = ::core::option::Option::Some(
            ::core::convert::Into::into(location),
        );
        self
    }
    /**Places the buffer `iterations`. Default: `shared`.

Newton iterations of the step.*/
    #[must_use]
    pub fn iterations_location(
        mut self,
        location: impl ::core::convert::Into<
            ::buffer_runtime::Choice<::buffer_runtime::Location>,
        >,
    ) -> Self {
        self.iterations_location = ::core::option::Option::Some(
            ::core::convert::Into::into(location),
        );
        self
    }
    ///Sets settings of the child `newton`.
    #[must_use]
    pub fn newton(
        mut self,
        configure: impl ::core::ops::FnOnce(
            <NewtonConfig as ::buffer_runtime::Buffers>::Settings,
        ) -> <NewtonConfig as ::buffer_runtime::Buffers>::Settings,
    ) -> Self {
        self.newton = ::core::option::Option::Some(
            configure(::core::option::Option::unwrap_or_default(self.newton)),
        );
        self
    }
    /**Sets settings of the child `error`.

Solves for the smoothed error in the space of the Newton solver.*/
    #[must_use]
    pub fn error(
        mut self,
        configure: impl ::core::ops::FnOnce(
            <NewtonConfig as ::buffer_runtime::Buffers>::Settings,
        ) -> <NewtonConfig as ::buffer_runtime::Buffers>::Settings,
    ) -> Self {
        self.error = ::core::option::Option::Some(
            configure(::core::option::Option::unwrap_or_default(self.error)),
        );
        self
    }
}
#[automatically_derived]
impl ::buffer_runtime::PartialSettings for DirkSettings {
    #[allow(unused_variables)]
    fn write(&self, __writer: &mut ::buffer_runtime::SettingsWriter<'_>) {
        __writer.setting::<bool>("dense_prediction", &self.dense_prediction);
        __writer.setting("accumulator_location", &self.accumulator_location);
        __writer.setting("stage_base_location", &self.stage_base_location);
        __writer.setting("history_location", &self.history_location);
        __writer.setting("iterations_location", &self.iterations_location);
        if let ::core::option::Option::Some(__nested) = &self.newton {
            __writer
                .child::<
                    <NewtonConfig as ::buffer_runtime::Buffers>::Settings,
                >("newton", __nested);
        }
        if let ::core::option::Option::Some(__nested) = &self.error {
            __writer
                .child::<
                    <NewtonConfig as ::buffer_runtime::Buffers>::Settings,
                >("error", __nested);
        }
    }
}
///Where the buffers of [`DirkConfig`] lie in a plan's layout.
pub struct DirkAllocators {
    ///The buffers of the child `newton`.
    pub newton: <NewtonConfig as ::buffer_runtime::Buffers>::Allocators,
    ///Solves for the smoothed error in the space of the Newton solver.
    pub error: ::core::option::Option<
        <NewtonConfig as ::buffer_runtime::Buffers>::Allocators,
    >,
    ///Contributions of earlier stages to later ones.
    pub accumulator: ::buffer_runtime::Allocator<::buffer_runtime::Real>,
    ///Base state of the stage; may reuse the accumulator's space.
    pub stage_base: ::buffer_runtime::Allocator<::buffer_runtime::Real>,
    ///Stage increments of the previous step.
    pub history: ::buffer_runtime::Allocator<::buffer_runtime::Real>,
    ///Newton iterations of the step.
    pub iterations: ::buffer_runtime::Allocator<i32>,
}
#[automatically_derived]
impl ::core::clone::Clone for DirkAllocators {
    fn clone(&self) -> Self {
        Self {
            newton: ::core::clone::Clone::clone(&self.newton),
            error: ::core::clone::Clone::clone(&self.error),
            accumulator: ::core::clone::Clone::clone(&self.accumulator),
            stage_base: ::core::clone::Clone::clone(&self.stage_base),
            history: ::core::clone::Clone::clone(&self.history),
            iterations: ::core::clone::Clone::clone(&self.iterations),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for DirkAllocators {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("DirkAllocators");
        __debug.field("newton", &self.newton);
        __debug.field("error", &self.error);
        __debug.field("accumulator", &self.accumulator);
        __debug.field("stage_base", &self.stage_base);
        __debug.field("history", &self.history);
        __debug.field("iterations", &self.iterations);
        __debug.finish()
    }
}

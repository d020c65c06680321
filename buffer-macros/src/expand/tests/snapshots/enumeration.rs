///Inputs of [`StepConfig`]: the choice of a variant, and what its config needs.
#[allow(dead_code)]
pub enum StepInputs {
    ///Inputs of the variant `Erk`.
    Erk(<ErkConfig as ::buffer_runtime::Buffers>::Inputs),
    ///Inputs of the variant `Dirk`.
    Dirk(<DirkConfig as ::buffer_runtime::Buffers>::Inputs),
}
#[automatically_derived]
impl ::core::clone::Clone for StepInputs {
    fn clone(&self) -> Self {
        match self {
            Self::Erk(inner) => Self::Erk(::core::clone::Clone::clone(inner)),
            Self::Dirk(inner) => Self::Dirk(::core::clone::Clone::clone(inner)),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for StepInputs {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Erk(inner) => f.debug_tuple("Erk").field(inner).finish(),
            Self::Dirk(inner) => f.debug_tuple("Dirk").field(inner).finish(),
        }
    }
}
#[automatically_derived]
#[allow(unused_variables)]
impl StepConfig {
    /// A config with its defaults and its children, validated.
    ///
    /// # Errors
    /// A default outside its range, a failed check across fields, or a length that overflows, here or in a child.
    pub fn new(
        inputs: StepInputs,
    ) -> ::core::result::Result<Self, ::buffer_runtime::ConfigError> {
        ::buffer_runtime::__private::construct(inputs)
    }
    /// Replaces the inputs; derived defaults and children follow. On error nothing changes.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn set_inputs(
        &mut self,
        inputs: StepInputs,
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
        settings: StepSettings,
    ) -> ::core::result::Result<
        ::buffer_runtime::Updated,
        ::buffer_runtime::ConfigError,
    > {
        ::buffer_runtime::__private::apply(self, &settings)
    }
    #[doc(hidden)]
    const __SPEC: &'static ::buffer_runtime::GroupSpec = &::buffer_runtime::GroupSpec {
        name: "step",
        type_name: "StepConfig",
        doc: "The step of the loop.",
        template: ::core::option::Option::None,
        phases: &[],
        inputs: &[],
        settings: &[],
        buffers: &[],
        children: &[],
        order: &[],
        variants: &[
            ::buffer_runtime::VariantSpec {
                name: "erk",
                doc: "Explicit.",
                spec: <ErkConfig as ::buffer_runtime::Buffers>::spec,
            },
            ::buffer_runtime::VariantSpec {
                name: "dirk",
                doc: "",
                spec: <DirkConfig as ::buffer_runtime::Buffers>::spec,
            },
        ],
    };
    #[doc(hidden)]
    pub const __KEYS: &'static ::buffer_runtime::__private::KeyTree = {
        #[allow(unused_imports)]
        use ::buffer_runtime::__private::Undeclared as _;
        &::buffer_runtime::__private::KeyTree {
            spec: Self::__SPEC,
            members: &[<ErkConfig>::__KEYS, <DirkConfig>::__KEYS],
        }
    };
    #[doc(hidden)]
    pub const __INPUTS: &'static [(
        &'static ::core::primitive::str,
        &'static ::core::primitive::str,
    )] = &[
        (
            "",
            "`StepConfig` is an enum: choose the variant and its inputs with `inputs = StepInputs::Erk(…)`",
        ),
    ];
}
#[automatically_derived]
impl ::buffer_runtime::Buffers for StepConfig {
    type Inputs = StepInputs;
    type Settings = StepSettings;
    type Allocators = StepAllocators;
    fn spec() -> &'static ::buffer_runtime::GroupSpec {
        Self::__SPEC
    }
    fn active_spec(&self) -> &'static ::buffer_runtime::GroupSpec {
        match self {
            Self::Erk(__config) => {
                <ErkConfig as ::buffer_runtime::Buffers>::active_spec(__config)
            }
            Self::Dirk(__config) => {
                <DirkConfig as ::buffer_runtime::Buffers>::active_spec(__config)
            }
        }
    }
    fn create(
        __inputs: Self::Inputs,
    ) -> ::core::result::Result<Self, ::buffer_runtime::ConfigError> {
        ::core::result::Result::Ok(
            match __inputs {
                StepInputs::Erk(__inputs) => {
                    Self::Erk(
                        <ErkConfig as ::buffer_runtime::Buffers>::create(__inputs)?,
                    )
                }
                StepInputs::Dirk(__inputs) => {
                    Self::Dirk(
                        <DirkConfig as ::buffer_runtime::Buffers>::create(__inputs)?,
                    )
                }
            },
        )
    }
    fn merge(
        &mut self,
        __inputs: ::core::option::Option<Self::Inputs>,
        __merger: &mut ::buffer_runtime::Merger<'_>,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        let __merged = match (&mut *self, __inputs) {
            (
                Self::Erk(__config),
                ::core::option::Option::Some(StepInputs::Erk(__inputs)),
            ) => {
                <ErkConfig as ::buffer_runtime::Buffers>::merge(
                    __config,
                    ::core::option::Option::Some(__inputs),
                    __merger,
                )
            }
            (Self::Erk(__config), ::core::option::Option::None) => {
                <ErkConfig as ::buffer_runtime::Buffers>::merge(
                    __config,
                    ::core::option::Option::None,
                    __merger,
                )
            }
            (
                Self::Dirk(__config),
                ::core::option::Option::Some(StepInputs::Dirk(__inputs)),
            ) => {
                <DirkConfig as ::buffer_runtime::Buffers>::merge(
                    __config,
                    ::core::option::Option::Some(__inputs),
                    __merger,
                )
            }
            (Self::Dirk(__config), ::core::option::Option::None) => {
                <DirkConfig as ::buffer_runtime::Buffers>::merge(
                    __config,
                    ::core::option::Option::None,
                    __merger,
                )
            }
            #[allow(unreachable_patterns)]
            (__config, ::core::option::Option::Some(__inputs)) => {
                *__config = <Self as ::buffer_runtime::Buffers>::create(__inputs)?;
                match __config {
                    Self::Erk(__config) => {
                        <ErkConfig as ::buffer_runtime::Buffers>::merge(
                            __config,
                            ::core::option::Option::None,
                            __merger,
                        )
                    }
                    Self::Dirk(__config) => {
                        <DirkConfig as ::buffer_runtime::Buffers>::merge(
                            __config,
                            ::core::option::Option::None,
                            __merger,
                        )
                    }
                }
            }
        };
        __merged
    }
    fn register(
        &self,
        __registrar: &mut ::buffer_runtime::Registrar<'_>,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        match self {
            Self::Erk(__config) => {
                <ErkConfig as ::buffer_runtime::Buffers>::register(__config, __registrar)
            }
            Self::Dirk(__config) => {
                <DirkConfig as ::buffer_runtime::Buffers>::register(
                    __config,
                    __registrar,
                )
            }
        }
    }
    fn allocators(
        &self,
        __source: &::buffer_runtime::AllocatorSource<'_>,
    ) -> ::core::result::Result<Self::Allocators, ::buffer_runtime::ConfigError> {
        ::core::result::Result::Ok(
            match self {
                Self::Erk(__config) => {
                    StepAllocators::Erk(
                        <ErkConfig as ::buffer_runtime::Buffers>::allocators(
                            __config,
                            __source,
                        )?,
                    )
                }
                Self::Dirk(__config) => {
                    StepAllocators::Dirk(
                        <DirkConfig as ::buffer_runtime::Buffers>::allocators(
                            __config,
                            __source,
                        )?,
                    )
                }
            },
        )
    }
}
#[automatically_derived]
impl ::core::convert::From<ErkConfig> for StepConfig {
    fn from(config: ErkConfig) -> Self {
        Self::Erk(config)
    }
}
#[automatically_derived]
impl ::core::convert::From<DirkConfig> for StepConfig {
    fn from(config: DirkConfig) -> Self {
        Self::Dirk(config)
    }
}
///Settings of [`StepConfig`] to change: what is not set stays as it is.
pub struct StepSettings {
    erk: ::core::option::Option<<ErkConfig as ::buffer_runtime::Buffers>::Settings>,
    dirk: ::core::option::Option<<DirkConfig as ::buffer_runtime::Buffers>::Settings>,
}
#[automatically_derived]
impl ::core::clone::Clone for StepSettings {
    fn clone(&self) -> Self {
        Self {
            erk: ::core::clone::Clone::clone(&self.erk),
            dirk: ::core::clone::Clone::clone(&self.dirk),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for StepSettings {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("StepSettings");
        __debug.field("erk", &self.erk);
        __debug.field("dirk", &self.dirk);
        __debug.finish()
    }
}
#[automatically_derived]
impl ::core::default::Default for StepSettings {
    fn default() -> Self {
        Self {
            erk: ::core::option::Option::None,
            dirk: ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl StepSettings {
    /**Sets settings of the variant `Erk`, which a plan keeps for when it is chosen.

Explicit.*/
    #[must_use]
    pub fn erk(
        mut self,
        configure: impl ::core::ops::FnOnce(
            <ErkConfig as ::buffer_runtime::Buffers>::Settings,
        ) -> <ErkConfig as ::buffer_runtime::Buffers>::Settings,
    ) -> Self {
        self.erk = ::core::option::Option::Some(
            configure(::core::option::Option::unwrap_or_default(self.erk)),
        );
        self
    }
    ///Sets settings of the variant `Dirk`, which a plan keeps for when it is chosen.
    #[must_use]
    pub fn dirk(
        mut self,
        configure: impl ::core::ops::FnOnce(
            <DirkConfig as ::buffer_runtime::Buffers>::Settings,
        ) -> <DirkConfig as ::buffer_runtime::Buffers>::Settings,
    ) -> Self {
        self.dirk = ::core::option::Option::Some(
            configure(::core::option::Option::unwrap_or_default(self.dirk)),
        );
        self
    }
}
#[automatically_derived]
impl ::buffer_runtime::PartialSettings for StepSettings {
    #[allow(unused_variables)]
    fn write(&self, __writer: &mut ::buffer_runtime::SettingsWriter<'_>) {
        if let ::core::option::Option::Some(__nested) = &self.erk {
            __writer
                .variant::<<ErkConfig as ::buffer_runtime::Buffers>::Settings>(__nested);
        }
        if let ::core::option::Option::Some(__nested) = &self.dirk {
            __writer
                .variant::<
                    <DirkConfig as ::buffer_runtime::Buffers>::Settings,
                >(__nested);
        }
    }
}
///Where the buffers of the chosen variant of [`StepConfig`] lie in a plan's layout.
#[allow(dead_code)]
pub enum StepAllocators {
    ///Explicit.
    Erk(<ErkConfig as ::buffer_runtime::Buffers>::Allocators),
    ///The buffers of the variant `Dirk`.
    Dirk(<DirkConfig as ::buffer_runtime::Buffers>::Allocators),
}
#[automatically_derived]
impl ::core::clone::Clone for StepAllocators {
    fn clone(&self) -> Self {
        match self {
            Self::Erk(inner) => Self::Erk(::core::clone::Clone::clone(inner)),
            Self::Dirk(inner) => Self::Dirk(::core::clone::Clone::clone(inner)),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for StepAllocators {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        match self {
            Self::Erk(inner) => f.debug_tuple("Erk").field(inner).finish(),
            Self::Dirk(inner) => f.debug_tuple("Dirk").field(inner).finish(),
        }
    }
}

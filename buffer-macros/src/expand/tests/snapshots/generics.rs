///Inputs of [`Config`]: what its owner gives.
pub struct ConfigInputs<S: System>
where
    S: Clone,
{
    ///The input `system`.
    pub system: S,
}
#[automatically_derived]
impl<S: System> ::core::clone::Clone for ConfigInputs<S>
where
    S: Clone,
    S: ::core::clone::Clone,
{
    fn clone(&self) -> Self {
        Self {
            system: ::core::clone::Clone::clone(&self.system),
        }
    }
}
#[automatically_derived]
impl<S: System> ::core::fmt::Debug for ConfigInputs<S>
where
    S: Clone,
    S: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("ConfigInputs");
        __debug.field("system", &self.system);
        __debug.finish()
    }
}
#[automatically_derived]
#[allow(unused_variables)]
impl<S: System, C, const N: usize> Config<S, C, N>
where
    C: Buffers,
    S: Clone,
{
    /// A config with its defaults and its children, validated.
    ///
    /// # Errors
    /// A default outside its range, a failed check across fields, or a length that overflows, here or in a child.
    pub fn new(
        inputs: ConfigInputs<S>,
    ) -> ::core::result::Result<Self, ::buffer_runtime::ConfigError> {
        ::buffer_runtime::__private::construct(inputs)
    }
    /// Replaces the inputs; derived defaults and children follow. On error nothing changes.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn set_inputs(
        &mut self,
        inputs: ConfigInputs<S>,
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
        settings: ConfigSettings<C>,
    ) -> ::core::result::Result<
        ::buffer_runtime::Updated,
        ::buffer_runtime::ConfigError,
    > {
        ::buffer_runtime::__private::apply(self, &settings)
    }
    /**The buffers of this config, as a Markdown table.

| buffer | elements | type | location | lifetime | overlays | contents |
|---|---|---|---|---|---|---|
| `child` |  | `C` | child |  |  |  |
| `scratch` | `N` | `Real` | local | call |  |  |*/
    pub const BUFFERS: &'static ::core::primitive::str = "| buffer | elements | type | location | lifetime | overlays | contents |\n|---|---|---|---|---|---|---|\n| `child` |  | `C` | child |  |  |  |\n| `scratch` | `N` | `Real` | local | call |  |  |";
    #[doc(hidden)]
    const __SPEC: &'static ::buffer_runtime::GroupSpec = &::buffer_runtime::GroupSpec {
        name: "config",
        type_name: "Config",
        doc: "",
        template: ::core::option::Option::None,
        phases: &[],
        inputs: &[
            ::buffer_runtime::InputSpec {
                name: "system",
                doc: "",
                type_text: "S",
                device: false,
            },
        ],
        settings: &[
            ::buffer_runtime::SettingSpec {
                name: "width",
                field: "width",
                doc: "",
                type_text: "usize",
                default_text: "N",
                range_text: ::core::option::Option::None,
                argument: false,
            },
        ],
        buffers: &[
            ::buffer_runtime::BufferSpec {
                name: "scratch",
                doc: "",
                element: <::buffer_runtime::Real as ::buffer_runtime::Element>::SPEC,
                len_text: "N",
                location: ::buffer_runtime::Location::Local,
                persistent: false,
                zeroed: false,
                aliases: ::core::option::Option::None,
                live: ::core::option::Option::None,
            },
        ],
        children: &[
            ::buffer_runtime::ChildSpec {
                name: "child",
                doc: "",
                prefix: ::core::option::Option::None,
                optional: false,
                aliases: ::core::option::Option::None,
                at: ::core::option::Option::None,
                spec: <C as ::buffer_runtime::Buffers>::spec,
            },
        ],
        order: &[
            ::buffer_runtime::Member::Child(0usize),
            ::buffer_runtime::Member::Buffer(0usize),
        ],
        variants: &[],
    };
    #[doc(hidden)]
    pub const __KEYS: &'static ::buffer_runtime::__private::KeyTree = {
        #[allow(unused_imports)]
        use ::buffer_runtime::__private::Undeclared as _;
        &::buffer_runtime::__private::KeyTree {
            spec: Self::__SPEC,
            members: &[<C>::__KEYS],
        }
    };
    #[doc(hidden)]
    pub const __INPUTS: &'static [(
        &'static ::core::primitive::str,
        &'static ::core::primitive::str,
    )] = &[
        (
            "system",
            "`Config` needs the input `system`: write `with(system)` to pass on a field of that name, or `with(system = …)`",
        ),
    ];
}
#[automatically_derived]
impl<S: System, C, const N: usize> ::buffer_runtime::Buffers for Config<S, C, N>
where
    C: Buffers,
    S: Clone,
{
    type Inputs = ConfigInputs<S>;
    type Settings = ConfigSettings<C>;
    type Allocators = ConfigAllocators<C>;
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
        let system = __inputs.system;
        let width: usize = N;
        let child = <C as ::buffer_runtime::Buffers>::create({
            let system = &system;
            {
                type __Inputs<C> = <C as ::buffer_runtime::Buffers>::Inputs;
                __Inputs::<C> {
                    system: ::core::clone::Clone::clone(system),
                }
            }
        })?;
        ::core::result::Result::Ok(Self {
            system: system,
            width: width,
            child: child,
            scratch: ::core::default::Default::default(),
        })
    }
    #[allow(unused_variables)]
    fn merge(
        &mut self,
        __inputs: ::core::option::Option<Self::Inputs>,
        __merger: &mut ::buffer_runtime::Merger<'_>,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        if let ::core::option::Option::Some(__inputs) = __inputs {
            self.system = __inputs.system;
        }
        __merger
            .setting::<
                usize,
            >(
                &Self::__SPEC.settings[0usize],
                &mut self.width,
                || N,
                false,
                |_| ::core::result::Result::Ok(()),
            )?;
        __merger
            .location::<
                ::buffer_runtime::Real,
            >(&Self::__SPEC.buffers[0usize], &mut self.scratch)?;
        {
            let system = &self.system;
            let __given = {
                type __Inputs<C> = <C as ::buffer_runtime::Buffers>::Inputs;
                __Inputs::<C> {
                    system: ::core::clone::Clone::clone(system),
                }
            };
            __merger
                .child::<
                    C,
                >(
                    &Self::__SPEC.children[0usize],
                    &mut self.child,
                    ::core::option::Option::Some(__given),
                )?;
        }
        ::core::result::Result::Ok(())
    }
    #[allow(unused_variables)]
    fn register(
        &self,
        __registrar: &mut ::buffer_runtime::Registrar<'_>,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        __registrar.setting::<usize>(&Self::__SPEC.settings[0usize], &self.width);
        __registrar
            .child::<
                C,
            >(
                &Self::__SPEC.children[0usize],
                ::core::option::Option::Some(&self.child),
            )?;
        __registrar.buffer(&Self::__SPEC.buffers[0usize], &self.scratch, |__e| N)?;
        ::core::result::Result::Ok(())
    }
    #[allow(unused_variables)]
    fn allocators(
        &self,
        __source: &::buffer_runtime::AllocatorSource<'_>,
    ) -> ::core::result::Result<Self::Allocators, ::buffer_runtime::ConfigError> {
        ::core::result::Result::Ok(ConfigAllocators {
            scratch: __source.buffer(&Self::__SPEC.buffers[0usize])?,
            child: __source.child::<C>(&Self::__SPEC.children[0usize], &self.child)?,
        })
    }
}
///Settings of [`Config`] to change: what is not set stays as it is.
pub struct ConfigSettings<C>
where
    C: Buffers,
{
    width: ::core::option::Option<::buffer_runtime::Choice<usize>>,
    scratch_location: ::core::option::Option<
        ::buffer_runtime::Choice<::buffer_runtime::Location>,
    >,
    child: ::core::option::Option<<C as ::buffer_runtime::Buffers>::Settings>,
}
#[automatically_derived]
impl<C> ::core::clone::Clone for ConfigSettings<C>
where
    C: Buffers,
    ::core::option::Option<
        <C as ::buffer_runtime::Buffers>::Settings,
    >: ::core::clone::Clone,
{
    fn clone(&self) -> Self {
        Self {
            width: ::core::clone::Clone::clone(&self.width),
            scratch_location: ::core::clone::Clone::clone(&self.scratch_location),
            child: ::core::clone::Clone::clone(&self.child),
        }
    }
}
#[automatically_derived]
impl<C> ::core::fmt::Debug for ConfigSettings<C>
where
    C: Buffers,
    ::core::option::Option<
        <C as ::buffer_runtime::Buffers>::Settings,
    >: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("ConfigSettings");
        __debug.field("width", &self.width);
        __debug.field("scratch_location", &self.scratch_location);
        __debug.field("child", &self.child);
        __debug.finish()
    }
}
#[automatically_derived]
impl<C> ::core::default::Default for ConfigSettings<C>
where
    C: Buffers,
{
    fn default() -> Self {
        Self {
            width: ::core::option::Option::None,
            scratch_location: ::core::option::Option::None,
            child: ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl<C> ConfigSettings<C>
where
    C: Buffers,
{
    /**Sets `width`.

Default: `N`.*/
    #[must_use]
    pub fn width(
        mut self,
        value: impl ::core::convert::Into<::buffer_runtime::Choice<usize>>,
    ) -> Self {
        self.width = ::core::option::Option::Some(::core::convert::Into::into(value));
        self
    }
    ///Places the buffer `scratch`. Default: `local`.
    #[must_use]
    pub fn scratch_location(
        mut self,
        location: impl ::core::convert::Into<
            ::buffer_runtime::Choice<::buffer_runtime::Location>,
        >,
    ) -> Self {
        self.scratch_location = ::core::option::Option::Some(
            ::core::convert::Into::into(location),
        );
        self
    }
    ///Sets settings of the child `child`.
    #[must_use]
    pub fn child(
        mut self,
        configure: impl ::core::ops::FnOnce(
            <C as ::buffer_runtime::Buffers>::Settings,
        ) -> <C as ::buffer_runtime::Buffers>::Settings,
    ) -> Self {
        self.child = ::core::option::Option::Some(
            configure(::core::option::Option::unwrap_or_default(self.child)),
        );
        self
    }
}
#[automatically_derived]
impl<C> ::buffer_runtime::PartialSettings for ConfigSettings<C>
where
    C: Buffers,
{
    #[allow(unused_variables)]
    fn write(&self, __writer: &mut ::buffer_runtime::SettingsWriter<'_>) {
        __writer.setting::<usize>("width", &self.width);
        __writer.setting("scratch_location", &self.scratch_location);
        if let ::core::option::Option::Some(__nested) = &self.child {
            __writer
                .child::<<C as ::buffer_runtime::Buffers>::Settings>("child", __nested);
        }
    }
}
///Where the buffers of [`Config`] lie in a plan's layout.
pub struct ConfigAllocators<C>
where
    C: Buffers,
{
    ///The buffers of the child `child`.
    pub child: <C as ::buffer_runtime::Buffers>::Allocators,
    ///The buffer `scratch`.
    pub scratch: ::buffer_runtime::Allocator<::buffer_runtime::Real>,
}
#[automatically_derived]
impl<C> ::core::clone::Clone for ConfigAllocators<C>
where
    C: Buffers,
    <C as ::buffer_runtime::Buffers>::Allocators: ::core::clone::Clone,
{
    fn clone(&self) -> Self {
        Self {
            child: ::core::clone::Clone::clone(&self.child),
            scratch: ::core::clone::Clone::clone(&self.scratch),
        }
    }
}
#[automatically_derived]
impl<C> ::core::fmt::Debug for ConfigAllocators<C>
where
    C: Buffers,
    <C as ::buffer_runtime::Buffers>::Allocators: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("ConfigAllocators");
        __debug.field("child", &self.child);
        __debug.field("scratch", &self.scratch);
        __debug.finish()
    }
}

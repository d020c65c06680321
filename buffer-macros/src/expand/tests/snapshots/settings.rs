///Inputs of [`ToleranceConfig`]: what its owner gives.
pub(crate) struct ToleranceInputs {
    ///The input `order`.
    pub(crate) order: Order,
}
#[automatically_derived]
impl ::core::clone::Clone for ToleranceInputs {
    fn clone(&self) -> Self {
        Self {
            order: ::core::clone::Clone::clone(&self.order),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for ToleranceInputs
where
    for<'__a> Order: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("ToleranceInputs");
        __debug.field("order", &self.order);
        __debug.finish()
    }
}
#[automatically_derived]
#[allow(unused_variables)]
impl ToleranceConfig {
    /// A config with its defaults and its children, validated.
    ///
    /// # Errors
    /// A default outside its range, a failed check across fields, or a length that overflows, here or in a child.
    pub(crate) fn new(
        inputs: ToleranceInputs,
    ) -> ::core::result::Result<Self, ::buffer_runtime::ConfigError> {
        ::buffer_runtime::__private::construct(inputs)
    }
    /// Replaces the inputs; derived defaults and children follow. On error nothing changes.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub(crate) fn set_inputs(
        &mut self,
        inputs: ToleranceInputs,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        ::buffer_runtime::__private::set_inputs(self, inputs)
    }
    /// Sets settings by name, here and in children. On error nothing changes.
    ///
    /// # Errors
    /// A value of the wrong kind or outside its range, a name nobody knows where `unknown` asks for an error, or
    /// what [`new`](Self::new) reports.
    pub(crate) fn update(
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
    pub(crate) fn apply(
        &mut self,
        settings: ToleranceSettings,
    ) -> ::core::result::Result<
        ::buffer_runtime::Updated,
        ::buffer_runtime::ConfigError,
    > {
        ::buffer_runtime::__private::apply(self, &settings)
    }
    /**The buffers of this config, as a Markdown table.

| buffer | elements | type | location | lifetime | overlays | contents |
|---|---|---|---|---|---|---|*/
    pub(crate) const BUFFERS: &'static ::core::primitive::str = "| buffer | elements | type | location | lifetime | overlays | contents |\n|---|---|---|---|---|---|---|";
    #[doc(hidden)]
    const __SPEC: &'static ::buffer_runtime::GroupSpec = &::buffer_runtime::GroupSpec {
        name: "tolerance",
        type_name: "ToleranceConfig",
        doc: "",
        template: ::core::option::Option::None,
        phases: &[],
        inputs: &[
            ::buffer_runtime::InputSpec {
                name: "order",
                doc: "",
                type_text: "Order",
                device: true,
            },
        ],
        settings: &[
            ::buffer_runtime::SettingSpec {
                name: "rtol",
                field: "rtol",
                doc: "",
                type_text: "f64",
                default_text: "1e-6",
                range_text: ::core::option::Option::Some("> 0.0, < 1.0"),
                argument: true,
            },
            ::buffer_runtime::SettingSpec {
                name: "atol",
                field: "atol",
                doc: "",
                type_text: "f64",
                default_text: "rtol / 10.0",
                range_text: ::core::option::Option::Some(">= 0.0, <= rtol"),
                argument: false,
            },
            ::buffer_runtime::SettingSpec {
                name: "max_iters",
                field: "max_iters",
                doc: "",
                type_text: "usize",
                default_text: "4 * order.stages()",
                range_text: ::core::option::Option::Some("1..=50"),
                argument: false,
            },
            ::buffer_runtime::SettingSpec {
                name: "norm_kind",
                field: "norm",
                doc: "",
                type_text: "Norm",
                default_text: "Norm::Max",
                range_text: ::core::option::Option::Some("one of Norm::Max, Norm::Rms"),
                argument: false,
            },
            ::buffer_runtime::SettingSpec {
                name: "width",
                field: "width",
                doc: "",
                type_text: "u32",
                default_text: "3",
                range_text: ::core::option::Option::None,
                argument: false,
            },
        ],
        buffers: &[],
        children: &[],
        order: &[],
        variants: &[],
    };
    #[doc(hidden)]
    pub(crate) const __KEYS: &'static ::buffer_runtime::__private::KeyTree = {
        &::buffer_runtime::__private::KeyTree {
            spec: Self::__SPEC,
            members: &[],
        }
    };
    #[doc(hidden)]
    pub(crate) const __INPUTS: &'static [(
        &'static ::core::primitive::str,
        &'static ::core::primitive::str,
    )] = &[
        (
            "order",
            "`ToleranceConfig` needs the input `order`: write `with(order)` to pass on a field of that name, or `with(order = …)`",
        ),
    ];
}
#[automatically_derived]
impl ::buffer_runtime::Buffers for ToleranceConfig {
    type Inputs = ToleranceInputs;
    type Settings = ToleranceSettings;
    type Allocators = ToleranceAllocators;
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
        let order = __inputs.order;
        let rtol: f64 = 1e-6;
        let atol: f64 = rtol / 10.0;
        let max_iters: usize = {
            let order = &order;
            4 * order.stages()
        };
        let norm: Norm = Norm::Max;
        let width: u32 = 3;
        ::core::result::Result::Ok(Self {
            order: order,
            rtol: rtol,
            atol: atol,
            max_iters: max_iters,
            norm: norm,
            width: width,
        })
    }
    #[allow(unused_variables)]
    fn merge(
        &mut self,
        __inputs: ::core::option::Option<Self::Inputs>,
        __merger: &mut ::buffer_runtime::Merger<'_>,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        let __was_default_1 = {
            let __default: f64 = {
                let rtol = self.rtol;
                rtol / 10.0
            };
            self.atol == __default
        };
        let __was_default_2 = {
            let __default: usize = {
                let order = &self.order;
                4 * order.stages()
            };
            self.max_iters == __default
        };
        if let ::core::option::Option::Some(__inputs) = __inputs {
            self.order = __inputs.order;
        }
        __merger
            .setting::<
                f64,
            >(
                &Self::__SPEC.settings[0usize],
                &mut self.rtol,
                || 1e-6,
                false,
                |__value| {
                    ::buffer_runtime::__private::gt(__value, &(0.0))?;
                    ::buffer_runtime::__private::lt(__value, &(1.0))
                },
            )?;
        {
            let rtol = self.rtol;
            __merger
                .setting::<
                    f64,
                >(
                    &Self::__SPEC.settings[1usize],
                    &mut self.atol,
                    || rtol / 10.0,
                    __was_default_1,
                    |__value| {
                        ::buffer_runtime::__private::min(__value, &(0.0))?;
                        ::buffer_runtime::__private::max(__value, &(rtol))
                    },
                )?;
        }
        {
            let order = &self.order;
            __merger
                .setting::<
                    usize,
                >(
                    &Self::__SPEC.settings[2usize],
                    &mut self.max_iters,
                    || 4 * order.stages(),
                    __was_default_2,
                    |__value| ::buffer_runtime::__private::range(__value, &(1), &(50)),
                )?;
        }
        __merger
            .setting::<
                Norm,
            >(
                &Self::__SPEC.settings[3usize],
                &mut self.norm,
                || Norm::Max,
                false,
                |__value| ::buffer_runtime::__private::one_of(
                    __value,
                    &[Norm::Max, Norm::Rms],
                ),
            )?;
        __merger
            .setting::<
                u32,
            >(
                &Self::__SPEC.settings[4usize],
                &mut self.width,
                || 3,
                false,
                |__value| ::buffer_runtime::__private::with(checks::odd(__value)),
            )?;
        ::core::result::Result::Ok(())
    }
    #[allow(unused_variables)]
    fn register(
        &self,
        __registrar: &mut ::buffer_runtime::Registrar<'_>,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        __registrar.input::<Order>(&Self::__SPEC.inputs[0usize], &self.order);
        __registrar.setting::<f64>(&Self::__SPEC.settings[0usize], &self.rtol);
        __registrar.setting::<f64>(&Self::__SPEC.settings[1usize], &self.atol);
        __registrar.setting::<usize>(&Self::__SPEC.settings[2usize], &self.max_iters);
        __registrar.setting::<Norm>(&Self::__SPEC.settings[3usize], &self.norm);
        __registrar.setting::<u32>(&Self::__SPEC.settings[4usize], &self.width);
        ::core::result::Result::Ok(())
    }
    #[allow(unused_variables)]
    fn allocators(
        &self,
        __source: &::buffer_runtime::AllocatorSource<'_>,
    ) -> ::core::result::Result<Self::Allocators, ::buffer_runtime::ConfigError> {
        ::core::result::Result::Ok(ToleranceAllocators {})
    }
}
///Settings of [`ToleranceConfig`] to change: what is not set stays as it is.
pub(crate) struct ToleranceSettings {
    rtol: ::core::option::Option<::buffer_runtime::Choice<f64>>,
    atol: ::core::option::Option<::buffer_runtime::Choice<f64>>,
    max_iters: ::core::option::Option<::buffer_runtime::Choice<usize>>,
    norm: ::core::option::Option<::buffer_runtime::Choice<Norm>>,
    width: ::core::option::Option<::buffer_runtime::Choice<u32>>,
}
#[automatically_derived]
impl ::core::clone::Clone for ToleranceSettings {
    fn clone(&self) -> Self {
        Self {
            rtol: ::core::clone::Clone::clone(&self.rtol),
            atol: ::core::clone::Clone::clone(&self.atol),
            max_iters: ::core::clone::Clone::clone(&self.max_iters),
            norm: ::core::clone::Clone::clone(&self.norm),
            width: ::core::clone::Clone::clone(&self.width),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for ToleranceSettings {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("ToleranceSettings");
        __debug.field("rtol", &self.rtol);
        __debug.field("atol", &self.atol);
        __debug.field("max_iters", &self.max_iters);
        __debug.field("norm", &self.norm);
        __debug.field("width", &self.width);
        __debug.finish()
    }
}
#[automatically_derived]
impl ::core::default::Default for ToleranceSettings {
    fn default() -> Self {
        Self {
            rtol: ::core::option::Option::None,
            atol: ::core::option::Option::None,
            max_iters: ::core::option::Option::None,
            norm: ::core::option::Option::None,
            width: ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl ToleranceSettings {
    /**Sets `rtol`.

Default: `1e-6`. Allowed: `> 0.0, < 1.0`.*/
    #[must_use]
    pub(crate) fn rtol(
        mut self,
        value: impl ::core::convert::Into<::buffer_runtime::Choice<f64>>,
    ) -> Self {
        self.rtol = ::core::option::Option::Some(::core::convert::Into::into(value));
        self
    }
    /**Sets `atol`.

Default: `rtol / 10.0`. Allowed: `>= 0.0, <= rtol`.*/
    #[must_use]
    pub(crate) fn atol(
        mut self,
        value: impl ::core::convert::Into<::buffer_runtime::Choice<f64>>,
    ) -> Self {
        self.atol = ::core::option::Option::Some(::core::convert::Into::into(value));
        self
    }
    /**Sets `max_iters`.

Default: `4 * order.stages()`. Allowed: `1..=50`.*/
    #[must_use]
    pub(crate) fn max_iters(
        mut self,
        value: impl ::core::convert::Into<::buffer_runtime::Choice<usize>>,
    ) -> Self {
        self.max_iters = ::core::option::Option::Some(
            ::core::convert::Into::into(value),
        );
        self
    }
    /**Sets `norm_kind`.

Default: `Norm::Max`. Allowed: `one of Norm::Max, Norm::Rms`. Name: `norm_kind`.*/
    #[must_use]
    pub(crate) fn norm(
        mut self,
        value: impl ::core::convert::Into<::buffer_runtime::Choice<Norm>>,
    ) -> Self {
        self.norm = ::core::option::Option::Some(::core::convert::Into::into(value));
        self
    }
    /**Sets `width`.

Default: `3`.*/
    #[must_use]
    pub(crate) fn width(
        mut self,
        value: impl ::core::convert::Into<::buffer_runtime::Choice<u32>>,
    ) -> Self {
        self.width = ::core::option::Option::Some(::core::convert::Into::into(value));
        self
    }
}
#[automatically_derived]
impl ::buffer_runtime::PartialSettings for ToleranceSettings {
    #[allow(unused_variables)]
    fn write(&self, __writer: &mut ::buffer_runtime::SettingsWriter<'_>) {
        __writer.setting::<f64>("rtol", &self.rtol);
        __writer.setting::<f64>("atol", &self.atol);
        __writer.setting::<usize>("max_iters", &self.max_iters);
        __writer.setting::<Norm>("norm_kind", &self.norm);
        __writer.setting::<u32>("width", &self.width);
    }
}
///Where the buffers of [`ToleranceConfig`] lie in a plan's layout.
pub(crate) struct ToleranceAllocators {}
#[automatically_derived]
impl ::core::clone::Clone for ToleranceAllocators {
    fn clone(&self) -> Self {
        Self {}
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for ToleranceAllocators {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("ToleranceAllocators");
        __debug.finish()
    }
}

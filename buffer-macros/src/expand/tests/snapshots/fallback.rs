::core::compile_error! {
    "`#[child(…)]` has no key `wiht`, did you mean `with`?"
}
::core::compile_error! {
    "a setting needs a default: write `#[setting(default = …)]`; it may mention inputs and earlier settings"
}
::core::compile_error! {
    "no buffer or child `missing` to alias; nothing is declared before it that it could alias"
}
///Inputs of [`BrokenConfig`]: what its owner gives.
pub struct BrokenInputs {
    ///The input `n`.
    pub n: usize,
}
#[automatically_derived]
impl ::core::clone::Clone for BrokenInputs {
    fn clone(&self) -> Self {
        Self {
            n: ::core::clone::Clone::clone(&self.n),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for BrokenInputs {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("BrokenInputs");
        __debug.field("n", &self.n);
        __debug.finish()
    }
}
#[automatically_derived]
#[allow(unused_variables)]
impl BrokenConfig {
    /// A config with its defaults and its children, validated.
    ///
    /// # Errors
    /// A default outside its range, a failed check across fields, or a length that overflows, here or in a child.
    pub fn new(
        inputs: BrokenInputs,
    ) -> ::core::result::Result<Self, ::buffer_runtime::ConfigError> {
        ::core::unreachable!()
    }
    /// Replaces the inputs; derived defaults and children follow. On error nothing changes.
    ///
    /// # Errors
    /// As for [`new`](Self::new).
    pub fn set_inputs(
        &mut self,
        inputs: BrokenInputs,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        ::core::unreachable!()
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
        ::core::unreachable!()
    }
    /// Sets the given settings, here and in children. On error nothing changes.
    ///
    /// # Errors
    /// A value outside its range, or what [`new`](Self::new) reports.
    pub fn apply(
        &mut self,
        settings: BrokenSettings,
    ) -> ::core::result::Result<
        ::buffer_runtime::Updated,
        ::buffer_runtime::ConfigError,
    > {
        ::core::unreachable!()
    }
    #[doc(hidden)]
    pub const BUFFERS: &'static ::core::primitive::str = "";
    #[doc(hidden)]
    pub const __INPUTS: &'static [(
        &'static ::core::primitive::str,
        &'static ::core::primitive::str,
    )] = &[
        (
            "n",
            "`BrokenConfig` needs the input `n`: write `with(n)` to pass on a field of that name, or `with(n = …)`",
        ),
    ];
}
#[automatically_derived]
impl ::buffer_runtime::Buffers for BrokenConfig {
    type Inputs = BrokenInputs;
    type Settings = BrokenSettings;
    type Allocators = BrokenAllocators;
    fn spec() -> &'static ::buffer_runtime::GroupSpec {
        ::core::unreachable!()
    }
    fn active_spec(&self) -> &'static ::buffer_runtime::GroupSpec {
        ::core::unreachable!()
    }
    fn create(
        _: Self::Inputs,
    ) -> ::core::result::Result<Self, ::buffer_runtime::ConfigError> {
        ::core::unreachable!()
    }
    fn merge(
        &mut self,
        _: ::core::option::Option<Self::Inputs>,
        _: &mut ::buffer_runtime::Merger<'_>,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        ::core::unreachable!()
    }
    fn register(
        &self,
        _: &mut ::buffer_runtime::Registrar<'_>,
    ) -> ::core::result::Result<(), ::buffer_runtime::ConfigError> {
        ::core::unreachable!()
    }
    fn allocators(
        &self,
        _: &::buffer_runtime::AllocatorSource<'_>,
    ) -> ::core::result::Result<Self::Allocators, ::buffer_runtime::ConfigError> {
        ::core::unreachable!()
    }
}
///Settings of [`BrokenConfig`] to change: what is not set stays as it is.
pub struct BrokenSettings {
    width: ::core::option::Option<::buffer_runtime::Choice<usize>>,
    scratch_location: ::core::option::Option<
        ::buffer_runtime::Choice<::buffer_runtime::Location>,
    >,
    child: ::core::option::Option<<ChildConfig as ::buffer_runtime::Buffers>::Settings>,
}
#[automatically_derived]
impl ::core::clone::Clone for BrokenSettings {
    fn clone(&self) -> Self {
        Self {
            width: ::core::clone::Clone::clone(&self.width),
            scratch_location: ::core::clone::Clone::clone(&self.scratch_location),
            child: ::core::clone::Clone::clone(&self.child),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for BrokenSettings {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("BrokenSettings");
        __debug.field("width", &self.width);
        __debug.field("scratch_location", &self.scratch_location);
        __debug.field("child", &self.child);
        __debug.finish()
    }
}
#[automatically_derived]
impl ::core::default::Default for BrokenSettings {
    fn default() -> Self {
        Self {
            width: ::core::option::Option::None,
            scratch_location: ::core::option::Option::None,
            child: ::core::option::Option::None,
        }
    }
}
#[automatically_derived]
impl BrokenSettings {
    /**Sets `width`.

Default: `::core::unreachable!()`.*/
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
            <ChildConfig as ::buffer_runtime::Buffers>::Settings,
        ) -> <ChildConfig as ::buffer_runtime::Buffers>::Settings,
    ) -> Self {
        self.child = ::core::option::Option::Some(
            configure(::core::option::Option::unwrap_or_default(self.child)),
        );
        self
    }
}
#[automatically_derived]
impl ::buffer_runtime::PartialSettings for BrokenSettings {
    #[allow(unused_variables)]
    fn write(&self, __writer: &mut ::buffer_runtime::SettingsWriter<'_>) {
        __writer.setting::<usize>("width", &self.width);
        __writer.setting("scratch_location", &self.scratch_location);
        if let ::core::option::Option::Some(__nested) = &self.child {
            __writer
                .child::<
                    <ChildConfig as ::buffer_runtime::Buffers>::Settings,
                >("child", __nested);
        }
    }
}
///Where the buffers of [`BrokenConfig`] lie in a plan's layout.
pub struct BrokenAllocators {
    ///The buffers of the child `child`.
    pub child: <ChildConfig as ::buffer_runtime::Buffers>::Allocators,
    ///The buffer `scratch`.
    pub scratch: ::buffer_runtime::Allocator<::buffer_runtime::Real>,
}
#[automatically_derived]
impl ::core::clone::Clone for BrokenAllocators {
    fn clone(&self) -> Self {
        Self {
            child: ::core::clone::Clone::clone(&self.child),
            scratch: ::core::clone::Clone::clone(&self.scratch),
        }
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for BrokenAllocators {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        let mut __debug = f.debug_struct("BrokenAllocators");
        __debug.field("child", &self.child);
        __debug.field("scratch", &self.scratch);
        __debug.finish()
    }
}

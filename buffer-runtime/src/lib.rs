#![doc = include_str!("../README.md")]
#![allow(
    rustdoc::invalid_codeblock_attributes,
    reason = "`file=` is for the solver's test `guide`, which runs the commands"
)]
//!
//! # Modules of this crate
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`config`] | what the derive implements: [`Buffers`], specs, and how settings are merged over a tree |
//! | [`settings`](mod@settings) | untyped names and values |
//! | [`registry`], [`layout`], [`report`] | groups of buffers, where each lies, and the account of it |
//! | [`plan`] | a config, its settings and its layout, kept in agreement |
//! | [`entry`], [`source`] | a kernel's arrays, and its generated text |
//! | [`device`] | compiling and launching: [`Device::best`] |
//! | [`compiler`], [`nvrtc`], [`cuda`], [`cache`] | the outside world, one module each |
//!
//! Device source is written in the vocabulary of `device/prelude.cuh`.

// The derive writes `::buffer_runtime::…`; this makes it usable inside the crate too.
extern crate self as buffer_runtime;

pub mod cache;
pub mod compiler;
pub mod config;
pub mod cuda;
pub mod device;
pub mod element;
pub mod entry;
pub mod layout;
pub mod location;
pub mod names;
pub mod nvrtc;
pub mod plan;
pub mod precision;
pub mod registry;
pub mod report;
pub mod settings;
pub mod source;

pub use buffer_macros::Buffers;
pub use config::{
    Allocator, AllocatorSource, Buffer, BufferSpec, Buffers, ChildSpec, Choice, ConfigError, DeviceConstant,
    DeviceText, GroupSpec, InputSpec, MAX_ELEMENTS, Member, Merger, PartialSettings, Registrar, SettingSpec,
    SettingsWriter, UnknownKey, Updated, VariantSpec,
};
pub use device::{
    CpuDevice, CpuOptions, Device, DeviceError, GpuBinary, GpuCompiler, GpuDevice, GpuOptions, Kernel, Launched,
};
pub use element::{Element, ElementSpec, ElementType, Real};
pub use entry::{Argument, Arguments, ArrayElement, Entry, LaunchError};
pub use location::Location;
pub use names::UnknownName;
pub use plan::Plan;
pub use precision::Precision;
pub use registry::{BufferRegistry, CudaBuffer, RegistryError};
pub use report::{FactoryReference, LayoutReport};
pub use settings::{ArgumentType, SettingValue, Settings, SettingsError, Unknown, Value, WrongValue};
pub use source::{MathLibrary, SourceError};

/// The derive's page has a complete example, which runs as a doctest here, where it can see both crates.
#[cfg(doctest)]
#[doc = include_str!("../../buffer-macros/src/docs/buffers.md")]
mod derive_example {}

/// What generated code calls; no API.
#[doc(hidden)]
pub mod __private {
    pub use crate::config::private::*;
}

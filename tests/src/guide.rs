//! The Rust code of the guide, as doctests. What is from an example is compared with it by the solver's test `guide`.
#![allow(rustdoc::invalid_codeblock_attributes, reason = "`file=` and `excerpt=` are for that test")]

#[doc = include_str!("../../docs/batches.md")]
struct Batches;

#[doc = include_str!("../../docs/coming-from.md")]
struct ComingFrom;

#[doc = include_str!("../../docs/declaring-buffers.md")]
struct DeclaringBuffers;

#[doc = include_str!("../../docs/models.md")]
struct Models;

#[doc = include_str!("../../docs/outputs.md")]
struct Outputs;

#[doc = include_str!("../../docs/placement.md")]
struct Placement;

#[doc = include_str!("../../docs/quick-start.md")]
struct QuickStart;

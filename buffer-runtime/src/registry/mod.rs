//! Who owns which buffers: groups of declared arrays, one per factory instance, mounted in one another.
//!
//! A [`BufferRegistry`] holds the groups. Each belongs to a *parent* (a factory instance, known by its [`ParentId`]),
//! holds [`CudaBuffer`]s in registration order, and may be mounted as a child in one other group, where it appears as
//! two windows, `NAME_shared` and `NAME_persistent`. Edges are live: a window is as large as the child is when somebody
//! asks. Layouts are computed when first asked for and kept until the group or a descendant changes.
//!
//! ```
//! use buffer_runtime::{BufferRegistry, CudaBuffer, Location, Precision};
//!
//! let mut registry = BufferRegistry::new();
//! let step = registry.add_parent("step", Precision::F32);
//! registry.register(step, CudaBuffer::new("stages", 12).location(Location::Shared))?;
//! registry.register(step, CudaBuffer::new("base", 3).aliases("stages"))?;
//! let newton = registry.add_parent("newton", Precision::F32);
//! registry.register_child(step, newton, "newton", None)?;
//! registry.register(newton, CudaBuffer::new("delta", 3).location(Location::Shared))?;
//!
//! let layout = registry.resolve(step)?;
//! assert_eq!(layout.totals().shared.get(), 4 * (12 + 3)); // `base` lies inside `stages`
//! # Ok::<(), buffer_runtime::RegistryError>(())
//! ```

mod buffer;
mod children;
mod data;
mod error;
mod group;
mod resolve;
mod store;
mod update;

pub use buffer::{BufferAllocator, BufferUpdate, CudaBuffer, UpdateOutcome};
pub use error::RegistryError;
pub use group::{BufferGroup, GroupEntry};
pub use store::{BufferRegistry, ParentId, WindowAlignment};
pub use update::LocationUpdate;

#[cfg(test)]
mod tests;

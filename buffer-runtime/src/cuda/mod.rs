//! NVIDIA cards: their limits, how a kernel fills them, and access through the driver.
//!
//! Limits, occupancy and budgets need no card. The driver is looked for when a [`CudaDevice`] is opened; without one,
//! or without a card, that is a typed error.
//!
//! ```
//! use buffer_runtime::{cuda::{DeviceLimits, choose_block}, nvrtc::{Architecture, KernelResources}};
//!
//! let log = "ptxas info    : Compiling entry function 'step' for 'sm_90'\nptxas info    : Used 40 registers, used 0 barriers\n";
//! let limits = DeviceLimits::typical(Architecture(90)).ok_or("an architecture of the table")?;
//! let choice = choose_block(&limits, &KernelResources::parse_log(log)[0], 96).ok_or("a kernel that fits")?;
//! assert_eq!(choice.block, 64);
//! # Ok::<(), &str>(())
//! ```

mod device;
mod error;
#[cfg(test)]
mod fake;
mod kernel;
mod limits;
mod memory;
mod occupancy;
mod shared;
mod stack;
#[cfg(test)]
mod tests;

pub use device::CudaDevice;
pub use error::CudaError;
pub use kernel::{LaunchShape, LoadedKernel};
pub use limits::DeviceLimits;
pub use memory::{DeviceArray, DeviceElement};
pub use occupancy::{BlockChoice, Limiter, Occupancy, choose_block, occupancy};
pub use shared::{OverBudget, SharedBuffer, SharedLimit, check_shared};
pub use stack::{StackLimit, StackOverBudget, stack_limit};

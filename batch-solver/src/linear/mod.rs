//! Linear systems within implicit steps.
//!
//! [`SparseLu`] analyses the pattern of a Jacobian once, on the host; [`LuConfig`] declares the factory that factorises and solves on the device, lane by lane.

mod code;
mod host;
mod lu;
mod structure;
mod symbolic;
#[cfg(test)]
mod tests;

pub use code::{LuCode, STRAIGHT_LINE_LIMIT};
pub use lu::{LuAllocators, LuConfig, LuInputs, LuSettings};
pub use structure::SystemStructure;
pub use symbolic::SparseLu;

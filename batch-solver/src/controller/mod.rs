//! Step size controllers.

mod fixed;

pub use fixed::{FixedControllerAllocators, FixedControllerConfig, FixedControllerInputs, FixedControllerSettings};

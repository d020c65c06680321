use buffer_runtime::Buffers;

/// Compile settings of the controller that keeps the step size the user gave.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "fixed_controller", template = "fixed_controller")]
pub struct FixedControllerConfig {
    /// Step size, in the unit of time of the equations.
    #[setting(default = 1e-3, gt = 0.0, argument)]
    pub dt: f64,
}

use buffer_runtime::{Buffer, Buffers};

/// Compile settings of the explicit Euler step. It needs no arrays: the derivative is written where the new state goes.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "euler", template = "euler_step")]
pub struct EulerConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Whether the derivative is kept for a trace.
    #[input]
    pub trace: bool,
    /// Derivative at the start of the last step, where it is traced.
    #[buffer(len = if trace { n } else { 0 }, persistent)]
    pub stage_derivatives: Buffer,
}

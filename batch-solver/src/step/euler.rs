use buffer_runtime::Buffers;

/// Compile settings of the explicit Euler step. It needs no arrays: the derivative is written where the new state goes.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "euler", template = "euler_step")]
pub struct EulerConfig {
    /// State variables.
    #[input]
    pub n: usize,
}

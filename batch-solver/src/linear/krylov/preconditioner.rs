use buffer_runtime::{Buffer, Buffers, setting_enum};

setting_enum! {
    /// What a matrix-free linear solver is preconditioned by.
    pub enum Preconditioner {
        /// Nothing.
        None = "none",
        /// Jacobi iterations.
        Jacobi = "jacobi",
        /// The first terms of Neumann's series.
        Neumann = "neumann",
    }
}

/// The preconditioner of a matrix-free linear solver.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "preconditioner")]
pub enum PreconditionerConfig {
    /// Nothing.
    None(NoPreconditionerConfig),
    /// Jacobi iterations.
    Jacobi(JacobiConfig),
    /// The first terms of Neumann's series.
    Neumann(NeumannConfig),
}

impl PreconditionerInputs {
    /// The inputs of a preconditioner of `n` unknowns.
    pub fn of(preconditioner: Preconditioner, n: usize) -> Self {
        match preconditioner {
            Preconditioner::None => Self::None(NoPreconditionerInputs {}),
            Preconditioner::Jacobi => Self::Jacobi(JacobiInputs { n }),
            Preconditioner::Neumann => Self::Neumann(NeumannInputs { n }),
        }
    }
}

/// Compile settings of no preconditioner.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "no_preconditioner", template = "no_preconditioner")]
pub struct NoPreconditionerConfig {}

/// Compile settings of Jacobi iterations: division by the diagonal, and corrections of that. For matrices whose unknowns have different scales.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "jacobi", template = "jacobi_preconditioner")]
pub struct JacobiConfig {
    /// Unknowns.
    #[input]
    pub n: usize,
    /// Corrections after the division by the diagonal, each a product with the matrix; they help where the diagonal dominates.
    #[setting(default = 0, range = 0..=2, rename = "preconditioner_order")]
    pub order: u32,
    /// Inverse of the diagonal of the matrix.
    #[buffer(len = n, persistent)]
    pub diagonal: Buffer,
    /// Product of the matrix with what a correction begins with.
    #[buffer(len = if order > 0 { n } else { 0 })]
    pub product: Buffer,
}

/// Compile settings of Neumann's series: `1 + (1 − M) + (1 − M)² …` for `M⁻¹`. For matrices near the identity, those of short steps.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "neumann", template = "neumann_preconditioner")]
pub struct NeumannConfig {
    /// Unknowns.
    #[input]
    pub n: usize,
    /// Terms after the first, each a product with the matrix.
    #[setting(default = 1, range = 1..=2, rename = "preconditioner_order")]
    pub order: u32,
    /// Product of the matrix with the sum of the terms before.
    #[buffer(len = n)]
    pub product: Buffer,
}

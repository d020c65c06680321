use buffer_runtime::{Buffer, Buffers, setting_enum};

use super::code::{LuCode, STRAIGHT_LINE_LIMIT};

setting_enum! {
    /// Precision of factors.
    pub enum LuPrecision {
        /// That of the kernel.
        Working = "working",
        /// Single, also in a kernel of double precision: half the memory, and several times the speed on most GPUs. For iterations that correct themselves, such as Newton's; what
        /// they converge to has the kernel's precision.
        F32 = "f32",
    }
}

/// Compile settings of the direct solver of implicit steps: sparse LU factorisation of `β·I − α·J`, where `α` is a multiple of the step.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "lu", template = "sparse_lu", validate = Self::check)]
pub struct LuConfig {
    /// Unknowns.
    #[input]
    pub n: usize,
    /// Pattern and order of elimination.
    #[input(device)]
    pub factorisation: LuCode,
    /// Whether `β` is a complex number.
    #[input]
    pub complex: bool,
    /// Whether the Jacobian is another solver's.
    #[input]
    pub given_jacobian: bool,
    /// Whether solutions are formed in an array of the solver.
    #[input]
    pub own_solution: bool,
    /// Precision of the factors.
    #[setting(default = LuPrecision::Working)]
    pub precision: LuPrecision,
    /// Iterative refinement: how often a solution is improved by the one for its residual.
    #[setting(default = 0, range = 0..=10)]
    pub refinement: u32,
    /// Loops over tables in place of straight-line code: shorter to compile and slower to run. Results are the same.
    #[setting(default = factorisation.statements() > STRAIGHT_LINE_LIMIT)]
    pub table_driven: bool,
    /// Entries of L and U, pivots inverted; real parts first where they are complex. The Jacobian is there before, unless it is kept.
    #[buffer(len = if *precision == LuPrecision::F32 { 0 } else { factorisation.structure.nonzeros() * (1 + usize::from(complex)) }, persistent)]
    pub factors: Buffer,
    /// The same in single precision.
    #[buffer(len = if *precision == LuPrecision::F32 { factorisation.structure.nonzeros() * (1 + usize::from(complex)) } else { 0 }, persistent)]
    pub single_factors: Buffer<f32>,
    /// The Jacobian, where it is needed after it has been factorised.
    #[buffer(len = if keeps_jacobian(complex, given_jacobian, refinement) { factorisation.structure.jacobian_nonzeros() } else { 0 }, persistent)]
    pub jacobian: Buffer,
    /// Right-hand side, then solution, of a system that its owner forms here.
    #[buffer(len = if own_solution { n * (1 + usize::from(complex)) } else { 0 })]
    pub solution: Buffer,
    /// Right-hand side of a system whose solution is refined.
    #[buffer(len = if refinement > 0 { n * (1 + usize::from(complex)) } else { 0 })]
    pub right_hand_side: Buffer,
    /// Residual of that solution, then what is added to it.
    #[buffer(len = if refinement > 0 { n * (1 + usize::from(complex)) } else { 0 })]
    pub correction: Buffer,
}

/// Whether the Jacobian has a place of its own: a complex matrix has its factors elsewhere than the real entries it is made of.
fn keeps_jacobian(complex: bool, given: bool, refinement: u32) -> bool {
    refinement > 0 || (complex && !given)
}

impl LuConfig {
    fn check(&self) -> Result<(), String> {
        let statements = self.factorisation.statements();
        if !self.table_driven && statements > STRAIGHT_LINE_LIMIT {
            return Err(format!(
                "the factorisation has {statements} statements, more than the {STRAIGHT_LINE_LIMIT} that are written as straight-line code: set lu_table_driven = true"
            ));
        }
        Ok(())
    }
}

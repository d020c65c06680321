use buffer_runtime::{Buffer, Buffers};

use super::code::{LuCode, STRAIGHT_LINE_LIMIT};

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
    /// Iterative refinement: how often a solution is improved by the one for its residual.
    #[setting(default = 0, range = 0..=10)]
    pub refinement: u32,
    /// Loops over tables in place of straight-line code: shorter to compile and slower to run. Results are the same.
    #[setting(default = factorisation.statements() > STRAIGHT_LINE_LIMIT)]
    pub table_driven: bool,
    /// Entries of L and U, pivots inverted; real parts first where they are complex. Without refinement the Jacobian is there before.
    #[buffer(len = factorisation.structure.nonzeros() * (1 + usize::from(complex)), persistent)]
    pub factors: Buffer,
    /// The Jacobian, where it is needed after it has been factorised.
    #[buffer(len = if complex || refinement > 0 { factorisation.structure.jacobian_nonzeros() } else { 0 }, persistent)]
    pub jacobian: Buffer,
    /// Right-hand side of a system whose solution is refined.
    #[buffer(len = if refinement > 0 { n * (1 + usize::from(complex)) } else { 0 })]
    pub right_hand_side: Buffer,
    /// Residual of that solution, then what is added to it.
    #[buffer(len = if refinement > 0 { n * (1 + usize::from(complex)) } else { 0 })]
    pub correction: Buffer,
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

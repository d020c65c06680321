use std::sync::Arc;

use buffer_runtime::{Buffers, DeviceConstant, DeviceText};

use super::code::LuCode;
use super::lu::LuConfig;
use super::structure::SystemStructure;
use super::symbolic::SparseLu;
use crate::device_tables::{braces, function};
use crate::tableau::FirkTableau;

/// What linear equations of an implicit step look like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MatrixForm {
    /// One matrix `I − αJ` of the system's size.
    One,
    /// `I − hA⊗J`, in blocks of the system's size: one for each real eigenvalue of `A` and each pair of complex ones. All stages have the same Jacobian.
    Blocks(&'static FirkTableau),
    /// The same with a Jacobian for each stage, as one matrix of all stages.
    Coupled(&'static FirkTableau),
}

/// Compile settings of the direct solver: which matrices of the system's size there are, each with a factorisation of its own.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "direct", template = "direct_solver")]
pub struct DirectConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Pattern of the Jacobian.
    #[input]
    pub structure: SystemStructure,
    /// Whether the factorisations are inlined where they are called.
    #[input]
    pub inlined: bool,
    /// The matrix.
    #[input]
    pub form: MatrixForm,
    /// Its blocks.
    #[input(device)]
    pub blocks: BlockTables,
    /// Of the only matrix, or of the one with the real eigenvalue.
    #[child(prefix = "lu", when = blocks.has_real(), with(n = unknowns(*form, n), factorisation = factorisation(*form, structure, inlined), complex = false, given_jacobian = false, own_solution = blocks.any()))]
    pub real_matrix: Option<LuConfig>,
    /// Of the matrix with the first pair of complex eigenvalues.
    #[child(prefix = "lu", when = blocks.pairs() > 0, with(n, factorisation = structure.lu_code(inlined), complex = true, given_jacobian = blocks.has_real(), own_solution = true))]
    pub complex_matrix: Option<LuConfig>,
    /// Of the matrix with the second pair.
    #[child(prefix = "lu", when = blocks.pairs() > 1, with(n, factorisation = structure.lu_code(inlined), complex = true, given_jacobian = true, own_solution = true))]
    pub second_complex_matrix: Option<LuConfig>,
}

fn unknowns(form: MatrixForm, n: usize) -> usize {
    match form {
        MatrixForm::Coupled(tableau) => tableau.stages() * n,
        MatrixForm::One | MatrixForm::Blocks(_) => n,
    }
}

fn factorisation(form: MatrixForm, structure: &SystemStructure, inlined: bool) -> LuCode {
    match form {
        MatrixForm::Coupled(tableau) => {
            let pattern = structure.sparsity().coupled(tableau.stages());
            LuCode { structure: Arc::new(SparseLu::new(&pattern)), inlined }
        }
        MatrixForm::One | MatrixForm::Blocks(_) => structure.lu_code(inlined),
    }
}

/// Eigenvalues and transformations of the blocks, as device source sees them; none where there is one matrix only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BlockTables(Option<&'static FirkTableau>);

impl BlockTables {
    /// Those of a form.
    #[must_use]
    pub fn of(form: MatrixForm) -> Self {
        match form {
            MatrixForm::Blocks(tableau) => Self(Some(tableau)),
            MatrixForm::One | MatrixForm::Coupled(_) => Self(None),
        }
    }

    fn any(self) -> bool {
        self.0.is_some()
    }

    fn has_real(self) -> bool {
        self.0.is_none_or(|tableau| tableau.blocks().real.is_some())
    }

    fn pairs(self) -> usize {
        self.0.map_or(0, |tableau| tableau.blocks().pairs.len())
    }
}

impl DeviceConstant for BlockTables {
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        out.raw(&format!("struct {name} {{"));
        let Some(tableau) = self.0 else {
            out.raw("    static constexpr int count = 0;\n    static constexpr bool has_real = false;\n};");
            return;
        };
        let blocks = tableau.blocks();
        let (s, pairs) = (tableau.stages(), blocks.pairs.len());
        let list = |values: Vec<f64>| braces(values.into_iter().map(|value| format!("{value:?}")));
        let count = pairs + usize::from(blocks.real.is_some());
        out.raw(&format!("    static constexpr int count = {count}, stages = {s}, pairs = {pairs};"));
        out.raw(&format!("    static constexpr bool has_real = {};", blocks.real.is_some()));
        if let Some(real) = &blocks.real {
            out.raw(&format!("    static constexpr double real_eigenvalue = {:?};", real.eigenvalue));
            // The eigenvalue, by which the equations are multiplied, is in the weights of right-hand sides.
            let left = real.left.iter().map(|weight| weight * real.eigenvalue).collect();
            function(out, "double real_left(int j)", &format!("double values[{s}]"), &[list(left)], "[j]");
            function(
                out,
                "double real_right(int j)",
                &format!("double values[{s}]"),
                &[list(real.right.clone())],
                "[j]",
            );
        }
        type Part = fn((f64, f64)) -> f64;
        let parts: [(&str, Part); 2] = [("re", |value| value.0), ("im", |value| value.1)];
        for (part, of) in parts {
            let eigenvalues = list(blocks.pairs.iter().map(|pair| of(pair.eigenvalue)).collect());
            let signature = format!("double eigenvalue_{part}(int k)");
            function(out, &signature, &format!("double values[{pairs}]"), &[eigenvalues], "[k]");
            let times = |(a, b): (f64, f64), (c, d): (f64, f64)| (a * c - b * d, a * d + b * c);
            let left = |pair: &crate::tableau::firk::ComplexBlock| {
                list(pair.left.iter().map(|weight| of(times(*weight, pair.eigenvalue))).collect())
            };
            let right =
                |pair: &crate::tableau::firk::ComplexBlock| list(pair.right.iter().map(|weight| of(*weight)).collect());
            let declaration = format!("double values[{pairs}][{s}]");
            let rows = |row: &dyn Fn(&crate::tableau::firk::ComplexBlock) -> String| -> String {
                braces(blocks.pairs.iter().map(row))
            };
            function(out, &format!("double left_{part}(int k, int j)"), &declaration, &[rows(&left)], "[k][j]");
            function(out, &format!("double right_{part}(int k, int j)"), &declaration, &[rows(&right)], "[k][j]");
        }
        out.raw("};");
    }
}

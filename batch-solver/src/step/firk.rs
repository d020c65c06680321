use buffer_runtime::{Buffer, Buffers, DeviceConstant, DeviceText};

use crate::device_tables::{braces, function};
use crate::linear::{LinearSolver, LinearSolverConfig, LinearSolverInputs, SystemStructure};
use crate::newton::{DensePredictorConfig, NewtonConfig, NewtonJacobian, Nodes, StageEquations};
use crate::tableau::FirkTableau;

/// Compile settings of the fully implicit Runge–Kutta step of any tableau, whose stages are solved for together.
///
/// With the Jacobian of the step's start and a direct solver the linear equations of all stages fall into blocks of the system's size, real and complex.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "firk", template = "firk_step")]
pub struct FirkConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Butcher tableau.
    #[input(device)]
    pub tableau: &'static FirkTableau,
    /// Pattern of the Jacobian, and the size of the equations as code.
    #[input]
    pub structure: SystemStructure,
    /// Places of the entries of one stage's Jacobian in that of all stages.
    #[input(device)]
    pub places: CoupledPlaces,
    /// Whether the step estimates its error.
    #[input]
    pub adaptive: bool,
    /// Whether equations and linear algebra are inlined where they are called.
    #[input]
    pub inlined: bool,
    /// Whether the derivatives of all stages are kept for a trace.
    #[input]
    pub trace: bool,
    /// How the linear equations of an iteration are solved.
    #[setting(default = LinearSolver::Lu)]
    pub linear_solver: LinearSolver,
    /// Which Jacobian Newton's method has.
    #[setting(default = NewtonJacobian::Frozen)]
    pub newton_jacobian: NewtonJacobian,
    /// Take the stages of the step before as first guesses.
    #[setting(default = true)]
    pub dense_prediction: bool,
    /// Damp the error estimate by the inverse of a matrix with the Jacobian, so that stiff components do not hold steps back once they have decayed.
    #[setting(default = adaptive && tableau.has_start_error())]
    pub smoothed_error: bool,
    /// Solves the equations of all stages.
    #[child(prefix = "newton", with(n, stages = tableau.stages(), exact = newton_jacobian.is_exact(), equations = StageEquations::new(structure, inlined, *linear_solver, *newton_jacobian, Some(*tableau))))]
    pub newton: NewtonConfig,
    /// Predicts stages from those of the step before.
    #[child(prefix = "predictor", when = dense_prediction, with(n, nodes = Nodes::of(tableau.c, true)))]
    pub dense_predictor: Option<DensePredictorConfig>,
    /// Increments of all stages.
    #[buffer(len = tableau.stages() * n, persistent)]
    pub stage_increment: Buffer,
    /// Size of the step before, negative if it was refused; 0 where there is none to predict from.
    #[buffer(len = if dense_prediction { 1 } else { 0 }, persistent, zeroed)]
    pub previous_step_size: Buffer,
    /// State within the step, as predicted, where the equations are linearised.
    #[buffer(len = n)]
    pub linearised: Buffer,
    /// Argument of the stage whose derivative is evaluated.
    #[buffer(len = n)]
    pub stage_state: Buffer,
    /// Direction in which a Jacobian acts, where there are only products with it.
    #[buffer(len = if linear_solver.is_direct() { 0 } else { n })]
    pub stage_direction: Buffer,
    /// Derivative at the start of the step, for the error estimate.
    #[buffer(len = if adaptive && tableau.has_start_error() { n } else { 0 })]
    pub start_rhs: Buffer,
    /// Damps the error estimate, in the space of Newton's method, where that has no matrix for it.
    #[child(prefix = "error", aliases = newton, when = adaptive && smoothed_error && !has_real_block(tableau, *linear_solver, *newton_jacobian), inputs = LinearSolverInputs::of(&StageEquations::new(structure, inlined, *linear_solver, *newton_jacobian, None), n))]
    pub error_solver: Option<LinearSolverConfig>,
    /// Derivatives of all stages of the last step, where it is traced.
    #[buffer(len = if trace { tableau.stages() * n } else { 0 }, persistent)]
    pub trace_derivatives: Buffer,
}

/// Whether one of the matrices of Newton's method is that of the error estimate.
fn has_real_block(tableau: &FirkTableau, linear_solver: LinearSolver, jacobian: NewtonJacobian) -> bool {
    linear_solver.is_direct() && jacobian == NewtonJacobian::Frozen && tableau.blocks().real.is_some()
}

/// Where the entries of the Jacobian of one stage are within that of all stages, as device source sees it: entry `e` of stage `i`, times `a_ij`, is at
/// `i·s·nonzeros + first(e) + j·stride(e)`.
#[derive(Clone, Debug)]
pub struct CoupledPlaces {
    structure: SystemStructure,
    stages: usize,
}

impl CoupledPlaces {
    /// For a system and a number of stages.
    #[must_use]
    pub fn new(structure: &SystemStructure, stages: usize) -> Self {
        Self { structure: structure.clone(), stages }
    }
}

impl DeviceConstant for CoupledPlaces {
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        let sparsity = self.structure.sparsity();
        let (mut first, mut stride) = (Vec::new(), Vec::new());
        let mut start = 0;
        for row in sparsity.rows() {
            for place in 0..row.len() {
                first.push((self.stages * start + place).to_string());
                stride.push(row.len().to_string());
            }
            start += row.len();
        }
        let count = first.len().max(1);
        out.raw(&format!("struct {name} {{"));
        out.raw(&format!("    static constexpr int nonzeros = {};", sparsity.nonzeros()));
        for (name, values) in [("first", first), ("stride", stride)] {
            let values = if values.is_empty() { vec!["0".to_owned()] } else { values };
            function(
                out,
                &format!("int {name}(int e)"),
                &format!("int values[{count}]"),
                &[braces(values.into_iter())],
                "[e]",
            );
        }
        out.raw("};");
    }
}

impl DeviceConstant for &'static FirkTableau {
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        let s = self.stages();
        let list = |values: &[f64]| braces(values.iter().map(|value| format!("{value:?}")));
        let a: Vec<String> = self.a.iter().map(|row| list(row)).collect();
        let error = self.error_weights();
        let (start, weights) = error.map_or((0.0, vec![0.0; s]), |error| (error.start, error.stages));
        out.raw(&format!("struct {name} {{"));
        out.raw(&format!("    static constexpr int stages = {s}, order = {};", self.order));
        out.raw("    /// Weight of the derivative at the start in the error estimate, and the multiple of the Jacobian in the matrix that damps it.");
        out.raw(&format!("    static constexpr double start_error = {start:?}, smoothing = {:?};", self.smoothing()));
        function(
            out,
            "double a(int i, int j)",
            &format!("double values[{s}][{s}]"),
            &[braces(a.into_iter())],
            "[i][j]",
        );
        function(out, "double b(int j)", &format!("double values[{s}]"), &[list(self.b)], "[j]");
        function(out, "double c(int j)", &format!("double values[{s}]"), &[list(self.c)], "[j]");
        out.raw("    /// Weight of stage j in the error estimate.");
        function(out, "double e(int j)", &format!("double values[{s}]"), &[list(&weights)], "[j]");
        out.raw("};");
    }
}

use buffer_runtime::{Buffer, Buffers, DeviceConstant, DeviceText};

use super::UNROLLED_STAGES;
use crate::device_tables::{braces, function};
use crate::linear::{LinearSolver, SystemStructure};
use crate::newton::{DensePredictorConfig, NewtonConfig, NewtonJacobian, Nodes, StageEquations};
use crate::tableau::DirkTableau;

/// Compile settings of the diagonally implicit Runge–Kutta step of any tableau.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "dirk", template = "dirk_step")]
pub struct DirkConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Butcher tableau.
    #[input(device)]
    pub tableau: &'static DirkTableau,
    /// Pattern of the Jacobian, and the size of the equations as code.
    #[input]
    pub structure: SystemStructure,
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
    /// Take the stages of the step before as first guesses, in place of earlier stages of the step.
    #[setting(default = false)]
    pub dense_prediction: bool,
    /// Damp the error estimate by the inverse of the matrix of the stages, so that stiff components do not hold steps back once they have decayed.
    #[setting(default = !tableau.explicit_first_stage())]
    pub smoothed_error: bool,
    /// Code of its own for each stage, in place of a loop over them: faster for small systems. Results are the same.
    #[setting(default = structure.implicit_statements() <= UNROLLED_STAGES)]
    pub unroll_stages: bool,
    /// Solves the equations of a stage.
    #[child(prefix = "newton", with(n, stages = 1, exact = newton_jacobian.is_exact(), equations = StageEquations::new(structure, inlined, *linear_solver, *newton_jacobian, None)))]
    pub newton: NewtonConfig,
    /// Predicts stages from those of the step before.
    #[child(prefix = "predictor", when = dense_prediction, with(n, nodes = Nodes::of(tableau.c, false)))]
    pub dense_predictor: Option<DensePredictorConfig>,
    /// Increments of all stages.
    #[buffer(len = tableau.stages() * n, persistent)]
    pub stage_increments: Buffer,
    /// Size of the step before, negative if it was refused; 0 where there is none to predict from.
    #[buffer(len = if dense_prediction { 1 } else { 0 }, persistent, zeroed)]
    pub previous_step_size: Buffer,
    /// Guess from earlier stages, where others are from the step before.
    #[buffer(len = if dense_prediction { n } else { 0 })]
    pub stage_guess: Buffer,
    /// State in the middle of the step, where the equations are linearised.
    #[buffer(len = n)]
    pub linearised: Buffer,
    /// State the stage's own increment is added to.
    #[buffer(len = n)]
    pub stage_base: Buffer,
    /// Derivative at the start of the step: that of the last stage of the step before.
    #[buffer(len = n, persistent)]
    pub stage_rhs: Buffer,
    /// Derivatives of all stages of the last step, where it is traced.
    #[buffer(len = if trace { tableau.stages() * n } else { 0 }, persistent)]
    pub trace_derivatives: Buffer,
}

impl DeviceConstant for &'static DirkTableau {
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        let s = self.stages();
        let list = |values: &[f64]| braces(values.iter().map(|value| format!("{value:?}")));
        let a: Vec<String> = (0..=s)
            .map(|row| {
                list(
                    &(0..s)
                        .map(|column| if row == s { self.b[column] } else { self.coefficient(row, column) })
                        .collect::<Vec<_>>(),
                )
            })
            .collect();
        let guess: Vec<String> = (0..s)
            .map(|stage| {
                let mut weights = self.guess_weights(stage);
                weights.resize(s, 0.0);
                list(&weights)
            })
            .collect();
        let error = self.error_weights().unwrap_or_else(|| vec![0.0; s]);
        let explicit = braces((0..s).map(|stage| self.is_explicit(stage).to_string()));
        out.raw(&format!("struct {name} {{"));
        out.raw(&format!("    static constexpr int stages = {s}, order = {};", self.order));
        out.raw("    /// Diagonal entry of the implicit stages.");
        out.raw(&format!("    static constexpr double gamma = {:?};", self.gamma()));
        out.raw("    /// Coefficients of the arguments of stages; the last row is that of the step.");
        function(out, "double a(int i, int j)", &format!("double values[{}][{s}]", s + 1), &a, "[i][j]");
        function(out, "double c(int j)", &format!("double values[{s}]"), &[list(self.c)], "[j]");
        out.raw("    /// Weight of stage j in the error estimate.");
        function(out, "double e(int j)", &format!("double values[{s}]"), &[list(&error)], "[j]");
        out.raw("    /// Weights of earlier stages in the first guess of stage i.");
        function(out, "double guess(int i, int j)", &format!("double values[{s}][{s}]"), &guess, "[i][j]");
        function(out, "bool is_explicit(int j)", &format!("bool values[{s}]"), &[explicit], "[j]");
        out.raw("};");
    }
}

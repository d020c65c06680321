use buffer_runtime::{Buffer, Buffers, DeviceConstant, DeviceText};

use super::UNROLLED_STAGES;
use crate::device_tables::{braces, function};
use crate::linear::{LuConfig, SystemStructure};
use crate::tableau::RosenbrockTableau;

/// Compile settings of the Rosenbrock step of any tableau.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "rosenbrock", template = "rosenbrock_step")]
pub struct RosenbrockConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Coefficients of the method.
    #[input(device)]
    pub tableau: &'static RosenbrockTableau,
    /// Pattern of the Jacobian, and the size of the equations as code.
    #[input]
    pub structure: SystemStructure,
    /// Whether equations and linear algebra are inlined where they are called.
    #[input]
    pub inlined: bool,
    /// Whether the derivatives of all stages are kept for a trace.
    #[input]
    pub trace: bool,
    /// Code of its own for each stage, in place of a loop over them: faster for small systems. Results are the same.
    #[setting(default = structure.implicit_statements() <= UNROLLED_STAGES)]
    pub unroll_stages: bool,
    /// Solves the linear systems of the stages.
    #[child(prefix = "lu", with(n, factorisation = structure.lu_code(inlined), complex = false, given_jacobian = false, own_solution = false))]
    pub lu: LuConfig,
    /// Derivative at the argument of the stage.
    #[buffer(len = n)]
    pub stage_rhs: Buffer,
    /// Solutions of the stages' linear systems.
    #[buffer(len = tableau.stages() * n)]
    pub stage_store: Buffer,
    /// Partial derivative by time, of equations that depend on it.
    #[buffer(len = if structure.is_autonomous() { 0 } else { n })]
    pub time_derivative: Buffer,
    /// Derivatives at the arguments of all stages of the last step, where it is traced.
    #[buffer(len = if trace { tableau.stages() * n } else { 0 }, persistent)]
    pub trace_derivatives: Buffer,
}

impl DeviceConstant for &'static RosenbrockTableau {
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        let s = self.stages();
        let rows = |entry: &dyn Fn(usize, usize) -> f64, count: usize| -> Vec<String> {
            (0..count).map(|row| braces((0..s).map(|column| format!("{:?}", entry(row, column))))).collect()
        };
        let a = rows(&|row, column| if row == s { self.b[column] } else { self.coefficient(row, column) }, s + 1);
        let coupling = rows(&|row, column| self.coupling(row, column), s);
        let error = self.error_weights().unwrap_or_else(|| vec![0.0; s]);
        let vector = |values: &[f64]| braces(values.iter().map(|value| format!("{value:?}")));
        let flags =
            |flag: &dyn Fn(usize) -> bool, count: usize| braces((0..count).map(|stage| flag(stage).to_string()));
        out.raw(&format!("struct {name} {{"));
        out.raw(&format!("    static constexpr int stages = {s}, order = {};", self.order));
        out.raw(&format!("    static constexpr double gamma = {:?};", self.gamma));
        out.raw("    /// Coefficients of the arguments of stages; the last row is that of the step.");
        function(out, "double a(int i, int j)", &format!("double values[{}][{s}]", s + 1), &a, "[i][j]");
        function(out, "double coupling(int i, int j)", &format!("double values[{s}][{s}]"), &coupling, "[i][j]");
        function(out, "double c(int j)", &format!("double values[{s}]"), &[vector(self.c)], "[j]");
        out.raw("    /// Weight of h df/dt.");
        function(out, "double d(int j)", &format!("double values[{s}]"), &[vector(self.time_weights)], "[j]");
        out.raw("    /// Weight of stage j in the error estimate.");
        function(out, "double e(int j)", &format!("double values[{s}]"), &[vector(&error)], "[j]");
        out.raw("    /// Whether row j of `a` begins with the row before it.");
        let continues = flags(&|row| self.continues(row), s + 1);
        function(out, "bool continues(int j)", &format!("bool values[{}]", s + 1), &[continues], "[j]");
        out.raw("    /// Whether stage j has the argument of the one before.");
        let repeats = flags(&|row| self.repeats(row), s);
        function(out, "bool repeats(int j)", &format!("bool values[{s}]"), &[repeats], "[j]");
        out.raw("};");
    }
}

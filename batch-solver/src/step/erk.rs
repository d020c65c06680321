use buffer_runtime::{Buffer, Buffers, DeviceConstant, DeviceText};

use crate::device_tables::{braces, function};
use crate::tableau::ErkTableau;

/// Compile settings of the explicit Runge–Kutta step of any tableau.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "erk", template = "erk_step")]
pub struct ErkConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// Butcher tableau.
    #[input(device)]
    pub tableau: &'static ErkTableau,
    /// Whether the step estimates its error.
    #[input]
    pub adaptive: bool,
    /// Whether the derivatives of all stages are kept for a trace.
    #[input]
    pub trace: bool,
    /// Derivative at the start of the step; a first-same-as-last tableau has it from the step before.
    #[buffer(len = n, persistent)]
    pub stage_rhs: Buffer,
    /// Derivative of the last stage of a first-same-as-last tableau, until the step is accepted or refused.
    #[buffer(len = if tableau.fsal() { n } else { 0 }, persistent)]
    pub last_stage_rhs: Buffer,
    /// Derivatives of the stages between.
    #[buffer(len = tableau.stages_between() * n)]
    pub stage_derivatives: Buffer,
    /// Input of the current stage, for a tableau whose stages are soon forgotten: the sum over them grows with each.
    #[buffer(len = if tableau.sums_early() { n } else { 0 })]
    pub stage_input: Buffer,
    /// Derivatives of all stages of the last step, where it is traced.
    #[buffer(len = if trace { tableau.stages() * n } else { 0 }, persistent)]
    pub trace_derivatives: Buffer,
}

impl DeviceConstant for &'static ErkTableau {
    /// A struct of constexpr functions: constexpr arrays cannot be used in device code, and a call with constant arguments folds.
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        let s = self.stages();
        let rows: Vec<String> =
            (0..s).map(|row| braces((0..s).map(|column| format!("{:?}", self.coefficient(row, column))))).collect();
        let error = self.error_weights().unwrap_or_else(|| vec![0.0; s]);
        let vector = |values: &[f64]| braces(values.iter().map(|value| format!("{value:?}")));
        out.raw(&format!("struct {name} {{"));
        out.raw(&format!("    static constexpr int stages = {s};"));
        out.raw(&format!("    static constexpr int order = {};", self.order));
        out.raw(&format!("    static constexpr bool fsal = {};", self.fsal()));
        out.raw(&format!("    static constexpr int b_row = {};", self.b_row().map_or(-1, |row| row as i64)));
        out.raw(&format!("    static constexpr int b_hat_row = {};", self.b_hat_row().map_or(-1, |row| row as i64)));
        out.raw(&format!("    static constexpr bool sums_early = {};", self.sums_early()));
        let of_stages = (0..s).flat_map(|row| (0..row).map(move |column| self.coefficient(row, column)));
        let nonzeros = of_stages.chain(error.iter().copied()).filter(|value| *value != 0.0).count();
        out.raw("    /// Coefficients of the stages and of the error that are not zero.");
        out.raw(&format!("    static constexpr int nonzeros = {nonzeros};"));
        function(out, "double a(int i, int j)", &format!("double values[{s}][{s}]"), &rows, "[i][j]");
        function(out, "double b(int j)", &format!("double values[{s}]"), &[vector(self.b)], "[j]");
        function(out, "double c(int j)", &format!("double values[{s}]"), &[vector(self.c)], "[j]");
        out.raw("    /// Weight of stage j in the error estimate.");
        function(out, "double e(int j)", &format!("double values[{s}]"), &[vector(&error)], "[j]");
        out.raw("};");
    }
}

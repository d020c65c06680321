use buffer_runtime::{Buffer, Buffers, DeviceConstant, DeviceText};

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
    /// Derivative of the current stage; of the last one until the step is accepted or refused.
    #[buffer(len = n, persistent)]
    pub derivative: Buffer,
    /// Inputs of the later stages, each complete when its stage begins.
    #[buffer(len = (tableau.stages() - 1) * n)]
    pub stage_accumulator: Buffer,
    /// Derivatives of all stages of the last step, where it is traced.
    #[buffer(len = if trace { tableau.stages() * n } else { 0 }, persistent)]
    pub stage_derivatives: Buffer,
}

impl DeviceConstant for &'static ErkTableau {
    /// A struct of constexpr functions: constexpr arrays cannot be used in device code, and a call with constant arguments folds.
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        let s = self.stages();
        let first_a: Vec<String> = (0..s)
            .map(|row| {
                (0..row).position(|column| self.coefficient(row, column) != 0.0).map_or(-1, |at| at as i64).to_string()
            })
            .collect();
        let first_b = self.b.iter().position(|weight| *weight != 0.0).unwrap_or(0);
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
        out.raw(&format!("    static constexpr int first_b = {first_b};"));
        out.raw("    /// Weights are written in units of this one, so that one of them is 1.");
        out.raw(&format!("    BR_DEVICE static constexpr double sum_scale() {{ return {:?}; }}", self.b[first_b]));
        function(out, "double a(int i, int j)", &format!("double values[{s}][{s}]"), &rows, "[i][j]");
        function(out, "double b(int j)", &format!("double values[{s}]"), &[vector(self.b)], "[j]");
        function(out, "double c(int j)", &format!("double values[{s}]"), &[vector(self.c)], "[j]");
        out.raw(&format!(
            "    static constexpr int first_e = {};",
            error.iter().position(|e| *e != 0.0).map_or(-1, |at| at as i64)
        ));
        out.raw("    /// Weight of stage j in the error estimate.");
        function(out, "double e(int j)", &format!("double values[{s}]"), &[vector(&error)], "[j]");
        out.raw("    /// The first stage that row i uses, or -1.");
        function(out, "int first_a(int i)", &format!("int values[{s}]"), &[braces(first_a.into_iter())], "[i]");
        out.raw("};");
    }
}

fn braces(items: impl Iterator<Item = String>) -> String {
    format!("{{{}}}", items.collect::<Vec<_>>().join(", "))
}

fn function(out: &mut DeviceText, signature: &str, declaration: &str, rows: &[String], index: &str) {
    let values = match rows {
        [single] => single.clone(),
        rows => format!("{{{}}}", rows.join(",\n            ")),
    };
    out.raw(&format!("    BR_DEVICE static constexpr {signature} {{"));
    out.raw(&format!("        constexpr {declaration} = {values};"));
    out.raw(&format!("        return values{index};\n    }}"));
}

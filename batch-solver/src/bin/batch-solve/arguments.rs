//! What can be typed.

use std::path::PathBuf;

use batch_solver::Axis;
use buffer_runtime::Precision;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Integrate many runs of a system of ordinary differential equations at once.
#[derive(Debug, Parser)]
#[command(name = "batch-solve", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Solve(SolveArguments),
}

/// Integrate the runs of a batch and write a table of their states.
///
/// The table is CSV: a header, then one row per run (per run and time where several are saved) with the varied names, `t` if several times are saved, the states,
/// the observables, and `status` (0: the run reached its end). A varied initial value of a state `x` is called `x_0`. Numbers have 17 significant digits.
///
/// Exit code: 0; 1 for bad input; 2 if runs failed, which are in the table with their status.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  batch-solve solve lorenz.toml --grid rho=0:21:1024 --duration 1 --out final.csv
  batch-solve solve lorenz.toml --grid rho=10,28 --grid x=log:0.1:10:3 --duration 5 --save-every 0.5
  batch-solve solve lorenz.toml --batch runs.csv --duration 1 --set algorithm=tsit5 --set dt=1e-2 --out final.csv --json")]
pub(crate) struct SolveArguments {
    /// Model file: equations, states, parameters, constants, observables and settings as TOML
    #[arg(value_name = "MODEL.toml")]
    pub(crate) model: PathBuf,
    /// Vary a parameter or initial value: `name=low:high:count`, `name=log:low:high:count` or `name=a,b,c`; repeated, every combination, the last name fastest
    #[arg(long = "grid", value_name = "NAME=VALUES", allow_hyphen_values = true)]
    pub(crate) grid: Vec<Axis>,
    /// CSV file of runs: a header of parameters and states, one line of values per run
    #[arg(long, value_name = "RUNS.csv", conflicts_with = "grid")]
    pub(crate) batch: Option<PathBuf>,
    /// Start time
    #[arg(long, value_name = "TIME", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) t0: f64,
    /// Time to integrate over
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) duration: f64,
    /// Precision of all arithmetic: f32 or f64 [default: the model's, else f64]
    #[arg(long)]
    pub(crate) precision: Option<Precision>,
    /// Set a setting of the solver, over the model's; repeatable
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) settings: Vec<String>,
    /// Save the end only, whatever the model says
    #[arg(long = "final", conflicts_with = "save_every")]
    pub(crate) final_only: bool,
    /// Save the start and every so much time after it
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) save_every: Option<f64>,
    /// File to write, `-` for standard output; it appears complete or not at all
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(crate) out: PathBuf,
    /// Print runs, failed, seconds, kernel_seconds, compile_seconds and steps as one line of JSON; needs `--out FILE`
    #[arg(long)]
    pub(crate) json: bool,
    /// Where to compute
    #[arg(long, value_enum, default_value_t = Where::Best)]
    pub(crate) device: Where,
    /// No progress, device and throughput on standard error
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// A choice of device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Where {
    /// The vector units of this machine
    Cpu,
    /// The first NVIDIA card
    Gpu,
    /// The card if there is one, else the vector units
    Best,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}

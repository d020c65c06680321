//! What can be typed.

use std::path::PathBuf;

use batch_solver::Metric;
use buffer_runtime::Precision;
use buffer_runtime::nvrtc::Architecture;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::plot::PlotArguments;
use crate::runs::BatchArguments;

/// Integrate many runs of a system of ordinary differential equations at once.
///
/// Exit code: 0; 1 for bad input or a missing device or compiler; 2 if runs failed; 130 if interrupted.
#[derive(Debug, Parser)]
#[command(name = "batch-solve", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Solve(SolveArguments),
    Settings(SettingsArguments),
    Algorithms(AlgorithmsArguments),
    Layout(LayoutArguments),
    Plot(PlotArguments),
    Source(SourceArguments),
    Completions(CompletionsArguments),
}

/// Integrate the runs of a batch and write a table of their states, or of summaries of them.
///
/// Unless the model or `--set algorithm=NAME` names a method, one is chosen for the system, the batch and the time span: the line `algorithm:` on standard error says which and why.
///
/// The table is CSV: a header, then one row per run (per run and time where several are saved) with the varied names, `t` if several times are saved, the states,
/// the observables, and `status` (0: the run reached its end). A varied initial value of a state `x` is called `x_0`. Numbers have 17 significant digits.
///
/// With `--summary` the columns are metrics of the states and observables, as `x_mean` and `x_peak_0`, computed while a run goes on: no trajectory is stored. There is one row
/// per run, or with `--set summarise_every=TIME` one for each window of that length, whose end is `t`. `--set sample_summaries_every=TIME` is the time between samples.
///
/// Ctrl-C ends the solve after the part of the batch being solved, which takes about half a second, or as long as a few runs for each thread: none is cut short. What is solved is in `NAME.partial.csv` for
/// `--out NAME.csv`, described by `NAME.partial.csv.json`, and `--resume` continues from there. So it is after a signal to terminate, and where a CSV cannot be written any more, as on a full disk. A second Ctrl-C leaves at once, and nothing.
///
/// Exit code: 0; 1 for bad input or a failed write; 2 if runs failed, which are in the table with their status; 130 if interrupted.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  batch-solve solve lorenz.toml --grid rho=0:21:1024 --duration 1 --out final.csv
  batch-solve solve lorenz.toml --grid rho=10,28 --grid x=log:0.1:10:3 --duration 5 --save-every 0.5
  batch-solve solve lorenz.toml --sample rho=normal:21:2 --sample x=uniform:0:1 --samples 1000 --latin-hypercube --duration 1
  batch-solve solve lorenz.toml --batch runs.csv --duration 1 --set algorithm=auto --set rtol=1e-6 --out final.csv --json
  batch-solve solve lorenz.toml --grid rho=0:21:1024 --duration 10 --summary mean,std,peaks[3] --set summarise_every=5")]
pub(crate) struct SolveArguments {
    /// Model file: equations, states, parameters, constants, observables and settings as TOML
    #[arg(value_name = "MODEL.toml")]
    pub(crate) model: PathBuf,
    #[command(flatten)]
    pub(crate) runs: BatchArguments,
    /// Start time
    #[arg(long, value_name = "TIME", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) t0: f64,
    /// Time to integrate over
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) duration: f64,
    #[command(flatten)]
    pub(crate) given: GivenSettings,
    /// Save the end only, whatever the model says
    #[arg(long = "final", conflicts_with = "save_every")]
    pub(crate) final_only: bool,
    /// Save the start and every so much time after it
    #[arg(long, value_name = "TIME", allow_negative_numbers = true)]
    pub(crate) save_every: Option<f64>,
    /// Save the times of a file: one number per line of a `.csv` or `.txt` file, or a one-dimensional `.npy` array
    #[arg(long, value_name = "FILE", conflicts_with_all = ["save_every", "final_only", "summaries"])]
    pub(crate) t_eval: Option<PathBuf>,
    /// Metrics to write instead of states
    #[arg(long = "summary", value_name = "METRICS", value_delimiter = ',', conflicts_with_all = ["save_every", "final_only"], help = SUMMARY_HELP)]
    pub(crate) summaries: Vec<Metric>,
    /// File to write: `.csv`, `.npz` for NumPy or `.parquet`; `-` for CSV on standard output. It appears when it is complete; what is there when the solve is interrupted is in `NAME.partial.csv`
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(crate) out: PathBuf,
    /// Draw the result into this file, as `batch-solve plot RESULT` does, which has a choice of pictures; keeps the table in memory, up to 2 GiB
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) plot: Option<PathBuf>,
    /// Continue a solve that was interrupted, given the same model and options
    #[arg(long)]
    pub(crate) resume: bool,
    /// Memory for the arrays of a part of the batch, as `512MiB` or `2GB`; a batch above it is solved in parts, with the same result
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<bytesize::ByteSize>,
    /// Print runs, failed, complete, seconds, kernel_seconds, compile_seconds, steps, device, algorithm and why it was chosen as one line of JSON; needs `--out FILE`
    #[arg(long)]
    pub(crate) json: bool,
    /// Where to compute
    #[arg(long, value_enum, default_value_t = Where::Best)]
    pub(crate) device: Where,
    /// No progress, device and throughput on standard error
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// List every setting in effect: key, value, default, range and what it is for.
///
/// The keys are those of `--set` and of the `[settings]` of a model; where two factories have one key, the path tells them apart (`--set step.derivative_location=shared`).
/// `default` is what the setting is when it is not given and all others stay, or, where that is impossible, when nothing is given. Changing a setting whose `compiles` is `no` compiles nothing.
///
/// Which settings there are depends on the method and the step controller: choose them with `--set` to see theirs.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  batch-solve settings
  batch-solve settings --set algorithm=tsit5 --set step_controller=pid
  batch-solve settings lorenz.toml --markdown > settings.md")]
pub(crate) struct SettingsArguments {
    /// Model file whose sizes and settings to start from; without it a system of one state and the defaults
    #[arg(value_name = "MODEL.toml")]
    pub(crate) model: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) given: GivenSettings,
    /// A Markdown table instead of an aligned one
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// List the methods of integration: names, families, orders, stages, default step controller and where each was published.
///
/// `auto`, the default, chooses one: an explicit method, or an implicit one where the decay of fast components would hold an explicit method to many times the steps. A few runs of the batch
/// are followed roughly to see that.
///
/// `embedded` is the order of the solution the error is estimated with; a method without one takes fixed steps (`--set dt=…`). `fsal`: the last stage of a step is the
/// first of the next, so an accepted step costs one evaluation of the right-hand side fewer than it has stages. Every name and alias works as `--set algorithm=NAME`,
/// upper and lower case alike.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  batch-solve algorithms
  batch-solve solve lorenz.toml --duration 1 --set algorithm=dop853 --set rtol=1e-9")]
pub(crate) struct AlgorithmsArguments {
    /// A Markdown table instead of an aligned one
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// Show where every buffer of a model's kernel lies, and what the kernel takes of a card.
///
/// Buffers move with the settings `<buffer>_location`, which are `shared` or `local`. With `--arch` the kernel is compiled as for a card of that
/// architecture by NVRTC, which needs no card, and its registers, stack, spills and shared memory follow the layout.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  batch-solve layout lorenz.toml
  batch-solve layout lorenz.toml --set state_location=shared --svg layout.svg
  batch-solve layout lorenz.toml --set algorithm=tsit5 --precision f32 --arch sm_90")]
pub(crate) struct LayoutArguments {
    /// Model file
    #[arg(value_name = "MODEL.toml")]
    pub(crate) model: PathBuf,
    #[command(flatten)]
    pub(crate) given: GivenSettings,
    /// Compile for this architecture and show the kernel's resources: sm_75, sm_80, sm_86, sm_89, sm_90, sm_100 or sm_120
    #[arg(long, value_name = "ARCHITECTURE", value_parser = architecture)]
    pub(crate) arch: Option<Architecture>,
    /// Draw the memory map into this file, for the block of `--arch` or a warp
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) svg: Option<PathBuf>,
    /// Markdown instead of aligned text
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// Print the C++ or CUDA source generated for a model, as it is compiled.
///
/// For the CPU it is compiled first, so that what is printed is known to compile.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  batch-solve source lorenz.toml > lorenz.cpp
  batch-solve source lorenz.toml --set algorithm=tsit5 --gpu > lorenz.cu")]
pub(crate) struct SourceArguments {
    /// Model file
    #[arg(value_name = "MODEL.toml")]
    pub(crate) model: PathBuf,
    #[command(flatten)]
    pub(crate) given: GivenSettings,
    /// The kernel for a card, compiled by NVRTC, which needs no card
    #[arg(long)]
    pub(crate) gpu: bool,
    /// Architecture of the card: its limits decide the threads per block
    #[arg(long, value_name = "ARCHITECTURE", value_parser = architecture, default_value = "sm_90", requires = "gpu")]
    pub(crate) arch: Architecture,
}

/// Print a script that completes commands and options in a shell.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  batch-solve completions bash > ~/.local/share/bash-completion/completions/batch-solve
  batch-solve completions zsh > ~/.zfunc/_batch-solve
  batch-solve completions fish > ~/.config/fish/completions/batch-solve.fish")]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// Settings over those of a model.
#[derive(Debug, Default, Args)]
pub(crate) struct GivenSettings {
    /// Precision of all arithmetic: f32 or f64 [default: the model's, else f64]
    #[arg(long)]
    pub(crate) precision: Option<Precision>,
    /// Set a setting of the solver, over the model's; repeatable
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) settings: Vec<String>,
}

/// Reads `sm_90`; the suffixes of ptxas (`sm_90a`) name the same cards with instructions that no kernel here has.
fn architecture(text: &str) -> Result<Architecture, String> {
    let number = text.strip_prefix("sm_").and_then(|number| number.parse().ok());
    number.map(Architecture).ok_or_else(|| "an architecture is `sm_` and a number, as `sm_90` for an H100".to_owned())
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

/// Not a doc comment, where the brackets would be links.
const SUMMARY_HELP: &str = "Write these metrics instead of states: mean, max, min, rms, std, max_magnitude, extrema, mean_std, std_rms, mean_std_rms, peaks[N], negative_peaks[N], dxdt_max, dxdt_min, dxdt_extrema, d2xdt2_max, d2xdt2_min, d2xdt2_extrema; several with commas or repeated";

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_names_every_metric() {
        let mut command = Cli::command();
        let help = command.find_subcommand_mut("solve").map(|solve| solve.render_long_help().to_string()).unwrap();
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for metric in Metric::ALL {
            let name = metric.to_string().replace("[3]", "[N]");
            assert!(help.contains(&format!(" {name},")) || help.contains(&format!(" {name};")), "{name} in {help}");
        }
    }

    #[test]
    fn architectures_are_read_as_compilers_write_them() {
        assert_eq!(architecture("sm_120"), Ok(Architecture(120)));
        for wrong in ["90", "sm_", "sm_x", "sm90", "compute_90"] {
            assert!(architecture(wrong).is_err_and(|message| message.contains("sm_90")), "{wrong}");
        }
    }
}

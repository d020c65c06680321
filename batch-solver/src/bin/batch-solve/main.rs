//! Batches of a model from the command line, one verb per file.
//!
//! Exit codes: 0, all runs reached their end, or all that was asked for was printed; 1, nothing was solved or written, or not all of it, because of the input, the device or the output; 2, some runs failed, the
//! output has them with their status; 130, a solve was interrupted.

mod algorithms;
mod arguments;
mod columns;
mod completions;
mod configure;
mod destination;
mod failure;
mod files;
mod interrupt;
mod layout;
mod notes;
mod output;
mod part_size;
mod partial;
mod plot;
mod progress;
mod runs;
mod settings;
mod solve;
mod source;
mod totals;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Cli, Command};
use output::tell;
use solve::Ended;

const REFUSED: u8 = 1;
const RUNS_FAILED: u8 = 2;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Clap itself would exit with 2. A closed terminal is no reason to do anything else.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(REFUSED) } else { ExitCode::SUCCESS };
        }
    };
    let result = match &cli.command {
        Command::Solve(arguments) => solve::solve(arguments),
        Command::Settings(arguments) => settings::settings(arguments).map(|()| Ended::AllReachedTheirEnd),
        Command::Algorithms(arguments) => algorithms::algorithms(arguments).map(|()| Ended::AllReachedTheirEnd),
        Command::Layout(arguments) => layout::layout(arguments).map(|()| Ended::AllReachedTheirEnd),
        Command::Plot(arguments) => plot::plot(arguments).map(|()| Ended::AllReachedTheirEnd),
        Command::Source(arguments) => source::source(arguments).map(|()| Ended::AllReachedTheirEnd),
        Command::Completions(arguments) => completions::completions(arguments).map(|()| Ended::AllReachedTheirEnd),
    };
    match result {
        Ok(Ended::AllReachedTheirEnd) => ExitCode::SUCCESS,
        Ok(Ended::SomeFailed) => ExitCode::from(RUNS_FAILED),
        Ok(Ended::Interrupted) => ExitCode::from(interrupt::INTERRUPTED),
        Err(failure) => {
            tell(&failure.report());
            ExitCode::from(REFUSED)
        }
    }
}

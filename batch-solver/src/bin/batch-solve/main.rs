//! Batches of a model from the command line, one verb per file.
//!
//! Exit codes: 0, all runs reached their end, or all that was asked for was printed; 1, nothing was solved or written, because of the input, the device or the output; 2, some runs failed, the
//! output has them with their status.

mod algorithms;
mod arguments;
mod columns;
mod configure;
mod failure;
mod layout;
mod output;
mod plot;
mod settings;
mod solve;
mod source;

use std::process::ExitCode;

use clap::Parser;

use arguments::{Cli, Command};

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
        Command::Settings(arguments) => settings::settings(arguments).map(|()| 0),
        Command::Algorithms(arguments) => algorithms::algorithms(arguments).map(|()| 0),
        Command::Layout(arguments) => layout::layout(arguments).map(|()| 0),
        Command::Plot(arguments) => plot::plot(arguments).map(|()| 0),
        Command::Source(arguments) => source::source(arguments).map(|()| 0),
    };
    match result {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(RUNS_FAILED),
        Err(failure) => {
            eprintln!("{}", failure.report());
            ExitCode::from(REFUSED)
        }
    }
}

//! The verb `completions`.

use clap::CommandFactory;

use crate::arguments::{Cli, CompletionsArguments};
use crate::failure::Failure;
use crate::output::print;

pub(crate) fn completions(arguments: &CompletionsArguments) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "batch-solve", &mut script);
    print(&String::from_utf8_lossy(&script))
}

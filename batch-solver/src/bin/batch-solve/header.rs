//! The names of a table's columns before anything is solved.

use batch_solver::table::TableError;
use batch_solver::{Batch, LoopConfig};

/// Refuses names that would give a table two columns of one name: better before hours of solving than behind them.
///
/// # Errors
/// As [`Table::new`](batch_solver::Table::new) and [`Table::summaries`](batch_solver::Table::summaries).
pub(crate) fn check(batch: &Batch, config: &LoopConfig, summarised: bool) -> Result<(), TableError> {
    let chosen = |names: &Option<Vec<String>>| -> Vec<String> {
        let is_chosen =
            |name: &&str| names.as_ref().is_none_or(|names| names.iter().any(|chosen| chosen.as_str() == *name));
        config.variables.names().filter(is_chosen).map(str::to_owned).collect()
    };
    let results: Vec<String> = if summarised {
        let columns = config.summary.metrics.columns();
        let of = |name: String| columns.iter().map(move |column| format!("{name}_{column}")).collect::<Vec<_>>();
        chosen(&config.summarise_variables).into_iter().flat_map(of).collect()
    } else {
        chosen(&config.save_variables)
    };
    let varied = batch.varied().map(|name| match results.iter().any(|result| result == name) {
        true => format!("{name}_0"),
        false => name.to_owned(),
    });
    let mut names: Vec<String> = varied.chain(["status".to_owned()]).collect();
    names.extend(results);
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(TableError::NameTwice { name: pair[0].clone() }),
        None => Ok(()),
    }
}

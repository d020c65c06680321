//! The names of a table's columns, before anything is solved and after.

use super::{DURATION, Table, TableError};
use crate::batch::Batch;
use crate::integrate::LoopConfig;

impl Table<'_> {
    /// Refuses what would give the table of a solve two columns of one name, or no results: better before hours of solving than behind them. `summarised` says whether
    /// it will be that of [`summaries`](Table::summaries).
    ///
    /// # Errors
    /// [`TableError::NameTwice`] and [`TableError::NoResults`].
    pub fn check_columns(batch: &Batch, config: &LoopConfig, summarised: bool) -> Result<(), TableError> {
        let variables = &config.variables;
        let results = if summarised {
            let columns = config.summary.metrics.columns();
            let of = |name: String| columns.iter().map(move |column| format!("{name}_{column}")).collect::<Vec<_>>();
            config.summary.summarised.names(variables).into_iter().flat_map(of).collect()
        } else {
            config.output.saved.names(variables)
        };
        let durations = batch.own_durations().map(|_| DURATION);
        if results.is_empty() {
            return Err(TableError::NoResults);
        }
        check(all(batch.varied().chain(durations), variables.states(), false, &results))
    }
}

/// Every column: what is varied of a state `<name>` is its initial value, `<name>_0`.
pub(super) fn all<'a>(
    varied: impl Iterator<Item = &'a str>,
    states: &[String],
    times: bool,
    results: &[String],
) -> Vec<String> {
    let of_varied = |name: &str| match states.iter().any(|state| state == name) {
        true => format!("{name}_0"),
        false => name.to_owned(),
    };
    varied
        .map(of_varied)
        .chain(times.then(|| "t".to_owned()))
        .chain(results.iter().cloned())
        .chain(std::iter::once("status".to_owned()))
        .collect()
}

/// Every column has a name of its own.
pub(super) fn check(mut columns: Vec<String>) -> Result<(), TableError> {
    columns.sort_unstable();
    match columns.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(TableError::NameTwice { name: pair[0].clone() }),
        None => Ok(()),
    }
}

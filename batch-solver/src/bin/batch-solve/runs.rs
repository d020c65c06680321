//! The runs that the command line asks for.

use std::path::PathBuf;
use std::str::FromStr;

use batch_solver::{Axis, Batch, BatchError, Model, SampledAxis, SolveError};
use clap::Args;

use crate::failure::Failure;

/// Where runs come from.
#[derive(Debug, Default, Args)]
pub(crate) struct BatchArguments {
    /// Vary a parameter or initial value: `name=low:high:count`, `name=log:low:high:count`, `name=a,b,c`, or `name=@FILE` with one number per line of a `.csv` or `.txt` file or a one-dimensional `.npy` array; repeated, every combination, the last name fastest
    #[arg(long = "grid", value_name = "NAME=VALUES", allow_hyphen_values = true)]
    pub(crate) grid: Vec<GridAxis>,
    /// File of runs: `.csv` with a header of parameters and states and one line of values per run, `.npz` or `.parquet` with an array or column for each, or `.npy` with a row for each run and a column for each state and then each parameter, or for each state or each parameter; what is called `duration` and is neither gives each run its own, up to that of `--duration`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["grid", "sample"])]
    pub(crate) batch: Option<PathBuf>,
    /// Draw the values of a parameter or initial value: `name=uniform:low:high`, `loguniform:low:high`, `normal:mean:sd`, `lognormal:mean:sd` (of the logarithm), `triangular:low:mode:high` or `truncnormal:mean:sd:low:high`; repeated, the names are drawn together, `--samples` times for every combination of `--grid`, fastest
    #[arg(long, value_name = "NAME=DISTRIBUTION", allow_hyphen_values = true, requires = "samples")]
    pub(crate) sample: Vec<SampledAxis>,
    /// How many values to draw for each name of `--sample`
    #[arg(long, value_name = "COUNT", requires = "sample", value_parser = clap::value_parser!(u64).range(1..=Axis::MAX_COUNT))]
    pub(crate) samples: Option<u64>,
    /// What decides the values drawn: the same seed and name give the same ones on every machine
    #[arg(long, value_name = "SEED", requires = "sample", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Draw by a Latin hypercube: one value of each name from each of COUNT equally probable intervals
    #[arg(long, requires = "sample")]
    pub(crate) latin_hypercube: bool,
    /// Give a parameter or initial value one value in all runs; repeatable
    #[arg(long, value_name = "NAME=VALUE", allow_hyphen_values = true, value_parser = fixed)]
    pub(crate) fix: Vec<(String, f64)>,
}

/// A name with its values, and the file they came from.
#[derive(Clone, Debug)]
pub(crate) struct GridAxis {
    axis: Axis,
    pub(crate) file: Option<PathBuf>,
}

impl FromStr for GridAxis {
    type Err = <Axis as FromStr>::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let file = text.split_once('=').and_then(|(_, values)| values.trim().strip_prefix('@'));
        Ok(Self { axis: text.parse()?, file: file.map(PathBuf::from) })
    }
}

/// The batch of these arguments; whether its names are those of the model is seen when it is solved, but for a file of runs.
pub(crate) fn batch(arguments: &BatchArguments, model: &Model) -> Result<Batch, Failure> {
    let names: Vec<(&'static str, &str)> = (arguments.grid.iter().map(|grid| ("--grid", grid.axis.name.as_str())))
        .chain(arguments.sample.iter().map(|axis| ("--sample", axis.name.as_str())))
        .chain(arguments.fix.iter().map(|(name, _)| ("--fix", name.as_str())))
        .collect();
    let mut batch = match &arguments.batch {
        Some(file) => Batch::read(file, model.system())?,
        None => Batch::grid(),
    };
    for (index, (option, name)) in names.iter().enumerate() {
        let earlier = names[..index].iter().find(|(_, earlier)| earlier == name).map(|(option, _)| *option);
        if let Some(first) =
            earlier.or_else(|| batch.varied().chain(batch.fixed()).any(|given| given == *name).then_some("--batch"))
        {
            return Err(Failure::GivenTwice { name: (*name).to_owned(), first, second: option });
        }
    }
    for GridAxis { axis, .. } in &arguments.grid {
        batch = batch.vary(axis.name.as_str(), axis.values.as_slice());
    }
    if let Some(samples) = arguments.samples.and_then(|samples| usize::try_from(samples).ok()) {
        let names = arguments.sample.iter().map(|axis| (axis.name.as_str(), axis.distribution));
        batch = match arguments.latin_hypercube {
            true => batch.latin_hypercube(samples, arguments.seed, names),
            false => batch.sample(samples, arguments.seed, names),
        };
    }
    Ok(arguments.fix.iter().fold(batch, |batch, (name, value)| batch.fix(name.as_str(), *value)))
}

/// What a failed solve is reported as: a batch that does not fit the system is the fault of an option.
pub(crate) fn failure(arguments: &BatchArguments, error: SolveError) -> Failure {
    let SolveError::Batch(problem) = &error else { return error.into() };
    let name = match problem {
        BatchError::UnknownName { name, .. }
        | BatchError::NotFinite { name, .. }
        | BatchError::VariedAndFixed { name } => name.as_str(),
        _ => "",
    };
    let option = match () {
        () if arguments.fix.iter().any(|(fixed, _)| fixed == name) => "--fix",
        () if arguments.batch.is_some() => "--batch",
        () if arguments.grid.is_empty() || arguments.sample.iter().any(|axis| axis.name == name) => "--sample",
        () => "--grid",
    };
    Failure::Batch { option, error: error.into() }
}

/// Reads `name=value`.
fn fixed(text: &str) -> Result<(String, f64), String> {
    let pair = text.split_once('=').map(|(name, value)| (name.trim(), value.trim()));
    pair.filter(|(name, _)| !name.is_empty())
        .and_then(|(name, value)| Some((name.to_owned(), value.parse().ok().filter(|value: &f64| value.is_finite())?)))
        .ok_or_else(|| {
            format!("`{text}` is not a name and a finite number: write `name=value`, for several values use `--grid`")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_values_are_pairs_of_a_name_and_a_number() {
        assert_eq!(fixed(" x = -1e3 "), Ok(("x".to_owned(), -1000.0)));
        for wrong in ["x", "=1", "x=", "x=1,2", "x=inf", "x=1:2:3"] {
            assert!(fixed(wrong).is_err_and(|message| message.contains("`name=value`")), "{wrong}");
        }
    }
}

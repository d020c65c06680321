//! Batches: which runs to make.

mod axis;
mod distribution;
mod error;
mod normal;
mod numbers;
mod runs_array;
mod runs_file;
mod sampling;
mod spacing;
mod values;

use indexmap::IndexMap;

use crate::fnv::Fnv1a;
use crate::system::System;

pub use axis::{Axis, AxisError};
pub use distribution::{Distribution, DistributionError};
pub use error::BatchError;
pub use numbers::{NumbersError, read_numbers, read_times};
pub use runs_file::RunsFileError;
pub use sampling::{SampledAxis, SampledAxisError};
pub use spacing::{linspace, logspace};
pub use values::{BatchValues, OneOrMany};

/// Initial values and parameters of a batch of runs, by name; what is not named has the system's default.
///
/// ```
/// use batch_solver::Batch;
///
/// // Every combination, the last name varying fastest: 6 runs.
/// let grid = Batch::grid().vary("rho", [14.0, 21.0, 28.0]).vary("x", [1.0, 2.0]);
/// assert_eq!(grid.runs()?, 6);
/// // Value by value: 3 runs.
/// let zipped = Batch::zip().vary("rho", [14.0, 21.0, 28.0]).vary("x", [1.0, 2.0, 3.0]);
/// assert_eq!(zipped.runs()?, 3);
/// // Pairs of initial values, each with every rho: 4 runs.
/// let pairs = Batch::grid().vary_together([("x", [1.0, 2.0]), ("y", [3.0, 4.0])]).vary("rho", [21.0, 28.0]);
/// assert_eq!(pairs.runs()?, 4);
/// # Ok::<(), batch_solver::BatchError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    combine: Combine,
    varied: IndexMap<String, Column>,
    fixed: IndexMap<String, f64>,
    durations: Option<Vec<f64>>,
}

/// The values a name takes.
#[derive(Clone, Debug, PartialEq)]
struct Column {
    values: Vec<f64>,
    /// Names of one axis go through their values together; axes ascend with the position of the name.
    axis: usize,
}

/// How the values of several names make runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Combine {
    /// Every combination, the last name varying fastest.
    #[default]
    Grid,
    /// Value by value: all names have equally many.
    Zip,
}

impl Batch {
    /// Every combination of the values of all varied names; the last one varied changes fastest from run to run. With nothing varied, one run.
    pub fn grid() -> Self {
        Self::combining(Combine::Grid)
    }

    /// One run per position: all varied names need equally many values.
    pub fn zip() -> Self {
        Self::combining(Combine::Zip)
    }

    fn combining(combine: Combine) -> Self {
        Self { combine, varied: IndexMap::new(), fixed: IndexMap::new(), durations: None }
    }

    /// Varies a state's initial value or a parameter.
    #[must_use]
    pub fn vary(self, name: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        self.vary_together([(name, values)])
    }

    /// Varies several names value by value, which in a grid are one axis: combined with the others, not with each other. They need equally many values.
    /// A single name given again keeps its place and gets the new values; of several all go together at the end, those given again, too.
    #[must_use]
    pub fn vary_together<N, V>(mut self, columns: impl IntoIterator<Item = (N, V)>) -> Self
    where
        N: Into<String>,
        V: Into<Vec<f64>>,
    {
        let columns: Vec<(String, Vec<f64>)> =
            columns.into_iter().map(|(name, values)| (name.into(), values.into())).collect();
        if columns.len() > 1 {
            columns.iter().for_each(|(name, _)| drop(self.varied.shift_remove(name)));
        }
        let axis = self.varied.values().map(|column| column.axis + 1).max().unwrap_or(0);
        for (name, values) in columns {
            match self.varied.get_mut(&name) {
                Some(column) => column.values = values,
                None => _ = self.varied.insert(name, Column { values, axis }),
            }
        }
        self
    }

    /// Gives a state's initial value or a parameter one value in all runs.
    #[must_use]
    pub fn fix(mut self, name: impl Into<String>, value: f64) -> Self {
        self.fixed.insert(name.into(), value);
        self
    }

    /// Gives each run a duration of its own, counted from the start of the time span, which all must end within.
    #[must_use]
    pub fn durations(mut self, durations: impl Into<Vec<f64>>) -> Self {
        self.durations = Some(durations.into());
        self
    }

    /// The [durations](Self::durations) of runs that have their own, empty where all take the whole time span.
    pub fn run_durations(&self) -> &[f64] {
        self.durations.as_deref().unwrap_or_default()
    }

    pub(crate) fn own_durations(&self) -> Option<&[f64]> {
        self.durations.as_deref()
    }

    /// The varied names, in order.
    pub fn varied(&self) -> impl Iterator<Item = &str> {
        self.varied.keys().map(String::as_str)
    }

    /// The names that have one value in all runs.
    pub fn fixed(&self) -> impl Iterator<Item = &str> {
        self.fixed.keys().map(String::as_str)
    }

    /// The value a varied name has in a run; `None` if the name is not varied or there is no such run.
    pub fn value(&self, name: &str, run: usize) -> Option<f64> {
        // First, because it makes sure that the numbers of values can be multiplied.
        let runs = self.runs().ok()?;
        let (values, repeat) = self.column(self.varied.get_index_of(name)?)?;
        (run < runs).then(|| values[run / repeat % values.len()])
    }

    /// Number of runs. [`zip`](Self::zip) with nothing varied has as many as there are [`durations`](Self::durations).
    ///
    /// # Errors
    /// When a name has no values, names that go together have different numbers of values, or a grid has more combinations than can be counted.
    pub fn runs(&self) -> Result<usize, BatchError> {
        if let Some((name, _)) = self.varied.iter().find(|(_, column)| column.values.is_empty()) {
            return Err(BatchError::NoValues { name: name.clone() });
        }
        if self.varied.is_empty() && self.combine == Combine::Zip {
            return Ok(self.durations.as_ref().map_or(1, |durations| durations.len().max(1)));
        }
        let names: Vec<(&String, &Column)> = self.varied.iter().collect();
        let mut runs = 1_usize;
        for together in names.chunk_by(|(_, a), (_, b)| self.go_together(a, b)) {
            let Some((first, column)) = together.first() else { continue };
            if let Some((name, other)) = together.iter().find(|(_, other)| other.values.len() != column.values.len()) {
                return Err(BatchError::UnequalLengths {
                    first: (*first).clone(),
                    first_len: column.values.len(),
                    other: (*name).clone(),
                    other_len: other.values.len(),
                });
            }
            runs = runs.checked_mul(column.values.len()).ok_or(BatchError::TooManyRuns)?;
        }
        Ok(runs)
    }

    /// Whether two names go through their values together.
    fn go_together(&self, a: &Column, b: &Column) -> bool {
        self.combine == Combine::Zip || a.axis == b.axis
    }

    /// The values of all varied names, each with for how many runs in a row a value stays.
    pub(crate) fn columns(&self) -> Vec<(&[f64], usize)> {
        (0..self.varied.len()).filter_map(|index| self.column(index)).collect()
    }

    /// The values of a varied name and for how many runs in a row each stays.
    fn column(&self, index: usize) -> Option<(&[f64], usize)> {
        let (_, column) = self.varied.get_index(index)?;
        let after: Vec<&Column> =
            self.varied.values().skip(index).filter(|other| !self.go_together(column, other)).collect();
        let axes = after.chunk_by(|a, b| self.go_together(a, b)).filter_map(|together| together.first());
        Some((&column.values, axes.map(|column| column.values.len()).product()))
    }

    /// A fingerprint of names, values and how they are combined (64-bit FNV-1a): batches that name the same things in the same order have equal ones.
    pub fn checksum(&self) -> u64 {
        let mut hash = Fnv1a::new();
        let mut add = |bytes: &[u8]| hash.add(bytes);
        add(&[u8::from(self.combine == Combine::Zip)]);
        for (name, column) in &self.varied {
            add(name.as_bytes());
            add(&[0xff]);
            add(&column.axis.to_le_bytes());
            add(&column.values.len().to_le_bytes());
            column.values.iter().for_each(|value| add(&value.to_le_bytes()));
        }
        let mut fixed: Vec<(&String, &f64)> = self.fixed.iter().collect();
        fixed.sort_by_key(|(name, _)| *name);
        for (name, value) in fixed {
            add(name.as_bytes());
            add(&[0xfe]);
            add(&value.to_le_bytes());
        }
        self.durations.iter().flatten().for_each(|duration| add(&duration.to_le_bytes()));
        hash.finish()
    }

    /// Checks every name against the system.
    ///
    /// # Errors
    /// All names that are neither a state nor a parameter (each with the nearest), or that are varied and fixed at once; values that are not finite.
    pub(crate) fn check(&self, system: &System) -> Result<usize, BatchError> {
        let known: Vec<&str> =
            system.states().iter().chain(system.parameters()).map(|quantity| quantity.name.as_str()).collect();
        for name in self.varied.keys().chain(self.fixed.keys()) {
            if !known.contains(&name.as_str()) {
                return Err(BatchError::unknown(name, system, &known));
            }
            if self.varied.contains_key(name) && self.fixed.contains_key(name) {
                return Err(BatchError::VariedAndFixed { name: name.clone() });
            }
        }
        if let Some((name, value)) = self.values().find(|(_, value)| !value.is_finite()) {
            return Err(BatchError::NotFinite { name: name.clone(), value });
        }
        let runs = self.runs()?;
        match self.durations.as_ref().map(Vec::len).filter(|count| *count != runs) {
            Some(durations) => Err(BatchError::Durations { runs, durations }),
            None => Ok(runs),
        }
    }

    /// Refuses values that are infinite in single precision.
    pub(crate) fn check_single(&self, system: &System, constants: &[f64]) -> Result<(), BatchError> {
        let given = |name: &str| self.varied.contains_key(name) || self.fixed.contains_key(name);
        let quantities = system.states().iter().chain(system.parameters()).filter(|quantity| !given(&quantity.name));
        let defaults = quantities.map(|quantity| (&quantity.name, quantity.value));
        let constants = system.constants().iter().zip(constants).map(|(constant, value)| (&constant.name, *value));
        let mut values = self.values().chain(defaults).chain(constants);
        match values.find(|(_, value)| (*value as f32).is_infinite()) {
            Some((name, value)) => Err(BatchError::BeyondSingle { name: name.clone(), value }),
            None => Ok(()),
        }
    }

    /// Each value that is given, with its name.
    fn values(&self) -> impl Iterator<Item = (&String, f64)> {
        let varied =
            self.varied.iter().flat_map(|(name, column)| column.values.iter().map(move |value| (name, *value)));
        varied.chain(self.fixed.iter().map(|(name, value)| (name, *value)))
    }

    /// The value of a name in a run; `default` where it is neither varied nor fixed.
    pub(crate) fn value_in(&self, name: &str, default: f64, run: usize) -> f64 {
        match self.varied.get_index_of(name).and_then(|index| self.column(index)) {
            Some((values, repeat)) if !values.is_empty() => values[run / repeat.max(1) % values.len()],
            _ => self.fixed.get(name).copied().unwrap_or(default),
        }
    }

    /// Writes the values of one name for the runs from `first` on; `default` where it is neither varied nor fixed.
    pub(crate) fn fill<T: Copy>(
        &self,
        name: &str,
        default: f64,
        convert: impl Fn(f64) -> T,
        first: usize,
        out: &mut [T],
    ) {
        let column = self.varied.get_index_of(name).and_then(|index| self.column(index));
        let Some((values, repeat)) = column.filter(|(values, repeat)| !values.is_empty() && *repeat > 0) else {
            out.fill(convert(self.fixed.get(name).copied().unwrap_or(default)));
            return;
        };
        // The first value may have stayed for some runs already.
        let (begun, rest) = out.split_at_mut((first.next_multiple_of(repeat) - first).min(out.len()));
        begun.fill(convert(values[first / repeat % values.len()]));
        let following = values.iter().cycle().skip(first.div_ceil(repeat) % values.len());
        for (chunk, value) in rest.chunks_mut(repeat).zip(following) {
            chunk.fill(convert(*value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_varies_the_last_name_fastest() {
        let grid = Batch::grid().vary("a", [1.0, 2.0]).vary("b", [5.0, 6.0, 7.0]);
        let (mut a, mut b) = ([0.0; 6], [0.0; 6]);
        grid.fill("a", 0.0, |v| v, 0, &mut a);
        grid.fill("b", 0.0, |v| v, 0, &mut b);
        assert_eq!(a, [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
        assert_eq!(b, [5.0, 6.0, 7.0, 5.0, 6.0, 7.0]);
        for run in 0..6 {
            assert_eq!(grid.value("a", run), Some(a[run]));
            assert_eq!(grid.value("b", run), Some(b[run]));
        }
        assert_eq!(grid.value("a", 6), None);
        assert_eq!(grid.value("c", 0), None);
        for (first, last) in (0..6).flat_map(|first| (first..=6).map(move |last| (first, last))) {
            let mut part = vec![0.0; last - first];
            grid.fill("a", 0.0, |v| v, first, &mut part);
            assert_eq!(part, a[first..last]);
            grid.fill("b", 0.0, |v| v, first, &mut part);
            assert_eq!(part, b[first..last]);
        }
    }

    #[test]
    fn names_varied_together_are_one_axis() {
        let grid =
            Batch::grid().vary("a", [1.0, 2.0]).vary_together([("x", [3.0, 4.0]), ("y", [5.0, 6.0])]).vary("b", [7.0]);
        assert_eq!(grid.runs().unwrap(), 4);
        let of = |name: &str| -> Vec<f64> { (0..4).map(|run| grid.value(name, run).unwrap()).collect() };
        assert_eq!(of("a"), [1.0, 1.0, 2.0, 2.0]);
        assert_eq!(of("x"), [3.0, 4.0, 3.0, 4.0]);
        assert_eq!(of("y"), [5.0, 6.0, 5.0, 6.0]);
        let replaced = grid.vary("a", [9.0]);
        assert_eq!((replaced.runs().unwrap(), replaced.varied().next()), (2, Some("a")));
        let unequal = Batch::grid().vary_together([("x", vec![1.0]), ("y", vec![1.0, 2.0])]).runs();
        assert!(matches!(unequal, Err(BatchError::UnequalLengths { .. })));
        assert_eq!(Batch::zip().vary_together([("x", [1.0, 2.0])]).vary("b", [1.0, 2.0]).runs().unwrap(), 2);
    }

    #[test]
    fn names_not_varied_have_the_fixed_or_default_value() {
        let batch = Batch::zip().vary("a", [1.0, 2.0]).fix("b", 9.0);
        let mut out = [0.0_f32; 2];
        batch.fill("b", 3.0, |v| v as f32, 0, &mut out);
        assert_eq!(out, [9.0; 2]);
        batch.fill("c", 3.0, |v| v as f32, 0, &mut out);
        assert_eq!(out, [3.0; 2]);
    }

    #[test]
    fn counts_are_checked() {
        assert_eq!(Batch::grid().runs().unwrap(), 1);
        assert_eq!(Batch::zip().runs().unwrap(), 1);
        assert!(matches!(Batch::grid().vary("a", []).runs(), Err(BatchError::NoValues { .. })));
        let error = Batch::zip().vary("a", [1.0]).vary("b", [1.0, 2.0]).runs().unwrap_err();
        assert!(error.to_string().contains("`a` has 1") && error.to_string().contains("`b` 2"), "{error}");
        let many = vec![0.0; 1 << 16];
        let huge = ["a", "b", "c", "d"].into_iter().fold(Batch::grid(), |batch, name| batch.vary(name, many.clone()));
        assert!(matches!(huge.runs(), Err(BatchError::TooManyRuns)));
        assert_eq!(huge.value("a", 0), None);
    }
}

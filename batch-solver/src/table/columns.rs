//! The columns of a table one by one, for formats that keep them so.

use std::ops::Range;

use super::{RUNS_TOGETHER, Table};
use crate::solution::{Scalar, Values};

/// What a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// A varied name, by its position: a number for each run.
    Varied(usize),
    /// `t`: a number for each time.
    Time,
    /// A saved variable, by its position: a number for each run and time, in the precision of the kernel.
    Saved(usize),
    /// `status`: an integer for each run.
    Status,
}

/// Bytes of a column that are gathered at a time.
const GATHERED_BYTES: usize = 1 << 20;

impl Table<'_> {
    /// The columns in the order of their names.
    pub(super) fn parts(&self) -> impl Iterator<Item = Column> {
        (0..self.varied.len())
            .map(Column::Varied)
            .chain(self.times.then_some(Column::Time))
            .chain((0..self.names.len()).map(Column::Saved))
            .chain([Column::Status])
    }

    /// Whether the kernel computed in single precision.
    pub(super) fn is_single(&self) -> bool {
        matches!(self.blocks[0].0, Values::F32(_))
    }

    /// Groups of runs, small enough for their values to be gathered and large enough to read memory in lines.
    pub(super) fn groups(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let runs = self.solution.runs();
        let group = GATHERED_BYTES / size_of::<f64>() / self.rows.len().max(1);
        let group = (group / RUNS_TOGETHER).max(1) * RUNS_TOGETHER;
        (0..runs).step_by(group).map(move |first| first..(first + group).min(runs))
    }

    /// A varied name's value in a run of the solution.
    pub(super) fn varied_value(&self, position: usize, run: usize) -> f64 {
        let value = self.varied.get(position).and_then(|(_, values, repeat)| {
            let run = self.solution.first_run + run;
            values.get(run / repeat % values.len().max(1)).copied()
        });
        value.unwrap_or(f64::NAN)
    }

    /// A saved variable in some runs, ordered by run, then by time.
    pub(super) fn gather<T: Scalar + Default>(&self, position: usize, runs: &Range<usize>, gathered: &mut Vec<T>) {
        let [(first, count), _] = self.blocks;
        let (values, count, position) = match position.checked_sub(count) {
            None => (first, count, position),
            Some(position) => (self.blocks[1].0, self.blocks[1].1, position),
        };
        let (all, times) = (self.solution.runs(), self.rows.len());
        let values = T::of(values).unwrap_or_default();
        gathered.clear();
        gathered.resize(runs.len() * times, T::default());
        for lines in runs.clone().step_by(RUNS_TOGETHER).map(|first| first..(first + RUNS_TOGETHER).min(runs.end)) {
            for time in 0..times {
                // Time × variable × run.
                let begin = (time * count + position) * all;
                let from = values.get(begin + lines.start..begin + lines.end).unwrap_or_default();
                let to = gathered.get_mut((lines.start - runs.start) * times + time..).unwrap_or_default();
                to.iter_mut().step_by(times).zip(from).for_each(|(to, from)| *to = *from);
            }
        }
    }

    /// The values of any column in some runs, a number for each row.
    pub(super) fn gather_rows(&self, column: Column, runs: &Range<usize>, gathered: &mut Vec<f64>) {
        let times = self.rows.len();
        gathered.clear();
        let mut for_each_run = |value: &dyn Fn(usize) -> f64| {
            gathered.extend(runs.clone().flat_map(|run| std::iter::repeat_n(value(run), times)));
        };
        match column {
            Column::Varied(position) => for_each_run(&|run| self.varied_value(position, run)),
            Column::Status => for_each_run(&|run| self.solution.status(run).map_or(0, |status| status.0).into()),
            Column::Time => gathered.extend(runs.clone().flat_map(|_| self.rows)),
            Column::Saved(position) if self.is_single() => {
                let mut single = Vec::new();
                self.gather::<f32>(position, runs, &mut single);
                gathered.extend(single.into_iter().map(f64::from));
            }
            Column::Saved(position) => self.gather::<f64>(position, runs, gathered),
        }
    }
}

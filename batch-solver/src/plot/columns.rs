//! What the columns of a table are: varied, the time, variables, the status; and which rows are a run.

use std::ops::Range;

use super::PlotError;
use crate::table::Frame;

/// A column by name.
pub(super) type Column<'a> = (&'a str, &'a [f64]);

/// The columns of a table by their part.
#[derive(Debug)]
pub(super) struct Columns<'a> {
    frame: &'a Frame,
    pub(super) varied: Vec<Column<'a>>,
    pub(super) time: Option<&'a [f64]>,
    pub(super) variables: Vec<Column<'a>>,
    status: Option<&'a [f64]>,
    /// The rows of each run.
    pub(super) runs: Vec<Range<usize>>,
}

/// Variables that are drawn where none are named.
pub(super) const DEFAULT_VARIABLES: usize = 6;

impl<'a> Columns<'a> {
    pub(super) fn of(frame: &'a Frame) -> Result<Self, PlotError> {
        if frame.rows() == 0 {
            return Err(PlotError::NoRows);
        }
        let all: Vec<Column<'a>> =
            frame.names().filter_map(|name| frame.column(name).ok().map(|values| (name, values))).collect();
        let time = all.iter().position(|(name, _)| *name == "t");
        let status = all.iter().position(|(name, _)| *name == "status");
        let given = frame.varied().or(time);
        let end = time.or(status).unwrap_or(all.len());
        let varied = given.unwrap_or_else(|| super::varied::first_columns(&all[..end])).min(end);
        let is_variable = |index: &usize| *index >= varied && Some(*index) != time && Some(*index) != status;
        let variables = (0..all.len()).filter(is_variable).map(|index| all[index]).collect();
        let time = time.map(|index| all[index].1);
        Ok(Self {
            frame,
            runs: runs(time, &all[..varied], frame.rows()),
            varied: all[..varied].to_vec(),
            time,
            variables,
            status: status.map(|index| all[index].1),
        })
    }

    /// These variables, or the first ones.
    pub(super) fn chosen(&self, names: &[String]) -> Result<Vec<Column<'a>>, PlotError> {
        let mut chosen = self.chosen_or_all(names)?;
        if names.is_empty() {
            chosen.truncate(DEFAULT_VARIABLES);
        }
        Ok(chosen)
    }

    /// These variables, or all.
    pub(super) fn chosen_or_all(&self, names: &[String]) -> Result<Vec<Column<'a>>, PlotError> {
        if !names.is_empty() {
            return self.named(names);
        }
        if self.variables.is_empty() {
            return Err(PlotError::NoVariables { known: self.known() });
        }
        Ok(self.variables.clone())
    }

    /// Columns by name, whatever their part.
    pub(super) fn named(&self, names: &[String]) -> Result<Vec<Column<'a>>, PlotError> {
        if let Some((_, name)) = names.iter().enumerate().find(|(index, name)| names[..*index].contains(name)) {
            return Err(PlotError::NamedTwice { name: name.clone() });
        }
        let column = |name: &String| -> Result<Column<'a>, PlotError> {
            let values = self.frame.column(name)?;
            let name = self.frame.names().find(|known| known == name).unwrap_or_default();
            Ok((name, values))
        };
        names.iter().map(column).collect()
    }

    pub(super) fn known(&self) -> Vec<String> {
        self.frame.names().map(str::to_owned).collect()
    }

    /// Whether a run reached its end.
    pub(super) fn succeeded(&self, run: &Range<usize>) -> bool {
        self.status.is_none_or(|status| run.clone().all(|row| status[row] == 0.0))
    }

    pub(super) fn failed(&self) -> usize {
        self.runs.iter().filter(|run| !self.succeeded(run)).count()
    }

    /// The row of each run, the last or the one nearest to a time, and whether the run reached its end.
    pub(super) fn rows_at(&self, at: Option<f64>) -> Result<Vec<(usize, bool)>, PlotError> {
        let Some(at) = at else {
            return Ok(self.runs.iter().map(|run| (run.end - 1, self.succeeded(run))).collect());
        };
        let times = self.time.ok_or(PlotError::NoSuchTime { time: at, span: None })?;
        let (low, high) = finite(times).fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), t| (a.min(t), b.max(t)));
        let room = 1e-9 * (high - low).abs();
        if !(low - room..=high + room).contains(&at) {
            return Err(PlotError::NoSuchTime { time: at, span: Some((low, high)) });
        }
        let nearest = |run: &Range<usize>| {
            run.clone().min_by(|a, b| (times[*a] - at).abs().total_cmp(&(times[*b] - at).abs())).unwrap_or(run.start)
        };
        Ok(self.runs.iter().map(|run| (nearest(run), self.succeeded(run))).collect())
    }

    /// "200,001 runs (3 failed)".
    pub(super) fn runs_text(&self) -> String {
        let runs = match self.runs.len() {
            1 => "one run".to_owned(),
            runs => format!("{} runs", super::axis::count(runs)),
        };
        match self.failed() {
            0 => runs,
            failed => format!("{runs} ({} failed)", super::axis::count(failed)),
        }
    }
}

pub(super) fn finite(values: &[f64]) -> impl Iterator<Item = f64> {
    values.iter().copied().filter(|value| value.is_finite())
}

/// The different finite numbers in order.
pub(super) fn distinct(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

/// A run ends where the time does not go on, or where something varied changes.
fn runs(time: Option<&[f64]>, varied: &[Column<'_>], rows: usize) -> Vec<Range<usize>> {
    let Some(time) = time else { return (0..rows).map(|row| row..row + 1).collect() };
    let backwards = time.len() > 1 && time[1] < time[0];
    let goes_on = |row: usize| {
        let advances = if backwards { time[row] < time[row - 1] } else { time[row] > time[row - 1] };
        advances && varied.iter().all(|(_, values)| values[row].to_bits() == values[row - 1].to_bits())
    };
    let mut starts: Vec<usize> = (0..rows).filter(|row| *row == 0 || !goes_on(*row)).collect();
    starts.push(rows);
    starts.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

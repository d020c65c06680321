use ndarray::{ArrayView1, ArrayView4};

use super::{Scalar, Values};
use crate::output::SummaryColumn;

/// The metrics of a batch: window × variable × column × run, run fastest.
///
/// What a run that ended early never reached is NaN.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summaries {
    pub(crate) variables: Vec<String>,
    pub(crate) columns: Vec<SummaryColumn>,
    pub(crate) windows: Vec<f64>,
    pub(crate) runs: usize,
    pub(crate) values: Values,
}

impl Summaries {
    /// Names of the summarised variables, in the order of the second axis.
    pub fn variables(&self) -> &[String] {
        &self.variables
    }

    /// The values of each variable, in the order of the third axis.
    pub fn columns(&self) -> &[SummaryColumn] {
        &self.columns
    }

    /// Ends of the windows, in the order of the first axis.
    pub fn windows(&self) -> &[f64] {
        &self.windows
    }

    /// Names of all values of a window: `x_mean`, `x_std`, `y_mean` …
    pub fn names(&self) -> Vec<String> {
        let of = |variable: &String| {
            self.columns.iter().map(move |column| format!("{variable}_{column}")).collect::<Vec<_>>()
        };
        self.variables.iter().flat_map(of).collect()
    }

    /// All values; `None` if the kernel computed in the other precision.
    pub fn values<T: Scalar>(&self) -> Option<ArrayView4<'_, T>> {
        let shape = (self.windows.len(), self.variables.len(), self.columns.len(), self.runs);
        ArrayView4::from_shape(shape, T::of(&self.values)?).ok()
    }

    /// One value of all runs by name, such as `x_mean`; `None` as for [`values`](Self::values), or if there is no such value or window.
    pub fn column<T: Scalar>(&self, window: usize, name: &str) -> Option<ArrayView1<'_, T>> {
        let index = self.names().iter().position(|other| other == name)?;
        let begin = window.checked_mul(self.width())?.checked_add(index)?.checked_mul(self.runs)?;
        let values = T::of(&self.values)?.get(begin..begin.checked_add(self.runs)?)?;
        (window < self.windows.len()).then(|| ArrayView1::from(values))
    }

    /// One value in double precision, whatever the kernel's, by name; `None` out of range.
    pub fn get(&self, window: usize, name: &str, run: usize) -> Option<f64> {
        let index = self.names().iter().position(|other| other == name)?;
        self.value(window, index, run)
    }

    /// Values of a window.
    pub(crate) fn width(&self) -> usize {
        self.variables.len() * self.columns.len()
    }

    /// One value in double precision, by the position of its name.
    pub(crate) fn value(&self, window: usize, index: usize, run: usize) -> Option<f64> {
        let inside = window < self.windows.len() && index < self.width() && run < self.runs;
        inside.then(|| (window * self.width() + index) * self.runs + run).and_then(|at| self.values.get(at))
    }
}

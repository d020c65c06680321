//! Values over what was varied.

mod areas;
mod curves;

use super::columns::{Column, Columns, DEFAULT_VARIABLES, distinct};
use super::{PlotError, Titled};
use crate::table::Frame;

/// A final value or a summary over one or two varied columns.
///
/// Over one column: a curve, or dots where neighbours have little to do with each other, a panel for each variable, and averages where several runs have one place; of summaries the mean with its standard deviation, the least and the greatest value share a panel.
/// Over two: colours, as areas where the values make a grid, as dots where they do not, for example where they were drawn at random. Areas are averages where there are more runs than areas, or where more was varied.
///
/// Failed runs and values that are not finite are hatched. Axes are logarithmic where values are spread over decades.
#[derive(Clone, Debug)]
pub struct ParameterMap<'a> {
    frame: &'a Frame,
    variables: Vec<String>,
    against: Vec<String>,
    at: Option<f64>,
    title: Titled,
}

/// What is drawn: a row of each run, and whether the run reached its end.
struct Rows {
    rows: Vec<(usize, bool)>,
}

impl Rows {
    /// A value, if its run reached its end.
    fn value(&self, values: &[f64], index: usize) -> f64 {
        let (row, succeeded) = self.rows[index];
        if succeeded { values[row] } else { f64::NAN }
    }
}

impl<'a> ParameterMap<'a> {
    /// The map of a table over its first one or two varied columns.
    pub fn new(frame: &'a Frame) -> Self {
        Self { frame, variables: Vec::new(), against: Vec::new(), at: None, title: Titled::default() }
    }

    super::picture_options!();

    /// Over these columns, one or two.
    #[must_use]
    pub fn against<N: Into<String>>(mut self, names: impl IntoIterator<Item = N>) -> Self {
        self.against = names.into_iter().map(Into::into).collect();
        self
    }

    /// At the saved time nearest to this one, instead of the last.
    #[must_use]
    pub fn at(mut self, time: f64) -> Self {
        self.at = Some(time);
        self
    }

    /// The picture.
    ///
    /// # Errors
    /// When nothing is varied, there is no such column or time, or no finite value.
    pub fn to_svg(&self) -> Result<String, PlotError> {
        let columns = Columns::of(self.frame)?;
        let against = self.axes(&columns)?;
        let rows = columns.rows_at(self.at)?;
        let mut variables = columns.chosen_or_all(&self.variables)?;
        variables.retain(|(name, _)| !self.variables.is_empty() || against.iter().all(|(axis, _)| axis != name));
        if variables.is_empty() {
            return Err(PlotError::NoVariables { known: columns.known() });
        }
        let when = self.at.map_or_else(String::new, |time| format!(" at t = {}", super::axis::number(time)));
        let rest = format!("{when}, {}", columns.runs_text());
        let rows = Rows { rows };
        match against[..] {
            [axis] => curves::draw(&rows, axis, &variables, self, &rest),
            [x, y] => {
                if self.variables.is_empty() {
                    variables.truncate(DEFAULT_VARIABLES);
                }
                areas::draw(&rows, (x, y), &variables, self, &rest)
            }
            _ => Err(PlotError::TooManyAxes { count: against.len() }),
        }
    }

    fn axes(&self, columns: &Columns<'a>) -> Result<Vec<Column<'a>>, PlotError> {
        if self.against.len() > 2 {
            return Err(PlotError::TooManyAxes { count: self.against.len() });
        }
        if !self.against.is_empty() {
            return columns.named(&self.against);
        }
        let varies = |(_, values): &Column<'_>| distinct(values.iter().copied()).len() > 1;
        let mut axes: Vec<Column<'a>> = columns.varied.iter().copied().filter(varies).take(2).collect();
        if axes.is_empty() {
            axes = columns.varied.iter().copied().take(1).collect();
        }
        if axes.is_empty() {
            return Err(PlotError::NothingVaried { known: columns.known() });
        }
        Ok(axes)
    }
}

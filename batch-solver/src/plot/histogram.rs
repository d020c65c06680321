//! How values are spread over runs.

use plotters::prelude::*;

use super::axis::Scale;
use super::colours::PALETTE;
use super::columns::Columns;
use super::fan::empty;
use super::page::{Page, axes};
use super::{PlotError, Titled};
use crate::table::Frame;

/// How variables are spread over runs at the end, a panel each.
#[derive(Clone, Debug)]
pub struct Histogram<'a> {
    frame: &'a Frame,
    variables: Vec<String>,
    title: Titled,
    pub(super) at: Option<f64>,
}

impl<'a> Histogram<'a> {
    /// The histograms of a table's variables.
    pub fn new(frame: &'a Frame) -> Self {
        Self { frame, variables: Vec::new(), title: Titled::default(), at: None }
    }

    super::picture_options!();

    /// At the saved time nearest to this one, instead of the last.
    #[must_use]
    pub fn at(mut self, time: f64) -> Self {
        self.at = Some(time);
        self
    }

    /// The picture.
    ///
    /// # Errors
    /// When there is no such variable or time, or no finite value.
    pub fn to_svg(&self) -> Result<String, PlotError> {
        let columns = Columns::of(self.frame)?;
        let variables = columns.chosen(&self.variables)?;
        let rows: Vec<usize> =
            columns.rows_at(self.at)?.into_iter().filter(|(_, succeeded)| *succeeded).map(|(row, _)| row).collect();
        let names: Vec<String> = variables.iter().map(|(name, _)| (*name).to_owned()).collect();
        let title = self.title.or(|| format!("{} of {}", names.join(", "), columns.runs_text()));
        let page = Page { title, keys: Vec::new(), panels: variables.len(), height: 800 };
        let mut drawn = 0;
        let svg = page.draw(|areas| {
            for (area, (name, values)) in areas.iter().zip(&variables) {
                let Some(x) = Scale::new(*name, false, rows.iter().map(|row| values[*row]), 0.03) else {
                    axes(area, &empty(name), &empty("runs"), None)?;
                    continue;
                };
                let bins = ((rows.len() as f64).cbrt() * 2.0).ceil().clamp(8.0, 80.0) as usize;
                let mut counts = vec![0_usize; bins];
                for fraction in rows.iter().filter_map(|row| x.fraction(values[*row])) {
                    counts[((fraction * bins as f64) as usize).min(bins - 1)] += 1;
                }
                let most = counts.iter().copied().max().unwrap_or(1) as f64;
                let y = Scale { name: "runs".to_owned(), log: false, low: 0.0, high: 1.06 * most };
                let mut chart = axes(area, &x, &y, None)?;
                let edge = |bin: usize| x.low + bin as f64 / bins as f64 * (x.high - x.low);
                let bars = counts.iter().enumerate().filter(|(_, count)| **count > 0);
                let bar = |(bin, count): (usize, &usize)| {
                    Rectangle::new([(edge(bin), *count as f64), (edge(bin + 1), 0.0)], PALETTE[0].filled())
                };
                chart.draw_series(bars.map(bar))?;
                drawn += 1;
            }
            Ok(())
        })?;
        if drawn == 0 { Err(PlotError::NothingToDraw { names }) } else { Ok(svg) }
    }
}

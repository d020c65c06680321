//! One variable against another.

use std::ops::Range;

use plotters::prelude::*;

use super::axis::{Scale, spread_over_decades};
use super::colours::{Colours, PALETTE};
use super::columns::{Column, Columns, distinct};
use super::page::{Area, CURVE, DOT, Key, Mark, Page, axes, colour_bar};
use super::{PlotError, Titled};
use crate::table::Frame;

/// One variable against another: the paths of a sample of the runs, from a ring to a dot, or without times the points where all runs ended.
///
/// What was varied colours them where one column was.
#[derive(Clone, Debug)]
pub struct PhasePlane<'a> {
    frame: &'a Frame,
    variables: Vec<String>,
    title: Titled,
    sample: usize,
}

/// Runs of a sample.
const SAMPLE: usize = 12;
/// Points of all paths together.
const POINTS: usize = 30_000;
/// Dots of a page, of which those that lie on each other count once.
const DOTS: usize = 14_000;

impl<'a> PhasePlane<'a> {
    /// The plane of a table's first two variables.
    pub fn new(frame: &'a Frame) -> Self {
        Self { frame, variables: Vec::new(), title: Titled::default(), sample: SAMPLE }
    }

    super::picture_options!();

    /// Draws the paths of so many runs, evenly spaced among all.
    #[must_use]
    pub fn sample(mut self, runs: usize) -> Self {
        self.sample = runs.max(1);
        self
    }

    /// The picture.
    ///
    /// # Errors
    /// When there are not two such variables, or no run has finite values of both.
    pub fn to_svg(&self) -> Result<String, PlotError> {
        let columns = Columns::of(self.frame)?;
        let chosen = columns.chosen(&self.variables)?;
        if self.variables.len() > 2 {
            return Err(PlotError::TooManyVariables { names: self.variables.clone() });
        }
        let known = || chosen.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<String>>();
        let [(x_name, x), (y_name, y), ..] = chosen[..] else {
            return Err(PlotError::OneVariable { known: known() });
        };
        let runs: Vec<Range<usize>> = columns.runs.iter().filter(|run| columns.succeeded(run)).cloned().collect();
        let paths = columns.time.is_some();
        let most = if paths { self.sample } else { runs.len().max(1) };
        let drawn = sample(&runs, most);
        let rows = || drawn.iter().flat_map(|run| run.clone()).filter(|row| x[*row].is_finite() && y[*row].is_finite());
        let names = || vec![x_name.to_owned(), y_name.to_owned()];
        let scale = |name, values: &[f64]| Scale::new(name, false, rows().map(|row| values[row]), 0.05);
        let (Some(x_scale), Some(y_scale)) = (scale(x_name, x), scale(y_name, y)) else {
            return Err(PlotError::NothingToDraw { names: names() });
        };
        let colours = columns.varied.first().filter(|_| columns.varied.len() == 1).and_then(|(name, values)| {
            let values = distinct(drawn.iter().map(|run| values[run.start]));
            let log = spread_over_decades(&values);
            (values.len() > 1).then_some(())?;
            Some(Colours { scale: Scale::new(*name, log, values.into_iter(), 0.0)?, areas: false })
        });
        let shown = if drawn.len() < runs.len() { format!(" of {}", columns.runs_text()) } else { String::new() };
        let count = super::axis::count(drawn.len());
        let title = self.title.or(|| match (&shown[..], drawn.len()) {
            ("", _) => format!("{y_name} against {x_name}, {}", columns.runs_text()),
            _ => format!("{y_name} against {x_name}, {count}{shown}"),
        });
        let mark = |text: &str, mark| Key { text: text.to_owned(), mark };
        let ends =
            || vec![mark("start", Mark::Ring(super::colours::QUIET)), mark("end", Mark::Dot(super::colours::QUIET))];
        let page = Page { title, keys: if paths { ends() } else { Vec::new() }, panels: 1, height: 1000 };
        page.draw(|areas| {
            let area = &areas[0];
            let plane = Plane { x: (&x_scale, x), y: (&y_scale, y) };
            let colour = |index: usize, run: &Range<usize>| {
                let of_value = |colours: &Colours| colours.of(columns.varied[0].1[run.start]);
                colours.as_ref().map_or(Some(PALETTE[if paths { index % PALETTE.len() } else { 0 }]), of_value)
            };
            let runs =
                drawn.iter().enumerate().map(|(index, run)| (run.clone(), colour(index, run).unwrap_or(PALETTE[0])));
            if paths {
                plane.paths(area, runs.collect(), colours.as_ref())?
            } else {
                plane.dots(area, runs, colours.as_ref())?
            }
            colours.as_ref().map_or(Ok(()), |colours| colour_bar(area, colours))
        })
    }
}

/// So many of the runs, evenly spaced, the first and the last among them.
fn sample(runs: &[Range<usize>], most: usize) -> Vec<Range<usize>> {
    if runs.len() <= most {
        return runs.to_vec();
    }
    (0..most).map(|index| runs[index * (runs.len() - 1) / (most - 1).max(1)].clone()).collect()
}

struct Plane<'a> {
    x: (&'a Scale, &'a [f64]),
    y: (&'a Scale, &'a [f64]),
}

impl Plane<'_> {
    fn place(&self, row: usize) -> Option<(f64, f64)> {
        Some((self.x.0.place(self.x.1[row])?, self.y.0.place(self.y.1[row])?))
    }

    fn paths(
        &self,
        area: &Area<'_>,
        runs: Vec<(Range<usize>, RGBColor)>,
        bar: Option<&Colours>,
    ) -> Result<(), PlotError> {
        let mut chart = axes(area, self.x.0, self.y.0, bar)?;
        let most = POINTS / runs.len().max(1);
        let width = if runs.len() > 3 { CURVE - 1 } else { CURVE };
        for (run, colour) in &runs {
            let step = run.len().div_ceil(most.max(2)).max(1);
            let rows = run.clone().step_by(step).chain([run.end - 1]);
            let points: Vec<(f64, f64)> = rows.filter_map(|row| self.place(row)).collect();
            chart.draw_series(LineSeries::new(points, colour.stroke_width(width)))?;
        }
        for (run, colour) in &runs {
            let ring = self.place(run.start).into_iter();
            let ring = ring.flat_map(|at| [(at, DOT + 2, *colour), (at, DOT - 2, super::colours::PAPER)]);
            let dot = self.place(run.end - 1).map(|at| (at, DOT + 2, *colour));
            chart.draw_series(ring.chain(dot).map(|(at, radius, colour)| Circle::new(at, radius, colour.filled())))?;
        }
        Ok(())
    }

    fn dots(
        &self,
        area: &Area<'_>,
        runs: impl Iterator<Item = (Range<usize>, RGBColor)>,
        bar: Option<&Colours>,
    ) -> Result<(), PlotError> {
        let chart = axes(area, self.x.0, self.y.0, bar)?;
        let dots = runs.filter_map(|(run, colour)| Some((self.place(run.start)?, colour))).collect();
        draw_dots(chart, dots, 1)
    }
}

/// Dots by colour, so that those of one colour are one path; of those in one place the first.
pub(super) fn draw_dots(
    mut chart: super::page::Chart<'_, '_>,
    mut dots: Vec<((f64, f64), RGBColor)>,
    panels: usize,
) -> Result<(), PlotError> {
    let radius = if dots.len() > 3000 {
        3
    } else if dots.len() > 300 {
        4
    } else {
        DOT
    };
    let most = DOTS / panels.max(1);
    let mut taken = std::collections::HashSet::new();
    let place = |at: &(f64, f64)| chart.backend_coord(at);
    // Those that are left out are spread evenly.
    let grain = if dots.len() > most { 3 } else { 1 };
    dots.retain(|(at, _)| {
        let (x, y) = place(at);
        taken.insert((x / grain, y / grain))
    });
    let step = dots.len().div_ceil(most).max(1);
    let mut dots: Vec<_> = dots.into_iter().step_by(step).collect();
    dots.sort_by_key(|(_, RGBColor(red, green, blue))| (*green, *red, *blue));
    chart.draw_series(dots.into_iter().map(|(at, colour)| Circle::new(at, radius, colour.filled())))?;
    Ok(())
}

/// A column as an axis: its values, or their logarithms where they are spread over decades.
pub(super) fn swept((name, values): Column<'_>, rows: impl Iterator<Item = usize>, room: f64) -> Option<Scale> {
    let values = distinct(rows.map(|row| values[row]));
    let log = spread_over_decades(&values);
    Scale::new(name, log, values.into_iter(), room)
}

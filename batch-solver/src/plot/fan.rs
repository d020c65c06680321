//! Variables over time.

use std::ops::Range;

use plotters::prelude::*;

use super::axis::{Scale, number};
use super::colours::PALETTE;
use super::columns::{Column, Columns};
use super::page::{Area, CURVE, Key, Mark, Page, axes, thinned};
use super::{PlotError, Titled};
use crate::table::Frame;

/// Variables over time, a panel each: what most runs do, as quantiles of all of them, or every run where there are few.
///
/// Runs that failed are left out, and counted in the title.
///
/// ```
/// use batch_solver::Frame;
/// use batch_solver::plot::Fan;
///
/// let frame = Frame::new([("k", vec![1.0, 1.0, 2.0, 2.0]), ("t", vec![0.0, 1.0, 0.0, 1.0]), ("x", vec![1.0, 0.4, 1.0, 0.1])])?;
/// let svg = Fan::new(&frame).variables(["x"]).to_svg()?;
/// assert!(svg.starts_with("<svg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Fan<'a> {
    pub(super) frame: &'a Frame,
    pub(super) variables: Vec<String>,
    pub(super) title: Titled,
}

/// Two bands around the median.
const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];
const OPACITIES: [f64; 2] = [0.2, 0.32];
/// Up to so many runs are drawn one by one.
const FEW: usize = 8;
/// Points of a curve; with more of them the rounding of the coordinates shows.
const POINTS: usize = 300;
/// Points of all runs of a page, which may go up and down between them.
const MANY_POINTS: usize = 30_000;

impl<'a> Fan<'a> {
    /// The fan of a table with a column `t`.
    pub fn new(frame: &'a Frame) -> Self {
        Self { frame, variables: Vec::new(), title: Titled::default() }
    }

    super::picture_options!();

    /// The picture.
    ///
    /// # Errors
    /// When there is no time, no such variable or no finite value.
    pub fn to_svg(&self) -> Result<String, PlotError> {
        let columns = Columns::of(self.frame)?;
        let times = columns.time.ok_or(PlotError::NoTime)?;
        let variables = columns.chosen(&self.variables)?;
        let names: Vec<String> = variables.iter().map(|(name, _)| (*name).to_owned()).collect();
        let runs: Vec<Range<usize>> = columns.runs.iter().filter(|run| columns.succeeded(run)).cloned().collect();
        let drawn = runs.iter().flat_map(|run| run.clone().map(|row| times[row]));
        let x = Scale::new("t", false, drawn, 0.0).ok_or_else(|| PlotError::NothingToDraw { names: names.clone() })?;
        let together = runs.len() > FEW && runs.iter().all(|run| same_times(times, &runs[0], run));
        let keys = if together { band_keys() } else { self.run_keys(&columns, &runs) };
        let title = self.title.or(|| format!("{} over time, {}", names.join(", "), columns.runs_text()));
        let page = Page { title, keys, panels: variables.len(), height: 800 };
        let mut empty = 0;
        let svg = page.draw(|areas| {
            for (area, variable) in areas.iter().zip(&variables) {
                let is_drawn = if together {
                    draw_bands(area, &x, times, *variable, &runs)
                } else {
                    draw_runs(area, &x, times, *variable, &runs, variables.len())
                }?;
                empty += usize::from(!is_drawn);
            }
            Ok(())
        })?;
        if empty == variables.len() { Err(PlotError::NothingToDraw { names }) } else { Ok(svg) }
    }

    fn run_keys(&self, columns: &Columns<'_>, runs: &[Range<usize>]) -> Vec<Key> {
        if runs.len() == 1 || runs.len() > FEW {
            return Vec::new();
        }
        let name = |(index, run): (usize, &Range<usize>)| {
            let values: Vec<String> =
                columns.varied.iter().map(|(name, values)| format!("{name} = {}", number(values[run.start]))).collect();
            let text = if values.is_empty() { format!("run {}", index + 1) } else { values.join(", ") };
            Key { text, mark: Mark::Line(PALETTE[index % PALETTE.len()]) }
        };
        runs.iter().enumerate().map(name).collect()
    }
}

fn same_times(times: &[f64], one: &Range<usize>, other: &Range<usize>) -> bool {
    one.len() == other.len() && times[one.clone()] == times[other.clone()]
}

fn band_keys() -> Vec<Key> {
    let last = QUANTILES.len() - 1;
    // The inner band lies on the outer one, and its key looks as both together.
    let mut shown = 1.0;
    let mut keys = vec![Key { text: "median".to_owned(), mark: Mark::Line(PALETTE[0]) }];
    for (low, opacity) in OPACITIES.into_iter().enumerate() {
        shown *= 1.0 - opacity;
        let percent = |quantile: usize| 100.0 * QUANTILES[quantile];
        let text = format!("{:.0} to {:.0} % of the runs", percent(low), percent(last - low));
        keys.insert(1, Key { text, mark: Mark::Band(PALETTE[0], 1.0 - shown) });
    }
    keys
}

/// Quantiles at each time that is drawn.
fn quantiles(times: &[f64], values: &[f64], runs: &[Range<usize>]) -> Vec<(f64, [f64; QUANTILES.len()])> {
    let saved = runs[0].len();
    let step = saved.div_ceil(POINTS).max(1);
    let drawn = (0..saved).step_by(step).chain([saved - 1]);
    let mut quantiles: Vec<(f64, [f64; QUANTILES.len()])> = Vec::new();
    for at in drawn {
        let time = times[runs[0].start + at];
        let mut sorted: Vec<f64> =
            runs.iter().map(|run| values[run.start + at]).filter(|value| value.is_finite()).collect();
        if sorted.is_empty() || !time.is_finite() || quantiles.last().is_some_and(|(last, _)| *last == time) {
            continue;
        }
        sorted.sort_unstable_by(f64::total_cmp);
        let of = |quantile: f64| sorted[(quantile * (sorted.len() - 1) as f64).round() as usize];
        quantiles.push((time, QUANTILES.map(of)));
    }
    quantiles
}

fn draw_bands(
    area: &Area<'_>,
    x: &Scale,
    times: &[f64],
    (name, values): Column<'_>,
    runs: &[Range<usize>],
) -> Result<bool, PlotError> {
    let mut quantiles = quantiles(times, values, runs);
    if let [(time, values)] = quantiles[..] {
        // Of one time the bands are bars.
        let half = 0.01 * (x.high - x.low);
        quantiles = vec![(time - half, values), (time + half, values)];
    }
    let all = quantiles.iter().flat_map(|(_, values)| *values);
    let Some(y) = Scale::new(name, false, all, 0.06) else {
        axes(area, x, &empty(name), None)?;
        return Ok(false);
    };
    let mut chart = axes(area, x, &y, None)?;
    let curve = |quantile: usize| {
        quantiles.iter().filter_map({
            let (x, y) = (x.clone(), y.clone());
            move |(time, values)| Some((x.place(*time)?, y.place(values[quantile])?))
        })
    };
    let last = QUANTILES.len() - 1;
    for (low, opacity) in OPACITIES.into_iter().enumerate() {
        let band: Vec<(f64, f64)> = curve(low).chain(curve(last - low).rev()).collect();
        chart.draw_series([Polygon::new(band, PALETTE[0].mix(opacity))])?;
    }
    chart.draw_series(LineSeries::new(curve(last / 2), PALETTE[0].stroke_width(CURVE)))?;
    Ok(true)
}

fn draw_runs(
    area: &Area<'_>,
    x: &Scale,
    times: &[f64],
    (name, values): Column<'_>,
    runs: &[Range<usize>],
    panels: usize,
) -> Result<bool, PlotError> {
    // Runs that were saved at times of their own have no quantiles: a sample of them is drawn.
    let step = runs.len().div_ceil(24).max(1);
    let runs: Vec<&Range<usize>> = runs.iter().step_by(step).collect();
    let all = runs.iter().flat_map(|run| values[(*run).clone()].iter().copied());
    let Some(y) = Scale::new(name, false, all, 0.06) else {
        axes(area, x, &empty(name), None)?;
        return Ok(false);
    };
    let most = (MANY_POINTS / (runs.len() * panels).max(1)).min(POINTS * 5);
    let mut chart = axes(area, x, &y, None)?;
    for (index, run) in runs.iter().enumerate() {
        let points = (*run).clone().filter_map(|row| Some((x.place(times[row])?, y.place(values[row])?))).collect();
        let points = thinned(points, most);
        let colour = PALETTE[index % PALETTE.len()];
        if let [point] = points[..] {
            chart.draw_series([Circle::new(point, CURVE, colour.filled())])?;
        }
        chart.draw_series(LineSeries::new(points, colour.stroke_width(CURVE - 1)))?;
    }
    Ok(true)
}

/// The axis of a variable without finite values.
pub(super) fn empty(name: &str) -> Scale {
    Scale { name: format!("{name}: no finite value"), log: false, low: 0.0, high: 1.0 }
}

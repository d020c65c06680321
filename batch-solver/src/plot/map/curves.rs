//! Over one column.

use plotters::prelude::*;

use super::super::PlotError;
use super::super::axis::Scale;
use super::super::colours::{HATCH, PALETTE};
use super::super::columns::{Column, DEFAULT_VARIABLES, distinct};
use super::super::fan::empty;
use super::super::page::{Area, CURVE, DOT, Key, Mark, Page, axes, thinned};
use super::super::phase::{draw_dots, swept};
use super::{ParameterMap, Rows};

/// Points of a curve.
const POINTS: usize = 1200;

/// What shares a panel.
#[derive(Default)]
struct Panel<'a> {
    name: String,
    value: Option<&'a [f64]>,
    deviation: Option<&'a [f64]>,
    bounds: Vec<Column<'a>>,
}

/// Summaries of one variable share a panel.
fn panels<'a>(variables: &[Column<'a>]) -> Vec<Panel<'a>> {
    let find = |name: String| variables.iter().find(|(known, _)| *known == name).copied();
    let mut panels = Vec::new();
    for (name, values) in variables {
        let stem = name.rsplit_once('_').filter(|(stem, metric)| {
            ["mean", "std", "min", "max"].contains(metric) && find(format!("{stem}_mean")).is_some()
        });
        match stem {
            Some((stem, "mean")) => panels.push(Panel {
                name: stem.to_owned(),
                value: Some(values),
                deviation: find(format!("{stem}_std")).map(|(_, values)| values),
                bounds: ["min", "max"].iter().filter_map(|metric| find(format!("{stem}_{metric}"))).collect(),
            }),
            Some(_) => {}
            None => panels.push(Panel { name: (*name).to_owned(), value: Some(values), ..Panel::default() }),
        }
    }
    panels
}

pub(super) fn draw(
    rows: &Rows,
    axis: Column<'_>,
    variables: &[Column<'_>],
    map: &ParameterMap<'_>,
    rest: &str,
) -> Result<String, PlotError> {
    let mut panels = panels(variables);
    if map.variables.is_empty() {
        panels.truncate(DEFAULT_VARIABLES);
    }
    let names: Vec<String> = panels.iter().map(|panel| panel.name.clone()).collect();
    let x = swept(axis, rows.rows.iter().map(|(row, _)| *row), 0.015)
        .ok_or_else(|| PlotError::NothingToDraw { names: vec![axis.0.to_owned()] })?;
    let places: Vec<f64> = rows.rows.iter().filter_map(|(row, _)| x.place(axis.1[*row])).collect();
    // Several runs of one place.
    let averaged = if distinct(places.iter().copied()).len() < places.len() { ", averages" } else { "" };
    let title = map.title.or(|| format!("{} over {}{averaged}{rest}", names.join(", "), axis.0));
    let key = |text: &str, mark| Key { text: text.to_owned(), mark };
    let mut keys = Vec::new();
    if panels.iter().any(|panel| panel.deviation.is_some() || !panel.bounds.is_empty()) {
        keys.push(key("mean", Mark::Line(PALETTE[0])));
    }
    if panels.iter().any(|panel| panel.deviation.is_some()) {
        keys.push(key("mean ± standard deviation", Mark::Band(PALETTE[0], 0.25)));
    }
    for (metric, text, index) in [("_min", "least", 2), ("_max", "greatest", 1)] {
        if panels.iter().flat_map(|panel| &panel.bounds).any(|(name, _)| name.ends_with(metric)) {
            keys.push(key(text, Mark::Line(PALETTE[index])));
        }
    }
    if rows.rows.iter().any(|(_, succeeded)| !succeeded) {
        keys.push(key("failed", Mark::Failed));
    }
    let mut empty_panels = 0;
    let page = Page { title, keys, panels: panels.len(), height: 800 };
    let svg = page.draw(|areas| {
        for (area, panel) in areas.iter().zip(&panels) {
            empty_panels += usize::from(!draw_panel(area, rows, (&x, axis), panel, panels.len())?);
        }
        Ok(())
    })?;
    if empty_panels == panels.len() { Err(PlotError::NothingToDraw { names }) } else { Ok(svg) }
}

fn draw_panel(
    area: &Area<'_>,
    rows: &Rows,
    (x, axis): (&Scale, Column<'_>),
    panel: &Panel<'_>,
    panels: usize,
) -> Result<bool, PlotError> {
    let mut order: Vec<usize> = (0..rows.rows.len()).collect();
    let place = |index: usize| x.place(axis.1[rows.rows[index].0]);
    order.retain(|index| place(*index).is_some());
    order.sort_by(|a, b| place(*a).unwrap_or(0.0).total_cmp(&place(*b).unwrap_or(0.0)));
    // Runs of one place share a point.
    let series = |values: &[f64], together: fn(&[f64]) -> f64| -> Vec<(f64, f64)> {
        let places = order.chunk_by(|a, b| place(*a) == place(*b));
        let point = |runs: &[usize]| {
            let finite = runs.iter().map(|run| rows.value(values, *run)).filter(|value| value.is_finite());
            Some((place(*runs.first()?)?, together(&finite.collect::<Vec<f64>>())))
        };
        places.filter_map(point).collect()
    };
    let value = panel.value.map(|values| series(values, mean)).unwrap_or_default();
    let deviation = panel.deviation.map(|values| series(values, mean)).unwrap_or_default();
    let band = |sign: f64| value.iter().zip(&deviation).map(move |((x, mean), (_, std))| (*x, mean + sign * std));
    let bound = |is_max: bool, values: &[f64]| (is_max, series(values, if is_max { greatest } else { least }));
    let bounds: Vec<(bool, Vec<(f64, f64)>)> =
        panel.bounds.iter().map(|(name, values)| bound(name.ends_with("_max"), values)).collect();
    let all =
        value.iter().copied().chain(band(-1.0)).chain(band(1.0)).chain(bounds.iter().flat_map(|(_, of)| of.clone()));
    let Some(y) = Scale::new(panel.name.clone(), false, all.map(|(_, value)| value), 0.06) else {
        axes(area, x, &empty(&panel.name), None)?;
        return Ok(false);
    };
    let mut chart = axes(area, x, &y, None)?;
    chart.draw_series(failed(rows, x, axis, &y))?;
    let placed = |points: &[(f64, f64)]| -> Vec<(f64, f64)> {
        points.iter().filter_map(|(x, value)| Some((*x, y.place(*value)?))).collect()
    };
    let (low, high): (Vec<_>, Vec<_>) = (band(-1.0).collect(), band(1.0).collect());
    for (low, high) in pieces(&low).into_iter().zip(pieces(&high)) {
        let mut outline = thinned(placed(&low), POINTS);
        outline.extend(thinned(placed(&high), POINTS).into_iter().rev());
        chart.draw_series([Polygon::new(outline, PALETTE[0].mix(0.25))])?;
    }
    for (greatest, points) in &bounds {
        let style = PALETTE[if *greatest { 1 } else { 2 }].stroke_width(CURVE - 1);
        for piece in pieces(points) {
            chart.draw_series(LineSeries::new(thinned(placed(&piece), POINTS), style))?;
        }
    }
    if is_rough(&value, &y) {
        draw_dots(chart, placed(&value).into_iter().map(|at| (at, PALETTE[0])).collect(), panels)?;
        return Ok(true);
    }
    let pieces = pieces(&value);
    for piece in &pieces {
        let style = PALETTE[0].stroke_width(CURVE);
        chart.draw_series(LineSeries::new(thinned(placed(piece), POINTS), style))?;
    }
    let single = pieces.iter().filter(|piece| piece.len() == 1 || value.len() <= 40).flat_map(|piece| placed(piece));
    chart.draw_series(single.take(POINTS).map(|at| Circle::new(at, DOT, PALETTE[0].filled())))?;
    Ok(true)
}

/// The mean; of no values, none.
fn mean(values: &[f64]) -> f64 {
    match values.len() {
        0 => f64::NAN,
        count => values.iter().map(|value| value / count as f64).sum(),
    }
}

fn least(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NAN, f64::min)
}

fn greatest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::NAN, f64::max)
}

/// Where runs failed: hatched from bottom to top.
fn failed(rows: &Rows, x: &Scale, axis: Column<'_>, y: &Scale) -> impl Iterator<Item = Rectangle<(f64, f64)>> + use<> {
    let mut places: Vec<(f64, bool)> =
        rows.rows.iter().filter_map(|(row, succeeded)| Some((x.place(axis.1[*row])?, *succeeded))).collect();
    places.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Half way to the neighbours, and a pixel or two at least.
    let least = 0.002 * (x.high - x.low);
    let middle = |a: f64, b: f64| 0.5 * a + 0.5 * b;
    let mut areas: Vec<(f64, f64)> = Vec::new();
    for (index, (at, succeeded)) in places.iter().enumerate() {
        if *succeeded {
            continue;
        }
        let low = index.checked_sub(1).map_or(x.low, |before| middle(places[before].0, *at)).min(at - least).max(x.low);
        let high = places.get(index + 1).map_or(x.high, |after| middle(after.0, *at)).max(at + least).min(x.high);
        match areas.last_mut() {
            Some((_, end)) if low <= *end => *end = end.max(high),
            _ => areas.push((low, high)),
        }
    }
    let (bottom, top) = (y.low, y.high);
    areas.into_iter().map(move |(low, high)| Rectangle::new([(low, top), (high, bottom)], HATCH.filled()))
}

/// Parts of a curve between values that are not finite.
fn pieces(points: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    points.split(|(_, value)| !value.is_finite()).filter(|part| !part.is_empty()).map(<[_]>::to_vec).collect()
}

/// Whether neighbours have little to do with each other, as where a system is chaotic or runs were drawn at random.
fn is_rough(points: &[(f64, f64)], y: &Scale) -> bool {
    let jumps = points.windows(2).filter(|pair| (pair[1].1 - pair[0].1).abs() > 0.08 * (y.high - y.low)).count();
    points.len() > 60 && jumps * 8 > points.len()
}

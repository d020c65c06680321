//! The picture: time of a batch over its runs, one panel per problem, one curve per contender.

use std::ops::Range;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::common::Fallible;
use crate::contenders::NAMES;

pub(crate) struct Panel {
    pub(crate) title: String,
    /// Of a contender, runs and seconds.
    pub(crate) curves: Vec<(&'static str, Vec<(usize, f64)>)>,
}

// Readable on white as on black: the ground is transparent, what is drawn on it of medium lightness.
const INK: RGBColor = RGBColor(128, 128, 128);
// Coordinates are whole numbers: a picture twice as large as it is shown has lines without steps.
const SIZE: (u32, u32) = (1920, 1500);
/// Of the key below the panels.
const KEY: u32 = 110;
const STROKE: u32 = 4;
const DOT: u32 = 7;
const TITLE: i32 = 34;
const TEXT: i32 = 26;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn font(size: i32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

/// The same colour in all panels; neighbours in colour differ in their dots too.
fn style(name: &str) -> (HSLColor, ShapeStyle) {
    let index = NAMES.iter().position(|each| *each == name).unwrap_or(0);
    let colour = HSLColor((index as f64 / NAMES.len() as f64 + 0.58) % 1.0, 0.6, 0.5);
    (colour, if index % 2 == 0 { colour.filled() } else { colour.stroke_width(STROKE / 2) })
}

/// Writes the picture as SVG.
pub(crate) fn draw(path: &Path, panels: &[Panel]) -> Fallible<()> {
    let points = || panels.iter().flat_map(|panel| &panel.curves).flat_map(|(_, points)| points);
    let most = points().map(|(runs, _)| *runs).max().unwrap_or(10);
    let bounds = points().fold((f64::INFINITY, 0.0_f64), |(low, high), (_, s)| (low.min(*s), high.max(*s)));
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    let (above, below) = area.split_vertically(SIZE.1 - KEY);
    for (panel, part) in panels.iter().zip(above.split_evenly((2, 2))) {
        draw_panel(&part, panel, 1.0..most as f64, bounds.0 / 1.5..bounds.1 * 1.5)?;
    }
    let drawn = |name: &&&str| panels.iter().flat_map(|panel| &panel.curves).any(|(curve, _)| curve == *name);
    draw_key(&below, NAMES.iter().filter(drawn).copied())?;
    area.present()?;
    Ok(())
}

fn draw_panel(area: &Area<'_>, panel: &Panel, runs: Range<f64>, seconds: Range<f64>) -> Fallible<()> {
    let mut chart = ChartBuilder::on(area)
        .caption(&panel.title, font(TITLE))
        .margin(24)
        .margin_right(40)
        .x_label_area_size(76)
        .y_label_area_size(130)
        .build_cartesian_2d(runs.log_scale(), seconds.log_scale())?;
    chart
        .configure_mesh()
        .axis_style(INK.stroke_width(2))
        .set_all_tick_mark_size(8)
        .bold_line_style(INK.mix(0.25).stroke_width(2))
        .light_line_style(TRANSPARENT)
        .label_style(font(TEXT))
        .axis_desc_style(font(TEXT))
        .x_desc("runs")
        .y_desc("time of the batch")
        .x_label_formatter(&|runs| short(*runs, &[(1e6, "M"), (1e3, "k"), (1.0, "")]))
        .y_label_formatter(&|seconds| short(*seconds, &[(1.0, " s"), (1e-3, " ms"), (1e-6, " µs"), (1e-9, " ns")]))
        .draw()?;
    for (name, points) in &panel.curves {
        let (colour, dots) = style(name);
        let points: Vec<_> = points.iter().map(|(runs, seconds)| (*runs as f64, *seconds)).collect();
        chart.draw_series(LineSeries::new(points.iter().copied(), colour.stroke_width(STROKE)))?;
        chart.draw_series(points.iter().map(|point| Circle::new(*point, DOT, dots)))?;
    }
    Ok(())
}

/// In the largest unit that leaves at least 1.
fn short(value: f64, units: &[(f64, &str)]) -> String {
    // Powers of ten from a logarithm are a little off.
    let value = value * (1.0 + 1e-9);
    let unit = units.iter().find(|(size, _)| value >= *size).or(units.last()).copied().unwrap_or((1.0, ""));
    format!("{:.0}{}", value / unit.0, unit.1)
}

fn draw_key(area: &Area<'_>, names: impl Iterator<Item = &'static str>) -> Fallible<()> {
    let (width, row) = (i32::try_from(SIZE.0)? / 4, i32::try_from(KEY)? / 2);
    for (index, name) in (0..).zip(names) {
        let at = (60 + index % 4 * width, 20 + index / 4 * row);
        let (colour, dots) = style(name);
        area.draw(&PathElement::new([at, (at.0 + 48, at.1)], colour.stroke_width(STROKE)))?;
        area.draw(&Circle::new((at.0 + 24, at.1), DOT, dots))?;
        area.draw(&Text::new(name, (at.0 + 64, at.1 - TEXT / 3), font(TEXT)))?;
    }
    Ok(())
}

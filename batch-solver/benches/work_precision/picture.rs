//! The picture of a problem: error over time per run, one line per method.

use std::path::Path;

use plotters::prelude::*;

use crate::common::Fallible;

/// Times per run in microseconds and errors of a method, from one tolerance to the next.
pub(crate) struct Line {
    pub(crate) method: &'static str,
    /// Whether it is there to compare others with.
    pub(crate) dashed: bool,
    pub(crate) points: Vec<(f64, f64)>,
}

// Readable on white as on black: the ground is transparent, what is drawn on it of medium lightness.
const INK: RGBColor = RGBColor(128, 128, 128);
// Coordinates are whole numbers: a picture twice as large as it is shown has lines without steps.
const SIZE: (u32, u32) = (1600, 960);
const STROKE: u32 = 4;
const DOT: u32 = 7;
const DASH: u32 = 12;
const TITLE: i32 = 34;
const TEXT: i32 = 26;

fn font(size: i32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

/// What the values span, and a little more.
fn range(values: impl Iterator<Item = f64>) -> std::ops::Range<f64> {
    let (low, high) =
        values.fold((f64::INFINITY, 0.0_f64), |(low, high), value| (f64::min(low, value), f64::max(high, value)));
    if low < high { low / 1.5..high * 1.5 } else { 0.1..10.0 }
}

/// Writes the picture as SVG. Errors that are 0 have no place on it.
pub(crate) fn draw(path: &Path, title: &str, lines: &[Line]) -> Fallible<()> {
    let points = |line: &Line| -> Vec<(f64, f64)> {
        line.points
            .iter()
            .copied()
            .filter(|(time, error)| time.is_finite() && error.is_finite() && *error > 0.0)
            .collect()
    };
    let all: Vec<(f64, f64)> = lines.iter().flat_map(points).collect();
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    let mut chart = ChartBuilder::on(&area)
        .caption(title, font(TITLE))
        .margin(24)
        .margin_right(60)
        .x_label_area_size(80)
        .y_label_area_size(140)
        .build_cartesian_2d(
            range(all.iter().map(|point| point.0)).log_scale(),
            range(all.iter().map(|point| point.1)).log_scale(),
        )?;
    chart
        .configure_mesh()
        .axis_style(INK.stroke_width(2))
        .set_all_tick_mark_size(8)
        .bold_line_style(INK.mix(0.25).stroke_width(2))
        .light_line_style(TRANSPARENT)
        .label_style(font(TEXT))
        .axis_desc_style(font(TEXT))
        .x_desc("processor time per run, µs")
        .y_desc("relative error at the end")
        .x_label_formatter(&|value| format!("{value}"))
        .y_label_formatter(&|value| format!("{value:.0e}"))
        .draw()?;
    for (index, line) in lines.iter().enumerate() {
        // Neighbours in colour differ in their dots too.
        let colour = HSLColor(index as f64 / lines.len() as f64, 0.55, 0.5);
        let dots = if index % 2 == 0 { colour.filled() } else { colour.stroke_width(STROKE / 2) };
        let points = points(line);
        let (style, ends) = (colour.stroke_width(STROKE), points.iter().copied());
        let drawn = if line.dashed {
            chart.draw_series(DashedLineSeries::new(ends, DASH, DASH, style))?
        } else {
            chart.draw_series(LineSeries::new(ends, style))?
        };
        // Behind the dot a dashed line is seen at its ends only.
        let end = if line.dashed { 6 } else { 18 };
        drawn.label(line.method).legend(move |at| {
            EmptyElement::at(at)
                + PathElement::new([(0, 0), (end, 0)], style)
                + PathElement::new([(36 - end, 0), (36, 0)], style)
                + Circle::new((18, 0), DOT, dots)
        });
        chart.draw_series(points.iter().map(|point| Circle::new(*point, DOT, dots)))?;
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .legend_area_size(50)
        .label_font(font(TEXT))
        .draw()?;
    area.present()?;
    Ok(())
}

//! The picture: how x spreads over time, and where it ends.

use std::error::Error;
use std::ops::Range;
use std::path::Path;

use batch_solver::Solution;
use plotters::coord::Shift;
use plotters::prelude::*;

/// Quantiles of one state over all runs, at each saved time.
pub(crate) struct Fan {
    times: Vec<f64>,
    /// For each of [`QUANTILES`] its value over time.
    quantiles: Vec<Vec<f64>>,
}

/// Two bands around the median.
const QUANTILES: [f64; 5] = [0.05, 0.25, 0.5, 0.75, 0.95];

// Readable on white as on black: the ground is transparent, what is drawn on it of medium lightness.
const INK: RGBColor = RGBColor(128, 128, 128);
const BLUE: RGBColor = RGBColor(56, 132, 214);
const ORANGE: RGBColor = RGBColor(219, 118, 38);
// Coordinates are whole numbers: a picture twice as large as it is shown has curves without steps.
const SIZE: (u32, u32) = (1920, 760);
const CURVE: u32 = 4;
const TITLE: i32 = 34;
const TEXT: i32 = 26;
/// Points of a curve; with more of them the rounding of the coordinates shows.
const POINTS: usize = 300;

impl Fan {
    /// The fan of a state that was saved at several times.
    pub(crate) fn new(solution: &Solution, state: usize) -> Self {
        let mut quantiles = vec![Vec::new(); QUANTILES.len()];
        for time in 0..solution.times().len() {
            let mut values: Vec<f64> = (0..solution.runs())
                .filter_map(|run| solution.state(time, state, run))
                .filter(|x| x.is_finite())
                .collect();
            values.sort_by(f64::total_cmp);
            for (quantile, over_time) in QUANTILES.iter().zip(&mut quantiles) {
                let at = (quantile * values.len().saturating_sub(1) as f64).round() as usize;
                over_time.push(values.get(at).copied().unwrap_or(f64::NAN));
            }
        }
        Self { times: solution.times().to_vec(), quantiles }
    }

    fn curve(&self, quantile: usize) -> impl DoubleEndedIterator<Item = (f64, f64)> + Clone {
        self.times.iter().copied().zip(self.quantiles[quantile].iter().copied()).filter(|(_, x)| x.is_finite())
    }

    /// The area between two quantiles.
    fn band(&self, low: usize, high: usize) -> Vec<(f64, f64)> {
        self.curve(low).chain(self.curve(high).rev()).collect()
    }
}

/// Writes the picture as SVG.
pub(crate) fn draw(path: &Path, fan: &Fan, rho: &[f64], finals: &[f64]) -> Result<(), Box<dyn Error>> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let area = SVGBackend::new(path, SIZE).into_drawing_area();
    let (left, right) = area.split_horizontally(SIZE.0 / 2);
    draw_fan(&left, fan)?;
    draw_finals(&right, rho, finals)?;
    area.present()?;
    Ok(())
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Chart<'a, 'b> = ChartContext<
    'a,
    SVGBackend<'b>,
    Cartesian2d<plotters::coord::types::RangedCoordf64, plotters::coord::types::RangedCoordf64>,
>;

fn draw_fan(area: &Area<'_>, fan: &Fan) -> Result<(), Box<dyn Error>> {
    let end = fan.times.last().copied().unwrap_or(1.0);
    let mut chart =
        axes(area, "x over time, rho from 0 to 21", ("t", "x"), 0.0..end, range(fan.quantiles.iter().flatten()))?;
    let last = QUANTILES.len() - 1;
    // The inner band lies on the outer one, and its key looks as both together.
    let mut shown = 0.0;
    for (low, opacity) in [(0, 0.22), (1, 0.35)] {
        let percent = |quantile: usize| (100.0 * QUANTILES[quantile]).round();
        let colour = BLUE.mix(opacity);
        shown = 1.0 - (1.0 - shown) * (1.0 - opacity);
        let key = BLUE.mix(shown);
        chart
            .draw_series([Polygon::new(fan.band(low, last - low), colour)])?
            .label(format!("{} to {} % of the runs", percent(low), percent(last - low)))
            .legend(move |(x, y)| Rectangle::new([(x, y - 10), (x + 36, y + 10)], key.filled()));
    }
    chart
        .draw_series(LineSeries::new(fan.curve(last / 2), BLUE.stroke_width(CURVE)))?
        .label("median")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 36, y)], BLUE.stroke_width(CURVE)));
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .legend_area_size(50)
        .label_font(font(TEXT))
        .draw()?;
    Ok(())
}

fn draw_finals(area: &Area<'_>, rho: &[f64], finals: &[f64]) -> Result<(), Box<dyn Error>> {
    let bounds = rho.first().copied().unwrap_or(0.0)..rho.last().copied().unwrap_or(1.0);
    let mut chart = axes(area, "x at t = 1", ("rho", "x(1)"), bounds, range(finals))?;
    let step = rho.len().div_ceil(POINTS);
    let points = rho.iter().zip(finals).step_by(step).filter(|(_, x)| x.is_finite()).map(|(rho, x)| (*rho, *x));
    chart.draw_series(LineSeries::new(points, ORANGE.stroke_width(CURVE)))?;
    Ok(())
}

fn axes<'a, 'b>(
    area: &'a Area<'b>,
    title: &str,
    (x_name, y_name): (&str, &str),
    x: Range<f64>,
    y: Range<f64>,
) -> Result<Chart<'a, 'b>, Box<dyn Error>> {
    let whole = x.end - x.start > 5.0;
    let mut chart = ChartBuilder::on(area)
        .caption(title, font(TITLE))
        .margin(24)
        .x_label_area_size(80)
        .y_label_area_size(96)
        .build_cartesian_2d(x, y)?;
    chart
        .configure_mesh()
        .axis_style(INK.stroke_width(2))
        .set_all_tick_mark_size(8)
        .bold_line_style(INK.mix(0.25).stroke_width(2))
        .light_line_style(TRANSPARENT)
        .label_style(font(TEXT))
        .axis_desc_style(font(TEXT))
        .x_desc(x_name)
        .y_desc(y_name)
        .x_labels(6)
        .x_label_formatter(&|value| if whole { format!("{value:.0}") } else { format!("{value:.1}") })
        .y_labels(6)
        .y_label_formatter(&|value| format!("{value:.0}"))
        .draw()?;
    Ok(chart)
}

fn font(size: i32) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&INK)
}

/// The finite values with a little room around them.
fn range<'a>(values: impl IntoIterator<Item = &'a f64>) -> Range<f64> {
    let finite = values.into_iter().copied().filter(|value| value.is_finite());
    let (low, high) = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    if low > high {
        return 0.0..1.0;
    }
    let room = 0.06 * (high - low).max(1e-3);
    low - room..high + room
}

//! Methods or programs against each other, on logarithmic axes.

use plotters::prelude::*;

use super::axis::Scale;
use super::colours::{PALETTE, PAPER};
use super::page::{Area, CURVE, DOT, Key, Mark, Page, axes};
use super::{PlotError, Titled};

/// Errors over the work they take, a curve for each method.
///
/// ```
/// use batch_solver::plot::WorkPrecision;
///
/// let picture = WorkPrecision::new()
///     .title("Brusselator")
///     .method("tsit5", [(3.0, 1e-4), (5.0, 1e-6)])
///     .beside("rodas4", [(9.0, 1e-4), (20.0, 1e-6)]);
/// assert!(picture.to_svg()?.contains("tsit5"));
/// # Ok::<(), batch_solver::plot::PlotError>(())
/// ```
#[derive(Clone, Debug)]
pub struct WorkPrecision {
    curves: Vec<Curve>,
    axes: [String; 2],
    title: Titled,
}

/// Time over the number of runs, a curve for each contender, in one panel or several.
///
/// ```
/// use batch_solver::plot::Scaling;
///
/// let picture = Scaling::new([
///     ("Lorenz", "batch-solver", vec![(100.0, 0.001), (10_000.0, 0.01)]),
///     ("Lorenz", "SciPy", vec![(100.0, 0.4), (10_000.0, 40.0)]),
/// ]);
/// assert!(picture.to_svg()?.contains("SciPy"));
/// # Ok::<(), batch_solver::plot::PlotError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Scaling {
    curves: Vec<Curve>,
    axes: [String; 2],
    title: Titled,
}

#[derive(Clone, Debug)]
struct Curve {
    panel: String,
    label: String,
    dashed: bool,
    points: Vec<(f64, f64)>,
}

/// The options that pictures of contenders have in common.
macro_rules! options {
    () => {
        /// Names of the axes, of the horizontal one first.
        #[must_use]
        pub fn axes(mut self, across: impl Into<String>, up: impl Into<String>) -> Self {
            self.axes = [across.into(), up.into()];
            self
        }

        super::title_option!();
    };
}

impl Default for WorkPrecision {
    fn default() -> Self {
        let axes = ["time per run, µs", "relative error at the end"].map(str::to_owned);
        Self { curves: Vec::new(), axes, title: Titled::default() }
    }
}

impl WorkPrecision {
    /// A picture without methods.
    pub fn new() -> Self {
        Self::default()
    }

    /// A method's points, work and error, from one tolerance to the next. What is not positive has no place on the picture.
    #[must_use]
    pub fn method(mut self, name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let curve =
            Curve { panel: String::new(), label: name.into(), dashed: false, points: points.into_iter().collect() };
        self.curves.push(curve);
        self
    }

    /// A method that others are compared with: dashed.
    #[must_use]
    pub fn beside(mut self, name: impl Into<String>, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        self = self.method(name, points);
        if let Some(curve) = self.curves.last_mut() {
            curve.dashed = true;
        }
        self
    }

    options!();

    /// The picture.
    ///
    /// # Errors
    /// When no method has a point.
    pub fn to_svg(&self) -> Result<String, PlotError> {
        draw(&self.curves, self.title.or(|| "work and precision".to_owned()), &self.axes)
    }
}

impl Scaling {
    /// Curves: the panel they are in, their label, and pairs of runs and seconds. A label has one colour in all panels.
    pub fn new<P, L, C>(curves: impl IntoIterator<Item = (P, L, C)>) -> Self
    where
        P: Into<String>,
        L: Into<String>,
        C: IntoIterator<Item = (f64, f64)>,
    {
        let curve = |(panel, label, points): (P, L, C)| Curve {
            panel: panel.into(),
            label: label.into(),
            dashed: false,
            points: points.into_iter().collect(),
        };
        Self {
            curves: curves.into_iter().map(curve).collect(),
            axes: ["runs", "seconds"].map(str::to_owned),
            title: Titled::default(),
        }
    }

    options!();

    /// The picture.
    ///
    /// # Errors
    /// When no curve has a point.
    pub fn to_svg(&self) -> Result<String, PlotError> {
        draw(&self.curves, self.title.or(|| "time over the number of runs".to_owned()), &self.axes)
    }
}

/// The different ones of some texts, in the order they come in.
fn in_order<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for text in texts {
        if !seen.contains(&text) {
            seen.push(text);
        }
    }
    seen
}

fn draw(curves: &[Curve], title: String, [x_name, y_name]: &[String; 2]) -> Result<String, PlotError> {
    let panels = in_order(curves.iter().map(|curve| curve.panel.as_str()));
    let labels = in_order(curves.iter().map(|curve| curve.label.as_str()));
    let look = |label: &str| {
        let index = labels.iter().position(|known| *known == label).unwrap_or(0);
        // Where colours come again, dots are hollow.
        (PALETTE[index % PALETTE.len()], (index / PALETTE.len()).is_multiple_of(2))
    };
    let keys = labels.iter().map(|label| {
        let (colour, filled) = look(label);
        let dashed = curves.iter().find(|curve| curve.label == *label).is_some_and(|curve| curve.dashed);
        Key { text: (*label).to_owned(), mark: Mark::Dotted { colour, filled, dashed } }
    });
    let page = Page { title, keys: keys.collect(), panels: panels.len(), height: 900 };
    let seen = |point: &&(f64, f64)| point.0 > 0.0 && point.1 > 0.0 && point.0.is_finite() && point.1.is_finite();
    let all: Vec<(f64, f64)> = curves.iter().flat_map(|curve| curve.points.iter().filter(seen).copied()).collect();
    // Panels have one scale of times, so that they can be compared.
    let scales = Scale::new(x_name.as_str(), true, all.iter().map(|point| point.0), 0.04).zip(Scale::new(
        y_name.as_str(),
        true,
        all.iter().map(|point| point.1),
        0.05,
    ));
    let Some((x, y)) = scales else {
        return Err(PlotError::NoPoints { names: labels.iter().map(|label| (*label).to_owned()).collect() });
    };
    page.draw(|areas| {
        for (area, panel) in areas.iter().zip(&panels) {
            let name = if panel.is_empty() { x.name.clone() } else { format!("{panel}: {}", x.name) };
            let x = Scale { name, ..x.clone() };
            let curves = curves.iter().filter(|curve| curve.panel == *panel);
            draw_panel(area, (&x, &y), curves.map(|curve| (curve, look(&curve.label))))?;
        }
        Ok(())
    })
}

fn draw_panel<'a>(
    area: &Area<'_>,
    (x, y): (&Scale, &Scale),
    curves: impl Iterator<Item = (&'a Curve, (RGBColor, bool))>,
) -> Result<(), PlotError> {
    let mut chart = axes(area, x, y, None)?;
    for (curve, (colour, filled)) in curves {
        let points: Vec<(f64, f64)> =
            curve.points.iter().filter_map(|point| Some((x.place(point.0)?, y.place(point.1)?))).collect();
        let style = colour.stroke_width(CURVE);
        if curve.dashed {
            chart.draw_series(DashedLineSeries::new(points.iter().copied(), 10, 14, style))?;
        } else {
            chart.draw_series(LineSeries::new(points.iter().copied(), style))?;
        }
        chart.draw_series(points.iter().map(|at| Circle::new(*at, DOT + 1, colour.filled())))?;
        if !filled {
            chart.draw_series(points.iter().map(|at| Circle::new(*at, DOT - 3, PAPER.filled())))?;
        }
    }
    Ok(())
}

//! Over two columns.

use plotters::prelude::*;

use super::super::PlotError;
use super::super::axis::{Scale, spread_over_decades};
use super::super::colours::{Colours, HATCH, QUIET};
use super::super::columns::{Column, distinct};
use super::super::page::{Area, Chart, Key, Mark, Page, axes, colour_bar};
use super::super::phase::{draw_dots, swept};
use super::{ParameterMap, Rows};

/// Areas along an axis, at most: the first that makes few enough rectangles.
const MOST: [usize; 6] = [160, 112, 80, 56, 40, 28];
/// Rectangles of a page.
const RECTANGLES: usize = 13_000;

/// Places along an axis: each value has one, or several values share one.
struct Cells {
    scale: Scale,
    count: usize,
}

impl Cells {
    /// The cells of ordered values.
    fn new((name, _): Column<'_>, sorted: &[f64], most: usize) -> Option<Self> {
        let log = spread_over_decades(sorted);
        let count = sorted.len().min(most);
        let mut scale = Scale::new(name, log, sorted.iter().copied(), 0.0)?;
        if sorted.len() > 1 && count == sorted.len() {
            // Values lie in the middle of their cells.
            let half = 0.5 * (scale.high - scale.low) / (count - 1) as f64;
            (scale.low, scale.high) = (scale.low - half, scale.high + half);
        }
        Some(Self { scale, count })
    }

    fn cell(&self, value: f64) -> Option<usize> {
        Some(((self.scale.fraction(value)? * self.count as f64) as usize).min(self.count - 1))
    }

    fn edge(&self, cell: usize) -> f64 {
        self.scale.low + cell as f64 / self.count as f64 * (self.scale.high - self.scale.low)
    }
}

pub(super) fn draw(
    rows: &Rows,
    (x, y): (Column<'_>, Column<'_>),
    variables: &[Column<'_>],
    map: &ParameterMap<'_>,
    rest: &str,
) -> Result<String, PlotError> {
    let values = |column: Column<'_>| distinct(rows.rows.iter().map(|(row, _)| column.1[*row]));
    let (x_values, y_values) = (values(x), values(y));
    // Random values are all different; a grid has few of each.
    let is_grid = x_values.len().saturating_mul(y_values.len()) <= rows.rows.len()
        && x_values.len() > 1
        && y_values.len() > 1
        && is_even(&x_values)
        && is_even(&y_values);
    let names: Vec<String> = variables.iter().map(|(name, _)| (*name).to_owned()).collect();
    let few = |grid: &Grid| grid.stretches.len() <= RECTANGLES / variables.len();
    let grid = |variable: Column<'_>| {
        let of = |most| {
            let (across, up) = (Cells::new(x, &x_values, most)?, Cells::new(y, &y_values, most)?);
            Some(Grid::new(rows, (x, y), (across, up), variable))
        };
        MOST.into_iter().filter_map(of).find(few).or_else(|| of(MOST[MOST.len() - 1]))
    };
    let grids: Vec<Option<Grid>> =
        variables.iter().map(|variable| if is_grid { grid(*variable) } else { None }).collect();
    // Several runs of one place, or several places in an area.
    let shares = |grid: &Grid| grid.across.count < x_values.len() || grid.up.count < y_values.len();
    let averages = is_grid && x_values.len() * y_values.len() < rows.rows.len() || grids.iter().flatten().any(shares);
    let averaged = if averages { ", averages" } else { "" };
    let title = map.title.or(|| format!("{} over {} and {}{averaged}{rest}", names.join(", "), x.0, y.0));
    let mut keys = Vec::new();
    let is_missing = |values: &[f64]| (0..rows.rows.len()).any(|index| !rows.value(values, index).is_finite());
    if is_grid && variables.iter().any(|(_, values)| is_missing(values)) {
        keys.push(Key { text: "failed, or not finite".to_owned(), mark: Mark::Failed });
    }
    let page = Page { title, keys, panels: variables.len(), height: 1040 };
    let mut drawn = 0;
    let svg = page.draw(|areas| {
        for (area, (variable, grid)) in areas.iter().zip(variables.iter().zip(&grids)) {
            drawn += usize::from(match grid {
                Some(grid) => grid.draw(area)?,
                None => draw_scattered(area, rows, (x, y), *variable, variables.len())?,
            });
        }
        Ok(())
    })?;
    if drawn == 0 { Err(PlotError::NothingToDraw { names }) } else { Ok(svg) }
}

/// Whether ordered values are evenly spaced, as they are or as logarithms.
fn is_even(sorted: &[f64]) -> bool {
    let log = spread_over_decades(sorted);
    let at = |value: f64| if log { value.ln() } else { value };
    let (first, last) = (at(sorted[0]), at(sorted[sorted.len() - 1]));
    let gap = (last - first) / (sorted.len() - 1) as f64;
    sorted.windows(2).all(|pair| ((at(pair[1]) - at(pair[0])) / gap - 1.0).abs() < 0.01)
}

/// The scale of the colours, logarithmic where values are.
fn colours(name: &str, values: impl Iterator<Item = f64>, areas: bool) -> Option<Colours> {
    let sorted = distinct(values);
    let decades = sorted.first().zip(sorted.last()).is_some_and(|(low, high)| *low > 0.0 && high / low > 1e3);
    // The middle value tells how most of them are spread.
    let middle = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
    let log = decades && sorted.last().is_some_and(|high| middle < 0.05 * high);
    Some(Colours { scale: Scale::new(name, log, sorted.into_iter(), 0.0)?, areas })
}

/// Values in cells.
struct Grid {
    across: Cells,
    up: Cells,
    colours: Option<Colours>,
    /// Neighbours of one colour: the line, and the columns from one to before another. Those without a run have no colour.
    stretches: Vec<(Option<RGBColor>, [usize; 3])>,
}

impl Grid {
    fn new(
        rows: &Rows,
        (x, y): (Column<'_>, Column<'_>),
        (across, up): (Cells, Cells),
        (name, values): Column<'_>,
    ) -> Self {
        // Of each cell the sum of its values, how many they are, and whether one is missing.
        let mut sums = vec![(0.0, 0_usize, false); across.count * up.count];
        for index in 0..rows.rows.len() {
            let row = rows.rows[index].0;
            let (Some(column), Some(line)) = (across.cell(x.1[row]), up.cell(y.1[row])) else { continue };
            let (sum, count, missing) = &mut sums[line * across.count + column];
            let value = rows.value(values, index);
            if value.is_finite() {
                (*sum, *count) = (*sum + value, *count + 1);
            } else {
                *missing = true;
            }
        }
        let mean = |(sum, count, _): &(f64, usize, bool)| if *count > 0 { sum / *count as f64 } else { f64::NAN };
        let colours = colours(name, sums.iter().map(mean), true);
        let mut stretches: Vec<(Option<RGBColor>, [usize; 3])> = Vec::new();
        for (line, cells) in sums.chunks(across.count).enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let colour = colours.as_ref().and_then(|colours| colours.of(mean(cell)));
                let colour = colour.or((cell.2 || cell.1 > 0).then_some(HATCH));
                match stretches.last_mut() {
                    Some((last, [of, _, end])) if *last == colour && *of == line && *end == column => *end += 1,
                    _ => stretches.push((colour, [line, column, column + 1])),
                }
            }
        }
        // The rectangles of one colour are one path.
        stretches.sort_by_key(|(colour, place)| (colour.map(|RGBColor(red, green, blue)| [green, red, blue]), *place));
        Self { across, up, colours, stretches }
    }

    fn draw(&self, area: &Area<'_>) -> Result<bool, PlotError> {
        let (across, up) = (&self.across, &self.up);
        let mut chart = axes(area, &across.scale, &up.scale, self.colours.as_ref())?;
        let rectangle = |(colour, [line, from, to]): &(Option<RGBColor>, [usize; 3])| {
            let corners = [(across.edge(*from), up.edge(line + 1)), (across.edge(*to), up.edge(*line))];
            colour.map(|colour| Rectangle::new(corners, colour.filled()))
        };
        chart.draw_series(self.stretches.iter().filter_map(rectangle))?;
        let Some(colours) = &self.colours else { return Ok(false) };
        colour_bar(area, colours)?;
        Ok(true)
    }
}

fn draw_scattered(
    area: &Area<'_>,
    rows: &Rows,
    (x, y): (Column<'_>, Column<'_>),
    (name, values): Column<'_>,
    panels: usize,
) -> Result<bool, PlotError> {
    let all = || rows.rows.iter().map(|(row, _)| *row);
    let (Some(across), Some(up)) = (swept(x, all(), 0.03), swept(y, all(), 0.03)) else { return Ok(false) };
    let value = |index: usize| rows.value(values, index);
    let Some(colours) = colours(name, (0..rows.rows.len()).map(value), false) else { return Ok(false) };
    let chart: Chart<'_, '_> = axes(area, &across, &up, Some(&colours))?;
    let dot = |index: usize| {
        let row = rows.rows[index].0;
        Some(((across.place(x.1[row])?, up.place(y.1[row])?), colours.of(value(index)).unwrap_or(QUIET)))
    };
    let dots: Vec<_> = (0..rows.rows.len()).filter_map(dot).collect();
    let is_drawn = !dots.is_empty();
    draw_dots(chart, dots, panels)?;
    colour_bar(area, &colours)?;
    Ok(is_drawn)
}

//! A page: a title, a legend in lines of its own, and panels with axes.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::PlotError;
use super::axis::Scale;
use super::colours::{Colours, GRID, HATCH, INK, LEVELS, QUIET};
use super::svg::{Document, Svg};

// Coordinates are whole numbers: a picture twice as large as it is shown has curves without steps.
/// Width of a page.
pub(super) const WIDTH: u32 = 1920;
/// Width of a curve.
pub(super) const CURVE: u32 = 4;
/// Radius of a dot.
pub(super) const DOT: u32 = 7;
const TITLE: i32 = 34;
const TEXT: i32 = 27;
const MARGIN: i32 = 24;
const LEGEND_LINE: i32 = 46;
/// Between the numbers of the vertical axis and the edge, where its name is.
const LEFT: i32 = 84;
const BOTTOM: i32 = 92;
const TOP: i32 = 24;
/// Right of the axes without a colour bar.
const RIGHT: i32 = 44;
/// Room of a colour bar beside its numbers: gaps, the bar with its ticks, and its name.
const BAR: i32 = 167;
/// Between the numbers of an axis, at least.
const GAP: i32 = 14;
/// Width of a letter, at most, over the size of the font.
const LETTER: f64 = 0.57;

pub(super) type Area<'a> = DrawingArea<Svg<'a>, Shift>;
pub(super) type Chart<'a, 'b> = ChartContext<'a, Svg<'b>, Cartesian2d<Axis, Axis>>;

/// A linear coordinate with ticks of its own.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    range: Range<f64>,
    ticks: Vec<f64>,
}

impl Ranged for Axis {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (first, last): (i32, i32)) -> i32 {
        let fraction = (value - self.range.start) / (self.range.end - self.range.start);
        first + (fraction * f64::from(last - first)).round() as i32
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.ticks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

/// An entry of a legend.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) text: String,
    pub(super) mark: Mark,
}

/// What stands beside its text.
#[derive(Clone, Copy, Debug)]
pub(super) enum Mark {
    /// A curve.
    Line(RGBColor),
    /// A curve with dots, filled or not, dashed or not.
    Dotted { colour: RGBColor, filled: bool, dashed: bool },
    /// A band of an opacity.
    Band(RGBColor, f64),
    /// One dot.
    Dot(RGBColor),
    /// A hollow dot.
    Ring(RGBColor),
    /// The hatching of failed runs.
    Failed,
}

/// What a page has besides its panels.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) title: String,
    pub(super) keys: Vec<Key>,
    pub(super) panels: usize,
    /// Height of a panel when there is one; several are lower.
    pub(super) height: u32,
}

pub(super) fn font(size: i32, colour: RGBColor) -> TextStyle<'static> {
    ("sans-serif", size).into_font().color(&colour)
}

/// Width of a text, roughly.
fn width(text: &str, size: i32) -> i32 {
    (text.chars().count() as f64 * LETTER * f64::from(size)) as i32
}

/// Width of the widest number of an axis.
fn numbers(ticks: &[(f64, String)]) -> i32 {
    ticks.iter().map(|(_, text)| width(text, TEXT - 1)).max().unwrap_or(0)
}

fn bar_room(colours: &Colours) -> i32 {
    BAR + numbers(&colours.scale.ticks())
}

/// Every tick of a horizontal axis, or every second, third … so that numbers do not touch.
fn apart(ticks: Vec<(f64, String)>, scale: &Scale, room: i32) -> Vec<(f64, String)> {
    let wide = |text: &str| f64::from(width(text, TEXT - 1));
    let pixels = f64::from(room) / (scale.high - scale.low);
    let fits = |(a, first): &(f64, String), (b, second): &(f64, String)| {
        (b - a) * pixels >= 0.5 * (wide(first) + wide(second)) + f64::from(GAP)
    };
    let every = |step: usize| ticks.iter().step_by(step).cloned().collect::<Vec<_>>();
    let spread = |step: &usize| every(*step).windows(2).all(|pair| fits(&pair[0], &pair[1]));
    every((1..ticks.len()).find(spread).unwrap_or(ticks.len().max(1)))
}

/// As much of a text as fits.
fn shortened(text: &str, size: i32, room: i32) -> String {
    let letters = (f64::from(room) / (LETTER * f64::from(size))).max(1.0) as usize;
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    text.chars().take(letters.saturating_sub(1)).chain(['…']).collect()
}

impl Page {
    fn columns(&self) -> usize {
        match self.panels {
            0 | 1 => 1,
            2 | 4 => 2,
            _ => 3,
        }
    }

    /// Draws all: the panels by what is given.
    pub(super) fn draw(&self, panels: impl FnOnce(&[Area<'_>]) -> Result<(), PlotError>) -> Result<String, PlotError> {
        let entries = self.legend();
        let lines = entries.last().map_or(0, |(_, line, _)| line + 1);
        let head = MARGIN + TITLE + 22 + lines * LEGEND_LINE;
        let rows = self.panels.div_ceil(self.columns()).max(1);
        let height = if self.columns() == 1 { self.height } else { 600 };
        let mut document = Document::new((WIDTH, head as u32 + height * rows as u32));
        let root = Svg(&mut document).into_drawing_area();
        let (top, rest) = root.split_vertically(head);
        let title = shortened(&self.title, TITLE, WIDTH as i32 - 2 * MARGIN);
        let middle = font(TITLE, INK).pos(Pos::new(HPos::Center, VPos::Top));
        top.draw_text(&title, &middle, (WIDTH as i32 / 2, MARGIN))?;
        for (key, line, x) in &entries {
            let y = MARGIN + TITLE + 22 + line * LEGEND_LINE + LEGEND_LINE / 2;
            self.draw_key(&top, key, (*x, y))?;
        }
        let areas = rest.split_evenly((rows, self.columns()));
        panels(&areas)?;
        drop((areas, rest, top));
        root.present()?;
        drop(root);
        Ok(document.finish())
    }

    /// Each key with its line and left edge; lines are centred.
    fn legend(&self) -> Vec<(&Key, i32, i32)> {
        let room = WIDTH as i32 - 2 * MARGIN;
        // Width of each line, and its keys with where they begin.
        let mut lines: Vec<(i32, Vec<_>)> = Vec::new();
        for key in &self.keys {
            let wide = 100 + width(&key.text, TEXT).min(room - 100);
            match lines.last_mut() {
                Some((used, keys)) if *used + wide <= room => {
                    keys.push((key, *used));
                    *used += wide;
                }
                _ => lines.push((wide, vec![(key, 0)])),
            }
        }
        let mut placed = Vec::new();
        for (line, (used, keys)) in lines.into_iter().enumerate() {
            let left = (WIDTH as i32 - used) / 2;
            placed.extend(keys.into_iter().map(|(key, x)| (key, line as i32, left + x)));
        }
        placed
    }

    fn draw_key(&self, area: &Area<'_>, key: &Key, (x, y): (i32, i32)) -> Result<(), PlotError> {
        let line = |from: i32, to: i32, colour: &RGBColor| {
            area.draw(&PathElement::new([(x + from, y), (x + to, y)], colour.stroke_width(CURVE)))
        };
        let filled = |style: ShapeStyle| area.draw(&Rectangle::new([(x, y - 12), (x + 48, y + 12)], style));
        match &key.mark {
            Mark::Line(colour) => line(0, 48, colour)?,
            Mark::Dotted { colour, filled, dashed } => {
                if *dashed {
                    line(0, 8, colour)?;
                    line(40, 48, colour)?;
                } else {
                    line(0, 48, colour)?;
                }
                dot(area, (x + 24, y), *colour, *filled)?;
            }
            Mark::Band(colour, opacity) => filled(colour.mix(*opacity).filled())?,
            Mark::Dot(colour) => dot(area, (x + 24, y), *colour, true)?,
            Mark::Ring(colour) => dot(area, (x + 24, y), *colour, false)?,
            Mark::Failed => filled(HATCH.filled())?,
        }
        let style = font(TEXT, INK).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw_text(&shortened(&key.text, TEXT, WIDTH as i32 - 180), &style, (x + 60, y))?;
        Ok(())
    }
}

/// A dot, or a ring with the ground inside.
fn dot(area: &Area<'_>, at: (i32, i32), colour: RGBColor, filled: bool) -> Result<(), PlotError> {
    area.draw(&Circle::new(at, DOT + 2 * u32::from(!filled), colour.filled()))?;
    if !filled {
        area.draw(&Circle::new(at, DOT - 2, super::colours::PAPER.filled()))?;
    }
    Ok(())
}

/// Axes with numbers and names, and room for a colour bar on the right where one is asked for.
pub(super) fn axes<'a, 'b>(
    area: &'a Area<'b>,
    x: &Scale,
    y: &Scale,
    bar: Option<&Colours>,
) -> Result<Chart<'a, 'b>, PlotError> {
    let y_ticks = y.ticks();
    let coordinate = |scale: &Scale, ticks: &[(f64, String)]| Axis {
        range: scale.low..scale.high,
        ticks: ticks.iter().map(|(at, _)| *at).collect(),
    };
    let (left, right) = (LEFT + numbers(&y_ticks), bar.map_or(RIGHT, bar_room));
    let room = area.dim_in_pixel();
    let x_ticks = apart(x.ticks(), x, room.0 as i32 - left - right);
    let mut chart = ChartBuilder::on(area)
        .margin_top(TOP)
        .margin_left(12)
        .margin_right(right)
        .x_label_area_size(BOTTOM)
        .y_label_area_size(left)
        .build_cartesian_2d(coordinate(x, &x_ticks), coordinate(y, &y_ticks))?;
    let text = |ticks: &[(f64, String)], value: f64| {
        ticks.iter().find(|(at, _)| *at == value).map_or_else(String::new, |(_, text)| text.clone())
    };
    let x_name = shortened(&x.name, TEXT, room.0 as i32 - LEFT);
    let y_name = shortened(&y.name, TEXT, room.1 as i32 - BOTTOM);
    chart
        .configure_mesh()
        .axis_style(QUIET.stroke_width(2))
        .set_all_tick_mark_size(8)
        .bold_line_style(GRID.stroke_width(2))
        .light_line_style(TRANSPARENT)
        .label_style(font(TEXT - 1, QUIET))
        .axis_desc_style(font(TEXT, INK))
        .x_desc(x_name)
        .y_desc(y_name)
        .x_label_formatter(&|value| text(&x_ticks, *value))
        .y_label_formatter(&|value| text(&y_ticks, *value))
        .draw()?;
    Ok(chart)
}

/// The colour bar at the right of a panel whose axes left room for it.
pub(super) fn colour_bar(area: &Area<'_>, colours: &Colours) -> Result<(), PlotError> {
    let (wide, high) = area.dim_in_pixel();
    let (left, top, bottom) = (wide as i32 - bar_room(colours) + 40, TOP, high as i32 - BOTTOM);
    let place = |fraction: f64| bottom - (fraction * f64::from(bottom - top)).round() as i32;
    for level in 0..LEVELS {
        let (low, high) = (level as f64 / LEVELS as f64, (level + 1) as f64 / LEVELS as f64);
        let colour = colours.at(0.5 * (low + high));
        area.draw(&Rectangle::new([(left, place(high)), (left + 36, place(low))], colour.filled()))?;
    }
    let scale = &colours.scale;
    let style = font(TEXT - 1, QUIET).pos(Pos::new(HPos::Left, VPos::Center));
    for (at, text) in scale.ticks() {
        let y = place((at - scale.low) / (scale.high - scale.low));
        area.draw(&PathElement::new([(left + 36, y), (left + 44, y)], QUIET.stroke_width(2)))?;
        area.draw_text(&text, &style, (left + 50, y))?;
    }
    let style = font(TEXT, INK).transform(FontTransform::Rotate90).pos(Pos::new(HPos::Center, VPos::Bottom));
    let name = shortened(&scale.name, TEXT, bottom - top);
    area.draw_text(&name, &style, (wide as i32 - 40, (top + bottom) / 2))?;
    Ok(())
}

/// At most so many points of a curve, with the lowest and highest of those that are left out.
pub(super) fn thinned(points: Vec<(f64, f64)>, most: usize) -> Vec<(f64, f64)> {
    if points.len() <= most.max(4) {
        return points;
    }
    let part = points.len().div_ceil((most / 4).max(1));
    let mut kept = Vec::new();
    for points in points.chunks(part) {
        let by_height = |a: &usize, b: &usize| points[*a].1.total_cmp(&points[*b].1);
        let all = 0..points.len();
        let low = all.clone().min_by(by_height).unwrap_or(0);
        let high = all.max_by(by_height).unwrap_or(0);
        let mut at = [0, low, high, points.len() - 1];
        at.sort_unstable();
        let mut last = None;
        for index in at {
            if last != Some(index) {
                kept.push(points[index]);
            }
            last = Some(index);
        }
    }
    kept
}

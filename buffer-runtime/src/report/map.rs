//! The memory map: the spaces of one thread to scale.

use super::svg::{COLOURS, Canvas, Frame, INNER, LINE, MARGIN};
use super::{LayoutReport, block, table};
use crate::layout::{ByteRange, Bytes, Placement, Region, ResolvedBuffer};

const ROW: f64 = 28.0;

pub(super) fn document(report: &LayoutReport, threads: usize) -> String {
    let mut canvas = Canvas::new();
    canvas.y += 16.0;
    canvas.text("title", MARGIN, canvas.y, &super::svg::shortened(&report.title(report.kernel()), INNER * 0.75));
    canvas.paragraph("", 0.0, &format!("per thread: {}", table::totals(report)));
    canvas.paragraph("", 0.0, &table::blocks(report));

    let marks = Marks::of(report);
    let totals = report.layout().totals();
    space(&mut canvas, &marks, Region::Shared, totals.shared);
    if totals.persistent > Bytes::ZERO {
        space(&mut canvas, &marks, Region::Persistent, totals.persistent);
    }
    locals(&mut canvas, &marks);
    if threads > 0 && totals.shared > Bytes::ZERO {
        block::draw(&mut canvas, &marks, report.layout().interleave(threads), totals.shared);
    }
    let remarks: Vec<String> = table::fallbacks(report);
    if !remarks.is_empty() {
        canvas.heading("Fallbacks");
        for text in remarks {
            canvas.paragraph("warn", 0.0, &text);
        }
    }
    if !report.notes().is_empty() {
        canvas.heading("Notes");
        for text in report.notes() {
            canvas.paragraph("", 0.0, &text);
        }
    }
    canvas.finish()
}

/// What is drawn of each buffer.
pub(super) struct Marks<'a>(pub(super) Vec<Mark<'a>>);

/// A buffer as drawn: its number in the legend and the row of its box.
pub(super) struct Mark<'a> {
    pub(super) buffer: &'a ResolvedBuffer,
    pub(super) number: usize,
    /// What its bytes are shared with, if so, or were to be.
    alias: String,
    /// 0 for the owner of the bytes; what reuses them stands below.
    pub(super) row: usize,
}

impl<'a> Marks<'a> {
    fn of(report: &'a LayoutReport) -> Self {
        let layout = report.layout();
        let mut rows: Vec<Vec<ByteRange>> = Vec::new();
        let mut marks = Vec::new();
        for (buffer, number) in layout.buffers().iter().zip(1..) {
            let row = match buffer.placement {
                Placement::Shared(range) if buffer.is_overlaid() || layout.overlaid_child(buffer).is_some() => {
                    lowest_free(&mut rows, range) + 1
                }
                _ => 0,
            };
            marks.push(Mark { buffer, number, alias: table::alias(layout, buffer), row });
        }
        Self(marks)
    }

    fn region(&self, region: Region) -> impl Iterator<Item = &Mark<'a>> {
        self.0.iter().filter(move |mark| mark.buffer.region() == region)
    }
}

/// The first row in which the range meets nothing, and takes it.
fn lowest_free(rows: &mut Vec<Vec<ByteRange>>, range: ByteRange) -> usize {
    let found = rows.iter().position(|row| !row.iter().any(|taken| taken.overlaps(range)));
    let row = found.unwrap_or(rows.len());
    match rows.get_mut(row) {
        Some(taken) => taken.push(range),
        None => rows.push(vec![range]),
    }
    row
}

impl Mark<'_> {
    /// Draws the box of the buffer.
    fn draw(&self, canvas: &mut Canvas, frame: Frame) {
        canvas.rect(&self.fill(), frame);
        if self.row > 0 {
            canvas.hatched(frame);
        }
        canvas.rect("edge", frame);
        if self.buffer.persistent {
            canvas.rect("keep", Frame { y: frame.y + frame.height - 4.0, height: 4.0, ..frame });
        }
        if self.is_fallback() {
            canvas.rect(
                "own",
                Frame {
                    x: frame.x + 1.0,
                    y: frame.y + 1.0,
                    width: (frame.width - 2.0).max(0.5),
                    height: frame.height - 2.0,
                },
            );
        }
    }

    /// Class of its colour: neighbours in the legend differ.
    pub(super) fn fill(&self) -> String {
        format!("c{}", self.number % COLOURS)
    }

    fn is_fallback(&self) -> bool {
        self.buffer.alias.as_ref().is_some_and(|alias| !alias.is_overlaid())
    }

    fn summary(&self) -> String {
        let buffer = self.buffer;
        let mut text = format!("{}: {} × {}, {}", buffer.path, buffer.elements, buffer.element, buffer.bytes);
        if let Some(range) = buffer.placement.range() {
            text.push_str(&format!(", at {range}"));
        }
        for (holds, word) in [(buffer.persistent, ", persistent"), (buffer.zeroed, ", zeroed")] {
            if holds {
                text.push_str(word);
            }
        }
        if !self.alias.is_empty() {
            text.push_str(&format!(", {}", self.alias));
        }
        text
    }
}

/// One byte space: ruler, boxes, legend.
fn space(canvas: &mut Canvas, marks: &Marks<'_>, region: Region, total: Bytes) {
    let title = match region {
        Region::Shared => "Shared space of one thread",
        _ => "Persistent space of one thread",
    };
    canvas.heading(&format!("{title}: {total}"));
    if total == Bytes::ZERO {
        canvas.paragraph("quiet", 0.0, "empty");
        return;
    }
    if region == Region::Shared {
        canvas.paragraph(
            "quiet",
            0.0,
            "hatched: inside its target; dashed: alias with storage of its own; bar: persistent",
        );
    }
    let scale = INNER / total.get() as f64;
    ruler(canvas, total, scale);
    let top = canvas.y;
    let rows = marks.region(region).map(|mark| mark.row + 1).max().unwrap_or(1);
    canvas.rect("track", Frame { x: MARGIN, y: top, width: INNER, height: ROW });
    for mark in marks.region(region) {
        let Some(range) = mark.buffer.placement.range().filter(|range| !range.is_empty()) else {
            continue;
        };
        let frame = Frame {
            x: MARGIN + range.start().get() as f64 * scale,
            y: top + mark.row as f64 * (ROW + 2.0),
            width: range.len().get() as f64 * scale,
            height: ROW,
        };
        canvas.open(&mark.summary());
        mark.draw(canvas, frame);
        canvas.label(frame, &[&mark.buffer.path, mark.buffer.name(), &mark.number.to_string()]);
        canvas.close();
    }
    canvas.y = top + rows as f64 * (ROW + 2.0);
    legend(canvas, marks.region(region));
}

/// Ticks at a power of two of bytes, far enough apart for their numbers.
fn ruler(canvas: &mut Canvas, total: Bytes, scale: f64) {
    let total = total.get();
    let mut step = 4_usize;
    while step < total && step as f64 * scale < 56.0 {
        step = step.saturating_mul(2);
    }
    canvas.y += LINE;
    let baseline = canvas.y;
    canvas.y += 8.0;
    for byte in (0..total).step_by(step) {
        let x = MARGIN + byte as f64 * scale;
        canvas.vertical(x, baseline + 3.0, canvas.y);
        let number = byte.to_string();
        if x + 8.0 * number.len() as f64 <= MARGIN + INNER {
            canvas.text("small quiet", x + 2.0, baseline, &number);
        }
    }
}

fn legend<'a>(canvas: &mut Canvas, marks: impl Iterator<Item = &'a Mark<'a>>) {
    for mark in marks {
        let frame = Frame { x: MARGIN, y: canvas.y + 5.0, width: 36.0, height: LINE - 3.0 };
        mark.draw(canvas, frame);
        canvas.label(frame, &[&mark.number.to_string()]);
        canvas.paragraph(if mark.is_fallback() { "warn" } else { "" }, 44.0, &mark.summary());
    }
}

/// The arrays without offsets.
fn locals(canvas: &mut Canvas, marks: &Marks<'_>) {
    let mut local = marks.region(Region::Local).peekable();
    if local.peek().is_some() {
        canvas.heading("Local arrays of one thread");
        legend(canvas, local);
    }
}

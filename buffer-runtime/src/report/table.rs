//! Reports in columns.

use std::fmt::Write as _;

use super::LayoutReport;
use crate::layout::{Bytes, Fallback, Region, ResolvedBuffer, ResolvedLayout};

const HEADER: [&str; 9] = ["buffer", "element", "length", "bytes", "asked", "placed", "at", "contents", "alias"];
/// Columns of numbers, which end at the same place.
const RIGHT: [bool; 9] = [false, false, true, true, false, false, true, false, false];

pub(super) fn text(report: &LayoutReport) -> String {
    let rows: Vec<[String; 9]> = report.layout().buffers().iter().map(|buffer| row(report.layout(), buffer)).collect();
    let mut widths = HEADER.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = format!("{}\n\n", report.title(report.kernel()));
    line(&mut out, &HEADER, widths);
    for row in &rows {
        line(&mut out, row, widths);
    }
    let _ = write!(out, "\nper thread  {}\n", totals(report));
    let _ = writeln!(out, "per block   {}", blocks(report));
    section(&mut out, "\nFallbacks\n", "  ", fallbacks(report));
    section(&mut out, "\nNotes\n", "  ", report.notes());
    out
}

pub(super) fn markdown(report: &LayoutReport) -> String {
    let mut out = format!("## {}\n\n", report.title(&escape(report.kernel())));
    let _ = writeln!(out, "| {} |", HEADER.join(" | "));
    let rules = RIGHT.map(|right| if right { "---:" } else { "---" });
    let _ = writeln!(out, "| {} |", rules.join(" | "));
    for buffer in report.layout().buffers() {
        let [name, rest @ ..] = row(report.layout(), buffer);
        let _ = writeln!(out, "| `{name}` | {} |", rest.join(" | "));
    }
    let _ = write!(out, "\n- Per thread: {}\n- Per block: {}\n", totals(report), blocks(report));
    section(&mut out, "\n### Fallbacks\n\n", "- ", fallbacks(report));
    section(&mut out, "\n### Notes\n\n", "- ", report.notes());
    out
}

fn row(layout: &ResolvedLayout, buffer: &ResolvedBuffer) -> [String; 9] {
    let contents = match (buffer.persistent, buffer.zeroed) {
        (true, true) => "persistent, zeroed",
        (true, false) => "persistent",
        (false, true) => "zeroed",
        (false, false) => "",
    };
    [
        buffer.path.clone(),
        buffer.element.to_string(),
        buffer.elements.to_string(),
        buffer.bytes.get().to_string(),
        buffer.requested.to_string(),
        buffer.region().to_string(),
        buffer.placement.range().map_or_else(String::new, |range| range.to_string()),
        contents.to_owned(),
        alias(layout, buffer),
    ]
}

/// The target of the buffer, or of the child it belongs to, and what became of that; empty if there is none.
pub(super) fn alias(layout: &ResolvedLayout, buffer: &ResolvedBuffer) -> String {
    match (&buffer.alias, layout.overlaid_child(buffer)) {
        (Some(alias), _) if alias.is_overlaid() => format!("in {}", alias.target),
        (Some(alias), _) => format!("own, not in {}", alias.target),
        (None, Some((child, target))) if buffer.region() == Region::Shared => format!("{child} in {target}"),
        (None, _) => String::new(),
    }
}

fn line<S: AsRef<str>>(out: &mut String, cells: &[S; 9], widths: [usize; 9]) {
    let mut text = String::new();
    for ((cell, width), right) in cells.iter().zip(widths).zip(RIGHT) {
        let cell = cell.as_ref();
        let _ = if right { write!(text, "{cell:>width$}  ") } else { write!(text, "{cell:<width$}  ") };
    }
    out.push_str(text.trim_end());
    out.push('\n');
}

pub(super) fn totals(report: &LayoutReport) -> String {
    let totals = report.layout().totals();
    format!("shared {}, persistent {}, local {}", totals.shared, totals.persistent, totals.local)
}

pub(super) fn blocks(report: &LayoutReport) -> String {
    let bytes =
        |bytes: Option<Bytes>| bytes.map_or_else(|| "more than can be addressed".to_owned(), |bytes| bytes.to_string());
    let sizes = report.blocks().map(|(threads, shared)| format!("{threads} threads {}", bytes(shared)));
    format!("shared memory of {} (granule {} B)", sizes.join(", "), report.layout().granule())
}

/// A sentence for each alias that has storage of its own.
pub(super) fn fallbacks(report: &LayoutReport) -> Vec<String> {
    let sentence =
        |fallback: Fallback<'_>| format!("`{}` is not in `{}`: {}.", fallback.path, fallback.target, fallback.reason);
    report.layout().fallbacks().map(sentence).collect()
}

fn section(out: &mut String, title: &str, bullet: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    out.push_str(title);
    for text in lines {
        let _ = writeln!(out, "{bullet}{text}");
    }
}

/// Replaces what would end the code span a name stands in.
fn escape(name: &str) -> String {
    name.replace('`', "'").replace('|', "\\|")
}

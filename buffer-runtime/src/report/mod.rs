//! Layouts for people: every byte and every fallback, as text, Markdown or a drawing.

mod block;
mod instances;
mod map;
mod reference;
mod svg;
mod table;

use std::fmt;

use crate::layout::{Bytes, Region, ResolvedLayout, Word};
use crate::precision::Precision;

pub use reference::FactoryReference;

/// The layout of one kernel, ready to print.
///
/// `Display` prints [`to_text`](Self::to_text).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutReport {
    kernel: String,
    layout: ResolvedLayout,
}

impl LayoutReport {
    /// The block sizes for which a report gives the shared memory of a block, in threads.
    pub const BLOCK_SIZES: [usize; 4] = [32, 64, 128, 256];

    /// A report on `layout` as used by the kernel named `kernel`.
    pub fn new(kernel: impl Into<String>, layout: ResolvedLayout) -> Self {
        let kernel: String = kernel.into();
        Self { kernel: kernel.replace(char::is_control, " "), layout }
    }

    /// The kernel's name.
    pub fn kernel(&self) -> &str {
        &self.kernel
    }

    /// The layout reported.
    pub const fn layout(&self) -> &ResolvedLayout {
        &self.layout
    }

    /// Shared memory of a block for each of [`BLOCK_SIZES`](Self::BLOCK_SIZES): threads, bytes; `None` if that
    /// overflows.
    pub fn blocks(&self) -> [(usize, Option<Bytes>); 4] {
        Self::BLOCK_SIZES.map(|threads| (threads, self.layout.block_shared_bytes(threads)))
    }

    /// What the layout costs beyond its bytes, a sentence each.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let shared = || {
            self.layout
                .buffers()
                .iter()
                .filter(|buffer| buffer.region() == Region::Shared && buffer.bytes > Bytes::ZERO)
        };
        if self.layout.granule() == Word::Eight {
            let of = |word| {
                shared().filter(move |buffer| Word::of(buffer.element) == word).map(|buffer| buffer.path.as_str())
            };
            let narrow: Vec<&str> = of(Word::Four).collect();
            if let (Some(wide), false) = (of(Word::Eight).next(), narrow.is_empty()) {
                notes.push(format!(
                    "The granule is 8 bytes because `{wide}` has 8-byte elements; accesses to 4-byte elements conflict two ways: {}.",
                    some_of(&narrow)
                ));
            }
        }
        let used = self.layout.totals().shared;
        if let Some(rounded) = used.checked_round_up(self.layout.granule()).filter(|rounded| *rounded != used) {
            notes.push(format!(
                "A block sets aside {rounded} of shared memory per thread: {used} rounded up to whole granules."
            ));
        }
        notes
    }

    /// An aligned table for terminals: every buffer, totals, fallbacks and notes.
    pub fn to_text(&self) -> String {
        table::text(self)
    }

    /// The same as Markdown.
    pub fn to_markdown(&self) -> String {
        table::markdown(self)
    }

    /// A drawing: the shared and persistent space of one thread to scale, and the granules of a block of `threads`
    /// threads (left out if 0). An SVG document that needs nothing outside and is readable on light and dark pages.
    pub fn to_svg(&self, threads: usize) -> String {
        map::document(self, threads)
    }

    /// The title, with the kernel's name as the medium needs it.
    fn title(&self, kernel: &str) -> String {
        let precision = match self.layout.precision() {
            Precision::F32 => "single",
            Precision::F64 => "double",
        };
        format!("Layout of `{kernel}` in {precision} precision")
    }
}

impl fmt::Display for LayoutReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

/// The first few names, and how many more.
fn some_of(names: &[&str]) -> String {
    const SHOWN: usize = 6;
    let mut text = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if let Some(more) = names.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

#[cfg(test)]
mod tests;

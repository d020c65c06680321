//! The block view: which granule of a block's shared memory belongs to which thread and buffer.

use super::map::{Mark, Marks};
use super::svg::{Canvas, Frame, LINE, MARGIN, shortened};
use crate::layout::{ByteRange, Bytes, Interleave, Offset, Placement};

/// Threads drawn: a warp.
const WARP: usize = 32;
/// Rows of granules drawn.
const ROWS: usize = 24;
/// Banks of shared memory, 4 bytes each.
const BANKS: usize = 32;
const CELL: f64 = 20.0;
/// Where the first column begins, right of the addresses.
const LEFT: f64 = MARGIN + 84.0;

pub(super) fn draw(canvas: &mut Canvas, marks: &Marks<'_>, interleave: Interleave, shared: Bytes) {
    let granule = interleave.granule.bytes();
    let drawn = interleave.threads.min(WARP);
    let rows = shared.get().div_ceil(granule);
    canvas.heading(&format!(
        "Shared memory of a block of {} threads, in granules of {granule} bytes",
        interleave.threads
    ));
    canvas.paragraph(
        "quiet",
        0.0,
        "a row holds the same granule of every thread, left its address in the block; outlined: what thread 0 sees",
    );
    header(canvas, drawn, granule);

    let top = canvas.y;
    for row in 0..rows.min(ROWS) {
        let y = top + row as f64 * CELL;
        let byte = row * granule;
        if let Some(address) = interleave.address(Offset::new(byte), 0) {
            canvas.text("small quiet", MARGIN, y + 14.0, &address.to_string());
        }
        let words: Vec<Option<&Mark<'_>>> = (byte..byte + granule).step_by(4).map(|byte| owner(marks, byte)).collect();
        for thread in 0..drawn {
            let x = LEFT + thread as f64 * CELL;
            let mut start = 0;
            // Words of one buffer are one box: a granule is split only where two buffers meet in it.
            for same in words.chunk_by(|a, b| a.map(|mark| mark.number) == b.map(|mark| mark.number)) {
                let word = CELL / words.len() as f64;
                let frame = Frame { x: x + start as f64 * word, y, width: same.len() as f64 * word, height: CELL };
                match same {
                    [Some(mark), ..] => canvas.rect(&mark.fill(), frame),
                    _ => canvas.rect("track", frame),
                }
                canvas.rect("edge", frame);
                start += same.len();
            }
        }
        let mut names: Vec<&str> =
            words.iter().map(|mark| mark.map_or("(padding)", |mark| mark.buffer.path.as_str())).collect();
        names.dedup();
        let right = LEFT + drawn as f64 * CELL + 10.0;
        canvas.text("", right, y + 14.0, &shortened(&names.join(", "), super::svg::WIDTH - MARGIN - right));
    }
    let height = rows.min(ROWS) as f64 * CELL;
    canvas.rect("focus", Frame { x: LEFT, y: top, width: CELL, height });
    canvas.y = top + height;
    if rows > ROWS {
        canvas.paragraph("quiet", 0.0, &format!("and {} more rows", rows - ROWS));
    }
    if interleave.threads > drawn {
        canvas.paragraph(
            "quiet",
            0.0,
            &format!("threads {drawn} to {} continue each row to the right", interleave.threads - 1),
        );
    }
}

/// Numbers of the threads, and of the bank in which each one's granule begins.
fn header(canvas: &mut Canvas, drawn: usize, granule: usize) {
    for (name, number) in [("thread", 1), ("bank", granule / 4)] {
        canvas.y += LINE * 0.8;
        canvas.text("small quiet", MARGIN, canvas.y, name);
        for thread in 0..drawn {
            let x = LEFT + (thread as f64 + 0.5) * CELL;
            let number = if name == "bank" { thread * number % BANKS } else { thread };
            canvas.centred("small quiet", x, canvas.y, &number.to_string());
        }
    }
    canvas.y += 6.0;
}

/// The buffer that a byte of a thread's shared space belongs to, not one that reuses it.
fn owner<'m, 'a>(marks: &'m Marks<'a>, byte: usize) -> Option<&'m Mark<'a>> {
    let byte = ByteRange::new(Offset::new(byte), Bytes::new(1))?;
    marks.0.iter().find(|mark| match mark.buffer.placement {
        Placement::Shared(range) => mark.row == 0 && range.contains(byte),
        _ => false,
    })
}

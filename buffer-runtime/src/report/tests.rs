use super::*;
use crate::element::ElementType;
use crate::location::Location;
use crate::precision::Precision;
use crate::registry::{BufferRegistry, CudaBuffer, ParentId};

fn shared(name: &str, elements: usize) -> CudaBuffer {
    CudaBuffer::new(name, elements).location(Location::Shared)
}

/// A step with aliases that fit and some that do not, and two Newton solvers in the same space.
fn step() -> (BufferRegistry, ParentId) {
    let mut registry = BufferRegistry::new();
    let [step, newton, error] = ["step", "newton", "newton"].map(|label| registry.add_parent(label, Precision::F32));
    registry.register_child(step, newton, "newton", None).unwrap();
    registry.register(newton, shared("delta", 3)).unwrap();
    registry.register(newton, shared("time", 1).element(ElementType::F64)).unwrap();
    for buffer in [
        shared("accumulator", 6),
        CudaBuffer::new("stage_base", 3).aliases("accumulator"),
        CudaBuffer::new("long", 9).aliases("accumulator"),
        CudaBuffer::new("history", 2).persistent(true).zeroed(true),
    ] {
        registry.register(step, buffer).unwrap();
    }
    registry.register_child(step, error, "error", Some("newton")).unwrap();
    registry.register(error, shared("delta", 3)).unwrap();
    (registry, step)
}

fn report() -> LayoutReport {
    let (registry, step) = step();
    LayoutReport::new("dirk_step", registry.resolve(step).unwrap())
}

#[test]
fn the_text_shows_every_buffer_and_fallback() {
    let expected = "\
Layout of `dirk_step` in single precision

buffer        element  length  bytes  asked   placed         at  contents            alias
newton.delta  f32           3     12  shared  shared      0..12
newton.time   f64           1      8  shared  shared     16..24
accumulator   f32           6     24  shared  shared     24..48
stage_base    f32           3     12  local   shared     24..36                      in accumulator
long          f32           9     36  local   local                                  own, not in accumulator
history       f32           2      8  local   persistent   0..8  persistent, zeroed
error.delta   f32           3     12  shared  shared      0..12                      error in newton

per thread  shared 48 B, persistent 8 B, local 36 B
per block   shared memory of 32 threads 1536 B, 64 threads 3072 B, 128 threads 6144 B, 256 threads 12288 B (granule 8 B)

Fallbacks
  `long` is not in `accumulator`: the target has 12 B left of the 36 B needed.

Notes
  The granule is 8 bytes because `newton.time` has 8-byte elements; accesses to 4-byte elements conflict two ways: `newton.delta`, `accumulator`, `stage_base`, `error.delta`.
";
    // Where the header leaves the columns is the table's business; what is in them is not.
    let squeezed =
        |text: &str| text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>();
    assert_eq!(squeezed(&report().to_text()), squeezed(expected));
    assert_eq!(report().to_string(), report().to_text());
}

#[test]
fn columns_are_aligned() {
    let text = report().to_text();
    let rows: Vec<&str> = text.lines().skip(2).take(8).collect();
    let column = rows[0].find("placed").unwrap();
    for row in &rows[1..] {
        assert!(row[..column].ends_with("  ") && !row[column..].starts_with(' '), "{row}");
    }
}

#[test]
fn markdown_has_a_cell_for_every_column() {
    let markdown = LayoutReport::new("a|b`c", report().layout().clone()).to_markdown();
    assert!(markdown.starts_with("## Layout of `a\\|b'c` in single precision\n"), "{markdown}");
    let table: Vec<&str> = markdown.lines().filter(|line| line.starts_with('|')).collect();
    assert_eq!(table.len(), 2 + report().layout().buffers().len());
    assert!(table.iter().all(|row| row.matches('|').count() == 10), "{markdown}");
    assert!(markdown.contains("### Fallbacks\n\n- `long` is not in `accumulator`"), "{markdown}");
}

#[test]
fn notes_are_made_only_where_they_hold() {
    let mut registry = BufferRegistry::new();
    let parent = registry.add_parent("step", Precision::F64);
    registry.register(parent, shared("a", 3)).unwrap();
    let notes = |registry: &BufferRegistry| LayoutReport::new("k", registry.resolve(parent).unwrap()).notes();
    assert_eq!(notes(&registry), [""; 0]);
    registry.register(parent, shared("b", 1).element(ElementType::I32)).unwrap();
    assert!(notes(&registry)[0].contains("because `a` has 8-byte elements"), "{:?}", notes(&registry));

    let mut registry = BufferRegistry::new();
    let parent = registry.add_parent("step", Precision::F32);
    registry.register(parent, shared("a", 2).element(ElementType::F64)).unwrap();
    registry.register(parent, shared("b", 1)).unwrap();
    let notes = LayoutReport::new("k", registry.resolve(parent).unwrap()).notes();
    assert_eq!(notes[1], "A block sets aside 24 B of shared memory per thread: 20 B rounded up to whole granules.");
}

/// Checks that tags nest and text is escaped, as far as a drawing uses XML; returns the tags opened.
fn tags(svg: &str) -> Vec<String> {
    let (mut open, mut all, mut rest) = (Vec::new(), Vec::new(), svg);
    while let Some(start) = rest.find('<') {
        for entity in rest[..start].split('&').skip(1) {
            assert!(["lt;", "gt;", "amp;", "quot;"].iter().any(|known| entity.starts_with(known)), "{entity}");
        }
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        assert!(!tag.contains('<') && tag.matches('"').count().is_multiple_of(2), "{tag}");
        let name = tag.trim_matches('/').split([' ', '\n']).next().unwrap_or_default().to_owned();
        if tag.starts_with('/') {
            assert_eq!(open.pop().as_ref(), Some(&name));
        } else {
            all.push(name.clone());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    all
}

/// Values of an attribute on elements that begin with `tag`.
fn numbers(svg: &str, tag: &str, attribute: &str) -> Vec<f64> {
    let key = format!(" {attribute}=\"");
    svg.lines()
        .filter(|line| line.starts_with(tag))
        .filter_map(|line| line.split_once(&key)?.1.split('"').next()?.parse().ok())
        .collect()
}

#[test]
fn the_drawing_is_well_formed_whatever_the_kernel_is_called() {
    let (registry, step) = step();
    let layout = registry.resolve(step).unwrap();
    for threads in [0, 1, 32, 64, 1024] {
        let svg = LayoutReport::new("<k> & \"q\" \u{1}", layout.clone()).to_svg(threads);
        assert!(tags(&svg).len() > 20);
        assert!(svg.contains("&lt;k&gt; &amp; &quot;q&quot;"));
        assert_eq!(svg.contains("Shared memory of a block"), threads > 0);
    }
}

#[test]
fn boxes_lie_on_the_page_and_texts_in_their_boxes() {
    let mut registry = BufferRegistry::new();
    let parent = registry.add_parent("step", Precision::F32);
    for index in 0..40_usize {
        let name = format!("{}_{index}", "long".repeat(index));
        registry.register(parent, shared(&name, index % 7)).unwrap();
    }
    let svg = LayoutReport::new("k".repeat(400), registry.resolve(parent).unwrap()).to_svg(64);
    for (x, width) in numbers(&svg, "<rect class=\"c", "x").into_iter().zip(numbers(&svg, "<rect class=\"c", "width")) {
        assert!(x >= 24.0 - 0.01 && x + width <= 936.01, "{x} {width}");
    }
    for line in svg.lines().filter(|line| line.starts_with("<text")) {
        let text = line.split_once('>').unwrap().1.strip_suffix("</text>").unwrap();
        assert!(text.chars().count() <= 130, "{text}");
    }
}

#[test]
fn the_drawing_marks_overlays_fallbacks_and_persistence() {
    let svg = report().to_svg(0);
    // In the map and in the legend: `stage_base` and `error.delta`; `history`; and `long`, which is local, in the
    // legend only.
    assert_eq!(svg.matches("url(#hatching)").count(), 4);
    assert_eq!(svg.matches("class=\"keep\"").count(), 2);
    assert_eq!(svg.matches("class=\"own\"").count(), 1);
    assert!(svg.contains("@media(prefers-color-scheme:dark)"));
}

#[test]
fn a_layout_without_buffers_is_drawn_too() {
    let mut registry = BufferRegistry::new();
    let parent = registry.add_parent("step", Precision::F32);
    let report = LayoutReport::new("k", registry.resolve(parent).unwrap());
    tags(&report.to_svg(64));
    assert!(report.to_text().contains("shared 0 B, persistent 0 B, local 0 B"));
    assert_eq!(report.blocks().map(|(_, bytes)| bytes), [Some(Bytes::ZERO); 4]);
}

#[test]
fn a_space_as_large_as_memory_is_reported() {
    let mut registry = BufferRegistry::new();
    let parent = registry.add_parent("step", Precision::F32);
    registry.register(parent, shared("a", usize::MAX / 8)).unwrap();
    let report = LayoutReport::new("k", registry.resolve(parent).unwrap());
    assert!(report.to_text().contains("256 threads more than can be addressed"));
    tags(&report.to_svg(1024));
}

//! Layouts against the answers of a reference implementation.
//!
//! `data/layouts.jsonl` holds random groups, one a line: the operations that build it, then the ranges and totals of
//! every entry, or the error of the last operation. `LAYOUT_CORPUS` names another file of that form to check instead.

#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::PathBuf;

use buffer_runtime::registry::{BufferRegistry, BufferUpdate, CudaBuffer, ParentId, RegistryError, WindowAlignment};
use buffer_runtime::{ElementSpec, Location, Precision};
use serde::Deserialize;

#[derive(Deserialize)]
struct Case {
    precision: String,
    ops: Vec<Op>,
    #[serde(flatten)]
    answer: Answer,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Answer {
    Refused {
        #[serde(rename = "error")]
        _kind: String,
    },
    LaidOut(LaidOut),
}

#[derive(Deserialize, Debug, PartialEq)]
struct LaidOut {
    shared: BTreeMap<String, Range2>,
    persistent: BTreeMap<String, Range2>,
    local: BTreeMap<String, usize>,
    totals: Totals,
}

type Range2 = (usize, usize);

#[derive(Deserialize, Debug, PartialEq)]
struct Totals {
    shared: usize,
    persistent: usize,
    local: usize,
}

#[derive(Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
enum Op {
    Register {
        name: String,
        size: usize,
        location: String,
        persistent: bool,
        aliases: Option<String>,
        dtype: Option<String>,
    },
    Update {
        name: String,
        size: Option<usize>,
        location: Option<String>,
        persistent: Option<bool>,
        recognised: bool,
        changed: bool,
    },
    Child {
        name: String,
        aliases: Option<String>,
        ops: Vec<Op>,
    },
}

fn element(dtype: Option<&str>) -> ElementSpec {
    dtype.map_or(ElementSpec::Real, |dtype| dtype.parse().expect("an element type of the corpus"))
}

fn location(text: &str) -> Location {
    text.parse().expect("a location of the corpus")
}

/// Applies the operations; the registry's first refusal ends them.
fn build(registry: &mut BufferRegistry, precision: Precision, ops: &[Op]) -> Result<ParentId, RegistryError> {
    let parent = registry.add_parent("group", precision);
    for op in ops {
        match op {
            Op::Register { name, size, location: place, persistent, aliases, dtype } => {
                let mut buffer = CudaBuffer::new(name, *size)
                    .element(element(dtype.as_deref()))
                    .location(location(place))
                    .persistent(*persistent);
                if let Some(target) = aliases {
                    buffer = buffer.aliases(target);
                }
                registry.register(parent, buffer)?;
            }
            Op::Update { name, size, location: place, persistent, recognised, changed } => {
                let update = BufferUpdate {
                    elements: size.map(Into::into),
                    location: place.as_deref().map(location),
                    persistent: *persistent,
                    ..BufferUpdate::default()
                };
                let outcome = registry.update_buffer(parent, name, &update)?;
                assert_eq!((outcome.recognised, outcome.changed), (*recognised, *changed), "update of {name}");
            }
            Op::Child { name, aliases, ops } => {
                let child = build(registry, precision, ops)?;
                registry.register_child(parent, child, name, aliases.as_deref())?;
            }
        }
    }
    Ok(parent)
}

/// The group's layout in the corpus's units: elements of the parent.
fn laid_out(registry: &BufferRegistry, parent: ParentId) -> LaidOut {
    let group = registry.group(parent).unwrap();
    let unit = group.unit();
    let pair = |range: Range<usize>| (range.start, range.end);
    let sizes = group.sizes().unwrap();
    LaidOut {
        shared: group
            .build_shared_layout()
            .unwrap()
            .into_iter()
            .map(|(name, range)| (name.to_owned(), pair(range.in_words(unit))))
            .collect(),
        persistent: group
            .build_persistent_layout()
            .unwrap()
            .into_iter()
            .map(|(name, range)| (name.to_owned(), pair(range.in_words(unit))))
            .collect(),
        local: group
            .build_local_sizes()
            .unwrap()
            .into_iter()
            .map(|(name, elements)| (name.to_owned(), elements.get()))
            .collect(),
        totals: Totals {
            shared: sizes.shared.get() / unit.bytes(),
            persistent: sizes.persistent.get() / unit.bytes(),
            local: sizes.local.get(),
        },
    }
}

fn corpus() -> Vec<String> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/layouts.jsonl");
    let path = std::env::var_os("LAYOUT_CORPUS").map_or(own, PathBuf::from);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("cannot read the corpus {}: {error}", path.display()));
    let lines: Vec<String> = text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect();
    assert!(!lines.is_empty(), "{} holds no cases", path.display());
    lines
}

fn case(line: usize, text: &str) -> Case {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("line {line} is not a case: {error}"))
}

/// What is wrong with our answer, if anything.
fn check(case: &Case) -> Result<(), String> {
    let precision = case.precision.parse().map_err(|error| format!("{error}"))?;
    let mut registry = BufferRegistry::with_window_alignment(WindowAlignment::Real);
    match (build(&mut registry, precision, &case.ops), &case.answer) {
        (Err(_), Answer::Refused { .. }) => Ok(()),
        (Err(error), Answer::LaidOut(_)) => Err(format!("refused: {error}")),
        (Ok(_), Answer::Refused { .. }) => Err("accepted what the reference refuses".to_owned()),
        (Ok(parent), Answer::LaidOut(expected)) => {
            let ours = laid_out(&registry, parent);
            if ours == *expected { Ok(()) } else { Err(format!("ours      {ours:?}\n  reference {expected:?}")) }
        }
    }
}

#[test]
fn every_case_has_the_layout_of_the_reference() {
    let lines = corpus();
    let mut wrong = Vec::new();
    for (index, text) in lines.iter().enumerate() {
        if let Err(reason) = check(&case(index + 1, text)) {
            wrong.push(format!("line {}: {reason}", index + 1));
        }
    }
    println!("{} of {} cases agree", lines.len() - wrong.len(), lines.len());
    assert!(wrong.is_empty(), "{} of {} cases differ:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
}

/// The one rule in which the default differs: a child's window is aligned to what is in it. Where that moves nothing
/// the reference's layout is ours too, and where it does the reference leaves an 8-byte element of a child straddling
/// two words.
#[test]
fn the_default_differs_only_where_the_reference_misaligns_a_child() {
    let misaligned = |registry: &BufferRegistry, parent| {
        let layout = registry.resolve(parent).unwrap();
        layout.buffers().iter().any(|buffer| {
            let start = buffer.placement.range().map_or(0, |range| range.start().get());
            buffer.elements.get() > 0 && !start.is_multiple_of(buffer.element.size_bytes())
        })
    };
    for (index, text) in corpus().iter().enumerate() {
        let case = case(index + 1, text);
        let precision = case.precision.parse().unwrap();
        let mut reference = BufferRegistry::with_window_alignment(WindowAlignment::Real);
        let mut ours = BufferRegistry::new();
        let (Ok(theirs), Ok(own)) =
            (build(&mut reference, precision, &case.ops), build(&mut ours, precision, &case.ops))
        else {
            continue;
        };
        assert!(!misaligned(&ours, own), "line {}", index + 1);
        if laid_out(&reference, theirs) != laid_out(&ours, own) {
            assert!(
                has_wide_child(&ours, own),
                "line {}: differs though no child's window needs 8-byte alignment",
                index + 1
            );
        } else {
            assert!(!misaligned(&reference, theirs), "line {}", index + 1);
        }
    }
}

/// Whether some window of the tree needs more alignment than the owner's `real` gives.
fn has_wide_child(registry: &BufferRegistry, parent: ParentId) -> bool {
    let group = registry.group(parent).unwrap();
    group.children().filter_map(|(_, child)| child).any(|child| {
        let wide = registry
            .group(child)
            .unwrap()
            .buffers()
            .any(|buffer| buffer.element_spec().resolve(group.precision()).size_bytes() > group.unit().bytes());
        wide || has_wide_child(registry, child)
    })
}

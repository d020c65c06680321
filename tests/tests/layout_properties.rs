//! What holds of every layout, on random trees of groups.

#![allow(clippy::unwrap_used, reason = "a helper that panics fails the test that called it")]

use std::collections::HashMap;

use buffer_runtime::layout::{AliasOutcome, ByteRange, FallbackReason, Placement, Region, ResolvedLayout};
use buffer_runtime::registry::{BufferRegistry, BufferUpdate, CudaBuffer, ParentId};
use buffer_runtime::{ElementSpec, ElementType, Location, Precision, Unknown};
use proptest::prelude::*;
use proptest::sample::Index;

/// A group to be built: members in order, each perhaps with an alias to an earlier one.
#[derive(Clone, Debug)]
struct Group {
    precision: Precision,
    members: Vec<(Member, Option<Index>)>,
}

#[derive(Clone, Debug)]
enum Member {
    Buffer { elements: usize, element: ElementSpec, location: Location, persistent: bool },
    Child(Group),
}

fn location() -> impl Strategy<Value = Location> {
    prop::sample::select(Location::ALL.to_vec())
}

fn precision() -> impl Strategy<Value = Precision> {
    prop::sample::select(Precision::ALL.to_vec())
}

fn buffer() -> impl Strategy<Value = Member> {
    let element = prop_oneof![
        3 => Just(ElementSpec::Real),
        2 => prop::sample::select(ElementType::ALL.to_vec()).prop_map(ElementSpec::Fixed),
    ];
    let elements = prop_oneof![1 => Just(0_usize), 6 => 1..9_usize, 2 => 9..80_usize];
    (elements, element, location(), prop::bool::weighted(0.2)).prop_map(|(elements, element, location, persistent)| {
        Member::Buffer { elements, element, location, persistent }
    })
}

fn group() -> impl Strategy<Value = Group> {
    let leaf = of_members(buffer().boxed(), 8);
    leaf.prop_recursive(3, 40, 6, |child| {
        of_members(prop_oneof![3 => buffer(), 1 => child.prop_map(Member::Child)].boxed(), 8)
    })
}

fn of_members(member: BoxedStrategy<Member>, most: usize) -> impl Strategy<Value = Group> + use<> {
    let alias = prop::option::weighted(0.4, any::<Index>());
    (precision(), prop::collection::vec((member, alias), 0..most))
        .prop_map(|(precision, members)| Group { precision, members })
}

/// Registers the tree and returns its root. Members are called `m0`, `m1`, …
fn build(registry: &mut BufferRegistry, group: &Group) -> ParentId {
    let parent = registry.add_parent("group", group.precision);
    for (index, (member, alias)) in group.members.iter().enumerate() {
        let name = format!("m{index}");
        let target = alias.filter(|_| index > 0).map(|alias| format!("m{}", alias.index(index)));
        match member {
            Member::Buffer { elements, element, location, persistent } => {
                let mut buffer =
                    CudaBuffer::new(name, *elements).element(*element).location(*location).persistent(*persistent);
                if let Some(target) = target {
                    buffer = buffer.aliases(target);
                }
                registry.register(parent, buffer).unwrap();
            }
            Member::Child(child) => {
                let child = build(registry, child);
                registry.register_child(parent, child, &name, target.as_deref()).unwrap();
            }
        }
    }
    parent
}

fn built(group: &Group) -> (BufferRegistry, ParentId) {
    let mut registry = BufferRegistry::new();
    let root = build(&mut registry, group);
    (registry, root)
}

fn resolved(group: &Group) -> ResolvedLayout {
    let (registry, root) = built(group);
    registry.resolve(root).unwrap()
}

/// Shared range of every buffer and child by path.
fn shared_ranges(layout: &ResolvedLayout) -> HashMap<&str, ByteRange> {
    let buffers = layout.buffers().iter().filter(|buffer| buffer.region() == Region::Shared);
    let buffers = buffers.filter_map(|buffer| Some((buffer.path.as_str(), buffer.placement.range()?)));
    buffers.chain(layout.children().iter().map(|child| (child.path.as_str(), child.shared))).collect()
}

/// What the bytes of an entry may be shared with, by path: its target and what that reuses, and the same of the
/// children around it.
fn reused<'a>(layout: &'a ResolvedLayout, path: &'a str) -> Vec<&'a str> {
    let targets: HashMap<&str, &str> = overlays(layout).collect();
    let mut found: Vec<&str> = Vec::new();
    let mut open = vec![path];
    while let Some(path) = open.pop() {
        for (end, _) in path.match_indices('.').chain([(path.len(), "")]) {
            if let Some(target) = targets.get(&path[..end]).filter(|target| !found.contains(*target)) {
                found.push(target);
                open.push(target);
            }
        }
    }
    found
}

/// Alias and target of every overlay.
fn overlays(layout: &ResolvedLayout) -> impl Iterator<Item = (&str, &str)> {
    let buffers = layout.buffers().iter().map(|buffer| (buffer.path.as_str(), &buffer.alias));
    let children = layout.children().iter().map(|child| (child.path.as_str(), &child.alias));
    buffers.chain(children).filter_map(|(path, alias)| {
        let alias = alias.as_ref().filter(|alias| alias.is_overlaid())?;
        Some((path, alias.target.as_str()))
    })
}

/// Whether `path` is `place` or lies inside it.
fn inside(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn bytes_are_shared_only_along_aliases(group in group()) {
        let layout = resolved(&group);
        let buffers = layout.buffers();
        for (index, a) in buffers.iter().enumerate() {
            for b in &buffers[index + 1..] {
                let together = match (a.placement, b.placement) {
                    (Placement::Shared(x), Placement::Shared(y)) => x.overlaps(y),
                    (Placement::Persistent(x), Placement::Persistent(y)) => {
                        prop_assert!(!x.overlaps(y), "{} and {}", a.path, b.path);
                        false
                    }
                    _ => false,
                };
                if together {
                    prop_assert!(!a.persistent && !b.persistent, "{} is kept from {}", a.path, b.path);
                    let (of_a, of_b) = (reused(&layout, &a.path), reused(&layout, &b.path));
                    let related = of_a.iter().any(|target| inside(&b.path, target))
                        || of_b.iter().any(|target| inside(&a.path, target));
                    prop_assert!(related, "{} and {} share bytes", a.path, b.path);
                }
            }
        }
    }

    #[test]
    fn an_alias_lies_in_its_target_or_says_why_not(group in group()) {
        let layout = resolved(&group);
        let ranges = shared_ranges(&layout);
        for (alias, target) in overlays(&layout) {
            prop_assert!(ranges[target].contains(ranges[alias]), "{alias} in {target}");
        }
        for fallback in layout.fallbacks() {
            let target = ranges.get(fallback.target);
            let space = target.map(|range| range.len());
            match fallback.reason {
                FallbackReason::TargetNotShared => prop_assert!(target.is_none(), "{fallback:?}"),
                FallbackReason::TargetFull { available, needed } | FallbackReason::Misaligned { available, needed } => {
                    prop_assert!(available < needed && Some(available) <= space, "{fallback:?}");
                }
                FallbackReason::AliasPersistent => prop_assert!(layout.get(fallback.path).unwrap().persistent),
                FallbackReason::TargetPersistent => prop_assert!(layout.get(fallback.target).unwrap().persistent),
                FallbackReason::AliasHoldsPersistent => prop_assert!(keeps_shared(&layout, fallback.path)),
                FallbackReason::TargetHoldsPersistent { .. } => prop_assert!(keeps_shared(&layout, fallback.target)),
                reason => prop_assert!(false, "{reason:?}"),
            }
        }
    }

    #[test]
    fn every_element_is_aligned_and_inside_its_space(group in group()) {
        let layout = resolved(&group);
        let totals = layout.totals();
        for buffer in layout.buffers() {
            let (range, total) = match buffer.placement {
                Placement::Shared(range) => (range, totals.shared),
                Placement::Persistent(range) => (range, totals.persistent),
                Placement::Local { elements } => {
                    prop_assert_eq!(elements.get(), buffer.elements.get().max(1));
                    continue;
                }
            };
            prop_assert!(buffer.bytes <= range.len() && range.end().get() <= total.get());
            if buffer.elements.get() > 0 {
                prop_assert_eq!(range.start().get() % buffer.element.size_bytes(), 0, "{}", &buffer.path);
                let granule = layout.granule().bytes();
                prop_assert!(buffer.region() != Region::Shared || granule >= buffer.element.size_bytes());
            }
        }
    }

    #[test]
    fn overlays_never_make_a_space_larger(group in group()) {
        fn plain(group: &Group) -> Group {
            let members = group.members.iter().map(|(member, _)| match member {
                Member::Child(child) => (Member::Child(plain(child)), None),
                buffer => (buffer.clone(), None),
            });
            Group { precision: group.precision, members: members.collect() }
        }
        // Wide elements among narrow ones may cost an alignment when the order of the buffers changes; with one size
        // there is nothing to pad.
        fn uniform(group: &Group) -> Group {
            let members = group.members.iter().map(|(member, alias)| match member {
                Member::Child(child) => (Member::Child(uniform(child)), *alias),
                &Member::Buffer { elements, location, persistent, .. } => {
                    (Member::Buffer { elements, element: ElementSpec::Real, location, persistent }, *alias)
                }
            });
            Group { precision: Precision::F32, members: members.collect() }
        }
        let group = uniform(&group);
        let (with, without) = (resolved(&group), resolved(&plain(&group)));
        prop_assert!(with.totals().shared <= without.totals().shared);
        prop_assert!(with.totals().persistent <= without.totals().persistent);
        prop_assert!(with.totals().local <= without.totals().local);
    }

    #[test]
    fn the_same_tree_has_the_same_layout(group in group()) {
        prop_assert_eq!(resolved(&group), resolved(&group));
    }

    #[test]
    fn a_cached_layout_is_the_layout_computed_anew(
        group in group(),
        moves in prop::collection::vec((any::<Index>(), any::<Index>(), location()), 1..6),
    ) {
        let (mut registry, root) = built(&group);
        let parents: Vec<ParentId> = registry.parents().collect();
        for (parent, member, location) in moves {
            registry.resolve(root).unwrap();
            let parent = parents[parent.index(parents.len())];
            let key = format!("m{}_location", member.index(8));
            registry.update(parent, [(key, location)], Unknown::Ignore).unwrap();
            let kept = registry.resolve(root).unwrap();
            for parent in &parents {
                registry.clear_layout(*parent);
            }
            prop_assert_eq!(registry.resolve(root).unwrap(), kept);
        }
    }

    #[test]
    fn moving_a_buffer_there_and_back_restores_the_layout(
        group in group(),
        parent in any::<Index>(),
        member in any::<Index>(),
    ) {
        let (mut registry, root) = built(&group);
        let before = registry.resolve(root).unwrap();
        let parents: Vec<ParentId> = registry.parents().collect();
        let parent = parents[parent.index(parents.len())];
        let buffers = registry.group(parent).unwrap().buffers();
        let names: Vec<(String, Location)> =
            buffers.map(|buffer| (buffer.name().to_owned(), buffer.requested_location())).collect();
        prop_assume!(!names.is_empty());
        let (name, home) = &names[member.index(names.len())];
        let away = if *home == Location::Shared { Location::Local } else { Location::Shared };
        for location in [away, *home] {
            let update = registry.update(parent, [(format!("{name}_location"), location)], Unknown::Error).unwrap();
            prop_assert_eq!(update.changed.len(), 1);
        }
        prop_assert_eq!(registry.resolve(root).unwrap(), before);
    }

    #[test]
    fn a_refused_change_changes_nothing(group in group(), parent in any::<Index>(), refusal in 0..8) {
        let (mut registry, root) = built(&group);
        let before = (registry.resolve(root).unwrap(), registry.parents().count());
        let parents: Vec<ParentId> = registry.parents().collect();
        let parent = parents[parent.index(parents.len())];
        let first = registry.group(parent).unwrap().buffers().next().map(|buffer| buffer.name().to_owned());
        let refused = match (refusal, first) {
            (0, _) => registry.register(parent, CudaBuffer::new("", 1)).is_err(),
            (1, _) => registry.register(parent, CudaBuffer::new("new", usize::MAX)).is_err(),
            (2, _) => registry.register(parent, CudaBuffer::new("new", 1).aliases("nowhere")).is_err(),
            (3, _) => registry.register_child(parent, root, "new", None).is_err(),
            (4, _) => registry.register_child(parent, None, "new", Some("nowhere")).is_err(),
            (5, Some(name)) => {
                let key = format!("{name}_location");
                let settings = [(key.clone(), "shared"), (key, "local"), ("nowhere_location".into(), "local")];
                registry.update(parent, settings, Unknown::Error).is_err()
            }
            (6, Some(name)) => {
                let settings = [(format!("{name}_location"), "shared"), (format!("{name}_location"), "nowhere")];
                registry.update(parent, settings, Unknown::Ignore).is_err()
            }
            (_, Some(name)) => {
                let aliases = Some(Some(name.clone()));
                let update = BufferUpdate { location: Some(Location::Shared), aliases, ..BufferUpdate::default() };
                registry.update_buffer(parent, &name, &update).is_err()
            }
            (_, None) => registry.update(parent, [("m0_location", "nowhere")], Unknown::Error).is_err(),
        };
        prop_assert!(refused);
        prop_assert_eq!((registry.resolve(root).unwrap(), registry.parents().count()), before);
    }

    #[test]
    fn outcomes_agree_with_regions(group in group()) {
        let layout = resolved(&group);
        for buffer in layout.buffers() {
            let own = match (buffer.requested, buffer.persistent) {
                (Location::Shared, _) => Region::Shared,
                (Location::Local, true) => Region::Persistent,
                (Location::Local, false) => Region::Local,
            };
            match buffer.alias.as_ref().map(|alias| alias.outcome) {
                Some(AliasOutcome::Overlaid) => prop_assert_eq!(buffer.region(), Region::Shared),
                _ => prop_assert_eq!(buffer.region(), own),
            }
        }
    }
}

/// Whether a persistent buffer lies in the shared window of the child at `path`.
fn keeps_shared(layout: &ResolvedLayout, path: &str) -> bool {
    layout
        .buffers()
        .iter()
        .any(|buffer| buffer.persistent && buffer.region() == Region::Shared && inside(&buffer.path, path))
}

use super::*;
use buffer_runtime::layout::{ResolvedLayout, Word};
use buffer_runtime::registry::WindowAlignment;

fn range(start: usize, len: usize) -> ByteRange {
    ByteRange::new(Offset::new(start), Bytes::new(len)).unwrap()
}

/// `step` with a buffer, a Newton solver that has a linear solver, and another buffer.
fn nested() -> (BufferRegistry, ParentId) {
    let (mut registry, step) = with([shared("a", 2), persistent("history", 2)]);
    let newton = registry.add_parent("newton_krylov", Precision::F32);
    let linear = registry.add_parent("gmres", Precision::F32);
    registry.register_child(step, newton, "newton", None).unwrap();
    registry.register(newton, shared("delta", 3)).unwrap();
    registry.register_child(newton, linear, "linear", None).unwrap();
    registry.register(linear, shared("temp", 5)).unwrap();
    registry.register(linear, persistent("history", 1)).unwrap();
    registry.register(linear, local("small", 2).element(ElementType::F64)).unwrap();
    registry.register(step, shared("b", 4).aliases("newton")).unwrap();
    (registry, step)
}

fn layout() -> ResolvedLayout {
    let (registry, step) = nested();
    registry.resolve(step).unwrap()
}

#[test]
fn paths_leave_the_root_out_and_follow_registration_order() {
    let layout = layout();
    let paths: Vec<&str> = layout.buffers().iter().map(|buffer| buffer.path.as_str()).collect();
    assert_eq!(
        paths,
        ["a", "history", "newton.delta", "newton.linear.temp", "newton.linear.history", "newton.linear.small", "b"]
    );
    assert_eq!((layout.label(), layout.precision()), ("step", Precision::F32));
    let temp = layout.get("newton.linear.temp").unwrap();
    assert_eq!((temp.group(), temp.name()), ("newton.linear", "temp"));
    assert_eq!(paths.iter().filter(|path| layout.get(path).is_some_and(|buffer| buffer.path == **path)).count(), 7);
    assert!(["", "newton", "newton.linear.", "temp"].iter().all(|path| layout.get(path).is_none()));
}

#[test]
fn offsets_are_absolute_through_all_windows() {
    let layout = layout();
    let at = |path: &str| layout.get(path).unwrap().placement;
    assert_eq!(at("newton.delta"), Placement::Shared(range(8, 12)));
    assert_eq!(at("newton.linear.temp"), Placement::Shared(range(20, 20)));
    assert_eq!(at("newton.linear.history"), Placement::Persistent(range(8, 4)));
    assert_eq!(at("newton.linear.small"), Placement::Local { elements: Elements::new(2) });
}

#[test]
fn children_are_listed_with_their_spaces_and_labels() {
    let layout = layout();
    let children: Vec<_> =
        layout.children().iter().map(|child| (child.path.as_str(), child.label.as_deref(), child.shared)).collect();
    assert_eq!(
        children,
        [("newton", Some("newton_krylov"), range(8, 32)), ("newton.linear", Some("gmres"), range(20, 20))]
    );
}

#[test]
fn an_alias_of_a_child_is_reported_with_the_childs_path() {
    let layout = layout();
    let alias = layout.get("b").unwrap().alias.clone().unwrap();
    assert_eq!((alias.target.as_str(), alias.is_overlaid()), ("newton", true));
    assert_eq!(layout.get("b").unwrap().placement, Placement::Shared(range(8, 16)));
}

#[test]
fn totals_count_the_spaces_and_the_local_arrays_of_all_groups() {
    let totals = layout().totals();
    assert_eq!((totals.shared.get(), totals.persistent.get(), totals.local.get()), (40, 12, 16));
}

#[test]
fn only_elements_in_shared_memory_decide_the_granule() {
    let wide = |buffer: CudaBuffer| {
        let (registry, parent) = with([shared("a", 3), buffer.element(ElementType::F64)]);
        registry.resolve(parent).unwrap()
    };
    for elsewhere in [local("w", 2), persistent("w", 2), shared("w", 0)] {
        assert_eq!(wide(elsewhere).granule(), Word::Four);
    }
    let (inside, block) = (wide(local("w", 1).aliases("a")), wide(shared("w", 1)).block_shared_bytes(64));
    assert_eq!(inside.granule(), Word::Eight, "it is placed in shared memory, whatever was asked");
    assert_eq!(inside.block_shared_bytes(64), Some(Bytes::new(16 * 64)), "12 bytes in whole granules");
    assert_eq!(block, Some(Bytes::new(24 * 64)));
}

#[test]
fn a_child_can_be_resolved_by_itself() {
    let (registry, step) = nested();
    let (_, newton) = registry.group(step).unwrap().children().next().unwrap();
    let layout = registry.resolve(newton.unwrap()).unwrap();
    assert_eq!(layout.get("linear.temp").unwrap().placement, Placement::Shared(range(12, 20)));
}

#[test]
fn groups_of_different_precision_share_a_space() {
    let (mut registry, narrow) = with([shared("a", 1)]);
    let wide = registry.add_parent("wide", Precision::F64);
    registry.register_child(narrow, wide, "wide", None).unwrap();
    registry.register(wide, shared("x", 2)).unwrap();
    registry.register(narrow, shared("b", 1)).unwrap();
    let layout = registry.resolve(narrow).unwrap();
    assert_eq!(layout.get("wide.x").unwrap().placement, Placement::Shared(range(8, 16)));
    assert_eq!(layout.get("wide.x").unwrap().element, ElementType::F64);
    assert_eq!(layout.totals().shared, Bytes::new(28));
}

#[test]
fn the_rule_of_the_reference_aligns_windows_to_the_owner_only() {
    let mut registry = BufferRegistry::with_window_alignment(WindowAlignment::Real);
    let parent = registry.add_parent("step", Precision::F32);
    let child = registry.add_parent("newton", Precision::F32);
    registry.register(parent, shared("a", 1)).unwrap();
    registry.register_child(parent, child, "newton", None).unwrap();
    registry.register(child, shared("time", 1).element(ElementType::F64)).unwrap();
    let layout = registry.resolve(parent).unwrap();
    assert_eq!(layout.get("newton.time").unwrap().placement, Placement::Shared(range(4, 8)));
}

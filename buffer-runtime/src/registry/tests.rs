//! When layouts are kept and when they are dropped. Numbers as in `docs/seed-map.md`.

use super::*;
use crate::location::Location;
use crate::precision::Precision;
use crate::settings::Unknown;

/// A tree `root.child.leaf` with a buffer in each.
struct Tree {
    registry: BufferRegistry,
    root: ParentId,
    child: ParentId,
    leaf: ParentId,
}

impl Tree {
    fn new() -> Self {
        let mut registry = BufferRegistry::new();
        let [root, child, leaf] = ["root", "child", "leaf"].map(|label| registry.add_parent(label, Precision::F32));
        registry.register_child(root, child, "child", None).unwrap();
        registry.register_child(child, leaf, "leaf", None).unwrap();
        for parent in [root, child, leaf] {
            registry.register(parent, CudaBuffer::new("a", 3).location(Location::Shared)).unwrap();
        }
        Self { registry, root, child, leaf }
    }

    /// Which of root, child and leaf have a layout.
    fn cached(&self) -> [bool; 3] {
        [self.root, self.child, self.leaf].map(|parent| self.registry.data(parent).unwrap().layout.get().is_some())
    }

    fn laid_out(mut self, change: impl FnOnce(&mut BufferRegistry, ParentId)) -> [bool; 3] {
        self.registry.sizes(self.root).unwrap();
        assert_eq!(self.cached(), [true; 3]);
        change(&mut self.registry, self.child);
        self.cached()
    }
}

const ALL: [bool; 3] = [true; 3];
/// A change of `child` leaves only the layout of what is below it.
const BELOW: [bool; 3] = [false, false, true];

// 26, 33, 34, 35
#[test]
fn one_query_computes_every_layout_it_needs_and_no_other() {
    let tree = Tree::new();
    assert_eq!(tree.cached(), [false; 3]);
    tree.registry.group(tree.child).unwrap().build_local_sizes().unwrap();
    assert_eq!(tree.cached(), [false, true, true]);
    tree.registry.group(tree.root).unwrap().build_persistent_layout().unwrap();
    assert_eq!(tree.cached(), ALL);
}

// 18, 21, 22, 47, 59
#[test]
fn a_change_drops_the_layouts_of_a_group_and_its_owners() {
    let moved = BufferUpdate { location: Some(Location::Local), ..BufferUpdate::default() };
    assert_eq!(
        Tree::new().laid_out(|registry, child| registry.register(child, CudaBuffer::new("b", 1)).unwrap()),
        BELOW
    );
    assert_eq!(
        Tree::new().laid_out(|registry, child| assert!(registry.update_buffer(child, "a", &moved).unwrap().changed)),
        BELOW
    );
    assert_eq!(Tree::new().laid_out(|registry, child| assert!(registry.clear_layout(child))), BELOW);
    assert_eq!(
        Tree::new().laid_out(|registry, child| assert!(registry.set_precision(child, Precision::F64).unwrap())),
        BELOW
    );
    assert_eq!(Tree::new().laid_out(|registry, child| registry.register_child(child, None, "b", None).unwrap()), BELOW);
    assert_eq!(Tree::new().laid_out(|registry, child| assert!(registry.clear_own(child))), BELOW);
    let update = |registry: &mut BufferRegistry, child| {
        registry.update(child, [("a_location", "local")], Unknown::Error).unwrap();
    };
    assert_eq!(Tree::new().laid_out(update), BELOW);
}

// 20, 62
#[test]
fn what_changes_nothing_or_is_refused_keeps_them() {
    let same = BufferUpdate { location: Some(Location::Shared), ..BufferUpdate::default() };
    let endless = BufferUpdate { elements: Some(usize::MAX.into()), ..BufferUpdate::default() };
    assert_eq!(
        Tree::new().laid_out(|registry, child| assert!(!registry.update_buffer(child, "a", &same).unwrap().changed)),
        ALL
    );
    assert_eq!(
        Tree::new().laid_out(|registry, child| assert!(registry.update_buffer(child, "a", &endless).is_err())),
        ALL
    );
    assert_eq!(
        Tree::new().laid_out(|registry, child| assert!(!registry.set_precision(child, Precision::F32).unwrap())),
        ALL
    );
    assert_eq!(
        Tree::new().laid_out(|registry, child| assert!(registry.register(child, CudaBuffer::new("", 1)).is_err())),
        ALL
    );
    let update = |registry: &mut BufferRegistry, child| {
        assert!(registry.update(child, [("a_location", "shared")], Unknown::Error).unwrap().changed.is_empty());
        assert!(registry.update(child, [("a_location", "local"), ("b_location", "local")], Unknown::Error).is_err());
    };
    assert_eq!(Tree::new().laid_out(update), ALL);
}

#[test]
fn a_chain_of_children_deeper_than_the_stack_is_laid_out_and_cleared() {
    let mut registry = BufferRegistry::new();
    let mut root = registry.add_parent("leaf", Precision::F32);
    registry.register(root, CudaBuffer::new("a", 1).location(Location::Shared)).unwrap();
    for _ in 0..50_000 {
        let owner = registry.add_parent("link", Precision::F32);
        registry.register_child(owner, root, "c", None).unwrap();
        root = owner;
    }
    assert_eq!(registry.sizes(root).unwrap().shared.get(), 4);
    assert!(registry.clear_parent(root));
    assert_eq!(registry.parents().count(), 0);
}

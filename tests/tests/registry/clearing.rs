use super::*;

// 47, 48
#[test]
fn clearing_a_layout_changes_no_answer() {
    let (mut registry, parent) = with([shared("a", 3)]);
    let before = registry.resolve(parent).unwrap();
    assert!(registry.clear_layout(parent));
    assert_eq!(registry.resolve(parent).unwrap(), before);
    registry.clear_parent(parent);
    assert!(!registry.clear_layout(parent));
}

// 49, 50
#[test]
fn clearing_a_parent_forgets_it() {
    let (mut registry, parent) = with([shared("a", 3)]);
    assert!(registry.clear_parent(parent));
    assert!(!registry.clear_parent(parent));
    assert!(registry.group(parent).is_err());
}

#[test]
fn clearing_what_a_parent_owns_leaves_its_children_without_owner() {
    let (mut registry, parent) = with([shared("a", 3)]);
    let child = registry.add_parent("newton", Precision::F32);
    registry.register_child(parent, child, "newton", None).unwrap();
    registry.register(child, shared("delta", 3)).unwrap();
    assert!(registry.clear_own(parent));
    assert_eq!(registry.sizes(parent), Ok(Sizes::default()));
    assert_eq!(shared_bytes(&registry, child), 12);
    assert_eq!(registry.group(child).unwrap().owner(), None);
}

#[test]
fn where_a_cleared_child_was_its_windows_are_empty() {
    let (mut registry, parent) = with([]);
    let child = registry.add_parent("newton", Precision::F32);
    registry.register_child(parent, child, "newton", None).unwrap();
    registry.register(child, shared("delta", 3)).unwrap();
    assert_eq!(shared_bytes(&registry, parent), 12);
    registry.clear_parent(child);
    assert_eq!(shared_bytes(&registry, parent), 0);
    assert_eq!(registry.group(parent).unwrap().children().collect::<Vec<_>>(), [("newton", None)]);
    let next = registry.add_parent("newton", Precision::F32);
    registry.register_child(parent, next, "newton", None).unwrap();
    assert_eq!(registry.group(next).unwrap().owner(), Some(parent));
}

// 54
#[test]
fn a_reset_forgets_everything_for_good() {
    let (mut registry, parent) = with([shared("a", 3)]);
    registry.reset();
    assert_eq!(registry.parents().count(), 0);
    assert_ne!(registry.add_parent("step", Precision::F32), parent, "ids are not issued twice");
}

// 63, 64, 65, replaced: a size of 0 would hide a stale id.
#[test]
fn sizes_of_an_unknown_parent_are_an_error() {
    let (mut registry, parent) = with([]);
    registry.clear_parent(parent);
    assert_eq!(registry.sizes(parent), Err(RegistryError::UnknownParent { parent }));
}

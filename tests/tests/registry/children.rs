use super::*;

/// A parent and a child of it called `newton`.
fn family() -> (BufferRegistry, ParentId, ParentId) {
    let (mut registry, parent) = with([]);
    let child = registry.add_parent("newton", Precision::F32);
    registry.register_child(parent, child, "newton", None).unwrap();
    (registry, parent, child)
}

// 71, 72, 74
#[test]
fn a_child_has_two_windows_of_its_size() {
    let (mut registry, parent, child) = family();
    registry.register(child, shared("delta", 4)).unwrap();
    registry.register(child, persistent("history", 3)).unwrap();
    registry.register(child, local("temp", 9)).unwrap();
    assert_eq!(shared_at(&registry, parent, "newton_shared"), Some((0, 4)));
    assert_eq!(persistent_at(&registry, parent, "newton_persistent"), Some((0, 3)));
    let group = registry.group(parent).unwrap();
    assert_eq!(group.sizes().unwrap().local, Elements::ZERO, "a child's local arrays are its own");
    let (shared, persistent) = group.child_windows("newton").unwrap();
    assert_eq!((shared.placement.region(), persistent.placement.region()), (Region::Shared, Region::Persistent));
    let windows: Vec<_> = group
        .entries()
        .map(|(name, entry)| (name, matches!(entry, GroupEntry::Window { child: "newton", .. })))
        .collect();
    assert_eq!(windows, [("newton_shared", true), ("newton_persistent", true)]);
    assert_eq!(group.children().collect::<Vec<_>>(), [("newton", Some(child))]);
}

// 76
#[test]
fn an_absent_child_takes_no_space() {
    let (mut registry, parent) = with([]);
    registry.register_child(parent, None, "error", None).unwrap();
    registry.register(parent, shared("a", 2).aliases("error")).unwrap();
    assert_eq!(shared_at(&registry, parent, "error_shared"), Some((0, 0)));
    assert_eq!(persistent_at(&registry, parent, "error_persistent"), Some((0, 0)));
    let reason = FallbackReason::TargetFull { available: Bytes::ZERO, needed: Bytes::new(8) };
    assert_eq!(outcome(&registry, parent, "a"), Some(AliasOutcome::Fallback(reason)));
}

// 77, replaced: sizes of children are live.
#[test]
fn a_window_grows_with_its_child() {
    let (mut registry, parent, child) = family();
    registry.register(child, shared("delta", 4)).unwrap();
    assert_eq!(shared_bytes(&registry, parent), 16);
    registry.register(child, shared("delta", 10)).unwrap();
    assert_eq!(shared_bytes(&registry, parent), 40);
}

// 78
#[test]
fn a_change_at_the_bottom_reaches_the_top() {
    let (mut registry, integrator) = with([]);
    let ids = ["algorithm", "newton", "linear"].map(|label| registry.add_parent(label, Precision::F32));
    let [algorithm, newton, linear] = ids;
    for (owner, child, name) in
        [(integrator, algorithm, "algorithm"), (algorithm, newton, "newton"), (newton, linear, "linear")]
    {
        registry.register_child(owner, child, name, None).unwrap();
    }
    registry.register(linear, local("preconditioned_vec", 6)).unwrap();
    let all = [integrator, algorithm, newton, linear];
    assert_eq!(all.map(|parent| shared_bytes(&registry, parent)), [0; 4]);
    registry.update(linear, [("preconditioned_vec_location", "shared")], Unknown::Error).unwrap();
    assert_eq!(all.map(|parent| shared_bytes(&registry, parent)), [24; 4]);
    registry.set_precision(linear, Precision::F64).unwrap();
    assert_eq!(all.map(|parent| shared_bytes(&registry, parent)), [48; 4]);
}

#[test]
fn a_childs_window_can_be_an_alias_and_a_target() {
    let (mut registry, parent, newton) = family();
    let error = registry.add_parent("error", Precision::F32);
    registry.register_child(parent, error, "error", Some("newton")).unwrap();
    registry.register(newton, shared("delta", 6)).unwrap();
    registry.register(error, shared("delta", 4)).unwrap();
    registry.register(parent, local("a", 2).aliases("newton")).unwrap();
    assert_eq!(shared_at(&registry, parent, "error_shared"), Some((0, 4)));
    assert_eq!(shared_at(&registry, parent, "a"), Some((4, 6)));
    assert_eq!(shared_bytes(&registry, parent), 24);
}

#[test]
fn persistent_buffers_of_a_child_are_kept_from_aliases_at_any_depth() {
    let (mut registry, parent, newton) = family();
    let linear = registry.add_parent("linear", Precision::F32);
    registry.register(newton, shared("delta", 2)).unwrap();
    registry.register_child(newton, linear, "linear", None).unwrap();
    registry.register(linear, shared("kept", 2).persistent(true)).unwrap();
    registry.register(parent, local("fits", 2).aliases("newton")).unwrap();
    registry.register(parent, local("meets", 1).aliases("newton")).unwrap();
    let again = registry.add_parent("again", Precision::F32);
    registry.register(again, shared("kept", 1).persistent(true)).unwrap();
    registry.register(parent, shared("open", 8)).unwrap();
    registry.register_child(parent, again, "again", Some("open")).unwrap();

    assert_eq!(outcome(&registry, parent, "fits"), Some(AliasOutcome::Overlaid));
    let held = ByteRange::new(Offset::new(8), Bytes::new(8)).unwrap();
    assert_eq!(
        outcome(&registry, parent, "meets"),
        Some(AliasOutcome::Fallback(FallbackReason::TargetHoldsPersistent { held }))
    );
    assert_eq!(outcome(&registry, parent, "again"), Some(AliasOutcome::Fallback(FallbackReason::AliasHoldsPersistent)));
}

#[test]
fn wide_elements_of_a_child_are_aligned_in_a_narrow_parent() {
    let (mut registry, parent) = with([shared("a", 1)]);
    let child = registry.add_parent("newton", Precision::F32);
    registry.register_child(parent, child, "newton", None).unwrap();
    registry.register(child, shared("time", 1).element(ElementType::F64)).unwrap();
    assert_eq!(shared_at(&registry, parent, "newton_shared"), Some((2, 4)));
}

// 51
#[test]
fn clearing_a_parent_clears_what_is_mounted_in_it() {
    let (mut registry, parent, newton) = family();
    let linear = registry.add_parent("linear", Precision::F32);
    registry.register_child(newton, linear, "linear", None).unwrap();
    assert!(registry.clear_parent(parent));
    assert_eq!(registry.parents().count(), 0);
    assert!(![parent, newton, linear].iter().any(|id| registry.contains(*id)));
}

// 52
#[test]
fn a_replaced_child_survives_the_clearing_of_its_former_owner() {
    let (mut registry, parent, first) = family();
    let second = registry.add_parent("newton", Precision::F32);
    registry.register_child(parent, second, "newton", None).unwrap();
    assert_eq!(registry.group(first).unwrap().owner(), None);
    registry.clear_parent(parent);
    assert_eq!((registry.contains(first), registry.contains(second)), (true, false));
}

// 53, replaced: a cycle is refused.
#[test]
fn a_child_does_not_own_its_owner() {
    let (mut registry, parent, newton) = family();
    let linear = registry.add_parent("linear", Precision::F32);
    registry.register_child(newton, linear, "linear", None).unwrap();
    for (owner, child) in [(newton, parent), (linear, parent), (parent, parent)] {
        let error = registry.register_child(owner, child, "loop", None).unwrap_err();
        assert!(matches!(error, RegistryError::ChildCycle { .. }), "{error}");
    }
    assert_eq!(registry.group(linear).unwrap().children().count(), 0);
}

#[test]
fn a_group_has_one_owner_and_one_name_there() {
    let (mut registry, parent, child) = family();
    let other = registry.add_parent("other", Precision::F32);
    for (owner, name) in [(other, "newton"), (parent, "again")] {
        let error = registry.register_child(owner, child, name, None).unwrap_err();
        assert!(matches!(&error, RegistryError::ChildOwned { mounted, .. } if mounted == "newton"), "{error}");
    }
    registry.register_child(parent, child, "newton", None).unwrap();
    assert_eq!(registry.group(parent).unwrap().entries().len(), 2, "mounting the same child again changes nothing");
}

#[test]
fn names_of_children_windows_and_buffers_do_not_meet() {
    let (mut registry, parent, _) = family();
    for name in ["newton", "newton_shared", "newton_persistent"] {
        let error = registry.register(parent, local(name, 1)).unwrap_err();
        assert!(matches!(error, RegistryError::NameTaken { .. }), "{error}");
    }
    registry.register(parent, local("error_shared", 1)).unwrap();
    for name in ["error", "error_shared", "newton_shared"] {
        let error = registry.register_child(parent, None, name, None).unwrap_err();
        assert!(matches!(error, RegistryError::NameTaken { .. }), "{error}");
    }
    assert_eq!(registry.group(parent).unwrap().children().count(), 1);
}

#[test]
fn an_alias_of_a_child_names_what_is_registered_before() {
    let (mut registry, parent, _) = family();
    for target in ["newton", "newton_shared"] {
        let error = registry.register_child(parent, None, "newton", Some(target)).unwrap_err();
        assert!(matches!(error, RegistryError::SelfAlias { .. }), "{error}");
    }
    let error = registry.register_child(parent, None, "error", Some("neuton")).unwrap_err();
    assert!(error.to_string().contains("did you mean `newton`?"), "{error}");
}

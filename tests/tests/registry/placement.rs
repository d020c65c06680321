use super::*;

// 11, 12, 13, 42, 68
#[test]
fn an_allocator_says_where_the_buffer_lies() {
    let (registry, parent) = with([shared("a", 2), shared("b", 3), persistent("c", 4), local("d", 5)]);
    let range = |start, len| ByteRange::new(Offset::new(start), Bytes::new(len)).unwrap();
    assert_eq!(registry.allocator(parent, "b").unwrap().placement, Placement::Shared(range(8, 12)));
    assert_eq!(registry.allocator(parent, "c").unwrap().placement, Placement::Persistent(range(0, 16)));
    let array = registry.allocator(parent, "d").unwrap();
    assert_eq!(array.placement, Placement::Local { elements: Elements::new(5) });
    assert_eq!((array.name.as_str(), array.element), ("d", ElementType::F32));
}

// 14
#[test]
fn zeroing_is_part_of_the_allocator() {
    let (registry, parent) = with([shared("a", 2), shared("b", 2).zeroed(true)]);
    assert!(!registry.allocator(parent, "a").unwrap().zeroed);
    assert!(registry.allocator(parent, "b").unwrap().zeroed);
}

// 23, 24
#[test]
fn buffers_follow_one_another_in_each_space() {
    let (registry, parent) = with([shared("a", 10), persistent("c", 15), shared("b", 20), persistent("d", 25)]);
    assert_eq!((shared_at(&registry, parent, "a"), shared_at(&registry, parent, "b")), (Some((0, 10)), Some((10, 30))));
    assert_eq!(
        (persistent_at(&registry, parent, "c"), persistent_at(&registry, parent, "d")),
        (Some((0, 15)), Some((15, 40)))
    );
}

// 25, 36, 37, 38, 39, 40
#[test]
fn sizes_are_ends_of_spaces_and_sums_of_arrays() {
    let (mut registry, parent) = with([]);
    assert_eq!(registry.sizes(parent), Ok(Sizes::default()));
    for buffer in [local("a", 0), local("b", 7), local("c", 5), shared("d", 30), persistent("e", 70), shared("f", 0)] {
        registry.register(parent, buffer).unwrap();
    }
    assert_eq!((local_size(&registry, parent, "a"), local_size(&registry, parent, "b")), (Some(1), Some(7)));
    assert_eq!(shared_at(&registry, parent, "f"), Some((30, 30)));
    let sizes = registry.sizes(parent).unwrap();
    assert_eq!((sizes.shared.get(), sizes.persistent.get(), sizes.local.get()), (30 * 4, 70 * 4, 13));
}

// 27, 31
#[test]
fn an_alias_lies_in_a_shared_target_wherever_it_was_to_live() {
    let (registry, parent) = with([shared("a", 100), shared("b", 30).aliases("a"), local("c", 30).aliases("a")]);
    assert_eq!(shared_at(&registry, parent, "b"), Some((0, 30)));
    assert_eq!(shared_at(&registry, parent, "c"), Some((30, 60)));
    let sizes = registry.sizes(parent).unwrap();
    assert_eq!((sizes.shared.get(), sizes.local.get()), (400, 0));
    assert_eq!(outcome(&registry, parent, "c"), Some(AliasOutcome::Overlaid));
}

// 28
#[test]
fn an_alias_too_large_for_its_target_is_placed_after_it() {
    let (registry, parent) = with([shared("a", 50), shared("b", 80).aliases("a")]);
    assert_eq!(shared_at(&registry, parent, "b"), Some((50, 130)));
    assert_eq!(shared_bytes(&registry, parent), 130 * 4);
    let reason = FallbackReason::TargetFull { available: Bytes::new(200), needed: Bytes::new(320) };
    assert_eq!(outcome(&registry, parent, "b"), Some(AliasOutcome::Fallback(reason)));
}

// 29, 30
#[test]
fn only_shared_transient_storage_is_reused() {
    let (registry, parent) =
        with([local("a", 10), persistent("b", 5).aliases("a"), local("c", 5).aliases("b"), local("d", 5).aliases("a")]);
    assert_eq!(persistent_at(&registry, parent, "b"), Some((0, 5)));
    assert_eq!(local_size(&registry, parent, "c"), Some(5));
    let reasons = ["b", "c", "d"].map(|name| outcome(&registry, parent, name));
    assert_eq!(
        reasons,
        [FallbackReason::AliasPersistent, FallbackReason::TargetPersistent, FallbackReason::TargetNotShared]
            .map(|reason| Some(AliasOutcome::Fallback(reason)))
    );
}

// 32
#[test]
fn aliases_are_served_in_order_while_the_target_lasts() {
    let (registry, parent) = with([
        shared("t", 100),
        shared("a", 40).aliases("t"),
        shared("b", 40).aliases("t"),
        shared("c", 40).aliases("t"),
    ]);
    assert_eq!(
        ["a", "b", "c"].map(|name| shared_at(&registry, parent, name)),
        [Some((0, 40)), Some((40, 80)), Some((100, 140))]
    );
    assert_eq!(shared_bytes(&registry, parent), 140 * 4);
}

#[test]
fn persistent_shared_storage_is_not_reused_from_either_side() {
    let (registry, parent) = with([
        shared("kept", 10).persistent(true),
        shared("a", 2).aliases("kept"),
        shared("open", 10),
        shared("b", 2).persistent(true).aliases("open"),
    ]);
    assert_eq!(
        ["kept", "open", "a", "b"].map(|name| shared_at(&registry, parent, name)),
        [Some((0, 10)), Some((10, 20)), Some((20, 22)), Some((22, 24))]
    );
}

#[test]
fn an_alias_of_an_alias_has_a_count_of_its_own() {
    let (registry, parent) =
        with([shared("a", 100), local("b", 40).aliases("a"), local("c", 30).aliases("b"), local("d", 60).aliases("a")]);
    assert_eq!(
        ["b", "c", "d"].map(|name| shared_at(&registry, parent, name)),
        [Some((0, 40)), Some((0, 30)), Some((40, 100))]
    );
}

#[test]
fn alignment_can_be_what_an_alias_fails_on() {
    let wide = |name| local(name, 1).element(ElementType::F64);
    let (registry, parent) = with([shared("a", 3), local("b", 1).aliases("a"), wide("c").aliases("a")]);
    let reason = FallbackReason::Misaligned { available: Bytes::new(4), needed: Bytes::new(8) };
    assert_eq!(outcome(&registry, parent, "c"), Some(AliasOutcome::Fallback(reason)));
    assert_eq!(local_size(&registry, parent, "c"), Some(1));
}

// 41, 67
#[test]
fn an_allocator_of_nothing_is_an_error() {
    let (mut registry, parent) = with([shared("delta", 1)]);
    let error = registry.allocator(parent, "delt").unwrap_err();
    assert_eq!(
        error.to_string(),
        "group `step` has no such buffer: unknown buffer `delt`: must be `delta`; did you mean `delta`?"
    );
    registry.clear_parent(parent);
    assert_eq!(registry.allocator(parent, "delta"), Err(RegistryError::UnknownParent { parent }));
}

// 66
#[test]
fn the_registry_delegates_sizes() {
    let (registry, parent) = with([shared("a", 10), local("b", 5), persistent("c", 3)]);
    assert_eq!(registry.sizes(parent), registry.group(parent).unwrap().sizes());
    assert_eq!(registry.sizes(parent).unwrap().shared.get(), 40);
}

// 75
#[test]
fn the_layout_does_not_depend_on_what_is_asked_first() {
    let (registry, parent) = with([shared("a", 10), local("b", 5).aliases("a"), persistent("c", 3)]);
    let other = registry.clone();
    let (first, second) = (registry.group(parent).unwrap(), other.group(parent).unwrap());
    let (locals, persistents, shareds) = (
        first.build_local_sizes().unwrap(),
        first.build_persistent_layout().unwrap(),
        first.build_shared_layout().unwrap(),
    );
    assert_eq!(second.build_shared_layout().unwrap(), shareds);
    assert_eq!(second.build_persistent_layout().unwrap(), persistents);
    assert_eq!(second.build_local_sizes().unwrap(), locals);
}

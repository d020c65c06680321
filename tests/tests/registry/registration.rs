use super::*;

// 15
#[test]
fn names_are_identifiers() {
    let (mut registry, parent) = with([]);
    for name in ["", "a b", "a.b", "1a", "a-b"] {
        let error = registry.register(parent, local(name, 1)).unwrap_err();
        assert_eq!(error, RegistryError::InvalidName { group: "step".into(), name: name.into() });
    }
    assert_eq!(registry.group(parent).unwrap().entries().len(), 0);
}

// 16
#[test]
fn a_buffer_does_not_alias_itself() {
    let (mut registry, parent) = with([local("a", 1)]);
    let error = registry.register(parent, local("a", 1).aliases("a")).unwrap_err();
    assert_eq!(error, RegistryError::SelfAlias { group: "step".into(), buffer: "a".into() });
    assert_eq!(registry.group(parent).unwrap().buffer("a").unwrap().target(), None);
}

// 17
#[test]
fn an_alias_names_what_is_registered() {
    let (mut registry, parent) = with([shared("accumulator", 1)]);
    let error = registry.register(parent, local("b", 1).aliases("acumulator")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`b` of group `step` aliases what is not registered: unknown alias target `acumulator`: must be `accumulator`; did you mean `accumulator`?; register the target first"
    );
    assert!(registry.group(parent).unwrap().buffer("b").is_err());
}

#[test]
fn an_alias_is_not_zeroed() {
    let (mut registry, parent) = with([shared("a", 4)]);
    let error = registry.register(parent, local("b", 1).aliases("a").zeroed(true)).unwrap_err();
    assert!(matches!(error, RegistryError::ZeroedAlias { .. }), "{error}");
    let update = BufferUpdate { zeroed: Some(true), ..BufferUpdate::default() };
    registry.register(parent, local("b", 1).aliases("a")).unwrap();
    assert!(registry.update_buffer(parent, "b", &update).is_err());
    assert!(!registry.group(parent).unwrap().buffer("b").unwrap().is_zeroed());
}

#[test]
fn a_size_beyond_the_address_space_is_refused() {
    let (mut registry, parent) = with([]);
    let error = registry.register(parent, local("a", usize::MAX / 2)).unwrap_err();
    assert!(matches!(error, RegistryError::TooLarge { .. }), "{error}");
    registry.register(parent, shared("a", usize::MAX / 8)).unwrap();
    registry.register(parent, shared("b", usize::MAX / 8)).unwrap();
    registry.register(parent, shared("c", usize::MAX / 8)).unwrap();
    let error = RegistryError::LayoutOverflow { group: "step".into(), entry: "c".into() };
    assert_eq!(registry.sizes(parent), Err(error.clone()));
    assert_eq!(registry.resolve(parent), Err(error));
}

#[test]
fn a_buffer_registered_again_keeps_its_position() {
    let (mut registry, parent) = with([shared("a", 1), shared("b", 1)]);
    registry.register(parent, shared("a", 10)).unwrap();
    assert_eq!(shared_at(&registry, parent, "a"), Some((0, 10)));
    assert_eq!(shared_at(&registry, parent, "b"), Some((10, 11)));
}

// 43, 44, 69, 70
#[test]
fn parents_are_independent() {
    let (mut registry, first) = with([shared("a", 1)]);
    let second = registry.add_parent("step", Precision::F32);
    registry.register(second, shared("a", 5)).unwrap();
    registry.register(second, shared("b", 5)).unwrap();
    assert_eq!((shared_bytes(&registry, first), shared_bytes(&registry, second)), (4, 40));
    assert!(registry.clear_parent(first));
    assert_eq!(registry.parents().collect::<Vec<_>>(), [second]);
    assert_eq!(shared_bytes(&registry, second), 40);
}

use super::*;

// 1
#[test]
fn the_three_kinds_exclude_one_another() {
    for (buffer, kinds) in [
        (shared("a", 1), (true, false, false)),
        (shared("a", 1).persistent(true), (true, false, false)),
        (local("a", 1), (false, true, false)),
        (persistent("a", 1), (false, false, true)),
    ] {
        assert_eq!((buffer.is_shared(), buffer.is_local(), buffer.is_persistent_local()), kinds);
    }
}

// 2
#[test]
fn every_property_is_kept() {
    let buffer = CudaBuffer::new("a", 7)
        .element(ElementType::I64)
        .location(Location::Shared)
        .persistent(true)
        .zeroed(true)
        .aliases("b");
    assert_eq!((buffer.name(), buffer.elements().get()), ("a", 7));
    assert_eq!(buffer.element_spec(), ElementSpec::Fixed(ElementType::I64));
    assert_eq!(buffer.requested_location(), Location::Shared);
    assert!(buffer.is_persistent() && buffer.is_zeroed());
    assert_eq!(buffer.target(), Some("b"));
}

// 3
#[test]
fn defaults_are_local_transient_and_of_the_parents_precision() {
    let buffer = CudaBuffer::new("a", 1);
    assert!(buffer.is_local() && !buffer.is_persistent() && !buffer.is_zeroed());
    assert_eq!((buffer.element_spec(), buffer.target()), (ElementSpec::Real, None));
}

// 4
#[test]
fn a_location_is_shared_or_local() {
    let text = "texture".parse::<Location>().unwrap_err().to_string();
    assert_eq!(text, "unknown location `texture`: must be `shared` or `local`");
}

// 5, 6
#[test]
fn element_types_are_four_and_others_are_refused_by_name() {
    for name in ["f32", "f64", "i32", "i64"] {
        assert_eq!(name.parse::<ElementType>().unwrap().to_string(), name);
    }
    let text = "complex64".parse::<ElementType>().unwrap_err().to_string();
    assert_eq!(text, "unknown element type `complex64`: must be `f32`, `f64`, `i32` or `i64`");
}

// 7
#[test]
fn elements_are_measured_in_those_of_the_parent() {
    let (mut registry, wide) = with_parent(Precision::F64);
    registry.register(wide, shared("a", 5)).unwrap();
    registry.register(wide, shared("b", 3).element(ElementType::I32)).unwrap();
    assert_eq!(shared_at(&registry, wide, "b"), Some((5, 7)));

    let (registry, narrow) = with([shared("a", 5), shared("b", 3).element(ElementType::F64)]);
    assert_eq!(shared_at(&registry, narrow, "b"), Some((6, 12)));
}

// 8, 10
#[test]
fn real_adopts_the_groups_precision() {
    let (mut registry, parent) = with_parent(Precision::F64);
    registry.register(parent, shared("a", 4)).unwrap();
    registry.register(parent, shared("b", 4).element(ElementType::I32)).unwrap();
    assert_eq!(registry.allocator(parent, "a").unwrap().element, ElementType::F64);
    assert_eq!(shared_at(&registry, parent, "a"), Some((0, 4)));
    assert_eq!(shared_at(&registry, parent, "b"), Some((4, 6)));
    assert_eq!(shared_bytes(&registry, parent), 6 * 8);
}

// 9
#[test]
fn a_change_of_precision_measures_anew() {
    let (mut registry, parent) = with([shared("a", 4).element(ElementType::I32)]);
    assert_eq!(shared_at(&registry, parent, "a"), Some((0, 4)));
    assert_eq!(registry.set_precision(parent, Precision::F64), Ok(true));
    assert_eq!(shared_at(&registry, parent, "a"), Some((0, 2)));
    assert_eq!(registry.set_precision(parent, Precision::F64), Ok(false));
}

use super::*;

fn moved(location: Location) -> BufferUpdate {
    BufferUpdate { location: Some(location), ..BufferUpdate::default() }
}

// 19, 20, 45, 46
#[test]
fn an_update_says_whether_it_knew_the_buffer_and_changed_it() {
    let (mut registry, parent) = with([shared("a", 1)]);
    let outcome = |recognised, changed| Ok(UpdateOutcome { recognised, changed });
    assert_eq!(registry.update_buffer(parent, "b", &moved(Location::Local)), outcome(false, false));
    assert_eq!(registry.update_buffer(parent, "a", &moved(Location::Shared)), outcome(true, false));
    assert_eq!(registry.update_buffer(parent, "a", &moved(Location::Local)), outcome(true, true));
    assert_eq!(local_size(&registry, parent, "a"), Some(1));
    registry.clear_parent(parent);
    assert_eq!(registry.update_buffer(parent, "a", &moved(Location::Local)), outcome(false, false));
}

#[test]
fn an_update_can_end_an_alias() {
    let (mut registry, parent) = with([shared("a", 4), shared("b", 4).aliases("a")]);
    let update = BufferUpdate { aliases: Some(None), elements: Some(Elements::new(2)), ..BufferUpdate::default() };
    assert_eq!(registry.update_buffer(parent, "b", &update), Ok(UpdateOutcome { recognised: true, changed: true }));
    assert_eq!(shared_at(&registry, parent, "b"), Some((4, 6)));
}

// 55, 56
#[test]
fn nothing_to_do_is_no_error_and_an_unknown_parent_only_if_ignored() {
    let (mut registry, parent) = with([local("a", 1)]);
    registry.clear_parent(parent);
    let nothing: [(&str, Location); 0] = [];
    assert_eq!(registry.update(parent, nothing, Unknown::Error), Ok(LocationUpdate::default()));
    let settings = [("a_location", Location::Shared)];
    assert_eq!(registry.update(parent, settings, Unknown::Ignore), Ok(LocationUpdate::default()));
    assert_eq!(registry.update(parent, settings, Unknown::Error), Err(RegistryError::UnknownParent { parent }));
}

#[test]
fn an_update_before_registration_is_an_error_unless_ignored() {
    let (mut registry, parent) = with([]);
    let settings = [("a_location", "shared")];
    assert_eq!(registry.update(parent, settings, Unknown::Ignore), Ok(LocationUpdate::default()));
    let error = registry.update(parent, settings, Unknown::Error).unwrap_err();
    assert_eq!(
        error.to_string(),
        "group `step` has no buffers registered yet, so it does not know `a_location`: register them before updating"
    );
}

// 57, 60
#[test]
fn keys_are_buffer_names_with_a_suffix() {
    let (mut registry, parent) = with([local("a", 3), local("b", 2)]);
    let update = registry.update(parent, [("a_location", "shared"), ("b_location", "local")], Unknown::Error).unwrap();
    assert_eq!(update.recognised, ["a_location", "b_location"]);
    assert_eq!(update.changed, ["a_location"]);
    assert_eq!(shared_at(&registry, parent, "a"), Some((0, 3)));
}

// 58
#[test]
fn an_invalid_location_names_the_value_and_the_choices() {
    let (mut registry, parent) = with([local("a", 3)]);
    for unknown in [Unknown::Error, Unknown::Ignore] {
        for key in ["a_location", "elsewhere_location"] {
            let error = registry.update(parent, [("a_location", "shared"), (key, "gpu")], unknown).unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("`{key}` of group `step`: unknown location `gpu`: must be `shared` or `local`")
            );
        }
    }
    assert_eq!(local_size(&registry, parent, "a"), Some(3), "a refused update moves nothing");
}

// 61, replaced: a key without the suffix is unknown too, and unknown is an error unless ignored.
#[test]
fn unknown_keys_are_refused_together_with_the_nearest_of_each() {
    let (mut registry, parent) = with([local("stage_base", 3)]);
    let settings = [("stage_base_location", "shared"), ("stage_bse_location", "shared"), ("dt", "0.1")];
    let error = registry.update(parent, settings, Unknown::Error).unwrap_err();
    assert_eq!(
        error.to_string(),
        "group `step` does not know `stage_bse_location` (did you mean `stage_base_location`?), `dt`"
    );
    assert_eq!(local_size(&registry, parent, "stage_base"), Some(3));
    let update = registry.update(parent, settings, Unknown::Ignore).unwrap();
    assert_eq!(update.recognised, ["stage_base_location"]);
}

#[test]
fn of_two_values_for_a_key_the_later_counts() {
    let (mut registry, parent) = with([local("a", 1)]);
    let update = registry.update(parent, [("a_location", "shared"), ("a_location", "local")], Unknown::Error).unwrap();
    assert_eq!(update, LocationUpdate { recognised: vec!["a_location".into()], changed: vec![] });
}

#[test]
fn windows_are_no_buffers_to_move() {
    let (mut registry, parent) = with([]);
    let child = registry.add_parent("newton", Precision::F32);
    registry.register_child(parent, child, "newton", None).unwrap();
    assert!(registry.update(parent, [("newton_shared_location", "local")], Unknown::Error).is_err());
    assert_eq!(registry.update_buffer(parent, "newton_shared", &moved(Location::Local)), Ok(UpdateOutcome::default()));
}

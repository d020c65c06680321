//! Plans: one update path for every setting of a tree.

use buffer_runtime::{Buffers, Choice, ConfigError, Location, Plan, Precision, Settings, Unknown, Value, settings};
use integration_tests::*;

fn plan() -> Plan<LoopConfig> {
    Plan::new(LoopConfig::new(LoopInputs { n: 3 }).unwrap(), Precision::F64).unwrap()
}

fn keys<'a>(set: impl IntoIterator<Item = &'a String>) -> Vec<&'a str> {
    set.into_iter().map(String::as_str).collect()
}

#[test]
fn one_update_reaches_two_factories() {
    let mut plan = plan();
    let updated = plan
        .update(
            &settings! { state_location: "shared", newton_delta_location: "shared", newton_max_iters: 8 },
            Unknown::Error,
        )
        .unwrap();
    assert_eq!(keys(&updated.recognised), ["state_location", "newton_delta_location", "newton_max_iters"]);
    assert_eq!(keys(&updated.changed), ["state_location", "newton_delta_location"]);
    assert_eq!(plan.location("state"), Some(Location::Shared));
    assert_eq!(plan.location("step.newton.delta"), Some(Location::Shared));
    assert_eq!(plan.location("step.newton.residual"), Some(Location::Local));
    assert_eq!(plan.layout().totals().shared.get(), 6 * 8);
}

#[test]
fn an_invalid_location_names_the_value_and_the_two_allowed() {
    let error = plan().update(&settings! { state_location: "gpu" }, Unknown::Error).unwrap_err();
    assert_eq!(error.to_string(), "invalid location \"gpu\" for `state_location`: must be \"shared\" or \"local\"");
    let error = plan().update(&settings! { state_location: "shard" }, Unknown::Ignore).unwrap_err();
    assert!(error.to_string().ends_with("did you mean `shared`?"), "{error}");
    let error = plan().update(&settings! { state_location: 3 }, Unknown::Ignore).unwrap_err();
    assert!(matches!(error, ConfigError::InvalidLocation { value: Value::Integer(3), .. }), "{error}");
}

#[test]
fn an_unknown_name_is_refused_with_the_nearest_or_ignored_when_asked() {
    let mut plan = plan();
    let wrong =
        settings! { newton_delt_location: "shared", nonexistent_buffer_location: "shared", state_location: "shared" };
    let error = plan.update(&wrong, Unknown::Error).unwrap_err();
    assert!(error.to_string().contains("`newton_delt_location` (did you mean `newton_delta_location`?)"), "{error}");
    assert!(error.to_string().contains("`nonexistent_buffer_location`"), "{error}");
    assert_eq!(plan.location("state"), Some(Location::Local), "a refused update changes nothing");
    assert!(plan.settings().is_empty());

    let updated = plan.update(&wrong, Unknown::Ignore).unwrap();
    assert_eq!(keys(&updated.ignored), ["newton_delt_location", "nonexistent_buffer_location"]);
    assert_eq!(plan.location("state"), Some(Location::Shared));
    assert_eq!(keys(plan.settings().iter().map(|(name, _)| name)), ["state_location"]);
}

#[test]
fn a_dotted_path_addresses_one_instance_and_a_flat_key_all_of_its_label() {
    let mut plan = plan();
    plan.update(&settings! { smoothed_error: true }, Unknown::Error).unwrap();
    plan.update(&settings! { "step.error.delta_location": "shared" }, Unknown::Error).unwrap();
    assert_eq!(plan.location("step.error.delta"), Some(Location::Shared));
    assert_eq!(plan.location("step.newton.delta"), Some(Location::Local));
    plan.update(&Settings::from_toml("[step.newton]\nmax_iters = 5\n").unwrap(), Unknown::Error).unwrap();
    assert_eq!(plan.value("step.newton.max_iters"), Some(Value::Integer(5)));
    assert_eq!(plan.value("step.error.max_iters"), Some(Value::Integer(8)));
}

#[test]
fn of_two_keys_for_one_setting_the_later_wins() {
    let mut plan = plan();
    plan.update(&settings! { newton_max_iters: 3, "step.newton.max_iters": 4 }, Unknown::Error).unwrap();
    assert_eq!(plan.value("step.newton.max_iters"), Some(Value::Integer(4)));
    plan.update(&settings! { newton_max_iters: 6 }, Unknown::Error).unwrap();
    assert_eq!(plan.value("step.newton.max_iters"), Some(Value::Integer(6)));
}

#[test]
fn settings_survive_a_swap_of_the_algorithm() {
    let mut plan = plan();
    plan.update(&settings! { newton_max_iters: 3, stage_rhs_location: "shared" }, Unknown::Error).unwrap();

    let updated = plan.update(&settings! { algorithm: "explicit" }, Unknown::Error).unwrap();
    assert!(updated.affected.contains("step.newton.max_iters"), "it is gone: {updated:?}");
    assert_eq!(keys(&updated.kept), ["newton_max_iters"], "what applied until now is reported");
    assert!(matches!(plan.config().step, StepConfig::Erk(_)));
    assert_eq!(
        plan.location("step.stage_rhs"),
        Some(Location::Shared),
        "the key of the same name applies to the new step"
    );
    assert_eq!(plan.value("step.newton.max_iters"), None);

    let updated = plan.update(&settings! { newton_delta_location: "shared" }, Unknown::Error).unwrap();
    assert_eq!(keys(&updated.kept), ["newton_delta_location"], "and not again");
    assert!(!updated.any());
    for unknown in [Unknown::Error, Unknown::Ignore] {
        let error = plan.update(&settings! { newton_delta_location: "gpu" }, unknown).unwrap_err();
        assert!(matches!(error, ConfigError::InvalidLocation { .. }), "nothing invalid is kept: {error}");
    }

    plan.update(&settings! { algorithm: "implicit" }, Unknown::Error).unwrap();
    assert_eq!(plan.value("step.newton.max_iters"), Some(Value::Integer(3)));
    assert_eq!(plan.location("step.newton.delta"), Some(Location::Shared));
}

#[test]
fn a_child_that_goes_takes_its_settings_out_of_effect() {
    let mut plan = plan();
    let settings = settings! { smoothed_error: true, "step.error.max_iters": 3, newton_max_iters: 5 };
    plan.update(&settings, Unknown::Error).unwrap();
    let updated = plan.update(&settings! { smoothed_error: false }, Unknown::Error).unwrap();
    assert_eq!(keys(&updated.kept), ["step.error.max_iters"]);
    plan.update(&settings! { smoothed_error: true }, Unknown::Error).unwrap();
    assert_eq!(plan.value("step.error.max_iters"), Some(Value::Integer(3)));
}

#[test]
fn a_config_says_where_each_buffer_is_asked_to_live() {
    let mut config = LoopConfig::new(LoopInputs { n: 2 }).unwrap();
    assert_eq!(config.location("state"), Some(Location::Local), "as declared");
    config.update(&settings! { newton_delta_location: "shared", smoothed_error: true }, Unknown::Error).unwrap();
    assert_eq!(config.location("step.newton.delta"), Some(Location::Shared));
    assert_eq!(config.location("newton.delta"), Some(Location::Shared), "only one buffer has this end");
    assert_eq!(config.location("error.delta"), config.location("step.error.delta"));
    for path in ["delta", "ewton.delta", "newton", "step.newton", "step.newton.dleta", "newton.delta.x", ".state", ""] {
        assert_eq!(config.location(path), None, "{path}");
    }
    let StepConfig::Dirk(step) = &config.step else { panic!("the step is implicit") };
    assert_eq!(step.location("newton.delta"), Some(Location::Shared), "a part is a config too");
    let plan = Plan::new(config, Precision::F64).unwrap();
    assert_eq!(plan.location("newton.delta"), Some(Location::Shared));

    let mut config = LoopConfig::new(LoopInputs { n: 2 }).unwrap();
    config.n = usize::MAX;
    assert_eq!(config.location("state"), None, "a length by hand that is impossible");
}

#[test]
fn auto_goes_back_to_the_default() {
    let mut plan = plan();
    plan.update(&settings! { newton_max_iters: 3, state_location: "shared" }, Unknown::Error).unwrap();
    plan.update(&settings! { newton_max_iters: auto, state_location: auto }, Unknown::Error).unwrap();
    assert_eq!(plan.value("step.newton.max_iters"), Some(Value::Integer(8)));
    assert_eq!(plan.location("state"), Some(Location::Local));
}

#[test]
fn derived_defaults_move_until_they_are_set() {
    let mut plan = plan();
    let updated = plan.update(&settings! { dt_min: 1e-3 }, Unknown::Error).unwrap();
    assert_eq!(plan.config().dt_max, 1e3);
    assert_eq!(keys(&updated.affected), ["dt_min", "dt_max"]);
    plan.update(&settings! { dt_max: 2.0 }, Unknown::Error).unwrap();
    plan.update(&settings! { dt_min: 1e-4 }, Unknown::Error).unwrap();
    assert_eq!(plan.config().dt_max, 2.0);
    plan.update(&settings! { dt_max: auto }, Unknown::Error).unwrap();
    assert_eq!(plan.config().dt_max, 1e-4 * 1e6);
}

#[test]
fn values_of_the_wrong_type_or_out_of_range_change_nothing() {
    let mut plan = plan();
    let before = plan.report().to_text();
    for (settings, expected) in [
        (
            settings! { state_location: "shared", newton_max_iters: 0 },
            "`newton_max_iters` = 0 is out of range: it must be from 1 to 100",
        ),
        (
            settings! { state_location: "shared", newton_max_iters: "many" },
            "`newton_max_iters` = \"many\" is text; expected an integer",
        ),
        (settings! { state_location: "shared", dt_min: 0.0 }, "greater than 0"),
        (settings! { algorithm: "implict" }, "did you mean `implicit`?"),
        (settings! { dt_min: 2.0, dt_max: 1.0 }, "dt_min = 2 exceeds dt_max = 1"),
    ] {
        let error = plan.update(&settings, Unknown::Error).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(plan.report().to_text(), before);
        assert!(plan.settings().is_empty());
    }
}

#[test]
fn typed_settings_take_the_same_path() {
    let mut plan = plan();
    let typed = LoopSettings::default()
        .state_location(Location::Shared)
        .save_every(5_u32)
        .step(|step| step.dirk(|dirk| dirk.smoothed_error(true).newton(|newton| newton.max_iters(4_u32))));
    let updated = plan.apply(typed).unwrap();
    assert_eq!(plan.value("save_every"), Some(Value::Integer(5)));
    assert_eq!(plan.value("step.newton.max_iters"), Some(Value::Integer(4)));
    assert!(updated.changed.contains("step.smoothed_error"));
    plan.apply(LoopSettings::default().save_every(Choice::Auto)).unwrap();
    assert_eq!(plan.value("save_every"), Some(Value::Integer(1)));
}

#[test]
fn inputs_reach_every_child_and_settings_stay() {
    let mut plan = plan();
    plan.update(&settings! { newton_delta_location: "shared", smoothed_error: true }, Unknown::Error).unwrap();
    plan.set_inputs(LoopInputs { n: 7 }).unwrap();
    let allocators = plan.allocators().unwrap();
    let StepAllocators::Dirk(step) = allocators.step else { panic!("the step is implicit") };
    assert_eq!(step.accumulator.len(), 21);
    assert_eq!(step.newton.delta.len(), 7);
    assert_eq!(step.newton.delta.cpp_type(), "shared_array<double, 7, 0>");
    assert_eq!(step.error.unwrap().residual.len(), 7);
}

#[test]
fn an_absurd_length_changes_nothing() {
    let mut plan = plan();
    let before = plan.report().to_text();
    let error = plan.set_inputs(LoopInputs { n: usize::MAX / 2 }).unwrap_err();
    assert!(matches!(error, ConfigError::Length { .. }), "{error}");
    let error = plan.set_inputs(LoopInputs { n: 1 << 40 }).unwrap_err();
    assert!(error.to_string().contains("length of buffer `state` (`n`)"), "{error}");
    assert_eq!(plan.report().to_text(), before);
    assert!(LoopConfig::new(LoopInputs { n: usize::MAX }).is_err());
}

#[test]
fn precision_changes_sizes_and_back() {
    let mut plan = plan();
    plan.update(&settings! { state_location: "shared", counters_location: "shared" }, Unknown::Error).unwrap();
    let before = plan.report().to_text();
    assert_eq!(plan.layout().totals().shared.get(), 3 * 8 + 4 * 4);
    plan.set_precision(Precision::F32).unwrap();
    assert_eq!(plan.layout().totals().shared.get(), 3 * 4 + 4 * 4);
    plan.set_precision(Precision::F64).unwrap();
    assert_eq!(plan.report().to_text(), before);
}

#[test]
fn a_config_alone_updates_the_same_way() {
    let mut config = LoopConfig::new(LoopInputs { n: 2 }).unwrap();
    let updated = config.update(&settings! { newton_max_iters: 2 }, Unknown::Error).unwrap();
    assert_eq!(keys(&updated.changed), ["newton_max_iters"]);
    assert!(config.update(&settings! { newton_max_iters: 0 }, Unknown::Error).is_err());
    config.apply(LoopSettings::default().dt_min(1e-2)).unwrap();
    assert_eq!(config.dt_max, 1e4);
    config.set_inputs(LoopInputs { n: 4 }).unwrap();
    let StepConfig::Dirk(step) = &config.step else { panic!("the step is implicit") };
    assert_eq!((step.n, step.newton.n, step.newton.max_iters), (4, 4, 2));
}

#[test]
fn fields_set_by_hand_are_the_base_of_the_plan() {
    let mut config = LoopConfig::new(LoopInputs { n: 2 }).unwrap();
    config.save_every = 7;
    config.state = buffer_runtime::Buffer::placed(Location::Shared);
    let mut plan = Plan::new(config, Precision::F32).unwrap();
    plan.update(&settings! { dt_min: 1e-2 }, Unknown::Error).unwrap();
    assert_eq!(plan.value("save_every"), Some(Value::Integer(7)));
    assert_eq!(plan.location("state"), Some(Location::Shared));
    let mut config = LoopConfig::new(LoopInputs { n: 2 }).unwrap();
    config.save_every = 0;
    assert!(Plan::new(config, Precision::F32).is_err());
}

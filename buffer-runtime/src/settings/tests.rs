use super::*;
use crate::Location;

crate::setting_enum! {
    /// Test enum.
    enum Colour {
        /// r
        Red = "red",
        /// b
        Blue = "blue",
    }
}

#[test]
fn macro_builds_ordered_settings() {
    let settings = crate::settings! { a: 1, "b.c": "shared", d: [1.5, 2.0], e: auto, f: Location::Local };
    let names: Vec<&str> = settings.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["a", "b.c", "d", "e", "f"]);
    assert_eq!(settings.get("e"), Some(&Value::Auto));
    assert_eq!(settings.get("f"), Some(&Value::Text("local".into())));
    assert_eq!(settings.get("d"), Some(&Value::List(vec![Value::Float(1.5), Value::Float(2.0)])));
}

#[test]
fn a_key_set_again_is_the_most_recent() {
    let mut settings = crate::settings! { a: 1, b: 2 };
    settings.set("a", 3);
    let names: Vec<&str> = settings.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
    assert_eq!(settings.get("a"), Some(&Value::Integer(3)));
}

#[test]
fn toml_tables_become_paths() {
    let settings =
        Settings::from_toml("newton_max_iters = 8\n[step.newton]\ndelta_location = \"shared\"\ntol = [1e-3, 2]\n")
            .unwrap();
    assert_eq!(settings.get("newton_max_iters"), Some(&Value::Integer(8)));
    assert_eq!(settings.get("step.newton.delta_location"), Some(&Value::Text("shared".into())));
    assert_eq!(settings.get("step.newton.tol"), Some(&Value::List(vec![Value::Float(1e-3), Value::Integer(2)])));
}

#[test]
fn wrong_toml_names_its_place() {
    let error = Settings::from_toml("a = = 1").unwrap_err().to_string();
    assert!(error.contains("line 1"), "{error}");
    assert!(Settings::from_toml("when = 2020-01-01").is_err());
}

#[test]
fn pairs_parse_values_and_refuse_what_is_none() {
    let settings = Settings::from_pairs(["a=1", "b = shared", "c=[1,2]", "d=auto", "e=inf"]).unwrap();
    assert_eq!(settings.get("b"), Some(&Value::Text("shared".into())));
    assert_eq!(settings.get("d"), Some(&Value::Auto));
    assert_eq!(settings.get("e"), Some(&Value::Text("inf".into())));
    let error = Settings::from_pairs(["novalue"]).unwrap_err();
    assert!(error.to_string().contains("`novalue`"));
    assert!(Settings::from_pairs(["=3"]).is_err());
}

#[test]
fn settings_round_trip_through_toml() {
    let settings = crate::settings! { a: 1, b: 0.1, c: true, d: "x", e: auto, f: [1, 2] };
    let text = toml::to_string(&settings).unwrap();
    assert_eq!(Settings::from_toml(&text).unwrap(), settings);
}

#[test]
fn values_round_trip_through_their_types() {
    fn check<T: SettingValue>(value: T) {
        assert_eq!(T::from_value(&value.to_value()), Ok(value));
    }
    check(true);
    check(-3_i32);
    check(usize::MAX >> 1);
    check(0.1_f64);
    check(0.1_f32);
    check("x".to_owned());
    check(vec![1_u8, 255]);
    check(None::<f64>);
    check(Some(2.5_f64));
    check(Location::Shared);
    check(Colour::Blue);
}

#[test]
fn wrong_values_say_what_was_expected() {
    assert_eq!(u8::from_value(&Value::Integer(300)).unwrap_err().expected, "an integer from 0 to 255");
    assert!(usize::from_value(&Value::Integer(-1)).is_err());
    assert!(bool::from_value(&Value::Integer(1)).is_err());
    assert!(f64::from_value(&Value::Text("x".into())).is_err());
    let wrong = Colour::from_value(&Value::Text("rad".into())).unwrap_err();
    assert_eq!(wrong.suggestion.as_deref(), Some("red"));
    assert_eq!(wrong.expected, "one of \"red\", \"blue\"");
    assert_eq!(Location::from_value(&Value::Text("shard".into())).unwrap_err().suggestion.as_deref(), Some("shared"));
}

#[test]
fn enums_are_device_integers_by_position() {
    let mut text = crate::DeviceText::default();
    Colour::Blue.device_constant("colour", &mut text);
    assert_eq!(text.as_str(), "static constexpr int colour = 1;\n");
}

#[test]
fn messages_show_the_ends_of_long_lists() {
    let brief = |count: i64| Brief(&Value::List((0..count).map(Value::Integer).collect())).to_string();
    assert_eq!(brief(4), "[0, 1, 2, 3]");
    assert_eq!(brief(100_000), "[0, 1, 2, … 99994 more …, 99997, 99998, 99999]");
}

use crate::system::error::{NameKind, NameProblem, SystemError};
use crate::system::{Expr, System, SystemBuilder, SystemErrors};

fn builder(equations: &str) -> SystemBuilder {
    System::builder("test").equations(equations).state("x", 1.0)
}

fn errors_of(builder: &SystemBuilder) -> SystemErrors {
    builder.build().expect_err("has errors")
}

/// The only error of a system.
fn error_of(builder: &SystemBuilder) -> SystemError {
    let errors = errors_of(builder);
    assert_eq!(errors.as_slice().len(), 1, "{errors}");
    errors.into_iter().next().expect("has one")
}

fn right_hand_side(equations: &str) -> String {
    let system = builder(equations).build().unwrap_or_else(|errors| panic!("{errors}"));
    system.right_hand_side(0).expect("has a state").to_string()
}

#[test]
fn auxiliaries_functions_and_derivatives_expand_in_any_order() {
    assert_eq!(right_hand_side("dx = -r; r = s*x; s = 2 + t"), "-((2.0 + t) * x)");
    assert_eq!(right_hand_side("f(a, b) = a - g(b); g(x) = x^2; dx = f(3, x)"), "3.0 - x * x");
    let system = builder("dx = -x; dy = 2*dx + d(x, t)").state("y", 0.0).build().expect("is valid");
    assert_eq!(system.right_hand_side(1).expect("has two").to_string(), "-2.0 * x - x");
}

#[test]
fn conditions_are_values_of_auxiliaries_and_branches() {
    assert_eq!(right_hand_side("above = x > 1; dx = 2 if above else 3"), "if(1.0 < x, 2.0, 3.0)");
    assert_eq!(right_hand_side("dx = piecewise(1, x < 1, 2, x < 2, 3)"), "if(x < 1.0, 1.0, if(x < 2.0, 2.0, 3.0))");
    assert_eq!(
        right_hand_side("dx = if(if(t < 1, x < 2, 1 < 2), 1, 2)"),
        "if(t < 1.0 and x < 2.0 or not t < 1.0, 1.0, 2.0)"
    );
}

#[test]
fn minima_of_several_fold_from_the_left() {
    assert_eq!(right_hand_side("dx = min(x, 2, t) + log(x) - ln(x)"), "min(min(x, 2.0), t) + log(x) - log(x)");
}

#[test]
fn unknown_names_are_reported_with_the_nearest_known() {
    let error = error_of(&builder("dx = -sgima*x").constant("sigma", 1.0));
    let SystemError::UnknownName { name, suggestion, .. } = &error else { panic!("{error}") };
    assert_eq!((name.as_str(), suggestion.as_deref()), ("sgima", Some("sigma")));
    assert!(error.to_string().ends_with("(line 1, column 7)\n1 | dx = -sgima*x\n  |       ^^^^^"), "{error}");
    assert!(matches!(
        error_of(&builder("dx = sinn(x)")),
        SystemError::UnknownFunction { suggestion: Some(suggestion), .. } if suggestion == "sin"
    ));
    assert!(matches!(
        error_of(&builder("f(width) = wdith + x; dx = f(x)")),
        SystemError::UnknownName { suggestion: Some(suggestion), .. } if suggestion == "width"
    ));
}

#[test]
fn calls_need_the_right_number_of_arguments() {
    for (call, text) in [
        ("exp(x, x)", "`exp` takes 1 argument, but 2 given"),
        ("f(x)", "`f` takes 2 arguments, but 1 given"),
        ("min(x)", "`min` takes at least 2 arguments, but 1 given"),
        ("piecewise(x, x < 1)", "`piecewise` takes an odd number of arguments, at least 3, but 2 given"),
    ] {
        let error = error_of(&builder(&format!("f(a, b) = a*b; dx = {call}"))).to_string();
        assert!(error.starts_with(text), "{error}");
    }
}

#[test]
fn numbers_and_conditions_are_told_apart() {
    let errors = errors_of(&builder("dx = if(x, 1 + (x < 2), 3)\nr = x < 1").observable("r"));
    let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(texts.len(), 3, "{errors}");
    assert!(texts[0].starts_with("a number is needed here, but `x < 2.0` is a condition"), "{}", texts[0]);
    assert!(texts[1].starts_with("a condition is needed here, but `x` is a number"), "{}", texts[1]);
    assert!(texts[2].starts_with("a number is needed here, but `x < 1.0` is a condition"), "{}", texts[2]);
    assert!(matches!(error_of(&builder("dx = x < 1")), SystemError::NumberExpected { .. }));
}

#[test]
fn an_error_in_a_function_is_reported_once() {
    let error = error_of(&builder("f(a) = a + (x < 1); dx = f(1) + f(2) + f(x)"));
    assert!(matches!(error, SystemError::NumberExpected { .. }), "{error}");
}

#[test]
fn states_and_equations_must_match() {
    assert_eq!(error_of(&builder("dx = x").state("y", 0.0)), SystemError::MissingEquation { state: "y".to_owned() });
    for equations in ["dx = x; dz = 1", "dx = x; d(z, t) = 1", "dx = x; dz/dt = 1"] {
        let error = error_of(&builder(equations));
        assert!(matches!(&error, SystemError::EquationForUnknownState { state, .. } if state == "z"), "{error}");
    }
    let misspelt = errors_of(&builder("dx = x; dvoltgae = 1").state("voltage", 0.0)).to_string();
    assert!(misspelt.contains("`voltgae`, which is not a state (did you mean `voltage`?)"), "{misspelt}");
    assert!(matches!(error_of(&builder("dx = x; d(x, t) = 1")), SystemError::DuplicateEquation { .. }));
    assert_eq!(error_of(&System::builder("empty")), SystemError::NoStates);
}

#[test]
fn what_has_no_influence_is_reported() {
    let errors = errors_of(&builder("dx = x; gone = 2; f(a) = a").parameter("p", 1.0).constant("k", 1.0));
    let [parameter, constant, auxiliary] = errors.as_slice() else { panic!("{errors}") };
    assert_eq!(*parameter, SystemError::Unused { kind: NameKind::Parameter, name: "p".to_owned() });
    assert_eq!(*constant, SystemError::Unused { kind: NameKind::Constant, name: "k".to_owned() });
    assert!(matches!(auxiliary, SystemError::UnusedAuxiliary { name, .. } if name == "gone"));
    assert!(builder("dx = x; kept = 2*p").parameter("p", 1.0).observable("kept").build().is_ok());
}

#[test]
fn observables_must_exist_once() {
    assert_eq!(
        error_of(&builder("dx = x; speed = x").observables(["speed", "sped"])),
        SystemError::UndefinedObservable { name: "sped".to_owned(), suggestion: Some("speed".to_owned()) }
    );
    let error = error_of(&builder("dx = x").observables(["x", "x"]));
    assert_eq!(error.to_string(), "`x` is listed twice in the observables: remove one");
}

#[test]
fn names_are_unique_and_usable() {
    let error = error_of(&builder("dx = x").parameter("x", 1.0));
    assert!(
        matches!(&error, SystemError::DuplicateName { first: NameKind::State, second: NameKind::Parameter, .. }),
        "{error}"
    );
    let error = error_of(&builder("dx = r; r = 1; r = 2"));
    assert!(matches!(&error, SystemError::DuplicateEquation { target, .. } if target == "r"), "{error}");
    let error = error_of(&builder("x = 1; dx = x"));
    assert!(matches!(&error, SystemError::DuplicateName { second: NameKind::Auxiliary, .. }), "{error}");
    let error = error_of(&builder("f(a, a) = a; dx = f(x, x)"));
    assert!(error.to_string().starts_with("`a` is declared twice, as an argument both times"), "{error}");
    let error = error_of(&builder("dx = exp; exp = 1")).to_string();
    assert!(error.starts_with("`exp` cannot be the name of an auxiliary: it is a built-in function"), "{error}");
    let errors = errors_of(&builder("dx = mask + exp; exp = 1; f(t) = x").parameter("mask", 1.0));
    let problems: Vec<_> = errors
        .iter()
        .map(|error| if let SystemError::InvalidName { problem, .. } = error { *problem } else { panic!("{error}") })
        .collect();
    assert_eq!(problems, [NameProblem::DeviceVocabulary, NameProblem::Function, NameProblem::Time]);
    assert!(System::builder("while").equations("dx = x").state("x", 1.0).build().is_ok(), "`while_system` is a name");
    let error = error_of(&System::builder("a b").equations("dx = x").state("x", 1.0));
    assert!(matches!(error, SystemError::InvalidName { kind: NameKind::System, .. }), "{error}");
}

#[test]
fn cycles_are_listed() {
    for (text, cycle) in [
        ("dx = a\na = b + x; b = f(1); f(q) = q*a", "a → b → f → a (line 2, column 1)\n"),
        ("dx = f(x); f(q) = f(q)", "f → f (line 1, column 12)\n"),
        ("dx = 1 + dx", "dx → dx (line 1, column 1)\n"),
    ] {
        let text = error_of(&builder(text)).to_string();
        assert!(text.starts_with(&format!("these definitions depend on each other: {cycle}")), "{text}");
    }
}

#[test]
fn values_must_be_finite() {
    let errors = errors_of(&builder("dx = p*x").parameter("p", f64::NAN));
    assert!(matches!(errors.as_slice(), [SystemError::NonFiniteValue { kind: NameKind::Parameter, .. }]), "{errors}");
    let mut builder = builder("");
    builder.derivative(&Expr::symbol("x"), Expr::from(f64::INFINITY));
    assert!(matches!(error_of(&builder), SystemError::NumberOutOfRange { .. }));
}

#[test]
fn expressions_built_in_rust_are_checked_alike() {
    let mut builder = System::builder("test");
    let x = builder.add_state("x", 1.0);
    builder.derivative(&x, &x * Expr::symbol("kk"));
    builder.derivative(&(&x + 1.0), 2.0);
    let errors = errors_of(&builder).to_string();
    assert!(errors.contains("`x + 1.0` is not a state"), "{errors}");
    assert!(errors.contains("`kk` is not defined"), "{errors}");
    assert!(errors.ends_with("(in `kk`)"), "{errors}");
}

#[test]
fn all_errors_of_a_text_come_together() {
    let errors = errors_of(&builder("dx = foo(y) +\ndx = z; dx = 1; q = q"));
    assert_eq!(errors.as_slice().len(), 4, "{errors}");
}

#[test]
fn expansion_is_bounded() {
    let doubling: String = (1..40).map(|n| format!("g{n}(a) = g{}(a + 1)*g{}(a + 2)\n", n - 1, n - 1)).collect();
    let error = error_of(&builder(&format!("g0(a) = a*x\n{doubling}dx = g39(x)")));
    assert!(matches!(error, SystemError::TooLarge { .. }), "{error}");
    let sharing: String = (1..40).map(|n| format!("g{n}(a) = g{}(a) + g{}(a)\n", n - 1, n - 1)).collect();
    assert!(builder(&format!("g0(a) = a*x\n{sharing}dx = g39(x)")).build().is_ok(), "shared calls stay small");
    let chain: String = (1..200).map(|n| format!("g{n}(a) = g{}(a)\n", n - 1)).collect();
    let error = error_of(&builder(&format!("g0(a) = a*x\n{chain}dx = g199(x)")));
    assert!(matches!(error, SystemError::NestedTooDeeply { .. }), "{error}");
    let auxiliaries: String = (1..5000).map(|n| format!("a{n} = a{}*x\n", n - 1)).collect();
    assert!(builder(&format!("a0 = x\n{auxiliaries}dx = a4999")).build().is_ok(), "auxiliaries may chain");
}

#[test]
fn text_and_rust_give_equal_systems() {
    let text = System::builder("lorenz")
        .equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z; r = sqrt(x^2 + y^2)")
        .states([("x", 1.0), ("y", 0.0), ("z", 0.0)])
        .parameter("rho", 28.0)
        .constants([("sigma", 10.0), ("beta", 8.0 / 3.0)])
        .observable("r")
        .build()
        .expect("is valid");
    let mut builder = System::builder("lorenz");
    let [x, y, z] = [("x", 1.0), ("y", 0.0), ("z", 0.0)].map(|(name, initial)| builder.add_state(name, initial));
    let rho = builder.add_parameter("rho", 28.0);
    let (sigma, beta) = (builder.add_constant("sigma", 10.0), builder.add_constant("beta", 8.0 / 3.0));
    builder.add_observable("r", (x.pow(2.0) + y.pow(2.0)).sqrt());
    builder.derivative(&z, &x * &y - beta * &z);
    builder.derivative(&y, &x * (rho - &z) - &y);
    builder.derivative(&x, sigma * (y - &x));
    assert_eq!(builder.build().expect("is valid"), text);
    builder.derivative(&z, 1.0);
    assert!(builder.build().is_err(), "the builder can be used again");
}

#[test]
fn drivers_are_checked_like_every_name() {
    let error = error_of(&builder("dx = x*u").drivers(["u", "u"]));
    assert!(matches!(&error, SystemError::DuplicateName { second: NameKind::Driver, .. }), "{error}");
    let error = error_of(&builder("dx = x").driver("x"));
    assert!(
        matches!(&error, SystemError::DuplicateName { first: NameKind::State, second: NameKind::Driver, .. }),
        "{error}"
    );
    let error = error_of(&builder("dx = x; u = 2").driver("u").observable("u"));
    assert!(matches!(&error, SystemError::DuplicateName { second: NameKind::Auxiliary, .. }), "{error}");
    let error = error_of(&builder("dx = mask").driver("mask"));
    assert!(matches!(&error, SystemError::InvalidName { kind: NameKind::Driver, .. }), "{error}");
    let error = error_of(&builder("dx = x").driver("wind"));
    assert_eq!(error, SystemError::Unused { kind: NameKind::Driver, name: "wind".to_owned() });
    let error = error_of(&builder("dx = widn").driver("wind"));
    assert!(matches!(&error, SystemError::UnknownName { suggestion: Some(name), .. } if name == "wind"), "{error}");
}

#[test]
fn drivers_are_values_in_text_and_in_rust() {
    let text = System::builder("forced").equations("dx = u*k - x; r = 2*u").state("x", 1.0).constant("k", 3.0);
    let text = text.driver("u").observable("r").build().expect("is valid");
    let mut builder = System::builder("forced");
    let (x, k, u) = (builder.add_state("x", 1.0), builder.add_constant("k", 3.0), builder.add_driver("u"));
    builder.derivative(&x, &u * k - &x);
    builder.add_observable("r", 2.0 * u);
    assert_eq!(builder.build().expect("is valid"), text);
    assert_eq!(text.drivers(), ["u"]);
    assert_eq!(text.right_hand_side(0).expect("has one").to_string(), "u * k - x");
    assert_eq!(text.evaluate_driven(0.0, &[1.0], &[], &[3.0], &[0.5]), Ok(vec![0.5]));
    assert_eq!(text.observe_driven(0.0, &[1.0], &[], &[3.0], &[0.5]), Ok(vec![1.0]));
    let error = text.evaluate(0.0, &[1.0], &[], &[3.0]).expect_err("the driver is missing").to_string();
    assert_eq!(error, "the system has 1 driver, whose values are missing: evaluate it with `System::evaluate_driven`");
    assert!(matches!(text.observe(0.0, &[1.0], &[], &[3.0]), Err(SystemError::MissingDrivers { count: 1, .. })));
    let error = text.evaluate_driven(0.0, &[1.0], &[], &[3.0], &[]).expect_err("the driver is missing");
    assert_eq!(error.to_string(), "the system has 1 drivers, but 0 values were given");
}

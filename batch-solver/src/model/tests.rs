use super::*;
use crate::system::SystemError;

const LORENZ: &str = r#"
name = "lorenz"
equations = """
dx = sigma*(y - x)
dy = x*(rho - z) - y
dz = x*y - beta*z
"""

[states]
z = 0
y = 0.0
x = 1.0

[parameters]
rho = 28

[constants]
sigma = 10.0
beta = 2.5

[settings]
algorithm = "tsit5"
[settings.controller]
dt = 1e-2
"#;

fn problems(text: &str) -> Vec<ModelProblem> {
    match Model::parse(text, "m.toml") {
        Err(ModelError::Invalid { problems }) => problems,
        other => panic!("{other:?}"),
    }
}

fn only(text: &str) -> (String, ModelFault) {
    let mut problems = problems(text);
    assert_eq!(problems.len(), 1, "{problems:?}");
    let problem = problems.remove(0);
    (problem.place.to_string(), problem.fault)
}

#[test]
fn quantities_keep_the_order_of_the_file() {
    let model = Model::parse(LORENZ, "m.toml").unwrap();
    let names = |quantities: &[crate::system::Quantity]| quantities.iter().map(|q| q.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(model.system().states()), ["z", "y", "x"]);
    assert_eq!(names(model.system().constants()), ["sigma", "beta"]);
    assert_eq!(model.settings().to_string(), "algorithm = \"tsit5\"\ncontroller.dt = 0.01\n");
    assert_eq!(model.system().evaluate(0.0, &[0.0, 0.0, 1.0], &[28.0], &[10.0, 2.5]).unwrap(), [0.0, 28.0, -10.0]);
}

#[test]
fn equations_may_be_a_list() {
    let listed = LORENZ
        .replace("equations = \"\"\"", "equations = [")
        .replace("\"\"\"", "]")
        .replace("dx = sigma*(y - x)", "'dx = sigma*(y - x)',")
        .replace("dy = x*(rho - z) - y", "'dy = x*(rho - z) - y',")
        .replace("dz = x*y - beta*z", "'dz = x*y - beta*z'");
    assert_eq!(Model::parse(&listed, "").unwrap(), Model::parse(LORENZ, "").unwrap());
    let (place, _) = only(&listed.replace("rho - z", "rho - zz"));
    assert_eq!(place, "m.toml:5:16");
}

#[test]
fn errors_of_equations_have_their_place_in_the_file() {
    let (place, fault) = only(&LORENZ.replace("rho - z", "rhp - z"));
    assert_eq!(place, "m.toml:5:9");
    assert!(matches!(fault, ModelFault::System(SystemError::UnknownName { .. })));
    let text = problems(&LORENZ.replace("rho - z", "rhp - z"))[0].to_string();
    assert!(text.ends_with("\n5 | dy = x*(rhp - z) - y\n  |         ^^^"), "{text}");
    assert_eq!(text.matches("line").count(), 0, "the place is said once: {text}");
}

#[test]
fn errors_on_the_line_of_the_key_show_the_whole_line() {
    let text = "name = 'm'\nequations = 'dx = -q'\nstates = { x = 1 }";
    let problem = &problems(text)[0];
    assert_eq!(problem.place.to_string(), "m.toml:2:20");
    assert_eq!(problem.place.source_line, "equations = 'dx = -q'");
}

#[test]
fn errors_in_escaped_text_show_the_text() {
    let text = "name = 'm'\nequations = \"dx = 1 \\n dy = q\"\nstates = { x = 1, y = 1 }";
    let problem = &problems(text)[0];
    assert_eq!((problem.place.line, problem.place.source_line.as_str()), (3, " dy = q"));
}

#[test]
fn errors_of_declarations_are_at_the_declaration() {
    let (place, fault) = only(&LORENZ.replace("rho = 28", "rho = 28\nunused = 1"));
    assert_eq!(place, "m.toml:16:1");
    assert!(matches!(fault, ModelFault::System(SystemError::Unused { .. })));
    let (place, _) = only(&LORENZ.replace("\n\n[states]", "\nobservables = ['r']\n[states]"));
    assert_eq!(place, "m.toml:8:16");
    let (place, _) = only(&LORENZ.replace("x = 1.0", "x = inf"));
    assert_eq!(place, "m.toml:12:1");
    let (place, _) = only(&LORENZ.replace("\"lorenz\"", "\"lo renz\""));
    assert_eq!(place, "m.toml:2:8");
}

#[test]
fn unknown_keys_come_with_the_nearest() {
    let (place, fault) = only(&LORENZ.replace("[parameters]", "[paramters]"));
    assert_eq!(place, "m.toml:14:2");
    assert!(fault.to_string().contains("did you mean `parameters`?"), "{fault}");
}

#[test]
fn all_problems_are_reported_in_order() {
    let text = "name = 3\nobservables = [1]\n[states]\nx = 'one'\n[setings]\n";
    let places: Vec<String> = problems(text).iter().map(|problem| problem.place.to_string()).collect();
    // The missing equations belong to the file, not to a line.
    assert_eq!(places, ["m.toml:1:1", "m.toml:1:8", "m.toml:2:16", "m.toml:4:5", "m.toml:5:2"]);
}

#[test]
fn text_that_is_no_toml_has_its_place() {
    let (place, fault) = only(&LORENZ.replace("rho = 28", "rho = = 28"));
    assert_eq!(place.split(':').nth(1), Some("15"));
    assert!(matches!(fault, ModelFault::Syntax { .. }));
}

#[test]
fn settings_are_checked_with_their_place() {
    let (place, fault) = only(&LORENZ.replace("algorithm = \"tsit5\"", "algoritm = \"tsit5\""));
    assert_eq!(place, "m.toml:22:1");
    assert!(fault.to_string().contains("did you mean `algorithm`?"), "{fault}");
    let (place, fault) = only(&LORENZ.replace("\"tsit5\"", "\"tsit6\""));
    assert_eq!(place, "m.toml:22:1");
    assert!(fault.to_string().contains("did you mean `tsit5`?"), "{fault}");
    let (place, _) = only(&LORENZ.replace("dt = 1e-2", "dt = -1"));
    assert_eq!(place, "m.toml:24:1");
    let (place, _) = only(&LORENZ.replace("dt = 1e-2", "dt = 2020-01-01"));
    assert_eq!(place, "m.toml:24:6");
}

#[test]
fn files_that_are_not_there_are_named() {
    let error = Model::read("/nowhere/m.toml").unwrap_err();
    assert!(matches!(&error, ModelError::Read { file, .. } if file == "/nowhere/m.toml"), "{error}");
}

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
fn numbers_without_a_point_may_be_as_large_as_those_with() {
    let model = Model::parse("name = 'a'\nequations = 'dx = -k*x'\nstates = { x = -100000000000000000000 }\nparameters = { k = 0x10 }\nsettings.atol = 10000000000000000000", "a.toml").unwrap();
    assert_eq!((model.system().states()[0].value, model.system().parameters()[0].value), (-1e20, 16.0));
    assert_eq!(model.settings().get("atol"), Some(&buffer_runtime::Value::Float(1e19)));
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
    let (place, fault) = only(&LORENZ.replace("\n\n[states]", "\nobservables = ['y']\n[states]"));
    assert_eq!(place, "m.toml:8:16");
    assert!(fault.to_string().starts_with("`y` is a state: take it out of `observables`"), "{fault}");
    let observed = LORENZ.replace("\n\n[states]", "\nobservables = ['r', 'r']\n[states]");
    let (place, fault) = only(&observed.replace("dz =", "r = x*y\ndz ="));
    assert_eq!((place.as_str(), fault.to_string().contains("listed twice")), ("m.toml:9:21", true), "{fault}");
    let (place, fault) = only(&LORENZ.replace("beta*z", "beta*a\na = b*z\nb = a"));
    assert_eq!((place.as_str(), fault.to_string().contains("a → b → a")), ("m.toml:7:1", true), "{fault}");
    let (_, fault) = only(&LORENZ.replace("beta*z", "beta*heaviside(z)"));
    assert!(fault.to_string().contains("use one of exp,") && fault.to_string().contains("`if("), "{fault}");
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

const FORCED: &str = r#"
name = "forced"
equations = "dx = wind*sun - x"
states = { x = 0.0 }

[drivers]
period = 0.5
t0 = -1.0
wind = [0, 1.0, 4.0, 9.0, 16.0]
sun = [
    1.0, 1.0,
    1.0, 1.0, 1.0,
]
"#;

/// A model beside a file of samples.
fn beside(samples: &str, text: &str) -> Result<Model, ModelError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("weather.csv"), samples).unwrap();
    let model = folder.path().join("m.toml");
    std::fs::write(&model, text).unwrap();
    Model::read(&model)
}

#[test]
fn drivers_are_declared_and_interpolated() {
    let model = Model::parse(FORCED, "m.toml").unwrap();
    let drivers = model.drivers().unwrap();
    assert_eq!(model.system().drivers(), ["wind", "sun"]);
    assert_eq!((drivers.names(), drivers.t0(), drivers.end()), (model.system().drivers(), -1.0, 1.0));
    assert_eq!(drivers.values(-0.75), [0.25, 1.0]);
    assert_eq!((drivers.order(), drivers.wraps()), (3, false));
    let listed = FORCED.replace("period = 0.5\nt0 = -1.0", "time = [-1, -0.5, 0, 0.5, 1]");
    assert_eq!(Model::parse(&listed, "m.toml").unwrap(), model);
    assert_eq!(Model::parse(LORENZ, "m.toml").unwrap().drivers(), None);

    let lines = FORCED.replace("t0 = -1.0", "t0 = -1.0\norder = 1\nwrap = true");
    let model = Model::parse(&lines, "m.toml").unwrap();
    assert_eq!(model.drivers().unwrap().values(1.25), [0.5, 1.0]);
    let clamped = FORCED.replace("t0 = -1.0", "boundary = 'clamped'\nslopes = { wind = [0, 16] }");
    assert_eq!(Model::parse(&clamped, "m.toml").unwrap().drivers().unwrap().values(0.25), [0.25, 1.0]);
}

#[test]
fn drivers_come_from_files() {
    let text = FORCED.split("period").next().unwrap().to_owned() + "file = 'weather.csv'\n";
    let model = beside("# weather\ntime, wind, sun\n-1,0,1\n-0.5,1,1\n0,4,1\n0.5,9,1\n1,16,1\n", &text).unwrap();
    assert_eq!(model, Model::parse(FORCED, "m.toml").unwrap());
    assert!(model.sample_file().unwrap().ends_with("weather.csv"));
    assert_eq!(Model::parse(FORCED, "m.toml").unwrap().sample_file(), None);
    let samples = "place,sun,wind\nhere,1,0\nhere,1,1\nhere,1,4\nthere,1,9\n";
    let model = beside(samples, &(text.clone() + "period = 0.5\ncolumns = ['wind', 'sun']\n")).unwrap();
    assert_eq!(model.drivers().unwrap().names(), ["sun", "wind"]);
    // A column may have the name of a key.
    let renamed = text.replace("wind*sun", "order");
    let model = beside("order\n1\n2\n3\n4\n", &(renamed.clone() + "period = 1.0")).unwrap();
    assert_eq!(model.system().drivers(), ["order"]);

    for (samples, more, expected) in [
        ("time,wind,sun\n0,1,2\n1,x,2\n", "", "weather.csv:3:3: `x` is not a finite number"),
        ("time,wind,sun\n0,1,2\n1,2\n", "", "weather.csv:3:1: this line has 2 values"),
        ("time,wind,wind\n0,1,2\n", "", "weather.csv:1:11: there are two columns `wind`"),
        ("", "", "weather.csv:1:1: there is no header"),
        ("wind\n1\n", "columns = 'widn'", "no column `widn` (did you mean `wind`?)"),
        ("wind,sun\n1,2\n", "", "needs `drivers.period`"),
        ("time,wind,sun\n0,1,2\n1,1,2\n2.5,1,2\n3,1,2\n", "", "sample time 2 is 2.5"),
        ("time,wind,sun\n0,1,2\n1,1,2\n", "t0 = 1", "m.toml:8:6: `t0` has no use here"),
        ("time,wind,sun\n0,1,2\n1,1,2\n", "period = 1", "m.toml:8:10: `period` has no use here: the column `time`"),
        ("time,wind,sun\n0,1,2\n1,1,2\n", "time = [0, 1]", "m.toml:8:8: `time` has no use here: the column `time`"),
    ] {
        let error = beside(samples, &(text.clone() + more)).unwrap_err().to_string();
        assert!(error.contains(expected) && error.contains("m.toml:"), "{expected} is not in {error}");
    }
    let error = Model::parse(&text, "m.toml").unwrap_err().to_string();
    assert!(error.starts_with("m.toml:7:8: weather.csv: the file cannot be read"), "{error}");
}

#[test]
fn errors_of_drivers_have_their_place() {
    for (from, to, place, part) in [
        ("period = 0.5", "period = 0", "7:10", "between samples cannot be 0"),
        ("period = 0.5", "period = 'x'", "7:10", "must be a number"),
        ("period = 0.5", "perod = 0.5", "7:1", "did you mean `drivers.period`?"),
        ("period = 0.5\nt0 = -1.0", "", "6:2", "needs `drivers.period`"),
        ("t0 = -1.0", "t0 = inf", "8:6", "finite time"),
        ("t0 = -1.0", "time = [1, 2]", "7:10", "`period` has no use here"),
        ("t0 = -1.0", "order = 2", "8:9", "order 2 are not offered"),
        ("t0 = -1.0", "wrap = 1", "8:8", "must be true or false"),
        ("t0 = -1.0", "wrap = true", "9:8", "driver `wind` begins with 0 and ends with 16"),
        ("t0 = -1.0", "slopes = [0, 0]", "8:10", "only `boundary = \"clamped\"`"),
        ("t0 = -1.0", "boundary = 'clamped'\nslopes = [1]", "9:10", "a list of two numbers"),
        ("t0 = -1.0", "boundary = 'clamped'\nslopes = { wnid = [1, 1] }", "9:10", "did you mean `wind`?"),
        ("t0 = -1.0", "columns = []", "8:11", "name the CSV file"),
        ("t0 = -1.0", "boundary = 'nautral'", "8:12", "did you mean `natural`?"),
        ("t0 = -1.0", "boundary = 'natural'\norder = 1", "8:12", "lines (order 1) have none"),
        ("4.0, 9.0", "inf, 9.0", "9:17", "sample 2 of driver `wind` is inf"),
        ("4.0, 9.0", "'x', 9.0", "9:17", "must be a list of numbers"),
        ("4.0, 9.0", "9.0", "10:7", "`wind` has 4 samples and `sun` 5"),
        ("wind*sun", "wind*sum", "3:24", "did you mean `sun`?"),
        ("wind*sun", "wind", "10:1", "driver `sun` is not used"),
        ("period = 0.5\nt0 = -1.0", "time = [0, 1, 2, 3.5, 4]", "7:18", "sample time 3 is 3.5"),
    ] {
        let (found, fault) = only(&FORCED.replace(from, to));
        assert!(fault.to_string().contains(part), "{to}: {fault}");
        assert_eq!(found, format!("m.toml:{place}"), "{to}: {fault}");
    }
}

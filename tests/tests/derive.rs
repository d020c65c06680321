//! What generated code does with inputs, settings, buffers and children.

use buffer_runtime::{
    Buffer, Buffers, Choice, ConfigError, ElementSpec, ElementType, Location, Member, Plan, Precision, Unknown,
    settings,
};

#[derive(Clone, Debug, PartialEq)]
struct Tableau {
    rows: Vec<usize>,
}

/// A Newton solver.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "newton")]
struct NewtonConfig {
    /// Unknowns.
    #[input]
    n: usize,
    /// Iterations before it gives up.
    #[setting(default = 2 * n, range = 1..=50)]
    max_iters: usize,
    #[setting(default = 0.5 / max_iters as f64, gt = 0.0, lt = 1.0, argument)]
    tolerance: f64,
    #[setting(default = 4, one_of = [1, 2, 4], rename = "unroll")]
    factor: u32,
    #[setting(default = 3, with = odd)]
    width: usize,
    #[buffer(len = n)]
    delta: Buffer,
}

fn odd(value: &usize) -> Result<(), String> {
    if value % 2 == 1 { Ok(()) } else { Err(format!("{value} is even")) }
}

#[derive(Clone, Debug, Buffers)]
struct DirectConfig {
    #[input]
    n: usize,
    #[buffer(len = n * n, location = shared)]
    matrix: Buffer<f64>,
}

/// One of two solvers.
#[derive(Clone, Debug, Buffers)]
enum SolverConfig {
    /// By iteration.
    Newton(NewtonConfig),
    /// At once.
    Direct(DirectConfig),
}

/// A step.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "step", phases(predict, solve, finish), validate = Self::check)]
struct StepConfig {
    #[input]
    n: usize,
    #[input]
    tableau: Tableau,
    #[setting(default = true)]
    iterative: bool,
    #[setting(default = n > 2)]
    smooth: bool,
    /// Sums | of rows.
    #[buffer(len = tableau.rows.iter().map(|&row| row * n - 1).sum::<usize>(), live = predict..=solve)]
    sums: Buffer,
    #[child(prefix = "solver", at = solve, inputs = if iterative { SolverInputs::Newton(NewtonInputs { n }) } else { SolverInputs::Direct(DirectInputs { n }) })]
    solver: SolverConfig,
    #[child(prefix = "error", aliases = solver, when = smooth, with(n = n - 1))]
    error: Option<NewtonConfig>,
    #[child(prefix = "spare", with(n))]
    spare: Option<NewtonConfig>,
    #[buffer(len = match n { 0 => 1, n => n / 2 + n % 2 }, aliases = sums, live = finish)]
    halves: Buffer<i32>,
    #[buffer(len = { let mut left = 10; for &row in &tableau.rows { left -= row; } left }, persistent, zeroed)]
    rest: Buffer,
}

impl StepConfig {
    fn check(&self) -> Result<(), String> {
        if self.n == 13 { Err("thirteen brings bad luck".into()) } else { Ok(()) }
    }
}

fn inputs(n: usize) -> StepInputs {
    StepInputs { n, tableau: Tableau { rows: vec![1, 2] } }
}

fn newton(config: &StepConfig) -> &NewtonConfig {
    match &config.solver {
        SolverConfig::Newton(newton) => newton,
        SolverConfig::Direct(direct) => panic!("{direct:?} is not iterative"),
    }
}

#[test]
fn defaults_follow_the_inputs_until_the_user_sets_them() {
    let mut config = NewtonConfig::new(NewtonInputs { n: 5 }).unwrap();
    assert_eq!((config.max_iters, config.tolerance, config.factor, config.width), (10, 0.05, 4, 3));
    config.set_inputs(NewtonInputs { n: 10 }).unwrap();
    assert_eq!((config.max_iters, config.tolerance), (20, 0.025));

    config.apply(NewtonSettings::default().max_iters(8)).unwrap();
    assert_eq!(config.tolerance, 0.0625, "a default that mentions a setting moves with it");
    config.set_inputs(NewtonInputs { n: 3 }).unwrap();
    assert_eq!(config.max_iters, 8);
    config.apply(NewtonSettings::default().max_iters(Choice::Auto)).unwrap();
    assert_eq!((config.max_iters, config.tolerance), (6, 0.5 / 6.0));
}

#[test]
fn every_bound_is_checked_and_a_refused_change_changes_nothing() {
    let mut config = NewtonConfig::new(NewtonInputs { n: 5 }).unwrap();
    for (settings, reason) in [
        (NewtonSettings::default().max_iters(0), "from 1 to 50"),
        (NewtonSettings::default().max_iters(51), "from 1 to 50"),
        (NewtonSettings::default().tolerance(0.0), "greater than 0"),
        (NewtonSettings::default().tolerance(1.0), "less than 1"),
        (NewtonSettings::default().factor(3u32), "one of 1, 2, 4"),
        (NewtonSettings::default().width(4), "4 is even"),
    ] {
        let before = format!("{config:?}");
        let error = config.apply(settings.delta_location(Location::Shared)).unwrap_err();
        assert!(matches!(error, ConfigError::OutOfRange { .. }) && error.to_string().contains(reason), "{error}");
        assert_eq!(format!("{config:?}"), before);
    }
    // The derived default itself is judged too.
    assert!(NewtonConfig::new(NewtonInputs { n: 26 }).unwrap_err().to_string().contains("max_iters"));
}

#[test]
fn a_renamed_setting_has_one_name_for_users_and_another_in_rust() {
    let mut config = NewtonConfig::new(NewtonInputs { n: 5 }).unwrap();
    config.update(&settings! { unroll: 2 }, Unknown::Error).unwrap();
    assert_eq!(config.factor, 2);
    assert!(config.update(&settings! { factor: 1 }, Unknown::Error).is_err());
    config.apply(NewtonSettings::default().factor(1u32)).unwrap();
    assert_eq!(config.factor, 1);
}

#[test]
fn children_follow_their_owner() {
    let mut config = StepConfig::new(inputs(3)).unwrap();
    assert!(config.smooth && config.spare.is_none());
    assert_eq!((newton(&config).n, config.error.as_ref().map(|error| error.n)), (3, Some(2)));
    config.set_inputs(inputs(4)).unwrap();
    assert_eq!((newton(&config).max_iters, config.error.as_ref().map(|error| error.max_iters)), (8, Some(6)));
    config.set_inputs(inputs(2)).unwrap();
    assert!(!config.smooth && config.error.is_none());

    config.spare = Some(newton(&config).clone());
    config.set_inputs(inputs(5)).unwrap();
    assert_eq!(config.spare.as_ref().map(|spare| spare.n), Some(5), "a child without `when` stays as it is");
}

#[test]
fn the_variant_is_the_owners_choice() {
    let mut config = StepConfig::new(inputs(3)).unwrap();
    config.apply(StepSettings::default().solver(|solver| solver.newton(|newton| newton.width(5)))).unwrap();
    assert_eq!(newton(&config).width, 5);
    assert_eq!(config.solver.active_spec().name, "newton");
    config.apply(StepSettings::default().iterative(false)).unwrap();
    assert!(matches!(&config.solver, SolverConfig::Direct(direct) if direct.n == 3));
    assert_eq!(config.solver.active_spec().name, "direct");

    let solver = SolverConfig::from(DirectConfig::new(DirectInputs { n: 2 }).unwrap());
    assert!(matches!(solver, SolverConfig::Direct(_)));
    let names: Vec<&str> = SolverConfig::spec().variants.iter().map(|variant| variant.name).collect();
    assert_eq!(names, ["newton", "direct"]);
}

#[derive(Clone, Debug, Buffers)]
struct LengthsConfig {
    #[input]
    n: usize,
    #[input]
    rows: Vec<usize>,
    #[buffer(len = rows.iter().map(|&row| row * n - 1).sum::<usize>())]
    in_a_closure: Buffer,
    #[buffer(len = { let mut left = 10; for &row in rows { left -= row; } left })]
    in_a_loop: Buffer,
    #[buffer(len = if n > 3 { n.max(20 / (n - 4)) } else { 1 })]
    in_an_argument: Buffer,
    #[buffer(len = match n { 2 => n + usize::MAX, _ => 1 })]
    in_an_arm: Buffer,
}

#[test]
fn lengths_are_checked_wherever_an_operator_stands() {
    let refused = |n: usize, rows: &[usize]| match LengthsConfig::new(LengthsInputs { n, rows: rows.to_vec() }) {
        Err(ConfigError::Length { path, reason, .. }) => (path, reason.to_string()),
        other => panic!("{other:?}"),
    };
    for (n, rows, buffer, operation) in [
        (0, &[1][..], "in_a_closure", "subtraction"),
        (usize::MAX, &[2], "in_a_closure", "multiplication"),
        (3, &[6, 5], "in_a_loop", "subtraction"),
        (4, &[1], "in_an_argument", "division by zero"),
        (2, &[1], "in_an_arm", "addition"),
    ] {
        let (path, reason) = refused(n, rows);
        assert!(path == buffer && reason.contains(operation), "{path}: {reason}");
    }
    let config = LengthsConfig::new(LengthsInputs { n: 5, rows: vec![1, 2] }).unwrap();
    assert_eq!((config.in_a_closure, config.in_a_loop), (Buffer::default(), Buffer::default()));
    let plan = Plan::new(config, Precision::F64).unwrap();
    let allocators = plan.allocators().unwrap();
    let lengths = [&allocators.in_a_closure, &allocators.in_a_loop, &allocators.in_an_argument, &allocators.in_an_arm];
    assert_eq!(lengths.map(|allocator| allocator.len()), [13, 7, 20, 1]);
    assert_eq!((plan.config().n, plan.config().rows.len()), (5, 2));
    assert_eq!((plan.config().in_an_argument, plan.config().in_an_arm), (Buffer::default(), Buffer::default()));
}

#[test]
fn the_check_across_fields_is_called_after_every_change() {
    assert!(StepConfig::new(inputs(13)).unwrap_err().to_string().contains("thirteen brings bad luck"));
    let mut config = StepConfig::new(inputs(12)).unwrap();
    assert!(matches!(config.set_inputs(inputs(13)), Err(ConfigError::Rejected { type_name: "StepConfig", .. })));
    assert_eq!(config.n, 12);
}

#[test]
fn the_description_says_what_was_declared() {
    let spec = StepConfig::spec();
    assert_eq!((spec.name, spec.type_name, spec.doc, spec.template), ("step", "StepConfig", "A step.", None));
    assert_eq!(spec.phases, ["predict", "solve", "finish"]);
    assert_eq!(
        spec.order,
        [Member::Buffer(0), Member::Child(0), Member::Child(1), Member::Child(2), Member::Buffer(1), Member::Buffer(2)]
    );
    let [sums, halves, rest] = spec.buffers else { panic!("{:?}", spec.buffers) };
    assert_eq!(
        (sums.len_text, sums.live),
        ("tableau.rows.iter().map(|&row| row * n - 1).sum::<usize>()", Some((0, 1)))
    );
    assert_eq!(
        (halves.element, halves.aliases, halves.live),
        (ElementSpec::Fixed(ElementType::I32), Some("sums"), Some((2, 2)))
    );
    assert_eq!(
        (rest.element, rest.persistent, rest.zeroed, rest.location),
        (ElementSpec::Real, true, true, Location::Local)
    );
    let [solver, error, spare] = spec.children else { panic!("{:?}", spec.children.len()) };
    assert_eq!(
        (solver.prefix, solver.optional, solver.at, (solver.spec)().type_name),
        (Some("solver"), false, Some(1), "SolverConfig")
    );
    assert_eq!((error.aliases, error.optional, spare.optional), (Some("solver"), true, true));

    let spec = NewtonConfig::spec();
    assert_eq!((spec.name, spec.template, spec.inputs[0].device), ("newton", Some("newton"), true));
    let ranges: Vec<_> = spec
        .settings
        .iter()
        .map(|setting| (setting.name, setting.default_text, setting.range_text, setting.argument))
        .collect();
    assert_eq!(
        ranges,
        [
            ("max_iters", "2 * n", Some("1..=50"), false),
            ("tolerance", "0.5 / max_iters as f64", Some("> 0.0, < 1.0"), true),
            ("unroll", "4", Some("one of 1, 2, 4"), false),
            ("width", "3", None, false),
        ]
    );
}

#[test]
fn the_table_lists_buffers_and_children_in_order() {
    let rows: Vec<&str> = StepConfig::BUFFERS.lines().skip(2).collect();
    assert_eq!(rows.len(), 6);
    assert_eq!(
        rows[0],
        r"| `sums` | `tableau.rows.iter().map(\|&row\| row * n - 1).sum::<usize>()` | `Real` | local | call, live `predict` to `solve` |  | Sums \| of rows. |"
    );
    assert_eq!(rows[2], "| `error` |  | `NewtonConfig` | optional child |  | `solver` |  |");
    assert!(rows[5].contains("| persistent, zeroed |"));
}

#[test]
fn each_buffer_has_its_allocator() {
    let mut plan = Plan::new(StepConfig::new(inputs(4)).unwrap(), Precision::F32).unwrap();
    plan.apply(StepSettings::default().sums_location(Location::Shared)).unwrap();
    let allocators = plan.allocators().unwrap();
    assert_eq!((allocators.sums.len(), allocators.halves.len(), allocators.rest.len()), (10, 2, 7));
    assert_eq!(allocators.error.as_ref().map(|error| error.delta.len()), Some(3));
    assert!(allocators.spare.is_none());
    assert!(matches!(&allocators.solver, SolverAllocators::Newton(newton) if newton.delta.path() == "solver.delta"));
    assert!(plan.config().sums.location() == Some(Location::Shared) && plan.config().halves == Buffer::default());
    plan.apply(StepSettings::default().iterative(false)).unwrap();
    let solver = plan.allocators().unwrap().solver;
    assert!(matches!(solver, SolverAllocators::Direct(direct) if direct.matrix.len() == 16));
    if let SolverConfig::Direct(direct) = &plan.config().solver {
        assert!(direct.matrix.location().is_none() && plan.config().rest.location().is_none());
    }
}

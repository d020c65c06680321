//! Patterns, orders and sizes.

use super::*;
use crate::system::program::Operation;

#[test]
fn the_jacobian_of_an_oscillator() {
    let system = oscillator();
    let sparsity = system.jacobian_sparsity();
    assert_eq!(sparsity.positions().collect::<Vec<_>>(), [(0, 1), (1, 0), (1, 1)]);
    assert_eq!((sparsity.n(), sparsity.nonzeros(), sparsity.row(0), sparsity.row(1)), (2, 3, &[1][..], &[0, 1][..]));
    assert_eq!((sparsity.position(1, 1), sparsity.position(0, 0), sparsity.position(2, 0)), (Some(2), None, None));
    assert_eq!(sparsity.row(2), &[] as &[usize]);
    assert_eq!(system.jacobian(0.0, &[2.0, 3.0], &[], &[]), Ok(vec![1.0, -61.0, -15.0]));
    assert_eq!(system.time_derivative(1.0, &[2.0, 3.0], &[], &[]), Ok(vec![0.0, -1.0_f64.sin()]));
    let all = system.linearisation_program(UNFUSED).evaluate(1.0, &[2.0, 3.0], &[], &[]);
    assert_eq!(all, Ok(vec![3.0, -47.0 + 1.0_f64.cos(), 1.0, -61.0, -15.0, 0.0, -1.0_f64.sin()]));
}

#[test]
fn the_diagonal_of_the_jacobian() {
    // The derivative of the first state has no entry for it.
    let diagonal = oscillator().jacobian_diagonal_program(UNFUSED);
    assert_eq!(diagonal.evaluate(0.0, &[2.0, 3.0], &[], &[]), Ok(vec![0.0, -15.0]));
    let text = oscillator().emit(EmitOptions { jacobian_diagonal: true, ..EmitOptions::default() }).text;
    let begin = text.find("    template <class Y, class P, class C, class R>").expect("is emitted");
    let expected = "    template <class Y, class P, class C, class R>
    BR_DEVICE static void jacobian_diagonal(const real&, const Y& y, const P&, const C&, R& result) {
        result[0] = real(scalar(0.0));  // d(dx/dt)/dx
        const real y0 = y[0];
        const real v0 = fma(-y0, y0, real(scalar(1.0)));
        const real v1 = scalar(5.0) * v0;
        result[1] = v1;  // d(dy/dt)/dy
    }
};
";
    assert_eq!(&text[begin..], expected);
    let statements = |n| chain(n).jacobian_diagonal_program(EmitOptions::default()).statements();
    assert_eq!(statements(100), 10 * statements(10));
}

#[test]
fn systems_are_autonomous_without_time_and_drivers() {
    assert!(!oscillator().is_autonomous());
    assert!(!system("dx = if(t < 1, x, 0)", &["x"]).is_autonomous(), "in a condition too");
    let observed = System::builder("test").equations("dx = -x; a = x*t").state("x", 1.0).observable("a").build();
    let observed = observed.expect("is valid");
    assert!(observed.is_autonomous(), "only right-hand sides count");
    assert_eq!(observed.linearisation_program(UNFUSED).outputs.len(), 2);
    let driven = System::builder("test").equations("dx = u - x").state("x", 1.0).driver("u").build();
    assert!(!driven.expect("is valid").is_autonomous());
}

#[test]
fn what_has_derivative_zero_is_no_entry() {
    let system = system("dx = floor(x)*y + sign(x) + ceil(x); dy = if(x < 0, y, 2*y)", &["x", "y"]);
    assert_eq!(system.jacobian_sparsity().positions().collect::<Vec<_>>(), [(0, 1), (1, 1)]);
}

#[test]
fn no_derivative_multiplies_with_zero() {
    // Their derivatives by x are zero, but entries.
    let system = system("dx = (x - x)*y + sin(x - x) + (x - x)/y + sqrt(x - x) + max(x - x, y)*y; dy = x", &["x", "y"]);
    let program = system.jacobian_program(UNFUSED);
    let is_zero = |operation: &Operation<_>| matches!(operation, Operation::Literal(0.0));
    for operation in &program.operations {
        let mut operands = operation.operands().map(|operand: crate::system::program::ValueId| operand.0);
        let product = matches!(operation, Operation::Binary(crate::system::arena::BinaryOp::Mul, ..));
        assert!(!product || !operands.any(|operand| is_zero(&program.operations[operand])), "{operation:?}");
    }
    assert_eq!(system.jacobian_sparsity().nonzeros(), 3);
}

/// `n` coupled states, each with its neighbours.
fn chain(n: usize) -> System {
    let line = |i: usize| format!("dx{i} = x{i}^2*(x{} - x{i}) + exp(-x{})", (i + 1) % n, (i + n - 1) % n);
    let names: Vec<String> = (0..n).map(|i| format!("x{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    system(&(0..n).map(line).collect::<Vec<_>>().join("\n"), &names)
}

#[test]
fn a_chain_takes_linearly_many_statements() {
    let statements = |n| {
        let system = chain(n);
        assert_eq!(system.jacobian_sparsity().nonzeros(), 3 * n);
        let options = EmitOptions::default();
        [
            system.derivative_program(options),
            system.linearisation_program(options),
            system.jacobian_vector_program(options),
        ]
        .map(|program| program.statements())
    };
    let [few, many] = [statements(10), statements(100)];
    assert_eq!(many, few.map(|count| 10 * count));
    let [values, linearisation, product] = few;
    assert_eq!(values, 50, "per state a square, a difference, a negation, an exponential, and a fused product");
    assert!(linearisation <= 2 * values && product <= 2 * values, "{few:?}");
}

#[test]
fn more_symbols_than_one_pass_looks_at() {
    let system = chain(1100);
    let row = system.jacobian_sparsity().row(600).to_vec();
    assert_eq!(row, [599, 600, 601]);
    let gradients = system.arena.clone().gradients(&system.derivatives, &system.state_symbols());
    assert_eq!(gradients[600].iter().map(|(column, _)| *column).collect::<Vec<_>>(), row);
    let y: Vec<f64> = (0..1100).map(|i| f64::from(i) * 1e-3).collect();
    let entries = system.jacobian(0.0, &y, &[], &[]).expect("right lengths");
    let at = |row, column| entries[system.jacobian_sparsity().position(row, column).expect("is an entry")];
    // States 511 and 512 are in different blocks.
    assert_eq!(at(511, 512), y[511] * y[511]);
    assert_eq!(at(512, 511), -(-y[511]).exp());
    assert_eq!(at(1099, 0), y[1099] * y[1099]);
}

#[test]
fn a_linearisation_keeps_few_values_alive() {
    // Each sine and cosine belongs to one pair of states, so there is nothing to keep from one state to the next.
    let n = 12;
    let others = |i| (0..n).filter(move |j| *j != i);
    let line = |i| others(i).map(|j| format!("sin(x{j} - x{i})")).collect::<Vec<_>>().join(" + ");
    let equations: Vec<String> = (0..n).map(|i| format!("dx{i} = {}", line(i))).collect();
    let names: Vec<String> = (0..n).map(|i| format!("x{i}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let coupled = system(&equations.join("\n"), &names);
    let program = coupled.linearisation_program(EmitOptions::default());
    assert!(program.live_values() <= 3 * n, "{}", program.live_values());
    let stored = |result: usize| program.outputs[result].after;
    assert!(stored(n) < stored(1), "the first row comes before the second derivative");
    // Reactions share their rates between states, which then would be kept from state to state.
    let term = |i: usize| format!("r{i} = {}.5*x{i}*x{}", i + 1, (i + 5) % n);
    let change = |i: usize| format!("dx{i} = r{} - r{i} - r{}", (i + 3) % n, (i + 7) % n);
    let network: Vec<String> = (0..n).map(term).chain((0..n).map(change)).collect();
    let network = system(&network.join("\n"), &names);
    let program = network.linearisation_program(EmitOptions::default());
    let stored = |result: usize| program.outputs[result].after;
    assert!((0..n).all(|state| stored(state) <= stored(n)), "all derivatives come before the first row");
}

#[test]
fn rates_and_directions_are_asked_for_only_where_they_are_read() {
    let driven = System::builder("test").equations("dx = u*x; dy = -y").states([("x", 1.0), ("y", 1.0)]).driver("u");
    let driven = driven.build().expect("is valid");
    let (y, u) = ([2.0, 3.0], [5.0]);
    let inputs = Inputs::new(0.0, &y, &[], &[]).drivers(&u);
    assert_eq!(driven.jacobian_driven(0.0, &y, &[], &[], &u), Ok(vec![5.0, -1.0]));
    assert!(matches!(driven.jacobian(0.0, &y, &[], &[]), Err(SystemError::MissingDrivers { count: 1, .. })));
    assert!(matches!(driven.time_derivative(0.0, &y, &[], &[]), Err(SystemError::MissingDrivers { count: 1, .. })));
    let missing = driven.time_derivative_driven(&inputs);
    assert!(matches!(missing, Err(SystemError::WrongLength { expected: 1, found: 0, .. })), "{missing:?}");
    assert_eq!(driven.time_derivative_driven(&inputs.driver_rates(&[7.0])), Ok(vec![14.0, 0.0]));
    let product = driven.jacobian_vector_program(UNFUSED);
    assert!(matches!(product.evaluate_with(&inputs), Err(SystemError::WrongLength { expected: 2, found: 0, .. })));
    assert_eq!(product.evaluate_with(&inputs.direction(&[1.0, 10.0])), Ok(vec![5.0, -10.0]));
}

#[test]
fn drivers_change_with_the_time() {
    let forced = System::builder("forced")
        .equations("dx = t*sin(u*x) + u^2; dy = w - t")
        .states([("x", 1.0), ("y", 1.0)])
        .drivers(["u", "w"])
        .build()
        .expect("is valid");
    let samples = |f: fn(f64) -> f64| (0..=20).map(move |i| f(0.1 * f64::from(i)));
    let drivers = crate::Drivers::sampled(0.0, 0.1).column("u", samples(f64::sin)).column("w", samples(f64::exp));
    let drivers = drivers.build().expect("is valid");
    let y = [0.7, 0.2];
    for t in [0.123, 1.0, 1.777] {
        let (d, r) = (drivers.values(t), drivers.rates(t));
        let inputs = Inputs::new(t, &y, &[], &[]).drivers(&d).driver_rates(&r);
        let found = forced.time_derivative_driven(&inputs).expect("right lengths");
        let h = 1e-5;
        let at = |t| forced.evaluate_driven(t, &y, &[], &[], &drivers.values(t)).expect("right lengths");
        for (state, (later, earlier)) in at(t + h).into_iter().zip(at(t - h)).enumerate() {
            let expected = (later - earlier) / (2.0 * h);
            assert!((found[state] - expected).abs() < 1e-8, "t = {t}: {} and {expected}", found[state]);
        }
    }
}

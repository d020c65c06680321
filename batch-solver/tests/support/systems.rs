//! Systems of many sizes, for tests and benchmarks.

use std::path::Path;

use batch_solver::{Expr, Model, System};

/// A model of `examples/models`.
pub(crate) fn model(name: &str) -> System {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../examples/models/{name}.toml"));
    Model::read(path).unwrap().system().clone()
}

/// A chain of `n` states, each driven by the next: `dx_i = −p_i x_i + c_i sin x_(i+1) + 0.01 x_i x_(i+1) + drive/(i + 1)`.
pub(crate) fn chain(n: usize) -> System {
    let mut builder = System::builder("chain").parameter("drive", 0.1);
    let states: Vec<_> = (0..n).map(|i| builder.add_state(format!("x{i}"), 0.1 + 0.01 * i as f64)).collect();
    for (i, state) in states.iter().enumerate() {
        let decay = 0.5 + 0.005 * i as f64;
        let coupling = if i % 2 == 0 { 1.0 } else { -1.0 } * (0.01 + 0.002 * i as f64);
        let next = states[(i + 1) % n].clone();
        let driven = Expr::symbol("drive") / (i + 1) as f64;
        builder.derivative(
            state,
            state.clone() * -decay + next.clone().sin() * coupling + state.clone() * next * 0.01 + driven,
        );
    }
    builder.build().unwrap()
}

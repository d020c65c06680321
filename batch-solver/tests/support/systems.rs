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

/// The Brusselator with diffusion in a row of cells, or in several rows, two states per cell; nothing crosses the edges: E. Hairer, G. Wanner, Solving Ordinary Differential
/// Equations II, 2nd ed., Springer 1996, §IV.1 and §IV.10.
pub(crate) fn brusselator(width: usize, height: usize) -> System {
    let mut builder = System::builder("brusselator").parameter("feed", 1.0).parameter("decay", 3.0);
    // As fine as its cells: the diffusion is a fiftieth on a row of length 1.
    let diffusion = ((width + 1) * (width + 1)) as f64 / 50.0;
    let along = |cell: usize| (cell % width + 1) as f64 / (width + 1) as f64;
    let cells = 0..width * height;
    let states: Vec<_> = cells
        .map(|cell| {
            let u = 1.0 + (std::f64::consts::TAU * along(cell)).sin() / (1 + cell / width) as f64;
            (builder.add_state(format!("u{cell}"), u), builder.add_state(format!("v{cell}"), 3.0))
        })
        .collect();
    for (cell, (u, v)) in states.iter().enumerate() {
        let (x, y) = (cell % width, cell / width);
        let mut neighbours = Vec::new();
        neighbours.extend((x > 0).then(|| cell - 1));
        neighbours.extend((x + 1 < width).then_some(cell + 1));
        neighbours.extend((y > 0).then(|| cell - width));
        neighbours.extend((y + 1 < height).then_some(cell + width));
        let reaction = u.clone() * u.clone() * v.clone();
        let mut du = Expr::symbol("feed") + reaction.clone() - (Expr::symbol("decay") + 1.0) * u.clone();
        let mut dv = Expr::symbol("decay") * u.clone() - reaction;
        for neighbour in neighbours {
            let (beside_u, beside_v) = states[neighbour].clone();
            du = du + (beside_u - u.clone()) * diffusion;
            dv = dv + (beside_v - v.clone()) * diffusion;
        }
        builder.derivative(u, du);
        builder.derivative(v, dv);
    }
    builder.build().unwrap()
}

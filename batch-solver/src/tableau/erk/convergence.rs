//! Measured orders: the global error of real steps, in f64, on a nonlinear problem.

use super::ErkTableau;

/// The state `(y, z, w)` of `y' = t`, `z' = y`, `w' = g(t, y, z)` with `y(0) = z(0) = w(0) = 0`.
type State = [f64; 3];

/// The derivative for the order `p`, where `g` is a sum of monomials of weight `p` if `t`, `y`, `z` weigh 1, 2, 3.
///
/// On such a problem `w` is a polynomial of degree `p + 1`, hence the trees of more than `p + 1` nodes contribute
/// nothing and the error of a method of order `p` is `C h^p` exactly, for every `h`. A general problem does not show
/// the order of the optimized methods: their leading coefficient is so small that the next ones hide it until the
/// error is below rounding.
fn derivative(order: u32, t: f64, [y, z, _]: State) -> State {
    let (thirds, halves) = (exponent(order / 3), exponent(order / 2));
    let first = z.powi(thirds) * [1.0, t, y][order as usize % 3];
    let second = y.powi(halves) * [1.0, t][order as usize % 2];
    [t, y, first + second]
}

/// `w(1)`.
fn exact(order: u32) -> f64 {
    let first = 6.0_f64.powi(-exponent(order / 3)) * [1.0, 1.0, 0.5][order as usize % 3];
    let second = 2.0_f64.powi(-exponent(order / 2));
    (first + second) / f64::from(order + 1)
}

fn exponent(value: u32) -> i32 {
    i32::try_from(value).expect("an order is small")
}

/// `w(1)` after `steps` steps that advance with `weights`.
fn integrate(tableau: &ErkTableau, weights: &[f64], order: u32, steps: u32) -> f64 {
    let h = f64::from(steps).recip();
    let mut state = [0.0; 3];
    for step in 0..steps {
        let mut k: Vec<State> = Vec::with_capacity(tableau.stages());
        for (row, c) in tableau.a.iter().zip(tableau.c) {
            k.push(derivative(order, h * (f64::from(step) + c), advanced(state, h, row, &k)));
        }
        state = advanced(state, h, weights, &k);
    }
    state[2]
}

fn advanced(state: State, h: f64, weights: &[f64], k: &[State]) -> State {
    std::array::from_fn(|i| state[i] + h * weights.iter().zip(k).map(|(weight, k)| weight * k[i]).sum::<f64>())
}

#[test]
fn measured_orders_are_the_stated_ones() {
    for tableau in ErkTableau::all() {
        let propagated = (tableau.b, tableau.order);
        let embedded = tableau.b_hat.zip(tableau.embedded_order);
        for (weights, order) in [Some(propagated), embedded].into_iter().flatten() {
            let error = |steps| (integrate(tableau, weights, order, steps) - exact(order)).abs();
            let slope = (error(1) / error(2)).log2();
            assert!((slope - f64::from(order)).abs() < 0.02, "{}: order {order}, measured {slope:.4}", tableau.name);
        }
    }
}

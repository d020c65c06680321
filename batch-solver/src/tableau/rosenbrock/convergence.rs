//! Measured orders: the global error of real steps, in f64.

use super::tests::solutions;
use super::*;

/// A system of ordinary differential equations with a known solution.
trait Problem<const N: usize> {
    fn solution(&self, t: f64) -> [f64; N];
    fn derivative(&self, t: f64, y: [f64; N]) -> [f64; N];
    fn jacobian(&self, t: f64, y: [f64; N]) -> [[f64; N]; N];
    fn time_derivative(&self, t: f64, y: [f64; N]) -> [f64; N];
}

/// `u' = −2t u³ v²`, `v' = t u² v³`, solved by `u = 1/(1 + t²)` and `v = √(1 + t²)`.
struct Nonlinear;

impl Problem<2> for Nonlinear {
    fn solution(&self, t: f64) -> [f64; 2] {
        let square = 1.0 + t * t;
        [square.recip(), square.sqrt()]
    }

    fn derivative(&self, t: f64, y: [f64; 2]) -> [f64; 2] {
        self.time_derivative(t, y).map(|derivative| t * derivative)
    }

    fn jacobian(&self, t: f64, [u, v]: [f64; 2]) -> [[f64; 2]; 2] {
        [
            [-6.0 * t * u.powi(2) * v.powi(2), -4.0 * t * u.powi(3) * v],
            [2.0 * t * u * v.powi(3), 3.0 * t * u.powi(2) * v.powi(2)],
        ]
    }

    fn time_derivative(&self, _: f64, [u, v]: [f64; 2]) -> [f64; 2] {
        [-2.0 * u.powi(3) * v.powi(2), u.powi(2) * v.powi(3)]
    }
}

/// The problem of Prothero and Robinson, `y' = λ (y − sin t) + cos t` with `λ = −10⁵`, solved by `sin t`.
struct ProtheroRobinson;

const LAMBDA: f64 = -1e5;

impl Problem<1> for ProtheroRobinson {
    fn solution(&self, t: f64) -> [f64; 1] {
        [t.sin()]
    }

    fn derivative(&self, t: f64, [y]: [f64; 1]) -> [f64; 1] {
        [LAMBDA * (y - t.sin()) + t.cos()]
    }

    fn jacobian(&self, _: f64, _: [f64; 1]) -> [[f64; 1]; 1] {
        [[LAMBDA]]
    }

    fn time_derivative(&self, t: f64, _: [f64; 1]) -> [f64; 1] {
        [-LAMBDA * t.cos() - t.sin()]
    }
}

/// Where the integrations start: not at 0, where the solutions are even or odd.
const START: f64 = 0.5;

/// The largest error after any of `steps` steps from `START` to `START + 1` that advance with `weights`.
fn error<const N: usize>(problem: &impl Problem<N>, tableau: &RosenbrockTableau, weights: &[f64], steps: u32) -> f64 {
    let h = f64::from(steps).recip();
    let mut largest = 0.0_f64;
    let mut y = problem.solution(START);
    for step in 0..steps {
        let t = START + h * f64::from(step);
        let jacobian = problem.jacobian(t, y);
        let time_derivative = problem.time_derivative(t, y);
        let diagonal = (h * tableau.gamma).recip();
        let matrix: [[f64; N]; N] = std::array::from_fn(|row| {
            std::array::from_fn(|column| if row == column { diagonal } else { 0.0 } - jacobian[row][column])
        });
        let mut stages: Vec<[f64; N]> = Vec::with_capacity(tableau.stages());
        for stage in 0..tableau.stages() {
            let argument = added(y, tableau.a[stage], &stages);
            let derivative = problem.derivative(t + tableau.c[stage] * h, argument);
            let coupled = added([0.0; N], tableau.coupling[stage], &stages);
            let right = std::array::from_fn(|i| {
                derivative[i] + coupled[i] / h + tableau.time_weights[stage] * h * time_derivative[i]
            });
            stages.push(solved(matrix, right));
        }
        y = added(y, weights, &stages);
        let exact = problem.solution(START + h * f64::from(step + 1));
        largest = y.iter().zip(exact).map(|(y, exact)| (y - exact).abs()).fold(largest, f64::max);
    }
    largest
}

fn added<const N: usize>(start: [f64; N], weights: &[f64], stages: &[[f64; N]]) -> [f64; N] {
    std::array::from_fn(|i| start[i] + weights.iter().zip(stages).map(|(weight, u)| weight * u[i]).sum::<f64>())
}

/// Gaussian elimination with partial pivoting.
fn solved<const N: usize>(mut matrix: [[f64; N]; N], mut right: [f64; N]) -> [f64; N] {
    for column in 0..N {
        let larger = |&left: &usize, &other: &usize| matrix[left][column].abs().total_cmp(&matrix[other][column].abs());
        let pivot = (column..N).max_by(larger).expect("there is a row");
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..N {
            let factor = matrix[row][column] / matrix[column][column];
            let pivot_row = matrix[column];
            for (entry, pivot) in matrix[row].iter_mut().zip(pivot_row) {
                *entry -= factor * pivot;
            }
            right[row] -= factor * right[column];
        }
    }
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    right
}

/// The order that the errors of `steps` and of twice as many steps show.
fn measured<const N: usize>(
    problem: &impl Problem<N>,
    tableau: &RosenbrockTableau,
    weights: &[f64],
    steps: u32,
) -> f64 {
    (error(problem, tableau, weights, steps) / error(problem, tableau, weights, 2 * steps)).log2()
}

#[test]
fn measured_orders_are_the_stated_ones() {
    for tableau in RosenbrockTableau::all() {
        for (weights, order) in solutions(tableau) {
            let slope = measured(&Nonlinear, tableau, weights, 64);
            assert!((slope - f64::from(order)).abs() < 0.2, "{}: order {order}, measured {slope:.3}", tableau.name);
        }
    }
}

/// Where `h |λ|` is large the order falls, except for methods made for it.
#[test]
fn stiff_components_reduce_the_order_as_known() {
    for tableau in RosenbrockTableau::all() {
        let expected = match tableau.name {
            "rodas3" | "rodas4" | "rodas42" | "rodas5" => 1.0,
            "rosenbrock23" | "ros3p" | "rodas3p" | "ros34pw2" => 2.0,
            _ => 3.0,
        };
        let slope = measured(&ProtheroRobinson, tableau, tableau.b, 32);
        assert!((slope - expected).abs() < 0.2, "{}: {slope:.3}, not {expected}", tableau.name);
    }
}

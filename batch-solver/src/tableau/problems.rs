//! Systems of ordinary differential equations with known solutions, on which tests measure orders.

/// A system of ordinary differential equations with a known solution.
pub(super) trait Problem<const N: usize> {
    fn solution(&self, t: f64) -> [f64; N];
    fn derivative(&self, t: f64, y: [f64; N]) -> [f64; N];
    fn jacobian(&self, t: f64, y: [f64; N]) -> [[f64; N]; N];
    fn time_derivative(&self, t: f64, y: [f64; N]) -> [f64; N];
}

/// `u' = −2t u³ v²`, `v' = t u² v³`, solved by `u = 1/(1 + t²)` and `v = √(1 + t²)`.
pub(super) struct Nonlinear;

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
pub(super) struct ProtheroRobinson;

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

/// The largest error after any of `steps` steps from `START` to `START + 1`, where `step(t, h, y)` takes one.
pub(super) fn error<const N: usize>(
    problem: &impl Problem<N>,
    steps: u32,
    step: impl Fn(f64, f64, [f64; N]) -> [f64; N],
) -> f64 {
    let h = f64::from(steps).recip();
    let mut largest = 0.0_f64;
    let mut y = problem.solution(START);
    for index in 0..steps {
        y = step(START + h * f64::from(index), h, y);
        let exact = problem.solution(START + h * f64::from(index + 1));
        largest = y.iter().zip(exact).map(|(y, exact)| (y - exact).abs()).fold(largest, f64::max);
    }
    largest
}

/// The order that the errors of `steps` and of twice as many steps show.
pub(super) fn measured<const N: usize>(
    problem: &impl Problem<N>,
    steps: u32,
    step: impl Fn(f64, f64, [f64; N]) -> [f64; N],
) -> f64 {
    (error(problem, steps, &step) / error(problem, 2 * steps, &step)).log2()
}

/// `start + Σ_i weights_i stages_i`.
pub(super) fn added<const N: usize>(start: [f64; N], weights: &[f64], stages: &[[f64; N]]) -> [f64; N] {
    std::array::from_fn(|i| start[i] + weights.iter().zip(stages).map(|(weight, u)| weight * u[i]).sum::<f64>())
}

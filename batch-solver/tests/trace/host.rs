//! The formulas of methods and controllers, in Rust.

use batch_solver::{Algorithm, StepController, System};

use super::FORCING;

/// The coefficients of a method.
pub(crate) struct Method {
    pub(crate) a: Vec<Vec<f64>>,
    pub(crate) b: Vec<f64>,
    pub(crate) c: Vec<f64>,
    pub(crate) error: Vec<f64>,
    pub(crate) order: u32,
}

impl Method {
    pub(crate) fn of(algorithm: Algorithm) -> Self {
        let Algorithm::Erk(tableau) = algorithm else {
            return Self { a: vec![vec![]], b: vec![1.0], c: vec![0.0], error: vec![], order: 1 };
        };
        let a = (0..tableau.stages()).map(|row| (0..row).map(|column| tableau.coefficient(row, column)).collect());
        Self {
            a: a.collect(),
            b: tableau.b.to_vec(),
            c: tableau.c.to_vec(),
            error: tableau.error_weights().unwrap_or_default(),
            order: tableau.embedded_order.map_or(tableau.order, |embedded| embedded.min(tableau.order)),
        }
    }

    /// The derivatives of all stages of a step.
    pub(crate) fn stages(&self, system: &System, mu: f64, t: f64, h: f64, y: [f64; 2]) -> Vec<Vec<f64>> {
        let mut k: Vec<Vec<f64>> = Vec::new();
        for (row, c) in self.a.iter().zip(&self.c) {
            let argument = [0, 1].map(|i| y[i] + h * row.iter().zip(&k).map(|(a, k)| a * k[i]).sum::<f64>());
            k.push(system.evaluate(t + c * h, &argument, &[mu], &[FORCING]).unwrap());
        }
        k
    }
}

pub(crate) fn weighted(weights: &[f64], k: &[Vec<f64>], i: usize) -> f64 {
    weights.iter().zip(k).map(|(weight, k)| weight * k[i]).sum()
}

/// A controller's settings and memory.
pub(crate) struct Controller {
    pub(crate) kind: StepController,
    pub(crate) order: u32,
    pub(crate) bounds: Bounds,
    /// Squared norms of the last accepted steps that were not shortened, and the size of the last.
    pub(crate) norms: Vec<f64>,
    pub(crate) size: Option<f64>,
}

#[derive(Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) gain: (f64, f64),
    pub(crate) dead: (f64, f64),
    pub(crate) dt: (f64, f64),
}

pub(crate) const DEFAULTS: Bounds = Bounds { gain: (0.2, 10.0), dead: (1.0, 1.0), dt: (1e-12, 1e6) };
pub(crate) const SAFETY: f64 = 0.9;

impl Controller {
    pub(crate) fn gain(&self, norm: f64, accepted: bool, h: f64) -> f64 {
        let q = f64::from(self.order);
        let power = |norm: f64, gain: f64| norm.max(1e-14).powf(-gain / (2.0 * (q + 1.0)));
        let before = self.norms.last().copied().unwrap_or(norm);
        let earlier = self.norms.iter().rev().nth(1).copied().unwrap_or(before);
        let integral = (q + 1.0) / q;
        let gain = match (self.kind, accepted) {
            (StepController::I, _) => SAFETY * power(norm, 1.2),
            (StepController::Pi, true) => SAFETY * power(norm, 0.7 * integral) * power(before, -0.4 * integral),
            (StepController::Pi, false) => SAFETY * power(norm, 0.7 * integral),
            (StepController::Pid, true) => SAFETY * power(norm, 0.7) * power(before, -0.4) * power(earlier, 0.1),
            (StepController::Pid, false) => SAFETY * power(norm, 0.7),
            (_, accepted) => {
                let basic = SAFETY * power(norm, 1.0);
                match self.size.filter(|_| accepted) {
                    Some(size) => basic.min(SAFETY * h / size * power(norm * norm / before, 1.0)),
                    None => basic,
                }
            }
        };
        let gain = gain.clamp(self.bounds.gain.0, self.bounds.gain.1);
        let dead = self.bounds.dead.0 < self.bounds.dead.1 && (self.bounds.dead.0..=self.bounds.dead.1).contains(&gain);
        if accepted && dead { 1.0 } else { gain }
    }
}

pub(crate) fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs())
}

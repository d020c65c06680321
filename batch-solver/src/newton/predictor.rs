use buffer_runtime::{Buffer, Buffers, DeviceConstant, DeviceText};

use crate::device_tables::{braces, function};

/// Largest sum of the magnitudes of weights: guesses beyond magnify what is wrong with the values they are made of.
const LARGEST_AMPLIFICATION: f64 = 10.0;

/// The stages whose derivatives a polynomial goes through, and the abscissae of all stages.
#[derive(Clone, Debug, PartialEq)]
pub struct Nodes {
    abscissae: Vec<f64>,
    stages: Vec<usize>,
}

impl Nodes {
    /// The last stages with different abscissae: as many of them as extrapolate over a step of the same size without magnifying errors much. A method whose stages are a
    /// collocation polynomial takes them all.
    #[must_use]
    pub fn of(abscissae: &[f64], collocation: bool) -> Self {
        let mut distinct: Vec<usize> = Vec::new();
        for (stage, c) in abscissae.iter().enumerate().rev() {
            if distinct.iter().all(|other| abscissae.get(*other) != Some(c)) {
                distinct.push(stage);
            }
        }
        let mut nodes = Self { abscissae: abscissae.to_vec(), stages: distinct };
        while !collocation && nodes.stages.len() > 1 && nodes.amplification() > LARGEST_AMPLIFICATION {
            nodes.stages.pop();
        }
        nodes.stages.reverse();
        nodes
    }

    fn c(&self, stage: usize) -> f64 {
        self.abscissae.get(stage).copied().unwrap_or_default()
    }

    /// The product of 1 / (c_k − c_m) over the other nodes.
    fn scale(&self, stage: usize) -> f64 {
        let others = self.stages.iter().filter(|other| **other != stage);
        others.map(|other| (self.c(stage) - self.c(*other)).recip()).product()
    }

    fn amplification(&self) -> f64 {
        let weight = |x: f64, stage: usize| -> f64 {
            let others = self.stages.iter().filter(|other| **other != stage);
            self.scale(stage) * others.map(|other| x - self.c(*other)).product::<f64>()
        };
        let sum = |c: &f64| self.stages.iter().map(|stage| weight(1.0 + c, *stage).abs()).sum::<f64>();
        self.abscissae.iter().map(sum).fold(0.0, f64::max)
    }
}

impl DeviceConstant for Nodes {
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        let (s, count) = (self.abscissae.len(), self.stages.len());
        let numbers = |values: &mut dyn Iterator<Item = f64>| braces(values.map(|value| format!("{value:?}")));
        out.raw(&format!("struct {name} {{"));
        out.raw(&format!("    static constexpr int stages = {s}, count = {count};"));
        let abscissae = numbers(&mut self.abscissae.iter().copied());
        function(out, "double c(int j)", &format!("double values[{s}]"), &[abscissae], "[j]");
        out.raw("    /// Stage of node k.");
        let stages = braces(self.stages.iter().map(ToString::to_string));
        function(out, "int stage(int k)", &format!("int values[{count}]"), &[stages], "[k]");
        let scales = numbers(&mut self.stages.iter().map(|stage| self.scale(*stage)));
        function(out, "double scale(int k)", &format!("double values[{count}]"), &[scales], "[k]");
        out.raw("};");
    }
}

/// Compile settings of the predictor of stages: the stages of the step before, as a polynomial, evaluated where the new ones are.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "dense_predictor", template = "dense_predictor")]
pub struct DensePredictorConfig {
    /// State variables.
    #[input]
    pub n: usize,
    /// The stages, and which of them the polynomial goes through.
    #[input(device)]
    pub nodes: Nodes,
    /// Largest ratio of a step's size to that of the one before for which guesses are made.
    #[setting(default = 8.0, gt = 0.0)]
    pub largest_ratio: f64,
    /// Weight of each old stage in each new one.
    #[buffer(len = nodes.abscissae.len() * nodes.stages.len())]
    pub transform: Buffer,
    /// Old stages of one state.
    #[buffer(len = nodes.stages.len())]
    pub previous_values: Buffer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_distinct_and_do_not_magnify() {
        let radau = Nodes::of(&[0.155, 0.645, 1.0], true);
        assert_eq!(radau.stages, [0, 1, 2]);
        let repeated = Nodes::of(&[0.0, 0.5, 1.0, 1.0], false);
        assert!(!repeated.stages.contains(&2) && repeated.stages.contains(&3));
        assert!(repeated.amplification() <= LARGEST_AMPLIFICATION);
        let close = Nodes::of(&[0.98, 0.99, 1.0], false);
        assert_eq!(close.stages.len(), 1);
    }
}

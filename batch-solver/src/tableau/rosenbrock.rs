//! Temporary.
/// A method.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct RosenbrockTableau {
    pub name: &'static str,
    pub aliases: &'static [&'static str],
    pub order: u32,
    pub embedded_order: Option<u32>,
    pub gamma: f64,
    pub a: &'static [&'static [f64]],
    pub c_matrix: &'static [&'static [f64]],
    pub b: &'static [f64],
    pub b_hat: Option<&'static [f64]>,
    pub c: &'static [f64],
    pub d: &'static [f64],
}
#[allow(missing_docs, clippy::all)]
impl RosenbrockTableau {
    pub fn all() -> &'static [Self] { static ALL: [RosenbrockTableau; 1] = [RODAS4]; &ALL }
    pub fn named(name: &str) -> Result<&'static Self, ()> { Self::all().iter().find(|t| t.name == name.to_lowercase()).ok_or(()) }
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> { std::iter::once(self.name).chain(self.aliases.iter().copied()) }
    pub fn stages(&self) -> usize { self.b.len() }
    pub fn coefficient(&self, i: usize, j: usize) -> f64 { self.a.get(i).and_then(|r| r.get(j)).copied().unwrap_or(0.0) }
    pub fn coupling(&self, i: usize, j: usize) -> f64 { self.c_matrix.get(i).and_then(|r| r.get(j)).copied().unwrap_or(0.0) }
    pub fn error_weights(&self) -> Option<Vec<f64>> { self.b_hat.map(|h| self.b.iter().zip(h).map(|(b, h)| b - h).collect()) }
    pub fn repeats(&self, stage: usize) -> bool { stage > 0 && (0..self.stages()).all(|k| self.coefficient(stage, k) == self.coefficient(stage - 1, k)) && self.c[stage] == self.c[stage - 1] }
    pub fn continues(&self, row: usize) -> bool {
        let entry = |row: usize, k: usize| if row == self.stages() { self.b[k] } else { self.coefficient(row, k) };
        row > 1 && (0..row - 1).all(|k| entry(row, k) == entry(row - 1, k))
    }
}
const RODAS4: RosenbrockTableau = RosenbrockTableau { name: "rodas4", aliases: &[], order: 4, embedded_order: Some(3), gamma: 0.25,
  a: &[&[], &[1.544], &[0.9466785280815826, 0.2557011698983284], &[3.314825187068521, 2.896124015972201, 0.9986419139977817],
    &[1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950],
    &[1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0]],
  c_matrix: &[&[], &[-5.6688], &[-2.430093356833875, -0.2063599157091915], &[-0.1073529058151375, -9.594562251023355, -20.47028614809616],
    &[7.496443313967647, -10.24680431464352, -33.99990352819905, 11.70890893206160],
    &[8.083246795921522, -7.981132988064893, -31.52159432874371, 16.31930543123136, -6.058818238834054]],
  b: &[1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0, 1.0],
  b_hat: Some(&[1.221224509226641, 6.019134481288629, 12.53708332932087, -0.6878860361058950, 1.0, 0.0]),
  c: &[0.0, 0.386, 0.21, 0.63, 1.0, 1.0], d: &[0.25, -0.1043, 0.1035, -0.0362, 0.0, 0.0] };

//! Piecewise polynomials through equidistant samples.
//!
//! The independent variable is counted in periods from the beginning of each segment, so that it lies in 0…1 and the
//! period enters through given slopes only. Cubic splines are determined by their slopes at the samples: with
//! Δᵢ = yᵢ₊₁ − yᵢ, the second derivative is continuous where mᵢ₋₁ + 4mᵢ + mᵢ₊₁ = 3(Δᵢ₋₁ + Δᵢ).

/// What a cubic spline does at its ends.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Boundary {
    /// The second derivative is zero.
    Natural,
    /// Value, first and second derivative at the end are those at the beginning; the first and the last sample are equal.
    Periodic,
    /// The first derivative is given, per unit of time.
    Clamped {
        /// Slope at the first sample.
        start: f64,
        /// Slope at the last sample.
        end: f64,
    },
    /// The first two segments are one polynomial, and so are the last two: fourth order up to the ends.
    NotAKnot,
}

impl Boundary {
    /// Samples without which the spline is not determined.
    pub(super) fn least_samples(self) -> usize {
        match self {
            Self::Natural | Self::Clamped { .. } => 2,
            Self::Periodic => 3,
            Self::NotAKnot => 4,
        }
    }

    /// The interpolation, as a noun phrase for messages.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Natural => "a natural spline",
            Self::Periodic => "a periodic spline",
            Self::Clamped { .. } => "a clamped spline",
            Self::NotAKnot => "a not-a-knot spline",
        }
    }
}

/// Straight lines: for each segment the value at its beginning and the difference to its end.
pub(super) fn lines(y: &[f64]) -> Vec<[f64; 2]> {
    y.windows(2).map(|pair| [pair[0], pair[1] - pair[0]]).collect()
}

/// A cubic spline: for each segment the coefficients of the powers 0 to 3. `y` has at least as many samples as the
/// boundary needs.
pub(super) fn cubic(y: &[f64], boundary: Boundary, period: f64) -> Vec<[f64; 4]> {
    let steps: Vec<f64> = y.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let slopes = slopes(&steps, boundary, period);
    let segments = y.iter().zip(&steps).zip(slopes.windows(2));
    segments
        .map(|((&value, &step), slope)| {
            let (left, right) = (slope[0], slope[1]);
            [value, left, 3.0 * step - 2.0 * left - right, left + right - 2.0 * step]
        })
        .collect()
}

/// The slope at each sample.
fn slopes(steps: &[f64], boundary: Boundary, period: f64) -> Vec<f64> {
    let last = steps.len();
    let inner = |i: usize| [1.0, 4.0, 1.0, 3.0 * (steps[i - 1] + steps[i])];
    if boundary == Boundary::Periodic {
        let rows: Vec<Row> =
            (0..last).map(|i| [1.0, 4.0, 1.0, 3.0 * (steps[(i + last - 1) % last] + steps[i])]).collect();
        let mut slopes = solve_cyclic(rows);
        slopes.push(slopes[0]);
        return slopes;
    }
    let (first_row, last_row) = match boundary {
        Boundary::Natural => ([0.0, 2.0, 1.0, 3.0 * steps[0]], [1.0, 2.0, 0.0, 3.0 * steps[last - 1]]),
        Boundary::Clamped { start, end } => ([0.0, 1.0, 0.0, start * period], [0.0, 1.0, 0.0, end * period]),
        // The third derivatives of two segments are equal where m₀ − m₂ = 2(Δ₀ − Δ₁); the sum with the equation of the
        // sample between them is without m₂.
        _ => (
            [0.0, 1.0, 2.0, 2.5 * steps[0] + 0.5 * steps[1]],
            [2.0, 1.0, 0.0, 2.5 * steps[last - 1] + 0.5 * steps[last - 2]],
        ),
    };
    let mut rows: Vec<Row> = vec![first_row];
    rows.extend((1..last).map(inner));
    rows.push(last_row);
    solve(rows)
}

/// An equation of three neighbouring unknowns: the coefficients below, on and above the diagonal, and the right side.
type Row = [f64; 4];

/// Gaussian elimination without exchanges: stable here, as every pivot after the first is at least 1 − 2/3.5.
fn solve(mut rows: Vec<Row>) -> Vec<f64> {
    let mut before = [0.0; 2];
    for row in &mut rows {
        let [below, diagonal, above, right] = *row;
        let pivot = diagonal - below * before[0];
        before = [above / pivot, (right - below * before[1]) / pivot];
        (row[2], row[3]) = (before[0], before[1]);
    }
    let mut after = 0.0;
    for row in rows.iter_mut().rev() {
        after = row[3] - row[2] * after;
        row[3] = after;
    }
    rows.into_iter().map(|row| row[3]).collect()
}

/// As [`solve`], where the first equation reaches back to the last unknown and the last one on to the first, by the
/// formula of Sherman and Morrison: the two corners are a change of rank one of a tridiagonal matrix.
fn solve_cyclic(mut rows: Vec<Row>) -> Vec<f64> {
    let last = rows.len() - 1;
    let (corner_right, corner_left, shift) = (rows[0][0], rows[last][2], -rows[0][1]);
    rows[0][1] -= shift;
    rows[last][1] -= corner_left * corner_right / shift;
    let mut change = rows.clone();
    change.iter_mut().for_each(|row| row[3] = 0.0);
    change[0][3] = shift;
    change[last][3] = corner_left;
    let (solution, change) = (solve(rows), solve(change));
    let along = |x: &[f64]| x[0] + x[last] * corner_right / shift;
    let factor = along(&solution) / (1.0 + along(&change));
    solution.iter().zip(&change).map(|(x, z)| x - factor * z).collect()
}

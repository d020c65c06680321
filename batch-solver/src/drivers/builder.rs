//! Collecting and checking samples.

use buffer_runtime::names::nearest;

use super::spline::{self, Boundary};
use super::{Drivers, DriversError};

/// How far a time may be from where uniform times have it, in periods.
const UNIFORM: f64 = 1e-6;

/// How far the ends of a periodic driver may be apart, relative to its largest sample: rounding of what is periodic.
const EQUAL_ENDS: f64 = 1e-9;

/// Samples of drivers; [`DriversBuilder::build`] checks and interpolates them.
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct DriversBuilder {
    times: Times,
    columns: Vec<Column>,
    boundary: Option<Boundary>,
    boundaries: Vec<(String, Boundary)>,
    order: usize,
    wrap: bool,
}

#[derive(Clone, Debug)]
enum Times {
    Uniform { t0: f64, period: f64 },
    Listed(Vec<f64>),
}

#[derive(Clone, Debug)]
struct Column {
    name: String,
    samples: Vec<f64>,
}

impl DriversBuilder {
    pub(super) fn sampled(t0: f64, period: f64) -> Self {
        Self::new(Times::Uniform { t0, period })
    }

    pub(super) fn at_times(times: &[f64]) -> Self {
        Self::new(Times::Listed(times.to_vec()))
    }

    fn new(times: Times) -> Self {
        Self { times, columns: Vec::new(), boundary: None, boundaries: Vec::new(), order: 3, wrap: false }
    }

    /// Adds a driver with its samples. All drivers have equally many.
    pub fn column(mut self, name: impl Into<String>, samples: impl IntoIterator<Item = f64>) -> Self {
        self.columns.push(Column { name: name.into(), samples: samples.into_iter().collect() });
        self
    }

    /// Chooses the boundary of all splines that have none of their own: by default [`Boundary::Periodic`] for drivers
    /// that wrap and [`Boundary::NotAKnot`] for others.
    pub fn boundary(mut self, boundary: Boundary) -> Self {
        self.boundary = Some(boundary);
        self
    }

    /// Chooses the boundary of one driver's spline.
    pub fn boundary_of(mut self, name: impl Into<String>, boundary: Boundary) -> Self {
        self.boundaries.push((name.into(), boundary));
        self
    }

    /// Chooses the degree of the polynomials: 3, the default, for cubic splines, or 1 for straight lines.
    pub fn order(mut self, order: usize) -> Self {
        self.order = order;
        self
    }

    /// Repeats the drivers for all times: the last sample is at the beginning of the next repetition. Without this they
    /// are zero before the first sample and after the last.
    pub fn wrap(mut self, wrap: bool) -> Self {
        self.wrap = wrap;
        self
    }

    /// Checks the samples and interpolates them.
    ///
    /// # Errors
    /// The first of: no drivers, an order that is not offered, times that are not uniform, names twice, unequal numbers
    /// of samples, too few samples, values that are not finite, unequal ends of a periodic driver.
    pub fn build(&self) -> Result<Drivers, DriversError> {
        let Some(first) = self.columns.first() else { return Err(DriversError::NoDrivers) };
        if !matches!(self.order, 1 | 3) {
            return Err(DriversError::Order { order: self.order });
        }
        self.check_names()?;
        let (t0, period) = self.uniform_times()?;
        let samples = first.samples.len();
        for Column { name, samples: other } in &self.columns {
            if let Times::Listed(times) = &self.times
                && times.len() != other.len()
            {
                let (name, samples, times) = (name.clone(), other.len(), times.len());
                return Err(DriversError::SamplesAndTimes { name, samples, times });
            }
            if other.len() != samples {
                return Err(DriversError::UnequalLengths {
                    first: first.name.clone(),
                    first_len: samples,
                    other: name.clone(),
                    other_len: other.len(),
                });
            }
        }
        let (drivers, powers) = (self.columns.len(), self.order + 1);
        let total = samples.checked_mul(drivers).and_then(|count| count.checked_mul(powers));
        if total.is_none_or(|total| i32::try_from(total).is_err()) {
            return Err(DriversError::TooManySamples { samples, drivers });
        }
        let columns: Vec<Vec<f64>> =
            self.columns.iter().map(|column| self.interpolate(column, period)).collect::<Result<_, _>>()?;
        let segments = samples - 1;
        let mut coefficients = Vec::with_capacity(segments * drivers * powers);
        for segment in 0..segments {
            columns.iter().for_each(|column| coefficients.extend(&column[segment * powers..(segment + 1) * powers]));
        }
        let names = self.columns.iter().map(|column| column.name.clone()).collect();
        Ok(Drivers { names, t0, period, segments, order: self.order, wrap: self.wrap, coefficients })
    }

    fn check_names(&self) -> Result<(), DriversError> {
        let names = || self.columns.iter().map(|column| column.name.as_str());
        for (index, name) in names().enumerate() {
            if names().take(index).any(|earlier| earlier == name) {
                return Err(DriversError::DuplicateName { name: name.to_owned() });
            }
        }
        if self.order == 1 && (self.boundary.is_some() || !self.boundaries.is_empty()) {
            return Err(DriversError::BoundaryOfLines);
        }
        match self.boundaries.iter().find(|(name, _)| !names().any(|known| known == name)) {
            None => Ok(()),
            Some((name, _)) => Err(DriversError::UnknownBoundary {
                name: name.clone(),
                suggestion: nearest(name, names()).map(str::to_owned),
                known: names().map(str::to_owned).collect(),
            }),
        }
    }

    /// The time of the first sample and the time between samples.
    fn uniform_times(&self) -> Result<(f64, f64), DriversError> {
        let (t0, period) = match &self.times {
            Times::Uniform { t0, period } => (*t0, *period),
            Times::Listed(times) => uniform(times)?,
        };
        if !t0.is_finite() {
            return Err(DriversError::StartNotFinite { t0 });
        }
        // The inverse too: kernels multiply by it.
        if !(period.is_finite() && period > 0.0 && (1.0 / period).is_finite()) {
            return Err(DriversError::Period { period });
        }
        Ok((t0, period))
    }

    /// The coefficients of one driver by segment and power.
    fn interpolate(&self, column: &Column, period: f64) -> Result<Vec<f64>, DriversError> {
        let Column { name, samples } = column;
        let own = self.boundaries.iter().rev().find(|(of, _)| of == name).map(|(_, boundary)| *boundary);
        let default = if self.wrap { Boundary::Periodic } else { Boundary::NotAKnot };
        let chosen = own.or(self.boundary);
        let boundary = chosen.unwrap_or(default);
        let (needed, interpolation, remedy) = match self.order {
            1 => (2, "a line", "give more samples"),
            _ if boundary.least_samples() > 2 => {
                (boundary.least_samples(), boundary.phrase(), "give more, or choose a natural boundary or order 1")
            }
            _ => (2, boundary.phrase(), "give more samples"),
        };
        if samples.len() < needed {
            let (name, found) = (name.clone(), samples.len());
            return Err(DriversError::TooFewSamples { name, found, needed, interpolation, remedy });
        }
        if let Some(index) = samples.iter().position(|value| !value.is_finite()) {
            return Err(DriversError::NotFinite { name: name.clone(), index, value: samples[index] });
        }
        let coefficients: Vec<f64> = match self.order {
            1 => spline::lines(samples).into_flattened(),
            _ => spline::cubic(&with_boundary(column, boundary, chosen.is_none())?, boundary, period).into_flattened(),
        };
        match coefficients.iter().all(|value| value.is_finite()) {
            true => Ok(coefficients),
            false => Err(DriversError::TooLarge { name: name.clone() }),
        }
    }
}

/// The samples as the boundary needs them: of a periodic driver the last is the first. Whether the boundary is `implied`, not chosen, is for the message.
fn with_boundary(column: &Column, boundary: Boundary, implied: bool) -> Result<Vec<f64>, DriversError> {
    let Column { name, samples } = column;
    let mut samples = samples.clone();
    match boundary {
        Boundary::Clamped { start, end } => match [start, end].into_iter().find(|slope| !slope.is_finite()) {
            Some(slope) => Err(DriversError::SlopeNotFinite { name: name.clone(), slope }),
            None => Ok(samples),
        },
        Boundary::Periodic => {
            let largest = samples.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
            if let (Some(&first), Some(last)) = (column.samples.first(), samples.last_mut()) {
                // Halves, which do not overflow.
                if (first / 2.0 - *last / 2.0).abs() > EQUAL_ENDS / 2.0 * largest {
                    return Err(DriversError::UnequalEnds { name: name.clone(), first, last: *last, implied });
                }
                *last = first;
            }
            Ok(samples)
        }
        Boundary::Natural | Boundary::NotAKnot => Ok(samples),
    }
}

/// The first time and the distance of uniform times.
fn uniform(times: &[f64]) -> Result<(f64, f64), DriversError> {
    if let Some(index) = times.iter().position(|time| !time.is_finite()) {
        return Err(DriversError::TimeNotFinite { index, time: times[index] });
    }
    let [first, .., last] = times else { return Err(DriversError::TooFewTimes { found: times.len() }) };
    let (first, last) = (*first, *last);
    if first >= last {
        return Err(DriversError::TimesNotAscending { first, last });
    }
    let period = (last - first) / (times.len() - 1) as f64;
    // Times far from zero are rounded to their own precision.
    let tolerance = UNIFORM * period + 2.0 * f64::EPSILON * first.abs().max(last.abs());
    for (index, &time) in times.iter().enumerate() {
        let expected = first + index as f64 * period;
        if (time - expected).abs() > tolerance {
            return Err(DriversError::TimesNotUniform { index, time, expected });
        }
    }
    Ok((first, period))
}

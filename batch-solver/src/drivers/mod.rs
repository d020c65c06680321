//! Drivers: functions of time that act on a system and are known by samples.
//!
//! All runs of a batch share them. They are sampled at equal distances of time and interpolated by cubic splines, or by
//! straight lines. Before the first sample and after the last they are zero, unless they
//! [wrap](DriversBuilder::wrap), which repeats them for all times.
//!
//! ```
//! use batch_solver::{Drivers, System};
//!
//! let forced = System::builder("forced").equations("dx = wind - k*x").state("x", 0.0).constant("k", 0.5).driver("wind").build()?;
//! let drivers = Drivers::sampled(0.0, 0.5).column("wind", [0.0, 1.0, 4.0, 9.0, 16.0]).build()?.for_system(&forced)?;
//! assert_eq!(drivers.value("wind", 0.75), Some(2.25));
//! assert_eq!(drivers.value("wind", 3.0), Some(0.0));
//! assert_eq!(forced.evaluate_driven(0.75, &[1.0], &[], &[0.5], &drivers.values(0.75))?, [1.75]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod builder;
mod error;
mod spline;
#[cfg(test)]
mod tests;

use buffer_runtime::names::nearest;

use crate::system::System;

pub use builder::DriversBuilder;
pub use error::DriversError;
pub use spline::Boundary;

/// Functions of time, sampled at equal distances and interpolated.
///
/// [`Drivers::sampled`] and [`Drivers::at_times`] begin one.
#[derive(Clone, Debug, PartialEq)]
pub struct Drivers {
    names: Vec<String>,
    t0: f64,
    period: f64,
    segments: usize,
    order: usize,
    wrap: bool,
    coefficients: Vec<f64>,
}

impl Drivers {
    /// Drivers whose first sample is at `t0` and each further one `period` later.
    pub fn sampled(t0: f64, period: f64) -> DriversBuilder {
        DriversBuilder::sampled(t0, period)
    }

    /// Drivers sampled at the given times, which ascend uniformly: each is where equal distances from the first to the
    /// last would have it, up to a millionth of the distance.
    pub fn at_times(times: &[f64]) -> DriversBuilder {
        DriversBuilder::at_times(times)
    }

    /// Order of the polynomials between samples, unless another is asked for: cubic splines.
    pub const DEFAULT_ORDER: usize = 3;

    /// The names, in the order of the coefficients.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The time of the first sample.
    pub fn t0(&self) -> f64 {
        self.t0
    }

    /// The time between samples.
    pub fn period(&self) -> f64 {
        self.period
    }

    /// The time of the last sample.
    pub fn end(&self) -> f64 {
        self.t0 + self.segments as f64 * self.period
    }

    /// The segments between samples: one less than there are samples.
    pub fn segments(&self) -> usize {
        self.segments
    }

    /// The degree of the polynomials: 1 or 3.
    pub fn order(&self) -> usize {
        self.order
    }

    /// Whether the drivers repeat for all times.
    pub fn wraps(&self) -> bool {
        self.wrap
    }

    /// The coefficients by segment, driver and power, powers fastest; the variable of a segment is the time since its
    /// beginning over the period.
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// The same drivers in the order of the system's.
    ///
    /// # Errors
    /// When a driver is none of the system's (the nearest is named), or one of the system's is missing.
    pub fn for_system(&self, system: &System) -> Result<Self, DriversError> {
        if let Some(name) = self.names.iter().find(|name| !system.drivers().contains(name)) {
            return Err(DriversError::UnknownName {
                name: name.clone(),
                system: system.name().to_owned(),
                suggestion: nearest(name, system.drivers().iter().map(String::as_str)).map(str::to_owned),
                known: system.drivers().to_vec(),
            });
        }
        let mut places = Vec::with_capacity(self.names.len());
        for name in system.drivers() {
            match self.place(name) {
                Some(place) => places.push(place),
                None => {
                    let (name, system) = (name.clone(), system.name().to_owned());
                    return Err(DriversError::MissingName { name, system });
                }
            }
        }
        let powers = self.order + 1;
        let mut coefficients = Vec::with_capacity(self.coefficients.len());
        for segment in self.coefficients.chunks(self.names.len() * powers) {
            places.iter().for_each(|place| coefficients.extend(&segment[place * powers..(place + 1) * powers]));
        }
        Ok(Self { names: system.drivers().to_vec(), coefficients, ..self.clone() })
    }

    /// The value of a driver at a time; none if there is no driver of this name.
    pub fn value(&self, name: &str, t: f64) -> Option<f64> {
        let place = self.place(name)?;
        self.values(t).get(place).copied()
    }

    /// The values of all drivers at a time, operation by operation as in a kernel of double precision.
    pub fn values(&self, t: f64) -> Vec<f64> {
        let Some((coefficients, x)) = self.segment(t) else { return vec![0.0; self.names.len()] };
        let horner = |c: &[f64]| c.iter().rev().copied().reduce(|sum, c| sum.mul_add(x, c)).unwrap_or(0.0);
        coefficients.chunks(self.order + 1).map(horner).collect()
    }

    /// The derivatives of all drivers with respect to the time, operation by operation as in a kernel of double
    /// precision. At a sample, where straight lines have a kink, it is that of the segment that begins there.
    pub fn rates(&self, t: f64) -> Vec<f64> {
        let Some((coefficients, x)) = self.segment(t) else { return vec![0.0; self.names.len()] };
        let horner = |c: &[f64]| {
            let terms = c.iter().enumerate().skip(1).rev().map(|(power, c)| power as f64 * c);
            terms.reduce(|sum, term| sum.mul_add(x, term)).unwrap_or(0.0) * self.inverse_period()
        };
        coefficients.chunks(self.order + 1).map(horner).collect()
    }

    /// The coefficients of the segment of a time, and the place in it from 0 to 1; none outside of the samples.
    fn segment(&self, t: f64) -> Option<(&[f64], f64)> {
        let (count, powers) = (self.segments as f64, self.order + 1);
        let u = (t - self.t0) * self.inverse_period();
        let slack = 8.0 * f64::EPSILON * ((self.t0 * self.inverse_period()).abs() + count);
        let inside = self.wrap || (-slack..=count + slack).contains(&u);
        if !inside {
            return None;
        }
        let place = if self.wrap { (-count).mul_add((u * (1.0 / count)).floor(), u) } else { u };
        let place = if place > 0.0 { place.min(count) } else { 0.0 };
        let segment = (place as usize).min(self.segments - 1);
        let x = place - segment as f64;
        let first = segment * self.names.len() * powers;
        Some((&self.coefficients[first..first + self.names.len() * powers], x))
    }

    /// Whether there are samples around a time, rounding aside; drivers are 0 where there are none.
    pub fn covers(&self, t: f64) -> bool {
        self.segment(t).is_some()
    }

    /// What kernels multiply by to count periods.
    pub fn inverse_period(&self) -> f64 {
        1.0 / self.period
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }
}

//! Initial values and parameters as callers have them: in order, as an array, or by name.

use std::collections::HashSet;

use ndarray::{Array2, ArrayView2};

use super::{Batch, BatchError, Combine};
use crate::system::{Quantity, System};

/// Initial values or parameters of the runs of a batch, converted from what is at hand:
///
/// | what | means |
/// | --- | --- |
/// | `()` | the system's defaults |
/// | `[f64; N]`, `Vec<f64>`, `&[f64]` | one for each state or parameter in the system's order, the same in all runs |
/// | `Array2<f64>`, `ArrayView2<f64>` | variable × run: a row for each in the system's order, a column for each run |
/// | `[(name, value); N]`, `Vec<(name, value)>` | some by name, the rest with their defaults; a value is a number, or several to vary over ([`OneOrMany`]) |
///
/// ```
/// use batch_solver::{BatchValues, OneOrMany, linspace};
///
/// let in_order = BatchValues::from([1.0, 0.0, 0.0]);
/// let fixed = BatchValues::from([("x", 1.0), ("y", 0.5)]);
/// let mixed = BatchValues::from([("rho", OneOrMany::from(linspace(0.0, 21.0, 1000))), ("x", 1.0.into())]);
/// # let _ = (in_order, fixed, mixed);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum BatchValues {
    /// The system's defaults.
    #[default]
    Defaults,
    /// One for each in the system's order.
    InOrder(Vec<f64>),
    /// Variable × run.
    Runs(Array2<f64>),
    /// By name.
    Named(Vec<(String, OneOrMany)>),
}

/// A value for all runs, or several to vary over.
#[derive(Clone, Debug, PartialEq)]
pub enum OneOrMany {
    /// The same in all runs.
    One(f64),
    /// Varied over.
    Many(Vec<f64>),
}

impl From<()> for BatchValues {
    fn from((): ()) -> Self {
        Self::Defaults
    }
}

impl From<ArrayView2<'_, f64>> for BatchValues {
    fn from(values: ArrayView2<'_, f64>) -> Self {
        Self::Runs(values.to_owned())
    }
}

impl From<Array2<f64>> for BatchValues {
    fn from(values: Array2<f64>) -> Self {
        Self::Runs(values)
    }
}

impl From<&Array2<f64>> for BatchValues {
    fn from(values: &Array2<f64>) -> Self {
        Self::Runs(values.clone())
    }
}

impl From<f64> for OneOrMany {
    fn from(value: f64) -> Self {
        Self::One(value)
    }
}

macro_rules! from_lists {
    ($([$($generics:tt)*] $list:ty;)*) => {$(
        impl<$($generics)*> From<$list> for BatchValues {
            fn from(values: $list) -> Self {
                Self::InOrder(values.into())
            }
        }

        impl<$($generics)*> From<$list> for OneOrMany {
            fn from(values: $list) -> Self {
                Self::Many(values.into())
            }
        }
    )*};
}
from_lists! {
    [] Vec<f64>;
    [] &[f64];
    [const N: usize] [f64; N];
    [const N: usize] &[f64; N];
}

impl<S: Into<String>, V: Into<OneOrMany>> FromIterator<(S, V)> for BatchValues {
    fn from_iter<I: IntoIterator<Item = (S, V)>>(pairs: I) -> Self {
        Self::Named(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

impl<S: Into<String>, V: Into<OneOrMany>, const N: usize> From<[(S, V); N]> for BatchValues {
    fn from(pairs: [(S, V); N]) -> Self {
        pairs.into_iter().collect()
    }
}

impl<S: Into<String>, V: Into<OneOrMany>> From<Vec<(S, V)>> for BatchValues {
    fn from(pairs: Vec<(S, V)>) -> Self {
        pairs.into_iter().collect()
    }
}

/// One of the two things a caller gives.
struct Slot<'a> {
    kind: &'static str,
    quantities: &'a [Quantity],
}

impl Slot<'_> {
    fn names(&self) -> impl Iterator<Item = String> {
        self.quantities.iter().map(|quantity| quantity.name.clone())
    }

    fn has(&self, name: &str) -> bool {
        self.quantities.iter().any(|quantity| quantity.name == name)
    }
}

impl Batch {
    /// The runs of a system that these initial values and parameters make. In a grid each varied name is an axis, initial values before parameters, the last one
    /// fastest; an array of several columns is one axis.
    ///
    /// ```
    /// use batch_solver::{Batch, Combine, System};
    /// use ndarray::array;
    ///
    /// let decay = System::builder("decay").equations("dx = -k*x").state("x", 1.0).parameter("k", 1.0).build()?;
    /// let batch = Batch::of(&decay, [2.0], [("k", [0.5, 1.0, 2.0])], Combine::Grid)?;
    /// assert_eq!(batch, Batch::grid().fix("x", 2.0).vary("k", [0.5, 1.0, 2.0]));
    /// let pairs = Batch::of(&decay, array![[1.0, 2.0]], array![[0.5, 1.0]], Combine::Zip)?;
    /// assert_eq!(pairs.runs()?, 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When a list or array has not one value or row for each, a name is unknown (the nearest is named), given twice or given to the wrong one of the two, values are
    /// not finite, or [`runs`](Self::runs) refuses their numbers.
    pub fn of(
        system: &System,
        y0: impl Into<BatchValues>,
        parameters: impl Into<BatchValues>,
        combine: Combine,
    ) -> Result<Self, BatchError> {
        let initial = Slot { kind: "initial values", quantities: system.states() };
        let own = Slot { kind: "parameters", quantities: system.parameters() };
        let batch = Self::combining(combine).with(system, &initial, &own, y0.into())?;
        let batch = batch.with(system, &own, &initial, parameters.into())?;
        batch.check(system)?;
        Ok(batch)
    }

    /// Adds the values of one slot.
    fn with(self, system: &System, slot: &Slot<'_>, other: &Slot<'_>, values: BatchValues) -> Result<Self, BatchError> {
        let count = |given: usize, rows: bool| match given == slot.quantities.len() {
            true => Ok(()),
            false => {
                let system = system.name().to_owned();
                Err(BatchError::WrongCount { kind: slot.kind, system, given, rows, names: slot.names().collect() })
            }
        };
        match values {
            BatchValues::Defaults => Ok(self),
            BatchValues::InOrder(values) => {
                count(values.len(), false)?;
                Ok(slot.names().zip(values).fold(self, |batch, (name, value)| batch.fix(name, value)))
            }
            BatchValues::Runs(values) => {
                count(values.nrows(), true)?;
                let rows = slot.names().zip(values.rows());
                if values.ncols() == 1 {
                    Ok(rows.fold(self, |batch, (name, row)| batch.fix(name, row[0])))
                } else {
                    Ok(self.vary_together(rows.map(|(name, row)| (name, row.to_vec()))))
                }
            }
            BatchValues::Named(values) => {
                let mut given = HashSet::new();
                let mut batch = self;
                for (name, value) in values {
                    if !slot.has(&name) && other.has(&name) {
                        let system = system.name().to_owned();
                        return Err(BatchError::Misplaced { name, system, kind: slot.kind, other: other.kind });
                    }
                    if !given.insert(name.clone()) {
                        return Err(BatchError::GivenTwice { name });
                    }
                    batch = match value {
                        OneOrMany::One(value) => batch.fix(name, value),
                        OneOrMany::Many(values) => batch.vary(name, values),
                    };
                }
                Ok(batch)
            }
        }
    }
}

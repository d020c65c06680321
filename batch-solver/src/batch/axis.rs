//! Values of one name, as typed on a command line.

use std::str::FromStr;

use super::{NumbersError, linspace, logspace, read_numbers};

/// A name with the values it takes, written `rho=0:21:1024`.
///
/// * `low:high:count`: evenly spaced, both ends included.
/// * `log:low:high:count`: evenly spaced logarithms, both ends included.
/// * `a,b,c` or a single number: these values.
/// * `@values.npy`, `@values.csv` or `@values.txt`: those of a file, as [`read_numbers`] reads them, from the working directory if no other is named.
///
/// ```
/// use batch_solver::{Axis, Batch};
///
/// let axis: Axis = "k=log:1:100:3".parse()?;
/// assert_eq!((axis.name.as_str(), axis.values.as_slice()), ("k", &[1.0, 10.0, 100.0][..]));
/// let batch = Batch::grid().vary(axis.name, axis.values);
/// assert_eq!(batch.runs()?, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The state or parameter.
    pub name: String,
    /// Its values.
    pub values: Vec<f64>,
}

/// A text that describes no values.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AxisError {
    /// There is no `=`, or nothing before it.
    #[error("`{text}` names nothing: write `name=low:high:count`, for example `rho=0:21:1024`")]
    NoName {
        /// The text.
        text: String,
    },
    /// Neither a range nor a list of numbers.
    #[error(
        "`{values}` are no values for `{name}`: write `low:high:count`, `log:low:high:count`, `a,b,c` or `@file.csv`"
    )]
    NoValues {
        /// The name.
        name: String,
        /// What stands for the values.
        values: String,
    },
    /// A number that is none, or not finite.
    #[error("`{number}` in the values of `{name}` is not a finite number")]
    NotANumber {
        /// The name.
        name: String,
        /// What stands for the number.
        number: String,
    },
    /// A count that is none.
    #[error("`{count}` in the values of `{name}` is no count: a range needs a whole number of values from 1 to {max}", max = Axis::MAX_COUNT)]
    NotACount {
        /// The name.
        name: String,
        /// What stands for the count.
        count: String,
    },
    /// A logarithmic range with an end that has no logarithm.
    #[error("the logarithmic range `{values}` of `{name}` needs two positive ends")]
    NoLogarithm {
        /// The name.
        name: String,
        /// The range.
        values: String,
    },
    /// No file after `@`.
    #[error("`{name}=@` names no file: write one after `@`, as in `{name}=@values.csv`")]
    NoFile {
        /// The name.
        name: String,
    },
    /// A file without values.
    #[error("no values for `{name}`: {problem}")]
    File {
        /// The name.
        name: String,
        /// What is wrong with the file, and where.
        problem: NumbersError,
    },
}

impl Axis {
    /// The most values a range may have: 2^28.
    pub const MAX_COUNT: u64 = 1 << 28;
}

impl FromStr for Axis {
    type Err = AxisError;

    fn from_str(text: &str) -> Result<Self, AxisError> {
        let (name, values) = text
            .split_once('=')
            .map(|(name, values)| (name.trim(), values.trim()))
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| AxisError::NoName { text: text.to_owned() })?;
        if let Some(file) = values.strip_prefix('@') {
            if file.trim().is_empty() {
                return Err(AxisError::NoFile { name: name.to_owned() });
            }
            return match read_numbers(file) {
                Ok(values) => Ok(Self { name: name.to_owned(), values }),
                Err(problem) => Err(AxisError::File { name: name.to_owned(), problem }),
            };
        }
        let number = |text: &str| {
            text.trim()
                .parse::<f64>()
                .ok()
                .filter(|number| number.is_finite())
                .ok_or_else(|| AxisError::NotANumber { name: name.to_owned(), number: text.trim().to_owned() })
        };
        let count = |text: &str| {
            let count = text.trim().parse::<u64>().ok().filter(|count| (1..=Self::MAX_COUNT).contains(count));
            count
                .and_then(|count| usize::try_from(count).ok())
                .ok_or_else(|| AxisError::NotACount { name: name.to_owned(), count: text.trim().to_owned() })
        };
        let parts: Vec<&str> = values.split(':').collect();
        let values = match parts.as_slice() {
            [""] => return Err(AxisError::NoValues { name: name.to_owned(), values: values.to_owned() }),
            [list] => list.split(',').map(number).collect::<Result<_, _>>()?,
            [kind, low, high, values_count] if kind.trim() == "log" => {
                let (low, high, count) = (number(low)?, number(high)?, count(values_count)?);
                if low <= 0.0 || high <= 0.0 {
                    return Err(AxisError::NoLogarithm { name: name.to_owned(), values: values.to_owned() });
                }
                logspace(low, high, count)
            }
            [low, high, values_count] if low.trim() != "log" => {
                linspace(number(low)?, number(high)?, count(values_count)?)
            }
            _ => return Err(AxisError::NoValues { name: name.to_owned(), values: values.to_owned() }),
        };
        Ok(Self { name: name.to_owned(), values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Result<Vec<f64>, AxisError> {
        text.parse::<Axis>().map(|axis| axis.values)
    }

    #[test]
    fn ranges_lists_and_numbers() {
        assert_eq!(values("rho=0:21:4").unwrap(), [0.0, 7.0, 14.0, 21.0]);
        assert_eq!(values(" rho = 3 : 1 : 3 ").unwrap(), [3.0, 2.0, 1.0]);
        assert_eq!(values("rho=2,1,1e3").unwrap(), [2.0, 1.0, 1000.0]);
        assert_eq!(values("rho=-5").unwrap(), [-5.0]);
        assert_eq!(values("rho=log:0.01:100:5").unwrap(), [0.01, 0.1, 1.0, 10.0, 100.0]);
        assert_eq!(values("rho=1:9:1").unwrap(), [1.0]);
    }

    #[test]
    fn values_come_from_files() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rho.csv");
        let axis = format!("rho=@{}", file.display());
        std::fs::write(&file, "14\n28\n").unwrap();
        assert_eq!(values(&axis).unwrap(), [14.0, 28.0]);
        std::fs::write(&file, "14\nlots\n").unwrap();
        let message = values(&axis).unwrap_err().to_string();
        let expected = format!("no values for `rho`: {}:2:1: `lots` is not a finite number", file.display());
        assert!(message.starts_with(&expected), "{message}");
        let message = values("rho=@ ").unwrap_err().to_string();
        assert!(message.starts_with("`rho=@` names no file: write one after `@`"), "{message}");
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(matches!(values("0:1:2"), Err(AxisError::NoName { .. })));
        assert!(matches!(values("=0:1:2"), Err(AxisError::NoName { .. })));
        for text in ["a=", "a=0:1", "a=log:1:2", "a=1:2:3:4", "a=log:1:2:3:4"] {
            assert!(matches!(values(text), Err(AxisError::NoValues { .. })), "{text}");
        }
        for text in ["a=x", "a=0:y:2", "a=1,,2", "a=inf", "a=nan:1:2"] {
            assert!(matches!(values(text), Err(AxisError::NotANumber { .. })), "{text}");
        }
        for text in ["a=0:1:0", "a=0:1:1.5", "a=0:1:-2", "a=0:1:99999999999999"] {
            assert!(matches!(values(text), Err(AxisError::NotACount { .. })), "{text}");
        }
        assert!(matches!(values("a=log:0:1:3"), Err(AxisError::NoLogarithm { .. })));
        let text = values("rho=0:z:2").unwrap_err().to_string();
        assert!(text.contains("`z`") && text.contains("`rho`"), "{text}");
    }
}

//! Tables read back, or kept: columns of numbers by name.

use indexmap::IndexMap;

use super::Table;

/// Columns of equally many numbers, by name: a [table](Self::push) with its values, whether it was just made or read from a file.
///
/// Rows are ordered by run, then by time.
///
/// ```
/// use batch_solver::Frame;
///
/// let frame = Frame::new([("rho", vec![14.0, 28.0]), ("x", vec![0.5, -0.25])])?;
/// assert_eq!(frame.rows(), 2);
/// assert_eq!(frame.column("x")?, [0.5, -0.25]);
/// assert!(frame.column("roh").unwrap_err().to_string().contains("did you mean `rho`?"));
/// # Ok::<(), batch_solver::table::FrameError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    columns: IndexMap<String, Vec<f64>>,
    varied: Option<usize>,
}

/// Columns that are not there, or make no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FrameError {
    /// No column of a name.
    #[error("there is no column `{name}`{}; there are {}", .suggestion.as_ref().map_or_else(String::new, |name| format!(" (did you mean `{name}`?)")), .known.join(", "))]
    NoColumn {
        /// The name asked for.
        name: String,
        /// The nearest there is.
        suggestion: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// Columns of different lengths.
    #[error("the columns of a table have equally many values: `{first}` has {first_len}, `{other}` {other_len}")]
    UnequalLengths {
        /// One column.
        first: String,
        /// Its number of values.
        first_len: usize,
        /// Another column.
        other: String,
        /// Its number of values.
        other_len: usize,
    },
    /// Rows of other columns than those there are.
    #[error("all rows of a table have the same columns: there are {}, but these have {}", .expected.join(", "), .found.join(", "))]
    OtherColumns {
        /// The columns there are.
        expected: Vec<String>,
        /// Those of the rows.
        found: Vec<String>,
    },
    /// One name twice.
    #[error("there are two columns `{name}`: name each once")]
    NameTwice {
        /// The name.
        name: String,
    },
}

impl Frame {
    /// A table of these columns.
    ///
    /// # Errors
    /// When their lengths differ, or two have one name.
    pub fn new<N: Into<String>>(columns: impl IntoIterator<Item = (N, Vec<f64>)>) -> Result<Self, FrameError> {
        let mut frame = Self::default();
        for (name, values) in columns {
            let name = name.into();
            if let Some((first, other)) = frame.columns.first()
                && other.len() != values.len()
            {
                return Err(FrameError::UnequalLengths {
                    first: first.clone(),
                    first_len: other.len(),
                    other: name,
                    other_len: values.len(),
                });
            }
            if frame.columns.contains_key(&name) {
                return Err(FrameError::NameTwice { name });
            }
            frame.columns.insert(name, values);
        }
        Ok(frame)
    }

    /// The same, knowing that the first so many columns are what was varied from run to run.
    #[must_use]
    pub fn with_varied(mut self, varied: usize) -> Self {
        self.varied = Some(varied);
        self
    }

    /// How many columns, the first ones, were varied from run to run, where that is known.
    pub fn varied(&self) -> Option<usize> {
        self.varied
    }

    /// Appends the rows of a table, such as that of a part of a batch; the first gives the columns.
    ///
    /// # Errors
    /// When it has other columns than there are; nothing is appended then.
    pub fn push(&mut self, table: &Table<'_>) -> Result<(), FrameError> {
        let found = table.columns();
        if self.columns.is_empty() {
            *self = Self::new(found.into_iter().map(|name| (name, Vec::new())))?.with_varied(table.varied.len());
        } else if !self.names().eq(found.iter().map(String::as_str)) {
            let expected = self.names().map(str::to_owned).collect();
            return Err(FrameError::OtherColumns { expected, found });
        }
        let mut gathered = Vec::new();
        for (values, column) in self.columns.values_mut().zip(table.parts()) {
            for runs in table.groups() {
                table.gather_rows(column, &runs, &mut gathered);
                values.extend_from_slice(&gathered);
            }
        }
        Ok(())
    }

    /// The names of the columns, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.keys().map(String::as_str)
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, values)| values.len())
    }

    /// The values of a column.
    ///
    /// # Errors
    /// When there is none of this name; the nearest is named.
    pub fn column(&self, name: &str) -> Result<&[f64], FrameError> {
        self.columns.get(name).map(Vec::as_slice).ok_or_else(|| FrameError::NoColumn {
            name: name.to_owned(),
            suggestion: buffer_runtime::names::nearest(name, self.names()).map(str::to_owned),
            known: self.names().map(str::to_owned).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_one_length_and_names_of_their_own() {
        let error = Frame::new([("a", vec![1.0]), ("b", vec![])]).unwrap_err();
        assert!(matches!(error, FrameError::UnequalLengths { .. }), "{error}");
        let error = Frame::new([("a", vec![1.0]), ("a", vec![2.0])]).unwrap_err();
        assert_eq!(error, FrameError::NameTwice { name: "a".to_owned() });
        assert_eq!(Frame::default().rows(), 0);
    }
}

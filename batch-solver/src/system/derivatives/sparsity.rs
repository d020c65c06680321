//! Which entries of a Jacobian there are.

/// The entries of the Jacobian `∂f/∂y` that are not zero for every state, time and parameter, as far as the structure
/// of the equations tells.
///
/// Entries are ordered row by row, by ascending column in each row; that is the order of results of
/// [`System::jacobian_program`](super::super::System::jacobian_program).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sparsity {
    /// Where each row begins among `columns`, and where the last one ends.
    starts: Vec<usize>,
    columns: Vec<usize>,
}

impl Sparsity {
    /// A pattern from the ascending columns of each row.
    pub(crate) fn new(rows: &[Vec<usize>]) -> Self {
        let mut starts = vec![0];
        let mut columns = Vec::new();
        for row in rows {
            columns.extend_from_slice(row);
            starts.push(columns.len());
        }
        Self { starts, columns }
    }

    /// The pattern of the matrix whose block in row `i` and column `j` of `stages × stages` has this pattern.
    pub(crate) fn coupled(&self, stages: usize) -> Self {
        let row = |columns: &[usize]| -> Vec<usize> {
            (0..stages).flat_map(|stage| columns.iter().map(move |column| stage * self.n() + column)).collect()
        };
        let rows: Vec<Vec<usize>> = (0..stages).flat_map(|_| self.rows().map(row).collect::<Vec<_>>()).collect();
        Self::new(&rows)
    }

    /// The number of states: of rows, and of columns.
    #[must_use]
    pub fn n(&self) -> usize {
        self.starts.len() - 1
    }

    /// The number of entries.
    #[must_use]
    pub fn nonzeros(&self) -> usize {
        self.columns.len()
    }

    /// The columns of a row's entries, ascending; empty if there is no such row.
    #[must_use]
    pub fn row(&self, row: usize) -> &[usize] {
        self.range(row).and_then(|range| self.columns.get(range)).unwrap_or_default()
    }

    /// The columns of each row's entries.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[usize]> {
        (0..self.n()).map(|row| self.row(row))
    }

    /// Row and column of each entry, row by row.
    pub fn positions(&self) -> impl Iterator<Item = (usize, usize)> {
        self.rows().enumerate().flat_map(|(row, columns)| columns.iter().map(move |&column| (row, column)))
    }

    /// The index among the entries of the one at a position; `None` if there the Jacobian is zero.
    #[must_use]
    pub fn position(&self, row: usize, column: usize) -> Option<usize> {
        let start = self.range(row)?.start;
        self.row(row).binary_search(&column).ok().map(|index| start + index)
    }

    fn range(&self, row: usize) -> Option<std::ops::Range<usize>> {
        Some(*self.starts.get(row)?..*self.starts.get(row + 1)?)
    }
}

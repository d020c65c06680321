//! Symbolic factorisation: in which order a sparse matrix is eliminated, and what that fills in.

use std::collections::BTreeSet;

use crate::system::Sparsity;

/// The factorisation of `β·I − α·J` for every matrix `J` of one pattern: `P(β·I − α·J)Pᵀ = L·U`, pivots on the diagonal.
///
/// The order of elimination is one of approximate minimum degree (P. Amestoy, T. Davis, I. Duff, SIAM J. Matrix Anal. Appl. 17 (1996) 886–905). There is no search for
/// pivots: for the matrices of implicit steps the diagonal dominates until steps are long, and every lane of a vector has to do the same operations.
///
/// The factors are one array: the entries of the Jacobian keep their places (row by row), then come the entries that elimination adds. Rows and columns are numbered as
/// those of the Jacobian, not in the order of elimination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SparseLu {
    n: usize,
    jacobian_nonzeros: usize,
    nonzeros: usize,
    rows: Vec<Row>,
}

/// One row of the factors, in the order of elimination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Number of the row in the matrix.
    pub(super) index: usize,
    /// Places of the row's entries, with their columns, in the order of elimination of the columns.
    pub(super) entries: Vec<Entry>,
    /// Position of the pivot within `entries`: what is before belongs to L, what is after to U.
    pub(super) pivot: usize,
    /// What subtracts earlier rows from this one, one for each entry of L.
    pub(super) eliminations: Vec<Elimination>,
}

impl Row {
    /// A multiplier and the updates of each elimination, the sum that makes the pivot, and its inverse.
    pub(super) fn factor_statements(&self) -> usize {
        2 + self.eliminations.iter().map(|one| 1 + one.updates.len()).sum::<usize>()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) column: usize,
    pub(super) place: usize,
}

/// Subtracts a multiple of an earlier row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Elimination {
    /// Entry of L, as a position within the row's entries.
    pub(super) factor: usize,
    /// Place of the earlier row's inverse pivot.
    pub(super) pivot: usize,
    /// Entries of this row (positions within it) and those of the earlier row (places) that change them.
    pub(super) updates: Vec<(usize, usize)>,
}

impl SparseLu {
    /// The factorisation for Jacobians of a pattern.
    #[must_use]
    pub fn new(pattern: &Sparsity) -> Self {
        Self::in_order(pattern, &elimination_order(pattern))
    }

    /// The factorisation with rows and columns eliminated in a given order.
    pub(super) fn in_order(pattern: &Sparsity, order: &[usize]) -> Self {
        let n = pattern.n();
        let jacobian_nonzeros = pattern.nonzeros();
        let mut turn = vec![0; n];
        for (k, &index) in order.iter().enumerate() {
            turn[index] = k;
        }
        let mut nonzeros = jacobian_nonzeros;
        let mut rows: Vec<Row> = Vec::with_capacity(n);
        for &index in order {
            // By turn of the columns.
            let mut columns: BTreeSet<usize> = pattern.row(index).iter().map(|&column| turn[column]).collect();
            columns.insert(turn[index]);
            let mut next = columns.first().copied();
            while let Some(k) = next.filter(|&k| k < turn[index]) {
                let earlier = &rows[k];
                columns.extend(earlier.entries[earlier.pivot + 1..].iter().map(|entry| turn[entry.column]));
                next = columns.range(k + 1..).next().copied();
            }
            let entries: Vec<Entry> = columns
                .iter()
                .map(|&k| {
                    let column = order[k];
                    let place = pattern.position(index, column).unwrap_or_else(|| {
                        nonzeros += 1;
                        nonzeros - 1
                    });
                    Entry { column, place }
                })
                .collect();
            let position = |column: usize| entries.binary_search_by_key(&turn[column], |entry| turn[entry.column]);
            let pivot = position(index).unwrap_or(0);
            let eliminations = (0..pivot)
                .map(|factor| {
                    let earlier = &rows[turn[entries[factor].column]];
                    let updates = earlier.entries[earlier.pivot + 1..]
                        .iter()
                        .filter_map(|entry| Some((position(entry.column).ok()?, entry.place)))
                        .collect();
                    Elimination { factor, pivot: earlier.entries[earlier.pivot].place, updates }
                })
                .collect();
            rows.push(Row { index, entries, pivot, eliminations });
        }
        Self { n, jacobian_nonzeros, nonzeros, rows }
    }

    /// Unknowns.
    #[must_use]
    pub fn n(&self) -> usize {
        self.n
    }

    /// Entries of the Jacobian.
    #[must_use]
    pub fn jacobian_nonzeros(&self) -> usize {
        self.jacobian_nonzeros
    }

    /// Entries of L and U together, the unit diagonal of L left out: the length of the array of factors.
    #[must_use]
    pub fn nonzeros(&self) -> usize {
        self.nonzeros
    }

    /// Statements of a factorisation and of a solution for one right-hand side: loads, stores and changes of sign left out.
    #[must_use]
    pub fn statements(&self) -> usize {
        self.factor_statements() + self.solve_statements()
    }

    /// Statements of a factorisation.
    #[must_use]
    pub fn factor_statements(&self) -> usize {
        self.rows.iter().map(Row::factor_statements).sum()
    }

    /// Statements of a solution for one right-hand side.
    #[must_use]
    pub fn solve_statements(&self) -> usize {
        self.nonzeros
    }

    /// Rows in the order of elimination.
    pub(super) fn rows(&self) -> &[Row] {
        &self.rows
    }
}

/// The order in which unknowns are eliminated.
fn elimination_order(pattern: &Sparsity) -> Vec<usize> {
    let n = pattern.n();
    let mut starts = vec![0_i64];
    let mut columns: Vec<i64> = Vec::with_capacity(pattern.nonzeros());
    for row in 0..n {
        // With the diagonal, which β·I fills.
        let of_row: BTreeSet<usize> = pattern.row(row).iter().copied().chain([row]).collect();
        columns.extend(of_row.into_iter().map(|column| column as i64));
        starts.push(columns.len() as i64);
    }
    // The order of a matrix is that of its transpose, so it does not matter that these are rows. The pattern is sorted and within bounds: what is refused is none.
    match amd::order(n as i64, &starts, &columns, &amd::Control::default()) {
        Ok((order, _, _)) => order.into_iter().map(|index| index as usize).collect(),
        Err(_) => (0..n).collect(),
    }
}

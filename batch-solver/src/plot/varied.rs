//! How many of the first columns were varied, where nobody says.

use std::collections::HashMap;

use super::columns::Column;

/// The column of durations, which comes behind what is varied.
const DURATION: &str = "duration";

/// How many of a table's columns before `status`, of one row for each run, say what differs from run to run; one is left to be drawn.
///
/// What a run gives follows from what was varied, so the varied columns tell all different rows apart: they are the fewest first ones that do. A grid of any number of columns is found by that,
/// and what was drawn at random only up to the column with which no two rows are alike. Beyond these, an initial value `x_0` before a state `x` is varied, as are durations, and what comes before either.
pub(super) fn first_columns(columns: &[Column<'_>]) -> usize {
    let is_initial = |index: usize| {
        let state = columns[index].0.strip_suffix("_0");
        state.is_some_and(|state| columns[index..].iter().any(|(name, _)| *name == state))
    };
    let is_named = |index: &usize| is_initial(*index) || columns[*index].0 == DURATION;
    let named = (0..columns.len()).rev().find(is_named).map_or(0, |last| last + 1);
    named.max(telling_apart(columns)).min(columns.len().saturating_sub(1))
}

/// The fewest first columns that tell as many rows apart as all do.
fn telling_apart(columns: &[Column<'_>]) -> usize {
    let rows = columns.first().map_or(0, |(_, values)| values.len());
    // The rows that are alike so far have one number.
    let mut alike = vec![0_usize; rows];
    let (mut fewest, mut most) = (0, rows.min(1));
    for (index, (_, values)) in columns.iter().enumerate() {
        if most == rows {
            break;
        }
        let mut kinds = HashMap::new();
        for (kind, value) in alike.iter_mut().zip(*values) {
            let next = kinds.len();
            *kind = *kinds.entry((*kind, value.to_bits())).or_insert(next);
        }
        if kinds.len() > most {
            (fewest, most) = (index + 1, kinds.len());
        }
    }
    fewest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns of so many values each: all combinations, the last fastest, and two results of them.
    fn grid(counts: &[usize]) -> Vec<(String, Vec<f64>)> {
        let rows: usize = counts.iter().product();
        let mut stride = rows;
        let mut columns = Vec::new();
        for (index, count) in counts.iter().enumerate() {
            stride /= count;
            columns.push((format!("p{index}"), (0..rows).map(|row| (row / stride % count) as f64).collect()));
        }
        columns.push(("x".to_owned(), (0..rows).map(|row| (row as f64).sin()).collect()));
        columns.push(("y".to_owned(), vec![1.0; rows]));
        columns
    }

    fn found(columns: &[(String, Vec<f64>)]) -> usize {
        first_columns(&columns.iter().map(|(name, values)| (name.as_str(), values.as_slice())).collect::<Vec<_>>())
    }

    #[test]
    fn grids_of_any_number_of_columns_are_found() {
        for counts in [&[5][..], &[3, 4], &[3, 3, 3], &[2, 1, 3], &[2, 2, 2, 2]] {
            let mut columns = grid(counts);
            assert_eq!(found(&columns), counts.len(), "{counts:?}");
            // So is what an interrupted solve left.
            let rows = columns[0].1.len();
            columns.iter_mut().for_each(|(_, values)| values.truncate(rows - 1));
            assert_eq!(found(&columns), counts.len(), "{counts:?}");
            // Runs that are there twice do not differ in what they give.
            columns.iter_mut().for_each(|(_, values)| values.extend_from_within(..2));
            assert_eq!(found(&columns), counts.len(), "{counts:?}");
        }
        assert_eq!(found(&grid(&[1])), 0);
    }

    #[test]
    fn names_tell_what_values_do_not() {
        let columns = |names: [&str; 4]| -> Vec<(String, Vec<f64>)> {
            (0..4)
                .map(|index| (names[index].to_owned(), (0..9).map(|row| (row * 7 + index) as f64).collect()))
                .collect()
        };
        assert_eq!(found(&columns(["c", "x_0", "x", "y"])), 2);
        assert_eq!(found(&columns(["c", "k", "duration", "x"])), 3);
        // Two drawn columns cannot be told from one and a result.
        assert_eq!(found(&columns(["a", "b", "x", "y"])), 1);
        assert_eq!(found(&columns(["a", "b_0", "x", "y"])), 1);
        assert_eq!(found(&columns(["a", "x", "x_0", "y"])), 1);
    }

    #[test]
    fn something_is_left_to_be_drawn() {
        assert_eq!(found(&grid(&[])[..1]), 0);
        assert_eq!(found(&grid(&[2, 2])[..2]), 1);
        assert_eq!(found(&[]), 0);
    }
}

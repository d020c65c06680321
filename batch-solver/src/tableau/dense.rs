//! Small dense systems of linear equations, on the host.

use num_complex::ComplexFloat;

/// What stands in place of a pivot that vanishes: far below the rounding errors of entries of order 1.
const TINY: f64 = 1e-40;

/// The solution of `matrix · x = right`, by Gaussian elimination with partial pivoting; `matrix` is square, by rows.
///
/// Where the matrix is singular, the solution is a huge multiple of a vector that the matrix takes to zero, which is
/// what inverse iteration wants.
pub(super) fn solved<T: ComplexFloat + From<f64>>(mut matrix: Vec<Vec<T>>, mut right: Vec<T>) -> Vec<T> {
    let size = right.len();
    for column in 0..size {
        let pivot = (column + 1..size)
            .fold(column, |best, row| if matrix[row][column].abs() > matrix[best][column].abs() { row } else { best });
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        if matrix[column][column] == T::zero() {
            matrix[column][column] = TINY.into();
        }
        let pivots = matrix[column].clone();
        for row in column + 1..size {
            let factor = matrix[row][column] / pivots[column];
            for (entry, &pivot) in matrix[row].iter_mut().zip(&pivots).skip(column) {
                *entry = *entry - factor * pivot;
            }
            right[row] = right[row] - factor * right[column];
        }
    }
    for row in (0..size).rev() {
        let known = (row + 1..size).fold(right[row], |rest, column| rest - matrix[row][column] * right[column]);
        right[row] = known / matrix[row][row];
    }
    right
}

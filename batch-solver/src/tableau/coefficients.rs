//! What coefficients of any family tell.

/// The entry of a matrix given by rows, which may end before their zeros; zero where there is none.
pub(super) fn entry(matrix: &[&[f64]], row: usize, column: usize) -> f64 {
    matrix.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0.0)
}

/// The row of a matrix that equals the weights.
pub(super) fn row_equal_to(matrix: &[&[f64]], weights: &[f64]) -> Option<usize> {
    let equals =
        |&row: &usize| weights.iter().enumerate().all(|(column, weight)| entry(matrix, row, column) == *weight);
    (0..weights.len()).find(equals)
}

/// `b − b_hat`.
pub(super) fn difference(b: &[f64], b_hat: &[f64]) -> Vec<f64> {
    b.iter().zip(b_hat).map(|(b, b_hat)| b - b_hat).collect()
}

/// The smaller order of an embedded pair, which step size controllers go by; the method's own where there is no pair.
pub(super) fn controller_order(order: u32, embedded_order: Option<u32>) -> u32 {
    embedded_order.map_or(order, |embedded| embedded.min(order))
}

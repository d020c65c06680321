//! What the order conditions say of a method.

use super::rooted_trees::{Graft, Matrix, Residual, RootedTree, Tracked, residuals};

/// Rounding errors allowed in a sum, relative to the sum of the absolute values of its terms.
pub(super) const TOLERANCE: f64 = 32.0 * f64::EPSILON;

/// The bounds between which the defects of order conditions tell the order.
pub(super) struct Bounds {
    /// The largest defect of a condition that holds, whatever the scale of its rounding errors.
    pub(super) holds: f64,
    /// The largest defect of the conditions one order above is at least this.
    pub(super) fails: f64,
}

/// Panics unless the conditions hold up to the order, and not all one order above.
pub(super) fn assert_order(label: &str, order: u32, conditions: &[Residual], bounds: &Bounds) {
    for (index, condition) in conditions.iter().enumerate().filter(|(_, condition)| condition.nodes <= order) {
        let allowed = bounds.holds.min(TOLERANCE * condition.scale);
        assert!(
            condition.value.abs() <= allowed,
            "{label}: condition {index} of {} nodes: residual {:e}, allowed {allowed:e}",
            condition.nodes,
            condition.value,
        );
    }
    let above = largest(conditions, order + 1);
    assert!(above > bounds.fails, "{label}: the order is higher than stated ({above:e})");
}

/// The largest residual of the conditions of `nodes` nodes.
pub(super) fn largest(conditions: &[Residual], nodes: u32) -> f64 {
    let values = conditions.iter().filter(|condition| condition.nodes == nodes).map(|condition| condition.value.abs());
    values.reduce(f64::max).expect("there are trees of so many nodes")
}

/// The residuals for all `trees` of the Runge–Kutta method with this matrix — given by its entries — and these weights.
pub(super) fn runge_kutta_residuals(
    entry: impl Fn(usize, usize) -> f64,
    weights: &[f64],
    trees: &[RootedTree],
) -> Vec<Residual> {
    let row = |row| (0..weights.len()).map(|column| entry(row, column).into()).collect();
    let matrix: Matrix = (0..weights.len()).map(row).collect();
    let weights: Vec<_> = weights.iter().copied().map(Tracked::from).collect();
    residuals(&weights, &[Graft { matrix: &matrix, exact: true }], &matrix, trees)
}

//! Damped rates of a linear map: eigenvalues with a negative real part.

use crate::system::Sparsity;

/// Dimension of the Krylov space: the eigenvalues of systems of up to so many states are all found.
const KRYLOV: usize = 12;
/// Sweeps of balancing.
const SWEEPS: usize = 4;
/// Of an eigenvalue's magnitude, what its real part is at least for its oscillation to count as damped: half of the amplitude is lost in every period.
const DAMPED: f64 = 0.1;

/// The largest magnitude among the damped eigenvalues of a sparse matrix, 0 if there is none; `None` where the iteration does not converge or an entry is not finite.
///
/// The matrix is balanced and projected onto a Krylov space of 12 dimensions (W. Arnoldi, Quart. Appl. Math. 9 (1951) 17–29), in which extreme eigenvalues are found first.
/// An oscillation has to be followed by small steps whatever the method, so it says nothing about stiffness unless it dies out.
pub(super) fn damped_rate(pattern: &Sparsity, entries: &[f64]) -> Option<f64> {
    if entries.iter().any(|entry| !entry.is_finite()) {
        return None;
    }
    let balanced = balanced(pattern, entries);
    let product = |x: &[f64]| {
        let row = |(row, columns): (usize, &[usize])| {
            let first = pattern.position(row, *columns.first()?)?;
            Some(balanced[first..].iter().zip(columns).map(|(entry, &column)| entry * x[column]).sum())
        };
        Some(pattern.rows().enumerate().map(|of| row(of).unwrap_or(0.0)).collect())
    };
    damped_rate_of(pattern.n(), product)
}

/// The same of a map of `n` dimensions that is known by its products, some of which may fail.
pub(super) fn damped_rate_of(n: usize, product: impl Fn(&[f64]) -> Option<Vec<f64>>) -> Option<f64> {
    let damped = |&(real, imaginary): &(f64, f64)| {
        let magnitude = real.hypot(imaginary);
        if -real >= DAMPED * magnitude { magnitude } else { 0.0 }
    };
    Some(eigenvalues(&mut arnoldi(n, product)?)?.iter().map(damped).fold(0.0, f64::max))
}

/// The entries of `D J D⁻¹` with rows and columns of like size, `D` of powers of two (E. Osborne, J. ACM 7 (1960) 338–345): states of different units make `J` far from normal.
fn balanced(pattern: &Sparsity, entries: &[f64]) -> Vec<f64> {
    let mut balanced = entries.to_vec();
    for _ in 0..SWEEPS {
        let (mut rows, mut columns) = (vec![0.0_f64; pattern.n()], vec![0.0_f64; pattern.n()]);
        for ((row, column), entry) in pattern.positions().zip(&balanced).filter(|((row, column), _)| row != column) {
            rows[row] += entry.abs();
            columns[column] += entry.abs();
        }
        let factor = |(row, column): (&f64, &f64)| match (column / row).sqrt() {
            // All states are scaled at once, and each gets half of its share.
            ratio if ratio.is_finite() && ratio > 0.0 => (0.5 * ratio.log2()).round().exp2(),
            _ => 1.0,
        };
        let factors: Vec<f64> = rows.iter().zip(&columns).map(factor).collect();
        for ((row, column), entry) in pattern.positions().zip(&mut balanced) {
            *entry *= factors[row] / factors[column];
        }
    }
    balanced
}

/// The projection of a map of `n` dimensions onto a Krylov space: an upper Hessenberg matrix, by rows.
fn arnoldi(n: usize, product: impl Fn(&[f64]) -> Option<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let size = n.min(KRYLOV);
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    // Any vector will do that is in no invariant subspace.
    let start: Vec<f64> = (0..n).map(|i| 1.0 + 0.5 * (1.7 * i as f64 + 0.3).sin()).collect();
    let norm = dot(&start, &start).sqrt();
    let mut basis = vec![start.iter().map(|x| x / norm).collect::<Vec<f64>>()];
    let mut projected = vec![vec![0.0; size]; size];
    for column in 0..size {
        let mut next = product(&basis[column])?;
        let before = dot(&next, &next).sqrt();
        for _twice in 0..2 {
            for (row, vector) in basis.iter().enumerate() {
                let part = dot(vector, &next);
                projected[row][column] += part;
                next.iter_mut().zip(vector).for_each(|(next, v)| *next -= part * v);
            }
        }
        let norm = dot(&next, &next).sqrt();
        if column + 1 == size {
            break;
        }
        if norm <= 1e-14 * before {
            // The space is invariant.
            projected.truncate(column + 1);
            projected.iter_mut().for_each(|row| row.truncate(column + 1));
            break;
        }
        projected[column + 1][column] = norm;
        basis.push(next.iter().map(|x| x / norm).collect());
    }
    Some(projected)
}

/// Real and imaginary parts of the eigenvalues of an upper Hessenberg matrix, which is overwritten: the QR iteration with two shifts of J. Francis, as in `hqr` of EISPACK.
#[allow(clippy::many_single_char_names, reason = "the names of the published procedure")]
fn eigenvalues(a: &mut [Vec<f64>]) -> Option<Vec<(f64, f64)>> {
    let norm: f64 = a.iter().flatten().map(|entry| entry.abs()).sum();
    let mut found = Vec::with_capacity(a.len());
    let (mut size, mut shift, mut tries) = (a.len(), 0.0, 0);
    while size > 0 {
        let last = size - 1;
        let is_small = |row: usize| {
            let near = a[row - 1][row - 1].abs() + a[row][row].abs();
            a[row][row - 1].abs() <= f64::EPSILON * if near == 0.0 { norm } else { near }
        };
        let low = (1..size).rev().find(|&row| is_small(row)).unwrap_or(0);
        let mut x = a[last][last];
        if low == last {
            found.push((x + shift, 0.0));
            (size, tries) = (last, 0);
            continue;
        }
        let mut y = a[last - 1][last - 1];
        let mut w = a[last][last - 1] * a[last - 1][last];
        if low + 1 == last {
            let p = 0.5 * (y - x);
            let q = p * p + w;
            let root = q.abs().sqrt();
            x += shift;
            if q >= 0.0 {
                let z = p + root.copysign(p);
                found.extend([(x + z, 0.0), (if z == 0.0 { x } else { x - w / z }, 0.0)]);
            } else {
                found.extend([(x + p, root), (x + p, -root)]);
            }
            (size, tries) = (last - 1, 0);
            continue;
        }
        if tries == 60 {
            return None;
        }
        if tries % 10 == 9 {
            // An exceptional shift.
            shift += x;
            (0..size).for_each(|i| a[i][i] -= x);
            let s = a[last][last - 1].abs() + a[last - 1][last - 2].abs();
            (x, y, w) = (0.75 * s, 0.75 * s, -0.4375 * s * s);
        }
        tries += 1;
        sweep(a, low, last, [x, y, w]);
    }
    Some(found)
}

/// One double step on the rows `low..=last`.
#[allow(clippy::many_single_char_names, clippy::needless_range_loop, reason = "as in the published procedure")]
fn sweep(a: &mut [Vec<f64>], low: usize, last: usize, [x, y, w]: [f64; 3]) {
    let scaled = |values: [f64; 3]| {
        let size: f64 = values.iter().map(|value| value.abs()).sum();
        if size == 0.0 { (values, 0.0) } else { (values.map(|value| value / size), size) }
    };
    let first_column = |a: &[Vec<f64>], m: usize| {
        let (z, r, s) = (a[m][m], x - a[m][m], y - a[m][m]);
        scaled([(r * s - w) / a[m + 1][m] + a[m][m + 1], a[m + 1][m + 1] - z - r - s, a[m + 2][m + 1]]).0
    };
    let starts = |m: &usize| {
        let m = *m;
        let [p, q, r] = first_column(a, m);
        let neighbours = a[m - 1][m - 1].abs() + a[m][m].abs() + a[m + 1][m + 1].abs();
        a[m][m - 1].abs() * (q.abs() + r.abs()) <= f64::EPSILON * p.abs() * neighbours
    };
    let start = (low + 1..=last - 2).rev().find(starts).unwrap_or(low);
    let mut column = first_column(a, start);
    for i in start + 2..=last {
        a[i][i - 2] = 0.0;
        if i > start + 2 {
            a[i][i - 3] = 0.0;
        }
    }
    for k in start..last {
        let three = k + 1 < last;
        let mut size = 1.0;
        if k > start {
            (column, size) = scaled([a[k][k - 1], a[k + 1][k - 1], if three { a[k + 2][k - 1] } else { 0.0 }]);
        }
        let [p, q, r] = column;
        let s = (p * p + q * q + r * r).sqrt().copysign(p);
        if s == 0.0 {
            continue;
        }
        if k > start {
            a[k][k - 1] = -s * size;
        } else if low != start {
            a[k][k - 1] = -a[k][k - 1];
        }
        let (x, y, z, q, r) = ((p + s) / s, q / s, r / s, q / (p + s), r / (p + s));
        for j in k..=last {
            let p = a[k][j] + q * a[k + 1][j] + if three { r * a[k + 2][j] } else { 0.0 };
            a[k][j] -= p * x;
            a[k + 1][j] -= p * y;
            if three {
                a[k + 2][j] -= p * z;
            }
        }
        for i in low..=last.min(k + 3) {
            let p = x * a[i][k] + y * a[i][k + 1] + if three { z * a[i][k + 2] } else { 0.0 };
            a[i][k] -= p;
            a[i][k + 1] -= p * q;
            if three {
                a[i][k + 2] -= p * r;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::system::System;

    /// The damped rate of the system's Jacobian where all states are 1.
    fn rate(equations: &str, states: usize) -> f64 {
        let names = (0..states).map(|i| (format!("x{i}"), 1.0));
        let system = System::builder("linear").equations(equations).states(names).build().unwrap();
        let jacobian = system.jacobian_program(crate::EmitOptions::default());
        let entries = jacobian.evaluate(0.0, &vec![1.0; states], &[], &[]).unwrap();
        damped_rate(&system.jacobian_sparsity(), &entries).unwrap()
    }

    #[test]
    fn only_damped_eigenvalues_count() {
        assert!((rate("dx0 = -7*x0; dx1 = x0 - 2*x1; dx2 = 100*x2", 3) - 7.0).abs() < 1e-9);
        assert_eq!(rate("dx0 = 1000*x1; dx1 = -1000*x0", 2), 0.0);
        assert_eq!(rate("dx0 = 1000*x1; dx1 = -1000*x0 - 10*x1", 2), 0.0, "slightly damped");
        let damped = rate("dx0 = 10*x1; dx1 = -10*x0 - 10*x1", 2);
        assert!((damped - 10.0).abs() < 1e-9, "{damped}");
        assert_eq!(rate("dx0 = 5", 1), 0.0);
    }

    #[test]
    fn eigenvalues_of_a_chain_are_those_of_the_formula() {
        for n in [2, 3, 7, 12, 40] {
            let of = |i: usize| if i < n { format!(" + x{i}") } else { String::new() };
            let equation = |i: usize| format!("dx{i} = -2*x{i}{}{}", of(i.wrapping_sub(1)), of(i + 1));
            let equations: Vec<String> = (0..n).map(equation).collect();
            let angle = std::f64::consts::PI / (2.0 * (n as f64 + 1.0));
            let (found, exact) = (rate(&equations.join("; "), n), 4.0 * angle.cos().powi(2));
            let near = if n <= KRYLOV { 1e-12 } else { 0.05 };
            assert!((found / exact - 1.0).abs() < near, "{n}: {found}, {exact}");
        }
    }

    #[test]
    fn units_do_not_matter() {
        // The same matrix in units that differ by 1e12.
        let plain = rate("dx0 = -3*x0 + 4*x1 - x2; dx1 = 2*x0 - 5*x1 + x2; dx2 = x0 - x1 - 6*x2", 3);
        let scaled =
            rate("dx0 = -3*x0 + 4e-12*x1 - 1e-6*x2; dx1 = 2e12*x0 - 5*x1 + 1e6*x2; dx2 = 1e6*x0 - 1e-6*x1 - 6*x2", 3);
        assert!((plain / scaled - 1.0).abs() < 1e-9, "{plain}, {scaled}");
    }
}

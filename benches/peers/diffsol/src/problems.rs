//! The systems of `stiff.hpp`, which says where they are from.

pub(crate) const RUNS: usize = 1_000;

pub(crate) trait Problem {
    const INITIAL: &'static [f64];
    const END: f64;

    /// The parameter at a share of its range, from 0 to 1.
    fn at(share: f64) -> f64;

    /// The parameter of a run.
    fn swept(run: usize) -> f64 {
        Self::at(run as f64 / (RUNS - 1) as f64)
    }

    fn derivative(k1: f64, y: &[f64], d: &mut [f64]);

    /// The Jacobian at y times v.
    fn along(k1: f64, y: &[f64], v: &[f64], d: &mut [f64]);
}

/// x y in the direction of their changes.
fn product(x: f64, y: f64, dx: f64, dy: f64) -> f64 {
    dx * y + x * dy
}

/// That of `lorenz.hpp`.
pub(crate) struct Lorenz;

impl Problem for Lorenz {
    const INITIAL: &'static [f64] = &[1.0, 0.0, 0.0];
    const END: f64 = 1.0;

    fn at(share: f64) -> f64 {
        21.0 * share
    }

    fn derivative(rho: f64, y: &[f64], d: &mut [f64]) {
        let (y, d): (&[f64; 3], &mut [f64; 3]) = sized(y, d);
        d[0] = 10.0 * (y[1] - y[0]);
        d[1] = y[0] * (rho - y[2]) - y[1];
        d[2] = y[0] * y[1] - 8.0 / 3.0 * y[2];
    }

    fn along(rho: f64, y: &[f64], v: &[f64], d: &mut [f64]) {
        let (y, d): (&[f64; 3], &mut [f64; 3]) = sized(y, d);
        d[0] = 10.0 * (v[1] - v[0]);
        d[1] = v[0] * rho - product(y[0], y[2], v[0], v[2]) - v[1];
        d[2] = product(y[0], y[1], v[0], v[1]) - 8.0 / 3.0 * v[2];
    }
}

pub(crate) struct Robertson;

impl Problem for Robertson {
    const INITIAL: &'static [f64] = &[1.0, 0.0, 0.0];
    const END: f64 = 1e4;

    fn at(share: f64) -> f64 {
        0.02 + 0.04 * share
    }

    fn derivative(k1: f64, y: &[f64], d: &mut [f64]) {
        let (y, d): (&[f64; 3], &mut [f64; 3]) = sized(y, d);
        d[0] = 1e4 * y[1] * y[2] - k1 * y[0];
        d[2] = 3e7 * y[1] * y[1];
        d[1] = -d[0] - d[2];
    }

    fn along(k1: f64, y: &[f64], v: &[f64], d: &mut [f64]) {
        let (y, d): (&[f64; 3], &mut [f64; 3]) = sized(y, d);
        d[0] = 1e4 * product(y[1], y[2], v[1], v[2]) - k1 * v[0];
        d[2] = 6e7 * y[1] * v[1];
        d[1] = -d[0] - d[2];
    }
}

pub(crate) struct Hires;

impl Hires {
    /// The equations are linear but for the rate at which `bound` forms and for the constant supply.
    fn balance(k1: f64, y: &[f64], bound: f64, supply: f64, d: &mut [f64]) {
        let (y, d): (&[f64; 8], &mut [f64; 8]) = sized(y, d);
        d[0] = -k1 * y[0] + 0.43 * y[1] + 8.32 * y[2] + supply;
        d[1] = 1.71 * y[0] - 8.75 * y[1];
        d[2] = -10.03 * y[2] + 0.43 * y[3] + 0.035 * y[4];
        d[3] = 8.32 * y[1] + 1.71 * y[2] - 1.12 * y[3];
        d[4] = -1.745 * y[4] + 0.43 * (y[5] + y[6]);
        d[5] = -bound + 0.69 * y[3] + 1.71 * y[4] - 0.43 * y[5] + 0.69 * y[6];
        d[6] = bound - 1.81 * y[6];
        d[7] = -d[6];
    }
}

impl Problem for Hires {
    const INITIAL: &'static [f64] = &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057];
    const END: f64 = 321.8122;

    fn at(share: f64) -> f64 {
        1.2 + share
    }

    fn derivative(k1: f64, y: &[f64], d: &mut [f64]) {
        Self::balance(k1, y, 280.0 * y[5] * y[7], 0.0007, d);
    }

    fn along(k1: f64, y: &[f64], v: &[f64], d: &mut [f64]) {
        Self::balance(k1, v, 280.0 * product(y[5], y[7], v[5], v[7]), 0.0, d);
    }
}

pub(crate) struct Pollution;

impl Pollution {
    const RATES: [f64; 26] = [
        0.0, 0.35, 26.6, 12300.0, 0.00086, 0.00082, 15000.0, 0.00013, 24000.0, 16500.0, 9000.0, 0.022, 12000.0, 1.88,
        16300.0, 4.8e6, 0.00035, 0.0175, 1e8, 4.44e11, 1240.0, 2.1, 5.78, 0.0474, 1780.0, 3.12,
    ];

    /// The rates of all reactions, of which `one(i)` is a species and `two(i, j)` the product of two, and what they make of the species.
    fn balance(k1: f64, one: impl Fn(usize) -> f64, two: impl Fn(usize, usize) -> f64, d: &mut [f64; 20]) {
        let k = &Self::RATES;
        let r = [
            0.0,
            k1 * one(0),
            k[2] * two(1, 3),
            k[3] * two(4, 1),
            k[4] * one(6),
            k[5] * one(6),
            k[6] * two(6, 5),
            k[7] * one(8),
            k[8] * two(8, 5),
            k[9] * two(10, 1),
            k[10] * two(10, 0),
            k[11] * one(12),
            k[12] * two(9, 1),
            k[13] * one(13),
            k[14] * two(0, 5),
            k[15] * one(2),
            k[16] * one(3),
            k[17] * one(3),
            k[18] * one(15),
            k[19] * one(15),
            k[20] * two(16, 5),
            k[21] * one(18),
            k[22] * one(18),
            k[23] * two(0, 3),
            k[24] * two(18, 0),
            k[25] * one(19),
        ];
        d[0] = r[2] + r[3] + r[9] + r[11] + r[12] + r[22] + r[25] - (r[1] + r[10] + r[14] + r[23] + r[24]);
        d[1] = r[1] + r[21] - (r[2] + r[3] + r[9] + r[12]);
        d[2] = r[1] + r[17] + r[19] + r[22] - r[15];
        d[3] = r[15] - (r[2] + r[16] + r[17] + r[23]);
        d[4] = 2.0 * r[4] + r[6] + r[7] + r[13] + r[20] - r[3];
        d[5] = r[3] + 2.0 * r[18] - (r[6] + r[8] + r[14] + r[20]);
        d[6] = r[13] - (r[4] + r[5] + r[6]);
        d[7] = r[4] + r[5] + r[6] + r[7];
        d[8] = -(r[7] + r[8]);
        d[9] = r[7] + r[9] - r[12];
        d[10] = r[8] + r[11] - (r[9] + r[10]);
        d[11] = r[9];
        d[12] = r[10] - r[11];
        d[13] = r[12] - r[13];
        d[14] = r[14];
        d[15] = r[16] - (r[18] + r[19]);
        d[16] = -r[20];
        d[17] = r[20];
        d[18] = r[23] + r[25] - (r[21] + r[22] + r[24]);
        d[19] = r[24] - r[25];
    }
}

impl Problem for Pollution {
    const INITIAL: &'static [f64] =
        &[0.0, 0.2, 0.0, 0.04, 0.0, 0.0, 0.1, 0.3, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.007, 0.0, 0.0, 0.0];
    const END: f64 = 60.0;

    fn at(share: f64) -> f64 {
        0.035 * 100_f64.powf(share)
    }

    fn derivative(k1: f64, y: &[f64], d: &mut [f64]) {
        let (y, d): (&[f64; 20], &mut [f64; 20]) = sized(y, d);
        Self::balance(k1, |i| y[i], |i, j| y[i] * y[j], d);
    }

    fn along(k1: f64, y: &[f64], v: &[f64], d: &mut [f64]) {
        let (y, d): (&[f64; 20], &mut [f64; 20]) = sized(y, d);
        Self::balance(k1, |i| v[i], |i, j| product(y[i], y[j], v[i], v[j]), d);
    }
}

/// States of a length that the compiler knows, so that it checks no index.
fn sized<'a, const N: usize>(y: &'a [f64], d: &'a mut [f64]) -> (&'a [f64; N], &'a mut [f64; N]) {
    (y.try_into().expect("a state of that system"), d.try_into().expect("a derivative of that system"))
}

//! Summaries of stored samples, computed on the host in double precision the textbook way.

use std::ops::Range;

use batch_solver::{Solution, SummaryColumn};

/// The samples of a variable of one run: all that was saved after the start.
pub(crate) fn samples(stored: &Solution, variable: &str, run: usize) -> Vec<f64> {
    let column = |row: usize| match stored.variable::<f64>(variable) {
        Some(values) => values[[row, run]],
        None => f64::from(stored.variable::<f32>(variable).unwrap()[[row, run]]),
    };
    (0..stored.times().len()).filter(|row| stored.times()[*row] > 0.0).map(column).collect()
}

/// One column of a window, from all samples of a run and the positions of those in the window.
///
/// Difference quotients and peaks belong to the window of their last sample; earlier samples may be of a window before.
pub(crate) fn summarised(column: SummaryColumn, run: &[f64], window: Range<usize>, interval: f64) -> f64 {
    let samples = &run[window.clone()];
    let mean_of = |f: &dyn Fn(f64) -> f64| samples.iter().map(|x| f(*x)).sum::<f64>() / samples.len() as f64;
    let mean = mean_of(&|x| x);
    let slopes: Vec<f64> = (window.start.max(1)..window.end).map(|k| (run[k] - run[k - 1]) / interval).collect();
    let curvatures: Vec<f64> = (window.start.max(2)..window.end)
        .map(|k| (run[k] - 2.0 * run[k - 1] + run[k - 2]) / (interval * interval))
        .collect();
    let peak = |index: u32, sign: f64| {
        let is_peak = |k: &usize| sign * run[k - 1] > sign * run[*k] && sign * run[k - 1] > sign * run[k - 2];
        let peaks = (window.start.max(2)..window.end).filter(is_peak);
        peaks.map(|k| (k - 1) as f64).nth(index as usize).unwrap_or(f64::NAN)
    };
    match column {
        SummaryColumn::Mean => mean,
        SummaryColumn::Max => extreme(samples, f64::max),
        SummaryColumn::Min => extreme(samples, f64::min),
        SummaryColumn::Rms => mean_of(&|x| x * x).sqrt(),
        SummaryColumn::Std => mean_of(&|x| (x - mean) * (x - mean)).sqrt(),
        SummaryColumn::MaxMagnitude => extreme(samples, |a, b| a.abs().max(b.abs())).abs(),
        SummaryColumn::Peak(index) => peak(index, 1.0),
        SummaryColumn::NegativePeak(index) => peak(index, -1.0),
        SummaryColumn::DxdtMax => extreme(&slopes, f64::max),
        SummaryColumn::DxdtMin => extreme(&slopes, f64::min),
        SummaryColumn::D2xdt2Max => extreme(&curvatures, f64::max),
        SummaryColumn::D2xdt2Min => extreme(&curvatures, f64::min),
        other => panic!("no host formula for {other}"),
    }
}

/// How far rounding in arithmetic of precision `epsilon` may take a column from the host's value, for a variable whose samples are at most `magnitude`.
pub(crate) fn rounding(column: SummaryColumn, epsilon: f64, magnitude: f64, interval: f64) -> f64 {
    match column {
        SummaryColumn::Mean | SummaryColumn::Rms | SummaryColumn::Std => 100.0 * epsilon * magnitude,
        SummaryColumn::DxdtMax | SummaryColumn::DxdtMin => 4.0 * epsilon * magnitude / interval,
        SummaryColumn::D2xdt2Max | SummaryColumn::D2xdt2Min => 8.0 * epsilon * magnitude / (interval * interval),
        // One of the samples, or a number of one.
        _ => 0.0,
    }
}

/// Whether two values are the same but for rounding; NaN is the same as NaN.
pub(crate) fn agree(found: f64, expected: f64, rounding: f64) -> bool {
    (found.is_nan() && expected.is_nan()) || (found - expected).abs() <= rounding
}

/// Not a number if a value is not, or without values.
fn extreme(values: &[f64], choose: impl Fn(f64, f64) -> f64) -> f64 {
    let choose = |a: f64, b: f64| if a.is_nan() || b.is_nan() { f64::NAN } else { choose(a, b) };
    values.iter().copied().reduce(choose).unwrap_or(f64::NAN)
}

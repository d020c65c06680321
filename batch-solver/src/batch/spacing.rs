//! Lists of numbers that ranges stand for.

/// Evenly spaced values from `low` to `high`, both included.
pub fn linspace(low: f64, high: f64, count: usize) -> Vec<f64> {
    let last = count.saturating_sub(1).max(1) as f64;
    let at = |i: usize| {
        let (part, span) = (i as f64 / last, high - low);
        if i + 1 == count && count > 1 {
            high
        } else if span.is_finite() {
            low + span * part
        } else {
            // Ends so far apart that their difference is no number.
            low * (1.0 - part) + high * part
        }
    };
    (0..count).map(at).collect()
}

/// Values from `low` to `high`, both included and positive, with evenly spaced logarithms.
pub fn logspace(low: f64, high: f64, count: usize) -> Vec<f64> {
    // The ends as given, without the rounding of a logarithm and a power.
    let exponents = linspace(low.log10(), high.log10(), count);
    let last = count.saturating_sub(1);
    exponents
        .into_iter()
        .enumerate()
        .map(|(i, exponent)| match i {
            0 => low,
            _ if i == last => high,
            _ => 10.0_f64.powf(exponent),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linspace_hits_both_ends() {
        assert_eq!(linspace(0.0, 21.0, 3), [0.0, 10.5, 21.0]);
        assert_eq!(linspace(2.0, 5.0, 1), [2.0]);
        assert!(linspace(0.0, 1.0, 0).is_empty());
        assert_eq!(*linspace(0.0, 0.1, 8).last().unwrap(), 0.1);
        assert_eq!(linspace(-1e308, 1e308, 3), [-1e308, 0.0, 1e308]);
    }
}

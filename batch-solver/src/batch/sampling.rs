//! Values drawn at random.

use std::str::FromStr;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::{Batch, Distribution, DistributionError};
use crate::fnv::Fnv1a;

/// A name with the distribution its values are drawn from, written `k=loguniform:0.01:100`.
///
/// ```
/// use batch_solver::{Batch, SampledAxis};
///
/// let sampled: Vec<SampledAxis> = vec!["k=loguniform:0.01:100".parse()?, "x=normal:1:0.1".parse()?];
/// let batch = Batch::grid().sample(1000, 0, sampled.into_iter().map(|axis| (axis.name, axis.distribution)));
/// assert_eq!(batch.runs()?, 1000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct SampledAxis {
    /// The state or parameter.
    pub name: String,
    /// What its values are drawn from.
    pub distribution: Distribution,
}

/// A text that describes no distribution of a name.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SampledAxisError {
    /// There is no `=`, or nothing before it.
    #[error("`{text}` names nothing: write `name=distribution`, for example `rho=uniform:0:21`")]
    NoName {
        /// The text.
        text: String,
    },
    /// What follows is no distribution.
    #[error("no distribution for `{name}`: {problem}")]
    NoDistribution {
        /// The name.
        name: String,
        /// What is wrong with it.
        problem: DistributionError,
    },
}

impl FromStr for SampledAxis {
    type Err = SampledAxisError;

    fn from_str(text: &str) -> Result<Self, SampledAxisError> {
        let (name, distribution) = text
            .split_once('=')
            .map(|(name, distribution)| (name.trim(), distribution.trim()))
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| SampledAxisError::NoName { text: text.to_owned() })?;
        match distribution.parse() {
            Ok(distribution) => Ok(Self { name: name.to_owned(), distribution }),
            Err(problem) => Err(SampledAxisError::NoDistribution { name: name.to_owned(), problem }),
        }
    }
}

impl Batch {
    /// Varies names over values drawn at random, all of them together: in a grid the names are one axis, combined with the others.
    ///
    /// A seed and a name give the same values on every machine, whatever other names there are, and the first of them also where more are drawn: the n-th value
    /// is the [quantile](Distribution::quantile) of the n-th number of the name's stream. A stream is that of the cipher ChaCha with 8 rounds, with the seed (8 bytes, the
    /// least significant first, then zeros) as key, zero as the first block, and as nonce the 64-bit FNV-1a hash of the name's UTF-8 text; 64 bits `b` of it make the number
    /// `(⌊b / 2¹²⌋ + ½) / 2⁵²`, which is neither 0 nor 1.
    ///
    /// ```
    /// use batch_solver::{Batch, Distribution};
    ///
    /// let k = Distribution::log_uniform(0.01, 100.0)?;
    /// let x = Distribution::normal(1.0, 0.1)?;
    /// // 100 pairs of `k` and `x`, each with both values of `rho`.
    /// let batch = Batch::grid().sample(100, 7, [("k", k), ("x", x)]).vary("rho", [14.0, 28.0]);
    /// assert_eq!(batch.runs()?, 200);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn sample<N: Into<String>>(
        self,
        samples: usize,
        seed: u64,
        names: impl IntoIterator<Item = (N, Distribution)>,
    ) -> Self {
        self.drawn(seed, names, |random| (0..samples).map(|_| inside(random)).collect())
    }

    /// As [`sample`](Self::sample), by a Latin hypercube: each name has exactly one value in each of as many intervals of equal probability as there are samples, in an order of its own
    /// (McKay, Beckman & Conover, Technometrics 21 (1979), pp. 239–245). Averages over the runs are then usually nearer to their expectation than with independent values.
    ///
    /// A seed and a name give the same values on every machine. From the name's stream come first the exchanges of a Fisher–Yates shuffle of the intervals, the last one first, then the places
    /// within them. Unlike those of `sample`, the values depend on how many there are.
    ///
    /// ```
    /// use batch_solver::{Batch, Distribution};
    ///
    /// let batch = Batch::zip().latin_hypercube(4, 7, [("k", Distribution::uniform(0.0, 4.0)?)]);
    /// let mut intervals: Vec<f64> = (0..4).filter_map(|run| batch.value("k", run)).map(f64::floor).collect();
    /// intervals.sort_by(f64::total_cmp);
    /// assert_eq!(intervals, [0.0, 1.0, 2.0, 3.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn latin_hypercube<N: Into<String>>(
        self,
        samples: usize,
        seed: u64,
        names: impl IntoIterator<Item = (N, Distribution)>,
    ) -> Self {
        self.drawn(seed, names, |random| {
            let mut intervals: Vec<usize> = (0..samples).collect();
            for last in (1..samples).rev() {
                intervals.swap(last, up_to(random, last));
            }
            let place = |interval| (interval as f64 + inside(random)) / samples as f64;
            // The last interval ends below 1, however small it is.
            intervals.into_iter().map(place).map(|p| p.min(1.0 - f64::EPSILON / 2.0)).collect()
        })
    }

    /// Varies names over the quantiles of what `numbers` makes of their streams.
    fn drawn<N: Into<String>>(
        self,
        seed: u64,
        names: impl IntoIterator<Item = (N, Distribution)>,
        numbers: impl Fn(&mut ChaCha8Rng) -> Vec<f64>,
    ) -> Self {
        self.vary_together(names.into_iter().map(|(name, distribution)| {
            let name = name.into();
            let mut values = numbers(&mut stream(seed, &name));
            values.iter_mut().for_each(|value| *value = distribution.quantile(*value));
            (name, values)
        }))
    }
}

/// The stream of a name.
fn stream(seed: u64, name: &str) -> ChaCha8Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    let mut random = ChaCha8Rng::from_seed(key);
    let mut hash = Fnv1a::new();
    hash.add(name.as_bytes());
    random.set_stream(hash.finish());
    random
}

/// A number above 0 and below 1: with 53 bits the largest would be rounded to 1.
fn inside(random: &mut ChaCha8Rng) -> f64 {
    ((random.next_u64() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
}

/// A whole number from 0 to `last`, all alike but for `last` in 2⁶⁴.
fn up_to(random: &mut ChaCha8Rng, last: usize) -> usize {
    let scaled = u128::from(random.next_u64()) * (last as u128 + 1);
    (scaled >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_were_varied_before_are_drawn_with_the_others() {
        let uniform = || Distribution::uniform(0.0, 1.0).unwrap();
        let batch = Batch::grid().vary("a", [1.0, 2.0]).vary("c", [3.0, 4.0]);
        let batch = batch.sample(100, 0, [("a", uniform()), ("b", uniform())]);
        assert_eq!((batch.runs().unwrap(), batch.varied().collect::<Vec<_>>()), (200, vec!["c", "a", "b"]));
    }

    fn values(batch: &Batch, name: &str) -> Vec<f64> {
        (0..batch.runs().unwrap()).map(|run| batch.value(name, run).unwrap()).collect()
    }

    fn distribution(text: &str) -> Distribution {
        text.parse().unwrap()
    }

    #[test]
    fn each_name_has_its_own_stream_whatever_else_there_is() {
        let uniform = distribution("uniform:0:1");
        let both = Batch::grid().sample(50, 3, [("a", uniform), ("b", uniform)]);
        let alone = Batch::zip().sample(20, 3, [("b", uniform)]);
        assert_eq!(values(&both, "b")[..20], values(&alone, "b"));
        assert_ne!(values(&both, "a"), values(&both, "b"));
        assert_ne!(values(&both, "a"), values(&Batch::grid().sample(50, 4, [("a", uniform)]), "a"));
        let hypercube = |seed| values(&Batch::grid().latin_hypercube(50, seed, [("a", uniform), ("b", uniform)]), "b");
        assert_eq!(hypercube(3), hypercube(3));
        assert_ne!(hypercube(3), hypercube(4));
    }

    #[test]
    fn values_are_those_of_the_documented_stream() {
        // By another implementation of ChaCha, FNV-1a and the quantiles, in Python.
        let uniform = distribution("uniform:0:1");
        let batch = Batch::zip().sample(4, 7, [("rho", uniform)]);
        let expected = [0.6872134251447034, 0.34153766407354136, 0.5016487323527415, 0.8368766123214811];
        assert_eq!(values(&batch, "rho"), expected);
        let batch = Batch::zip().sample(3, 7, [("x", distribution("normal:1:0.1"))]);
        for (value, expected) in
            values(&batch, "x").iter().zip([0.9476284404628843, 1.00321367104848, 1.082168403247787])
        {
            assert!((value - expected).abs() < 1e-15, "{value}, {expected}");
        }
        let batch = Batch::zip().latin_hypercube(5, 7, [("rho", uniform)]);
        let expected =
            [0.13596740284785278, 0.5488531438730756, 0.8800407129228807, 0.39570036365626793, 0.734628547111942];
        assert_eq!(values(&batch, "rho"), expected);
    }

    #[test]
    fn moments_are_those_of_the_distribution() {
        let samples = 20_000;
        let half = 0.5_f64;
        for (text, mean, variance) in [
            ("uniform:-1:3", 1.0, 16.0 / 12.0),
            (
                "loguniform:1:100",
                99.0 / 100.0_f64.ln(),
                9999.0 / (2.0 * 100.0_f64.ln()) - (99.0 / 100.0_f64.ln()).powi(2),
            ),
            ("normal:-2:0.5", -2.0, 0.25),
            ("lognormal:0:0.5", (half * 0.25).exp(), (0.25_f64.exp() - 1.0) * 0.25_f64.exp()),
            ("triangular:0:1:4", 5.0 / 3.0, (16.0 + 1.0 - 4.0) / 18.0),
            ("truncnormal:0:1:0:inf", (2.0 / std::f64::consts::PI).sqrt(), 1.0 - 2.0 / std::f64::consts::PI),
        ] {
            let names = [("k", distribution(text))];
            let random = values(&Batch::grid().sample(samples, 11, names), "k");
            let hypercube = values(&Batch::grid().latin_hypercube(samples, 11, names), "k");
            let of = |values: &[f64]| values.iter().sum::<f64>() / samples as f64;
            let error = (variance / samples as f64).sqrt();
            assert!((of(&random) - mean).abs() < 4.0 * error, "{text}: {} for {mean}", of(&random));
            assert!((of(&hypercube) - mean).abs() < 0.2 * error, "{text}: {} for {mean}", of(&hypercube));
            let squares: Vec<f64> = random.iter().map(|value| (value - mean).powi(2)).collect();
            assert!((of(&squares) / variance - 1.0).abs() < 0.06, "{text}: {} for {variance}", of(&squares));
        }
    }

    #[test]
    fn a_latin_hypercube_has_one_value_in_each_interval_and_orders_of_its_own() {
        let uniform = distribution("uniform:0:1");
        for samples in [1, 2, 17, 1000] {
            let batch = Batch::grid().latin_hypercube(samples, 5, [("a", uniform), ("b", uniform)]);
            let intervals = |name| -> Vec<usize> {
                values(&batch, name).into_iter().map(|value| (value * samples as f64) as usize).collect()
            };
            for name in ["a", "b"] {
                let mut sorted = intervals(name);
                sorted.sort_unstable();
                assert_eq!(sorted, (0..samples).collect::<Vec<_>>());
            }
            if samples > 2 {
                assert_ne!(intervals("a"), intervals("b"));
            }
        }
        // Two orders of 1000 are as good as uncorrelated.
        let batch = Batch::grid().latin_hypercube(1000, 5, [("a", uniform), ("b", uniform)]);
        let products = values(&batch, "a").into_iter().zip(values(&batch, "b")).map(|(a, b)| (a - 0.5) * (b - 0.5));
        assert!((products.sum::<f64>() / 1000.0 * 12.0).abs() < 4.0 / 1000.0_f64.sqrt());
    }

    #[test]
    fn sampled_names_are_one_axis_of_a_grid() {
        let names = [("x", distribution("normal:0:1")), ("y", distribution("uniform:0:1"))];
        let batch = Batch::grid().vary("a", [1.0, 2.0]).sample(3, 0, names);
        assert_eq!(batch.runs().unwrap(), 6);
        assert_eq!(values(&batch, "x")[..3], values(&batch, "x")[3..]);
        assert_eq!(values(&batch, "a"), [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
        assert!(Batch::grid().sample(0, 0, names).runs().is_err());
        assert!(Batch::grid().latin_hypercube(0, 0, names).runs().is_err());
    }

    #[test]
    fn names_and_distributions_are_read_together() {
        let axis: SampledAxis = " k = normal:1:0.1 ".parse().unwrap();
        assert_eq!((axis.name.as_str(), axis.distribution), ("k", distribution("normal:1:0.1")));
        for text in ["normal:1:0.1", "=normal:1:0.1"] {
            assert!(matches!(text.parse::<SampledAxis>(), Err(SampledAxisError::NoName { .. })), "{text}");
        }
        let message = "k=normal:1".parse::<SampledAxis>().unwrap_err().to_string();
        assert!(message.contains("`k`") && message.contains("`normal:mean:sd`"), "{message}");
    }
}

//! The quantiles of the normal distribution.
//!
//! With the logarithm of [`libm`], which is the same on every machine, and no fused operations: the same bits everywhere.

/// A rational function: the coefficients of numerator and denominator, from the highest power down.
type Rational = [[f64; 8]; 2];

// M. J. Wichura, Algorithm AS 241: The percentage points of the normal distribution, Applied Statistics 37 (1988), pp. 477-484, PPND16.

/// Within 0.425 of one half, in `0.425² - (p - 0.5)²`.
const CENTRE: Rational = [
    [
        2509.0809287301227,
        33430.57558358813,
        67265.7709270087,
        45921.95393154987,
        13731.69376550946,
        1971.5909503065513,
        133.14166789178438,
        3.3871328727963665,
    ],
    [
        5226.495278852854,
        28729.085735721943,
        39307.89580009271,
        21213.794301586597,
        5394.196021424751,
        687.1870074920579,
        42.31333070160091,
        1.0,
    ],
];

/// Down to `exp(-25)`, in `sqrt(-ln p) - 1.6`.
const TAIL: Rational = [
    [
        0.0007745450142783414,
        0.022723844989269184,
        0.2417807251774506,
        1.2704582524523684,
        3.6478483247632045,
        5.769497221460691,
        4.630337846156546,
        1.4234371107496835,
    ],
    [
        1.0507500716444169e-09,
        0.0005475938084995345,
        0.015198666563616457,
        0.14810397642748008,
        0.6897673349851,
        1.6763848301838038,
        2.053191626637759,
        1.0,
    ],
];

/// Beyond, in `sqrt(-ln p) - 5`.
const FAR_TAIL: Rational = [
    [
        2.0103343992922881e-07,
        2.7115555687434876e-05,
        0.0012426609473880784,
        0.026532189526576124,
        0.29656057182850487,
        1.7848265399172913,
        5.463784911164114,
        6.657904643501103,
    ],
    [
        2.0442631033899397e-15,
        1.421511758316446e-07,
        1.8463183175100548e-05,
        0.0007868691311456133,
        0.014875361290850615,
        0.1369298809227358,
        0.599832206555888,
        1.0,
    ],
];

fn evaluate([numerator, denominator]: &Rational, r: f64) -> f64 {
    let horner = |coefficients: &[f64; 8]| coefficients.iter().fold(0.0, |sum, coefficient| sum * r + coefficient);
    horner(numerator) / horner(denominator)
}

/// Where the standard normal distribution has a probability of `p` below; infinite at 0 and 1.
pub(super) fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * evaluate(&CENTRE, 0.180625 - q * q);
    }
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-libm::log(tail)).sqrt();
    let distance = match r {
        _ if r <= 5.0 => evaluate(&TAIL, r - 1.6),
        _ if r.is_finite() => evaluate(&FAR_TAIL, r - 5.0),
        _ => r,
    };
    distance.copysign(q)
}

/// The probability of the standard normal distribution below `x`.
fn below(x: f64) -> f64 {
    0.5 * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// The part of the standard normal distribution between two values. What lies above zero is mirrored, because probabilities near zero are known more exactly than those
/// near one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Between {
    is_mirrored: bool,
    from: f64,
    to: f64,
}

impl Between {
    /// `None` if there is too little probability between them to be divided.
    pub(super) fn new(low: f64, high: f64) -> Option<Self> {
        let is_mirrored = low > 0.0;
        let (from, to) = if is_mirrored { (below(-high), below(-low)) } else { (below(low), below(high)) };
        (to - from > 1e-290).then_some(Self { is_mirrored, from, to })
    }

    pub(super) fn quantile(self, p: f64) -> f64 {
        let of = |p: f64| quantile(self.from + p * (self.to - self.from));
        if self.is_mirrored { -of(1.0 - p) } else { of(p) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_agree_with_forty_digits() {
        for (p, expected) in [
            (1e-300, -37.0470962993612),
            (1e-20, -9.262340089798407),
            (0.001, -3.0902323061678136),
            (0.02425, -1.972961051311885),
            (0.07, -1.4757910281791706),
            (0.1, -1.2815515655446004),
            (0.3, -0.5244005127080408),
            (0.5, 0.0),
            (0.9, 1.2815515655446006),
            (0.975, 1.9599639845400538),
            (0.9999999, 5.199337582290661),
        ] {
            let found = quantile(p);
            assert!((found - expected).abs() <= 1e-15 * expected.abs(), "{p}: {found}, {expected}");
        }
        assert_eq!((quantile(0.0), quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
    }

    #[test]
    fn a_part_is_divided_by_its_own_probability() {
        for (low, high) in [(-1.0, 2.0), (6.0, 7.0), (-7.0, -6.0), (0.5, f64::INFINITY), (30.0, f64::INFINITY)] {
            let part = Between::new(low, high).unwrap();
            let mirrored = Between::new(-high, -low).unwrap();
            for p in [1e-6, 0.25, 0.5, 0.999] {
                let x = part.quantile(p);
                assert!(low < x && x < high, "{x} from {low} to {high}");
                assert!((x + mirrored.quantile(1.0 - p)).abs() < 1e-12 * x.abs().max(1.0), "{x}");
            }
            if high.is_finite() {
                let middle = part.quantile(0.5);
                let halves = [Between::new(low, middle), Between::new(middle, high)].map(|half| {
                    let half = half.unwrap();
                    half.to - half.from
                });
                assert!((halves[0] / halves[1] - 1.0).abs() < 1e-9, "{halves:?}");
            }
        }
        assert!(Between::new(40.0, 41.0).is_none());
    }
}

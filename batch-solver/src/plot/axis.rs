//! Numbers on axes: ranges, ticks and their text.

/// Finite numbers beyond this are drawn at it, so that differences stay finite.
const LARGEST: f64 = 8e307;
/// Smaller positive numbers have no place on a logarithmic axis.
const SMALLEST: f64 = 1e-300;
/// Ticks of an axis, about.
const TICKS: f64 = 6.0;

/// A range of numbers, linear or logarithmic.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scale {
    pub(super) name: String,
    pub(super) log: bool,
    /// Ends, as logarithms where the scale is logarithmic.
    pub(super) low: f64,
    pub(super) high: f64,
}

impl Scale {
    /// The scale of all values that can be shown, with room at both ends, a fraction of the whole.
    pub(super) fn new(
        name: impl Into<String>,
        log: bool,
        values: impl Iterator<Item = f64>,
        room: f64,
    ) -> Option<Self> {
        let mut scale = Self { name: name.into(), log, low: 0.0, high: 1.0 };
        let (low, high) = values
            .filter_map(|value| scale.place(value))
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
        if low > high {
            return None;
        }
        let size = low.abs().max(high.abs());
        let room = if high - low > 1e-9 * size && high - low > SMALLEST {
            room * (high - low)
        } else if log {
            0.3
        } else if size > SMALLEST {
            0.1 * size
        } else {
            1.0
        };
        (scale.low, scale.high) = (low - room, high + room);
        Some(scale)
    }

    /// Where a value is between the ends.
    pub(super) fn place(&self, value: f64) -> Option<f64> {
        if !value.is_finite() || self.log && value < SMALLEST {
            return None;
        }
        let value = value.clamp(-LARGEST, LARGEST);
        Some(if self.log { value.log10() } else { value })
    }

    /// The same as a fraction of the whole.
    pub(super) fn fraction(&self, value: f64) -> Option<f64> {
        Some(((self.place(value)? - self.low) / (self.high - self.low)).clamp(0.0, 1.0))
    }

    /// Places and texts of the ticks.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let span = self.high - self.low;
        if !self.log {
            let step = nice(span / TICKS);
            return multiples(step, self.low, self.high)
                .map(|value| (value, decimal(value, step, self.size())))
                .collect();
        }
        if span < 0.7 {
            let (low, high) = (10.0_f64.powf(self.low), 10.0_f64.powf(self.high));
            let step = nice((high - low) / TICKS);
            return multiples(step, low, high)
                .filter(|value| *value > 0.0)
                .map(|value| (value.log10(), decimal(value, step, high)))
                .collect();
        }
        let mantissas: &[f64] = if span < 2.2 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let every = (span / 7.0).ceil().max(1.0) as i32;
        let decades = self.low.floor() as i32..=self.high.ceil() as i32;
        let ticks = decades.filter(|decade| decade.rem_euclid(every) == 0).flat_map(|decade| {
            mantissas.iter().map(move |mantissa| (f64::from(decade) + mantissa.log10(), power(*mantissa, decade)))
        });
        ticks.filter(|(at, _)| (self.low..=self.high).contains(at)).collect()
    }

    fn size(&self) -> f64 {
        self.low.abs().max(self.high.abs())
    }
}

/// 1, 2 or 5 times a power of 10.
fn nice(step: f64) -> f64 {
    let unit = 10.0_f64.powi(step.log10().floor() as i32);
    let factor = [1.0, 2.0, 5.0, 10.0].into_iter().find(|factor| factor * unit >= 0.999 * step).unwrap_or(10.0);
    factor * unit
}

fn multiples(step: f64, low: f64, high: f64) -> impl Iterator<Item = f64> {
    let first = (low / step - 1e-6).ceil();
    (0..20).map(move |index| (first + f64::from(index)) * step).take_while(move |value| *value <= high + 1e-6 * step)
}

/// Digits after the point that tell multiples of a step apart.
fn digits(step: f64) -> i32 {
    (-(step.log10() + 1e-9).floor()) as i32
}

/// A multiple of a step on an axis whose numbers are up to a size.
fn decimal(value: f64, step: f64, size: f64) -> String {
    let (digits, value) = (digits(step), if value.abs() < 1e-6 * step { 0.0 } else { value });
    // Small differences of numbers near 1 take digits, not a power.
    if size < 1e5 && (digits <= 4 || size >= 0.1 && digits <= 9) {
        return signed(format!("{value:.*}", digits.max(0) as usize));
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let exponent = value.abs().log10().floor() as i32;
    let text = format!("{value:.*e}", (exponent + digits).clamp(0, 9) as usize);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    format!("{}·10{}", signed(mantissa.to_owned()), superscript(exponent))
}

fn power(mantissa: f64, decade: i32) -> String {
    match decade {
        -3..0 => format!("{:.*}", decade.unsigned_abs() as usize, mantissa * 10.0_f64.powi(decade)),
        0..=4 => format!("{}", mantissa * 10.0_f64.powi(decade)),
        _ if mantissa == 1.0 => format!("10{}", superscript(&decade.to_string())),
        _ => format!("{mantissa}·10{}", superscript(&decade.to_string())),
    }
}

/// With the sign that is as wide as a digit.
fn signed(text: String) -> String {
    text.replacen('-', "−", 1)
}

fn superscript(exponent: &str) -> String {
    let raised = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    exponent
        .chars()
        .map(|digit| digit.to_digit(10).and_then(|digit| raised.get(digit as usize).copied()).unwrap_or('⁻'))
        .collect()
}

/// A number in a text: four digits.
pub(super) fn number(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    if value == 0.0 || (1e-3..1e6).contains(&value.abs()) {
        let digits = if value == 0.0 { 0 } else { 3 - value.abs().log10().floor() as i32 };
        let text = format!("{value:.*}", digits.max(0) as usize);
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        return signed(text.to_owned());
    }
    decimal(value, 10.0_f64.powi((value.abs().log10().floor() as i32 - 1).max(-300)), 1e99)
}

/// A count with its thousands apart.
pub(super) fn count(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Whether ordered, different numbers are spread over decades: logarithms are more even than the numbers themselves.
pub(super) fn spread_over_decades(sorted: &[f64]) -> bool {
    let (Some(&low), Some(&high)) = (sorted.first(), sorted.last()) else { return false };
    if sorted.len() < 3 || low < SMALLEST || high / low < 5.0 || !high.is_finite() {
        return false;
    }
    let uneven = |at: &dyn Fn(f64) -> f64| {
        let gaps: Vec<f64> = sorted.windows(2).map(|pair| at(pair[1]) - at(pair[0])).collect();
        let mean = gaps.iter().sum::<f64>() / gaps.len() as f64;
        gaps.iter().map(|gap| (gap / mean - 1.0).powi(2)).sum::<f64>()
    };
    uneven(&f64::ln) < 0.5 * uneven(&|value| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(low: f64, high: f64, log: bool) -> Vec<String> {
        let scale = Scale::new("", log, [low, high].into_iter(), 0.0).unwrap();
        scale.ticks().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn ticks_have_few_digits() {
        assert_eq!(texts(-1.0, 1.0, false), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!(texts(0.0, 21.0, false), ["0", "5", "10", "15", "20"]);
        assert_eq!(texts(0.0, 3e6, false), ["0", "5·10⁵", "1.0·10⁶", "1.5·10⁶", "2.0·10⁶", "2.5·10⁶", "3.0·10⁶"]);
        assert_eq!(texts(1e-6, 1.0, true), ["10⁻⁶", "10⁻⁵", "10⁻⁴", "0.001", "0.01", "0.1", "1"]);
        assert_eq!(texts(1.0, 30.0, true), ["1", "2", "5", "10", "20"]);
        assert_eq!(texts(7.0, 7.0, false), ["6.5", "7.0", "7.5"]);
        assert_eq!(texts(2.99997, 3.0, false)[..2], ["2.999970", "2.999975"]);
    }

    #[test]
    fn numbers_in_texts() {
        assert_eq!([number(28.0), number(0.1 + 0.2), number(-2.5e-7), number(0.0)], ["28", "0.3", "−2.5·10⁻⁷", "0"]);
        assert_eq!([count(7), count(1000), count(200_001)], ["7", "1,000", "200,001"]);
    }

    #[test]
    fn decades_are_recognised() {
        assert!(spread_over_decades(&[1.0, 10.0, 100.0, 1000.0]));
        assert!(!spread_over_decades(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
        assert!(!spread_over_decades(&[-1.0, 10.0, 100.0]));
    }
}

//! Seventeen significant digits, fast: the fewest that bring back every binary64 number.
//!
//! The digits of `x` are the integer nearest to `x·10^p`, with the `p` for which it has 17 digits. The power comes from a table with 128 bits, as in Ryū printf
//! (Adams, OOPSLA 2019), so `x·10^p` is known with an error below 2^-66. Unless it lies that close to half an integer, the nearest one is certain; otherwise
//! the standard library, exact and some twenty times slower, decides.

use std::io::Write;
use std::sync::LazyLock;

/// Digits after the point.
const DECIMALS: i32 = 16;
/// 10^16 and 10^17: between them lie the integers with 17 digits.
const LEAST: u64 = 10_u64.pow(16);
const BEYOND: u64 = 10_u64.pow(17);

/// Smallest and largest power of ten that scales a finite number to 17 digits: the numbers reach from 4.9e-324 to 1.8e308.
const POWERS: std::ops::RangeInclusive<i32> = DECIMALS - 308..=DECIMALS + 324;

/// `significand · 2^exponent`, the most significant bit of the significand set; at most 2 units too small.
#[derive(Clone, Copy, Debug)]
struct Power {
    significand: u128,
    exponent: i32,
}

static POWERS_OF_TEN: LazyLock<Vec<Power>> = LazyLock::new(|| {
    let negative = POWERS.start().unsigned_abs() as usize;
    // 2^BITS / 10^n by repeated division: the truncations add up to less than two units of the last of many more bits than are kept.
    const LIMBS: usize = 32;
    let mut limbs = vec![0_u64; LIMBS];
    limbs.push(1);
    let mut powers = Vec::with_capacity(POWERS.count());
    for _ in 0..negative {
        divide_by_ten(&mut limbs);
        powers.push(leading(&limbs, -64 * LIMBS as i32));
    }
    powers.reverse();
    // 10^n exactly.
    let mut limbs = vec![1_u64];
    for _ in 0..=*POWERS.end() {
        powers.push(leading(&limbs, 0));
        multiply_by_ten(&mut limbs);
    }
    powers
});

fn multiply_by_ten(limbs: &mut Vec<u64>) {
    let mut carry = 0_u128;
    for limb in limbs.iter_mut() {
        let product = u128::from(*limb) * 10 + carry;
        *limb = product as u64;
        carry = product >> 64;
    }
    if carry > 0 {
        limbs.push(carry as u64);
    }
}

fn divide_by_ten(limbs: &mut [u64]) {
    let mut remainder = 0_u128;
    for limb in limbs.iter_mut().rev() {
        let dividend = remainder << 64 | u128::from(*limb);
        *limb = (dividend / 10) as u64;
        remainder = dividend % 10;
    }
}

/// The leading 128 bits of an integer, least significant limb first, times `2^exponent`.
fn leading(limbs: &[u64], exponent: i32) -> Power {
    let used = limbs.iter().rposition(|limb| *limb != 0).map_or(0, |last| last + 1);
    let limb = |from_top: usize| used.checked_sub(from_top).and_then(|i| limbs.get(i)).copied().unwrap_or(0);
    let (first, second, third) = (limb(1), limb(2), limb(3));
    let shift = first.leading_zeros();
    let top = u128::from(first) << 64 | u128::from(second);
    let next = if shift == 0 { 0 } else { third >> (64 - shift) };
    Power { significand: top << shift | u128::from(next), exponent: exponent + 64 * (used as i32 - 2) - shift as i32 }
}

/// Appends the number in scientific notation with 17 significant digits, exactly as `{:.16e}` writes it.
pub(super) fn push(out: &mut Vec<u8>, value: f64) {
    if !value.is_finite() || value == 0.0 {
        return push_exactly(out, value);
    }
    match digits(value.abs()) {
        Some((digits, exponent)) => {
            if value.is_sign_negative() {
                out.push(b'-');
            }
            push_scientific(out, digits, exponent);
        }
        None => push_exactly(out, value),
    }
}

fn push_exactly(out: &mut Vec<u8>, value: f64) {
    // Writing into a vector cannot fail.
    let _ = write!(out, "{value:.16e}");
}

/// The 17 digits as an integer and the decimal exponent of the first; `None` where the rounding is too close to call.
fn digits(value: f64) -> Option<(u64, i32)> {
    let bits = value.to_bits();
    let (biased, fraction) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
    // value = significand · 2^exponent
    let (significand, exponent) = match biased {
        0 => (fraction, -1074),
        _ => (fraction | 1 << 52, biased - 1075),
    };
    let shift = significand.leading_zeros();
    let (significand, exponent) = (significand << shift, exponent - shift as i32);
    // floor(log10(2^(exponent + 63))), which is floor(log10(value)) or one less. 78913 / 2^18 is log10(2) to 5e-7, enough for 1100 · log10(2).
    let mut decimal = ((exponent + 63) * 78_913) >> 18;
    loop {
        let power = POWERS_OF_TEN.get(usize::try_from(DECIMALS - decimal - POWERS.start()).ok()?)?;
        let (high, low) = ((power.significand >> 64) as u64, power.significand as u64);
        let product = u128::from(significand) * u128::from(high) + ((u128::from(significand) * u128::from(low)) >> 64);
        // value · 10^p = product · 2^-point, the product at most 4 too small.
        let point = u32::try_from(-(64 + exponent + power.exponent)).ok()?;
        let floor = (product >> point) as u64;
        if floor >= BEYOND {
            decimal += 1;
            continue;
        }
        let rest = product & ((1 << point) - 1);
        let half = 1_u128 << (point - 1);
        if rest.abs_diff(half) <= 4 {
            return None;
        }
        let nearest = floor + u64::from(rest > half);
        return Some(if nearest == BEYOND { (LEAST, decimal + 1) } else { (nearest, decimal) });
    }
}

/// The numbers from 00 to 99.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut i = 0;
    while i < 100 {
        pairs[i] = [b'0' + (i / 10) as u8, b'0' + (i % 10) as u8];
        i += 1;
    }
    pairs
};

fn push_scientific(out: &mut Vec<u8>, digits: u64, exponent: i32) {
    let mut text = [b'.'; 18];
    let mut rest = digits;
    // Two digits at a time from the end; what is left is the digit before the point.
    for pair in text[2..].rchunks_exact_mut(2) {
        pair.copy_from_slice(&PAIRS[(rest % 100) as usize]);
        rest /= 100;
    }
    text[0] = b'0' + rest as u8;
    out.extend_from_slice(&text);
    out.push(b'e');
    if exponent < 0 {
        out.push(b'-');
    }
    let exponent = exponent.unsigned_abs();
    if exponent >= 100 {
        out.push(b'0' + (exponent / 100) as u8);
    }
    if exponent >= 10 {
        out.extend_from_slice(&PAIRS[(exponent % 100) as usize]);
    } else {
        out.push(b'0' + exponent as u8);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(value: f64) -> String {
        let mut out = Vec::new();
        push(&mut out, value);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn special_numbers_are_written_as_the_standard_library_does() {
        for value in [
            0.0,
            -0.0,
            1.0,
            -1.0,
            0.1,
            0.5,
            10.0,
            9.5,
            1e16,
            1e17,
            99_999_999_999_999_999.0,
            123_456.0,
            2.0_f64.powi(-60),
            f64::MAX,
            f64::MIN_POSITIVE,
            f64::from_bits(1),
            f64::EPSILON,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            5e-324,
            1e-5,
            1e22,
            1e23,
        ] {
            assert_eq!(written(value), format!("{value:.16e}"));
        }
    }

    #[test]
    fn neighbours_of_all_powers_of_ten_and_two_are_right() {
        let tens = (-323..=308).map(|n| format!("1e{n}").parse::<f64>().unwrap());
        let twos = (-1074..=1023).map(|n| 2.0_f64.powi(n));
        for power in tens.chain(twos).filter(|power| *power > 0.0) {
            for value in [power.next_down(), power, power.next_up(), -power] {
                assert_eq!(written(value), format!("{value:.16e}"));
            }
        }
    }

    #[test]
    fn ties_are_left_to_the_exact_way() {
        // 2^-24 · odd has 24 digits and more; among the numbers k/2^18 with 18 digits half end in a 5 to be rounded.
        let ties = (1..1000).filter(|k| digits(1.0 + f64::from(*k) / f64::from(1 << 17)).is_none()).count();
        assert!(ties > 0);
        for k in 1..1000 {
            let value = 1.0 + f64::from(k) / f64::from(1 << 17);
            assert_eq!(written(value), format!("{value:.16e}"));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn every_number_is_written_as_the_standard_library_does(bits: u64, single: f32) {
            for value in [f64::from_bits(bits), f64::from(single)] {
                prop_assert_eq!(written(value), format!("{value:.16e}"));
            }
        }
    }
}

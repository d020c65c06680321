//! The types that NumPy's arrays have of numbers.

/// Bytes of a number, 0 of what is none.
pub(super) fn bytes_of(dtype: &str) -> usize {
    decoder(dtype).map_or(0, |(bytes, _)| bytes)
}

pub(super) type Decode = fn(&[u8]) -> f64;

/// Bytes of a number, and what makes one of them.
pub(super) fn decoder(dtype: &str) -> Option<(usize, Decode)> {
    let (big, kind) = match dtype.split_at_checked(1)? {
        (">", kind) => (true, kind),
        ("<" | "|" | "=", kind) => (false, kind),
        _ => return None,
    };
    macro_rules! number {
        ($number:ty) => {
            number!($number, |number| number as f64)
        };
        ($bits:ty, $convert:expr) => {{
            let decode: Decode = match big {
                true => |bytes| $convert(<$bits>::from_be_bytes(bytes.try_into().unwrap_or_default())),
                false => |bytes| $convert(<$bits>::from_le_bytes(bytes.try_into().unwrap_or_default())),
            };
            (size_of::<$bits>(), decode)
        }};
    }
    Some(match kind {
        "f8" => number!(f64),
        "f4" => number!(f32),
        "f2" => number!(u16, half_precision),
        "i8" => number!(i64),
        "i4" => number!(i32),
        "i2" => number!(i16),
        "i1" => number!(i8),
        "u8" => number!(u64),
        "u4" => number!(u32),
        "u2" => number!(u16),
        "u1" => number!(u8),
        _ => return None,
    })
}

/// The number of 16 bits, binary16 of IEEE 754.
fn half_precision(bits: u16) -> f64 {
    let (exponent, fraction) = (bits >> 10 & 0x1f, f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction * 2.0_f64.powi(-24),
        0x1f if fraction > 0.0 => f64::NAN,
        0x1f => f64::INFINITY,
        _ => (1024.0 + fraction) * 2.0_f64.powi(i32::from(exponent) - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

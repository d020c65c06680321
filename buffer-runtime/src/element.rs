//! Types of a buffer's elements.

use std::fmt;
use std::str::FromStr;

use crate::names::UnknownName;
use crate::precision::Precision;

/// Why 16-bit floats are refused, as the end of "unknown element type `f16`: ".
pub(crate) const HALF: &str = "16-bit floats have no portable SIMD arithmetic on the CPU, so the two machines could not give equal bits; use `f32`";

/// A concrete element type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ElementType {
    /// Single-precision float, 4 bytes.
    F32,
    /// Double-precision float, 8 bytes.
    F64,
    /// Signed integer, 4 bytes.
    I32,
    /// Signed integer, 8 bytes.
    I64,
}

impl ElementType {
    /// Every element type, in the order of [`NAMES`](Self::NAMES).
    pub const ALL: [Self; 4] = [Self::F32, Self::F64, Self::I32, Self::I64];
    /// The text forms.
    pub const NAMES: &'static [&'static str] = &["f32", "f64", "i32", "i64"];

    /// Bytes of one element, which is also its alignment: 4 or 8.
    pub const fn size_bytes(self) -> usize {
        match self {
            Self::F32 | Self::I32 => 4,
            Self::F64 | Self::I64 => 8,
        }
    }

    /// The scalar's name in device source, the same for every compiler: `float`, `double`, `int` or `long long`.
    pub const fn cpp_name(self) -> &'static str {
        match self {
            Self::F32 => "float",
            Self::F64 => "double",
            Self::I32 => "int",
            Self::I64 => "long long",
        }
    }

    /// The text form: `f32`, `f64`, `i32` or `i64`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::F64 => "f64",
            Self::I32 => "i32",
            Self::I64 => "i64",
        }
    }
}

impl fmt::Display for ElementType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for ElementType {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "f32" => Ok(Self::F32),
            "f64" => Ok(Self::F64),
            "i32" => Ok(Self::I32),
            "i64" => Ok(Self::I64),
            "f16" | "half" | "float16" => Err(UnknownName::new("element type", text, Self::NAMES).with_note(HALF)),
            _ => Err(UnknownName::new("element type", text, Self::NAMES)),
        }
    }
}

/// The element type a buffer is declared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ElementSpec {
    /// Whatever precision the buffer's parent computes in.
    #[default]
    Real,
    /// One type at any precision.
    Fixed(ElementType),
}

impl ElementSpec {
    /// The concrete type where the parent computes in `precision`.
    pub const fn resolve(self, precision: Precision) -> ElementType {
        match self {
            Self::Real => precision.element(),
            Self::Fixed(element) => element,
        }
    }

    /// The name in device source: `real`, or the scalar's own.
    pub const fn cpp_name(self) -> &'static str {
        match self {
            Self::Real => "real",
            Self::Fixed(element) => element.cpp_name(),
        }
    }
}

impl From<ElementType> for ElementSpec {
    fn from(element: ElementType) -> Self {
        Self::Fixed(element)
    }
}

impl fmt::Display for ElementSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real => f.pad("real"),
            Self::Fixed(element) => element.fmt(f),
        }
    }
}

impl FromStr for ElementSpec {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "real" {
            return Ok(Self::Real);
        }
        text.parse().map(Self::Fixed).map_err(|error: UnknownName| match error.note {
            Some(note) => UnknownName::new("element type", text, Self::NAMES).with_note(note),
            None => UnknownName::new("element type", text, Self::NAMES),
        })
    }
}

impl ElementSpec {
    /// The text forms.
    pub const NAMES: &'static [&'static str] = &["real", "f32", "f64", "i32", "i64"];
}

/// Element type of a buffer whose elements have the precision of the plan.
///
/// It exists only as a type argument: `Buffer<Real>`, which is also what `Buffer` alone means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Real {}

/// A type that buffers and kernel arguments can hold: [`Real`], `f32`, `f64`, `i32` or `i64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the element of a buffer",
    label = "not an element type",
    note = "elements are `Real` (the plan's precision, and the default), `f32`, `f64`, `i32` or `i64`; for flags and counters use `i32`"
)]
pub trait Element: sealed::Sealed + 'static {
    /// The declared element type.
    const SPEC: ElementSpec;

    /// The type of a value on the host: the type itself, and `f64` for [`Real`], which holds every value of either
    /// precision.
    type Host: Copy + Default + PartialEq + PartialOrd + fmt::Debug + fmt::Display + Send + Sync + 'static;

    /// Reads one element from the bytes a device left, in the host's byte order; `None` if there are not as many as an
    /// element has.
    fn from_bytes(bytes: &[u8]) -> Option<Self::Host>;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! fixed {
    ($($ty:ty => $element:ident),*) => {$(
        impl sealed::Sealed for $ty {}

        impl Element for $ty {
            const SPEC: ElementSpec = ElementSpec::Fixed(ElementType::$element);
            type Host = Self;

            fn from_bytes(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self::from_ne_bytes)
            }
        }
    )*};
}
fixed!(f32 => F32, f64 => F64, i32 => I32, i64 => I64);

impl sealed::Sealed for Real {}

impl Element for Real {
    const SPEC: ElementSpec = ElementSpec::Real;
    type Host = f64;

    fn from_bytes(bytes: &[u8]) -> Option<f64> {
        f64::from_bytes(bytes).or_else(|| f32::from_bytes(bytes).map(f64::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_read_back() {
        for (element, name) in ElementType::ALL.into_iter().zip(ElementType::NAMES) {
            assert_eq!(element.to_string(), *name);
            assert_eq!(name.parse(), Ok(element));
            assert_eq!(name.parse(), Ok(ElementSpec::Fixed(element)));
        }
        assert_eq!("real".parse(), Ok(ElementSpec::Real));
        assert_eq!(ElementSpec::Real.to_string(), "real");
    }

    #[test]
    fn sizes_are_those_of_the_host_types() {
        let sizes = ElementType::ALL.map(ElementType::size_bytes);
        assert_eq!(sizes, [size_of::<f32>(), size_of::<f64>(), size_of::<i32>(), size_of::<i64>()]);
    }

    #[test]
    fn real_follows_the_precision_and_fixed_types_do_not() {
        assert_eq!(ElementSpec::Real.resolve(Precision::F32), ElementType::F32);
        assert_eq!(ElementSpec::Real.resolve(Precision::F64), ElementType::F64);
        assert_eq!(ElementSpec::Fixed(ElementType::I32).resolve(Precision::F64), ElementType::I32);
    }

    #[test]
    fn half_is_refused_with_reason_and_remedy() {
        for name in ["f16", "half", "float16"] {
            let text = name.parse::<ElementType>().unwrap_err().to_string();
            assert!(text.contains("SIMD") && text.contains("use `f32`"), "{text}");
            assert_eq!(name.parse::<ElementSpec>().unwrap_err().to_string(), text);
        }
    }

    #[test]
    fn other_names_are_refused_with_the_choices() {
        let text = "c64".parse::<ElementType>().unwrap_err().to_string();
        assert_eq!(text, "unknown element type `c64`: must be `f32`, `f64`, `i32` or `i64`; did you mean `f64`?");
    }

    #[test]
    fn elements_read_back_from_bytes() {
        assert_eq!(i64::from_bytes(&(-7_i64).to_ne_bytes()), Some(-7));
        assert_eq!(Real::from_bytes(&1.5_f32.to_ne_bytes()), Some(1.5));
        assert_eq!(Real::from_bytes(&1.5_f64.to_ne_bytes()), Some(1.5));
        assert_eq!(i32::from_bytes(&[0; 3]), None);
        assert_eq!(Real::from_bytes(&[]), None);
    }
}

//! The floating-point type a kernel computes in.

use std::fmt;
use std::str::FromStr;

use crate::element::{ElementType, HALF};
use crate::names::UnknownName;

/// The type of a plan's `real`: single or double precision (IEEE 754 binary32, binary64).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Precision {
    /// Single precision, 4 bytes.
    F32,
    /// Double precision, 8 bytes.
    F64,
}

impl Precision {
    /// Every precision, in the order of [`NAMES`](Self::NAMES).
    pub const ALL: [Self; 2] = [Self::F32, Self::F64];
    /// The text forms.
    pub const NAMES: &'static [&'static str] = &["f32", "f64"];

    /// The element type of `real` buffers.
    pub const fn element(self) -> ElementType {
        match self {
            Self::F32 => ElementType::F32,
            Self::F64 => ElementType::F64,
        }
    }

    /// Bytes of one `real`: 4 or 8.
    pub const fn size_bytes(self) -> usize {
        self.element().size_bytes()
    }

    /// The type's name in device source: `float` or `double`.
    pub const fn cpp_name(self) -> &'static str {
        self.element().cpp_name()
    }

    /// The text form: `f32` or `f64`.
    pub const fn name(self) -> &'static str {
        self.element().name()
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Precision {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "f32" => Ok(Self::F32),
            "f64" => Ok(Self::F64),
            "f16" | "half" | "float16" => Err(UnknownName::new("precision", text, Self::NAMES).with_note(HALF)),
            _ => Err(UnknownName::new("precision", text, Self::NAMES)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_read_back() {
        for (precision, name) in Precision::ALL.into_iter().zip(Precision::NAMES) {
            assert_eq!(precision.to_string(), *name);
            assert_eq!(name.parse(), Ok(precision));
        }
    }

    #[test]
    fn sizes_and_device_names() {
        assert_eq!((Precision::F32.size_bytes(), Precision::F32.cpp_name()), (4, "float"));
        assert_eq!((Precision::F64.size_bytes(), Precision::F64.cpp_name()), (8, "double"));
    }

    #[test]
    fn half_precision_is_refused_with_its_reason() {
        let text = "f16".parse::<Precision>().unwrap_err().to_string();
        assert!(text.contains("`f16`") && text.contains("use `f32`"), "{text}");
        let text = "double".parse::<Precision>().unwrap_err().to_string();
        assert_eq!(text, "unknown precision `double`: must be `f32` or `f64`");
    }
}

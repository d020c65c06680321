use std::fmt::Write;

/// Compile-time constants of one factory in device source.
///
/// Each call writes one line of the generated `<path>_buffers` struct.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceText {
    text: String,
}

impl DeviceText {
    /// The lines written so far.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// A `bool` constant.
    pub fn boolean(&mut self, name: &str, value: bool) {
        self.line(format_args!("static constexpr bool {name} = {value};"));
    }

    /// An `int` constant, `long long` where it needs more than 32 bits, `unsigned long long` where it needs the 64th.
    pub fn integer(&mut self, name: &str, value: i128) {
        if i32::try_from(value).is_ok() {
            self.line(format_args!("static constexpr int {name} = {value};"));
        } else if value == i128::from(i64::MIN) {
            // A minus is an operator in C++, and its operand has to fit.
            self.line(format_args!("static constexpr long long {name} = {}LL - 1;", value + 1));
        } else if i64::try_from(value).is_ok() {
            self.line(format_args!("static constexpr long long {name} = {value}LL;"));
        } else {
            self.line(format_args!("static constexpr unsigned long long {name} = {value}ULL;"));
        }
    }

    /// A constant of the kernel's precision.
    pub fn real(&mut self, name: &str, value: f64) {
        self.line(format_args!("static constexpr scalar {name} = {};", real_literal(value)));
    }

    /// Lines of C++ for class scope: `static constexpr` members or member functions.
    pub fn raw(&mut self, lines: &str) {
        for line in lines.lines() {
            self.line(format_args!("{line}"));
        }
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{line}");
    }
}

/// A literal of the kernel's precision that stands for exactly this value, infinities and NaN included.
pub fn real_literal(value: f64) -> String {
    if value.is_nan() {
        "scalar(__builtin_nan(\"\"))".to_owned()
    } else if value.is_infinite() {
        format!("scalar({}__builtin_huge_val())", if value < 0.0 { "-" } else { "" })
    } else {
        format!("scalar({value:?})")
    }
}

/// An input that device source sees as a compile-time constant.
///
/// Numbers and booleans are; implement it for a type such as a tableau and mark the field `#[input(device)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be written as a constant of device source",
    label = "`#[input(device)]` needs a type that implements `DeviceConstant`"
)]
pub trait DeviceConstant {
    /// Writes the constant, or several whose names begin with `name`.
    fn device_constant(&self, name: &str, out: &mut DeviceText);
}

macro_rules! from_setting {
    ($($ty:ty),*) => {$(
        impl DeviceConstant for $ty {
            fn device_constant(&self, name: &str, out: &mut DeviceText) {
                crate::settings::SettingValue::device_constant(self, name, out);
            }
        }
    )*};
}
from_setting!(bool, i8, i16, i32, i64, u8, u16, u32, u64, usize, f32, f64);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_have_the_type_that_holds_them() {
        let mut text = DeviceText::default();
        text.integer("a", -7);
        text.integer("b", i128::from(i64::MAX));
        text.integer("c", i128::from(i64::MIN));
        text.integer("d", i128::from(u64::MAX));
        let lines: Vec<&str> = text.as_str().lines().collect();
        assert_eq!(
            lines,
            [
                "static constexpr int a = -7;",
                "static constexpr long long b = 9223372036854775807LL;",
                "static constexpr long long c = -9223372036854775807LL - 1;",
                "static constexpr unsigned long long d = 18446744073709551615ULL;",
            ]
        );
    }
}

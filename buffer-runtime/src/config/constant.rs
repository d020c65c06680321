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

    /// An `int` constant, or `long long` when it needs more than 32 bits.
    pub fn integer(&mut self, name: &str, value: i128) {
        if i32::try_from(value).is_ok() {
            self.line(format_args!("static constexpr int {name} = {value};"));
        } else {
            self.line(format_args!("static constexpr long long {name} = {value}LL;"));
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

//! Tables of coefficients as C++.

use buffer_runtime::DeviceText;

/// A list in braces.
pub(crate) fn braces(items: impl Iterator<Item = String>) -> String {
    format!("{{{}}}", items.collect::<Vec<_>>().join(", "))
}

/// A constexpr function that looks up a table: constexpr arrays cannot be used in device code, and a call with constant arguments folds.
pub(crate) fn function(out: &mut DeviceText, signature: &str, declaration: &str, rows: &[String], index: &str) {
    let values = match rows {
        [single] => single.clone(),
        rows => format!("{{{}}}", rows.join(",\n            ")),
    };
    out.raw(&format!("    BR_DEVICE static constexpr {signature} {{"));
    out.raw(&format!("        constexpr {declaration} = {values};"));
    out.raw(&format!("        return values{index};\n    }}"));
}

//! What `-march=native` means here, as the compiler resolves it.

use std::{collections::BTreeSet, env::consts::ARCH};

/// How the macros of instruction sets begin: those that [`HostTarget::features`] shows.
const INSTRUCTION_SETS: [&str; 14] = [
    "__SSE",
    "__SSSE",
    "__AVX",
    "__FMA",
    "__BMI",
    "__F16C",
    "__AES",
    "__SHA",
    "__GFNI",
    "__VAES",
    "__VPCLMUL",
    "__AMX",
    "__ARM_NEON",
    "__ARM_FEATURE",
];

/// The processor as the compiler targets it.
///
/// Taken from the compiler's predefined macros rather than from the processor: an instruction set counts only if both
/// have it, and a compiler may use more than any list kept here would name, so that two hosts would share kernels that
/// only one of them can run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostTarget {
    macros: BTreeSet<String>,
}

impl HostTarget {
    /// From the predefined macros (`#define NAME VALUE` lines) for the host's processor.
    pub(super) fn from_macros(macros: &str) -> Self {
        let names = macros.lines().filter_map(|line| {
            let (name, value) = line.strip_prefix("#define ")?.split_once(' ')?;
            // Limits (`__BIGGEST_ALIGNMENT__ 64`) and macros with parameters follow from the instruction sets.
            (value == "1" && !name.contains('(')).then(|| name.to_owned())
        });
        Self { macros: names.collect() }
    }

    /// The family of the processor, as Rust names it: `x86_64`, `aarch64`.
    #[must_use]
    pub fn architecture(&self) -> &'static str {
        ARCH
    }

    /// The instruction sets for arithmetic, in alphabetical order: `avx2`, `fma`, …
    pub fn features(&self) -> impl Iterator<Item = String> {
        let shown = self.macros.iter().filter(|name| INSTRUCTION_SETS.iter().any(|prefix| name.starts_with(prefix)));
        shown.map(|name| name.trim_matches('_').to_ascii_lowercase())
    }

    /// Whether a fused multiply-add is one instruction.
    #[must_use]
    pub fn has_fma(&self) -> bool {
        self.defines("__FMA__") || self.defines("__ARM_FEATURE_FMA")
    }

    /// Bytes of the widest vector register: 64 with AVX-512F, 32 with AVX2, else 16.
    #[must_use]
    pub fn vector_bytes(&self) -> usize {
        if self.defines("__AVX512F__") {
            64
        } else if self.defines("__AVX2__") {
            32
        } else {
            16
        }
    }

    /// The vector widths in bytes that can be asked for, widest first.
    #[must_use]
    pub fn vector_widths(&self) -> Vec<usize> {
        [64, 32, 16].into_iter().filter(|width| *width <= self.vector_bytes()).collect()
    }

    /// The architecture and every macro that the compiler sets for the processor, in one line: the part of a kernel's
    /// identity that `-march=native` stands for.
    #[must_use]
    pub fn identity(&self) -> String {
        let mut text = String::from(self.architecture());
        for name in &self.macros {
            text.push(' ');
            text.push_str(name);
        }
        text
    }

    fn defines(&self, name: &str) -> bool {
        self.macros.contains(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_with_value_one_count() {
        let macros = "#define __SSE2__ 1\n#define __AVX2__ 1\n#define __FMA__ 1\n#define __CLWB__ 1\n#define __MAX__ 16\n#define __AVXF(x) 1\n";
        let target = HostTarget::from_macros(macros);
        assert_eq!(target.features().collect::<Vec<_>>(), ["avx2", "fma", "sse2"]);
        assert!(target.has_fma());
        assert_eq!((target.vector_bytes(), target.vector_widths()), (32, vec![32, 16]));
        assert_eq!(target.identity(), format!("{ARCH} __AVX2__ __CLWB__ __FMA__ __SSE2__"));
    }

    #[test]
    fn sixteen_bytes_are_always_there() {
        let target = HostTarget::from_macros("#define __ARM_NEON 1\n#define __ARM_FEATURE_FMA 1\n");
        assert!(target.has_fma());
        assert_eq!(target.vector_widths(), [16]);
        assert!(!HostTarget::from_macros("").has_fma());
    }
}

//! Compiler flags, and why each is there.

use super::{CompilerError, CompilerKind, HostTarget};

/// How hard the compiler tries. The results have the same bits at every level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Optimisation {
    /// `-O1`: the shortest compile time that still keeps packs in registers.
    O1,
    /// `-O2`: as fast as `-O3` or faster for packs, and quicker to compile.
    #[default]
    O2,
    /// `-O3`.
    O3,
}

/// Run-time checks that a compiler builds into an executable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sanitizer {
    /// Out-of-bounds and use-after-free accesses.
    Address,
    /// Undefined behaviour: overflow, misalignment, bad shifts.
    Undefined,
}

/// Options of a host compilation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostOptions {
    /// Optimisation level.
    pub optimisation: Optimisation,
    /// Bytes of a vector register to compile for: 64, 32 or 16. `None`: the widest of the host.
    pub vector_bytes: Option<usize>,
    /// Further flags, after all others, for example `-DBLOCK=64`.
    pub extra: Vec<String>,
    /// Debug information.
    pub debug: bool,
}

/// The same language, the same bits, small objects.
pub(super) const ALWAYS: [&str; 7] = [
    "-std=c++17",
    // Fused multiply-add only where the source says fma(): the GPU does the same.
    "-ffp-contract=off",
    // sqrt and fma become instructions; nobody reads errno.
    "-fno-math-errno",
    // Packs are read through pointers to their elements.
    "-fno-strict-aliasing",
    "-fPIC",
    // Entries carry a visibility attribute; everything else may be inlined and dropped.
    "-fvisibility=hidden",
    // Notes about passing vectors by value say nothing here: no object calls another.
    "-Wno-psabi",
];

impl HostOptions {
    /// All flags but input, output and linkage, in the order in which they are passed. With the compiler's
    /// [identity](super::HostCompiler::identity) and the target's, they decide the result.
    ///
    /// # Errors
    /// [`CompilerError::VectorWidth`] if the host has no such vectors.
    pub(super) fn flags(&self, kind: CompilerKind, target: &HostTarget) -> Result<Vec<String>, CompilerError> {
        let mut flags: Vec<String> = ALWAYS.map(String::from).into();
        flags.push(match self.optimisation {
            Optimisation::O1 => "-O1".into(),
            Optimisation::O2 => "-O2".into(),
            Optimisation::O3 => "-O3".into(),
        });
        if kind == CompilerKind::Gcc {
            // Schedules before registers are allocated, with an eye on how many there are: packs otherwise spill, in the order of the text.
            flags.extend(["-fschedule-insns".into(), "-fsched-pressure".into()]);
        }
        flags.extend(self.architecture_flags(target)?.into_iter().map(String::from));
        // With #line, a compiler would look for the user's file and show a line of whatever it finds.
        flags.push(
            match kind {
                CompilerKind::Gcc => "-fno-diagnostics-show-caret",
                CompilerKind::Clang => "-fno-caret-diagnostics",
            }
            .into(),
        );
        if self.debug {
            flags.push("-g".into());
        }
        flags.extend(self.extra.iter().cloned());
        Ok(flags)
    }

    fn architecture_flags(&self, target: &HostTarget) -> Result<Vec<&'static str>, CompilerError> {
        let widest = target.vector_bytes();
        let requested = self.vector_bytes.unwrap_or(widest);
        let supported = target.vector_widths();
        if !supported.contains(&requested) {
            return Err(CompilerError::VectorWidth { requested, supported });
        }
        if target.architecture() != "x86_64" {
            return Ok(vec![native_flag()]);
        }
        let mut flags = vec![native_flag()];
        if requested < 64 && widest == 64 {
            // Takes the instruction sets that build on it along.
            flags.push("-mno-avx512f");
        }
        flags.push(match requested {
            // Compilers prefer 32 bytes on AVX-512 processors and would split the packs' loops.
            64 => "-mprefer-vector-width=512",
            32 => "-mprefer-vector-width=256",
            _ => "-mprefer-vector-width=128",
        });
        Ok(flags)
    }
}

/// The flag that selects the host's processor.
pub(super) fn native_flag() -> &'static str {
    if cfg!(target_arch = "aarch64") { "-mcpu=native" } else { "-march=native" }
}

/// Flags that build checks into an executable; every finding ends the program.
pub(super) fn sanitizer_flags(sanitizers: &[Sanitizer]) -> Vec<String> {
    if sanitizers.is_empty() {
        return Vec::new();
    }
    let names: Vec<_> = sanitizers
        .iter()
        .map(|sanitizer| match sanitizer {
            Sanitizer::Address => "address",
            Sanitizer::Undefined => "undefined",
        })
        .collect();
    vec![
        format!("-fsanitize={}", names.join(",")),
        "-fno-sanitize-recover=all".into(),
        "-fno-omit-frame-pointer".into(),
        "-g".into(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(feature: &str) -> HostTarget {
        HostTarget::from_macros(&format!("#define {feature} 1\n"))
    }

    fn flags(options: &HostOptions, feature: &str) -> Vec<String> {
        options.flags(CompilerKind::Gcc, &target(feature)).unwrap()
    }

    #[test]
    fn no_flag_changes_arithmetic() {
        let flags = flags(&HostOptions::default(), "__AVX2__");
        assert!(flags.contains(&"-ffp-contract=off".into()));
        for forbidden in ["-ffast-math", "-Ofast", "-fno-signed-zeros", "-funsafe-math-optimizations"] {
            assert!(!flags.contains(&forbidden.into()), "{forbidden}");
        }
    }

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn narrower_vectors_than_the_host_has() {
        let narrow = HostOptions { vector_bytes: Some(32), ..HostOptions::default() };
        let on_avx512 = flags(&narrow, "__AVX512F__");
        let position = |flag: &str| on_avx512.iter().position(|other| other == flag);
        assert!(position("-march=native").unwrap() < position("-mno-avx512f").unwrap());
        assert!(position("-mprefer-vector-width=256").is_some());
        assert!(!flags(&narrow, "__AVX2__").contains(&"-mno-avx512f".into()));
        assert!(flags(&HostOptions::default(), "__AVX512F__").contains(&"-mprefer-vector-width=512".into()));
    }

    #[test]
    fn impossible_widths_are_errors() {
        for requested in [0, 8, 24, 64, 128] {
            let options = HostOptions { vector_bytes: Some(requested), ..HostOptions::default() };
            let error = options.flags(CompilerKind::Gcc, &target("__AVX2__")).unwrap_err();
            assert!(error.to_string().contains(&format!("{requested} bytes")), "{error}");
            assert!(error.to_string().contains("[32, 16]"), "{error}");
        }
    }

    #[test]
    fn extra_flags_come_last() {
        let options = HostOptions { extra: vec!["-DBLOCK=64".into()], debug: true, ..HostOptions::default() };
        assert_eq!(flags(&options, "__AVX2__").last().unwrap(), "-DBLOCK=64");
    }
}

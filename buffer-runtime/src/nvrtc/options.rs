//! Options of a compilation for the GPU, and why each is there.

use std::fmt;

/// A GPU architecture: ten times the major plus the minor number of its compute capability.
///
/// ```
/// use buffer_runtime::nvrtc::Architecture;
/// assert_eq!(Architecture::new(9, 0), Architecture(90));
/// assert_eq!(Architecture(120).to_string(), "sm_120");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Architecture(pub u32);

impl Architecture {
    /// From a compute capability.
    #[must_use]
    pub const fn new(major: u32, minor: u32) -> Self {
        Self(major.saturating_mul(10).saturating_add(minor))
    }

    /// Major and minor number of the compute capability.
    #[must_use]
    pub const fn compute_capability(self) -> (u32, u32) {
        (self.0 / 10, self.0 % 10)
    }
}

impl fmt::Display for Architecture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sm_{}", self.0)
    }
}

/// What NVRTC produces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ImageFormat {
    /// Machine code of the architecture, which any driver for the card loads; comes with the resources of each kernel.
    #[default]
    Cubin,
    /// Intermediate code, which the driver compiles when it loads it, for this architecture and later ones.
    Ptx,
}

/// Options of a compilation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NvrtcOptions {
    /// The architecture to compile for.
    pub architecture: Architecture,
    /// Machine code or PTX.
    pub format: ImageFormat,
    /// Source lines for profilers; costs no speed.
    pub line_info: bool,
    /// Further options, after all others, for example `-DBLOCK=64`.
    pub extra: Vec<String>,
}

/// C++17, and arithmetic as it is written: fused multiply-add only where the source says `fma()`, subnormal numbers
/// kept, divisions and square roots correctly rounded, so that the results have the same bits as the host's.
const ALWAYS: [&str; 5] = ["--std=c++17", "--fmad=false", "--ftz=false", "--prec-div=true", "--prec-sqrt=true"];

impl NvrtcOptions {
    /// Machine code for `architecture`, with source lines.
    #[must_use]
    pub fn new(architecture: Architecture) -> Self {
        Self { architecture, format: ImageFormat::Cubin, line_info: true, extra: Vec::new() }
    }

    /// The options in the order in which they are passed.
    #[must_use]
    pub fn flags(&self) -> Vec<String> {
        let mut flags: Vec<String> = ALWAYS.map(String::from).into();
        match self.format {
            ImageFormat::Cubin => {
                flags.push(format!("--gpu-architecture={}", self.architecture));
                // Registers, stack and spills of each kernel go to the log.
                flags.push("--ptxas-options=-v".into());
            }
            ImageFormat::Ptx => flags.push(format!("--gpu-architecture=compute_{}", self.architecture.0)),
        }
        if self.line_info {
            flags.push("-lineinfo".into());
        }
        flags.extend(self.extra.iter().cloned());
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn architectures_have_two_names() {
        assert_eq!(Architecture::new(12, 1).compute_capability(), (12, 1));
        let mut options = NvrtcOptions::new(Architecture(90));
        assert!(options.flags().contains(&"--gpu-architecture=sm_90".into()));
        options.format = ImageFormat::Ptx;
        assert!(options.flags().contains(&"--gpu-architecture=compute_90".into()));
    }

    #[test]
    fn no_flag_changes_arithmetic() {
        let flags = NvrtcOptions { extra: vec!["-DN=3".into()], ..NvrtcOptions::new(Architecture(80)) }.flags();
        assert!(flags.contains(&"--fmad=false".into()) && !flags.iter().any(|flag| flag.contains("fast")));
        assert_eq!(flags.last().unwrap(), "-DN=3");
    }
}

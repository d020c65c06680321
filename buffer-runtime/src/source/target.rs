use std::fmt::Write;

use crate::layout::ResolvedLayout;
use crate::precision::Precision;

/// Who computes elementary functions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum MathLibrary {
    /// This library's own, the same bits on every machine.
    #[default]
    Portable,
    /// The vendors': libdevice on the GPU, the C library on the CPU. Results then differ between machines.
    Native,
}

/// The machine a text is generated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A CUDA device.
    Gpu(GpuTarget),
    /// The host's SIMD units.
    Cpu(CpuTarget),
}

/// How a kernel is shaped on the GPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GpuTarget {
    /// Threads per block: a compile-time constant, so that shared addresses fold.
    pub block: u32,
    /// Blocks per multiprocessor the compiler must make room for.
    pub min_blocks: u32,
    /// Elementary functions.
    pub math: MathLibrary,
}

/// How a kernel is shaped on the CPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CpuTarget {
    /// Bytes of a native vector: 16, 32, 64; 0 runs one lane at a time.
    pub vector_bytes: u32,
    /// Native vectors per pack, 1 to 4.
    pub pack: u32,
    /// Poison undefined contents and record buffers for reading back.
    pub debug: bool,
    /// Elementary functions.
    pub math: MathLibrary,
}

impl CpuTarget {
    /// Runs computed at once in this precision.
    pub fn lanes(&self, precision: Precision) -> usize {
        if self.vector_bytes == 0 {
            1
        } else {
            self.vector_bytes as usize / precision.size_bytes() * self.pack as usize
        }
    }
}

impl Target {
    pub(super) fn is_debug(&self) -> bool {
        matches!(self, Self::Cpu(CpuTarget { debug: true, .. }))
    }

    pub(super) fn write_defines(&self, out: &mut String, precision: Precision, layout: &ResolvedLayout) {
        let mut define = |name: &str, value: &dyn std::fmt::Display| {
            // Writing to a String cannot fail.
            let _ = writeln!(out, "#define {name} {value}");
        };
        define("BR_REAL", &precision.cpp_name());
        let math = match self {
            Self::Gpu(gpu) => {
                define("BR_BLOCK", &gpu.block);
                define("BR_GRANULE", &layout.granule().bytes());
                gpu.math
            }
            Self::Cpu(cpu) => {
                define("BR_VECTOR_BYTES", &cpu.vector_bytes);
                define("BR_PACK", &cpu.pack);
                if cpu.debug {
                    define("BR_POISON", &1);
                }
                cpu.math
            }
        };
        if math == MathLibrary::Native {
            define("BR_MATH_NATIVE", &1);
        }
    }
}

//! What a kernel uses of the card, as ptxas reports it with `--ptxas-options=-v`.

use serde::{Deserialize, Serialize};

/// Resources of one kernel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KernelResources {
    /// The entry's name; entries are `extern "C"`, so it is the name in the source.
    pub name: String,
    /// 32-bit registers per thread, those of the functions it calls included.
    pub registers: u32,
    /// Barriers.
    pub barriers: u32,
    /// Bytes of local memory per thread: the deepest stack, those of the functions it calls included.
    pub stack_bytes: u32,
    /// Bytes of spill stores in the kernel's own code.
    pub spill_stores: u32,
    /// Bytes of spill loads in the kernel's own code.
    pub spill_loads: u32,
    /// Bytes of static shared memory per block.
    pub shared_bytes: u32,
    /// Bytes of constant memory, parameters included. Zero from sm_90 on, where ptxas does not report it.
    pub constant_bytes: u32,
    /// The functions that were not inlined into it.
    pub functions: Vec<FunctionResources>,
}

/// Resources of a device function that a kernel calls.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FunctionResources {
    /// The mangled name.
    pub name: String,
    /// Bytes of its stack frame.
    pub stack_bytes: u32,
    /// Bytes of spill stores.
    pub spill_stores: u32,
    /// Bytes of spill loads.
    pub spill_loads: u32,
}

impl KernelResources {
    /// The kernels in an NVRTC log, in the order of the log. Lines of any other kind are skipped.
    #[must_use]
    pub fn parse_log(log: &str) -> Vec<Self> {
        let mut kernels: Vec<Self> = Vec::new();
        let mut frame_of = "";
        for line in log.lines() {
            // `ptxas info    : …` and, for continuations, `ptxas         .     …`.
            let Some(text) = line.strip_prefix("ptxas").and_then(|rest| rest.split_once([':', '.'])) else {
                continue;
            };
            let text = text.1.trim();
            if let Some(quoted) = text.strip_prefix("Compiling entry function '") {
                let name = quoted.split('\'').next().unwrap_or_default();
                kernels.push(Self { name: name.into(), ..Self::default() });
                continue;
            }
            let Some(kernel) = kernels.last_mut() else {
                continue;
            };
            if let Some(name) = text.strip_prefix("Function properties for ") {
                frame_of = name;
            } else if text.contains("bytes stack frame") {
                kernel.record_frame(frame_of, text);
            } else if let Some(usage) = text.strip_prefix("Used ") {
                kernel.record_usage(usage);
            }
        }
        kernels
    }

    /// Bytes of spill stores and loads, those of the functions it calls included.
    #[must_use]
    pub fn total_spill_bytes(&self) -> u32 {
        let own = self.spill_stores.saturating_add(self.spill_loads);
        let called = self.functions.iter().map(|function| function.spill_stores.saturating_add(function.spill_loads));
        called.fold(own, u32::saturating_add)
    }

    /// `672 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads`
    fn record_frame(&mut self, name: &str, text: &str) {
        let mut frame = FunctionResources { name: name.into(), ..FunctionResources::default() };
        for (count, unit) in quantities(text) {
            match unit {
                "bytes stack frame" => frame.stack_bytes = count,
                "bytes spill stores" => frame.spill_stores = count,
                "bytes spill loads" => frame.spill_loads = count,
                _ => {}
            }
        }
        if name == self.name {
            self.stack_bytes = self.stack_bytes.max(frame.stack_bytes);
            (self.spill_stores, self.spill_loads) = (frame.spill_stores, frame.spill_loads);
        } else {
            self.functions.push(frame);
        }
    }

    /// `34 registers, used 1 barriers, 672 bytes cumulative stack size, 1024 bytes smem, 364 bytes cmem[0]`
    fn record_usage(&mut self, text: &str) {
        for (count, unit) in quantities(text) {
            match unit {
                "registers" => self.registers = count,
                "barriers" => self.barriers = count,
                // Frames of called functions are not additive: ptxas knows which calls nest.
                "bytes cumulative stack size" => self.stack_bytes = self.stack_bytes.max(count),
                "bytes smem" => self.shared_bytes = count,
                _ if unit.starts_with("bytes cmem[") => self.constant_bytes = self.constant_bytes.saturating_add(count),
                _ => {}
            }
        }
    }
}

/// The parts of `12 registers, used 1 barriers` as numbers and units.
fn quantities(text: &str) -> impl Iterator<Item = (u32, &str)> {
    text.split(", ").filter_map(|part| {
        let (count, unit) = part.trim_start_matches("used ").split_once(' ')?;
        Some((count.parse().ok()?, unit))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str) -> FunctionResources {
        FunctionResources { name: name.into(), ..FunctionResources::default() }
    }

    /// The three kernels of `recorded/kernels.cu`, last in the file first in the log.
    fn expected(architecture: &str) -> Vec<KernelResources> {
        let constant = |bytes| if architecture == "sm_80" { bytes } else { 0 };
        let spills = if architecture == "sm_80" { (760, 796) } else { (768, 804) };
        vec![
            KernelResources {
                name: "with_calls".into(),
                registers: 34,
                barriers: 1,
                stack_bytes: 672,
                shared_bytes: 1024,
                constant_bytes: constant(364),
                functions: vec![function("_Z6helperPdi"), function("_ZN6solver4stepIfE2goEfi")],
                ..KernelResources::default()
            },
            KernelResources {
                name: "spilling".into(),
                registers: 32,
                stack_bytes: 368,
                spill_stores: spills.0,
                spill_loads: spills.1,
                constant_bytes: constant(372),
                ..KernelResources::default()
            },
            KernelResources {
                name: "plain".into(),
                registers: 10,
                constant_bytes: constant(360),
                ..KernelResources::default()
            },
        ]
    }

    #[test]
    fn recorded_logs_of_nvrtc_12_and_13() {
        for (architecture, log) in [
            ("sm_80", include_str!("recorded/nvrtc-12.9-sm_80.txt")),
            ("sm_90", include_str!("recorded/nvrtc-12.9-sm_90.txt")),
            ("sm_80", include_str!("recorded/nvrtc-13.5-sm_80.txt")),
            ("sm_90", include_str!("recorded/nvrtc-13.5-sm_90.txt")),
        ] {
            assert_eq!(KernelResources::parse_log(log), expected(architecture), "{log}");
        }
    }

    #[test]
    fn spills_of_called_functions_count() {
        let log = "ptxas info    : Compiling entry function 'k' for 'sm_90'\n\
                   ptxas info    : Function properties for k\n\
                   ptxas         .     16 bytes stack frame, 4 bytes spill stores, 8 bytes spill loads\n\
                   ptxas info    : Used 255 registers, used 0 barriers, 48 bytes cumulative stack size\n\
                   ptxas info    : Function properties for _Z1fv\n\
                   ptxas         .     32 bytes stack frame, 16 bytes spill stores, 32 bytes spill loads\n";
        let [kernel] = KernelResources::parse_log(log).try_into().unwrap();
        assert_eq!((kernel.stack_bytes, kernel.spill_stores, kernel.spill_loads), (48, 4, 8));
        assert_eq!(kernel.total_spill_bytes(), 60);
    }

    #[test]
    fn other_text_is_skipped() {
        let log = "k.cu(3): warning #177-D: variable \"x\" was declared but never referenced\n\nptxas info    : 0 bytes gmem\n\
                   ptxas info    : Used 3 registers\nptxas error   : no\nptxas\n";
        assert_eq!(KernelResources::parse_log(log), []);
    }
}

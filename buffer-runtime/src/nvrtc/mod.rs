//! NVRTC, the CUDA compiler as a library: finding it, compiling, reading what kernels use.
//!
//! It needs neither a card nor a driver. The library is looked for at run time: `$BUFFER_RUNTIME_NVRTC` (a file or a
//! folder), the system's loader, `$CUDA_HOME`, `$CUDA_PATH`, `/usr/local/cuda*`, then the Python environments
//! `$VIRTUAL_ENV`, `$CONDA_PREFIX`, `target/venv` and `.venv` for NVIDIA's wheels.
//!
//! ```no_run
//! use buffer_runtime::nvrtc::{Architecture, Nvrtc, NvrtcOptions};
//!
//! let source = r#"extern "C" __global__ void twice(float* x) { x[threadIdx.x] *= 2; }"#;
//! let output = Nvrtc::load()?.compile(source, "twice.cu", &NvrtcOptions::new(Architecture::new(9, 0)))?;
//! println!("{} registers", output.resources[0].registers);
//! # Ok::<(), buffer_runtime::nvrtc::NvrtcError>(())
//! ```

mod api;
mod compile;
mod error;
mod library;
mod locate;
mod options;
mod resources;
#[cfg(test)]
mod tests;
mod trust;

pub use compile::NvrtcOutput;
pub use error::{Attempt, NvrtcError, TextPart};
pub use library::Nvrtc;
pub use options::{Architecture, ImageFormat, NvrtcOptions};
pub use resources::{FunctionResources, KernelResources};

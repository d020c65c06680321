//! What the tests of the solver share.
#![allow(dead_code, reason = "each test file is a program of its own and uses a part")]

pub(crate) mod host_summaries;
#[cfg(feature = "cli")]
pub(crate) mod program;

use batch_solver::System;
use buffer_runtime::cache::CacheOptions;
use buffer_runtime::compiler::Optimisation;
use buffer_runtime::{CpuDevice, CpuOptions};

/// The Lorenz system with rho as parameter.
pub(crate) fn lorenz() -> System {
    System::builder("lorenz")
        .equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z")
        .states([("x", 1.0), ("y", 0.0), ("z", 0.0)])
        .parameter("rho", 28.0)
        .constants([("sigma", 10.0), ("beta", 8.0 / 3.0)])
        .build()
        .unwrap()
}

/// A CPU device that keeps nothing on disk, so that its count of compilations starts at zero.
pub(crate) fn cpu(options: CpuOptions) -> CpuDevice {
    CpuDevice::with_options(options, CacheOptions { disk: false, ..CacheOptions::default() }).unwrap()
}

/// The quickest to compile for: one narrow vector per pack, little optimisation.
pub(crate) fn narrow_cpu() -> CpuDevice {
    cpu(CpuOptions {
        vector_bytes: Some(16),
        pack: Some(1),
        threads: Some(1),
        optimisation: Optimisation::O1,
        ..CpuOptions::default()
    })
}

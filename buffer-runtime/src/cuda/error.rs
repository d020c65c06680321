//! Errors of the driver and of launches.

use cudarc::driver::{DriverError, sys::CUresult};

/// Errors of NVIDIA's driver.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CudaError {
    /// The driver is missing or cannot be used.
    #[error("no usable NVIDIA driver: {reason}; kernels run on the CPU without one")]
    NoDriver {
        /// What is wrong with it.
        reason: String,
    },
    /// The driver is older than the oldest that this library knows.
    #[error("the NVIDIA driver supports CUDA {}.{}; {}.{} or newer is needed", found.0, found.1, needed.0, needed.1)]
    DriverTooOld {
        /// Major and minor number of the CUDA release it supports.
        found: (u32, u32),
        /// What is needed.
        needed: (u32, u32),
    },
    /// The driver works and finds no card.
    #[error("the NVIDIA driver finds no card; CUDA_VISIBLE_DEVICES may hide it")]
    NoDevice,
    /// No card has that number.
    #[error("there is no card {ordinal}; {count} are visible, from 0")]
    NoSuchDevice {
        /// The number as given.
        ordinal: usize,
        /// Visible cards.
        count: usize,
    },
    /// A call failed.
    #[error("{action} failed: {message}")]
    Driver {
        /// What was being done.
        action: &'static str,
        /// The driver's name and text for the error.
        message: String,
    },
    /// The card's memory does not suffice.
    #[error("the card has no room for {requested} bytes: {free} of {total} are free; launch fewer runs at a time")]
    OutOfMemory {
        /// Bytes asked for.
        requested: usize,
        /// Bytes free.
        free: usize,
        /// Bytes of the card.
        total: usize,
    },
    /// The compiled code was refused.
    #[error("the driver does not load the code of {kernel}: {message}\n{log}")]
    Load {
        /// The kernel.
        kernel: String,
        /// The driver's name and text for the error.
        message: String,
        /// What its compiler printed.
        log: String,
    },
    /// The code has no such kernel.
    #[error("the code has no kernel {kernel:?}; entries need extern \"C\" and __global__")]
    NoSuchKernel {
        /// The name as given.
        kernel: String,
    },
    /// The shape of a launch is impossible on this card or for this kernel.
    #[error("{kernel} cannot be launched with {what} = {value}: the limit is {limit}")]
    LaunchShape {
        /// The kernel.
        kernel: String,
        /// Which part of the shape.
        what: &'static str,
        /// Its value.
        value: u64,
        /// What is possible.
        limit: u64,
    },
    /// Host and device arrays of a copy differ in length.
    #[error("a copy between {host} elements on the host and {device} on the card; they must be equal")]
    Length {
        /// Elements on the host.
        host: usize,
        /// Elements on the card.
        device: usize,
    },
}

impl CudaError {
    /// A failed call.
    pub(super) fn call(action: &'static str, error: DriverError) -> Self {
        Self::Driver { action, message: message(error) }
    }

    /// A failed start of the driver.
    pub(super) fn initialisation(error: DriverError) -> Self {
        match error.0 {
            CUresult::CUDA_ERROR_NO_DEVICE => Self::NoDevice,
            _ => Self::NoDriver { reason: message(error) },
        }
    }
}

/// `CUDA_ERROR_INVALID_IMAGE (device kernel image is invalid)`
pub(super) fn message(error: DriverError) -> String {
    let name = format!("{:?}", error.0);
    match error.error_string() {
        Ok(text) => format!("{name} ({})", text.to_string_lossy()),
        Err(_) => name,
    }
}

//! Arrays in the card's memory.

use std::fmt;

use cudarc::driver::{CudaSlice, DevicePtr, DeviceRepr, DriverError, ValidAsZeroBits, sys::CUresult};

use super::{CudaDevice, CudaError};

/// Numbers that mean the same on the card and are zero when all their bytes are.
pub trait DeviceElement: DeviceRepr + ValidAsZeroBits + Copy + 'static {}

impl<T: DeviceRepr + ValidAsZeroBits + Copy + 'static> DeviceElement for T {}

/// An array in the card's memory, freed on drop.
pub struct DeviceArray<T> {
    slice: CudaSlice<T>,
    // The allocation has at least one element, so that an empty array has an address too.
    len: usize,
    device: CudaDevice,
}

impl CudaDevice {
    /// An array of `len` zeros.
    ///
    /// # Errors
    /// [`CudaError::OutOfMemory`], [`CudaError::Driver`].
    pub fn zeros<T: DeviceElement>(&self, len: usize) -> Result<DeviceArray<T>, CudaError> {
        let allocated = len.max(1);
        let bytes = allocated.checked_mul(size_of::<T>()).filter(|bytes| isize::try_from(*bytes).is_ok());
        let Some(bytes) = bytes else { return Err(self.out_of_memory(usize::MAX)) };
        let slice = self.stream.alloc_zeros(allocated).map_err(|error| match error.0 {
            CUresult::CUDA_ERROR_OUT_OF_MEMORY => self.out_of_memory(bytes),
            _ => CudaError::call("allocating memory on the card", error),
        })?;
        Ok(DeviceArray { slice, len, device: self.clone() })
    }

    /// A copy of `host` on the card.
    ///
    /// # Errors
    /// As [`zeros`](Self::zeros).
    pub fn upload<T: DeviceElement>(&self, host: &[T]) -> Result<DeviceArray<T>, CudaError> {
        let mut array = self.zeros(host.len())?;
        array.copy_from(host)?;
        Ok(array)
    }

    fn out_of_memory(&self, requested: usize) -> CudaError {
        let (free, total) = self.memory().unwrap_or_default();
        CudaError::OutOfMemory { requested, free, total }
    }
}

impl<T: DeviceElement> DeviceArray<T> {
    /// Elements.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has no elements.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The address of the first element on the card: what a kernel takes for a pointer parameter. Valid while the array
    /// lives.
    #[must_use]
    pub fn address(&self) -> u64 {
        // With events off, the guard has nothing to record.
        let (address, _guard) = self.slice.device_ptr(&self.device.stream);
        address
    }

    /// Replaces all elements by those of `host`, and returns when `host` has been read.
    ///
    /// # Errors
    /// [`CudaError::Length`], [`CudaError::Driver`].
    pub fn copy_from(&mut self, host: &[T]) -> Result<(), CudaError> {
        self.check_length(host.len())?;
        if host.is_empty() {
            return Ok(());
        }
        let copied = self.device.stream.memcpy_htod(host, &mut self.slice);
        self.finish("copying to the card", copied)
    }

    /// Copies all elements to `host`, after the work given to the card before, and returns when they are there.
    ///
    /// # Errors
    /// [`CudaError::Length`]; [`CudaError::Driver`], also when an earlier launch failed. `host` may then be partly
    /// written.
    pub fn copy_to(&self, host: &mut [T]) -> Result<(), CudaError> {
        self.check_length(host.len())?;
        if host.is_empty() {
            return Ok(());
        }
        let copied = self.device.stream.memcpy_dtoh(&self.slice.slice(..self.len), host);
        self.finish("copying from the card", copied)
    }

    /// Sets all elements to zero.
    ///
    /// # Errors
    /// [`CudaError::Driver`].
    pub fn clear(&mut self) -> Result<(), CudaError> {
        let cleared = self.device.stream.memset_zeros(&mut self.slice);
        cleared.map_err(|error| CudaError::call("clearing memory on the card", error))
    }

    fn check_length(&self, host: usize) -> Result<(), CudaError> {
        if host == self.len { Ok(()) } else { Err(CudaError::Length { host, device: self.len }) }
    }

    /// Waits, and turns errors that cudarc recorded while it released guards into this call's.
    fn finish(&self, action: &'static str, result: Result<(), DriverError>) -> Result<(), CudaError> {
        let waited = result.and_then(|()| self.device.stream.synchronize());
        waited.and_then(|()| self.device.context.check_err()).map_err(|error| CudaError::call(action, error))
    }
}

impl<T> fmt::Debug for DeviceArray<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceArray").field("len", &self.len).field("device", &self.device.name()).finish()
    }
}

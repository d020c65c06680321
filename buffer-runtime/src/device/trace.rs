//! Read-back of buffers in debug builds.

use std::ffi::c_void;

use super::error::DeviceError;
use crate::config::Allocator;
use crate::element::Element;
use crate::layout::ResolvedLayout;

/// Final contents of every buffer of a debug launch, component × run.
#[derive(Debug, Default)]
pub(super) struct Traces {
    buffers: Vec<Trace>,
    runs: usize,
}

#[derive(Debug)]
struct Trace {
    path: String,
    bytes: Vec<u8>,
    element_bytes: usize,
}

impl Traces {
    /// Room for the buffers at `paths`, `runs` columns each.
    pub(super) fn new(paths: &[String], layout: &ResolvedLayout, runs: usize) -> Self {
        let buffers = paths
            .iter()
            .filter_map(|path| layout.get(path))
            .map(|buffer| Trace {
                path: buffer.path.clone(),
                bytes: vec![0; buffer.bytes.get() * runs],
                element_bytes: buffer.element.size_bytes(),
            })
            .collect();
        Self { buffers, runs }
    }

    /// One pointer per buffer, for the kernel to write to.
    pub(super) fn pointers(&mut self) -> Vec<*mut c_void> {
        self.buffers.iter_mut().map(|trace| trace.bytes.as_mut_ptr().cast()).collect()
    }

    /// The records' bytes, and the size of an element of each.
    pub(super) fn bytes_mut(&mut self) -> impl Iterator<Item = (&mut [u8], usize)> {
        self.buffers.iter_mut().map(|trace| (trace.bytes.as_mut_slice(), trace.element_bytes))
    }

    /// The values of one buffer: element `i` of run `r` is `values[i * runs + r]`.
    pub(super) fn read<T: Element>(&self, allocator: &Allocator<T>) -> Result<Vec<T::Host>, DeviceError> {
        let missing = || DeviceError::NotRecorded { path: allocator.path().to_owned() };
        let trace = self.buffers.iter().find(|trace| trace.path == allocator.path()).ok_or_else(missing)?;
        debug_assert_eq!(trace.bytes.len(), allocator.len() * self.runs * trace.element_bytes);
        trace.bytes.chunks_exact(trace.element_bytes).map(|bytes| T::from_bytes(bytes).ok_or_else(missing)).collect()
    }
}

use std::time::Duration;

use super::cpu::CpuKernel;
use super::error::DeviceError;
use super::gpu::GpuKernel;
use super::trace::Traces;
use crate::config::{Allocator, Buffers};
use crate::element::Element;
use crate::entry::{Arguments, LaunchError, Parameter};
use crate::nvrtc::KernelResources;
use crate::plan::Plan;
use crate::precision::Precision;
use crate::source::ArgumentBlock;

/// A compiled kernel, ready to launch.
#[derive(Debug)]
pub struct Kernel {
    pub(super) parameters: Vec<Parameter>,
    pub(super) precision: Precision,
    pub(super) arguments: ArgumentBlock,
    pub(super) machine: Machine,
}

/// The half of a kernel that depends on the device.
#[derive(Debug)]
pub(super) enum Machine {
    Cpu(CpuKernel),
    Gpu(GpuKernel),
}

/// What a launch leaves behind besides its arrays.
#[derive(Debug)]
pub struct Launched {
    elapsed: Duration,
    traces: Traces,
}

impl Kernel {
    /// Runs the kernel once per run and waits for the end.
    ///
    /// # Errors
    /// When an array is unknown, missing, of the wrong type or length, and nothing has run then; on a GPU also when its memory does not suffice or the driver reports an error.
    pub fn launch(&self, runs: usize, arguments: Arguments<'_>) -> Result<Launched, DeviceError> {
        let arrays = arguments.bind(&self.parameters, self.precision, runs)?;
        let (elapsed, traces) = match &self.machine {
            Machine::Cpu(kernel) => kernel.launch(runs, &self.parameters, arrays, &self.arguments),
            Machine::Gpu(kernel) => {
                (kernel.launch(runs, &self.parameters, arrays, &self.arguments)?, Traces::default())
            }
        };
        Ok(Launched { elapsed, traces })
    }

    /// Takes the launch-time settings (`#[setting(argument)]`) of a plan, without compiling. The plan should be the one the kernel was compiled from, with no
    /// other setting changed since: compile again otherwise, which costs nothing when the text is the same.
    ///
    /// # Errors
    /// [`DeviceError::Arguments`] when precision, names, types or lengths of the launch-time settings are not those the kernel was compiled with; it then keeps what it has.
    pub fn set_arguments<C: Buffers>(&mut self, plan: &Plan<C>) -> Result<(), DeviceError> {
        Ok(self.arguments.replace(plan.tree(), plan.precision())?)
    }

    /// Changes how many components per run an array has, without compiling: for arrays declared with [`Entry::rows_vary`](crate::Entry::rows_vary), whose length the
    /// source does not depend on. The number an array has already is no change.
    ///
    /// # Errors
    /// [`LaunchError::UnknownArgument`] when the kernel takes no such array, [`LaunchError::FixedRows`] when its rows do not vary.
    pub fn set_rows(&mut self, name: &str, rows: usize) -> Result<(), LaunchError> {
        match self.parameters.iter_mut().find(|parameter| parameter.name == name) {
            Some(parameter) if !parameter.rows_vary && parameter.rows != rows => {
                Err(LaunchError::FixedRows { name: name.to_owned(), rows: parameter.rows, given: rows })
            }
            Some(parameter) => {
                parameter.rows = rows;
                Ok(())
            }
            None => Err(LaunchError::unknown(name, &self.parameters)),
        }
    }

    /// Runs computed at once by one core; 1 on a GPU.
    pub fn lanes(&self) -> usize {
        match &self.machine {
            Machine::Cpu(kernel) => kernel.lanes(),
            Machine::Gpu(_) => 1,
        }
    }

    /// Registers, stack, spills and shared memory of a GPU kernel.
    pub fn resources(&self) -> Option<&KernelResources> {
        match &self.machine {
            Machine::Cpu(_) => None,
            Machine::Gpu(kernel) => Some(kernel.resources()),
        }
    }

    /// The generated text.
    pub fn source(&self) -> &str {
        match &self.machine {
            Machine::Cpu(kernel) => kernel.source(),
            Machine::Gpu(kernel) => kernel.source(),
        }
    }
}

impl Launched {
    /// Time from the first instruction of the kernel to the last.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The contents a buffer had when its factory last returned: element `i` of run `r` is `values[i * runs + r]`.
    ///
    /// # Errors
    /// [`DeviceError::NotRecorded`] unless the device was opened with [`CpuOptions::debug`](super::CpuOptions::debug).
    pub fn read<T: Element>(&self, allocator: &Allocator<T>) -> Result<Vec<T::Host>, DeviceError> {
        self.traces.read(allocator)
    }
}

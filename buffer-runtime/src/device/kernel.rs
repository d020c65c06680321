use std::time::Duration;

use super::cpu::CpuKernel;
use super::error::DeviceError;
use super::trace::Traces;
use crate::config::{Allocator, Buffers};
use crate::element::Element;
use crate::entry::{Arguments, Parameter};
use crate::plan::Plan;
use crate::precision::Precision;
use crate::source::ArgumentBlock;

/// A compiled kernel, ready to launch.
#[derive(Debug)]
pub struct Kernel {
    pub(super) parameters: Vec<Parameter>,
    pub(super) precision: Precision,
    pub(super) arguments: ArgumentBlock,
    pub(super) machine: CpuKernel,
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
    /// When an array is unknown, missing, of the wrong type or length; nothing has run then.
    pub fn launch(&self, runs: usize, arguments: Arguments<'_>) -> Result<Launched, DeviceError> {
        let arrays = arguments.bind(&self.parameters, self.precision, runs)?;
        let (elapsed, traces) = self.machine.launch(runs, arrays, &self.arguments);
        Ok(Launched { elapsed, traces })
    }

    /// Takes the launch-time settings (`#[setting(argument)]`) of a plan, without compiling. The plan must be the one the kernel was compiled from, with no
    /// other setting changed since: compile again otherwise, which costs nothing when the text is the same.
    pub fn set_arguments<C: Buffers>(&mut self, plan: &Plan<C>) {
        self.arguments = ArgumentBlock::of(plan.tree(), plan.precision());
    }

    /// Runs computed at once by one core.
    pub fn lanes(&self) -> usize {
        self.machine.lanes()
    }

    /// The generated text.
    pub fn source(&self) -> &str {
        self.machine.source()
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

//! What a solve leaves behind: saved variables and summaries of variables, chosen by name.

mod metric;
mod plan;
mod selection;

use buffer_runtime::{Buffer, Buffers};

pub use metric::{Metric, SummaryColumn};
pub use plan::MetricPlan;
pub use selection::{Selection, Variables};

/// Compile settings of the factory that saves variables. It needs no arrays: values go from the state to the batch's arrays.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "output", template = "output_writer")]
pub struct OutputConfig {
    /// The variables that are saved.
    #[input(device)]
    pub saved: Selection,
}

/// Compile settings of the factory that summarises variables while a run goes on.
///
/// Metrics share accumulators: the mean, the root mean square and the standard deviation of a variable together need three, its extremes and its largest magnitude two.
#[derive(Clone, Debug, Buffers)]
#[buffers(name = "summary", template = "summary_metrics")]
pub struct SummaryConfig {
    /// The variables that are summarised.
    #[input(device)]
    pub summarised: Selection,
    /// The metrics of each, and where their accumulators are.
    #[input(device)]
    pub metrics: MetricPlan,
    /// Samples so far: of the window, of the run.
    #[buffer(len = if metrics.slots() > 0 { 2 } else { 0 }, persistent, zeroed)]
    pub samples: Buffer<i32>,
    /// Accumulators of the summarised states.
    #[buffer(len = metrics.slots() * summarised.states(), persistent, zeroed)]
    pub state_summary: Buffer,
    /// Accumulators of the summarised observables.
    #[buffer(len = metrics.slots() * summarised.observables(), persistent, zeroed)]
    pub observable_summary: Buffer,
}

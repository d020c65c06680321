//! How far a solve is, on a terminal: runs, throughput and the time left.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on standard error; hidden where that is no terminal.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// For a batch of `runs`, the first `solved` of which are there already.
    pub(crate) fn new(quiet: bool, runs: usize, solved: usize) -> Self {
        if quiet {
            return Self(ProgressBar::hidden());
        }
        // Throughput is that of this program, not of the one that was interrupted.
        let bar = ProgressBar::new(runs as u64).with_position(solved as u64);
        bar.reset_eta();
        let template = "{spinner} {wide_bar} {human_pos}/{human_len} runs, {per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.with_key("per_sec", per_second));
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    pub(crate) fn add(&self, runs: usize) {
        self.0.inc(runs as u64);
    }

    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}

/// Whole runs per second, in groups of three digits.
fn per_second(state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write) {
    let rate = if state.per_sec().is_finite() { state.per_sec() } else { 0.0 };
    // A closed terminal is not worth an error.
    let _ = write!(out, "{}/s", indicatif::HumanCount(rate as u64));
}

use std::ops::Range;

use crate::error::SolveError;
use crate::memory;

/// What happens at an event, as bits. The device's names are in `device/ivp_arrays.cuh`.
pub(crate) const SAVE: i32 = 1;
pub(crate) const SAMPLE: i32 = 2;
pub(crate) const WINDOW: i32 = 4;

/// When to save and to sample, as the settings say it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Recording<'a> {
    pub(crate) save_every: Option<f64>,
    pub(crate) t_eval: Option<&'a [f64]>,
    /// Save at the end too.
    pub(crate) save_last: bool,
    /// Whether anything is saved at all.
    pub(crate) saves: bool,
    /// Whether anything is summarised.
    pub(crate) summarises: bool,
    pub(crate) summarise_every: Option<f64>,
    pub(crate) sample_every: Option<f64>,
    /// Time from the start in which nothing is recorded.
    pub(crate) settling_time: f64,
    /// Runs end at times of their own, up to the end of the span.
    pub(crate) own_ends: bool,
}

/// The events of an integration: the same for all runs, made on the host.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Schedule {
    /// When all runs begin.
    pub(crate) begin: f64,
    /// When the last may end.
    pub(crate) end: f64,
    /// Times of the events, ascending.
    pub(crate) times: Vec<f64>,
    /// What happens there: bits.
    pub(crate) kinds: Vec<i32>,
    /// Times of the rows of saved values; the end of the span stands for the end of each run where runs have their own.
    pub(crate) saves: Vec<f64>,
    /// Ends of the windows of samples.
    pub(crate) windows: Vec<f64>,
    /// Time between samples; 0 without any.
    pub(crate) sample_interval: f64,
    /// The row for each run's own end.
    pub(crate) end_row: Option<usize>,
}

/// The way from each event to the next in steps of one size.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FixedSteps {
    /// Whole steps of each segment.
    pub(crate) steps: Vec<i32>,
    /// Time at the start of each segment.
    pub(crate) start: Vec<f64>,
    /// Size of the shorter step that ends the segment; 0 if none is needed.
    pub(crate) last: Vec<f64>,
}

/// A remainder below this fraction of a step is rounding of the division, not a step the user asked for.
const NEGLIGIBLE: f64 = 1e-9;

/// How far a window may be from a whole number of samples, in samples.
const SAMPLE_TOLERANCE: f64 = 0.01;

impl Schedule {
    /// Refuses time spans that are empty, reversed or not finite.
    pub(crate) fn check_span(span: &Range<f64>) -> Result<(), SolveError> {
        if is_span(span) { Ok(()) } else { Err(SolveError::TimeSpan { t0: span.start, t1: span.end }) }
    }

    /// The events between the ends of a time span.
    pub(crate) fn new(span: &Range<f64>, recording: &Recording<'_>) -> Result<Self, SolveError> {
        Self::check_span(span)?;
        let (t0, t1) = (span.start, span.end);
        let settled = t0 + recording.settling_time;
        if settled >= t1 {
            return Err(SolveError::SettlingTime { settling_time: recording.settling_time, t0, t1 });
        }
        let mut schedule = Self { begin: t0, end: t1, ..Self::default() };
        if recording.saves {
            schedule.add_saves(settled, t1, recording)?;
        }
        if recording.summarises {
            schedule.add_samples(settled, t1, recording)?;
        }
        // Runs that record nothing on the way still have to get to the end.
        if schedule.times.is_empty() && !recording.own_ends {
            schedule.times.push(t1);
            schedule.kinds.push(0);
        }
        Ok(schedule)
    }

    fn add_saves(&mut self, from: f64, to: f64, recording: &Recording<'_>) -> Result<(), SolveError> {
        let only_end = recording.save_every.is_none() && recording.t_eval.is_none_or(<[f64]>::is_empty);
        if !only_end {
            self.saves = save_times(from, to, recording.save_every, recording.t_eval)?;
        }
        let ends_there = self.saves.last().is_some_and(|last| *last >= to);
        if recording.own_ends {
            self.times.clone_from(&self.saves);
            if only_end || recording.save_last {
                self.end_row = Some(self.saves.len());
                self.saves.push(to);
            }
        } else {
            if (only_end || recording.save_last) && !ends_there {
                self.saves.push(to);
            }
            self.times.clone_from(&self.saves);
        }
        self.kinds = vec![SAVE; self.times.len()];
        Ok(())
    }

    fn add_samples(&mut self, from: f64, to: f64, recording: &Recording<'_>) -> Result<(), SolveError> {
        let span = to - from;
        let window = recording.summarise_every.unwrap_or(span);
        let windows = whole(from, to, window);
        let parts = if recording.summarise_every.is_some() { 10.0 } else { 100.0 };
        let asked = recording.sample_every.unwrap_or(window / parts);
        let ratio = window / asked;
        let per_window = ratio.round();
        if per_window < 1.0 || (ratio - per_window).abs() > SAMPLE_TOLERANCE {
            return Err(SolveError::SamplesPerWindow { window, interval: asked, ratio });
        }
        if windows < 1.0 {
            return Err(SolveError::WindowTooLong { window, from, to });
        }
        if windows * per_window > f64::from(i32::MAX) {
            return Err(SolveError::TooManySamples { interval: asked, from, to });
        }
        memory::check_times(windows * per_window)?;
        self.sample_interval = window / per_window;
        let (windows, per_window) = (windows as u64, per_window as u64);
        let mut samples = Vec::with_capacity((windows * per_window) as usize);
        for number in 0..windows {
            // Multiples instead of a running sum: the last window ends as exactly as the first.
            let start = from + number as f64 * window;
            let end = multiple(from, number + 1, window, to);
            samples.extend((1..per_window).map(|k| (start + k as f64 * self.sample_interval, SAMPLE)));
            samples.push((end, SAMPLE | WINDOW));
            self.windows.push(end);
        }
        self.merge(samples);
        Ok(())
    }

    /// Adds events, those at the same time but for rounding together.
    fn merge(&mut self, others: Vec<(f64, i32)>) {
        let saves: Vec<(f64, i32)> =
            std::mem::take(&mut self.times).into_iter().zip(std::mem::take(&mut self.kinds)).collect();
        let (mut saves, mut others) = (saves.into_iter().peekable(), others.into_iter().peekable());
        loop {
            let (time, kind) = match (saves.peek(), others.peek()) {
                (None, None) => break,
                (Some(save), None) => *save,
                (None, Some(other)) => *other,
                (Some(save), Some(other)) => {
                    if (save.0 - other.0).abs() <= NEGLIGIBLE * self.sample_interval {
                        (save.0, save.1 | other.1)
                    } else if save.0 < other.0 {
                        *save
                    } else {
                        *other
                    }
                }
            };
            saves.next_if(|_| kind & SAVE != 0);
            others.next_if(|_| kind & SAMPLE != 0);
            self.times.push(time);
            self.kinds.push(kind);
        }
    }

    /// When a run of this duration ends: at the end of the span or at an event, where it is that but for rounding.
    pub(crate) fn end_after(&self, duration: f64) -> f64 {
        let end = self.begin + duration;
        let after = self.times.partition_point(|time| *time < end);
        let events = self.times.iter().skip(after.saturating_sub(1)).take(2);
        let near = |time: &&f64| (**time - end).abs() <= rounding(self.begin, self.end);
        std::iter::once(&self.end).chain(events).find(near).copied().unwrap_or(end)
    }

    /// The way through all events in steps of `dt`.
    pub(crate) fn fixed_steps(&self, dt: f64) -> Result<FixedSteps, SolveError> {
        let mut fixed = FixedSteps::default();
        let mut start = self.begin;
        for end in &self.times {
            let ratio = (end - start) / dt;
            let whole = (ratio + NEGLIGIBLE).floor();
            if whole > f64::from(i32::MAX) {
                return Err(SolveError::TooManySteps { from: start, to: *end, dt });
            }
            let remainder = (end - start) - whole * dt;
            fixed.steps.push(whole as i32);
            fixed.start.push(start);
            fixed.last.push(if remainder > NEGLIGIBLE * dt { remainder } else { 0.0 });
            start = *end;
        }
        Ok(fixed)
    }
}

impl FixedSteps {
    /// Steps of one run.
    pub(crate) fn total(&self) -> u64 {
        let whole: u64 = self.steps.iter().map(|steps| u64::from(steps.unsigned_abs())).sum();
        whole + self.last.iter().filter(|last| **last > 0.0).count() as u64
    }
}

/// Whether the end is a finite time after the start.
pub(crate) fn is_span(span: &Range<f64>) -> bool {
    span.start.is_finite() && span.end.is_finite() && span.start < span.end
}

/// A time between the ends of a [span](is_span); the nearer one of them if it is beyond that by rounding only.
pub(crate) fn within(from: f64, to: f64, time: f64) -> Option<f64> {
    let reach = rounding(from, to);
    (from - reach..=to + reach).contains(&time).then(|| time.clamp(from, to))
}

/// How far two times may be apart and still be meant as one: what rounding makes of the ends of a span and of what is computed from them.
fn rounding(from: f64, to: f64) -> f64 {
    4.0 * f64::EPSILON * from.abs().max(to.abs())
}

/// How many whole intervals there are between two times, rounding aside. Far from zero the rounding of the times is more than that of the ratio.
fn whole(from: f64, to: f64, interval: f64) -> f64 {
    ((to - from) / interval + (rounding(from, to) / interval).min(0.49)).floor()
}

/// The time after a number of intervals; the end where it is that but for rounding.
fn multiple(from: f64, number: u64, interval: f64, to: f64) -> f64 {
    let time = from + number as f64 * interval;
    if to - time <= rounding(from, to) { to } else { time }
}

/// The times to save at from `t0` to `t1`: those given, or multiples of an interval.
fn save_times(t0: f64, t1: f64, save_every: Option<f64>, t_eval: Option<&[f64]>) -> Result<Vec<f64>, SolveError> {
    if let Some(times) = t_eval.filter(|times| !times.is_empty()) {
        let inside = |time: &f64| within(t0, t1, *time).ok_or(SolveError::TimeOutside { time: *time, t0, t1 });
        return times.iter().map(inside).collect();
    }
    let Some(interval) = save_every else { return Ok(Vec::new()) };
    let ratio = (t1 - t0) / interval;
    if ratio > f64::from(i32::MAX) {
        return Err(SolveError::TooManySaves { t0, t1, interval });
    }
    // A multiple of the interval instead of a running sum: the hundred-thousandth time is as exact as the first.
    let count = whole(t0, t1, interval) as u64;
    // After a settling time its end is the first save; without one, the start is.
    memory::check_times(count as f64)?;
    Ok((0..=count).map(|number| multiple(t0, number, interval, t1)).collect())
}

#[cfg(test)]
mod tests;

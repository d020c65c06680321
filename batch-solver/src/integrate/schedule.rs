use crate::error::SolveError;

/// The integration cut at the times to save: the same for all runs, made on the host.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Schedule {
    /// Whole steps of each segment.
    pub(crate) steps: Vec<i32>,
    /// Time at the start of each segment.
    pub(crate) start: Vec<f64>,
    /// Size of the shorter step that ends the segment; 0 if none is needed.
    pub(crate) last: Vec<f64>,
    /// Time at the end of each segment: when the state is saved.
    pub(crate) times: Vec<f64>,
}

/// A remainder below this fraction of a step is rounding of the division, not a step the user asked for.
const NEGLIGIBLE: f64 = 1e-9;

impl Schedule {
    /// Steps of `dt` from `t0` through the given times, which ascend and are not before `t0`.
    pub(crate) fn new(t0: f64, times: Vec<f64>, dt: f64) -> Result<Self, SolveError> {
        let mut schedule = Self { steps: Vec::new(), start: Vec::new(), last: Vec::new(), times };
        let mut start = t0;
        for end in &schedule.times {
            let ratio = (end - start) / dt;
            let whole = (ratio + NEGLIGIBLE).floor();
            if whole > f64::from(i32::MAX) {
                return Err(SolveError::TooManySteps { from: start, to: *end, dt });
            }
            let remainder = (end - start) - whole * dt;
            schedule.steps.push(whole as i32);
            schedule.start.push(start);
            schedule.last.push(if remainder > NEGLIGIBLE * dt { remainder } else { 0.0 });
            start = *end;
        }
        Ok(schedule)
    }

    /// Times to save at for runs that choose their own steps.
    pub(crate) fn chosen_by_runs(t0: f64, times: Vec<f64>) -> Self {
        let rows = times.len();
        Self { steps: vec![0; rows], start: vec![t0; rows], last: vec![0.0; rows], times }
    }

    /// Steps of one run.
    pub(crate) fn total_steps(&self) -> u64 {
        let whole: u64 = self.steps.iter().map(|steps| u64::from(steps.unsigned_abs())).sum();
        whole + self.last.iter().filter(|last| **last > 0.0).count() as u64
    }
}

/// The times to save at between `t0` and `t1`.
pub(crate) fn save_times(
    t0: f64,
    t1: f64,
    save_every: Option<f64>,
    t_eval: Option<&[f64]>,
) -> Result<Vec<f64>, SolveError> {
    if !(t0.is_finite() && t1.is_finite() && t1 > t0) {
        return Err(SolveError::TimeSpan { t0, t1 });
    }
    if let Some(times) = t_eval {
        return match times.iter().find(|time| !(t0..=t1).contains(*time)) {
            Some(time) => Err(SolveError::TimeOutside { time: *time, t0, t1 }),
            None if times.is_empty() => Ok(vec![t1]),
            None => Ok(times.to_vec()),
        };
    }
    let Some(interval) = save_every else { return Ok(vec![t1]) };
    let ratio = (t1 - t0) / interval;
    if ratio > f64::from(i32::MAX) {
        return Err(SolveError::TooManySaves { t0, t1, interval });
    }
    // A multiple of the interval instead of a running sum: the hundred-thousandth time is as exact as the first.
    let count = (ratio * (1.0 + 4.0 * f64::EPSILON)).floor() as u64;
    Ok((0..=count).map(|k| (t0 + k as f64 * interval).min(t1)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_steps_leave_no_remainder() {
        let schedule = Schedule::new(0.0, vec![1.0], 1e-3).unwrap();
        assert_eq!((schedule.steps, schedule.last), (vec![1000], vec![0.0]));
        let schedule = Schedule::new(0.0, vec![0.0, 0.1, 0.2, 0.3], 0.1).unwrap();
        assert_eq!((schedule.steps, schedule.last), (vec![0, 1, 1, 1], vec![0.0; 4]));
    }

    #[test]
    fn a_shorter_step_ends_a_segment_exactly() {
        let schedule = Schedule::new(1.0, vec![1.25, 2.0], 0.1).unwrap();
        assert_eq!(schedule.steps, [2, 7]);
        assert!((schedule.last[0] - 0.05).abs() < 1e-15 && (schedule.last[1] - 0.05).abs() < 1e-15);
        assert_eq!(schedule.start, [1.0, 1.25]);
        assert_eq!(schedule.total_steps(), 11);
    }

    #[test]
    fn save_times_are_multiples_within_the_span() {
        assert_eq!(save_times(0.0, 1.0, Some(0.25), None).unwrap(), [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(save_times(0.0, 0.3, Some(0.1), None).unwrap(), [0.0, 0.1, 0.2, 0.3]);
        assert_eq!(save_times(0.0, 1.0, Some(0.4), None).unwrap(), [0.0, 0.4, 0.8]);
        assert_eq!(save_times(0.0, 1.0, None, None).unwrap(), [1.0]);
        assert_eq!(save_times(0.0, 1.0, Some(0.1), Some(&[0.5])).unwrap(), [0.5]);
    }

    #[test]
    fn impossible_times_are_errors() {
        assert!(matches!(save_times(1.0, 1.0, None, None), Err(SolveError::TimeSpan { .. })));
        assert!(matches!(save_times(0.0, f64::INFINITY, None, None), Err(SolveError::TimeSpan { .. })));
        assert!(matches!(save_times(0.0, 1.0, None, Some(&[2.0])), Err(SolveError::TimeOutside { .. })));
        assert!(matches!(save_times(0.0, 1.0, Some(1e-12), None), Err(SolveError::TooManySaves { .. })));
        assert!(matches!(Schedule::new(0.0, vec![1.0], 1e-12), Err(SolveError::TooManySteps { .. })));
    }
}

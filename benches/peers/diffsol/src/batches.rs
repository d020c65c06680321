//! Whole batches, as `batches.hpp` has them.

use std::error::Error;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// Up to so many runs are spread over the range of the parameter; more repeat these.
const MOST_VALUES: usize = 1_000;
/// Batches shorter than this many seconds are repeated.
const ENOUGH: f64 = 5e-3;

/// Of a batch.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    runs: usize,
    threads: usize,
}

impl Shape {
    /// Splits `<argument>/<runs>/<threads>`; without the latter it is one run.
    pub(crate) fn split(argument: &str) -> Result<(&str, Self), Box<dyn Error>> {
        let mut parts = argument.split('/');
        let argument = parts.next().unwrap_or_default();
        let mut count = || parts.next().map_or(Ok(1), str::parse::<usize>);
        Ok((argument, Self { runs: count()?.max(1), threads: count()?.max(1) }))
    }

    /// Where a run is in the range of the parameter, from 0 to 1.
    fn share(self, run: usize) -> f64 {
        ((run % MOST_VALUES) as f64 + 0.5) / self.runs.min(MOST_VALUES) as f64
    }
}

/// Calls `work` on so many threads. It is given shares of runs for as long as there are any left, and a place for what comes of them.
pub(crate) fn share_out<T: Send>(
    shape: Shape,
    work: impl Fn(&mut dyn Iterator<Item = f64>, &mut Vec<T>) -> Result<(), String> + Sync,
) -> Result<(), Box<dyn Error>> {
    let threads = shape.threads.min(shape.runs);
    let part = (shape.runs / (16 * threads)).max(1);
    let next = AtomicUsize::new(0);
    let one = || {
        let parts = std::iter::from_fn(|| {
            let first = next.fetch_add(part, Ordering::Relaxed);
            (first < shape.runs).then(|| first..(first + part).min(shape.runs))
        });
        let mut results = Vec::new();
        work(&mut parts.flatten().map(|run| shape.share(run)), &mut results)?;
        Ok::<_, String>(results)
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(one)).collect();
        let mut done = one().map(|results| results.len());
        for other in others {
            let more = other.join().map_err(|_| "a thread panicked")?;
            done = done.and_then(|done| Ok(done + more?.len()));
        }
        if done? < shape.runs { Err("runs are missing".into()) } else { Ok(()) }
    })
}

/// Seconds on the wall that a batch takes; the first is not counted where it is short.
pub(crate) fn seconds(mut batch: impl FnMut() -> Result<(), Box<dyn Error>>) -> Result<f64, Box<dyn Error>> {
    let mut begin = Instant::now();
    batch()?;
    let first = begin.elapsed().as_secs_f64();
    if first > 20.0 * ENOUGH {
        return Ok(first);
    }
    let mut count = 0;
    begin = Instant::now();
    while begin.elapsed().as_secs_f64() < ENOUGH {
        batch()?;
        count += 1;
    }
    Ok(begin.elapsed().as_secs_f64() / f64::from(count))
}

//! Three stiff systems and the Lorenz system by the crate diffsol, one run after the other as its users write it: closures for the derivative and the product of its exact
//! Jacobian with a vector, matrices and factors of nalgebra.
//!
//!     diffsol-peer   answers each line `<what> <problem>:<relative>:<absolute>[:<method>]` on standard input with `RESULT <what> <problem>:… <value>`
//!
//! `<problem>` is R, H, P or L of `problems`, `<method>` `bdf`, which is meant where there is none, `tr_bdf2`, `esdirk34` or `tsit45`, `<what>` one of
//!     speed          runs per second, of as many runs all over the sweep as half a second has room for
//!     steps          mean number of steps per run, `rejected` of attempts refused because of their error
//!     error          largest difference of any final value of every tenth run to one found with tolerances of 1e-12 and 1e-16
//!     scaled         the same in units of 1e-8 + 1e-4 |value|
//!     batch          seconds that `batches.hpp` asks for; a thread has a problem of its own

mod batches;
mod problems;

use std::collections::HashMap;
use std::error::Error;
use std::io::{Write, stdin, stdout};
use std::time::Duration;

use batches::Shape;
use diffsol::{NalgebraLU, NalgebraMat, NalgebraVec, OdeBuilder, OdeEquations, OdeSolverMethod, Op, Vector};
use problems::{Hires, Lorenz, Pollution, Problem, RUNS, Robertson};
use rustix::time::{ClockId, clock_gettime};

type Fallible<T> = Result<T, Box<dyn Error>>;
type Lu = NalgebraLU<f64>;

#[derive(Clone, Copy)]
enum Method {
    Bdf,
    TrBdf2,
    Esdirk34,
    Tsit45,
}

/// How to integrate.
#[derive(Clone, Copy)]
struct Way {
    method: Method,
    relative: f64,
    absolute: f64,
}

struct Run {
    state: Vec<f64>,
    steps: usize,
    /// Attempts that were refused because of their error.
    rejected: usize,
}

/// Steps beyond the end and interpolates there.
fn to_end<'a, E: OdeEquations<T = f64> + 'a>(mut solver: impl OdeSolverMethod<'a, E>, end: f64) -> Fallible<Run> {
    while solver.state().t < end {
        solver.step()?;
    }
    let state = solver.interpolate(end)?;
    let statistics = solver.get_statistics();
    let (steps, rejected) = (statistics.number_of_steps, statistics.number_of_error_test_failures);
    Ok(Run { state: state.clone_as_vec(), steps, rejected })
}

/// Integrates some runs and hands each to `each` as it is done, as long as that says to go on.
fn integrate<P: Problem>(
    way: Way,
    parameters: impl Iterator<Item = f64>,
    mut each: impl FnMut(Run) -> bool,
) -> Fallible<()> {
    let mut problem = OdeBuilder::<NalgebraMat<f64>>::new()
        .rtol(way.relative)
        .atol([way.absolute])
        .p([0.0])
        .rhs_implicit(|y, p, _, d| P::derivative(p[0], y, d), |y, p, _, v, d| P::along(p[0], y, v, d))
        .init(|_, _, y| y.copy_from_slice(P::INITIAL), P::INITIAL.len())
        .build()?;
    for parameter in parameters {
        let parameter = NalgebraVec::from_vec(vec![parameter], *problem.eqn.context());
        problem.eqn.set_params(&parameter);
        let done = match way.method {
            Method::Bdf => to_end(problem.bdf::<Lu>()?, P::END)?,
            Method::TrBdf2 => to_end(problem.tr_bdf2::<Lu>()?, P::END)?,
            Method::Esdirk34 => to_end(problem.esdirk34::<Lu>()?, P::END)?,
            Method::Tsit45 => to_end(problem.tsit45()?, P::END)?,
        };
        if !each(done) {
            break;
        }
    }
    Ok(())
}

/// Processor time of this thread: on a shared machine the time in which others ran does not count.
fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

fn speed<P: Problem>(way: Way) -> Fallible<f64> {
    let begin = processor_time();
    let (mut done, mut elapsed) = (0_u32, 0.0);
    // 617 has no divisor in common with 1000, so that any number of runs is spread over the sweep.
    integrate::<P>(way, (0..RUNS).map(|run| P::swept(run * 617 % RUNS)), |_| {
        done += 1;
        elapsed = (processor_time() - begin).as_secs_f64();
        elapsed < 0.5
    })?;
    Ok(f64::from(done) / elapsed)
}

/// The mean over all runs of what is counted in each.
fn mean<P: Problem>(way: Way, count: fn(&Run) -> usize) -> Fallible<f64> {
    let mut sum = 0;
    integrate::<P>(way, (0..RUNS).map(P::swept), |run| {
        sum += count(&run);
        true
    })?;
    Ok(sum as f64 / RUNS as f64)
}

fn every_tenth<P: Problem>(way: Way) -> Fallible<Vec<f64>> {
    let mut states = Vec::new();
    integrate::<P>(way, (0..RUNS).step_by(10).map(P::swept), |run| {
        states.extend(run.state);
        true
    })?;
    Ok(states)
}

/// The largest difference in units of `absolute + relative |value|`.
fn largest(found: &[f64], exact: &[f64], relative: f64, absolute: f64) -> f64 {
    found
        .iter()
        .zip(exact)
        .map(|(found, exact)| (found - exact).abs() / (absolute + relative * exact.abs()))
        .fold(0.0, f64::max)
}

/// The references found so far, by the names of their problems.
type References = HashMap<String, Vec<f64>>;

/// Seconds on the wall of a batch.
fn batch<P: Problem>(way: Way, shape: Shape) -> Fallible<f64> {
    batches::seconds(|| {
        batches::share_out(shape, |shares, finals: &mut Vec<Vec<f64>>| {
            let all = integrate::<P>(way, shares.map(P::at), |run| {
                finals.push(run.state);
                true
            });
            all.map_err(|error| error.to_string())
        })
    })
}

fn measure<P: Problem>(what: &str, name: &str, way: Way, shape: Shape, references: &mut References) -> Fallible<f64> {
    match what {
        "batch" => return batch::<P>(way, shape),
        "speed" => return speed::<P>(way),
        "steps" => return mean::<P>(way, |run| run.steps),
        "rejected" => return mean::<P>(way, |run| run.rejected),
        _ => {}
    }
    if !references.contains_key(name) {
        let exact = every_tenth::<P>(Way { method: Method::Bdf, relative: 1e-12, absolute: 1e-16 })?;
        references.insert(name.to_owned(), exact);
    }
    let (found, exact) = (every_tenth::<P>(way)?, &references[name]);
    match what {
        "error" => Ok(largest(&found, exact, 0.0, 1.0)),
        "scaled" => Ok(largest(&found, exact, 1e-4, 1e-8)),
        _ => Err(format!("no such question: {what}").into()),
    }
}

fn answer(what: &str, argument: &str, references: &mut References) -> Fallible<f64> {
    let (argument, shape) = Shape::split(argument)?;
    let parts: Vec<_> = argument.split(':').collect();
    let [name, relative, absolute, rest @ ..] = parts.as_slice() else {
        return Err(format!("not <problem>:<relative>:<absolute>: {argument}").into());
    };
    let method = match rest {
        [] | ["bdf"] => Method::Bdf,
        ["tr_bdf2"] => Method::TrBdf2,
        ["esdirk34"] => Method::Esdirk34,
        ["tsit45"] => Method::Tsit45,
        _ => return Err(format!("no such method: {argument}").into()),
    };
    let way = Way { method, relative: relative.parse()?, absolute: absolute.parse()? };
    match *name {
        "R" => measure::<Robertson>(what, name, way, shape, references),
        "H" => measure::<Hires>(what, name, way, shape, references),
        "P" => measure::<Pollution>(what, name, way, shape, references),
        "L" => measure::<Lorenz>(what, name, way, shape, references),
        _ => Err(format!("no such problem: {name}").into()),
    }
}

fn main() -> Fallible<()> {
    let mut references = References::new();
    for line in stdin().lines() {
        let line = line?;
        let Some((what, argument)) = line.split_once(' ') else { continue };
        // A solver may give up, which is an answer too.
        let value = answer(what, argument, &mut references).unwrap_or_else(|error| {
            eprintln!("{what} {argument}: {error}");
            f64::NAN
        });
        println!("RESULT {what} {argument} {value:.6e}");
        stdout().flush()?;
    }
    Ok(())
}

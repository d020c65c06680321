//! Everything beside everything: loops written by hand, Boost.Odeint, CVODE, diffsol, SciPy, this library and its build of one lane on four problems, with one thread and
//! with one per core, for batches of 1, 10, 100 … runs, as long as a batch takes no longer than a second.
//!
//! A measurement is the time on the wall of a whole batch, from the range of a parameter to the final states; what compiles has compiled before. In each round every contender
//! has its turn at every number of runs; figures are medians of the rounds. Writes a page with a table, and a picture. `benches/peers/run [rounds] [--out FOLDER]` or
//! `cargo bench -p batch-solver --bench peers -- [rounds] [--out FOLDER]`.

mod common;
#[path = "peers/contenders.rs"]
mod contenders;
#[path = "peers/machine.rs"]
mod machine;
#[path = "peers/problems.rs"]
mod problems;
#[path = "peers/table.rs"]
mod table;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use batch_solver::plot::Scaling;
use common::{Fallible, median, rounds, target_folder};
use contenders::{Contender, Programs};
use problems::Problem;

const ROUNDS: usize = 5;
/// Seconds that a batch may take.
const LONGEST: f64 = 1.0;
const MOST_RUNS: usize = 10_000_000;

/// Seconds of batches of 1, 10, 100 … runs: of each, one for each round.
type Curve = Vec<Vec<f64>>;

/// How one contender did on a problem.
struct Outcome {
    contender: &'static str,
    /// What it was told to keep to, if it chooses its steps.
    tolerance: Option<f64>,
    error: f64,
    /// With one thread, and with one per core.
    curves: [Curve; 2],
}

impl Outcome {
    /// Runs and the median of seconds, for each number of runs.
    fn points(&self, threads: usize) -> Vec<(usize, f64)> {
        let median = |seconds: &Vec<f64>| median(seconds.clone());
        (0..).map(|power| 10_usize.pow(power)).zip(self.curves[threads].iter().map(median)).collect()
    }

    /// Runs per second of each round, of the largest batches.
    fn speeds(&self, threads: usize) -> Vec<f64> {
        let runs = 10_f64.powi(i32::try_from(self.curves[threads].len()).unwrap_or(0) - 1);
        self.curves[threads].last().map_or_else(Vec::new, |largest| largest.iter().map(|each| runs / each).collect())
    }
}

/// All contenders on a problem.
struct Section {
    problem: &'static Problem,
    outcomes: Vec<Outcome>,
}

/// One measurement of every contender that still takes part at so many runs, in the first round of all whose next batch would not take too long.
fn turns(
    contenders: &mut [Contender],
    outcomes: &mut [Outcome],
    (threads, cores): (usize, usize),
    round: usize,
) -> Fallible<()> {
    let mut power = 0;
    loop {
        let mut any = false;
        let runs = 10_usize.pow(u32::try_from(power)?);
        for (contender, outcome) in contenders.iter_mut().zip(outcomes.iter_mut()) {
            let curve = &mut outcome.curves[threads];
            let room = |last: &Vec<f64>| last[0] * 10.0 <= LONGEST && runs <= MOST_RUNS;
            if round == 0 && curve.len() == power && curve.last().is_none_or(room) {
                curve.push(Vec::new());
            }
            if let Some(point) = curve.get_mut(power) {
                point.push(contender.batch(runs, cores)?);
                any = true;
            }
        }
        if !any {
            return Ok(());
        }
        power += 1;
    }
}

fn measure(problem: &'static Problem, programs: &Programs, cores: usize, rounds: usize) -> Fallible<Section> {
    let mut contenders = contenders::all(problem, programs)?;
    let mut outcomes: Vec<_> = contenders.iter().map(Contender::outcome).collect();
    for round in 0..rounds {
        turns(&mut contenders, &mut outcomes, (0, 1), round)?;
        turns(&mut contenders, &mut outcomes, (1, cores), round)?;
    }
    for contender in contenders {
        contender.stop()?;
    }
    Ok(Section { problem, outcomes })
}

/// The folder after `--out`, or `target/peers`.
fn folder() -> PathBuf {
    let mut arguments = std::env::args().skip_while(|argument| argument != "--out").skip(1);
    arguments.next().map_or_else(|| target_folder().join("peers"), PathBuf::from)
}

fn main() -> Fallible<()> {
    let begin = Instant::now();
    let (folder, rounds) = (folder(), rounds(ROUNDS));
    let cores = std::thread::available_parallelism()?.get();
    if let Some(load) = machine::load().filter(|load| *load > 0.5) {
        println!("NOTE others use this machine (load {load}): figures are too low, and curves not smooth");
    }
    let programs = Programs::build()?;
    let mut sections = Vec::new();
    for problem in &problems::ALL {
        let section = measure(problem, &programs, cores, rounds)?;
        table::print(&section, cores);
        sections.push(section);
    }
    fs::create_dir_all(&folder)?;
    write(&folder, &sections, &table::page(&sections, &machine::describe(&programs)?, (cores, rounds)))?;
    println!("{} ({:.0} s)", folder.canonicalize()?.display(), begin.elapsed().as_secs_f64());
    Ok(())
}

fn write(folder: &Path, sections: &[Section], page: &str) -> Fallible<()> {
    let curves = sections.iter().flat_map(|section| {
        let seconds = |outcome: &Outcome| outcome.points(1).into_iter().map(|(runs, seconds)| (runs as f64, seconds));
        let curve =
            |outcome: &Outcome| (section.problem.title, outcome.contender, seconds(outcome).collect::<Vec<_>>());
        section.outcomes.iter().map(curve).collect::<Vec<_>>()
    });
    fs::write(folder.join("peers.svg"), Scaling::new(curves).to_svg()?)?;
    fs::write(folder.join("README.md"), page)?;
    Ok(())
}

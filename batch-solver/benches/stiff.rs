//! Stiff systems by rodas4, kvaerno5 and radau_iia_5 with their defaults: against a loop written by hand (`benches/peers/rodas4.cpp`, rodas4 on Robertson and HIRES), against CVODE and against the crate diffsol,
//! these at the loosest tolerance at which their error is no larger than ours, and at ours.
//!
//! 1,000 runs of each system, swept over one parameter (`benches/peers/stiff.hpp`), rtol 1e-4, atol 1e-8; ours eight times in a row, so that a measurement is long enough. Every figure is the median of ratios of measurements taken in
//! turns, on one core. `cargo bench -p batch-solver --bench stiff -- [rounds [method]]`.

mod common;

use batch_solver::{Batch, Solution, Solver, System, linspace, logspace};
use buffer_runtime::compiler::{HostCompiler, Optimisation};
use buffer_runtime::{CpuDevice, CpuOptions, Settings, Unknown, settings};

use common::programs::{cvode, diffsol, optional};
use common::systems::model;
use common::{Fallible, Peer, figure, median, rounds, to_on_this_thread};

const ROUNDS: usize = 9;
const RUNS: usize = 1_000;
/// Batches of one measurement: one is too short for the clock.
const REPEATED: usize = 8;
const TOLERANCES: (f64, f64) = (1e-4, 1e-8);
/// Relative tolerances of peers, loosest first; absolute ones are 1e-4 of them.
const LADDER: [&str; 13] =
    ["1e-4", "3e-5", "1e-5", "3e-6", "1e-6", "5e-7", "3e-7", "2e-7", "1e-7", "5e-8", "3e-8", "1e-8", "1e-9"];

/// A system, a method, what is swept, and what is asked of the ratios.
struct Problem {
    name: &'static str,
    method: &'static str,
    /// How peers call it.
    letter: &'static str,
    system: System,
    swept: &'static str,
    values: Vec<f64>,
    end: f64,
    over_cvode: Option<f64>,
    over_diffsol: Option<f64>,
}

fn problems() -> Fallible<Vec<Problem>> {
    let robertson = |method, over_cvode, over_diffsol| -> Fallible<Problem> {
        Ok(Problem {
            name: "Robertson",
            method,
            letter: "R",
            system: model("robertson"),
            swept: "k1",
            values: linspace(0.02, 0.06, RUNS),
            end: 1e4,
            over_cvode,
            over_diffsol,
        })
    };
    let hires = |method, over_cvode, over_diffsol| -> Fallible<Problem> {
        Ok(Problem {
            name: "HIRES",
            method,
            letter: "H",
            system: common::hires()?,
            swept: "decay",
            values: linspace(1.2, 2.2, RUNS),
            end: 321.8122,
            over_cvode,
            over_diffsol,
        })
    };
    let pollution = Problem {
        name: "Pollution",
        method: "rodas4",
        letter: "P",
        system: model("pollution"),
        swept: "k1",
        values: logspace(0.035, 3.5, RUNS),
        end: 60.0,
        over_cvode: None,
        over_diffsol: None,
    };
    let iterated = (Some(60.0), Some(10.0));
    Ok(vec![
        robertson("rodas4", Some(200.0), Some(30.0))?,
        hires("rodas4", Some(100.0), None)?,
        pollution,
        robertson("kvaerno5", iterated.0, iterated.1)?,
        hires("kvaerno5", iterated.0, iterated.1)?,
        robertson("radau_iia_5", iterated.0, iterated.1)?,
        hires("radau_iia_5", iterated.0, iterated.1)?,
    ])
}

impl Problem {
    fn solver(&self, more: &Settings, options: CpuOptions) -> Fallible<Solver> {
        let device = CpuDevice::with_options(CpuOptions { threads: Some(1), ..options }, Default::default())?;
        let mut solver = Solver::on(self.system.clone(), device)?;
        let (rtol, atol) = TOLERANCES;
        let settings = settings! { algorithm: self.method, rtol: rtol, atol: atol, dt_min: 1e-20, dt_max: 1e20 };
        solver.update(&settings, Unknown::Error)?;
        solver.update(more, Unknown::Error)?;
        solver.solve(&self.batch(1), 0.0..self.end)?;
        Ok(solver)
    }

    /// The whole sweep, so many times in a row: what shares a vector is never equal.
    fn batch(&self, times: usize) -> Batch {
        Batch::zip().vary(self.swept, self.values.repeat(times))
    }

    fn ends(&self, solution: &Solution) -> Fallible<Vec<f64>> {
        let states: Option<Vec<_>> = (0..RUNS).map(|run| solution.final_state(run)).collect();
        Ok(states.ok_or("a run without a final state")?.concat())
    }

    /// Accepted and refused steps and Newton iterations per run; the largest error of a final value in units of 1e-8 + 1e-4 |value|, and its largest absolute error. What is exact is found by
    /// rodas5p with tolerances of 1e-10 and 1e-14.
    fn quality(&self) -> Fallible<[f64; 5]> {
        let exact = settings! { algorithm: "rodas5p", rtol: 1e-10, atol: 1e-14 };
        let reference =
            self.ends(&self.solver(&exact, CpuOptions::default())?.solve(&self.batch(1), 0.0..self.end)?)?;
        let solution = self.solver(&Settings::new(), CpuOptions::default())?.solve(&self.batch(1), 0.0..self.end)?;
        if solution.failed() > 0 {
            return Err(format!("{}: {} runs failed", self.name, solution.failed()).into());
        }
        let counters: Vec<_> = (0..RUNS).filter_map(|run| solution.counters(run)).collect();
        let mean = |sum: u64| sum as f64 / counters.len() as f64;
        let errors: Vec<(f64, f64)> = self
            .ends(&solution)?
            .iter()
            .zip(&reference)
            .map(|(ours, exact)| ((ours - exact).abs(), exact.abs()))
            .collect();
        Ok([
            mean(counters.iter().map(|run| run.steps).sum()),
            mean(counters.iter().map(|run| run.rejections).sum()),
            mean(counters.iter().map(|run| run.newton_iterations).sum()),
            errors.iter().map(|(error, exact)| error / (1e-8 + 1e-4 * exact)).fold(0.0, f64::max),
            errors.iter().map(|(error, _)| *error).fold(0.0, f64::max),
        ])
    }

    /// How a peer is asked, at the loosest tolerance at which it is as accurate as `scaled`.
    fn equally_exact(&self, peer: &mut Peer, scaled: f64) -> Fallible<Option<String>> {
        for relative in LADDER {
            let absolute = 1e-4 * relative.parse::<f64>()?;
            let question = format!("{}:{relative}:{absolute:e}", self.letter);
            if peer.ask("scaled", &question)? <= scaled {
                return Ok(Some(question));
            }
        }
        Ok(None)
    }
}

/// One round: every measurement once, in runs per second; NaN where a peer is missing.
#[derive(Clone, Copy)]
struct Round {
    ours: f64,
    packs: [f64; 3],
    one_lane: f64,
    /// The loop by hand with one to three vectors per pack.
    vectors: [f64; 3],
    /// At no larger an error than ours, and at our tolerance.
    cvode: [f64; 2],
    diffsol: [f64; 2],
}

/// A peer and how it is asked at no larger an error than ours, and at our tolerance.
struct Ready<'a> {
    name: &'static str,
    peer: &'a mut Peer,
    questions: [String; 2],
}

impl Ready<'_> {
    fn speeds(&mut self) -> Fallible<[f64; 2]> {
        let [exact, equal] = &self.questions;
        Ok([self.peer.ask("speed", exact)?, self.peer.ask("speed", equal)?])
    }
}

/// The peers that can be as accurate as `scaled`; prints their steps and errors.
fn ready<'a>(
    problem: &Problem,
    scaled: f64,
    peers: [(&'static str, Option<&'a mut Peer>); 2],
) -> Fallible<Vec<Ready<'a>>> {
    let mut all = Vec::new();
    for (name, peer) in peers {
        let Some(peer) = peer else { continue };
        let Some(exact) = problem.equally_exact(peer, scaled)? else {
            println!("    {name}: its error exceeds ours at every tolerance");
            continue;
        };
        let questions = [exact, format!("{}:1e-4:1e-8", problem.letter)];
        for question in &questions {
            let mut ask = |what| peer.ask(what, question);
            let (steps, refused) = (ask("steps")?, ask("rejected")?);
            let (scaled, absolute) = (ask("scaled")?, ask("error")?);
            let rtol = question.split(':').nth(1).unwrap_or_default();
            println!(
                "    {:<28}{steps:>10.1}{refused:>10.1}{scaled:>12.1e}{absolute:>12.1e}",
                format!("{name} at {rtol}")
            );
        }
        all.push(Ready { name, peer, questions });
    }
    Ok(all)
}

/// Measures one problem and prints its figures.
fn measure(
    problem: &Problem,
    rounds: usize,
    rodas4: &mut Peer,
    cvode: &mut Option<Peer>,
    diffsol: &mut Option<Peer>,
) -> Fallible<()> {
    let [accepted, refused, iterations, scaled, absolute] = problem.quality()?;
    println!(
        "{} ({}) by {}, {iterations:.1} Newton iterations per run; accepted and refused steps, error in units of 1e-8 + 1e-4 |value|, absolute error",
        problem.name, problem.letter, problem.method
    );
    println!("    {:<28}{accepted:>10.1}{refused:>10.1}{scaled:>12.1e}{absolute:>12.1e}", "ours");
    let by_hand = ["R", "H"].contains(&problem.letter) && problem.method == "rodas4";
    let argument = format!("{}:f64", problem.letter);
    if by_hand {
        let mut ask = |what| rodas4.ask(what, &argument);
        let (accepted, refused) = (ask("accepted")?, ask("rejected")?);
        println!(
            "    {:<28}{accepted:>10.1}{refused:>10.1}{:>12.1e}{:>12.1e}",
            "vector loop",
            ask("scaled")?,
            ask("error")?
        );
    }
    let mut ready = ready(problem, scaled, [("CVODE", cvode.as_mut()), ("diffsol", diffsol.as_mut())])?;
    let with_pack = |pack| problem.solver(&Settings::new(), CpuOptions { pack: Some(pack), ..CpuOptions::default() });
    let mut ours = problem.solver(&Settings::new(), CpuOptions::default())?;
    let mut packs = [with_pack(1)?, with_pack(2)?, with_pack(3)?];
    let mut one_lane =
        problem.solver(&Settings::new(), CpuOptions { vector_bytes: Some(0), ..CpuOptions::default() })?;
    let (many, once) = (problem.batch(REPEATED), problem.batch(1));
    let mut measured = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        // Peers of the round before have left caches and clock to themselves.
        ours.solve(&many, 0.0..problem.end)?;
        let mut round = Round {
            ours: to_on_this_thread(&mut ours, &many, problem.end)?,
            packs: [0.0; 3],
            one_lane: to_on_this_thread(&mut one_lane, &once, problem.end)?,
            vectors: [f64::NAN; 3],
            cvode: [f64::NAN; 2],
            diffsol: [f64::NAN; 2],
        };
        for (index, question) in ["vector1", "vector2", "vector3"].iter().enumerate() {
            round.packs[index] = to_on_this_thread(&mut packs[index], &many, problem.end)?;
            if by_hand {
                round.vectors[index] = rodas4.ask(question, &argument)?;
            }
        }
        for peer in &mut ready {
            let speeds = peer.speeds()?;
            *(if peer.name == "CVODE" { &mut round.cvode } else { &mut round.diffsol }) = speeds;
        }
        measured.push(round);
    }
    report(problem, &measured);
    Ok(())
}

/// Prints the speeds; those of a peer that took no part are NaN.
fn report(problem: &Problem, measured: &[Round]) {
    let of = |value: &dyn Fn(Round) -> f64| median(measured.iter().copied().map(value).collect());
    let speed = |name: &str, speed: f64| {
        if !speed.is_nan() {
            println!("    {name:<28}{speed:>12.0}");
        }
    };
    let ratio = |name: &str, ratio: f64, wanted: Option<f64>| match wanted {
        _ if ratio.is_nan() => {}
        Some(wanted) => figure(name, ratio, wanted),
        None => println!("    {name:<28}{ratio:>12.2}"),
    };
    println!("  runs per second, one thread");
    speed("ours", of(&|round| round.ours));
    for index in 0..3 {
        speed(&format!("ours, {} per pack", index + 1), of(&|round| round.packs[index]));
    }
    speed("ours, one lane", of(&|round| round.one_lane));
    let mut fastest = 0;
    for index in 0..3 {
        let by_hand = of(&|round| round.vectors[index]);
        speed(&format!("vector loop, {} per pack", index + 1), by_hand);
        if by_hand > of(&|round| round.vectors[fastest]) {
            fastest = index;
        }
    }
    for (index, how) in ["equal error", "equal tolerance"].iter().enumerate() {
        speed(&format!("CVODE, {how}"), of(&|round| round.cvode[index]));
        speed(&format!("diffsol, {how}"), of(&|round| round.diffsol[index]));
    }
    ratio("ours / ours, one lane", of(&|round| round.ours / round.one_lane), Some(6.0));
    ratio("ours / vector loop", of(&|round| round.ours / round.vectors[fastest]), Some(0.85));
    for (index, how) in ["equal error", "equal tolerance"].iter().enumerate() {
        let wanted = |wanted: Option<f64>| wanted.filter(|_| index == 0);
        ratio(
            &format!("ours / CVODE, {how}"),
            of(&|round| round.ours / round.cvode[index]),
            wanted(problem.over_cvode),
        );
        let ours = of(&|round| round.ours / round.diffsol[index]);
        ratio(&format!("ours / diffsol, {how}"), ours, wanted(problem.over_diffsol));
    }
}

fn main() -> Fallible<()> {
    let rounds = rounds(ROUNDS);
    let compiler = HostCompiler::find()?;
    common::stay_on_this_core();
    println!(
        "{RUNS} runs, rtol 1e-4, atol 1e-8, f64, {} {}, median of {rounds} rounds",
        compiler.kind(),
        compiler.version()
    );
    let mut rodas4 = Peer::start(&compiler, "rodas4", Optimisation::default())?;
    let (mut cvode, mut diffsol) = (optional("cvode", cvode), optional("diffsol", diffsol));
    let chosen = std::env::args().skip(2).find(|argument| !argument.starts_with('-'));
    for problem in
        problems()?.into_iter().filter(|problem| chosen.as_deref().is_none_or(|method| problem.method == method))
    {
        measure(&problem, rounds, &mut rodas4, &mut cvode, &mut diffsol)?;
    }
    for peer in [Some(rodas4), cvode, diffsol].into_iter().flatten() {
        peer.stop()?;
    }
    Ok(())
}

//! Who takes part: this library twice, and the programs that are installed.

use std::time::Instant;

use batch_solver::Solver;
use buffer_runtime::CpuOptions;
use buffer_runtime::compiler::HostCompiler;

use crate::common::programs::{self, Program, installed};
use crate::common::{Fallible, Peer};
use crate::problems::{Kind, Problem};
use crate::{Curve, Outcome};

pub(crate) const OURS: &str = "this library";
/// In this order everywhere.
pub(crate) const NAMES: [&str; 7] =
    [OURS, "vector C++ by hand", "this library, one lane", "Boost.Odeint", "diffsol", "CVODE", "SciPy"];
/// Batches shorter than this many seconds are repeated.
const ENOUGH: f64 = 5e-3;

/// The programs that could be built.
pub(crate) struct Programs {
    rk4: Option<Program>,
    tsit5: Option<Program>,
    rodas4: Option<Program>,
    pub(crate) odeint: Option<Program>,
    odeint_stiff: Option<Program>,
    pub(crate) cvode: Option<Program>,
    pub(crate) diffsol: Option<Program>,
    pub(crate) scipy: Option<Program>,
}

impl Programs {
    /// Says of those that are missing how to get them.
    pub(crate) fn build() -> Fallible<Self> {
        let compiler = HostCompiler::find()?;
        let by_hand = |name: &str| installed(name, programs::loop_by_hand(&compiler, name));
        let odeint = installed("odeint", programs::odeint(&compiler, "odeint"));
        Ok(Self {
            rk4: by_hand("rk4"),
            tsit5: by_hand("tsit5"),
            rodas4: by_hand("rodas4"),
            odeint_stiff: odeint
                .is_some()
                .then(|| installed("odeint_stiff", programs::odeint(&compiler, "odeint_stiff")))
                .flatten(),
            odeint,
            cvode: installed("cvode", programs::cvode()),
            diffsol: installed("diffsol", programs::diffsol()),
            scipy: installed("scipy", programs::scipy()),
        })
    }
}

enum Kernel {
    /// With one thread, and with one per core.
    Ours(Box<[Solver; 2]>),
    Other {
        peer: Peer,
        argument: String,
    },
}

pub(crate) struct Contender {
    name: &'static str,
    problem: &'static Problem,
    kernel: Kernel,
    tolerance: Option<f64>,
    error: f64,
}

impl Contender {
    fn ours(name: &'static str, problem: &'static Problem, options: &CpuOptions) -> Fallible<Self> {
        let mut one = problem.solver(CpuOptions { threads: Some(1), ..options.clone() })?;
        let error = problem.error(&mut one)?;
        let kernel = Kernel::Ours(Box::new([one, problem.solver(options.clone())?]));
        Ok(Self { name, problem, kernel, tolerance: problem.tolerance, error })
    }

    /// At the loosest tolerance at which its error is no larger than `error`.
    fn other(name: &'static str, problem: &'static Problem, program: &Program, error: f64) -> Fallible<Self> {
        let mut peer = program.start()?;
        let what = if problem.is_stiff() { "scaled" } else { "error" };
        let method = if name == "diffsol" && !problem.is_stiff() { ":tsit45" } else { "" };
        for rung in ladder() {
            let relative: f64 = rung.parse()?;
            let absolute = relative * problem.absolute;
            let argument = format!("{}:{relative:e}:{absolute:.1e}{method}", problem.letter);
            let found = peer.ask(what, &argument)?;
            if found <= error {
                let kernel = Kernel::Other { peer, argument };
                return Ok(Self { name, problem, kernel, tolerance: Some(relative), error: found });
            }
        }
        Err(format!("on {} its error exceeds {error:.1e} at every tolerance", problem.title).into())
    }

    /// The same method with the same steps as ours.
    fn alike(
        name: &'static str,
        problem: &'static Problem,
        program: &Program,
        what: &str,
        argument: &str,
    ) -> Fallible<Self> {
        let mut peer = program.start()?;
        let error = peer.ask(what, argument)?;
        let kernel = Kernel::Other { peer, argument: argument.to_owned() };
        Ok(Self { name, problem, kernel, tolerance: problem.tolerance, error })
    }

    /// Seconds on the wall of a batch of so many runs on so many cores: one or all of them. The first is not counted where it is short.
    pub(crate) fn batch(&mut self, runs: usize, cores: usize) -> Fallible<f64> {
        let [one, all] = match &mut self.kernel {
            Kernel::Ours(solvers) => solvers.as_mut(),
            Kernel::Other { peer, argument } => {
                return peer.ask("batch", &format!("{argument}/{runs}/{cores}"));
            }
        };
        let solver = if cores == 1 { one } else { all };
        let mut begin = Instant::now();
        self.problem.solve(solver, runs)?;
        let first = begin.elapsed().as_secs_f64();
        if first > 20.0 * ENOUGH {
            return Ok(first);
        }
        let mut count = 0;
        begin = Instant::now();
        while begin.elapsed().as_secs_f64() < ENOUGH {
            self.problem.solve(solver, runs)?;
            count += 1;
        }
        Ok(begin.elapsed().as_secs_f64() / f64::from(count))
    }

    /// Before it was measured.
    pub(crate) fn outcome(&self) -> Outcome {
        let curves = [Curve::new(), Curve::new()];
        Outcome { contender: self.name, tolerance: self.tolerance, error: self.error, curves }
    }

    pub(crate) fn stop(self) -> Fallible<()> {
        match self.kernel {
            Kernel::Ours(_) => Ok(()),
            Kernel::Other { peer, .. } => peer.stop(),
        }
    }
}

/// Relative tolerances from 1e-3 to 1e-10, loosest first; six to a power of ten, so that no contender is much more exact than it has to be.
fn ladder() -> impl Iterator<Item = String> {
    let rungs = ["1", "0.7", "0.5", "0.35", "0.25", "0.15"];
    (3..11).flat_map(move |power| rungs.map(|rung| format!("{rung}e-{power}")))
}

/// All that are installed and know the problem.
pub(crate) fn all(problem: &'static Problem, programs: &Programs) -> Fallible<Vec<Contender>> {
    let [ours, by_hand, one_lane, odeint, diffsol, cvode, scipy] = NAMES;
    let first = Contender::ours(ours, problem, &CpuOptions::default())?;
    let error = first.error;
    let scalar = CpuOptions { vector_bytes: Some(0), ..CpuOptions::default() };
    let mut all = vec![first];
    let what = if problem.is_stiff() { "scaled" } else { "error" };
    let by_hand_on = match problem.kind {
        Kind::LorenzFixed => programs.rk4.as_ref(),
        Kind::LorenzAdaptive => programs.tsit5.as_ref(),
        Kind::Robertson | Kind::Hires => programs.rodas4.as_ref(),
    };
    if let Some(program) = by_hand_on {
        let argument = if problem.is_stiff() { format!("{}:f64", problem.letter) } else { "f64".to_owned() };
        all.push(Contender::alike(by_hand, problem, program, what, &argument)?);
    }
    all.push(Contender::ours(one_lane, problem, &scalar)?);
    let odeint_on = if problem.is_stiff() { &programs.odeint_stiff } else { &programs.odeint };
    let others =
        [(odeint, odeint_on), (diffsol, &programs.diffsol), (cvode, &programs.cvode), (scipy, &programs.scipy)];
    for (name, program) in others {
        let Some(program) = program else { continue };
        let contender = match problem.tolerance {
            Some(_) => Contender::other(name, problem, program, error),
            None if name == odeint => Contender::alike(name, problem, program, what, problem.letter),
            // The others have no steps of a fixed size.
            None => continue,
        };
        match contender {
            Ok(contender) => all.push(contender),
            Err(fault) => println!("SKIPPED {name}: {fault}"),
        }
    }
    Ok(all)
}

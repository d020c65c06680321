//! What the tests of the solver share.
#![allow(dead_code, reason = "each test file is a program of its own and uses a part")]

pub(crate) mod follow;
pub(crate) mod forced;
pub(crate) mod host_summaries;
pub(crate) mod linear;
#[cfg(feature = "cli")]
pub(crate) mod program;
pub(crate) mod stiff;
pub(crate) mod systems;
pub(crate) mod table;

use batch_solver::{Solution, Solver, System};
use buffer_runtime::cache::CacheOptions;
use buffer_runtime::compiler::Optimisation;
use buffer_runtime::layout::ResolvedBuffer;
use buffer_runtime::{CpuDevice, CpuOptions, Location, Settings, Unknown};

/// The Lorenz system with rho as parameter.
pub(crate) fn lorenz() -> System {
    System::builder("lorenz")
        .equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z")
        .states([("x", 1.0), ("y", 0.0), ("z", 0.0)])
        .parameter("rho", 28.0)
        .constants([("sigma", 10.0), ("beta", 8.0 / 3.0)])
        .build()
        .unwrap()
}

/// A CPU device that keeps nothing on disk, so that its count of compilations starts at zero.
pub(crate) fn cpu(options: CpuOptions) -> CpuDevice {
    CpuDevice::with_options(options, CacheOptions { disk: false, ..CacheOptions::default() }).unwrap()
}

/// A CPU device that shares its kernels with the other tests of this build, for tests that compile many.
pub(crate) fn sharing_cpu(options: CpuOptions) -> CpuDevice {
    let directory = Some(concat!(env!("CARGO_TARGET_TMPDIR"), "/kernels").into());
    CpuDevice::with_options(options, CacheOptions { directory, max_bytes: 64 << 20, ..CacheOptions::default() })
        .unwrap()
}

/// Quick to compile for: narrow vectors, as many per pack as given, little optimisation, one thread.
pub(crate) fn narrow(pack: u32) -> CpuOptions {
    CpuOptions {
        vector_bytes: Some(16),
        pack: Some(pack),
        threads: Some(1),
        optimisation: Optimisation::O1,
        ..CpuOptions::default()
    }
}

/// The quickest to compile for: one narrow vector per pack.
pub(crate) fn narrow_cpu() -> CpuDevice {
    cpu(narrow(1))
}

/// Builds whose lanes and packs differ from those of `narrow(1)`, one of a single lane among them.
pub(crate) fn builds() -> [CpuOptions; 4] {
    let of_bytes = |vector_bytes| CpuOptions { vector_bytes, ..narrow(1) };
    [narrow(2), narrow(3), of_bytes(None), of_bytes(Some(0))]
}

/// Changes settings, all of which must be known.
pub(crate) fn set(solver: &mut Solver, settings: &Settings) {
    solver.update(settings, Unknown::Error).unwrap();
}

/// A place for every buffer there is: shared memory where `shared` says so.
pub(crate) fn places(solver: &Solver, mut shared: impl FnMut() -> bool) -> Settings {
    places_by(solver, |_| shared())
}

/// Shared memory for all buffers that do not survive a step, in whose space others may lie then.
pub(crate) fn lending(solver: &Solver) -> Settings {
    places_by(solver, |buffer| !buffer.persistent)
}

fn places_by(solver: &Solver, mut shared: impl FnMut(&ResolvedBuffer) -> bool) -> Settings {
    let mut place = |buffer| if shared(buffer) { Location::Shared } else { Location::Local };
    let buffers = solver.plan().layout().buffers().iter();
    buffers.map(|buffer| (format!("{}_location", buffer.path), place(buffer).to_string())).collect()
}

/// Everything a run left: saved values, summaries, status, counters. Numbers as their bits, which make a NaN equal to any other.
pub(crate) fn bits(solution: &Solution, run: usize) -> Vec<u64> {
    let number = |value: f64| if value.is_nan() { u64::MAX } else { value.to_bits() };
    let rows = 0..solution.times().len();
    let states = rows.clone().flat_map(|row| (0..solution.state_names().len()).map(move |i| (row, i)));
    let mut all: Vec<u64> = states.map(|(row, i)| number(solution.state(row, i, run).unwrap())).collect();
    for name in solution.observable_names() {
        let single = solution.variable::<f32>(name).map(|values| values.column(run).mapv(f64::from));
        let values = single.or_else(|| solution.variable::<f64>(name).map(|values| values.column(run).to_owned()));
        all.extend(values.unwrap().iter().map(|value| number(*value)));
    }
    let summaries = solution.summaries();
    for window in 0..summaries.windows().len() {
        all.extend(summaries.names().iter().map(|name| number(summaries.get(window, name, run).unwrap())));
    }
    all.push(solution.status(run).unwrap().0 as u64);
    if let Some(counters) = solution.counters(run) {
        all.extend([counters.steps, counters.rejections, counters.unsolved, counters.right_hand_sides]);
        all.extend([counters.newton_iterations, counters.linear_iterations, counters.factorisations.total()]);
    }
    all
}

/// Marsaglia's xorshift64 (J. Stat. Softw. 8 (2003) 14).
pub(crate) struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn bit(&mut self) -> bool {
        self.next() >> 63 == 1
    }

    /// A number less than `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() >> 11) as usize % end
    }
}

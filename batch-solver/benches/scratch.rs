mod common;
use batch_solver::*;
use buffer_runtime::{CpuOptions, settings};
use common::*;
fn main() -> Fallible<()> {
    let args: Vec<String> = std::env::args().filter(|a| !a.starts_with("--")).collect();
    let precision = args[1].clone();
    let refill = args[2] == "true";
    let packs: Vec<u32> = args[3].split(',').map(|p| p.parse().unwrap()).collect();
    let rounds: usize = args[4].parse()?;
    let mut solvers: Vec<Solver> = packs.iter().map(|p| solver(&settings! { algorithm: "tsit5", precision: precision.as_str(), atol: 1e-6, rtol: 1e-6, save_counters: false, refill: refill }, CpuOptions { threads: Some(1), pack: Some(*p), ..CpuOptions::default() }).unwrap()).collect();
    let mut values = linspace(0.0, 21.0, RUNS);
    let mut state = 1_u64;
    for last in (1..values.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        values.swap(last, (state >> 33) as usize % (last + 1));
    }
    let shuffled = Batch::zip().vary("rho", values);
    let mut peer = Peer::start(
        &buffer_runtime::compiler::HostCompiler::find()?,
        "tsit5",
        buffer_runtime::compiler::Optimisation::O2,
    )?;
    let mut best = vec![(Vec::new(), Vec::new()); packs.len()];
    let mut v = Vec::new();
    for _ in 0..rounds {
        v.push(peer.ask("vector", &precision)?);
        for (i, s) in solvers.iter_mut().enumerate() {
            best[i].0.push(on_this_thread(s, &sweep(RUNS))?);
            best[i].1.push(on_this_thread(s, &shuffled)?);
        }
    }
    println!("{precision} refill {refill}: vector {:.0}", median(v));
    for (i, p) in packs.iter().enumerate() {
        println!("  pack {p}: sorted {:.0} shuffled {:.0}", median(best[i].0.clone()), median(best[i].1.clone()));
    }
    Ok(())
}

//! Two hundred thousand trajectories, summarised while they are integrated: the quick start of the README.

use batch_solver::plot::ParameterMap;
use batch_solver::{Frame, IvpOptions, System, linspace, solve_ivp};
use buffer_runtime::settings;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let lorenz = System::builder("lorenz")
        .equations("dx = sigma*(y - x); dy = x*(rho - z) - y; dz = x*y - beta*z")
        .states([("x", 1.0), ("y", 0.0), ("z", 0.0)])
        .parameter("rho", 28.0)
        .constants([("sigma", 10.0), ("beta", 8.0 / 3.0)])
        .build()?;
    let rho = linspace(0.0, 28.0, 200_001);
    let options = IvpOptions::new().method("Tsit5").settings(&settings! { summaries: ["mean", "std", "max"] });
    let solution = solve_ivp(lorenz, (), [("rho", rho.clone())], 0.0..20.0, options)?;
    for run in [50_000, 100_000, 200_000] {
        let z = |metric: &str| solution.summaries().get(0, &format!("z_{metric}"), run).unwrap_or(f64::NAN);
        println!("rho = {}: z = {:.3} ± {:.3}, at most {:.3}", 28 * run / 200_000, z("mean"), z("std"), z("max"));
    }
    let column = |name: &str| (0..solution.runs()).filter_map(|run| solution.summaries().get(0, name, run)).collect();
    let metrics = ["z_mean", "z_std", "z_max"].map(|name| (name, column(name)));
    let frame = Frame::new([("rho", rho)].into_iter().chain(metrics))?;
    std::fs::create_dir_all("target")?;
    std::fs::write("target/quick-start.svg", ParameterMap::new(&frame.with_varied(1)).to_svg()?)?;
    println!("{} runs, {} failed, {:.2?}", solution.runs(), solution.failed(), solution.timings().kernel);
    Ok(())
}

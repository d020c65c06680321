//! How long the program takes from its start to the first line of a result: `batch-solve solve examples/models/lorenz.toml --duration 1 --quiet` with a warm cache.
//!
//! Times are those on the wall, from before the process is made until its first line is read from a pipe. Starts that are not counted come first: they fill the caches of kernels
//! and files. `cargo bench -p batch-solver --bench start -- [starts]`.

mod common;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use common::{Fallible, rounds};

const STARTS: usize = 100;
const UNCOUNTED: usize = 3;
/// Milliseconds.
const WANTED: f64 = 60.0;

/// Milliseconds from the start to the first line.
fn first_line(folder: &Path) -> Fallible<f64> {
    let begin = Instant::now();
    let mut process = Command::new(env!("CARGO_BIN_EXE_batch-solve"))
        .args(["solve", "examples/models/lorenz.toml", "--duration", "1", "--quiet"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut answer = BufReader::new(process.stdout.take().ok_or("no standard output")?);
    let mut line = String::new();
    answer.read_line(&mut line)?;
    let milliseconds = begin.elapsed().as_secs_f64() * 1e3;
    // What writes to a closed pipe fails.
    std::io::copy(&mut answer, &mut std::io::sink())?;
    let status = process.wait()?;
    if !status.success() || line.is_empty() {
        return Err(format!("the program ended with {status}, its first line was {line:?}").into());
    }
    Ok(milliseconds)
}

fn main() -> Fallible<()> {
    let starts = rounds(STARTS);
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    for _ in 0..UNCOUNTED {
        first_line(folder)?;
    }
    let mut times = (0..starts).map(|_| first_line(folder)).collect::<Fallible<Vec<_>>>()?;
    times.sort_by(f64::total_cmp);
    let quantile = |share: f64| times[((starts - 1) as f64 * share).round() as usize];
    let [least, lower, median, upper, most] = [0.0, 0.25, 0.5, 0.75, 1.0].map(quantile);
    let verdict = if median <= WANTED { "" } else { "   above" };
    println!("{starts} starts, milliseconds to the first line of the result");
    println!("    {:<28}{median:>12.2}   (at most {WANTED}){verdict}", "median");
    println!("    {:<28}{lower:>12.2} to {upper:.2}", "quartiles");
    println!("    {:<28}{least:>12.2} to {most:.2}", "all");
    Ok(())
}

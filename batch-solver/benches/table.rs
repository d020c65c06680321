//! How fast tables are written and read: the last values of half a million runs, and their whole course.
//!
//! Megabytes are those of the file, the median of several rounds; files lie in the system's folder for temporary ones.
//! `cargo bench -p batch-solver --bench table -- [rounds]`, with `--features parquet` for that format too.

mod common;

use std::fs::File;
use std::time::Instant;

use batch_solver::table::{TableFormat, TableWriter};
use batch_solver::{Frame, Table};
use buffer_runtime::{CpuOptions, settings};

use common::{Fallible, median, rounds, sweep};

const ROUNDS: usize = 7;

fn measured(table: &Table<'_>, rounds: usize) -> Fallible<()> {
    let mut sink = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        let begin = Instant::now();
        let bytes = table.write_csv(std::io::sink())?;
        sink.push(bytes as f64 / begin.elapsed().as_secs_f64() / 1e6);
    }
    println!("    {:<28}{:>8.0} MB/s", "CSV to nowhere", median(sink));
    let folder = tempfile::tempdir()?;
    for name in ["table.csv", "table.npz", "table.parquet"] {
        let path = folder.path().join(name);
        let format = match TableFormat::from_path(&path) {
            Ok(format) => format,
            Err(error) => {
                println!("SKIPPED {error}");
                continue;
            }
        };
        let (mut written, mut read) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            let begin = Instant::now();
            let mut writer = TableWriter::new(format, File::create(&path)?).spool_in(folder.path());
            writer.push(table)?;
            writer.finish()?;
            let megabytes = path.metadata()?.len() as f64 / 1e6;
            written.push(megabytes / begin.elapsed().as_secs_f64());
            let begin = Instant::now();
            Frame::read(&path)?;
            read.push(megabytes / begin.elapsed().as_secs_f64());
        }
        println!("    {:<28}{:>8.0} MB/s written, {:.0} MB/s read", format.to_string(), median(written), median(read));
    }
    Ok(())
}

fn main() -> Fallible<()> {
    let rounds = rounds(ROUNDS);
    let mut solver =
        common::solver(&settings! { algorithm: "classical-rk4", precision: "f64", dt: 1e-2 }, CpuOptions::default())?;
    for (title, runs, save_every) in
        [("500,000 runs, the last values", 500_000, None), ("5,000 runs, 101 times", 5_000, Some(0.01))]
    {
        let saved = match save_every {
            Some(interval) => settings! { save_every: interval },
            None => settings! { save_every: "none", t_eval: "none" },
        };
        solver.update(&saved, buffer_runtime::Unknown::Error)?;
        let batch = sweep(runs);
        let solution = solver.solve(&batch, 0.0..1.0)?;
        println!("{title}, {} threads", std::thread::available_parallelism()?);
        measured(&Table::new(&batch, &solution)?, rounds)?;
    }
    Ok(())
}

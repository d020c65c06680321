//! The table, on the terminal and on a page.

use std::fmt::Write;

use crate::common::median;
use crate::contenders::NAMES;
use crate::{Outcome, Section};

/// Three digits, with commas between thousands.
fn grouped(value: f64) -> String {
    if !value.is_finite() || value <= 0.0 {
        return "-".to_owned();
    }
    let unit = 10.0_f64.powi(value.log10().floor() as i32 - 2);
    let rounded = (value / unit).round() * unit;
    if rounded < 100.0 {
        return if rounded < 10.0 { format!("{rounded:.2}") } else { format!("{rounded:.1}") };
    }
    let digits = format!("{rounded:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How many times as fast as a contender this library is: the median of the rounds.
fn times(ours: &Outcome, other: &Outcome, threads: usize) -> f64 {
    median(ours.speeds(threads).iter().zip(other.speeds(threads)).map(|(ours, other)| ours / other).collect())
}

/// A contender's row: name, tolerance, error, runs per second and ratios; of one that takes no part, dashes.
fn cells(section: &Section, name: &str) -> [String; 7] {
    let named = |name: &str| section.outcomes.iter().find(|outcome| outcome.contender == name);
    let dash = || "-".to_owned();
    let (Some(outcome), Some(ours)) = (named(name), section.outcomes.first()) else {
        return [name.to_owned(), dash(), dash(), dash(), dash(), dash(), dash()];
    };
    let [one, all] = [0, 1].map(|threads| grouped(median(outcome.speeds(threads))));
    let [over_one, over_all] = [0, 1].map(|threads| grouped(times(ours, outcome, threads)));
    let tolerance = outcome.tolerance.map_or_else(dash, |tolerance| format!("{tolerance:e}"));
    [name.to_owned(), tolerance, format!("{:.1e}", outcome.error), one, all, over_one, over_all]
}

pub(crate) fn print(section: &Section, cores: usize) {
    println!(
        "{}: runs per second with 1 and {cores} threads, how many times as fast this library is",
        section.problem.title
    );
    for outcome in &section.outcomes {
        let [name, tolerance, error, one, all, over_one, over_all] = cells(section, outcome.contender);
        println!("    {name:<24}{tolerance:>8}{error:>10}{one:>14}{all:>14}{over_one:>10}{over_all:>10}");
    }
}

/// The page; `machine` says what it was measured on.
pub(crate) fn page(sections: &[Section], machine: &str, (cores, rounds): (usize, usize)) -> String {
    let mut text = format!(
        "# Beside others\n\n\
         `benches/peers/run` builds what is installed, measures it and writes this page. {machine}.\n\n\
         ![runs against time](peers.svg)\n\n\
         The picture has the time of a batch against its runs, with one thread per core. The table has runs per second of the largest batch that takes no longer than a second, with one\n\
         thread and with one on each of {cores} cores, and how many times as many this library makes. Times are those on the wall from the range of a parameter to the final states, in double\n\
         precision; contenders take turns, and figures are medians of the rounds, {rounds} in all. What compiles has compiled before. A batch has up to 1,000 values of the parameter, and larger ones\n\
         repeat these: neighbours always differ, and Robertson's reaction is spared the values, eight in a million, with which `rodas4` at this tolerance leaves the positive, diverges and is reported as failed.\n\n\
         The Lorenz system is swept over rho from 0 to 21 until t = 1: with 1,000 steps of the classical Runge–Kutta method, and with steps that are chosen. Robertson's reaction, until t = 1e4, and HIRES,\n\
         until t = 321.8, are swept over a rate. This library and the loops by hand have the same method and tolerances: `tsit5` at 1e-6, `rodas4` at 1e-4 with 1e-8. Others take the\n\
         loosest relative tolerance, of six to a power of ten, at which their error is no larger, which is in the table: Odeint's `runge_kutta_dopri5` and, on stiff systems, `rosenbrock4`; diffsol's `tsit45` and `bdf`; CVODE's Adams\n\
         formulas and backward differentiation; SciPy's `RK45` and `LSODA`. Implicit ones have the exact Jacobian. Errors\n\
         are the largest of any final value, on stiff systems in units of 1e-8 + 1e-4 |value|: of 20 runs with SciPy, of 100 with diffsol and with Odeint on stiff systems, else of 1,000 or 10,000.\n\n\
         None of the others has threads of its own: C++ and Rust programs start them for each batch, and SciPy's are processes that wait for work. A dash is what was not measured: there is no such method, or its program was missing.\n\n\
         | problem | contender | tolerance | error | runs/s, 1 thread | runs/s, {cores} threads | this library is faster, 1 thread | {cores} threads |\n\
         |---|---|---|---|---|---|---|---|\n"
    );
    for section in sections {
        for (index, name) in NAMES.iter().enumerate() {
            let title = if index == 0 { section.problem.title } else { "" };
            // Writing to a string does not fail.
            let _ = writeln!(text, "| {title} | {} |", cells(section, name).join(" | "));
        }
    }
    text
}

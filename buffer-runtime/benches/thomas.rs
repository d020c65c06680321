//! The tridiagonal solver of the examples against the same formula written by hand with vector types, on one thread: medians of
//! interleaved runs, so that what else the machine does meets both alike. Only the ratios mean something.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use buffer_runtime::cache::CacheOptions;
use buffer_runtime::compiler::{HostCompiler, HostOptions, SharedObject};
use buffer_runtime::{
    Buffer, Buffers, CpuDevice, CpuOptions, Entry, Kernel, Plan, Precision, Real, Settings, Unknown, args, settings,
};

/// Unknowns; the C++ text has the same number.
const N: usize = 16;

/// Interleaved repetitions; each takes about a millisecond.
const REPETITIONS: usize = 201;

#[derive(Clone, Debug, Buffers)]
#[buffers(template = "thomas_solver")]
struct ThomasConfig {
    #[input]
    n: usize,
    #[buffer(len = n)]
    ratio: Buffer,
    #[buffer(len = n)]
    solution: Buffer,
    #[buffer(len = n, aliases = ratio)]
    residual: Buffer,
}

type ByHand = unsafe extern "C" fn(*const f64, *const f64, *const f64, *const f64, *mut f64, *mut f64, i64);

fn main() -> Result<(), Box<dyn Error>> {
    let options = CpuOptions { threads: Some(1), ..CpuOptions::default() };
    let device = CpuDevice::with_options(options, CacheOptions { disk: false, ..CacheOptions::default() })?;
    let local = kernel(&device, &Settings::new())?;
    let shared = kernel(&device, &settings! { ratio_location: "shared", solution_location: "shared" })?;

    let compiler = device.compiler();
    let folder = tempfile::tempdir()?;
    let object = by_hand(compiler, folder.path())?;
    // SAFETY: the C++ text next to this file defines the function with this signature.
    let by_hand = unsafe { *object.symbol::<ByHand>("thomas_by_hand")? };

    println!("{device}, median time by hand over median time (1 is as fast, more is faster)");
    println!("{:>8}  {:>14}  {:>6}  {:>6}", "systems", "by hand", "local", "shared");
    // The arrays fit the first-level cache, the second-level cache, the last-level cache, and none. No powers of two: the rows of a batch
    // would then share cache sets, and both texts would measure that.
    for runs in [40, 1000, 8200, 65_000] {
        let medians = measure(by_hand, [&local, &shared], runs)?;
        let ratio = |time: Duration| medians[0].as_secs_f64() / time.as_secs_f64();
        let rate = runs as f64 / medians[0].as_secs_f64() / 1e6;
        println!("{runs:>8}  {rate:>10.1} M/s  {:>6.2}  {:>6.2}", ratio(medians[1]), ratio(medians[2]));
    }
    Ok(())
}

fn kernel(device: &CpuDevice, settings: &Settings) -> Result<Kernel, Box<dyn Error>> {
    let mut plan = Plan::new(ThomasConfig::new(ThomasInputs { n: N })?, Precision::F64)?;
    plan.update(settings, Unknown::Error)?;
    let entry = Entry::new("thomas")
        .source("thomas.cuh", include_str!("../../examples/thomas.cuh"))
        .input::<Real>("lower", N)
        .input::<Real>("diagonal", N)
        .input::<Real>("upper", N)
        .input::<Real>("rhs", N)
        .output::<Real>("x", N)
        .output::<Real>("error", 1);
    Ok(device.compile(&plan, &entry)?)
}

/// Compiles the C++ text with the flags that kernels get.
fn by_hand(compiler: &HostCompiler, folder: &std::path::Path) -> Result<SharedObject, Box<dyn Error>> {
    let options = HostOptions {
        extra: vec![format!("-DBY_HAND_BYTES={}", compiler.target().vector_bytes())],
        ..HostOptions::default()
    };
    let out = folder.join("by_hand.so");
    compiler.compile_shared_object(include_str!("thomas_by_hand.cpp"), &options, &out)?;
    // SAFETY: compiled above from the text next to this file, which has no initialisers.
    Ok(unsafe { SharedObject::open(&out)? })
}

/// Medians of: by hand, the first kernel, the second. The results must be the same bits.
fn measure(by_hand: ByHand, kernels: [&Kernel; 2], runs: usize) -> Result<[Duration; 3], Box<dyn Error>> {
    let array = |low: f64, high: f64, seed: usize| -> Vec<f64> {
        // The golden ratio's multiples spread evenly.
        (0..N * runs).map(|i| low + (high - low) * ((i + seed) as f64 * 0.618_033_988_749_895).fract()).collect()
    };
    let (lower, diagonal, upper, rhs) =
        (array(-1.0, 1.0, 1), array(2.5, 3.5, 2), array(-1.0, 1.0, 3), array(-1.0, 1.0, 4));
    let mut results = vec![(vec![0.0; N * runs], vec![0.0; runs]); 3];
    let mut times: [Vec<Duration>; 3] = Default::default();
    let launches = (65_536 / runs / 8).max(1);
    for repetition in 0..REPETITIONS {
        // Each goes first, second and third equally often.
        for place in 0..3 {
            let which = (repetition + place) % 3;
            let (x, error) = &mut results[which];
            let start = Instant::now();
            let mut inside = Duration::ZERO;
            for _ in 0..launches {
                if which == 0 {
                    // SAFETY: the arrays have N rows of `runs` columns, `error` one, and `runs` is a multiple of every vector's lanes.
                    unsafe {
                        by_hand(
                            lower.as_ptr(),
                            diagonal.as_ptr(),
                            upper.as_ptr(),
                            rhs.as_ptr(),
                            x.as_mut_ptr(),
                            error.as_mut_ptr(),
                            runs as i64,
                        );
                    }
                    black_box(&x);
                } else {
                    let arguments = args! { lower, diagonal, upper, rhs, x: &mut *x, error: &mut *error };
                    inside += kernels[which - 1].launch(runs, arguments)?.elapsed();
                }
            }
            times[which].push(if which == 0 { start.elapsed() } else { inside });
        }
    }
    for kernel in 1..3 {
        let same = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits());
        if !same(&results[0].0, &results[kernel].0) || !same(&results[0].1, &results[kernel].1) {
            return Err("the kernel and the text by hand differ".into());
        }
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[REPETITIONS / 2] / launches as u32
    };
    Ok([median(&mut times[0]), median(&mut times[1]), median(&mut times[2])])
}

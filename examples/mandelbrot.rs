//! Escape counts of the Mandelbrot set, one point per thread or SIMD lane: loops that end at different times, counted in an integer buffer.
//!
//! `cargo run --release --example mandelbrot [-- COLUMNS]` writes a picture to `target/mandelbrot.svg`.

use std::error::Error;
use std::time::Duration;

use batch_solver::Frame;
use batch_solver::plot::ParameterMap;
use buffer_runtime::{Buffer, Buffers, Device, Entry, Kernel, Plan, Precision, Real, Unknown, args, settings};

/// Compile settings of the escape count.
#[derive(Clone, Debug, Buffers)]
#[buffers(template = "escape_count")]
pub struct MandelbrotConfig {
    /// Iterations after which a point counts as inside.
    #[setting(default = 256, range = 1..=1_000_000)]
    pub max_iterations: u32,
    /// The point, real and imaginary part.
    #[buffer(len = 2)]
    pub c: Buffer,
    /// The iterate, real and imaginary part.
    #[buffer(len = 2, zeroed)]
    pub z: Buffer,
    /// Iterations before |z| exceeded 2.
    #[buffer(len = 1, zeroed)]
    pub count: Buffer<i32>,
}

/// The part of the plane that is drawn: Re c from -2.1 to 0.7, Im c from -1.2 to 1.2.
const REAL: (f64, f64) = (-2.1, 0.7);
const IMAGINARY: (f64, f64) = (-1.2, 1.2);

/// Height of a character over its width.
const CHARACTER_ASPECT: f64 = 2.0;

/// From few iterations to many.
const SHADES: &[u8] = b" .:-=+*#%@";

fn main() -> Result<(), Box<dyn Error>> {
    let columns: usize = std::env::args().nth(1).map_or(Ok(96), |text| text.parse())?;
    let image = Image::new(columns.clamp(2, 4096));

    let entry = Entry::new("mandelbrot")
        .source("mandelbrot.cuh", include_str!("mandelbrot.cuh"))
        .input::<Real>("c_real", 1)
        .input::<Real>("c_imaginary", 1)
        .output::<i32>("count", 1)
        .output::<Real>("modulus", 1);
    let mut plan = Plan::new(MandelbrotConfig::new(MandelbrotInputs {})?, Precision::F64)?;
    let device = Device::best()?;
    println!("{} points in f64 on {device}\n", image.points());

    let local = image.count(&device.compile(&plan, &entry)?)?;
    plan.update(&settings! { z_location: "shared", count_location: "shared" }, Unknown::Error)?;
    let shared = image.count(&device.compile(&plan, &entry)?)?;

    let limit = plan.config().max_iterations;
    print!("{}", image.draw(&local.count, limit));
    println!("{}", local.summary(limit));
    std::fs::create_dir_all("target")?;
    std::fs::write("target/mandelbrot.svg", image.picture(&local.count)?)?;
    let same = local.same_bits(&shared);
    println!("results with and without shared memory are {}", if same { "bit-identical" } else { "different" });
    if same { Ok(()) } else { Err("the placement of a buffer changed a result".into()) }
}

/// Points of the plane, row by row from the top.
struct Image {
    columns: usize,
    c_real: Vec<f64>,
    c_imaginary: Vec<f64>,
}

/// What one launch found.
struct Counts {
    count: Vec<i32>,
    modulus: Vec<f64>,
    elapsed: Duration,
}

impl Image {
    fn new(columns: usize) -> Self {
        let step = (REAL.1 - REAL.0) / (columns - 1) as f64;
        let rows = ((IMAGINARY.1 - IMAGINARY.0) / (step * CHARACTER_ASPECT)) as usize + 1;
        let points = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        let (c_real, c_imaginary) = points
            .map(|(row, column)| (REAL.0 + column as f64 * step, IMAGINARY.1 - row as f64 * step * CHARACTER_ASPECT))
            .unzip();
        Self { columns, c_real, c_imaginary }
    }

    fn points(&self) -> usize {
        self.c_real.len()
    }

    fn count(&self, kernel: &Kernel) -> Result<Counts, Box<dyn Error>> {
        let Self { c_real, c_imaginary, .. } = self;
        let (mut count, mut modulus) = (vec![0; self.points()], vec![0.0; self.points()]);
        let arguments = args! { c_real, c_imaginary, count: &mut count, modulus: &mut modulus };
        let elapsed = kernel.launch(self.points(), arguments)?.elapsed();
        Ok(Counts { count, modulus, elapsed })
    }

    /// The image in colours.
    fn picture(&self, count: &[i32]) -> Result<String, Box<dyn Error>> {
        let logarithms = count.iter().map(|count| f64::from(count + 1).log10()).collect();
        let columns =
            [("Re c", self.c_real.clone()), ("Im c", self.c_imaginary.clone()), ("decades of iterations", logarithms)];
        Ok(ParameterMap::new(&Frame::new(columns)?.with_varied(2)).title("Mandelbrot set").to_svg()?)
    }

    /// The image in characters: the logarithm of the count chooses the shade.
    fn draw(&self, count: &[i32], limit: u32) -> String {
        let darkest = SHADES.len() - 1;
        let shade = |count: i32| {
            let level = f64::from(count).ln_1p() / f64::from(limit).ln_1p() * darkest as f64;
            char::from(SHADES[(level as usize).min(darkest)])
        };
        count.chunks(self.columns).flat_map(|row| row.iter().map(|count| shade(*count)).chain(['\n'])).collect()
    }
}

impl Counts {
    fn summary(&self, limit: u32) -> String {
        let inside = self.count.iter().filter(|count| count.unsigned_abs() == limit).count();
        let iterations: i64 = self.count.iter().map(|count| i64::from(*count)).sum();
        format!(
            "\n{inside} of {} points stay for {limit} iterations; {:.1} million iterations/s",
            self.count.len(),
            iterations as f64 / self.elapsed.as_secs_f64() / 1e6
        )
    }

    fn same_bits(&self, other: &Self) -> bool {
        let bits = |counts: &Self| counts.modulus.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
        self.count == other.count && bits(self) == bits(other)
    }
}

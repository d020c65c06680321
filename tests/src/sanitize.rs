//! A kernel under AddressSanitizer and UndefinedBehaviorSanitizer, as a program of its own: arrays of exact size, and results compared with
//! those of the ordinary build. A finding ends the program with its text.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use buffer_runtime::compiler::{HostCompiler, HostOptions, Optimisation, Sanitizer};
use buffer_runtime::entry::Role;
use buffer_runtime::{CpuOptions, Kernel};

use crate::kernels::{Batch, Failure};

const HARNESS: &str = include_str!("../device/sanitize_main.cpp");

/// How a kernel is built.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    /// Bytes of a vector, 0 for one lane; `None`: the widest.
    pub vector_bytes: Option<u32>,
    /// Vectors per pack.
    pub pack: u32,
}

/// The widest vectors, a pack of narrow ones, and one lane, which the sanitizers see most clearly.
pub const BUILDS: [Build; 3] = [
    Build { vector_bytes: None, pack: 1 },
    Build { vector_bytes: Some(16), pack: 2 },
    Build { vector_bytes: Some(0), pack: 1 },
];

impl Build {
    /// A device with kernels of this build, on one thread and quick to compile for.
    pub fn device_options(self) -> CpuOptions {
        CpuOptions {
            vector_bytes: self.vector_bytes,
            pack: Some(self.pack),
            threads: Some(1),
            optimisation: Optimisation::O1,
            ..CpuOptions::default()
        }
    }

    fn compiler_options(self, checks: Checks) -> HostOptions {
        HostOptions {
            optimisation: Optimisation::O1,
            vector_bytes: self.vector_bytes.filter(|bytes| *bytes != 0).map(|bytes| bytes as usize),
            extra: checks.flags(),
            ..HostOptions::default()
        }
    }
}

/// What the sanitizers look for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// All they can.
    All,
    /// What lets a compiler keep values in registers: not null references, alignment, sizes of objects known when compiling, and uses of local variables after their scope,
    /// each of which takes the address of every lane. A solver's kernel compiles in seconds, rather than in more than ten minutes.
    ForLargeKernels,
}

impl Checks {
    fn sanitizers(self) -> &'static [Sanitizer] {
        match self {
            Self::All => &[Sanitizer::Address, Sanitizer::Undefined],
            // The other is among the flags, which come first: exceptions have to follow it.
            Self::ForLargeKernels => &[Sanitizer::Address],
        }
    }

    fn flags(self) -> Vec<String> {
        const FOR_LARGE_KERNELS: [&str; 5] = [
            "-fsanitize=undefined",
            "-fno-sanitize=null,alignment,object-size",
            "-fno-sanitize-address-use-after-scope",
            // Lines are enough for a finding.
            "-fno-var-tracking",
            "-fno-schedule-insns",
        ];
        match self {
            Self::All => Vec::new(),
            Self::ForLargeKernels => FOR_LARGE_KERNELS.map(str::to_owned).into(),
        }
    }
}

/// A kernel's text, and what its program has to know of it.
#[derive(Clone, Debug)]
pub struct Program<'a> {
    /// The text.
    pub source: &'a str,
    /// Name of the entry.
    pub entry: &'a str,
    /// Bytes of shared memory of one lane.
    pub shared_bytes: usize,
    /// Statements that fill a `kernel_arguments arguments` ([`argument_statements`](crate::kernels::argument_statements)).
    pub arguments: &'a str,
    /// The build the text was generated for.
    pub build: Build,
    /// What to look for.
    pub checks: Checks,
}

/// The arrays before a launch, and after that of the ordinary build.
#[derive(Clone, Debug)]
pub struct Launch {
    /// Before.
    pub before: Batch,
    /// After.
    pub after: Batch,
}

impl Launch {
    /// Launches the ordinary build.
    ///
    /// # Errors
    /// As [`Kernel::launch`].
    pub fn ordinary(kernel: &Kernel, before: Batch) -> Result<Self, Failure> {
        Ok(Self { after: before.launched(kernel)?, before })
    }
}

/// Builds the program in a folder, runs all launches in it and returns what it says. All launches have arrays of as many rows.
///
/// # Errors
/// When the compiler refuses the text, a sanitizer finds something, or a result differs: the program's own words.
pub fn run(
    compiler: &HostCompiler,
    program: &Program<'_>,
    launches: &[Launch],
    folder: &Path,
) -> Result<String, Failure> {
    let rows = |launch: &Launch| launch.before.arrays.iter().map(|array| array.rows).collect::<Vec<_>>();
    let first = launches.first().ok_or("there are no launches")?;
    if launches.iter().any(|launch| rows(launch) != rows(first)) {
        return Err("the arrays of all launches must have as many rows".into());
    }
    let mut bytes = Vec::new();
    for Launch { before, after } in launches {
        bytes.extend((before.runs as i64).to_le_bytes());
        before.write(&mut bytes)?;
        after.write(&mut bytes)?;
    }
    let (file, executable) = (folder.join("launches.bin"), folder.join("program"));
    fs::write(&file, bytes)?;

    let mut source = program.source.to_owned();
    writeln!(source, "#define HARNESS_ENTRY {}", program.entry)?;
    writeln!(source, "#define HARNESS_SHARED_BYTES {}", program.shared_bytes)?;
    writeln!(source, "#define HARNESS_ARGUMENTS {}", program.arguments.replace('\n', " "))?;
    write!(source, "#define HARNESS_ARRAYS")?;
    for array in &first.before.arrays {
        let element = array.values.element().cpp_name();
        write!(source, " ARRAY({element}, {}, {})", array.rows, array.role == Role::Broadcast)?;
    }
    write!(source, "\n#line 1 \"sanitize_main.cpp\"\n{HARNESS}")?;

    let options = program.build.compiler_options(program.checks);
    compiler.compile_executable(&source, &options, program.checks.sanitizers(), &executable)?;
    let output = execute(&executable, &[&file])?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(format!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// Runs programs that each sanitizer must stop: else silence means nothing.
///
/// # Errors
/// When one of them ends without a finding.
pub fn check_that_findings_are_found(compiler: &HostCompiler, folder: &Path, checks: Checks) -> Result<(), Failure> {
    const OVERRUN: &str = "#include <cstdlib>
        int main(int count, char**) { volatile char* p = static_cast<char*>(std::malloc(1)); p[count] = 1; return 0; }";
    const OVERFLOW: &str = "int main(int count, char**) { volatile int most = 2147483647; return most + count == 0; }";
    let options = Build { vector_bytes: None, pack: 1 }.compiler_options(checks);
    // Where both sanitizers know the size of an object, the one for undefined behaviour is first to say so.
    let overrun: &[&str] = &["heap-buffer-overflow", "insufficient space for an object"];
    for (source, findings) in [(OVERRUN, overrun), (OVERFLOW, &["signed integer overflow"])] {
        let program = folder.join("finding");
        compiler.compile_executable(source, &options, checks.sanitizers(), &program)?;
        let output = execute(&program, &[])?;
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.success() || !findings.iter().any(|finding| said.contains(finding)) {
            let hint = "is the compiler's run-time library installed?";
            return Err(format!("a {} is not reported with {checks:?}; {hint}", findings[0]).into());
        }
    }
    Ok(())
}

fn execute(program: &Path, arguments: &[&Path]) -> Result<Output, Failure> {
    let with = |name: &str, option: &str| match std::env::var(name) {
        Ok(options) if !options.is_empty() => format!("{options}:{option}"),
        _ => option.to_owned(),
    };
    // Leaks end with the program, and the leak checker does not work where the process may not be traced (containers).
    let output = Command::new(program)
        .args(arguments)
        .env("ASAN_OPTIONS", with("ASAN_OPTIONS", "detect_leaks=0"))
        .env("UBSAN_OPTIONS", with("UBSAN_OPTIONS", "print_stacktrace=1"))
        .output()?;
    Ok(output)
}

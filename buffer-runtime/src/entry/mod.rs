//! Entries: what a kernel is called, which device source it needs, and the arrays it takes.
//!
//! Batch arrays are component × run with the run index fastest: element `(row, run)` of an array with `rows` components over `runs` runs is `data[row * runs + run]`.

mod argument;
mod error;

use crate::element::{Element, ElementSpec};

pub use argument::{Argument, Arguments, ArrayElement};
pub use error::LaunchError;

/// How an entry uses one of its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Read: component × run.
    Input,
    /// Written: component × run.
    Output,
    /// Read and written: component × run.
    InOut,
    /// Read, the same for all runs: one component after the other.
    Broadcast,
}

/// One typed argument of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Parameter {
    /// Name in [`args!`](crate::args!) and in device source.
    pub name: String,
    /// How it is used.
    pub role: Role,
    /// Element type.
    pub element: ElementSpec,
    /// Components per run (per array for [`Role::Broadcast`]).
    pub rows: usize,
    /// Whether [`Kernel::set_rows`](crate::Kernel::set_rows) may change the number of components.
    pub rows_vary: bool,
}

/// A piece of device source: hand-written `.cuh` or generated text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// File name shown in compiler messages.
    pub name: String,
    /// The text; it is compiled inside `namespace lanes`.
    pub text: String,
    /// Line of the file the text begins at, from 1.
    pub line: u32,
}

/// A kernel to be: its name, sources and arguments.
///
/// The kernel runs the static member function `run` (or the one named by [`calls`](Self::calls)) of the plan's root template, once per run:
///
/// ```cpp
/// template <class Buffers>
/// struct scale {
///     BR_DEVICE static void run(const frame& f, typename Buffers::state_type& s,
///                               const input_array<scalar>& x, const output_array<scalar>& y) {
///         Buffers b(f, s);
///         b.doubled[0] = x[0] + x[0];
///         y[0] = b.doubled[0];
///     }
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    pub(crate) name: String,
    pub(crate) function: String,
    pub(crate) sources: Vec<Source>,
    pub(crate) types: Vec<String>,
    pub(crate) parameters: Vec<Parameter>,
    pub(crate) pack: Option<u32>,
    pub(crate) refill: bool,
    pub(crate) calls_functions: bool,
}

impl Entry {
    /// An entry whose kernel has this name, a C++ identifier.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            function: "run".to_owned(),
            sources: Vec::new(),
            types: Vec::new(),
            parameters: Vec::new(),
            pack: None,
            refill: false,
            calls_functions: false,
        }
    }

    /// The kernel's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Calls another static member function of the root template than `run`.
    #[must_use]
    pub fn calls(mut self, function: impl Into<String>) -> Self {
        self.function = function.into();
        self
    }

    /// Adds device source; compiler messages show it under this file name.
    #[must_use]
    pub fn source(self, name: impl Into<String>, text: impl Into<String>) -> Self {
        self.source_at(name, 1, text)
    }

    /// Adds device source written in a Rust file, whose first line is `line` of that file ([`device_source!`](crate::device_source!) fills both in).
    #[must_use]
    pub fn source_at(mut self, name: impl Into<String>, line: u32, text: impl Into<String>) -> Self {
        self.sources.push(Source { name: name.into(), text: text.into(), line });
        self
    }

    /// A type every factory template takes first, before its children and buffers: the equations, for instance.
    #[must_use]
    pub fn type_argument(mut self, name: impl Into<String>) -> Self {
        self.types.push(name.into());
        self
    }

    /// Native vectors per pack (1 to 4) that suit this kernel on the CPU, unless the device's options say otherwise. Several hide the latency of a small
    /// kernel; a large one spills. Results do not depend on it.
    #[must_use]
    pub fn packs_of(mut self, vectors: u32) -> Self {
        self.pack = Some(vectors.clamp(1, 4));
        self
    }

    /// Lets lanes take several runs: the kernel's function is called once for a range of runs, and takes them from a `run_supply` of its frame. A lane that
    /// is done early then goes on with another run instead of waiting for its neighbours. Such a kernel reads and writes batch arrays by the numbers of the runs its
    /// lanes have, with `gather` and `scatter`.
    #[must_use]
    pub fn refill_lanes(mut self, refill: bool) -> Self {
        self.refill = refill;
        self
    }

    /// Elementary functions (exp, sin, pow …) are called instead of inlined: shorter code, and less to compile, for kernels with many of them. Results are the same.
    #[must_use]
    pub fn call_functions(mut self, call: bool) -> Self {
        self.calls_functions = call;
        self
    }

    pub(crate) fn preferred_pack(&self) -> Option<u32> {
        self.pack
    }

    /// An array the kernel reads: `rows` components per run.
    #[must_use]
    pub fn input<T: Element>(self, name: impl Into<String>, rows: usize) -> Self {
        self.parameter::<T>(name, Role::Input, rows)
    }

    /// An array the kernel writes: `rows` components per run.
    #[must_use]
    pub fn output<T: Element>(self, name: impl Into<String>, rows: usize) -> Self {
        self.parameter::<T>(name, Role::Output, rows)
    }

    /// An array the kernel reads and writes: `rows` components per run.
    #[must_use]
    pub fn inout<T: Element>(self, name: impl Into<String>, rows: usize) -> Self {
        self.parameter::<T>(name, Role::InOut, rows)
    }

    /// An array of `length` values, the same for all runs.
    #[must_use]
    pub fn broadcast<T: Element>(self, name: impl Into<String>, length: usize) -> Self {
        self.parameter::<T>(name, Role::Broadcast, length)
    }

    /// Lets the array declared last have another number of components at each launch ([`Kernel::set_rows`](crate::Kernel::set_rows)). The device source must not rely on
    /// the number declared: it takes the length from elsewhere, from another array for instance, and touches nothing beyond it.
    #[must_use]
    pub fn rows_vary(mut self) -> Self {
        if let Some(parameter) = self.parameters.last_mut() {
            parameter.rows_vary = true;
        }
        self
    }

    /// The arguments in order.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    fn parameter<T: Element>(mut self, name: impl Into<String>, role: Role, rows: usize) -> Self {
        self.parameters.push(Parameter { name: name.into(), role, element: T::SPEC, rows, rows_vary: false });
        self
    }
}

/// Device source in a Rust string, with the file and line the string begins at, for [`Entry::source_at`].
///
/// ```
/// use buffer_runtime::{Entry, device_source};
/// let (file, line, text) = device_source!("struct nothing {};");
/// let entry = Entry::new("nothing").source_at(file, line, text);
/// # assert_eq!(entry.name(), "nothing");
/// ```
#[macro_export]
macro_rules! device_source {
    ($text:expr $(,)?) => {
        (::core::file!(), ::core::line!(), $text)
    };
}

/// Names the arrays of a launch: `args! { lower, rhs, x: &mut x }`. A bare name is an input passed by reference.
#[macro_export]
macro_rules! args {
    (@push $list:ident) => {};
    (@push $list:ident $name:ident : $value:expr $(, $($rest:tt)*)?) => {
        $list.push(::core::stringify!($name), $value);
        $($crate::args!(@push $list $($rest)*);)?
    };
    (@push $list:ident $name:ident $(, $($rest:tt)*)?) => {
        $list.push(::core::stringify!($name), &$name);
        $($crate::args!(@push $list $($rest)*);)?
    };
    ($($body:tt)*) => {{
        #[allow(unused_mut, reason = "a kernel may take no arrays")]
        let mut list = $crate::Arguments::new();
        $crate::args!(@push list $($body)*);
        list
    }};
}

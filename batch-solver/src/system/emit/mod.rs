//! Device code for a system.
//!
//! One struct per system with functions for its right-hand sides, observables and, if wanted, derivatives, each
//! straight-line code in the vocabulary of the device prelude: `real`,
//! `mask`, `scalar`, `fma`, `select` and the elementary functions. Every operation is one statement; nothing is left
//! for a compiler to fuse or to promote. The same system and options give the same text, byte for byte.

mod function;
mod names;
#[cfg(test)]
mod tests;

use super::System;
use super::program::OperationCounts;

use function::{Function, ResultArray};

/// How a system is lowered to operations.
///
/// Each option may change the last bits of results, because it changes which operations are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EmitOptions {
    /// Write constants as literals and fold what depends on nothing else; changing a constant then changes the code.
    pub bake_constants: bool,
    /// Fuse a product with the sum that uses it, where no one else does.
    pub fuse: bool,
    /// Emit also `linearise`, the right-hand sides with their derivatives by the states and the time.
    pub linearisation: bool,
    /// Emit also `jacobian_vector`, the product of the Jacobian with a vector.
    pub jacobian_vector: bool,
    /// Emit also `jacobian_diagonal`, the derivative of each state's right-hand side by that state.
    pub jacobian_diagonal: bool,
    /// Let functions be called instead of inlined, and divide large ones: much less to compile for large systems.
    pub outline: bool,
}

impl Default for EmitOptions {
    /// Constants as arguments, products fused.
    fn default() -> Self {
        Self {
            bake_constants: false,
            fuse: true,
            linearisation: false,
            jacobian_vector: false,
            jacobian_diagonal: false,
            outline: false,
        }
    }
}

/// A system as C++.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EmittedSystem {
    /// The definition of `struct NAME_system`:
    ///
    /// ```cpp
    /// struct lorenz_system {
    ///     static constexpr int states = 3, parameters = 1, constants = 2, observables = 0;
    ///     template <class Y, class P, class C, class D>
    ///     BR_DEVICE static void rhs(const real& t, const Y& y, const P& p, const C& c, D& dydt);
    ///     template <class Y, class P, class C, class O>
    ///     BR_DEVICE static void observables_of(const real& t, const Y& y, const P& p, const C& c, O& out);
    /// };
    /// ```
    ///
    /// `y`, `p` and `c` are indexed like arrays; `y[i]` and `p[i]` convert to `real`, `c[i]` to `scalar` or `real`. Each
    /// is read once, where it is first needed, so the results must not overlap the inputs.
    ///
    /// A system with drivers has their number as `drivers` besides, and functions that need them begin with
    /// `const auto& d = c.drivers_at(t);`, where `d[i]` converts to `real`.
    ///
    /// With [`EmitOptions::linearisation`] there are besides
    ///
    /// ```cpp
    ///     static constexpr bool autonomous = true;
    ///     static constexpr int jacobian_nonzeros = 7;
    ///     template <class Y, class P, class C, class D, class J, class T>
    ///     BR_DEVICE static void linearise(const real& t, const Y& y, const P& p, const C& c, D& dydt, J& jacobian, T& dfdt);
    /// ```
    ///
    /// where `jacobian[k]` is entry `k` of [`System::jacobian_sparsity`], and `dfdt[i]` is written unless the system is
    /// autonomous. It begins with `const auto& r = c.driver_rates_at(t);` where it needs the time derivatives of
    /// drivers. With [`EmitOptions::jacobian_vector`] there is the product of the Jacobian with `v`:
    ///
    /// ```cpp
    ///     template <class Y, class P, class C, class V, class R>
    ///     BR_DEVICE static void jacobian_vector(const real& t, const Y& y, const P& p, const C& c, const V& v, R& result);
    /// ```
    ///
    /// With [`EmitOptions::jacobian_diagonal`] there is its diagonal, `result[i]` the derivative of `dydt[i]` by `y[i]`:
    ///
    /// ```cpp
    ///     template <class Y, class P, class C, class R>
    ///     BR_DEVICE static void jacobian_diagonal(const real& t, const Y& y, const P& p, const C& c, R& result);
    /// ```
    ///
    /// With [`EmitOptions::outline`] functions other than `observables_of` are `BR_NOINLINE`; a large one consists of
    /// several, `rhs_1`, `rhs_2`, …, which it calls with an array for the values that go from one to another.
    pub text: String,
    /// Name of the struct.
    pub struct_name: String,
    /// Statements that compute something, in `rhs` and `observables_of`.
    pub statements: usize,
    /// Statements that compute something, in `linearise`; 0 without it.
    pub linearisation_statements: usize,
    /// Statements that compute something, in `jacobian_vector`; 0 without it.
    pub jacobian_vector_statements: usize,
    /// Statements that compute something, in `jacobian_diagonal`; 0 without it.
    pub jacobian_diagonal_statements: usize,
    /// Operations per evaluation, of `rhs` and `observables_of` together.
    pub operations: OperationCounts,
}

pub(super) fn emit(system: &System, options: EmitOptions) -> EmittedSystem {
    let rhs = rhs(system, options);
    let observables = observables(system, options);
    let linearise = options.linearisation.then(|| linearise(system, options));
    let jacobian_vector = options.jacobian_vector.then(|| jacobian_vector(system, options));
    let jacobian_diagonal = options.jacobian_diagonal.then(|| jacobian_diagonal(system, options));
    let struct_name = format!("{}_system", system.name());
    let statements =
        |function: &Option<Function>| function.as_ref().map_or(0, |function| function.program.statements());
    let operations = rhs.program.counts() + observables.program.counts();
    EmittedSystem {
        statements: operations.total(),
        linearisation_statements: statements(&linearise),
        jacobian_vector_statements: statements(&jacobian_vector),
        jacobian_diagonal_statements: statements(&jacobian_diagonal),
        operations,
        text: text(
            system,
            &struct_name,
            &[Some(rhs), Some(observables), linearise, jacobian_vector, jacobian_diagonal],
            options,
        ),
        struct_name,
    }
}

fn rhs(system: &System, options: EmitOptions) -> Function {
    let results = vec![derivatives(system)];
    Function::new("rhs", system.derivative_program(options), results, options.outline)
}

fn observables(system: &System, options: EmitOptions) -> Function {
    let labels = system.observables().map(str::to_owned).collect();
    let results = vec![ResultArray { type_name: "O", name: "out", labels }];
    Function::new("observables_of", system.observable_program(options), results, false)
}

fn linearise(system: &System, options: EmitOptions) -> Function {
    let name = |state: usize| system.states().get(state).map_or("", |state| state.name.as_str());
    let entry = |(row, column)| format!("d(d{}/dt)/d{}", name(row), name(column));
    let by_time = |state| format!("d(d{}/dt)/dt", name(state));
    let times = if system.is_autonomous() { 0 } else { system.states().len() };
    let jacobian = system.jacobian_sparsity().positions().map(entry).collect();
    let results = vec![
        derivatives(system),
        ResultArray { type_name: "J", name: "jacobian", labels: jacobian },
        ResultArray { type_name: "T", name: "dfdt", labels: (0..times).map(by_time).collect() },
    ];
    Function::new("linearise", system.linearisation_program(options), results, options.outline)
}

fn jacobian_vector(system: &System, options: EmitOptions) -> Function {
    let labels = system.states().iter().map(|state| format!("(J v) of {}", state.name)).collect();
    let results = vec![ResultArray { type_name: "R", name: "result", labels }];
    let program = system.jacobian_vector_program(options);
    Function::new("jacobian_vector", program, results, options.outline).of_direction()
}

fn jacobian_diagonal(system: &System, options: EmitOptions) -> Function {
    let label = |name: &String| format!("d(d{name}/dt)/d{name}");
    let labels = system.states().iter().map(|state| label(&state.name)).collect();
    let results = vec![ResultArray { type_name: "R", name: "result", labels }];
    Function::new("jacobian_diagonal", system.jacobian_diagonal_program(options), results, options.outline)
}

fn derivatives(system: &System) -> ResultArray {
    let labels = system.states().iter().map(|state| format!("d{}/dt", state.name)).collect();
    ResultArray { type_name: "D", name: "dydt", labels }
}

/// The definition of a system's struct.
fn text(system: &System, struct_name: &str, functions: &[Option<Function>], options: EmitOptions) -> String {
    let (states, parameters) = (system.states().len(), system.parameters().len());
    let (constants, observed) = (system.constants().len(), system.observables().len());
    let drivers = match system.drivers().len() {
        0 => String::new(),
        count => format!("    static constexpr int drivers = {count};\n"),
    };
    let linearisation = if options.linearisation {
        format!(
            "    static constexpr bool autonomous = {};\n    static constexpr int jacobian_nonzeros = {};\n",
            system.is_autonomous(),
            system.jacobian_sparsity().nonzeros()
        )
    } else {
        String::new()
    };
    let functions: Vec<String> = functions.iter().flatten().map(Function::to_string).collect();
    format!(
        "struct {struct_name} {{\n    \
         static constexpr int states = {states}, parameters = {parameters}, constants = {constants}, \
         observables = {observed};\n{drivers}{linearisation}\n\
         {}}};\n",
        functions.join("\n")
    )
}

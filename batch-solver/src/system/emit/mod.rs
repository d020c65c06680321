//! Device code for a system.
//!
//! One struct per system with two functions, each straight-line code in the vocabulary of the device prelude: `real`,
//! `mask`, `scalar`, `fma`, `select` and the elementary functions. Every operation is one statement; nothing is left
//! for a compiler to fuse or to promote. The same system and options give the same text, byte for byte.

#[cfg(test)]
mod tests;
mod text;

use super::System;
use super::program::{OperationCounts, Program};

/// How a system is lowered to operations.
///
/// Each option may change the last bits of results, because it changes which operations are rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EmitOptions {
    /// Write constants as literals and fold what depends on nothing else; changing a constant then changes the code.
    pub bake_constants: bool,
    /// Fuse a product with the sum that uses it, where no one else does.
    pub fuse: bool,
}

impl Default for EmitOptions {
    /// Constants as arguments, products fused.
    fn default() -> Self {
        Self { bake_constants: false, fuse: true }
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
    pub text: String,
    /// Name of the struct.
    pub struct_name: String,
    /// Statements that compute something, in both functions.
    pub statements: usize,
    /// Operations per evaluation, of both functions together.
    pub operations: OperationCounts,
}

pub(super) fn emit(system: &System, options: EmitOptions) -> EmittedSystem {
    let rhs = system.derivative_program(options);
    let observables = system.observable_program(options);
    let struct_name = format!("{}_system", system.name());
    EmittedSystem {
        text: text::system(system, &struct_name, &rhs, &observables),
        struct_name,
        statements: rhs.statements() + observables.statements(),
        operations: Program::counts(&rhs) + Program::counts(&observables),
    }
}

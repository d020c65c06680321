use std::fmt;
use std::sync::{Arc, OnceLock};

use super::code::LuCode;
use super::symbolic::SparseLu;
use crate::system::{EmitOptions, Sparsity, System};

/// What methods know of a system before there are values: its size as code, and the pattern of its Jacobian.
///
/// Each is found when it is first asked for; clones share what was found.
#[derive(Clone)]
pub struct SystemStructure(Arc<Found>);

struct Found {
    system: System,
    sparsity: OnceLock<Sparsity>,
    lu: OnceLock<Arc<SparseLu>>,
    explicit_statements: OnceLock<usize>,
    linearisation_statements: OnceLock<usize>,
}

impl SystemStructure {
    /// The structure of a system.
    pub fn of(system: &System) -> Self {
        Self(Arc::new(Found {
            system: system.clone(),
            sparsity: OnceLock::new(),
            lu: OnceLock::new(),
            explicit_statements: OnceLock::new(),
            linearisation_statements: OnceLock::new(),
        }))
    }

    /// The system.
    pub fn system(&self) -> &System {
        &self.0.system
    }

    /// State variables.
    pub fn n(&self) -> usize {
        self.0.system.states().len()
    }

    /// The pattern of the Jacobian.
    pub fn sparsity(&self) -> &Sparsity {
        self.0.sparsity.get_or_init(|| self.0.system.jacobian_sparsity())
    }

    /// Whether neither time nor a driver is in the equations.
    pub fn is_autonomous(&self) -> bool {
        self.0.system.is_autonomous()
    }

    /// The factorisation of `β·I − α·J`.
    pub fn lu(&self) -> Arc<SparseLu> {
        Arc::clone(self.0.lu.get_or_init(|| Arc::new(SparseLu::new(self.sparsity()))))
    }

    /// The same as code.
    pub fn lu_code(&self, inlined: bool) -> LuCode {
        LuCode { structure: self.lu(), inlined }
    }

    /// Statements of the right-hand side.
    pub fn explicit_statements(&self) -> usize {
        let count = || self.0.system.derivative_program(EmitOptions::default()).statements();
        *self.0.explicit_statements.get_or_init(count)
    }

    /// Statements of the right-hand side, its linearisation, and the factorisation and solution of linear systems.
    pub fn implicit_statements(&self) -> usize {
        let count = || self.0.system.linearisation_program(EmitOptions::default()).statements();
        let linearisation = *self.0.linearisation_statements.get_or_init(count);
        self.explicit_statements() + linearisation + self.lu().statements()
    }
}

impl fmt::Debug for SystemStructure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SystemStructure").field(&self.0.system.name()).finish()
    }
}

//! Models: a system with its default settings, in a TOML file.
//!
//! ```toml
//! name = "decay"
//! description = "Exponential decay"
//! equations = """
//! dx = -k*x
//! activity = k*x
//! """
//! observables = ["activity"]   # recorded beside the states
//!
//! [states]       # with their initial values, in this order
//! x = 1.0
//!
//! [parameters]   # each run has its own value; these are the defaults
//! k = 0.5
//!
//! [constants]    # one value for all runs
//!
//! [drivers]      # functions of time, given as samples
//!
//! [settings]     # of the solver
//! algorithm = "classical-rk4"
//! dt = 1e-2
//! ```
//!
//! `equations` is a text in the language of [`crate::system`] or a list of such texts; `description`, `observables`, `parameters`, `constants`, `drivers` and
//! `settings` may be left out.
//!
//! # Drivers
//!
//! ```toml
//! [drivers]
//! period = 0.5                 # time between samples; the first is at `t0`, 0 by default
//! wind = [0.0, 1.0, 4.0, 9.0]
//! file = "weather.csv"         # relative to the model: each column is a driver
//! columns = ["sun"]            # those to use; without it, all
//! boundary = "clamped"         # or "not-a-knot", "periodic", "natural"
//! slopes = { wind = [0.0, 6.0] }   # of clamped drivers, at both ends; [0.0, 6.0] for all, zero by default
//! order = 3                    # cubic splines; 1: straight lines
//! wrap = false                 # repeat for all times; else drivers are zero outside of the samples
//! ```
//!
//! Instead of `period` and `t0`, `time = [0.0, 0.5, 1.0, 1.5]` or a column `time` of the file may list the times, and there is no `period` then.
//! Every other key with a list is a driver, which equations use by its name; drivers called like a key are possible in a file only.

mod drivers;
mod error;
mod locate;
mod place;
mod read;
mod samples;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use buffer_runtime::{Settings, Unknown};

use crate::drivers::Drivers;
use crate::integrate::{LoopConfig, LoopInputs};
use crate::linear::SystemStructure;
use crate::system::System;

pub use error::{ModelError, ModelFault, ModelProblem};
pub use place::Place;
pub use samples::SamplesError;

/// A system with its default settings.
#[derive(Clone, Debug)]
pub struct Model {
    description: Option<String>,
    system: System,
    drivers: Option<Drivers>,
    sample_file: Option<PathBuf>,
    settings: Settings,
    text: String,
}

/// Models that say the same are equal, however they say it and wherever their samples came from.
impl PartialEq for Model {
    fn eq(&self, other: &Self) -> bool {
        let Self { description, system, drivers, sample_file: _, settings, text: _ } = self;
        (description, system, drivers, settings) == (&other.description, &other.system, &other.drivers, &other.settings)
    }
}

impl Model {
    /// Reads a model file.
    ///
    /// # Errors
    /// When the file cannot be read, and as [`parse`](Self::parse).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, ModelError> {
        let path = path.as_ref();
        let file = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse_in(&text, &file, path.parent().unwrap_or(Path::new(""))),
            Err(source) => Err(ModelError::Read { file, source }),
        }
    }

    /// Reads a model from text; messages call it `file`, and samples are read from files beside it.
    ///
    /// ```
    /// use batch_solver::Model;
    ///
    /// let text = "name = 'decay'\nequations = 'dx = -k*x'\nstates = { x = 1 }\nparameters = { k = 0.5 }\nsettings.dt = 0.01";
    /// let model = Model::parse(text, "decay.toml")?;
    /// assert_eq!(model.system().evaluate(0.0, &[2.0], &[0.5], &[])?, [-1.0]);
    ///
    /// let error = Model::parse(&text.replace("k*x", "q*x"), "decay.toml").unwrap_err().to_string();
    /// assert!(error.starts_with("decay.toml:2:20: `q` is not defined"), "{error}");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ModelError::Invalid`] with everything that could be found wrong, each problem with line and column: text that is no TOML, unknown and missing keys, values of
    /// the wrong type, drivers that cannot be interpolated; where there is none of these, errors of the equations; where there is none either, errors of the settings.
    pub fn parse(text: &str, file: &str) -> Result<Self, ModelError> {
        Self::parse_in(text, file, Path::new(file).parent().unwrap_or(Path::new("")))
    }

    fn parse_in(text: &str, file: &str, folder: &Path) -> Result<Self, ModelError> {
        let invalid = |mut problems: Vec<ModelProblem>| {
            problems.sort_by_key(|problem| (problem.place.line, problem.place.column));
            ModelError::Invalid { problems }
        };
        let document = read::Document::read(text, file, folder).map_err(invalid)?;
        let system = document.builder.build().map_err(|errors| invalid(document.system_problems(&errors)))?;
        LoopConfig::new(LoopInputs::of(&SystemStructure::of(&system), false))
            .and_then(|mut config| config.update(&document.settings, Unknown::Error))
            .map_err(|error| invalid(document.setting_problems(&error)))?;
        let read::Document { description, drivers, sample_file, settings, .. } = document;
        Ok(Self { description, system, drivers, sample_file, settings, text: text.to_owned() })
    }

    /// The name of the system.
    pub fn name(&self) -> &str {
        self.system.name()
    }

    /// The text the model was read from.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the model is about.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// The system.
    pub fn system(&self) -> &System {
        &self.system
    }

    /// The samples of the system's drivers, in its order; none if it has no drivers.
    pub fn drivers(&self) -> Option<&Drivers> {
        self.drivers.as_ref()
    }

    /// The file that samples of drivers were read from, if the model names one.
    pub fn sample_file(&self) -> Option<&Path> {
        self.sample_file.as_deref()
    }

    /// The settings the model asks for; they are valid ones of [`Solver::update`](crate::Solver::update).
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

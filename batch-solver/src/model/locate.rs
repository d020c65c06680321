//! Where in the file an error of the equations or the settings is.

use std::ops::Range;

use buffer_runtime::ConfigError;

use super::error::{ModelFault, ModelProblem};
use super::place::Place;
use super::read::{Declared, Document, Section};
use crate::system::{Location, NameKind, SystemError, SystemErrors};

/// The place an error carries, if it does.
pub(super) fn location(error: &SystemError) -> Option<&Location> {
    match error {
        SystemError::Syntax { location, .. }
        | SystemError::UnclosedParenthesis { location }
        | SystemError::NumberOutOfRange { location, .. }
        | SystemError::NestedTooDeeply { location, .. }
        | SystemError::TooLarge { location, .. }
        | SystemError::UnknownName { location, .. }
        | SystemError::UnknownFunction { location, .. }
        | SystemError::WrongArgumentCount { location, .. }
        | SystemError::ConditionExpected { location, .. }
        | SystemError::NumberExpected { location, .. }
        | SystemError::EquationForUnknownState { location, .. }
        | SystemError::UnusedAuxiliary { location, .. }
        | SystemError::DuplicateEquation { location, .. }
        | SystemError::Cycle { location, .. } => Some(location),
        SystemError::DuplicateName { location, .. } | SystemError::InvalidName { location, .. } => location.as_ref(),
        _ => None,
    }
}

/// The text with as many lines and columns before it as in the file, so that places in it are places in the file.
pub(super) fn in_place(file: &str, span: &Range<usize>, value: &str) -> String {
    let raw = file.get(span.clone()).unwrap_or_default();
    let delimiter = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|delimiter| raw.starts_with(delimiter));
    let mut start = span.start + delimiter.map_or(0, str::len);
    if delimiter.is_some_and(|delimiter| delimiter.len() == 3) {
        // A newline right after the opening quotes is no part of the value.
        let rest = file.get(start..).unwrap_or_default();
        start += if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    }
    let before = file.get(..start).unwrap_or(file);
    let column = before.chars().rev().take_while(|c| *c != '\n').count();
    "\n".repeat(before.matches('\n').count()) + &" ".repeat(column) + value
}

impl Document<'_> {
    /// The errors of a system, each at its place.
    pub(super) fn system_problems(&self, errors: &SystemErrors) -> Vec<ModelProblem> {
        errors
            .iter()
            .map(|error| ModelProblem { place: self.system_place(error), fault: ModelFault::System(error.clone()) })
            .collect()
    }

    fn system_place(&self, error: &SystemError) -> Place {
        if let Some(Location::Text { line, column, width, source_line }) = location(error) {
            // The line of the file, unless escape sequences make the equations' line another text.
            let written = self.text.lines().nth(line - 1).filter(|written| written.contains(source_line.trim()));
            return Place {
                file: self.file.to_owned(),
                line: *line,
                column: *column,
                width: *width,
                source_line: written.unwrap_or(source_line).to_owned(),
            };
        }
        let declared = match error {
            SystemError::MissingEquation { state } => self.declared(NameKind::State, state),
            SystemError::Unused { kind, name }
            | SystemError::InvalidName { kind, name, .. }
            | SystemError::NonFiniteValue { kind, name, .. }
            | SystemError::DuplicateName { second: kind, name, .. } => self.declared(*kind, name),
            SystemError::UndefinedObservable { name, .. } => self.declared(NameKind::Observable, name),
            _ => None,
        };
        self.place(declared.map_or_else(|| self.section(Section::Equations), |declared| declared.span.clone()))
    }

    fn declared(&self, kind: NameKind, name: &str) -> Option<&Declared> {
        self.declared.iter().rev().find(|declared| declared.kind == kind && declared.name == name)
    }

    /// A refused update of settings, each key at its place.
    pub(super) fn setting_problems(&self, error: &ConfigError) -> Vec<ModelProblem> {
        let problem = |key: Option<&str>, error: ConfigError| {
            let span = key.and_then(|key| self.setting_spans.get(key)).cloned();
            ModelProblem {
                place: self.place(span.unwrap_or_else(|| self.section(Section::Settings))),
                fault: ModelFault::Setting(error),
            }
        };
        match error {
            ConfigError::UnknownSettings { keys } => keys
                .iter()
                .map(|key| problem(Some(&key.key), ConfigError::UnknownSettings { keys: vec![key.clone()] }))
                .collect(),
            ConfigError::WrongType { key, .. }
            | ConfigError::InvalidLocation { key, .. }
            | ConfigError::OutOfRange { key, .. } => vec![problem(Some(key), error.clone())],
            _ => vec![problem(None, error.clone())],
        }
    }
}

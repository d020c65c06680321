//! The table of drivers.

use std::ops::Range;

use buffer_runtime::names::nearest;
use indexmap::IndexMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::ModelFault;
use super::read::{Document, in_order, number};
use super::samples::{self, TIME};
use crate::drivers::{Boundary, Drivers, DriversBuilder, DriversError};
use crate::system::NameKind;

/// Keys that are not drivers.
const KEYS: [&str; 9] = ["t0", "period", "time", "file", "columns", "boundary", "slopes", "order", "wrap"];

/// Boundaries by name; clamped ones have the slopes given, or none.
const BOUNDARIES: [(&str, Boundary); 4] = [
    ("natural", Boundary::Natural),
    ("periodic", Boundary::Periodic),
    ("clamped", Boundary::Clamped { start: 0.0, end: 0.0 }),
    ("not-a-knot", Boundary::NotAKnot),
];

/// Samples or times, with the place of each if they stand in the model, and of all together.
struct Samples {
    values: Vec<f64>,
    places: Vec<Range<usize>>,
    all: Range<usize>,
}

/// The samples of one driver.
struct Column {
    name: String,
    /// The key in the model, or where the file is named.
    declared: Range<usize>,
    samples: Samples,
}

/// What the table says.
#[derive(Default)]
struct Table {
    /// The values of keys that are not drivers.
    spans: IndexMap<&'static str, Range<usize>>,
    t0: Option<f64>,
    period: Option<f64>,
    time: Option<Samples>,
    file: Option<String>,
    wanted: Vec<String>,
    boundary: Option<Boundary>,
    /// Clamped boundaries with slopes, of all drivers and of single ones.
    slopes: Option<Boundary>,
    slopes_of: Vec<(String, Boundary)>,
    order: Option<usize>,
    wrap: bool,
    columns: Vec<Column>,
}

impl Document<'_> {
    /// Reads the table and interpolates the samples; every driver is declared.
    pub(super) fn drivers(&mut self, table: &DeTable<'_>, key: Range<usize>) {
        let before = self.problems.len();
        let mut read = Table::default();
        for (name, value) in in_order(table) {
            self.driver_entry(&mut read, name.get_ref(), name.span(), value);
        }
        self.check_uses(&read);
        self.read_samples(&mut read);
        let builder = std::mem::replace(&mut self.builder, crate::system::System::builder(""));
        self.builder = builder.drivers(read.columns.iter().map(|column| column.name.clone()));
        for column in &read.columns {
            self.declare(NameKind::Driver, &column.name, column.declared.clone());
        }
        let Some(builder) = read.builder() else {
            if self.problems.len() == before {
                let example = "`period = 0.1`, the time between samples, or `time` with the time of each";
                self.problem(key, ModelFault::MissingKey { key: "drivers.period", example });
            }
            return;
        };
        if self.problems.len() == before {
            match builder.build() {
                Ok(drivers) => self.drivers = Some(drivers),
                Err(error) => self.problem(read.place(&error).unwrap_or(key), ModelFault::Drivers(error)),
            }
        }
    }

    fn driver_entry(&mut self, table: &mut Table, name: &str, at: Range<usize>, value: &Spanned<DeValue<'_>>) {
        if let Some(key) = KEYS.into_iter().find(|key| *key == name) {
            table.spans.insert(key, value.span());
        }
        match (name, value.get_ref()) {
            ("t0", number_or_other) => match number(number_or_other) {
                Some(number) => table.t0 = Some(number),
                None => self.wrong_type(name, value, "a number"),
            },
            ("period", number_or_other) => match number(number_or_other) {
                Some(number) => table.period = Some(number),
                None => self.wrong_type(name, value, "a number"),
            },
            ("file", DeValue::String(text)) => table.file = Some(text.to_string()),
            ("file", _) => self.wrong_type(name, value, "text, the name of a CSV file"),
            ("columns", _) => self.texts(name, value, |_, text, _| table.wanted.push(text.to_owned())),
            ("boundary", DeValue::String(text)) => {
                match BOUNDARIES.into_iter().find(|(known, _)| *known == text.as_ref()) {
                    Some((_, boundary)) => table.boundary = Some(boundary),
                    None => {
                        let allowed = BOUNDARIES.map(|(known, _)| known);
                        let fault = ModelFault::NotOneOf {
                            key: "boundary",
                            value: text.to_string(),
                            suggestion: nearest(text, allowed).map(str::to_owned),
                            allowed: allowed.map(str::to_owned).to_vec(),
                        };
                        self.problem(value.span(), fault);
                    }
                }
            }
            ("boundary", _) => self.wrong_type(name, value, "text, as in `boundary = \"natural\"`"),
            ("slopes", DeValue::Table(slopes)) => {
                for (of, value) in in_order(slopes) {
                    let slopes = self.slopes(of.get_ref(), value);
                    table.slopes_of.extend(slopes.map(|slopes| (of.get_ref().to_string(), slopes)));
                }
            }
            ("slopes", _) => table.slopes = self.slopes(name, value),
            ("order", DeValue::Integer(integer)) => {
                table.order = usize::from_str_radix(integer.as_str(), integer.radix()).ok();
                if table.order.is_none() {
                    self.wrong_type(name, value, "1 or 3");
                }
            }
            ("order", _) => self.wrong_type(name, value, "1 or 3"),
            ("wrap", DeValue::Boolean(wrap)) => table.wrap = *wrap,
            ("wrap", _) => self.wrong_type(name, value, "true or false"),
            (TIME, _) => table.time = self.samples(name, value, "a list of numbers, the times of the samples"),
            (_, DeValue::Array(_)) => {
                let samples = self.samples(name, value, "a list of numbers, the samples of a driver");
                table.columns.extend(samples.map(|samples| Column { name: name.to_owned(), declared: at, samples }));
            }
            _ => match nearest(name, KEYS) {
                Some(suggestion) => {
                    let fault = ModelFault::UnknownKey {
                        key: format!("drivers.{name}"),
                        suggestion: Some(format!("drivers.{suggestion}")),
                        known: KEYS.map(|key| format!("drivers.{key}")).to_vec(),
                    };
                    self.problem(at, fault);
                }
                None => self.wrong_type(name, value, "a list of numbers, the samples of a driver"),
            },
        }
    }

    /// The slopes at both ends; what they are not is reported.
    fn slopes(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Boundary> {
        const EXPECTED: &str = "a list of two numbers, the slopes at the first and the last sample";
        match self.samples(key, value, EXPECTED)?.values.as_slice() {
            [start, end] => Some(Boundary::Clamped { start: *start, end: *end }),
            _ => {
                self.wrong_type(key, value, EXPECTED);
                None
            }
        }
    }

    /// A list of numbers; what is no number is reported.
    fn samples(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &'static str) -> Option<Samples> {
        let DeValue::Array(items) = value.get_ref() else {
            self.wrong_type(key, value, expected);
            return None;
        };
        let mut samples = Samples { values: Vec::new(), places: Vec::new(), all: value.span() };
        for item in items.iter() {
            match number(item.get_ref()) {
                Some(number) => samples.values.push(number),
                None => self.wrong_type(key, item, expected),
            }
            samples.places.push(item.span());
        }
        (samples.values.len() == items.len()).then_some(samples)
    }

    /// Reports keys that others make meaningless.
    fn check_uses(&mut self, table: &Table) {
        let clamped = matches!(table.boundary, Some(Boundary::Clamped { .. }));
        let has = |key: &str| table.spans.contains_key(key);
        for (key, useless, remedy) in [
            ("period", has("time"), "`time` says when the samples are; remove one of them"),
            ("t0", has("time"), "`time` says when the first sample is; remove one of them"),
            ("columns", !has("file"), "name the CSV file they are columns of, `file = \"samples.csv\"`"),
            ("slopes", !clamped, "only `boundary = \"clamped\"` has slopes"),
        ] {
            if let Some(span) = table.spans.get(key).filter(|_| useless) {
                self.problem(span.clone(), ModelFault::NoUse { key, remedy });
            }
        }
    }

    /// Reads the file that the table names.
    fn read_samples(&mut self, table: &mut Table) {
        let (Some(file), Some(all)) = (&table.file, table.spans.get("file").cloned()) else { return };
        let path = self.sample_file.insert(self.folder.join(file));
        let columns = match samples::read(path, &table.wanted) {
            Ok(columns) => columns,
            Err(error) => return self.problem(all, ModelFault::Samples(error)),
        };
        for (name, values) in columns {
            let samples = Samples { values, places: Vec::new(), all: all.clone() };
            if name != TIME {
                table.columns.push(Column { name, declared: all.clone(), samples });
                continue;
            }
            for key in ["time", "period", "t0"] {
                if let Some(span) = table.spans.get(key).cloned() {
                    let remedy = "the column `time` of the file says when the samples are; remove one of them";
                    self.problem(span, ModelFault::NoUse { key, remedy });
                }
            }
            table.time = Some(samples);
        }
    }
}

impl Table {
    /// The samples with their times and options; none without times.
    fn builder(&self) -> Option<DriversBuilder> {
        let mut builder = match (&self.time, self.period) {
            (Some(times), _) => Drivers::at_times(&times.values),
            (None, Some(period)) => Drivers::sampled(self.t0.unwrap_or(0.0), period),
            (None, None) => return None,
        };
        builder = builder.wrap(self.wrap).order(self.order.unwrap_or(3));
        if let Some(boundary) = self.slopes.or(self.boundary) {
            builder = builder.boundary(boundary);
        }
        for (name, boundary) in &self.slopes_of {
            builder = builder.boundary_of(name, *boundary);
        }
        let add = |builder: DriversBuilder, column: &Column| {
            builder.column(&column.name, column.samples.values.iter().copied())
        };
        Some(self.columns.iter().fold(builder, add))
    }

    /// Where an error is; none if it is in the table as a whole.
    fn place(&self, error: &DriversError) -> Option<Range<usize>> {
        let key = |name: &str| self.spans.get(name).cloned();
        let time = |index: usize| match &self.time {
            Some(time) => Some(time.place(index)),
            None => key("file"),
        };
        let column =
            |name: &str| self.columns.iter().rev().find(|column| column.name == name).map(|column| &column.samples);
        match error {
            DriversError::StartNotFinite { .. } => key("t0"),
            DriversError::Period { .. } => key("period").or_else(|| time(usize::MAX)),
            DriversError::TooFewTimes { .. } | DriversError::TimesNotAscending { .. } => time(usize::MAX),
            DriversError::TimeNotFinite { index, .. } | DriversError::TimesNotUniform { index, .. } => time(*index),
            DriversError::NotFinite { name, index, .. } => column(name).map(|samples| samples.place(*index)),
            DriversError::SlopeNotFinite { .. } | DriversError::UnknownBoundary { .. } => key("slopes"),
            DriversError::Order { .. } => key("order"),
            DriversError::BoundaryOfLines => key("boundary"),
            DriversError::DuplicateName { name }
            | DriversError::SamplesAndTimes { name, .. }
            | DriversError::UnequalLengths { other: name, .. }
            | DriversError::TooFewSamples { name, .. }
            | DriversError::TooLarge { name }
            | DriversError::UnequalEnds { name, .. } => column(name).map(|samples| samples.all.clone()),
            _ => None,
        }
    }
}

impl Samples {
    /// The place of one number; of all, where they have no places of their own.
    fn place(&self, index: usize) -> Range<usize> {
        self.places.get(index).unwrap_or(&self.all).clone()
    }
}

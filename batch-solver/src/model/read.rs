//! From TOML to the parts of a model, each with its place.

use std::ops::Range;
use std::path::{Path, PathBuf};

use buffer_runtime::{Settings, Value, names};
use indexmap::IndexMap;
use toml::Spanned;
use toml::de::{DeInteger, DeString, DeTable, DeValue};

use super::error::{ModelFault, ModelProblem};
use super::locate;
use super::place::Place;
use crate::drivers::Drivers;
use crate::system::{NameKind, System, SystemBuilder};

/// The keys of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Name,
    Description,
    Equations,
    Observables,
    States,
    Parameters,
    Constants,
    Drivers,
    Settings,
}

impl Section {
    const ALL: [(&'static str, Self); 9] = [
        ("name", Self::Name),
        ("description", Self::Description),
        ("equations", Self::Equations),
        ("observables", Self::Observables),
        ("states", Self::States),
        ("parameters", Self::Parameters),
        ("constants", Self::Constants),
        ("drivers", Self::Drivers),
        ("settings", Self::Settings),
    ];

    /// The keys without which there is no model, and how they are written.
    const NEEDED: [(&'static str, Self, &'static str); 3] = [
        ("name", Self::Name, "`name = \"lorenz\"`"),
        ("equations", Self::Equations, "`equations = \"dx = -k*x\"`"),
        ("states", Self::States, "`[states]` with each state and its initial value, as in `x = 1.0`"),
    ];
}

/// A name the file declares.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) kind: NameKind,
    pub(super) name: String,
    pub(super) span: Range<usize>,
}

/// What a file says, and where.
#[derive(Debug)]
pub(super) struct Document<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    /// Where files that the model names are.
    pub(super) folder: &'a Path,
    pub(super) builder: SystemBuilder,
    pub(super) description: Option<String>,
    pub(super) drivers: Option<Drivers>,
    pub(super) sample_file: Option<PathBuf>,
    pub(super) settings: Settings,
    pub(super) setting_spans: IndexMap<String, Range<usize>>,
    pub(super) declared: Vec<Declared>,
    sections: Vec<(Section, Range<usize>)>,
    pub(super) problems: Vec<ModelProblem>,
}

pub(super) type Entry<'a, 'i> = (&'a Spanned<DeString<'i>>, &'a Spanned<DeValue<'i>>);

/// The entries of a table in the order of the file: it is the order of the states.
pub(super) fn in_order<'a, 'i>(table: &'a DeTable<'i>) -> Vec<Entry<'a, 'i>> {
    let mut entries: Vec<Entry<'a, 'i>> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

impl<'a> Document<'a> {
    /// Reads the text; what does not belong into a model is reported, all of it at once.
    pub(super) fn read(text: &'a str, file: &'a str, folder: &'a Path) -> Result<Self, Vec<ModelProblem>> {
        let (table, errors) = DeTable::parse_recoverable(text);
        // What follows the first error of the grammar is mostly a consequence of it.
        if let Some(error) = errors.first() {
            return Err(vec![ModelProblem {
                place: Place::new(file, text, error.span().unwrap_or(text.len()..text.len())),
                fault: ModelFault::Syntax { message: error.message().trim().replace('\n', ", ") },
            }]);
        }
        let entries = in_order(table.get_ref());
        // The name comes first, wherever it stands: the builder begins with it.
        let name = entries.iter().find(|(key, _)| key.get_ref() == "name");
        let name = name.and_then(|(_, value)| value.get_ref().as_str()).unwrap_or_default();
        let mut document = Self {
            file,
            text,
            folder,
            builder: System::builder(name),
            description: None,
            drivers: None,
            sample_file: None,
            settings: Settings::new(),
            setting_spans: IndexMap::new(),
            declared: Vec::new(),
            sections: Vec::new(),
            problems: Vec::new(),
        };
        for (key, value) in entries {
            document.section_entry(key, value);
        }
        for (key, section, example) in Section::NEEDED {
            if !document.sections.iter().any(|(present, _)| *present == section) {
                document.problem(0..0, ModelFault::MissingKey { key, example });
            }
        }
        document.refuse_observed_states();
        if document.problems.is_empty() { Ok(document) } else { Err(document.problems) }
    }

    /// A table would have two columns of the name.
    fn refuse_observed_states(&mut self) {
        let of = |kind| self.declared.iter().filter(move |declared| declared.kind == kind);
        let is_state = |observed: &&Declared| of(NameKind::State).any(|state| state.name == observed.name);
        let observed = of(NameKind::Observable).filter(is_state);
        let observed: Vec<_> = observed.map(|observed| (observed.span.clone(), observed.name.clone())).collect();
        for (span, name) in observed {
            self.problem(span, ModelFault::ObservedState { name });
        }
    }

    /// The place of a range of bytes.
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        Place::new(self.file, self.text, span)
    }

    /// Where a section begins; the beginning of the file if it has none.
    pub(super) fn section(&self, wanted: Section) -> Range<usize> {
        let found = self.sections.iter().find(|(section, _)| *section == wanted);
        found.map_or(0..0, |(_, span)| span.clone())
    }

    pub(super) fn problem(&mut self, span: Range<usize>, fault: ModelFault) {
        self.problems.push(ModelProblem { place: self.place(span), fault });
    }

    pub(super) fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &'static str) {
        let fault = ModelFault::WrongType { key: key.to_owned(), expected, found: kind(value.get_ref()) };
        self.problem(value.span(), fault);
    }

    fn section_entry(&mut self, key: &Spanned<DeString<'_>>, value: &Spanned<DeValue<'_>>) {
        let name = key.get_ref().as_ref();
        let Some((_, section)) = Section::ALL.into_iter().find(|(known, _)| *known == name) else {
            let known = Section::ALL.map(|(name, _)| name);
            let fault = ModelFault::UnknownKey {
                key: name.to_owned(),
                suggestion: names::nearest(name, known).map(str::to_owned),
                known: known.map(str::to_owned).to_vec(),
            };
            return self.problem(key.span(), fault);
        };
        self.sections.push((section, key.span()));
        match section {
            Section::Name => match value.get_ref() {
                DeValue::String(text) => self.declare(NameKind::System, text, value.span()),
                _ => self.wrong_type(name, value, "text"),
            },
            Section::Description => match value.get_ref() {
                DeValue::String(text) => self.description = Some(text.trim().to_owned()),
                _ => self.wrong_type(name, value, "text"),
            },
            Section::Equations => self.texts(name, value, |document, text, span| {
                let builder = std::mem::replace(&mut document.builder, System::builder(""));
                document.builder = builder.equations(&locate::in_place(document.text, &span, text));
            }),
            Section::Observables => self.texts(name, value, |document, text, span| {
                let builder = std::mem::replace(&mut document.builder, System::builder(""));
                document.builder = builder.observable(text);
                document.declare(NameKind::Observable, text, span);
            }),
            Section::States => self.quantities(name, value, NameKind::State),
            Section::Parameters => self.quantities(name, value, NameKind::Parameter),
            Section::Constants => self.quantities(name, value, NameKind::Constant),
            Section::Drivers => match value.get_ref() {
                DeValue::Table(table) => self.drivers(table, key.span()),
                _ => self.wrong_type(name, value, "a table"),
            },
            Section::Settings => match value.get_ref() {
                DeValue::Table(table) => self.settings(table, ""),
                _ => self.wrong_type(name, value, "a table"),
            },
        }
    }

    pub(super) fn declare(&mut self, kind: NameKind, name: &str, span: Range<usize>) {
        self.declared.push(Declared { kind, name: name.to_owned(), span });
    }

    /// One text or a list of them.
    pub(super) fn texts(
        &mut self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        mut add: impl FnMut(&mut Self, &str, Range<usize>),
    ) {
        const EXPECTED: &str = "text or a list of texts";
        match value.get_ref() {
            DeValue::String(text) => add(self, text, value.span()),
            DeValue::Array(items) => {
                for item in items.iter() {
                    match item.get_ref() {
                        DeValue::String(text) => add(self, text, item.span()),
                        _ => self.wrong_type(key, item, EXPECTED),
                    }
                }
            }
            _ => self.wrong_type(key, value, EXPECTED),
        }
    }

    /// Names with numbers.
    fn quantities(&mut self, key: &str, value: &Spanned<DeValue<'_>>, kind: NameKind) {
        let DeValue::Table(table) = value.get_ref() else {
            return self.wrong_type(key, value, "a table of names with numbers");
        };
        for (name, value) in in_order(table) {
            let text = name.get_ref().as_ref();
            let Some(number) = number(value.get_ref()) else {
                self.wrong_type(text, value, "a number");
                continue;
            };
            self.declare(kind, text, name.span());
            match kind {
                NameKind::State => drop(self.builder.add_state(text, number)),
                NameKind::Parameter => drop(self.builder.add_parameter(text, number)),
                _ => drop(self.builder.add_constant(text, number)),
            }
        }
    }

    /// Flattens tables of settings into dotted names.
    fn settings(&mut self, table: &DeTable<'_>, prefix: &str) {
        for (key, value) in in_order(table) {
            let name = format!("{prefix}{}", key.get_ref());
            if let DeValue::Table(inner) = value.get_ref() {
                self.settings(inner, &format!("{name}."));
                continue;
            }
            match setting(value.get_ref()) {
                Some(setting) => {
                    self.setting_spans.insert(name.clone(), key.span().start..value.span().end);
                    self.settings.set(name, setting);
                }
                None => self.wrong_type(&name, value, "text, a number, a boolean or a list of these"),
            }
        }
    }
}

pub(super) fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(integer) => decimal(integer).or_else(|| whole(integer).map(|integer| integer as f64)),
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => None,
    }
}

fn whole(integer: &DeInteger<'_>) -> Option<i64> {
    i64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// An integer of any size, if it is written in decimal digits.
fn decimal(integer: &DeInteger<'_>) -> Option<f64> {
    if integer.radix() == 10 { integer.as_str().parse().ok() } else { None }
}

fn setting(value: &DeValue<'_>) -> Option<Value> {
    match value {
        DeValue::String(text) => Some(Value::from(text.as_ref())),
        DeValue::Boolean(value) => Some(Value::Bool(*value)),
        DeValue::Integer(integer) => whole(integer).map(Value::Integer).or_else(|| decimal(integer).map(Value::Float)),
        DeValue::Float(float) => float.as_str().parse().ok().map(Value::Float),
        DeValue::Array(items) => {
            items.iter().map(|item| setting(item.get_ref())).collect::<Option<_>>().map(Value::List)
        }
        DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}

/// What a value is, as a noun phrase.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

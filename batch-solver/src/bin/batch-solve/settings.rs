//! The verb `settings`.

use batch_solver::{LoopConfig, Model, Solver};
use buffer_runtime::config::FactoryNode;
use buffer_runtime::{Location, Plan, Settings, Unknown, Value};

use crate::arguments::SettingsArguments;
use crate::columns::Columns;
use crate::configure;
use crate::failure::Failure;
use crate::output::print;

const NONE: &str = "-";

/// What there is to set does not depend on the equations: a system of one state stands for all.
const ANY_SYSTEM: &str = "name = 'any'\nequations = 'dx = -x'\nstates = { x = 1.0 }";

pub(crate) fn settings(arguments: &SettingsArguments) -> Result<(), Failure> {
    let model = match &arguments.model {
        Some(file) => Model::read(file)?,
        None => Model::parse(ANY_SYSTEM, "any.toml")?,
    };
    let mut solver = Solver::on(model.system().clone(), configure::any_device()?)?;
    let untouched: Vec<Row> = all_rows(solver.plan()).collect();
    solver.update(model.settings(), Unknown::Error)?;
    configure::apply(&mut solver, &arguments.given)?;
    print(&table(solver.plan(), &untouched).render(arguments.markdown))
}

/// The setting whose default is a choice.
const CHOSEN: &str = "algorithm";

/// A setting or a buffer's location.
struct Row {
    key: String,
    path: String,
    value: Value,
    range: String,
    compiles: bool,
    doc: String,
}

fn table(plan: &Plan<LoopConfig>, untouched: &[Row]) -> Columns<7> {
    let mut table = Columns::new(["key", "value", "default", "range", "compiles", "path", "what it is"]);
    for row in all_rows(plan) {
        let of_all = || untouched.iter().find(|other| other.path == row.path).map(|other| other.value.clone());
        let default = match row.path.as_str() {
            CHOSEN => Some(Value::Auto),
            path => default(plan, path).or_else(of_all),
        };
        let default = default.map_or_else(|| NONE.to_owned(), |value| shown(&value));
        let value = match row.path.as_str() {
            CHOSEN if plan.settings().get(CHOSEN).is_none() => Value::Auto,
            _ => row.value,
        };
        let compiles = if row.compiles { "yes" } else { "no" }.to_owned();
        table.push([row.key, shown(&value), default, row.range, compiles, row.path, row.doc]);
    }
    table
}

fn all_rows(plan: &Plan<LoopConfig>) -> impl Iterator<Item = Row> {
    plan.tree().walk().into_iter().flat_map(rows)
}

/// What a setting is when it is not given and all others stay; `None` if that is impossible, as for a method that lacks the error estimate a controller needs.
fn default(plan: &Plan<LoopConfig>, path: &str) -> Option<Value> {
    let mut without = Plan::new(plan.config().clone(), plan.precision()).ok()?;
    without.update(&Settings::from_iter([(path, Value::Auto)]), Unknown::Error).ok()?;
    without.value(path)
}

/// The settings of a factory, then the locations of its buffers.
fn rows(node: &FactoryNode) -> Vec<Row> {
    let settings = node.settings.iter().map(|setting| Row {
        key: node.key(setting.spec.name),
        path: node.member_path(setting.spec.name),
        value: setting.value.clone(),
        range: setting.spec.range_text.unwrap_or(NONE).to_owned(),
        compiles: !setting.spec.argument,
        doc: setting.spec.doc.to_owned(),
    });
    let buffers = node.buffers.iter().map(|buffer| {
        let name = format!("{}_location", buffer.spec.name);
        Row {
            key: node.key(&name),
            path: node.member_path(&name),
            value: Value::from(buffer.location),
            range: Location::NAMES.join(" or "),
            compiles: true,
            doc: format!("Where `{}` lives: {}", buffer.spec.name, buffer.spec.doc),
        }
    });
    settings.chain(buffers).collect()
}

/// As it would be typed after `--set KEY=`.
fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        value => value.to_string(),
    }
}

//! The verb `algorithms`.

use batch_solver::{Algorithm, StepController};
use buffer_runtime::SettingValue;

use crate::arguments::AlgorithmsArguments;
use crate::columns::Columns;
use crate::failure::Failure;
use crate::output::print;

const NONE: &str = "-";

pub(crate) fn algorithms(arguments: &AlgorithmsArguments) -> Result<(), Failure> {
    print(&table().render(arguments.markdown))
}

fn table() -> Columns<8> {
    let mut table =
        Columns::new(["name", "order", "embedded", "stages", "fsal", "controller", "aliases", "published in"]);
    table.push(AUTO.map(str::to_owned));
    for algorithm in Algorithm::names().filter_map(|name| name.parse().ok()) {
        table.push(row(algorithm));
    }
    table
}

fn row(algorithm: Algorithm) -> [String; 8] {
    let (embedded, fsal, aliases, citation) = match algorithm {
        Algorithm::Euler => (None, false, String::new(), EULER),
        Algorithm::Erk(tableau) => {
            (tableau.embedded_order, tableau.fsal(), tableau.aliases.join(", "), tableau.citation)
        }
        Algorithm::Rosenbrock(tableau) => (tableau.embedded_order, false, tableau.aliases.join(", "), tableau.citation),
        _ => (None, false, String::new(), NONE),
    };
    [
        algorithm.name().to_owned(),
        algorithm.order().to_string(),
        embedded.map_or_else(|| NONE.to_owned(), |order| order.to_string()),
        algorithm.stages().to_string(),
        if fsal { "yes" } else { "no" }.to_owned(),
        match StepController::of(algorithm).to_value() {
            buffer_runtime::Value::Text(name) => name,
            value => value.to_string(),
        },
        if aliases.is_empty() { NONE.to_owned() } else { aliases },
        citation.to_owned(),
    ]
}

/// What stands for none of them, and is the default.
const AUTO: [&str; 8] =
    ["auto", NONE, NONE, NONE, NONE, NONE, NONE, "chosen for the system, the batch and the time span, docs/methods.md"];

/// The one method that is no tableau.
const EULER: &str = "L. Euler, Institutionum calculi integralis, vol. 1, St. Petersburg 1768, sectio II, cap. VII";

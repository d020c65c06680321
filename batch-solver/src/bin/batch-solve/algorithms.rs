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

fn table() -> Columns<9> {
    let mut table = Columns::new([
        "name",
        "family",
        "order",
        "embedded",
        "stages",
        "fsal",
        "controller",
        "aliases",
        "published in",
    ]);
    table.push(AUTO.map(str::to_owned));
    Algorithm::all().for_each(|algorithm| table.push(row(algorithm)));
    table
}

fn row(algorithm: Algorithm) -> [String; 9] {
    let aliases = algorithm.aliases().join(", ");
    [
        algorithm.name().to_owned(),
        algorithm.family().to_owned(),
        algorithm.order().to_string(),
        algorithm.embedded_order().map_or_else(|| NONE.to_owned(), |order| order.to_string()),
        algorithm.stages().to_string(),
        if algorithm.is_first_same_as_last() { "yes" } else { "no" }.to_owned(),
        match StepController::of(algorithm).to_value() {
            buffer_runtime::Value::Text(name) => name,
            value => value.to_string(),
        },
        if aliases.is_empty() { NONE.to_owned() } else { aliases },
        algorithm.citation().to_owned(),
    ]
}

/// What stands for none of them, and is the default.
const AUTO: [&str; 9] = [
    "auto",
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    NONE,
    "chosen for the system, the batch and the time span, docs/methods.md",
];

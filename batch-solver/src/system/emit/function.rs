//! Programs as member functions.

use std::fmt::{self, Display, Write};

use super::names::Names;
use crate::system::arena::Symbol;
use crate::system::program::{Lowered, Operation, Piece, Program, ValueId};

/// Statements in a function beyond which a function that is called rather than inlined is divided: compilers take
/// more than linear time over one function.
pub(super) const MOST_STATEMENTS: usize = 1500;

/// An array that a function writes.
pub(super) struct ResultArray {
    pub(super) type_name: &'static str,
    pub(super) name: &'static str,
    /// What each element is, for a comment.
    pub(super) labels: Vec<String>,
}

/// A member function; its results are the elements of one array after the other.
pub(super) struct Function {
    name: &'static str,
    results: Vec<ResultArray>,
    takes_direction: bool,
    outline: bool,
    pieces: Vec<Piece>,
}

impl Function {
    /// A function of one program, and of several if `outline` and one would be large.
    pub(super) fn new(name: &'static str, lowered: &Lowered, results: Vec<ResultArray>, outline: bool) -> Self {
        let most = if outline { MOST_STATEMENTS } else { usize::MAX };
        let mut pieces = lowered.pieces(most);
        if pieces.len() == 1 {
            let program = lowered.program();
            let results = (0..program.outputs.len()).collect();
            pieces = vec![Piece { program, results }];
        }
        Self { name, results, takes_direction: false, outline, pieces }
    }

    /// The same function with a vector `v` as argument besides.
    pub(super) fn of_direction(self) -> Self {
        Self { takes_direction: true, ..self }
    }

    /// The number of functions of which it consists.
    pub(super) fn programs(&self) -> impl Iterator<Item = &Program> {
        self.pieces.iter().map(|piece| &piece.program)
    }

    fn template(&self) -> String {
        let direction = if self.takes_direction { ", class V" } else { "" };
        let results: String = self.results.iter().map(|array| format!(", class {}", array.type_name)).collect();
        format!("    template <class Y, class P, class C{direction}{results}>\n")
    }

    /// The array and the element of a result.
    fn target(&self, mut result: usize) -> Option<(&ResultArray, usize)> {
        for array in &self.results {
            if result < array.labels.len() {
                return Some((array, result));
            }
            result -= array.labels.len();
        }
        None
    }

    fn write_piece(&self, f: &mut fmt::Formatter<'_>, name: &str, piece: &Piece) -> fmt::Result {
        let program = &piece.program;
        let reads = |wanted: fn(Symbol) -> bool| {
            program.operations.iter().any(|operation| matches!(operation, Operation::Input(symbol) if wanted(*symbol)))
        };
        // Arguments that are not used stay unnamed, so that strict warnings keep quiet.
        let argument = |name: &'static str, used| if used { name } else { "" };
        let driven = reads(|symbol| matches!(symbol, Symbol::Driver(_)));
        let rated = reads(|symbol| matches!(symbol, Symbol::DriverRate(_)));
        let time = argument(" t", driven || rated || reads(|symbol| matches!(symbol, Symbol::Time)));
        let states = argument(" y", reads(|symbol| matches!(symbol, Symbol::State(_))));
        let parameters = argument(" p", reads(|symbol| matches!(symbol, Symbol::Parameter(_))));
        let constants = argument(" c", driven || rated || reads(|symbol| matches!(symbol, Symbol::Constant(_))));
        let qualifier = if self.outline { "BR_NOINLINE" } else { "BR_DEVICE" };
        f.write_str(&self.template())?;
        write!(f, "    {qualifier} static void {name}(const real&{time}, const Y&{states}, const P&{parameters}, ")?;
        write!(f, "const C&{constants}")?;
        if self.takes_direction {
            write!(f, ", const V&{}", argument(" v", reads(|symbol| matches!(symbol, Symbol::Direction(_)))))?;
        }
        for array in &self.results {
            let written = |&result: &usize| self.target(result).is_some_and(|(target, _)| target.name == array.name);
            let name = if piece.results.iter().any(written) { format!(" {}", array.name) } else { String::new() };
            write!(f, ", {}&{name}", array.type_name)?;
        }
        writeln!(f, ") {{")?;
        // All drivers at once: they share the segment of the time.
        if driven {
            writeln!(f, "        const auto& d = c.drivers_at(t);")?;
        }
        if rated {
            writeln!(f, "        const auto& r = c.driver_rates_at(t);")?;
        }
        self.write_body(f, piece)?;
        writeln!(f, "    }}")
    }

    fn write_body(&self, f: &mut dyn Write, piece: &Piece) -> fmt::Result {
        let program = &piece.program;
        let names = Names::new(program);
        let mut outputs: Vec<_> = program.outputs.iter().zip(&piece.results).collect();
        outputs.sort_by_key(|(output, _)| output.after);
        let mut outputs = outputs.into_iter().peekable();
        for written in 0..=program.operations.len() {
            while let Some((output, &result)) = outputs.next_if(|(output, _)| output.after <= written) {
                if let Some((array, index)) = self.target(result) {
                    let label = array.labels.get(index).map_or("", String::as_str);
                    writeln!(f, "        {}[{index}] = {};  // {label}", array.name, names.number(output.value))?;
                }
            }
            if let Some(operation) = program.operations.get(written) {
                names.write_statement(f, ValueId(written), operation)?;
            }
        }
        Ok(())
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        if let [piece] = self.pieces.as_slice() {
            return self.write_piece(f, name, piece);
        }
        let direction = if self.takes_direction { ("v, ", "const V& v, ") } else { ("", "") };
        for (index, piece) in self.pieces.iter().enumerate() {
            self.write_piece(f, &format!("{name}_{}", index + 1), piece)?;
            writeln!(f)?;
        }
        let arrays = || self.results.iter();
        let parameters: Vec<String> = arrays().map(|array| format!("{}& {}", array.type_name, array.name)).collect();
        let arguments: Vec<&str> = arrays().map(|array| array.name).collect();
        f.write_str(&self.template())?;
        write!(f, "    BR_DEVICE static void {name}(const real& t, const Y& y, const P& p, const C& c, ")?;
        writeln!(f, "{}{}) {{", direction.1, parameters.join(", "))?;
        for index in 1..=self.pieces.len() {
            writeln!(f, "        {name}_{index}(t, y, p, c, {}{});", direction.0, arguments.join(", "))?;
        }
        writeln!(f, "    }}")
    }
}

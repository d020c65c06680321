//! Programs as member functions.

use std::collections::HashSet;
use std::fmt::{self, Display, Write};
use std::ops::Range;

use super::names::Names;
use crate::system::arena::Symbol;
use crate::system::program::{Division, Output, Program, ValueId};

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

/// A member function that computes a program; its results are the elements of one array after the other.
pub(super) struct Function {
    name: &'static str,
    pub(super) program: Program,
    division: Division,
    results: Vec<ResultArray>,
    takes_direction: bool,
    outline: bool,
}

impl Function {
    /// A function, of several parts if `outline` and one would be large.
    pub(super) fn new(name: &'static str, program: Program, results: Vec<ResultArray>, outline: bool) -> Self {
        let division = if outline { Division::new(&program, MOST_STATEMENTS) } else { Division::whole(&program) };
        Self { name, program, division, results, takes_direction: false, outline }
    }

    /// The same function with a vector `v` as argument besides.
    pub(super) fn of_direction(self) -> Self {
        Self { takes_direction: true, ..self }
    }

    fn is_divided(&self) -> bool {
        self.division.parts.len() > 1
    }

    fn template(&self, held: bool) -> String {
        let direction = if self.takes_direction { ", class V" } else { "" };
        let results: String = self.results.iter().map(|array| format!(", class {}", array.type_name)).collect();
        let held = if held { ", class H" } else { "" };
        format!("    template <class Y, class P, class C{direction}{results}{held}>\n")
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

    /// The statements of a part, and what they read and write.
    fn body(&self, part: &Range<usize>, names: &Names<'_>) -> Result<Body, fmt::Error> {
        let mut body = Body::default();
        let mut known = HashSet::new();
        let mut outputs: Vec<(usize, &Output)> = self.program.outputs.iter().enumerate().collect();
        outputs.sort_by_key(|(_, output)| output.after);
        let mut outputs = outputs.into_iter().skip_while(|(_, output)| output.after <= part.start).peekable();
        for written in part.start + 1..=part.end {
            let value = ValueId(written - 1);
            let operation = &self.program.operations[value.0];
            for operand in operation.operands() {
                self.read_earlier(&mut body, &mut known, names, part, operand)?;
            }
            body.reads.extend(operation.input());
            names.write_statement(&mut body.text, value, operation)?;
            if let Some(place) = self.division.place(value) {
                body.holds = true;
                writeln!(body.text, "        held[{place}] = {};", names.to_held(value))?;
            }
            while let Some((result, output)) = outputs.next_if(|(_, output)| output.after <= written) {
                if let Some((array, index)) = self.target(result) {
                    self.read_earlier(&mut body, &mut known, names, part, output.value)?;
                    let label = array.labels.get(index).map_or("", String::as_str);
                    let value = names.number(output.value);
                    writeln!(body.text, "        {}[{index}] = {value};  // {label}", array.name)?;
                    body.writes.insert(array.name);
                }
            }
        }
        Ok(body)
    }

    /// Reads a value of an earlier part where it is first needed.
    fn read_earlier(
        &self,
        body: &mut Body,
        known: &mut HashSet<ValueId>,
        names: &Names<'_>,
        part: &Range<usize>,
        value: ValueId,
    ) -> fmt::Result {
        if value.0 >= part.start || !known.insert(value) {
            return Ok(());
        }
        let operation = &self.program.operations[value.0];
        match self.division.place(value) {
            Some(place) => {
                body.holds = true;
                names.write_from_held(&mut body.text, value, place)
            }
            None => {
                body.reads.extend(operation.input());
                names.write_statement(&mut body.text, value, operation)
            }
        }
    }

    fn write_part(
        &self,
        f: &mut fmt::Formatter<'_>,
        name: &str,
        part: &Range<usize>,
        names: &Names<'_>,
    ) -> fmt::Result {
        let body = self.body(part, names)?;
        let reads = |wanted: fn(&Symbol) -> bool| body.reads.iter().any(wanted);
        // Arguments that are not used stay unnamed, so that strict warnings keep quiet.
        let argument = |name: &'static str, used| if used { name } else { "" };
        let driven = reads(|symbol| matches!(symbol, Symbol::Driver(_)));
        let rated = reads(|symbol| matches!(symbol, Symbol::DriverRate(_)));
        let time = argument(" t", driven || rated || reads(|symbol| matches!(symbol, Symbol::Time)));
        let states = argument(" y", reads(|symbol| matches!(symbol, Symbol::State(_))));
        let parameters = argument(" p", reads(|symbol| matches!(symbol, Symbol::Parameter(_))));
        let constants = argument(" c", driven || rated || reads(|symbol| matches!(symbol, Symbol::Constant(_))));
        let qualifier = if self.outline { "BR_NOINLINE" } else { "BR_DEVICE" };
        f.write_str(&self.template(self.is_divided()))?;
        write!(f, "    {qualifier} static void {name}(const real&{time}, const Y&{states}, const P&{parameters}, ")?;
        write!(f, "const C&{constants}")?;
        if self.takes_direction {
            write!(f, ", const V&{}", argument(" v", reads(|symbol| matches!(symbol, Symbol::Direction(_)))))?;
        }
        for ResultArray { type_name, name, .. } in &self.results {
            let space = if body.writes.contains(name) { " " } else { "" };
            write!(f, ", {type_name}&{space}{}", argument(name, !space.is_empty()))?;
        }
        if self.is_divided() {
            write!(f, ", H&{}", argument(" held", body.holds))?;
        }
        writeln!(f, ") {{")?;
        // All drivers at once: they share the segment of the time.
        if driven {
            writeln!(f, "        const auto& d = c.drivers_at(t);")?;
        }
        if rated {
            writeln!(f, "        const auto& r = c.driver_rates_at(t);")?;
        }
        writeln!(f, "{}    }}", body.text)
    }

    /// The function that calls all parts.
    fn write_calls(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name;
        let parameters: Vec<String> =
            self.results.iter().map(|array| format!("{}& {}", array.type_name, array.name)).collect();
        let arguments: Vec<&str> = self.results.iter().map(|array| array.name).collect();
        let (direction, of_direction) = if self.takes_direction { ("const V& v, ", "v, ") } else { ("", "") };
        f.write_str(&self.template(false))?;
        write!(f, "    BR_DEVICE static void {name}(const real& t, const Y& y, const P& p, const C& c, ")?;
        writeln!(f, "{direction}{}) {{", parameters.join(", "))?;
        writeln!(f, "        real held[{}];", self.division.held.max(1))?;
        for number in 1..=self.division.parts.len() {
            writeln!(f, "        {name}_{number}(t, y, p, c, {of_direction}{}, held);", arguments.join(", "))?;
        }
        writeln!(f, "    }}")
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = Names::new(&self.program);
        if let [whole] = self.division.parts.as_slice() {
            return self.write_part(f, self.name, whole, &names);
        }
        for (part, number) in self.division.parts.iter().zip(1..) {
            self.write_part(f, &format!("{}_{number}", self.name), part, &names)?;
            writeln!(f)?;
        }
        self.write_calls(f)
    }
}

/// What stands between the brackets of a function.
#[derive(Default)]
struct Body {
    text: String,
    reads: HashSet<Symbol>,
    /// Names of arrays of results.
    writes: HashSet<&'static str>,
    /// Whether it uses the array of values held between parts.
    holds: bool,
}

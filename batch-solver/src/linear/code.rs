//! A factorisation as C++.

use std::fmt::Write;
use std::sync::Arc;

use buffer_runtime::{DeviceConstant, DeviceText};

use super::symbolic::{Row, SparseLu};

/// Statements beyond which straight-line code is not written: tables drive loops instead.
pub const STRAIGHT_LINE_LIMIT: usize = 5_000;

/// Statements of one function that is not inlined; compile time grows faster than the length beyond.
const PIECE: usize = 1_500;

/// A factorisation as device source sees it: a struct with `factor` and `solve`.
///
/// ```cpp
/// struct NAME {
///     static constexpr int jacobian_nonzeros = 7, nonzeros = 9;
///     template <class Pivot, class V, class J, class A> static void factor(const V& beta, const real& alpha, const J& jacobian, A& factors);
///     template <class V, class A, class X> static void solve(const A& factors, X& x);
///     template <class V, class J, class B, class X, class R> static void residual(const V& beta, const real& alpha, const J& jacobian, const B& b, const X& x, R& r);
/// };
/// ```
///
/// The matrix is `beta I - alpha J`. `V` is the type of its entries: `real`, a complex number where `beta` is one, either perhaps in single precision; `Pivot::from` makes one of a real, `Pivot::inverse`
/// inverts one. `jacobian` may be the array of the factors itself. Straight-line code and loops over tables perform the same operations in the same order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LuCode {
    /// What is factorised.
    pub structure: Arc<SparseLu>,
    /// Whether the functions are inlined where they are called; else each is compiled once, long ones in pieces.
    pub inlined: bool,
}

impl LuCode {
    /// Statements of the factorisation and of one solution.
    #[must_use]
    pub fn statements(&self) -> usize {
        self.structure.statements()
    }
}

impl DeviceConstant for LuCode {
    fn device_constant(&self, name: &str, out: &mut DeviceText) {
        let lu = &*self.structure;
        out.raw(&format!("struct {name} {{"));
        out.raw(&format!(
            "    static constexpr int n = {}, jacobian_nonzeros = {}, nonzeros = {};",
            lu.n(),
            lu.jacobian_nonzeros(),
            lu.nonzeros()
        ));
        if self.statements() <= STRAIGHT_LINE_LIMIT {
            self.straight_line(out);
        }
        tables(lu, out);
        out.raw("};");
    }
}

/// A member function that may be in pieces.
struct Function<'a> {
    name: &'a str,
    template: &'a str,
    parameters: &'a str,
    arguments: &'a str,
}

impl LuCode {
    fn straight_line(&self, out: &mut DeviceText) {
        let rows = self.structure.rows();
        let factor = Function {
            name: "factor",
            template: "class Pivot, class V, class J, class A",
            parameters: "const V& beta, const real& alpha, const J& jacobian, A& factors",
            arguments: "beta, alpha, jacobian, factors",
        };
        self.function(out, &factor, rows.iter().map(|row| (factor_row(row, &self.structure), row.factor_statements())));
        let solve = Function {
            name: "solve",
            template: "class V, class A, class X",
            parameters: "const A& factors, X& x",
            arguments: "factors, x",
        };
        let residual = Function {
            name: "residual",
            template: "class V, class J, class B, class X, class R",
            parameters: "const V& beta, const real& alpha, const J& jacobian, const B& b, const X& x, R& r",
            arguments: "beta, alpha, jacobian, b, x, r",
        };
        let rows_of_jacobian = rows.iter().map(|row| (residual_row(row, &self.structure), 1 + row.entries.len()));
        self.function(out, &residual, rows_of_jacobian);
        let forward = rows.iter().filter(|row| row.pivot > 0).map(|row| (forward_row(row), row.pivot));
        let backward = rows.iter().rev().map(|row| (backward_row(row), row.entries.len() - row.pivot));
        self.function(out, &solve, forward.chain(backward));
    }

    /// A function of blocks with their lengths in statements.
    fn function(&self, out: &mut DeviceText, function: &Function<'_>, blocks: impl Iterator<Item = (String, usize)>) {
        let Function { name, template, parameters, arguments } = function;
        let mut pieces = vec![String::new()];
        let mut length = 0;
        for (text, statements) in blocks {
            if !self.inlined && length > 0 && length + statements > PIECE {
                pieces.push(String::new());
                length = 0;
            }
            length += statements;
            if let Some(piece) = pieces.last_mut() {
                piece.push_str(&text);
            }
        }
        let qualifier = if self.inlined { "BR_DEVICE" } else { "BR_NOINLINE" };
        let whole = pieces.len() == 1;
        for (index, text) in pieces.iter().enumerate() {
            let piece = if whole { (*name).to_owned() } else { format!("{name}_{index}") };
            out.raw(&format!("    template <{template}> {qualifier} static void {piece}({parameters}) {{"));
            out.raw(text);
            out.raw("    }");
        }
        if !whole {
            out.raw(&format!("    template <{template}> BR_DEVICE static void {name}({parameters}) {{"));
            let types = template.replace("class ", "");
            for index in 0..pieces.len() {
                out.raw(&format!("        {name}_{index}<{types}>({arguments});"));
            }
            out.raw("    }");
        }
    }
}

/// Takes a row of `beta I - alpha J`, subtracts earlier rows, and leaves the row of L, the inverse pivot and the row of U.
///
/// Entries are values of their own until they are stored: each is loaded and stored once.
fn factor_row(row: &Row, lu: &SparseLu) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let mut line = |arguments: std::fmt::Arguments<'_>| {
        let _ = writeln!(text, "        {arguments}");
    };
    line(format_args!("{{"));
    for (at, entry) in row.entries.iter().enumerate() {
        let place = entry.place;
        let of_jacobian = place < lu.jacobian_nonzeros();
        match (at == row.pivot, of_jacobian) {
            (true, true) => line(format_args!("    V w{at} = beta - Pivot::from(alpha * real(jacobian[{place}]));")),
            (true, false) => line(format_args!("    V w{at} = beta;")),
            (false, true) => line(format_args!("    V w{at} = Pivot::from(-(alpha * real(jacobian[{place}])));")),
            (false, false) => line(format_args!("    V w{at} = Pivot::from(real(0));")),
        }
    }
    for one in &row.eliminations {
        let factor = one.factor;
        line(format_args!("    w{factor} = w{factor} * V(factors[{}]);", one.pivot));
        for &(at, place) in &one.updates {
            line(format_args!("    w{at} = fma(-w{factor}, V(factors[{place}]), w{at});"));
        }
    }
    for (at, entry) in row.entries.iter().enumerate() {
        let place = entry.place;
        if at == row.pivot {
            line(format_args!("    factors[{place}] = Pivot::inverse(w{at});"));
        } else {
            line(format_args!("    factors[{place}] = w{at};"));
        }
    }
    line(format_args!("}}"));
    text
}

/// x_i - L x of the rows before.
fn forward_row(row: &Row) -> String {
    let i = row.index;
    let mut text = format!("        {{\n            V v = x[{i}];\n");
    for entry in &row.entries[..row.pivot] {
        let _ = writeln!(text, "            v = fma(-V(factors[{}]), V(x[{}]), v);", entry.place, entry.column);
    }
    let _ = writeln!(text, "            x[{i}] = v;\n        }}");
    text
}

/// (x_i - U x of the rows after) / pivot.
fn backward_row(row: &Row) -> String {
    let i = row.index;
    let mut text = format!("        {{\n            V v = x[{i}];\n");
    for entry in &row.entries[row.pivot + 1..] {
        let _ = writeln!(text, "            v = fma(-V(factors[{}]), V(x[{}]), v);", entry.place, entry.column);
    }
    let _ = writeln!(text, "            x[{i}] = v * V(factors[{}]);\n        }}", row.entries[row.pivot].place);
    text
}

/// b_i - beta x_i + alpha J x.
fn residual_row(row: &Row, lu: &SparseLu) -> String {
    let i = row.index;
    let mut text = format!("        {{\n            V v = fma(-beta, V(x[{i}]), V(b[{i}]));\n");
    let mut of_jacobian: Vec<_> = row.entries.iter().filter(|entry| entry.place < lu.jacobian_nonzeros()).collect();
    of_jacobian.sort_by_key(|entry| entry.place);
    for entry in of_jacobian {
        let _ = writeln!(
            text,
            "            v = fma(V(alpha * real(jacobian[{}])), V(x[{}]), v);",
            entry.place, entry.column
        );
    }
    let _ = writeln!(text, "            r[{i}] = v;\n        }}");
    text
}

/// What the loops of `lu_tables` read.
fn tables(lu: &SparseLu, out: &mut DeviceText) {
    let rows = lu.rows();
    let mut of_jacobian = vec![(0, 0); lu.jacobian_nonzeros()];
    for row in rows {
        for entry in row.entries.iter().filter(|entry| entry.place < lu.jacobian_nonzeros()) {
            of_jacobian[entry.place] = (row.index, entry.column);
        }
    }
    let jacobian_starts = (0..=lu.n()).map(|row| of_jacobian.partition_point(|&(of, _)| of < row));
    table(out, "jacobian_start", "Where the entries of row i of the Jacobian begin.", jacobian_starts);
    table(out, "jacobian_column", "Column of an entry of the Jacobian.", of_jacobian.iter().map(|&(_, column)| column));
    let (mut lower_starts, mut lower, mut lower_columns, mut pivots_of_lower) = (vec![0], vec![], vec![], vec![]);
    let (mut update_starts, mut targets, mut sources) = (vec![0], vec![], vec![]);
    let (mut upper_starts, mut upper, mut upper_columns) = (vec![0], vec![], vec![]);
    for row in rows {
        for one in &row.eliminations {
            let entry = row.entries[one.factor];
            lower.push(entry.place);
            lower_columns.push(entry.column);
            pivots_of_lower.push(one.pivot);
            targets.extend(one.updates.iter().map(|&(at, _)| row.entries[at].place));
            sources.extend(one.updates.iter().map(|&(_, place)| place));
            update_starts.push(targets.len());
        }
        lower_starts.push(lower.len());
        upper.extend(row.entries[row.pivot + 1..].iter().map(|entry| entry.place));
        upper_columns.extend(row.entries[row.pivot + 1..].iter().map(|entry| entry.column));
        upper_starts.push(upper.len());
    }
    table(out, "row", "Row that is eliminated k-th.", rows.iter().map(|row| row.index));
    table(out, "diagonal", "Place of its pivot.", rows.iter().map(|row| row.entries[row.pivot].place));
    table(out, "lower_start", "Where its entries of L begin.", lower_starts.into_iter());
    table(out, "lower_place", "Place of an entry of L.", lower.into_iter());
    table(out, "lower_column", "Its column.", lower_columns.into_iter());
    table(out, "lower_pivot", "Place of the pivot of that column.", pivots_of_lower.into_iter());
    table(out, "update_start", "Where its updates begin.", update_starts.into_iter());
    table(out, "update_target", "Place that an update changes.", targets.into_iter());
    table(out, "update_source", "Place of the earlier row's entry.", sources.into_iter());
    table(out, "upper_start", "Where the entries of U of the row eliminated k-th begin.", upper_starts.into_iter());
    table(out, "upper_place", "Place of an entry of U.", upper.into_iter());
    table(out, "upper_column", "Its column.", upper_columns.into_iter());
}

/// A table that is indexed at run time: a static array within a function, which is what device code may have.
fn table(out: &mut DeviceText, name: &str, meaning: &str, values: impl Iterator<Item = usize>) {
    let values: Vec<String> = values.map(|value| value.to_string()).collect();
    let listed = if values.is_empty() { "0".to_owned() } else { values.join(", ") };
    out.raw(&format!("    /// {meaning}"));
    out.raw(&format!("    BR_DEVICE static int {name}(int i) {{"));
    out.raw(&format!("        static const int values[] = {{{listed}}};"));
    out.raw("        return values[i];\n    }");
}

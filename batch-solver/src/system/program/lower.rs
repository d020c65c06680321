//! From expressions to operations, and operations to programs.

use super::{InputLengths, Operation, Program, fuse, schedule};
use crate::system::System;
use crate::system::arena::{Arena, ExprId, Symbol};
use crate::system::emit::EmitOptions;

/// The operations of results, of which programs are made: one for all results, or several for some each.
#[derive(Clone, Debug)]
pub(in crate::system) struct Lowered {
    operations: Vec<Operation<usize>>,
    outputs: Vec<usize>,
    /// The results in the order in which they are computed.
    order: Vec<usize>,
    inputs: InputLengths,
}

/// A program for some of the results.
#[derive(Clone, Debug)]
pub(in crate::system) struct Piece {
    pub(in crate::system) program: Program,
    /// Which result each output of the program is.
    pub(in crate::system) results: Vec<usize>,
}

impl Lowered {
    /// The operations that compute `outputs`, expressions of `arena` in the system's symbols.
    pub(in crate::system) fn new(system: &System, arena: &Arena, outputs: &[ExprId], options: EmitOptions) -> Self {
        let value = |symbol| match symbol {
            Symbol::Constant(index) if options.bake_constants => {
                system.constants.get(index).map(|constant| constant.value)
            }
            _ => None,
        };
        let (arena, outputs) = arena.rebuild(outputs, value);
        let operations = fuse::operations(&arena, &outputs, options.fuse);
        let outputs: Vec<usize> = outputs.into_iter().map(ExprId::index).collect();
        let order = (0..outputs.len()).collect();
        Self { operations, outputs, order, inputs: InputLengths::of(system) }
    }

    /// The same with results computed in another order, a permutation of theirs.
    pub(in crate::system) fn in_order(self, order: Vec<usize>) -> Self {
        Self { order, ..self }
    }

    /// One program for all results.
    pub(in crate::system) fn program(&self) -> Program {
        schedule::schedule(&self.operations, &self.outputs, &self.order, self.inputs)
    }

    /// Programs of at most `most` statements, or of one result, that together compute all results, the same bits as
    /// one program would.
    ///
    /// Results stay in their order, as many to a program as fit. Values that several programs need are computed in
    /// each of them.
    pub(in crate::system) fn pieces(&self, most: usize) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut group = Group { piece: vec![0; self.operations.len()], current: 1, statements: 0 };
        let mut results = Vec::new();
        for &result in &self.order {
            let Some(&output) = self.outputs.get(result) else { continue };
            let before = group.statements;
            group.include(&self.operations, output);
            if group.statements > most && before > 0 {
                pieces.push(self.piece(std::mem::take(&mut results)));
                group.current += 1;
                group.statements = 0;
                group.include(&self.operations, output);
            }
            results.push(result);
        }
        pieces.push(self.piece(results));
        pieces
    }

    fn piece(&self, results: Vec<usize>) -> Piece {
        let outputs: Vec<usize> = results.iter().filter_map(|&result| self.outputs.get(result).copied()).collect();
        let order: Vec<usize> = (0..outputs.len()).collect();
        Piece { program: schedule::schedule(&self.operations, &outputs, &order, self.inputs), results }
    }
}

/// The operations of a piece in the making.
struct Group {
    /// The last piece that each operation was included in.
    piece: Vec<usize>,
    current: usize,
    statements: usize,
}

impl Group {
    fn include(&mut self, operations: &[Operation<usize>], output: usize) {
        let mut pending = vec![output];
        while let Some(index) = pending.pop() {
            if self.piece[index] == self.current {
                continue;
            }
            self.piece[index] = self.current;
            self.statements += usize::from(operations[index].is_statement());
            pending.extend(operations[index].operands());
        }
    }
}

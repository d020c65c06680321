//! Ordering operations so that few values are alive at a time.
//!
//! Results are computed one after the other, each by a depth-first walk that computes first the operand that needs
//! more registers (R. Sethi, J. D. Ullman, The generation of optimal code for arithmetic expressions, J. ACM 17 (1970)
//! 715–728, here on shared expressions as if they were trees), and stored at once. Ties go to the left operand.

use super::{InputLengths, Operation, Output, Program, ValueId};

/// The program of the operations that `outputs` need, computed in `order`, a permutation of their indices.
pub(super) fn schedule(
    operations: &[Operation<usize>],
    outputs: &[usize],
    order: &[usize],
    inputs: InputLengths,
) -> Program {
    let needs = registers_needed(operations);
    let mut values: Vec<Option<ValueId>> = vec![None; operations.len()];
    let mut program = Program { operations: Vec::new(), outputs: Vec::new(), inputs };
    let mut stored = vec![Output { value: ValueId(0), after: 0 }; outputs.len()];
    for &result in order {
        let output = outputs[result];
        let mut pending = vec![(output, false)];
        while let Some((index, operands_done)) = pending.pop() {
            if values[index].is_some() {
                continue;
            }
            if !operands_done {
                pending.push((index, true));
                let mut operands: Vec<usize> = operations[index].operands().collect();
                operands.sort_by_key(|&operand| std::cmp::Reverse(needs[operand]));
                pending.extend(operands.into_iter().rev().map(|operand| (operand, false)));
                continue;
            }
            // An operand is missing only if it has a larger index than its user, which the arena excludes.
            let operation = operations[index].map(|operand| values[operand].unwrap_or(ValueId(0)));
            values[index] = Some(ValueId(program.operations.len()));
            program.operations.push(operation);
        }
        let after = program.operations.len();
        if let Some(value) = values[output] {
            stored[result] = Output { value, after };
        }
    }
    program.outputs = stored;
    program.inputs = inputs.read_by(&program.operations);
    program
}

/// The number of registers that computing each value takes; literals are part of the instruction that uses them.
fn registers_needed(operations: &[Operation<usize>]) -> Vec<usize> {
    let mut needs: Vec<usize> = Vec::with_capacity(operations.len());
    for operation in operations {
        let need = match operation {
            Operation::Literal(_) => 0,
            Operation::Input(_) => 1,
            _ => {
                let mut operands: Vec<usize> = operation.operands().map(|operand| needs[operand]).collect();
                operands.sort_unstable_by(|left, right| right.cmp(left));
                operands.iter().enumerate().map(|(held, need)| held + need).max().unwrap_or(0).max(1)
            }
        };
        needs.push(need);
    }
    needs
}

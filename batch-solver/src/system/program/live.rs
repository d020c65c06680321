//! How many values are alive at a time.

use super::{Operation, Program};
use crate::system::arena::Symbol;

impl Program {
    /// The largest number of values that are alive at the same time: computed or read, and needed again. It is the
    /// number of registers that the program takes in its order. Literals and the time, an argument, do not count.
    #[must_use]
    pub fn live_values(&self) -> usize {
        let mut last_use: Vec<usize> = (0..self.operations.len()).collect();
        for (index, operation) in self.operations.iter().enumerate() {
            operation.operands().for_each(|operand| last_use[operand.0] = index);
        }
        for output in &self.outputs {
            // Stored behind operation `after − 1`, whose own result then is alive besides.
            let last = &mut last_use[output.value.0];
            *last = (*last).max(output.after);
        }
        // By how many the living change before each operation: a result takes the place of an operand used last.
        let mut changes = vec![0_isize; self.operations.len() + 1];
        for (index, operation) in self.operations.iter().enumerate() {
            if !matches!(operation, Operation::Literal(_) | Operation::Input(Symbol::Time)) {
                changes[index] += 1;
                changes[last_use[index].max(index + 1)] -= 1;
            }
        }
        let living = changes.iter().scan(0, |living, change| {
            *living += change;
            Some(*living)
        });
        living.max().map_or(0, isize::unsigned_abs)
    }
}

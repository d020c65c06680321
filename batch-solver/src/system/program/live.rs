//! How many values are alive at a time.

use super::{Operation, Program};
use crate::system::arena::Symbol;

impl Program {
    /// The largest number of values that are alive at the same time: computed or read, and needed again. It is the
    /// number of registers that the program takes in its order. Literals and the time, an argument, do not count.
    #[must_use]
    pub fn live_values(&self) -> usize {
        let last_uses = self.last_uses();
        // By how many the living change before each operation: a result takes the place of an operand used last.
        let mut changes = vec![0_isize; self.operations.len() + 1];
        for (index, operation) in self.operations.iter().enumerate() {
            if !matches!(operation, Operation::Literal(_) | Operation::Input(Symbol::Time)) {
                changes[index] += 1;
                changes[last_uses[index].max(index + 1)] -= 1;
            }
        }
        let living = changes.iter().scan(0, |living, change| {
            *living += change;
            Some(*living)
        });
        living.max().map_or(0, isize::unsigned_abs)
    }

    /// The operation up to which each value is needed, by its own operation, which it is where nothing uses the value.
    pub(super) fn last_uses(&self) -> Vec<usize> {
        let mut last_uses: Vec<usize> = (0..self.operations.len()).collect();
        for (index, operation) in self.operations.iter().enumerate() {
            operation.operands().for_each(|operand| last_uses[operand.0] = index);
        }
        for output in &self.outputs {
            // Stored behind operation `after − 1`, whose own result then is alive besides.
            if output.value.0 + 1 < output.after {
                let last = &mut last_uses[output.value.0];
                *last = (*last).max(output.after);
            }
        }
        last_uses
    }
}

//! Dividing a program into parts that are functions of their own.

use std::ops::Range;

use super::{Program, ValueId};

/// A program in parts, each a range of its operations. Values that a later part needs are held in an array between
/// them; inputs and literals are not, since each part can read them itself. So nothing is computed twice.
#[derive(Clone, Debug)]
pub(in crate::system) struct Division {
    pub(in crate::system) parts: Vec<Range<usize>>,
    /// The place in the array of values held, by operation.
    pub(in crate::system) places: Vec<Option<usize>>,
    /// The length of the array.
    pub(in crate::system) held: usize,
}

impl Division {
    /// The program in one part.
    pub(in crate::system) fn whole(program: &Program) -> Self {
        let len = program.operations.len();
        Self { parts: std::iter::once(0..len).collect(), places: vec![None; len], held: 0 }
    }

    /// Parts of at most `most` statements. A part ends where the fewest values are alive, in the last quarter of what
    /// it may have.
    pub(in crate::system) fn new(program: &Program, most: usize) -> Self {
        let mut division = Self::whole(program);
        if program.statements() <= most {
            return division;
        }
        let last_uses = program.last_uses();
        let computed = |index: usize| program.operations[index].is_statement();
        let mut living = vec![0_isize; program.operations.len() + 2];
        for (index, &last_use) in last_uses.iter().enumerate().filter(|(index, _)| computed(*index)) {
            // Alive at every cut behind the operation up to the one before its last use.
            living[index + 1] += 1;
            living[last_use.max(index) + 1] -= 1;
        }
        for index in 1..living.len() {
            living[index] += living[index - 1];
        }
        division.parts.clear();
        let (mut start, mut statements, mut best) = (0, 0, None);
        let mut index = 0;
        while index < program.operations.len() {
            if computed(index) && statements == most {
                let end = best.map_or(index, |(_, end)| end);
                division.parts.push(start..end);
                (start, statements, best, index) = (end, 0, None, end);
                continue;
            }
            statements += usize::from(computed(index));
            index += 1;
            if 4 * statements >= 3 * most && best.is_none_or(|(fewest, _)| living[index] <= fewest) {
                best = Some((living[index], index));
            }
        }
        division.parts.push(start..index);
        division.assign_places(&last_uses, computed);
        division
    }

    /// Gives a place to each value that is used in a later part than computed, and the place to another when no part
    /// needs it any more.
    fn assign_places(&mut self, last_uses: &[usize], computed: impl Fn(usize) -> bool) {
        let mut free: Vec<usize> = Vec::new();
        let mut occupied: Vec<(usize, usize)> = Vec::new();
        for part in &self.parts {
            for index in part.clone() {
                if computed(index) && last_uses[index] >= part.end {
                    let place = free.pop().unwrap_or(self.held);
                    self.held = self.held.max(place + 1);
                    self.places[index] = Some(place);
                    occupied.push((last_uses[index], place));
                }
            }
            // Not within a part: there the value is read where it is first needed.
            occupied.retain(|&(last_use, place)| {
                let needed = last_use >= part.end;
                free.extend((!needed).then_some(place));
                needed
            });
        }
    }

    /// The place of a value held for `part` and others.
    pub(in crate::system) fn place(&self, value: ValueId) -> Option<usize> {
        self.places.get(value.0).copied().flatten()
    }
}

//! Ordering definitions by dependency.

use super::definitions::Definitions;
use super::references::References;
use crate::system::error::SystemError;

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    /// On the path from the current root.
    Open,
    Done,
}

/// All definitions, each after those it mentions; reports every cycle that closes on the way.
pub(super) fn dependencies_first(
    definitions: &Definitions<'_>,
    references: &References,
    errors: &mut Vec<SystemError>,
) -> Vec<usize> {
    let count = references.dependencies.len();
    let mut marks = vec![Mark::New; count];
    let mut order = Vec::with_capacity(count);
    for root in 0..count {
        if marks[root] != Mark::New {
            continue;
        }
        // The path from the root, with the number of dependencies already followed at each definition.
        let mut path = vec![(root, 0)];
        marks[root] = Mark::Open;
        while let Some((definition, followed)) = path.last_mut() {
            let definition = *definition;
            let Some(&dependency) = references.dependencies[definition].get(*followed) else {
                marks[definition] = Mark::Done;
                order.push(definition);
                path.pop();
                continue;
            };
            *followed += 1;
            match marks[dependency] {
                Mark::Done => {}
                Mark::New => {
                    marks[dependency] = Mark::Open;
                    path.push((dependency, 0));
                }
                Mark::Open => {
                    let cycle = path.iter().map(|&(index, _)| index).skip_while(|&index| index != dependency);
                    let names = cycle.chain([dependency]).map(|index| definitions.definitions[index].target());
                    let location = definitions.definitions[dependency].equation.location();
                    errors.push(SystemError::Cycle { path: names.collect(), location });
                }
            }
        }
    }
    order
}

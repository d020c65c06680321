use super::*;
use crate::system::{EmitOptions, System};

/// Sums of a value that all results need, and of conditions.
fn program(states: usize) -> Program {
    let names: Vec<String> = (0..states).map(|i| format!("x{i}")).collect();
    let mut equations = format!("mean = ({})/7; high = mean > 0.5\n", names.join(" + "));
    for (i, name) in names.iter().enumerate() {
        equations += &format!("d{name} = if(high, tanh(mean)*{name}, exp({name}) + x{})\n", (i + 1) % states);
    }
    let system = System::builder("test").equations(&equations).states(names.into_iter().map(|name| (name, 0.1)));
    system.build().unwrap_or_else(|errors| panic!("{errors}")).derivative_program(EmitOptions::default())
}

#[test]
fn parts_are_bounded_and_hold_what_later_ones_need() {
    let program = program(60);
    for most in [1, 10, 37, 100] {
        let division = Division::new(&program, most);
        let mut end = 0;
        for part in &division.parts {
            assert_eq!(part.start, end, "parts follow each other");
            end = part.end;
            let statements = program.operations[part.clone()].iter().filter(|operation| operation.is_statement());
            assert!((1..=most).contains(&statements.count()), "{most}: {part:?}");
        }
        assert_eq!(end, program.operations.len());
        assert!(division.held <= 5, "few values go from part to part, here {}", division.held);
        // Parts in their order, with an array that holds values and nothing else left of earlier parts.
        let mut held = vec![None; division.held];
        for part in &division.parts {
            let outputs = program.outputs.iter().filter(|output| part.contains(&(output.after - 1)));
            let stored = outputs.map(|output| output.value);
            let mut needed: Vec<ValueId> = stored.collect();
            needed.extend(program.operations[part.clone()].iter().flat_map(Operation::operands));
            for value in needed.into_iter().filter(|value| value.0 < part.start) {
                if program.operations[value.0].is_statement() {
                    let place = division.place(value).expect("values of earlier parts are held");
                    // Nothing replaces it before its last use, which may be in this part.
                    assert_eq!(held[place], Some(value), "most {most}, {part:?}");
                }
            }
            for index in part.clone() {
                if let Some(place) = division.place(ValueId(index)) {
                    held[place] = Some(ValueId(index));
                }
            }
        }
    }
}

#[test]
fn small_programs_stay_whole() {
    let program = program(3);
    let division = Division::new(&program, program.statements());
    assert_eq!((division.parts.len(), division.held), (1, 0));
    assert!(Division::new(&program, program.statements() - 1).parts.len() > 1);
}

use super::*;

#[test]
fn diagonals_are_as_stated() {
    for tableau in DirkTableau::all() {
        for stage in usize::from(tableau.explicit_first_stage())..tableau.stages() {
            assert_eq!(tableau.diagonal(stage), tableau.gamma(), "{} stage {stage}", tableau.name);
        }
    }
}

use super::*;

#[test]
fn methods_with_an_odd_number_of_stages_have_a_real_block() {
    for tableau in FirkTableau::all() {
        let blocks = tableau.blocks();
        assert_eq!(blocks.real.is_some(), tableau.stages() % 2 == 1, "{}", tableau.name);
        assert_eq!(blocks.pairs.len(), tableau.stages() / 2, "{}", tableau.name);
    }
}

use super::*;

#[test]
fn no_two_methods_of_any_family_share_a_name() {
    let explicit = ErkTableau::all().iter().flat_map(ErkTableau::names);
    let rosenbrock = RosenbrockTableau::all().iter().flat_map(RosenbrockTableau::names);
    let diagonal = DirkTableau::all().iter().flat_map(DirkTableau::names);
    let full = FirkTableau::all().iter().flat_map(FirkTableau::names);
    let mut seen = std::collections::HashSet::new();
    for name in explicit.chain(rosenbrock).chain(diagonal).chain(full) {
        assert!(seen.insert(name), "{name} occurs twice");
        assert_eq!(name, name.to_lowercase());
    }
}

//! The nearest of the names that would have been right.

/// ", did you mean `x`?" where a candidate is near, else `otherwise`.
pub(crate) fn nearest_or<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: impl FnOnce() -> String,
) -> String {
    nearest(name, candidates).map_or_else(otherwise, |candidate| format!(", did you mean `{candidate}`?"))
}

/// The candidate within two edits of `name` (a transposition is one; one edit for names of up to three letters), one that
/// `name` begins or that begins `name`, or one of nearly the same letters from the beginning (`validation`, `validate`).
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = if name.chars().count() <= 3 { 1 } else { 2 };
    candidates
        .into_iter()
        .filter_map(|candidate| {
            let edits = strsim::damerau_levenshtein(name, candidate);
            let related =
                name.len() >= 3 && candidate.len() >= 3 && (candidate.starts_with(name) || name.starts_with(candidate));
            let alike = name.len() >= 6 && strsim::jaro_winkler(name, candidate) >= 0.9;
            (edits <= limit || related || alike).then_some((edits, candidate))
        })
        .min_by_key(|&(edits, _)| edits)
        .map(|(_, candidate)| candidate)
}

/// "`a`, `b` and `c`".
pub(crate) fn list<S: AsRef<str>>(names: &[S]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    match quoted.split_last() {
        None => "none".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["persistent", "location", "len", "n"];
        assert_eq!(nearest("persistant", names), Some("persistent"));
        assert_eq!(nearest("loaction", names), Some("location"));
        assert_eq!(nearest("length", names), Some("len"));
        assert_eq!(nearest("m", names), Some("n"));
        assert_eq!(nearest("validation", ["name", "validate"]), Some("validate"));
        assert_eq!(nearest("prefix", names), None);
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(list::<&str>(&[]), "none");
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}

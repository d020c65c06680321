//! Names a user writes: how an unknown one is refused, and how the one that was meant is found.

use std::fmt;

/// A name that is not one of those allowed.
///
/// Every enum that has a text form ([`Location`](crate::Location), [`Precision`](crate::Precision), the enums of
/// [`setting_enum!`](crate::setting_enum!)) fails to parse with this one error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// What the name should have been: "location".
    pub kind: &'static str,
    /// The text as given.
    pub value: String,
    /// Every name allowed, in declaration order.
    pub allowed: Vec<String>,
    /// The nearest allowed name, where one is near.
    pub suggestion: Option<String>,
    /// Why a name that exists elsewhere is refused here, and what to use.
    pub note: Option<&'static str>,
}

impl UnknownName {
    /// Refuses `value` as a `kind`; the suggestion is the nearest of `allowed`.
    pub fn new<A: AsRef<str>>(kind: &'static str, value: &str, allowed: impl IntoIterator<Item = A>) -> Self {
        let allowed: Vec<String> = allowed.into_iter().map(|name| name.as_ref().to_owned()).collect();
        let suggestion = nearest(value, allowed.iter().map(String::as_str)).map(str::to_owned);
        Self { kind, value: value.to_owned(), allowed, suggestion, note: None }
    }

    /// Adds the reason for refusing a name that other systems have.
    #[must_use]
    pub fn with_note(mut self, note: &'static str) -> Self {
        self.note = Some(note);
        self
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {} `{}`: ", self.kind, self.value)?;
        if let Some(note) = self.note {
            return f.write_str(note);
        }
        if self.allowed.is_empty() {
            return f.write_str("there are none to choose from");
        }
        write!(f, "must be {}", any_of(&self.allowed))?;
        match &self.suggestion {
            Some(name) => write!(f, "; did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for UnknownName {}

impl From<std::convert::Infallible> for UnknownName {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

/// "`a`, `b` or `c`".
pub(crate) fn any_of<S: AsRef<str>>(names: &[S]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == names.len() { " or " } else { ", " });
        }
        text.push('`');
        text.push_str(name.as_ref());
        text.push('`');
    }
    text
}

/// The candidate most like `value`, or none if all differ in more than a third of their letters.
///
/// Distance is the number of letters inserted, deleted, replaced or swapped with their neighbour (Damerau, CACM 7(3),
/// 1964), case ignored; of equally near candidates the first wins.
pub fn nearest<'a>(value: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let value = value.to_lowercase();
    let length = value.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let longest = length.max(candidate.chars().count());
        let allowed = (longest / 3).max(1);
        // The difference of the lengths is a lower bound: it spares the quadratic comparison for names that cannot be
        // near.
        if longest - length.min(candidate.chars().count()) > allowed {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&value, &candidate.to_lowercase());
        if distance <= allowed && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_takes_the_smallest_distance_and_the_first_of_equals() {
        assert_eq!(nearest("stage_bse", ["stage_base", "stage_basis"]), Some("stage_base"));
        assert_eq!(nearest("ab", ["ax", "ay"]), Some("ax"));
    }

    #[test]
    fn nearest_ignores_case_and_counts_a_swap_once() {
        assert_eq!(nearest("SHARED", ["local", "shared"]), Some("shared"));
        assert_eq!(nearest("lcoal", ["shared", "local"]), Some("local"));
    }

    #[test]
    fn nearest_offers_nothing_far_away() {
        assert_eq!(nearest("global", ["shared"]), None);
        assert_eq!(nearest("anything", []), None);
        assert_eq!(nearest("", ["shared", "local"]), None);
    }

    #[test]
    fn the_error_names_the_value_the_choices_and_the_nearest() {
        let error = UnknownName::new("location", "sharde", ["shared", "local"]);
        assert_eq!(error.to_string(), "unknown location `sharde`: must be `shared` or `local`; did you mean `shared`?");
        let far = UnknownName::new("location", "gpu", ["shared", "local"]);
        assert_eq!(far.to_string(), "unknown location `gpu`: must be `shared` or `local`");
    }

    #[test]
    fn a_note_replaces_the_list() {
        let error = UnknownName::new("element type", "f16", ["f32"]).with_note("use `f32`");
        assert_eq!(error.to_string(), "unknown element type `f16`: use `f32`");
    }

    #[test]
    fn lists_read_as_sentences() {
        assert_eq!(any_of(&["a"]), "`a`");
        assert_eq!(any_of(&["a", "b"]), "`a` or `b`");
        assert_eq!(any_of(&["a", "b", "c"]), "`a`, `b` or `c`");
    }
}

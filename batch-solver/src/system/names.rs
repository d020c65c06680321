//! Which names a system may give its quantities.

use thiserror::Error;

use super::function::{FUNCTIONS, NUMBERS, TIME};

/// Why a name cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NameProblem {
    /// Not a letter or underscore followed by letters, digits and underscores, all ASCII.
    #[error("a name is a letter followed by letters, digits and underscores (ASCII)")]
    NotAnIdentifier,
    /// Reserved to the implementation by C++.
    #[error("C++ reserves names with two underscores, or with an underscore and a capital at the start")]
    ReservedInCpp,
    /// A keyword of C++ or CUDA.
    #[error("it is a keyword of C++ or CUDA")]
    Keyword,
    /// A word of the device code's vocabulary.
    #[error("it is a word of the device code")]
    DeviceVocabulary,
    /// A word of the equation language.
    #[error("it is a word of the equation language")]
    EquationLanguage,
    /// A built-in function.
    #[error("it is a built-in function")]
    Function,
    /// A built-in number.
    #[error("it is a built-in number")]
    Number,
    /// The independent variable.
    #[error("it is the time")]
    Time,
}

/// Words that have a meaning in equations.
pub(crate) const LANGUAGE: &[&str] = &["if", "else", "and", "or", "not", "d"];

#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "alignas", "alignof", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char",
    "char16_t", "char32_t", "char8_t", "class", "co_await", "co_return", "co_yield", "compl", "concept", "const",
    "const_cast", "consteval", "constexpr", "constinit", "continue", "decltype", "default", "delete", "do", "double",
    "dynamic_cast", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "inline", "int",
    "long", "mutable", "namespace", "new", "noexcept", "not_eq", "nullptr", "operator", "or_eq", "private",
    "protected", "public", "register", "reinterpret_cast", "requires", "restrict", "return", "short", "signed",
    "sizeof", "static", "static_assert", "static_cast", "struct", "switch", "template", "this", "thread_local",
    "throw", "true", "try", "typedef", "typeid", "typename", "typeof", "union", "unsigned", "using", "virtual", "void",
    "volatile", "wchar_t", "while", "xor", "xor_eq", "NULL", "NAN", "INFINITY", "HUGE_VAL", "main", "threadIdx",
    "blockIdx", "blockDim", "gridDim", "warpSize", "dim3", "half", "clock", "atomicAdd",
];

#[rustfmt::skip]
const VOCABULARY: &[&str] = &[
    "scalar", "lane", "real", "f32", "f64", "i32", "i64", "mask", "pack", "LANES", "lanes", "select", "any", "all",
    "none", "fma", "rint", "trunc", "copysign", "isnan", "isfinite", "bits", "from_bits", "convert", "to_int",
    "round_to_int", "gather", "scatter", "load", "store", "fill", "poison", "frame", "local_array",
    "persistent_array", "persistent_storage", "shared_array", "input_array", "output_array", "broadcast_array",
    "placement_fence", "float_environment", "sincos", "approx_pow",
    "shift_left", "shift_right_logical", "get_lane", "set_lane",
];

/// Refuses a name that cannot begin or end an identifier of the emitted code.
pub(crate) fn check_identifier(name: &str) -> Result<(), NameProblem> {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts_well || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(NameProblem::NotAnIdentifier);
    }
    let after_underscore = name.strip_prefix('_');
    if name.contains("__") || after_underscore.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_lowercase())) {
        return Err(NameProblem::ReservedInCpp);
    }
    Ok(())
}

/// Refuses a name that is not an identifier or means something else in equations or in device code.
pub(crate) fn check_name(name: &str) -> Result<(), NameProblem> {
    check_identifier(name)?;
    if name == TIME {
        return Err(NameProblem::Time);
    }
    if LANGUAGE.contains(&name) {
        return Err(NameProblem::EquationLanguage);
    }
    if FUNCTIONS.iter().any(|(function, _)| *function == name) {
        return Err(NameProblem::Function);
    }
    if NUMBERS.iter().any(|(number, _)| *number == name) {
        return Err(NameProblem::Number);
    }
    if KEYWORDS.contains(&name) {
        return Err(NameProblem::Keyword);
    }
    if VOCABULARY.contains(&name) || name.starts_with("BR_") {
        return Err(NameProblem::DeviceVocabulary);
    }
    Ok(())
}

/// The candidate nearest to a misspelt name, if one is near: another case, or up to a third of the letters changed.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let distance_to = |candidate: &str| {
        if candidate.eq_ignore_ascii_case(name) { 0 } else { strsim::damerau_levenshtein(candidate, name) }
    };
    candidates
        .into_iter()
        .map(|candidate| (distance_to(candidate), candidate))
        .filter(|&(distance, candidate)| distance <= 1.max(name.len() / 3) && distance < candidate.len())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_another_meaning_are_refused_with_the_reason() {
        for (name, problem) in [
            ("2x", NameProblem::NotAnIdentifier),
            ("", NameProblem::NotAnIdentifier),
            ("µ", NameProblem::NotAnIdentifier),
            ("a__b", NameProblem::ReservedInCpp),
            ("_A", NameProblem::ReservedInCpp),
            ("_", NameProblem::ReservedInCpp),
            ("while", NameProblem::Keyword),
            ("threadIdx", NameProblem::Keyword),
            ("mask", NameProblem::DeviceVocabulary),
            ("BR_REAL", NameProblem::DeviceVocabulary),
            ("exp", NameProblem::Function),
            ("select", NameProblem::Function),
            ("else", NameProblem::EquationLanguage),
            ("e", NameProblem::Number),
            ("t", NameProblem::Time),
        ] {
            assert_eq!(check_name(name), Err(problem), "{name}");
        }
        for name in ["x", "V_m", "_x1", "sigma", "dx", "E", "T"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn only_near_names_are_suggested() {
        let known = ["sigma", "rho", "beta", "x", "y"];
        assert_eq!(nearest("sgima", known).as_deref(), Some("sigma"));
        assert_eq!(nearest("Rho", known).as_deref(), Some("rho"));
        assert_eq!(nearest("z", known), None);
        assert_eq!(nearest("gamma_ray", known), None);
    }
}

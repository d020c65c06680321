//! Names that the emitted C++ cannot carry.

/// Keywords of C++17 with the alternative operator spellings, keywords of C++20 that compilers warn about, and CUDA's
/// built-in variables and qualifiers.
const RESERVED: &[&str] = &[
    "alignas",
    "alignof",
    "and",
    "and_eq",
    "asm",
    "auto",
    "bitand",
    "bitor",
    "bool",
    "break",
    "case",
    "catch",
    "char",
    "char16_t",
    "char32_t",
    "char8_t",
    "class",
    "co_await",
    "co_return",
    "co_yield",
    "compl",
    "concept",
    "const",
    "const_cast",
    "consteval",
    "constexpr",
    "constinit",
    "continue",
    "decltype",
    "default",
    "delete",
    "do",
    "double",
    "dynamic_cast",
    "else",
    "enum",
    "explicit",
    "export",
    "extern",
    "false",
    "float",
    "for",
    "friend",
    "goto",
    "if",
    "inline",
    "int",
    "long",
    "mutable",
    "namespace",
    "new",
    "noexcept",
    "not",
    "not_eq",
    "nullptr",
    "operator",
    "or",
    "or_eq",
    "private",
    "protected",
    "public",
    "register",
    "reinterpret_cast",
    "requires",
    "return",
    "short",
    "signed",
    "sizeof",
    "static",
    "static_assert",
    "static_cast",
    "struct",
    "switch",
    "template",
    "this",
    "thread_local",
    "throw",
    "true",
    "try",
    "typedef",
    "typeid",
    "typename",
    "union",
    "unsigned",
    "using",
    "virtual",
    "void",
    "volatile",
    "wchar_t",
    "while",
    "xor",
    "xor_eq",
    "blockDim",
    "blockIdx",
    "gridDim",
    "threadIdx",
    "warpSize",
    "assert",
];

/// The element type of device code: a member of this name would change the meaning of every declaration after it.
const VOCABULARY: &[&str] = &["real"];

/// What the generated structs declare beside the fields of the config.
const MEMBERS: &[&str] = &["any_shared", "reset", "state_type", "traced"];

/// Names that the members of the generated structs use, and a field of the same name would hide.
const USED: &[&str] = &[
    "all_lanes",
    "clear",
    "frame",
    "kernel_arguments",
    "local_array",
    "persistent_array",
    "persistent_storage",
    "poison",
    "record",
    "scalar",
    "shared_array",
];

/// Why `name` cannot be that of a member of a generated struct, or `None` where it can.
pub(crate) fn member_problem(name: &str) -> Option<&'static str> {
    problem(name).or_else(|| {
        if MEMBERS.contains(&name) {
            Some("is a member of every generated C++ struct")
        } else if USED.contains(&name) {
            Some("is used by every generated C++ struct, where the member would hide it")
        } else {
            None
        }
    })
}

/// Why `name` cannot be a C++ identifier of the emitted source, or `None` where it can.
pub(crate) fn problem(name: &str) -> Option<&'static str> {
    let mut chars = name.chars();
    let starts_well = chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if !starts_well || !chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Some("is not an identifier in C++ (ASCII letters, digits and `_`, not beginning with a digit)");
    }
    if RESERVED.contains(&name) {
        return Some("is a reserved word of C++ or CUDA");
    }
    if VOCABULARY.contains(&name) {
        return Some("is a type of the device code");
    }
    let reserved_start = name.strip_prefix('_').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    if name.contains("__") || reserved_start {
        return Some("is reserved for the C++ compiler (`__` inside, or `_` and a capital at the start)");
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_and_malformed_names_are_refused() {
        for name in ["double", "register", "xor", "threadIdx", "real", "a__b", "_Tmp", "3d", "", "größe", "a-b"] {
            assert!(problem(name).is_some(), "{name}");
        }
        for name in ["accumulator", "type", "fn", "_x", "x1", "doubled", "match"] {
            assert!(problem(name).is_none(), "{name}");
        }
        for name in ["state_type", "any_shared", "traced", "reset", "frame", "double"] {
            assert!(member_problem(name).is_some(), "{name}");
        }
        assert!(member_problem("state").is_none() && problem("reset").is_none());
    }
}

//! Tableaus by name.

use thiserror::Error;

/// No tableau of the family has the requested name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no {family} tableau is called `{name}`{}; known are {}", did_you_mean(.suggestion), .known.join(", "))]
#[non_exhaustive]
pub struct UnknownTableau {
    /// The methods among which the name was looked up.
    pub family: &'static str,
    /// The name that was asked for.
    pub name: String,
    /// The nearest known name or alias, if one is near.
    pub suggestion: Option<&'static str>,
    /// The canonical names of all tableaus of the family.
    pub known: Vec<&'static str>,
}

fn did_you_mean(suggestion: &Option<&'static str>) -> String {
    suggestion.map_or_else(String::new, |name| format!(" (did you mean `{name}`?)"))
}

/// The tableau one of whose `names` — the canonical one first, all in lower case — is `name` in any case.
pub(in crate::tableau) fn find<T, N: Iterator<Item = &'static str>>(
    family: &'static str,
    tableaus: &'static [T],
    names: impl Fn(&'static T) -> N,
    name: &str,
) -> Result<&'static T, UnknownTableau> {
    let wanted = name.trim().to_ascii_lowercase();
    let all = || tableaus.iter().flat_map(|tableau| names(tableau).map(move |name| (name, tableau)));
    if let Some((_, tableau)) = all().find(|&(name, _)| name == wanted) {
        return Ok(tableau);
    }
    let suggestion = all()
        .map(|(name, _)| (strsim::jaro_winkler(name, &wanted), name))
        .filter(|&(similarity, _)| similarity > 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, name)| name);
    let known = tableaus.iter().filter_map(|tableau| names(tableau).next()).collect();
    Err(UnknownTableau { family, name: name.to_owned(), suggestion, known })
}

/// What tableaus of every family have: a list, names, an order and a number of stages.
macro_rules! named_tableaus {
    ($tableau:ident, $family:literal) => {
        impl $tableau {
            /// All tableaus of the family, by ascending order of the propagated solution.
            #[must_use]
            pub fn all() -> &'static [Self] {
                &ALL
            }

            /// The tableau with this name or alias; upper and lower case are the same.
            ///
            /// # Errors
            ///
            /// [`UnknownTableau`] if there is none; it carries the nearest name.
            pub fn named(name: &str) -> Result<&'static Self, UnknownTableau> {
                $crate::tableau::names::find($family, &ALL, Self::names, name)
            }

            /// The canonical name, then the aliases.
            pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
                std::iter::once(self.name).chain(self.aliases.iter().copied())
            }

            /// The smaller order of the embedded pair, which step size controllers go by; the method's own where there is no pair.
            #[must_use]
            pub fn controller_order(&self) -> u32 {
                $crate::tableau::coefficients::controller_order(self.order, self.embedded_order)
            }

            /// Number of stages.
            #[must_use]
            pub const fn stages(&self) -> usize {
                self.b.len()
            }
        }
    };
}
pub(super) use named_tableaus;

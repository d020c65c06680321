//! Where a buffer may be placed.

use std::fmt;
use std::str::FromStr;

use crate::names::UnknownName;

/// The memory a buffer is asked to live in.
///
/// Whether its contents also survive between calls is a separate property (`persistent`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Location {
    /// On-chip memory of the thread block; each thread has its own part of it.
    Shared,
    /// Registers and thread-private memory.
    Local,
}

impl Location {
    /// Every location, in the order of [`NAMES`](Self::NAMES).
    pub const ALL: [Self; 2] = [Self::Shared, Self::Local];
    /// The text forms.
    pub const NAMES: &'static [&'static str] = &["shared", "local"];

    /// The text form: `shared` or `local`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Local => "local",
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Location {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "shared" => Ok(Self::Shared),
            "local" => Ok(Self::Local),
            _ => Err(UnknownName::new("location", text, Self::NAMES)),
        }
    }
}

impl TryFrom<&str> for Location {
    type Error = UnknownName;

    fn try_from(text: &str) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl TryFrom<String> for Location {
    type Error = UnknownName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_forms_read_back() {
        for (location, name) in Location::ALL.into_iter().zip(Location::NAMES) {
            assert_eq!(location.to_string(), *name);
            assert_eq!(name.parse(), Ok(location));
            assert_eq!(Location::try_from(*name), Ok(location));
            assert_eq!(Location::try_from((*name).to_owned()), Ok(location));
        }
    }

    #[test]
    fn anything_else_is_refused_with_both_choices() {
        let error = "Shared".parse::<Location>().unwrap_err();
        assert_eq!(error.to_string(), "unknown location `Shared`: must be `shared` or `local`; did you mean `shared`?");
    }
}

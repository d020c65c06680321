//! The names of attributes and of their keys, each written once.

/// `#[buffers(…)]` on the type.
pub(crate) const BUFFERS: &str = "buffers";
/// `#[input]`.
pub(crate) const INPUT: &str = "input";
/// `#[setting(…)]`.
pub(crate) const SETTING: &str = "setting";
/// `#[buffer(…)]`.
pub(crate) const BUFFER: &str = "buffer";
/// `#[child(…)]`.
pub(crate) const CHILD: &str = "child";

/// The attributes of which every field carries exactly one.
pub(crate) const FIELD_ATTRIBUTES: [&str; 4] = [INPUT, SETTING, BUFFER, CHILD];

pub(crate) const ALIASES: &str = "aliases";
pub(crate) const ALLOCATORS: &str = "allocators";
pub(crate) const ARGUMENT: &str = "argument";
pub(crate) const AT: &str = "at";
pub(crate) const CRATE: &str = "crate";
pub(crate) const DEFAULT: &str = "default";
pub(crate) const DEVICE: &str = "device";
pub(crate) const GT: &str = "gt";
pub(crate) const INPUTS: &str = "inputs";
pub(crate) const LEN: &str = "len";
pub(crate) const LIVE: &str = "live";
pub(crate) const LOCATION: &str = "location";
pub(crate) const LT: &str = "lt";
pub(crate) const MAX: &str = "max";
pub(crate) const MIN: &str = "min";
pub(crate) const NAME: &str = "name";
pub(crate) const ONE_OF: &str = "one_of";
pub(crate) const PERSISTENT: &str = "persistent";
pub(crate) const PHASES: &str = "phases";
pub(crate) const PREFIX: &str = "prefix";
pub(crate) const RANGE: &str = "range";
pub(crate) const RENAME: &str = "rename";
pub(crate) const SETTINGS: &str = "settings";
pub(crate) const TEMPLATE: &str = "template";
pub(crate) const VALIDATE: &str = "validate";
pub(crate) const WHEN: &str = "when";
pub(crate) const WITH: &str = "with";
pub(crate) const ZEROED: &str = "zeroed";

/// Keys of `#[buffers(…)]`.
pub(crate) const BUFFERS_KEYS: &[&str] = &[NAME, TEMPLATE, PHASES, VALIDATE, SETTINGS, INPUTS, ALLOCATORS, CRATE];
/// Keys of `#[input(…)]`.
pub(crate) const INPUT_KEYS: &[&str] = &[DEVICE];
/// Keys of `#[setting(…)]`.
pub(crate) const SETTING_KEYS: &[&str] = &[DEFAULT, MIN, MAX, GT, LT, RANGE, ONE_OF, WITH, ARGUMENT, RENAME];
/// Keys of `#[buffer(…)]`.
pub(crate) const BUFFER_KEYS: &[&str] = &[LEN, LOCATION, PERSISTENT, ALIASES, ZEROED, LIVE];
/// Keys of `#[child(…)]`.
pub(crate) const CHILD_KEYS: &[&str] = &[PREFIX, WITH, INPUTS, WHEN, ALIASES, AT];

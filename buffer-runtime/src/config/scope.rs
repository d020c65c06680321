//! Where in the tree of instances a walk stands: the path that identifies it and the label of its flat keys.

/// The current instance of a walk over a config tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    path: String,
    label: &'static str,
}

impl Scope {
    /// Dotted path of the instance; empty at the root.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Label of the instance's flat keys; empty at the root.
    pub(crate) fn label(&self) -> &'static str {
        self.label
    }

    /// Path of a member.
    pub(crate) fn member(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Flat key of a setting: `<label>_<name>`.
    pub(crate) fn key(&self, name: &str) -> String {
        if self.label.is_empty() { name.to_owned() } else { format!("{}_{name}", self.label) }
    }

    /// Whether `owner` is this instance's path with its dot: what a dotted key has before a member's name.
    pub(crate) fn is_path_of(&self, owner: &str) -> bool {
        if self.path.is_empty() { owner.is_empty() } else { owner.strip_suffix('.') == Some(&self.path) }
    }

    /// Whether `owner` is this instance's label with its underscore: what a flat key has before a member's name.
    pub(crate) fn is_label_of(&self, owner: &str) -> bool {
        if self.label.is_empty() { owner.is_empty() } else { owner.strip_suffix('_') == Some(self.label) }
    }

    /// Enters a child; a prefix replaces the label. Returns what [`leave`](Self::leave) needs.
    pub(crate) fn enter(&mut self, name: &str, prefix: Option<&'static str>) -> (usize, &'static str) {
        let mark = (self.path.len(), self.label);
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(name);
        self.label = prefix.unwrap_or(self.label);
        mark
    }

    /// Back to the instance before the matching [`enter`](Self::enter).
    pub(crate) fn leave(&mut self, (length, label): (usize, &'static str)) {
        self.path.truncate(length);
        self.label = label;
    }
}

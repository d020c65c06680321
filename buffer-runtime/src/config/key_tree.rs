//! Ambiguous flat keys, found while the declaring crate compiles.

use super::merge::LOCATION;
use super::spec::GroupSpec;

/// What the compiler knows of the declarations below a config type: [`GroupSpec`] reaches them through functions, which
/// constants cannot call.
#[derive(Debug)]
pub struct KeyTree {
    /// What the type declares.
    pub spec: &'static GroupSpec,
    /// One for each child of a struct or variant of an enum, in order.
    pub members: &'static [&'static Self],
}

const UNDECLARED: &KeyTree = &KeyTree {
    spec: &GroupSpec {
        name: "",
        type_name: "",
        doc: "",
        template: None,
        phases: &[],
        inputs: &[],
        settings: &[],
        buffers: &[],
        children: &[],
        order: &[],
        variants: &[],
    },
    members: &[],
};

/// Stands in for the constant of the same name that the derive writes: a type parameter, a type without the derive and one
/// whose declaration is refused have no keys here.
pub trait Undeclared {
    /// No keys.
    const __KEYS: &'static KeyTree = UNDECLARED;
}

impl<T: ?Sized> Undeclared for T {}

/// Deepest nesting that is looked into; a tree that is deeper is checked when it is made, as every tree is.
const DEPTH: usize = 16;

/// Pairs of keys compared for one child, which bounds the time of compilation; beyond it the check when the tree is made
/// remains.
const PAIRS: usize = 100_000;

/// A flat key, `<label>_<name><suffix>`, and the type that declares it.
#[derive(Clone, Copy)]
struct Key {
    label: &'static str,
    name: &'static str,
    suffix: &'static str,
    type_name: &'static str,
}

impl Key {
    const fn separator(self) -> &'static str {
        if self.label.is_empty() { "" } else { "_" }
    }

    const fn len(self) -> usize {
        self.label.len() + self.separator().len() + self.name.len() + self.suffix.len()
    }

    /// The byte at `at` of the composed key.
    const fn byte(self, mut at: usize) -> Option<u8> {
        let pieces = [self.label, self.separator(), self.name, self.suffix];
        let mut piece = 0;
        while piece < pieces.len() {
            let bytes = pieces[piece].as_bytes();
            if at < bytes.len() {
                return Some(bytes[at]);
            }
            at -= bytes.len();
            piece += 1;
        }
        None
    }

    /// Whether the keys read the same but stand for different declarations: one key may address all instances of its
    /// label.
    const fn clashes_with(self, other: Self) -> bool {
        if self.len() != other.len() {
            return false;
        }
        // Keys differ at their ends most often.
        let mut at = self.len();
        while at > 0 {
            at -= 1;
            match (self.byte(at), other.byte(at)) {
                (Some(a), Some(b)) if a == b => {}
                _ => return false,
            }
        }
        !(equal(self.type_name, other.type_name) && equal(self.name, other.name) && equal(self.suffix, other.suffix))
    }
}

const fn equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// A walk over the keys of a tree of declarations: those of a type before those of its members.
struct Walk {
    /// Most declarations on the stack.
    limit: usize,
    /// The declarations around the current one, each with its label and the number of its members that are done.
    stack: [(&'static KeyTree, &'static str, usize); DEPTH],
    depth: usize,
    /// Keys of the current declaration that are done.
    done: usize,
}

impl Walk {
    const fn new(tree: &'static KeyTree, label: &'static str, limit: usize) -> Self {
        Self { limit, stack: [(tree, label, 0); DEPTH], depth: 1, done: 0 }
    }

    /// The next key of the declaration at the top, if it has one more.
    const fn own(&mut self) -> Option<Key> {
        if self.depth == 0 {
            return None;
        }
        let (tree, label, _) = self.stack[self.depth - 1];
        let (spec, at) = (tree.spec, self.done);
        let (name, suffix) = if at < spec.settings.len() {
            (spec.settings[at].name, "")
        } else if at - spec.settings.len() < spec.buffers.len() {
            (spec.buffers[at - spec.settings.len()].name, LOCATION)
        } else {
            return None;
        };
        self.done += 1;
        Some(Key { label, name, suffix, type_name: spec.type_name })
    }

    const fn next(&mut self) -> Option<Key> {
        while self.depth > 0 {
            if let Some(key) = self.own() {
                return Some(key);
            }
            let (tree, label, member) = self.stack[self.depth - 1];
            if member < tree.members.len() && self.depth < self.limit {
                self.stack[self.depth - 1].2 += 1;
                self.stack[self.depth] = (tree.members[member], member_label(tree, member, label), 0);
                self.depth += 1;
                self.done = 0;
            } else {
                self.depth -= 1;
                // The keys of the one around were done before its members began.
                self.done = usize::MAX;
            }
        }
        None
    }
}

/// The label of a member; a variant goes by that of its enum.
const fn member_label(tree: &KeyTree, member: usize, label: &'static str) -> &'static str {
    if member < tree.spec.children.len()
        && let Some(prefix) = tree.spec.children[member].prefix
    {
        return prefix;
    }
    label
}

/// Makes sure that no flat key of the child at `index` is also one of its owner, or of a child before it of another type.
/// Of two optional children the owner may only ever have one, so that these are compared when a tree has both.
///
/// # Panics
/// Where a key has two meanings; in a constant, which then fails to compile.
#[track_caller]
pub const fn check_child_keys(owner: &'static KeyTree, index: usize) {
    let (members, children) = (owner.members, owner.spec.children);
    if index >= members.len() || index >= children.len() {
        return;
    }
    let below = (members[index], member_label(owner, index, ""));
    let mut pairs = 0;
    let mut own = Walk::new(owner, "", 1);
    while let Some(key) = own.next() {
        check_key(key, below, children[index].name, &mut pairs);
    }
    let mut before = 0;
    while before < index {
        if !(children[before].optional && children[index].optional) {
            let mut keys = Walk::new(members[before], member_label(owner, before, ""), DEPTH);
            while let Some(key) = keys.next() {
                check_key(key, below, children[index].name, &mut pairs);
            }
        }
        before += 1;
    }
}

/// Compares `key` with the keys of `child`.
#[track_caller]
const fn check_key(key: Key, child: (&'static KeyTree, &'static str), name: &str, pairs: &mut usize) {
    let mut keys = Walk::new(child.0, child.1, DEPTH);
    while let Some(other) = keys.next() {
        *pairs += 1;
        if *pairs > PAIRS {
            return;
        }
        if key.clashes_with(other) {
            ambiguous(key, other, name);
        }
    }
}

#[track_caller]
const fn ambiguous(first: Key, second: Key, child: &str) -> ! {
    let mut message = Message { bytes: [0; 512], len: 0 };
    message.push("the key `");
    message.push_key(first);
    message.push("` means both `");
    message.push(first.name);
    message.push(first.suffix);
    message.push("` of `");
    message.push(first.type_name);
    message.push("` and, through the child `");
    message.push(child);
    message.push("`, `");
    message.push(second.name);
    message.push(second.suffix);
    message.push("` of `");
    message.push(second.type_name);
    message.push("`: give the child another `prefix`, or rename one of them");
    match core::str::from_utf8(message.bytes.split_at(message.len).0) {
        Ok(text) => panic!("{}", text),
        Err(_) => {
            panic!("a key of this child is also one of its owner or of a child before it: give it another `prefix`")
        }
    }
}

/// Text put together in a constant; what does not fit is left out whole.
struct Message {
    bytes: [u8; 512],
    len: usize,
}

impl Message {
    const fn push(&mut self, text: &str) {
        let text = text.as_bytes();
        if text.len() > self.bytes.len() - self.len {
            return;
        }
        let mut at = 0;
        while at < text.len() {
            self.bytes[self.len] = text[at];
            self.len += 1;
            at += 1;
        }
    }

    const fn push_key(&mut self, key: Key) {
        self.push(key.label);
        self.push(key.separator());
        self.push(key.name);
        self.push(key.suffix);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::spec::{ChildSpec, SettingSpec};

    const fn setting(name: &'static str) -> SettingSpec {
        SettingSpec {
            name,
            field: name,
            doc: "",
            type_text: "usize",
            default_text: "0",
            range_text: None,
            argument: false,
        }
    }

    const fn child(prefix: Option<&'static str>, optional: bool) -> ChildSpec {
        // The walk goes through the members of the tree, never through this function.
        ChildSpec { name: "child", doc: "", prefix, optional, aliases: None, at: None, spec: || UNDECLARED.spec }
    }

    const fn group(
        type_name: &'static str,
        settings: &'static [SettingSpec],
        children: &'static [ChildSpec],
    ) -> GroupSpec {
        GroupSpec { type_name, settings, children, ..*UNDECLARED.spec }
    }

    const LEAF: KeyTree = KeyTree { spec: &group("Leaf", const { &[setting("b_c")] }, &[]), members: &[] };
    const TWIN: KeyTree = KeyTree { spec: &group("Twin", const { &[setting("b_c")] }, &[]), members: &[] };
    const NEST: KeyTree =
        KeyTree { spec: &group("Nest", &[], const { &[child(Some("a"), false)] }), members: &[&LEAF] };

    /// Whether the second child of an owner with the setting `own` and these children is refused.
    fn refused(own: &'static str, first: (&'static KeyTree, ChildSpec), second: (&'static KeyTree, ChildSpec)) -> bool {
        let settings: &'static [SettingSpec] = Box::leak(Box::new([setting(own)]));
        let children: &'static [ChildSpec] = Box::leak(Box::new([first.1, second.1]));
        let spec: &'static GroupSpec = Box::leak(Box::new(group("Owner", settings, children)));
        let members: &'static [&'static KeyTree] = Box::leak(Box::new([first.0, second.0]));
        let tree: &'static KeyTree = Box::leak(Box::new(KeyTree { spec, members }));
        std::panic::catch_unwind(|| check_child_keys(tree, 1)).is_err()
    }

    #[test]
    fn keys_with_two_meanings_are_refused() {
        let none = || (UNDECLARED, child(None, false));
        assert!(refused("a_b_c", none(), (&LEAF, child(Some("a"), false))));
        assert!(refused("b_c", none(), (&LEAF, child(None, false))));
        assert!(refused("a_b_c", none(), (&NEST, child(Some("other"), false))), "a child's child");
        assert!(refused("x", (&LEAF, child(Some("a"), false)), (&TWIN, child(Some("a"), true))));
        assert!(refused("x", (&LEAF, child(Some("a"), false)), (&TWIN, child(Some("a"), false))));
    }

    #[test]
    fn keys_with_one_meaning_pass() {
        let none = || (UNDECLARED, child(None, false));
        assert!(!refused("b_c", none(), (&LEAF, child(Some("a"), false))));
        assert!(!refused("a_b_c", none(), (&LEAF, child(None, false))));
        assert!(
            !refused("x", (&LEAF, child(Some("a"), false)), (&LEAF, child(Some("a"), false))),
            "one type, one label"
        );
        assert!(!refused("x", (&LEAF, child(Some("a"), true)), (&TWIN, child(Some("a"), true))), "never both");
    }

    #[test]
    fn the_message_names_the_key_and_both_declarations() {
        let settings: &'static [SettingSpec] = Box::leak(Box::new([setting("a_b_c")]));
        let children: &'static [ChildSpec] = Box::leak(Box::new([child(Some("a"), false)]));
        let spec: &'static GroupSpec = Box::leak(Box::new(group("Owner", settings, children)));
        let tree: &'static KeyTree = Box::leak(Box::new(KeyTree { spec, members: &[&LEAF] }));
        let panic = std::panic::catch_unwind(|| check_child_keys(tree, 0)).unwrap_err();
        assert_eq!(
            panic.downcast_ref::<String>().map(String::as_str),
            Some(
                "the key `a_b_c` means both `a_b_c` of `Owner` and, through the child `child`, `b_c` of `Leaf`: give the child another `prefix`, or rename one of them"
            )
        );
    }
}

//! Mounting one group in another, and clearing what is mounted.

use super::data::{Slot, Window, window_name};
use super::error::RegistryError;
use super::store::{BufferRegistry, ParentId};
use crate::layout::Region;

impl BufferRegistry {
    /// Mounts `child` in `parent` under `name`: two windows after what is registered there, `NAME_shared` and
    /// `NAME_persistent`, as large as the child's spaces are when asked. With `aliases` the shared window may reuse the
    /// space of a buffer or an earlier child.
    ///
    /// A child of the same name is replaced where it stands and has no owner then. `None` declares a child that is
    /// absent: its windows are empty.
    ///
    /// # Errors
    /// An unknown parent or child; an invalid or taken name; an alias of itself or of something not registered; a child
    /// that owns `parent` or has an owner.
    pub fn register_child(
        &mut self,
        parent: ParentId,
        child: impl Into<Option<ParentId>>,
        name: &str,
        aliases: Option<&str>,
    ) -> Result<(), RegistryError> {
        let child = child.into();
        self.check_child(parent, child, name, aliases)?;

        let group = self.data_mut(parent)?;
        let replaced = group.children.insert(name.to_owned(), child).flatten();
        for region in [Region::Shared, Region::Persistent] {
            let aliases = if region == Region::Shared { aliases.map(str::to_owned) } else { None };
            let window = Window { child: name.to_owned(), region, aliases };
            group.slots.insert(window_name(name, region), Slot::Window(window));
        }
        if let Some(replaced) = replaced.and_then(|id| self.groups.get_mut(&id)) {
            replaced.owner = None;
        }
        if let Some(child) = child.and_then(|id| self.groups.get_mut(&id)) {
            child.owner = Some(parent);
        }
        self.invalidate(parent);
        Ok(())
    }

    /// Removes the buffers and children of a group; groups mounted in it stay, without an owner. Returns whether the
    /// parent is known.
    pub fn clear_own(&mut self, parent: ParentId) -> bool {
        let Some(group) = self.groups.get_mut(&parent) else {
            return false;
        };
        group.slots.clear();
        let children: Vec<ParentId> = group.children.drain(..).filter_map(|(_, child)| child).collect();
        for child in children {
            if let Some(child) = self.groups.get_mut(&child) {
                child.owner = None;
            }
        }
        self.invalidate(parent);
        true
    }

    /// Removes a group and all mounted in it at any depth. Where it was mounted itself its windows become empty.
    /// Returns whether the parent was known.
    pub fn clear_parent(&mut self, parent: ParentId) -> bool {
        self.invalidate(parent);
        let known = self.contains(parent);
        let mut doomed = vec![parent];
        while let Some(id) = doomed.pop() {
            if let Some(group) = self.groups.remove(&id) {
                doomed.extend(group.children.into_values().flatten());
            }
        }
        known
    }

    /// Removes every group. Ids issued before stay unknown for ever.
    pub fn reset(&mut self) {
        self.groups.clear();
    }

    fn check_child(
        &self,
        parent: ParentId,
        child: Option<ParentId>,
        name: &str,
        aliases: Option<&str>,
    ) -> Result<(), RegistryError> {
        let group = self.data(parent)?;
        group.check_name(name)?;
        for taken in [name.to_owned(), window_name(name, Region::Shared), window_name(name, Region::Persistent)] {
            let holder = match group.slots.get(&taken) {
                Some(Slot::Buffer(_)) => Some(format!("a buffer, and the child `{name}` needs it")),
                _ => group.child_holding(&taken).filter(|(child, _)| *child != name).map(|(_, holder)| holder),
            };
            if let Some(holder) = holder {
                return Err(RegistryError::NameTaken { group: group.label.clone(), name: taken, holder });
            }
        }
        if let Some(target) = aliases {
            if target == window_name(name, Region::Shared) {
                return Err(RegistryError::SelfAlias { group: group.label.clone(), buffer: name.to_owned() });
            }
            group.check_target(name, target)?;
        }
        let Some(child) = child else { return Ok(()) };
        let mounted = self.data(child)?;
        let mut ancestor = Some(parent);
        while let Some(id) = ancestor {
            if id == child {
                return Err(RegistryError::ChildCycle { parent: group.label.clone(), child: mounted.label.clone() });
            }
            ancestor = self.groups.get(&id).and_then(|group| group.owner);
        }
        let Some(owner) = mounted.owner else { return Ok(()) };
        if owner == parent && group.children.get(name) == Some(&Some(child)) {
            return Ok(());
        }
        let owner = self.data(owner)?;
        let there = owner.children.iter().find(|(_, id)| **id == Some(child)).map(|(name, _)| name.clone());
        Err(RegistryError::ChildOwned {
            parent: group.label.clone(),
            child: mounted.label.clone(),
            owner: owner.label.clone(),
            mounted: there.unwrap_or_default(),
        })
    }
}

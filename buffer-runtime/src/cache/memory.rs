//! The artifacts of this process, a bounded number of them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use super::{CachedArtifact, KernelKey, locked};

/// One key's place. Whoever builds holds its lock, so that other threads wait instead of building too.
pub(super) type Slot = Mutex<Option<Arc<CachedArtifact>>>;

#[derive(Debug)]
pub(super) struct MemoryLevel {
    limit: usize,
    slots: Mutex<Slots>,
}

#[derive(Debug, Default)]
struct Slots {
    clock: u64,
    by_key: HashMap<KernelKey, (u64, Arc<Slot>)>,
}

impl MemoryLevel {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, slots: Mutex::default() }
    }

    /// The slot of `key`, now the most recently used. Slots beyond the limit are forgotten, oldest first, unless a
    /// thread holds them.
    pub(super) fn slot(&self, key: &KernelKey) -> Arc<Slot> {
        let mut slots = locked(&self.slots);
        slots.clock += 1;
        let now = slots.clock;
        let entry = slots.by_key.entry(*key).or_default();
        entry.0 = now;
        let slot = entry.1.clone();
        while slots.by_key.len() > self.limit {
            let idle = slots.by_key.iter().filter(|(_, (_, slot))| Arc::strong_count(slot) == 1);
            let Some(oldest) = idle.min_by_key(|(_, (used, _))| *used).map(|(key, _)| *key) else {
                break;
            };
            slots.by_key.remove(&oldest);
        }
        slot
    }
}

//! The memory of one pack on the CPU: stack for local and persistent buffers, scratch for shared ones.

use std::fmt;

use crate::layout::{Region, ResolvedLayout};

/// Bytes of stack that a thread may take for a pack, and of scratch. Both are mapped when a launch needs them; more than this is a mistake in a length rather than a kernel.
const LIMIT: usize = 1 << 30;

/// Stack for what is not in the compiler's account of its functions: the library's functions and signal handlers.
const MARGIN: usize = 64 << 10;

/// Stack for the temporaries of a kernel whose compiler gives no account.
const TEMPORARIES: usize = 1 << 20;

/// Buffers that a message lists.
const LISTED: usize = 5;

/// Memory of the CPU that a kernel's buffers share with others of their kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PackMemory {
    /// A thread's stack, where local and persistent buffers lie.
    Stack,
    /// A thread's scratch, where shared buffers lie.
    Scratch,
}

/// The buffers of a pack need more memory than a thread may take on the CPU.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub struct PackOverBudget {
    /// Which memory.
    pub memory: PackMemory,
    /// Runs computed at once.
    pub lanes: usize,
    /// Bytes a pack needs.
    pub requested: usize,
    /// Bytes it can have.
    pub limit: usize,
    /// The largest buffers there, with their bytes per run, largest first.
    pub largest: Vec<(String, usize)>,
}

impl fmt::Display for PackOverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { memory, lanes, requested, limit, largest } = self;
        let (place, kind) = match memory {
            PackMemory::Stack => ("stack", "local and persistent"),
            PackMemory::Scratch => ("scratch", "shared"),
        };
        writeln!(
            f,
            "{lanes} runs at once need {requested} bytes of a thread's {place} for {kind} buffers; the limit is {limit}. The largest:"
        )?;
        for (path, bytes) in largest {
            writeln!(f, "  {bytes:>12} bytes per run: {path}")?;
        }
        f.write_str("declare fewer elements")?;
        if *lanes > 1 {
            f.write_str(
                ", or compute fewer runs at once: a smaller `pack` or `vector_bytes` in `CpuOptions` (`vector_bytes: Some(0)` is one)",
            )?;
        }
        f.write_str("; stack and scratch have a limit each, so that a placement between both may help")
    }
}

/// Refuses buffers beyond all measure, before anything is compiled.
pub(super) fn check(layout: &ResolvedLayout, lanes: usize) -> Result<(), PackOverBudget> {
    within_limit(PackMemory::Stack, declared_stack(layout, lanes), layout, lanes)?;
    within_limit(PackMemory::Scratch, scratch_bytes(layout, lanes), layout, lanes)
}

/// Bytes of scratch of a pack.
pub(super) fn scratch_bytes(layout: &ResolvedLayout, lanes: usize) -> usize {
    layout.totals().shared.get().checked_next_multiple_of(8).unwrap_or(usize::MAX).saturating_mul(lanes)
}

/// Bytes of stack that a call of the compiled kernel may take.
///
/// `frames` are those of all its functions together, as the compiler accounts for them; none calls itself, so that no chain of calls takes more.
/// Without that account, the declared buffers are counted for each copy that a compiler may keep of them: twice where it optimises, and again for each call that was
/// inlined where it keeps variables apart for the debugger.
pub(super) fn stack_bytes(
    layout: &ResolvedLayout,
    lanes: usize,
    frames: Option<usize>,
    debug: bool,
) -> Result<usize, PackOverBudget> {
    let bytes = frames.unwrap_or_else(|| {
        declared_stack(layout, lanes).saturating_mul(if debug { 8 } else { 2 }).saturating_add(TEMPORARIES)
    });
    if frames.is_some() {
        within_limit(PackMemory::Stack, bytes, layout, lanes)?;
    }
    Ok(bytes.saturating_add(MARGIN))
}

fn declared_stack(layout: &ResolvedLayout, lanes: usize) -> usize {
    let totals = layout.totals();
    totals.local.get().saturating_add(totals.persistent.get()).saturating_mul(lanes)
}

fn within_limit(
    memory: PackMemory,
    requested: usize,
    layout: &ResolvedLayout,
    lanes: usize,
) -> Result<(), PackOverBudget> {
    if requested <= LIMIT {
        return Ok(());
    }
    let there = |region: Region| match memory {
        PackMemory::Stack => matches!(region, Region::Local | Region::Persistent),
        PackMemory::Scratch => region == Region::Shared,
    };
    let mut largest: Vec<(String, usize)> = layout
        .buffers()
        .iter()
        .filter(|buffer| there(buffer.region()))
        .map(|buffer| (buffer.path.clone(), buffer.bytes.get()))
        .collect();
    largest.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    largest.truncate(LISTED);
    Err(PackOverBudget { memory, lanes, requested, limit: LIMIT, largest })
}

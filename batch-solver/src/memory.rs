//! Memory is computed and compared with what is there before anything is allocated.

use crate::error::SolveError;

/// Refuses a solve whose arrays do not fit: `rows` values and a status per run.
pub(crate) fn check(runs: usize, rows: usize, value_bytes: usize) -> Result<(), SolveError> {
    let needed = rows
        .checked_mul(value_bytes)
        .and_then(|bytes| bytes.checked_add(size_of::<i32>()))
        .and_then(|bytes| bytes.checked_mul(runs))
        .and_then(|bytes| u64::try_from(bytes).ok())
        .unwrap_or(u64::MAX);
    let available = available().unwrap_or(i64::MAX as u64);
    if needed > available { Err(SolveError::Memory { runs, needed, available }) } else { Ok(()) }
}

/// Bytes the operating system can give without swapping (Linux; elsewhere unknown).
fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absurd_batches_are_refused_before_anything_is_allocated() {
        assert!(check(1000, 7, 8).is_ok());
        let error = check(1 << 50, 7, 8).unwrap_err();
        assert!(matches!(error, SolveError::Memory { needed, .. } if needed == (7 * 8 + 4) << 50), "{error}");
        assert!(matches!(check(usize::MAX, usize::MAX, 8), Err(SolveError::Memory { needed: u64::MAX, .. })));
    }
}

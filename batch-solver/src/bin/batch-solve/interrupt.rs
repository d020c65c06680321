//! Ctrl-C, and the signals by which a cluster announces the end of a job's time.

use std::fs;
use std::path::PathBuf;
use std::process;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::output::tell;

/// 128 and the number of the signal, as shells have it.
pub(crate) const INTERRUPTED: u8 = 130;

static ASKED: AtomicBool = AtomicBool::new(false);

/// What is removed if the program is left at once.
static TEMPORARY: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// From now on the first signal is only noted, for the part being solved to be finished; the second ends the program, and leaves none of these files behind.
pub(crate) fn listen(temporary: Vec<PathBuf>) {
    *TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner) = temporary;
    let handler = || {
        if ASKED.swap(true, Ordering::Relaxed) {
            for file in &*TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner) {
                let _ = fs::remove_file(file);
            }
            process::exit(INTERRUPTED.into());
        }
        tell("interrupted: what is solved will be written; once more leaves at once, without");
    };
    // Where signals cannot be listened to the program ends by the first, as programs do.
    let _ = ctrlc::set_handler(handler);
}

/// From now on the files stay when the program is left at once: what is solved is among them.
pub(crate) fn keep_files() {
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

/// Whether a signal came.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}

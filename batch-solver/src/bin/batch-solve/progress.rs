//! How far a solve is, on a terminal: runs, throughput and the time left.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar on standard error; hidden where that is no terminal.
#[derive(Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// For a batch of `runs`, the first `solved` of which are there already.
    pub(crate) fn new(quiet: bool, runs: usize, solved: usize) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        Self::drawn(target, runs, solved)
    }

    fn drawn(target: ProgressDrawTarget, runs: usize, solved: usize) -> Self {
        if target.is_hidden() {
            return Self(ProgressBar::hidden());
        }
        // Throughput is that of this program, not of the one that was interrupted.
        let bar = ProgressBar::with_draw_target(Some(runs as u64), target).with_position(solved as u64);
        bar.reset_eta();
        let template = "{spinner} {wide_bar} {human_pos}/{human_len} runs, {per_sec}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.with_key("per_sec", per_second));
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    pub(crate) fn add(&self, runs: usize) {
        self.0.inc(runs as u64);
    }

    pub(crate) fn clear(&self) {
        self.0.finish_and_clear();
    }
}

/// Whole runs per second, in groups of three digits.
fn per_second(state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write) {
    let rate = if state.per_sec().is_finite() { state.per_sec() } else { 0.0 };
    // A closed terminal is not worth an error.
    let _ = write!(out, "{}/s", indicatif::HumanCount(rate as u64));
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use indicatif::TermLike;

    use super::*;

    /// A terminal that remembers all that was written to it.
    #[derive(Clone, Debug, Default)]
    struct Terminal(Arc<Mutex<String>>);

    impl TermLike for Terminal {
        fn width(&self) -> u16 {
            100
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn the_line_has_runs_throughput_and_the_time_left() {
        let terminal = Terminal::default();
        let progress = Progress::drawn(ProgressDrawTarget::term_like(Box::new(terminal.clone())), 20_000, 5_000);
        progress.add(1_234);
        progress.0.force_draw();
        let written = terminal.0.lock().unwrap().clone();
        let (_, line) = written.rsplit_once(" 6,234/20,000 runs, ").unwrap();
        let (rate, left) = line.split_once(", ").unwrap();
        assert!(rate.strip_suffix("/s").unwrap().chars().all(|c| c.is_ascii_digit() || c == ','), "{rate}");
        assert!(left.trim_end().ends_with(" left"), "{left}");
    }

    #[test]
    fn nothing_is_shown_where_nobody_looks() {
        assert!(Progress::new(true, 10, 0).0.is_hidden());
    }
}

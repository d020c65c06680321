//! What is shown, and whether it is what was printed.

/// A line without what differs between two runs: times, speeds and the machine.
pub(crate) fn tidy(line: &str) -> String {
    let mut text = line.to_owned();
    for (before, after) in [("CPU (", ")"), ("seconds\":", ","), ("\"stiffness\":", "}")] {
        text = between(&text, before, after);
    }
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for at in 1..words.len() {
        let unit = words[at].trim_end_matches([',', ':', '.', ';']);
        if ["s", "ms", "µs", "trajectories"].contains(&unit) && words[at - 1].parse::<f64>().is_ok() {
            // A count of trajectories is a speed only where it is one per second.
            if unit != "trajectories" || words.get(at + 1).is_some_and(|word| word == "per") {
                words[at - 1] = "…".to_owned();
            }
        }
    }
    words.join(" ")
}

/// Puts `…` between the two wherever they occur.
fn between(text: &str, before: &str, after: &str) -> String {
    let mut parts = text.split(before);
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        result += before;
        match part.find(after) {
            Some(at) => result += &format!("…{}", &part[at..]),
            None => result += part,
        }
    }
    result
}

/// Whether what is shown is what was printed, `…` standing for anything.
pub(crate) fn shows(shown: &[String], printed: &[String]) -> bool {
    match shown.split_first() {
        None => printed.is_empty(),
        Some((line, rest)) if line.trim() == "…" => (0..=printed.len()).any(|skip| shows(rest, &printed[skip..])),
        Some((line, rest)) => {
            printed.split_first().is_some_and(|(have, left)| line_shows(&tidy(line), &tidy(have)) && shows(rest, left))
        }
    }
}

fn line_shows(shown: &str, printed: &str) -> bool {
    let mut parts = shown.trim_end().split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = printed.trim_end().strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[test]
fn dots_stand_for_anything_and_times_are_not_compared() {
    let lines = |text: &str| -> Vec<String> { text.lines().map(str::to_owned).collect() };
    let same = |shown: &str, printed: &str| shows(&lines(shown), &lines(printed));
    assert!(same("a\n…\nd", "a\nb\nc\nd") && same("a…c", "abbc") && same("", ""));
    assert!(!same("a\n…\nd", "a\nb") && !same("a…c", "abd") && !same("a", "a\nb") && !same("a\nb", "a"));
    assert!(same("3 runs in 0.1 s on CPU (2 threads)", "3 runs in … s on CPU (8 threads)"));
    assert!(!same("3 runs in 0.1 s", "4 runs in 0.1 s"));
    assert_eq!(
        tidy("1 run of 106 steps in 0.004 s: 2040 trajectories per second"),
        "1 run of 106 steps in … s: … trajectories per second"
    );
    assert_eq!(
        tidy("{\"runs\":5,\"seconds\":0.2,\"kernel_seconds\":3.5e-5,"),
        "{\"runs\":5,\"seconds\":…,\"kernel_seconds\":…,"
    );
}

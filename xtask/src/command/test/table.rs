//! The last thing `cargo xtask test` prints: what each part took, and how many passed.

use std::fmt::Write;
use std::time::Duration;

pub(super) enum Outcome {
    Passed(Duration),
    Failed(Duration),
    NotRun,
}

/// One line per part, then how many passed and failed, alone on the last line.
pub(super) fn table(outcomes: &[(&'static str, Outcome)]) -> String {
    let mut text = String::new();
    let mut line = |name: &str, time: &str, word: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name:<32} {time:>8}  {word}");
    };
    let (mut passed, mut failed, mut total) = (0, 0, Duration::ZERO);
    for (name, outcome) in outcomes {
        match outcome {
            Outcome::Passed(time) => {
                passed += 1;
                total += *time;
                line(name, &minutes(*time), "passed");
            }
            Outcome::Failed(time) => {
                failed += 1;
                total += *time;
                line(name, &minutes(*time), "FAILED");
            }
            Outcome::NotRun => line(name, "–", "not run"),
        }
    }
    line("together", &minutes(total), "");
    let _ = writeln!(text, "\n{passed} passed, {failed} failed");
    text
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_the_parts() {
        let outcomes = [
            ("format", Outcome::Passed(Duration::from_secs(61))),
            ("tidy", Outcome::Failed(Duration::from_secs(2))),
            ("clippy", Outcome::NotRun),
        ];
        let text = table(&outcomes);
        assert_eq!(text.lines().last(), Some("1 passed, 1 failed"));
        assert!(text.contains("1:01  passed") && text.contains("0:02  FAILED") && text.contains("not run"));
    }
}

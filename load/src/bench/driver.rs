//! How busy this process is while it drives a server, so that nobody takes its limit for the server's.

use anyhow::{Context, Result};

/// The kernel's unit of processor time in /proc, on every Linux that Rust runs on.
const TICKS_A_SECOND: f64 = 100.0;

/// Seconds of processor time that this process has used.
pub(super) fn processor_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")
        .context("processor time is read from /proc, which Linux has")?;
    ticks(&stat).map(|ticks| ticks / TICKS_A_SECOND).context("/proc/self/stat has an unknown shape")
}

/// User and system time: the 14th and 15th field. The second, the program's name, may hold spaces.
fn ticks(stat: &str) -> Option<f64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_whitespace().skip(11);
    Some(times.next()?.parse::<f64>().ok()? + times.next()?.parse::<f64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_does_not_shift_the_fields() {
        assert_eq!(ticks("7 (a) b) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0"), Some(300.0));
    }
}

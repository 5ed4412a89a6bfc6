//! Lists for people: columns as wide as their widest cell.

use super::{CliResult, say};

/// Prints rows under their headings.
pub(super) fn print<const N: usize>(headings: [&str; N], rows: &[[String; N]]) -> CliResult {
    let mut widths = headings.map(|heading| heading.chars().count());
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: [&str; N]| {
        let padded: Vec<String> = cells
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.chars().count())))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    say(line(headings))?;
    rows.iter().try_for_each(|row| say(line(row.each_ref().map(String::as_str))))
}

/// `yes`, or nothing.
pub(super) fn mark(is_so: bool) -> String {
    if is_so { "yes".to_owned() } else { String::new() }
}

/// A time, or nothing.
pub(super) fn time(at: Option<domain::time::Timestamp>) -> String {
    at.map_or_else(String::new, |at| at.to_string())
}

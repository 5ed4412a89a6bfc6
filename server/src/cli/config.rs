//! `relabel config`: what every setting is, and why.

use super::{CliResult, table};
use crate::config::{Given, SETTINGS};

/// Prints every setting.
pub(super) fn print(given: &Given) -> CliResult {
    let rows: Vec<[String; 5]> = SETTINGS
        .iter()
        .map(|setting| {
            let (value, source) = given.value(setting);
            let value = value.map_or("-", |value| shown(setting.key, value));
            [
                setting.key.to_owned(),
                value.to_owned(),
                setting.default.unwrap_or("-").to_owned(),
                source.to_string(),
                format!("{} ({}, {})", setting.meaning, setting.flag(), setting.variable()),
            ]
        })
        .collect();
    table::print(["setting", "value", "default", "source", "meaning"], &rows)
}

/// A database's address may hold its password.
fn shown<'a>(key: &str, value: &'a str) -> &'a str {
    if key == "database_url" { "(given)" } else { value }
}

//! The table of error codes in the guide to the API has every code, in order, with its meaning.
//!
//! Which status a kind of refusal has is not for this crate to know: here every kind has one status, and no two
//! kinds share one. The server's own tests hold the statuses.

use domain::problem::{Code, Kind};
use std::collections::HashMap;

const DOCUMENT: &str = include_str!("../../docs/api.md");

/// The rows of the table: status, code, meaning.
fn rows() -> Vec<[&'static str; 3]> {
    let table = DOCUMENT.lines().skip_while(|line| *line != "| status | code | meaning |");
    table
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            <[&str; 3]>::try_from(cells).ok()
        })
        .collect()
}

#[test]
fn the_documented_codes_are_all_codes() {
    let documented: Vec<_> =
        rows().into_iter().map(|[_, code, meaning]| (code.to_owned(), meaning)).collect();
    let expected: Vec<_> = Code::ALL.iter().map(|code| (format!("`{code}`"), code.title())).collect();
    assert_eq!(documented, expected, "docs/api.md shall hold the right side");
}

#[test]
fn every_kind_has_one_documented_status_and_no_two_share_one() {
    let mut kinds: HashMap<&str, Kind> = HashMap::new();
    let mut statuses: HashMap<Kind, &str> = HashMap::new();
    for ([status, ..], code) in rows().into_iter().zip(Code::ALL) {
        assert_eq!(*kinds.entry(status).or_insert(code.kind()), code.kind(), "{code}: {status}");
        assert_eq!(*statuses.entry(code.kind()).or_insert(status), status, "{code}: {status}");
    }
}

//! Every module says what it is for, and is short enough to read from top to bottom.

use crate::tidy::{Tree, Violation};

const MOST_LINES: usize = 400;

/// Files that may be longer, each with its reason.
const LONGER: &[(&str, &str)] = &[];

pub(super) fn check_header(tree: &Tree) -> Vec<Violation> {
    tree.rust()
        .filter(|file| !file.text.starts_with("//!"))
        .map(|file| {
            let why = "a module starts with `//!`: what it does, what it must not do";
            Violation::new(&file.path, 1, "module header", why)
        })
        .collect()
}

pub(super) fn check_length(tree: &Tree) -> Vec<Violation> {
    tree.rust()
        .filter(|file| LONGER.iter().all(|(path, _)| *path != file.path))
        .filter_map(|file| {
            let lines = file.text.lines().count();
            let why = format!("{lines} lines; over {MOST_LINES} a file has more than one subject: split it");
            (lines > MOST_LINES).then(|| Violation::new(&file.path, MOST_LINES + 1, "file length", why))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_without_a_header_is_found() {
        let tree = Tree::of(&[
            ("app/build.rs", "fn main() {}\n"),
            ("domain/src/lib.rs", "//! The rules.\n"),
            ("docs/api.md", "# API\n"),
        ]);
        let found = check_header(&tree);
        assert_eq!(found.len(), 1);
        assert!(found[0].to_string().starts_with("app/build.rs:1: module header: "), "{}", found[0]);
    }

    #[test]
    fn four_hundred_lines_are_enough() {
        let long = "//! Long.\n".repeat(401);
        let enough = "//! Enough.\n".repeat(400);
        let tree = Tree::of(&[("a.rs", &long), ("b.rs", &enough), ("c.md", &long)]);
        let paths: Vec<_> = check_length(&tree).into_iter().map(|violation| violation.path).collect();
        assert_eq!(paths, ["a.rs"]);
    }
}

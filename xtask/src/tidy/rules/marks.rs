//! Marks of unfinished or private work: notes to oneself, silenced lints, paths of one machine, numbers of a
//! tracker that the reader cannot open.

use crate::tidy::tree::File;
use crate::tidy::{Tree, Violation};

/// Split, so that this file does not find itself.
const NOTES: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
const MACHINE_PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("../sha", "red")];
const SILENCED: &[&str] = &[concat!("#[al", "low("), concat!("#![al", "low(")];

/// Written by machines, or by nobody of the project.
fn is_written_here(file: &File) -> bool {
    !file.is_below(&["assets"])
        && !file.path.ends_with("Cargo.lock")
        && !file.path.ends_with("package-lock.json")
}

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in tree.files().filter(|file| is_written_here(file)) {
        for (number, line) in file.lines() {
            let mut report = |rule, why: &str| violations.push(Violation::new(&file.path, number, rule, why));
            if NOTES.iter().any(|note| has_note(line, note)) {
                report("unfinished", "do it, or leave it out");
            }
            if file.path.ends_with(".rs") && SILENCED.iter().any(|attribute| line.contains(attribute)) {
                report(
                    "silenced lint",
                    "use #[expect(lint, reason = \"…\")], which tells when it is not needed",
                );
            }
            if MACHINE_PATHS.iter().any(|path| has_path(line, path)) {
                report("machine path", "this path exists on one machine only");
            }
            if names_a_ticket(line) {
                report("ticket number", "say what it is about: the reader cannot open the tracker");
            }
        }
    }
    violations
}

fn has_note(line: &str, note: &str) -> bool {
    line.match_indices(note).any(|(at, _)| {
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let before = line[..at].chars().next_back();
        let after = line[at + note.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

/// `/network/` and `a/b/` are no paths from the root of a disk.
fn has_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "_-.}~".contains(c))
    })
}

/// The word, then a number with or without `#`.
fn names_a_ticket(line: &str) -> bool {
    let line = line.to_lowercase();
    let word = concat!("iss", "ue ");
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let number = line[at + word.len()..].trim_start_matches('#');
        !before.is_some_and(char::is_alphanumeric) && number.starts_with(|c: char| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, line: &str) -> Vec<&'static str> {
        check(&Tree::of(&[(path, line)])).into_iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn notes_are_found_as_words() {
        assert_eq!(found("a.rs", &format!("// {}: later", NOTES[0])), ["unfinished"]);
        assert!(found("a.rs", &format!("let {}_LIST = 1;", NOTES[0])).is_empty());
        assert!(found("assets/demo/samples.jsonl", NOTES[0]).is_empty());
    }

    #[test]
    fn silenced_lints_are_found_in_rust_only() {
        assert_eq!(found("a.rs", &format!("{}dead_code)]", SILENCED[0])), ["silenced lint"]);
        assert!(found("CONTRIBUTING.md", &format!("not {}…)]", SILENCED[0])).is_empty());
    }

    #[test]
    fn machine_paths_are_found_but_not_routes() {
        for path in MACHINE_PATHS {
            assert_eq!(found("README.md", &format!("see {path}notes")), ["machine path"], "{path}");
        }
        let path = MACHINE_PATHS[1];
        assert!(found("README.md", &format!("GET /api{path}page and ~{path}x")).is_empty());
    }

    #[test]
    fn tickets_are_found() {
        let word = concat!("Iss", "ue");
        assert_eq!(found("a.md", &format!("as {word} 12 says")), ["ticket number"]);
        assert_eq!(found("a.md", &format!("{word} #7")), ["ticket number"]);
        let word = word.to_lowercase();
        assert!(found("a.md", &format!("an {word} of taste, a t{word} 12")).is_empty());
    }
}

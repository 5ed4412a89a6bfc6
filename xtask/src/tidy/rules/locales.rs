//! Every text exists in every language: the locale files have the same keys.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::tidy::tree::File;
use crate::tidy::{Tree, Violation};

const RULE: &str = "locale keys";
const FOLDER: &str = "app/locales";

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut locales = Vec::new();
    for file in tree.files().filter(|file| file.is_below(&[FOLDER]) && file.path.ends_with(".json")) {
        match serde_json::from_str::<Value>(&file.text) {
            Ok(texts) => locales.push((file, keys(&texts))),
            Err(error) => violations.push(Violation::new(&file.path, error.line(), RULE, error.to_string())),
        }
    }
    let all: BTreeSet<&String> = locales.iter().flat_map(|(_, keys)| keys).collect();
    for (file, keys) in &locales {
        for missing in all.iter().filter(|key| !keys.contains(**key)) {
            let line = line_of_nearest(file, missing);
            violations.push(Violation::new(&file.path, line, RULE, format!("`{missing}` has no text here")));
        }
    }
    violations
}

/// The dotted path of every text. Plural forms differ between languages, so their base is what counts.
fn keys(texts: &Value) -> BTreeSet<String> {
    fn walk(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        let Value::Object(map) = value else {
            found.insert(path.to_owned());
            return;
        };
        for (key, value) in map {
            let base = plural_base(key);
            walk(value, &if path.is_empty() { base.to_owned() } else { format!("{path}.{base}") }, found);
        }
    }
    let mut found = BTreeSet::new();
    walk(texts, "", &mut found);
    found
}

fn plural_base(key: &str) -> &str {
    let forms = ["_zero", "_one", "_two", "_few", "_many", "_other"];
    let base = forms.iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key);
    base.strip_suffix("_ordinal").unwrap_or(base)
}

/// Where the text would be looked for: the line of its innermost group that is there.
fn line_of_nearest(file: &File, key: &str) -> usize {
    let groups: Vec<_> = key.split('.').rev().skip(1).collect();
    let of_group =
        |group: &&str| file.lines().find(|(_, line)| line.trim_start().starts_with(&format!("\"{group}\"")));
    groups.iter().find_map(of_group).map_or(1, |(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_missing_in_one_language_is_found() {
        let tree = Tree::of(&[
            ("app/locales/en.json", "{\n  \"nav\": {\n    \"home\": \"Home\", \"queue\": \"Queue\"\n  }\n}"),
            ("app/locales/ko.json", "{\n  \"nav\": {\n    \"home\": \"홈\"\n  }\n}"),
        ]);
        let found = check(&tree);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].to_string(), "app/locales/ko.json:2: locale keys: `nav.queue` has no text here");
    }

    #[test]
    fn plural_forms_may_differ() {
        let tree = Tree::of(&[
            (
                "app/locales/en.json",
                r#"{"waiting_one": "{{ count }} task", "waiting_other": "{{ count }} tasks"}"#,
            ),
            ("app/locales/ko.json", r#"{"waiting_other": "작업 {{ count }}개"}"#),
        ]);
        assert!(check(&tree).is_empty());
    }

    #[test]
    fn broken_json_is_found() {
        assert_eq!(check(&Tree::of(&[("app/locales/en.json", "{\n\"a\": }")]))[0].line, 2);
    }
}

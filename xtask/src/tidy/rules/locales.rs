//! Every text exists in every language: the locale files have the same keys.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::tidy::tree::File;
use crate::tidy::{Tree, Violation};

const RULE: &str = "locale keys";
const FOLDER: &str = "app/locales";

/// The files of one locale, `en.json` or `en/<namespace>.json`, with the keys of each.
type Locale<'a> = BTreeMap<&'a str, (&'a File, BTreeSet<String>)>;

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    let mut locales: BTreeMap<&str, Locale<'_>> = BTreeMap::new();
    for file in tree.files() {
        let Some((locale, namespace)) = place(&file.path) else { continue };
        match serde_json::from_str::<Value>(&file.text) {
            Ok(texts) => {
                locales.entry(locale).or_default().insert(namespace, (file, keys(&texts)));
            }
            Err(error) => violations.push(Violation::new(&file.path, error.line(), RULE, error.to_string())),
        }
    }
    for (locale, of) in &locales {
        for (namespace, (other, wanted)) in locales.values().flatten() {
            match of.get(namespace) {
                None => {
                    let why = format!("`{locale}` has no such file");
                    violations.push(Violation::new(&other.path, 1, RULE, why));
                }
                Some((file, present)) => violations.extend(wanted.difference(present).map(|missing| {
                    let why = format!("`{missing}` has no text here");
                    Violation::new(&file.path, line_of_nearest(file, missing), RULE, why)
                })),
            }
        }
    }
    violations
}

/// The locale and the namespace of a file; the namespace of `en.json` is empty.
fn place(path: &str) -> Option<(&str, &str)> {
    let name = path.strip_prefix(FOLDER)?.strip_prefix('/')?.strip_suffix(".json")?;
    Some(name.split_once('/').unwrap_or((name, "")))
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
    fn a_namespace_missing_in_one_language_is_found() {
        let tree = Tree::of(&[
            ("app/locales/en/review.json", r#"{"title": "Review"}"#),
            ("app/locales/en/common.json", r#"{"save": "Save", "undo": "Undo"}"#),
            ("app/locales/ko/common.json", r#"{"save": "저장"}"#),
        ]);
        let found: Vec<_> = check(&tree).iter().map(Violation::to_string).collect();
        assert_eq!(
            found,
            [
                "app/locales/ko/common.json:1: locale keys: `undo` has no text here",
                "app/locales/en/review.json:1: locale keys: `ko` has no such file",
            ]
        );
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

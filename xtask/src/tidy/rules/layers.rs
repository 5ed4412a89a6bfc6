//! What belongs to one layer stays there: SQL, HTTP status codes, Leptos, and the one safe text area.

use crate::tidy::tree::File;
use crate::tidy::{Tree, Violation};

struct Layer {
    name: &'static str,
    /// What is looked for in lines that are not comments.
    words: &'static [&'static str],
    /// Which files are searched at all.
    searched: fn(&File) -> bool,
    /// Which of them may hold it.
    home: fn(&File) -> bool,
    why: &'static str,
}

const LAYERS: &[Layer] = &[
    Layer {
        name: "SQL stays in service",
        words: &["sea_orm"],
        searched: is_rust_of_the_product,
        home: |file| {
            file.is_below(&[
                "service/src/entity",
                "service/src/repo",
                "service/src/usecase",
                "service/tests",
                "migrations",
            ]) || ["service/src/db", "service/src/repo.rs", "service/src/entity.rs", "service/src/usecase.rs"]
                .iter()
                .any(|start| file.path.starts_with(start))
        },
        why: "only service/src/{entity,repo,db}, the transaction type in usecase, and migrations name sea_orm",
    },
    Layer {
        name: "queries stay in the repos",
        words: &[
            "EntityTrait",
            "FromQueryResult",
            "QueryFilter",
            "ActiveModel",
            "execute_raw",
            "query_all_raw",
        ],
        searched: |file| file.is_below(&["service/src/usecase"]),
        home: |_| false,
        why: "a use case hands its transaction to `repo`; it asks the database nothing itself",
    },
    Layer {
        name: "status codes stay in the server",
        words: &["StatusCode"],
        searched: is_rust_of_the_product,
        home: |file| file.is_below(&["server"]) || file.path == "app/src/error.rs",
        why: "HTTP status codes are chosen in `server` and app/src/error.rs only; elsewhere say what happened",
    },
    Layer {
        name: "no Leptos below the app",
        words: &["leptos", "use_context"],
        searched: |file| file.is_below(&["domain", "service", "migrations"]) && is_rust_or_manifest(file),
        home: |_| false,
        why: "`domain`, `service` and `migrations` compile without Leptos",
    },
    Layer {
        name: "load stays outside",
        words: &["domain", "service", "migrations", "app", "server"],
        searched: |file| file.path == "load/Cargo.toml",
        home: |_| false,
        why: "`load` judges the servers: what it shared with them would be wrong on both sides at once",
    },
    Layer {
        name: "one text area",
        words: &["<textarea"],
        searched: |file| file.is_below(&["app"]) && file.path.ends_with(".rs"),
        home: |file| file.path == "app/src/components/safe_textarea.rs",
        why: "Leptos does not escape the text of a text area on the server (stored XSS): use SafeTextarea",
    },
];

pub(super) fn check(tree: &Tree) -> Vec<Violation> {
    let mut violations = Vec::new();
    for layer in LAYERS {
        for file in tree.files().filter(|file| (layer.searched)(file) && !(layer.home)(file)) {
            for (number, line) in file.code() {
                if layer.words.iter().any(|word| has_word(line, word)) {
                    violations.push(Violation::new(&file.path, number, layer.name, layer.why));
                }
            }
        }
    }
    violations
}

fn is_rust_of_the_product(file: &File) -> bool {
    file.path.ends_with(".rs") && !file.is_below(&["xtask"])
}

fn is_rust_or_manifest(file: &File) -> bool {
    file.path.ends_with(".rs") || file.path.ends_with("Cargo.toml")
}

/// `sea_orm` is not in `sea_orm_migration`.
fn has_word(line: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, line: &str) -> Vec<&'static str> {
        let text = format!("//! Head.\n{line}\n");
        check(&Tree::of(&[(path, &text)])).into_iter().map(|violation| violation.rule).collect()
    }

    #[test]
    fn sea_orm_is_found_outside_its_home() {
        let line = "use sea_orm::EntityTrait;";
        assert_eq!(found("server/src/cli.rs", line), ["SQL stays in service"]);
        assert_eq!(found("service/src/services.rs", line), ["SQL stays in service"]);
        for home in [
            "service/src/repo/tasks.rs",
            "service/src/repo.rs",
            "service/src/db.rs",
            "service/src/db/writer.rs",
        ] {
            assert!(found(home, line).is_empty(), "{home}");
        }
        assert!(found("server/src/cli.rs", "use sea_orm_migration::MigratorTrait;").is_empty());
        assert!(found("server/src/cli.rs", "// sea_orm is not used here").is_empty());
    }

    #[test]
    fn queries_are_found_in_a_use_case() {
        let found = found("service/src/usecase/queue.rs", "use sea_orm::{DatabaseTransaction, EntityTrait};");
        assert_eq!(found, ["queries stay in the repos"]);
    }

    #[test]
    fn status_codes_are_found_outside_the_server() {
        let line = "use http::StatusCode;";
        assert_eq!(found("app/src/pages/home.rs", line), ["status codes stay in the server"]);
        assert!(found("server/src/api/problem.rs", line).is_empty());
        assert!(found("app/src/error.rs", line).is_empty());
    }

    #[test]
    fn leptos_is_found_below_the_app() {
        assert_eq!(found("service/src/services.rs", "use leptos::prelude::*;"), ["no Leptos below the app"]);
        assert_eq!(found("domain/Cargo.toml", "leptos.workspace = true"), ["no Leptos below the app"]);
        assert!(found("app/src/lib.rs", "use leptos::prelude::*;").is_empty());
    }

    #[test]
    fn crates_of_the_server_are_found_in_what_drives_it() {
        assert_eq!(found("load/Cargo.toml", "service.workspace = true"), ["load stays outside"]);
        assert!(found("load/Cargo.toml", "description = \"Drives real servers\"").is_empty());
        assert!(found("server/Cargo.toml", "service.workspace = true").is_empty());
    }

    #[test]
    fn a_second_text_area_is_found() {
        let line = "view! { <textarea name=\"note\">{text}</textarea> }";
        assert_eq!(found("app/src/pages/annotate.rs", line), ["one text area"]);
        assert!(found("app/src/components/safe_textarea.rs", line).is_empty());
    }
}

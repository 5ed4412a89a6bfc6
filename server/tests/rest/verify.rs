//! `relabel verify`: a byte that was changed in the database's file is found, and the sample named.

use crate::{
    command_line::{done, relabel, serve},
    site::{lines, project, unsure},
};
use serde_json::{Value, json};
use sqlx::{Connection, Executor, SqliteConnection};
use std::path::Path;

/// A data folder with the project `p` and three labelled samples.
fn labelled(data: &Path) {
    done(data, &["project", "create", "-"], &project("p").to_string());
    let samples = ["alpha", "bravo", "charlie"].map(|id| unsure(id, Some("card")));
    done(data, &["import", "--project", "p", "-"], &lines(&samples));
}

#[test]
fn a_mistyped_folder_is_no_store_that_holds() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("relabl");
    for command in [
        &["verify"][..],
        &["card", "p"],
        &["export", "--project", "p"],
        &["cut", "--project", "p", "-m", "x"],
    ] {
        let output = relabel(&data).args(command).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{command:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.contains("there is no database at") && error.contains("relabl"),
            "{command:?}: {error}"
        );
        assert!(!data.exists(), "{command:?} made one");
    }
}

/// Everything is in the one file.
async fn closed(data: &Path) -> Vec<u8> {
    let file = data.join("relabel.db");
    let mut connection = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
    connection.close().await.unwrap();
    std::fs::read(file).unwrap()
}

/// The place of `part` behind the first place of `start`, and that in the file.
fn place(bytes: &[u8], start: &str, part: &str) -> usize {
    let find = |from: usize, text: &str| {
        let found = bytes[from..].windows(text.len()).position(|window| window == text.as_bytes());
        from + found.unwrap_or_else(|| panic!("{text} is not in the file"))
    };
    find(find(0, start), part)
}

/// The exit code, and what `relabel verify` prints.
fn verify(data: &Path, more: &[&str]) -> (Option<i32>, String) {
    let output = relabel(data).arg("verify").args(more).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[tokio::test]
async fn a_changed_byte_is_found_and_its_sample_named() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    labelled(data);
    let (code, told) = verify(data, &[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.starts_with("p: holds (1 version, 3 label rows, 3 content revisions"), "{told}");
    let whole = closed(data).await;
    let row = r#"bravo{"intent":"card"}"#;
    for (start, part, expected) in [
        (row, "card", "row_hash"),
        (row, "import", "row_hash"),
        (row, "sha256:", "row_hash"),
        (r#"{"text":"text of bravo"}"#, "text of", "content_hash"),
    ] {
        let mut changed = whole.clone();
        // The last letter; of a hash the first digit.
        let at = place(&whole, start, part) + part.len() - usize::from(part != "sha256:");
        changed[at] = if changed[at] == b'a' { b'b' } else { b'a' };
        std::fs::write(data.join("relabel.db"), &changed).unwrap();
        let (code, told) = verify(data, &["--json"]);
        let found: Value = serde_json::from_str(&told).unwrap();
        assert_eq!(code, Some(1), "{part}: {told}");
        let named = found["listed"].as_array().unwrap().iter().any(|difference| {
            difference["what"] == expected && difference["sample"] == "bravo" && difference["project"] == "p"
        });
        assert!(named, "{part}: {told}");
        let (code, told) = verify(data, &["--project", "p"]);
        assert_eq!(code, Some(1));
        assert!(told.contains("p, sample bravo"), "{told}");
        closed(data).await;
    }
    std::fs::write(data.join("relabel.db"), &whole).unwrap();
    assert_eq!(verify(data, &[]).0, Some(0));
}

#[tokio::test]
async fn a_running_server_is_checked_beside_its_work() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    labelled(data);
    let server = serve(data);
    let (code, told) = verify(data, &["--json"]);
    assert_eq!(code, Some(0), "{told}");
    let found: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((&found["differences"], &found["projects"][0]["versions"]), (&json!(0), &json!(1)));
    server.stop();
    let output = relabel(data).args(["verify", "--project", "unknown"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("not_found"));
}

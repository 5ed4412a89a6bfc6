//! `relabel backup` and `relabel restore`: a whole copy while a server takes writes, and back elsewhere; what is refused
//! changes nothing.

use crate::{
    command_line::{done, relabel, serve},
    site::{lines, project, send, unsure},
};
use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path, process::Output};

/// A data folder with the project `p`, and a token of its manager.
fn prepared(data: &Path) -> String {
    let user = ["user", "add", "--email", "m@example.org", "--name", "M", "--password-stdin"];
    done(data, &user, "long password 1\n");
    done(data, &["project", "create", "-"], &project("p").to_string());
    done(data, &["member", "set", "--project", "p", "--email", "m@example.org", "--role", "manager"], "");
    let token = ["token", "create", "--email", "m@example.org", "--name", "t", "--scopes", "read,ingest"];
    done(data, &token, "").trim().to_owned()
}

fn import(data: &Path, ids: &[&str]) {
    let samples: Vec<Value> = ids.iter().map(|id| unsure(id, Some("card"))).collect();
    done(data, &["import", "--project", "p", "-"], &lines(&samples));
}

fn run(data: &Path, args: &[&str]) -> Output {
    relabel(data).args(args).output().unwrap()
}

/// What standard error says of a command that is refused.
#[track_caller]
fn refused(data: &Path, args: &[&str]) -> String {
    let output = run(data, args);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

/// The ids that an export has.
fn exported(data: &Path) -> BTreeSet<String> {
    let text = done(data, &["export", "--project", "p"], "");
    let id = |line: &str| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned();
    text.lines().map(id).collect()
}

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn a_backup_beside_a_working_server_is_whole_and_comes_back_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    let token = prepared(&data);
    import(&data, &["before"]);
    let server = serve(&data);
    let client = reqwest::Client::new();
    let url = format!("{}/api/v1/projects/p/samples", server.base);
    let writing = tokio::spawn(async move {
        // Until the server is stopped.
        let mut acknowledged = 0;
        loop {
            let body = lines(&[unsure(&format!("s{acknowledged:04}"), Some("loan"))]);
            let request =
                client.post(&url).bearer_auth(&token).header("content-type", "application/x-ndjson");
            match request.body(body).send().await {
                Ok(answer) if answer.status() == 200 => acknowledged += 1,
                _ => return acknowledged,
            }
        }
    });
    let file = folder.path().join("relabel backup's.db");
    let name = file.to_str().unwrap().to_owned();
    let (from, to) = (data.clone(), name.clone());
    let told = tokio::task::spawn_blocking(move || {
        // Each replaces the one before; the last is kept.
        let mut told = done(&from, &["backup", &to], "");
        for _ in 0..3 {
            told = done(&from, &["backup", "--force", &to], "");
        }
        told
    });
    let told = told.await.unwrap();
    server.stop();
    let acknowledged: usize = writing.await.unwrap();
    assert!(acknowledged > 0);

    let restored = done(&other, &["restore", &name], "");
    let (_, holdings) = told.trim().split_once("backup's.db: ").unwrap();
    assert!(
        restored.trim().ends_with(holdings) && holdings.starts_with("projects: 1, versions: "),
        "{told}{restored}"
    );
    assert!(done(&other, &["verify"], "").starts_with("p: holds"));
    let labels = exported(&other);
    assert!(holdings.ends_with(&format!("labels: {}", labels.len())), "{holdings}");
    assert!(labels.contains("before") && labels.is_subset(&exported(&data)));
    let server = serve(&other);
    assert!(send(reqwest::Client::new().get(format!("{}/readyz", server.base))).await.status.is_success());
    server.stop();
    assert_eq!(names(folder.path()), ["data", "other", "relabel backup's.db"].map(str::to_owned).into());
}

#[test]
fn what_is_there_is_not_overwritten_unless_asked_for_and_kept_then() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    prepared(&data);
    import(&data, &["old"]);
    let file = folder.path().join("b.db");
    let name = file.to_str().unwrap();
    done(&data, &["backup", name], "");
    import(&data, &["new"]);
    let before = fs::read(&file).unwrap();
    assert!(refused(&data, &["backup", name]).contains("exists already"));
    assert_eq!(fs::read(&file).unwrap(), before);
    let nowhere = folder.path().join("nowhere/b.db");
    assert!(refused(&data, &["backup", nowhere.to_str().unwrap()]).contains("there is no folder"));
    let told = refused(&data, &["restore", name]);
    assert!(told.contains("relabel.db exists already") && told.contains("--force"), "{told}");
    assert_eq!(exported(&data).len(), 2);

    let told = done(&data, &["restore", "--force", name], "");
    let (_, kept) = told.lines().next().unwrap().split_once("is now ").unwrap();
    assert!(kept.contains("relabel.db.replaced-20"), "{told}");
    let there = names(&data);
    assert!(!there.contains("relabel.db-wal") && !there.contains("relabel.db-shm"), "{there:?}");
    assert_eq!(exported(&data), ["old".to_owned()].into());
    // The one that was there is whole, and can come back.
    done(&data, &["restore", "--force", kept], "");
    assert_eq!(exported(&data).len(), 2);
    assert!(done(&data, &["verify"], "").starts_with("p: holds"));
}

#[tokio::test]
async fn nothing_is_restored_while_somebody_works_on_the_database() {
    use sqlx::{Connection, Executor, SqliteConnection};
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    prepared(&data);
    import(&data, &["one"]);
    let file = folder.path().join("b.db");
    let name = file.to_str().unwrap();
    done(&data, &["backup", name], "");
    import(&data, &["two"]);
    let server = serve(&data);
    assert!(refused(&data, &["restore", "--force", name]).contains("is in use"));
    assert_eq!(exported(&data).len(), 2);
    server.kill();
    // Another program, which knows of no lock of ours.
    let database = data.join("relabel.db");
    let mut connection = SqliteConnection::connect(database.to_str().unwrap()).await.unwrap();
    connection.execute("SELECT COUNT(*) FROM samples").await.unwrap();
    assert!(refused(&data, &["restore", "--force", name]).contains("is in use"));
    connection.close().await.unwrap();
    assert_eq!(exported(&data).len(), 2);
    let parts =
        names(&data).into_iter().filter(|name| name.contains(".part-") || name.contains("replaced")).count();
    assert_eq!(parts, 0);
    done(&data, &["restore", "--force", name], "");
    assert_eq!(exported(&data).len(), 1);
}

#[tokio::test]
async fn only_a_database_of_relabel_that_this_release_can_read_is_restored() {
    use sqlx::{Connection, Executor, SqliteConnection};
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    prepared(&data);
    import(&data, &["one"]);
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let good = file("good.db");
    done(&data, &["backup", &good], "");

    fs::write(file("text.db"), "This is a letter.").unwrap();
    fs::write(file("empty.db"), "").unwrap();
    let mut damaged = fs::read(&good).unwrap();
    let half = damaged.len() / 2;
    damaged[half..].fill(0x5a);
    fs::write(file("damaged.db"), damaged).unwrap();
    let foreign = SqliteConnection::connect(&format!("sqlite://{}?mode=rwc", file("foreign.db"))).await;
    let mut foreign = foreign.unwrap();
    foreign.execute("CREATE TABLE projects (id INTEGER)").await.unwrap();
    foreign.close().await.unwrap();
    fs::copy(&good, file("newer.db")).unwrap();
    let mut newer = SqliteConnection::connect(&file("newer.db")).await.unwrap();
    newer
        .execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_later', 0)")
        .await
        .unwrap();
    newer.close().await.unwrap();
    for (name, expected) in [
        ("text.db", "not a database of Relabel"),
        ("empty.db", "not a database of Relabel"),
        ("damaged.db", "not a database of Relabel"),
        ("foreign.db", "not a database of Relabel"),
        ("newer.db", "m29991231_000001_later"),
        ("missing.db", "there is no database"),
    ] {
        let told = refused(&data, &["restore", "--force", &file(name)]);
        assert!(told.contains(expected), "{name}: {told}");
        assert_eq!(exported(&data), ["one".to_owned()].into(), "{name}");
    }
    let itself = data.join("relabel.db");
    assert!(
        refused(&data, &["restore", "--force", itself.to_str().unwrap()]).contains("the database itself")
    );
    assert!(refused(&data, &["backup", "--force", itself.to_str().unwrap()]).contains("the database itself"));
    // Even a damaged database is kept when a good one takes its place.
    fs::write(&itself, "no database any more").unwrap();
    done(&data, &["restore", "--force", &good], "");
    assert_eq!(exported(&data), ["one".to_owned()].into());
}

#[test]
fn postgresql_has_tools_of_its_own_and_an_empty_folder_nothing_to_back_up() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("b.db");
    let name = file.to_str().unwrap();
    assert!(refused(&data, &["backup", name]).contains("there is no database"));
    assert!(!data.exists() && !file.exists());
    let url = "postgres://relabel:secret@127.0.0.1:1/relabel";
    let told = refused(&data, &["--database-url", url, "backup", name]);
    assert!(told.contains("pg_dump") && !told.contains("secret"), "{told}");
    let told = refused(&data, &["--database-url", url, "restore", name]);
    assert!(told.contains("pg_restore"), "{told}");
}

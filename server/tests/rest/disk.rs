//! A disk that is full, a folder that nobody may write to, and data of a newer release: what is told, that nothing is half
//! done, and that work goes on by itself afterwards. Each server has a file system of its own that only it sees.

use crate::{
    command_line::{Serving, done, listening, relabel},
    site::{lines, project, send, unsure},
};
use serde_json::{Value, json};
use std::{
    fs::File,
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
    process::Command,
};

/// A data folder with the project `p`, and a token of its manager.
fn prepared(data: &Path) -> String {
    let user = ["user", "add", "--email", "m@example.org", "--name", "M", "--password-stdin"];
    done(data, &user, "long password 1\n");
    done(data, &["project", "create", "-"], &project("p").to_string());
    done(data, &["member", "set", "--project", "p", "--email", "m@example.org", "--role", "manager"], "");
    let token = ["token", "create", "--email", "m@example.org", "--name", "t", "--scopes", "read,ingest"];
    done(data, &token, "").trim().to_owned()
}

/// `relabel serve` on `data`, after a shell has run `mounts` with the folder as `$0`, in a namespace of its own.
fn within(data: &Path, mounts: &str) -> Command {
    let relabel = relabel(data);
    let mut command = Command::new("unshare");
    let script = format!("{mounts}\nexec \"$@\"");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-euc", &script]).arg(data);
    command.arg(relabel.get_program()).args(["serve", "--addr", "127.0.0.1:0"]);
    for (name, value) in relabel.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Moves the data onto a file system of 8 MiB.
const SMALL: &str = "mkdir \"$0.small\"
mount -t tmpfs -o size=8m tmpfs \"$0.small\"
cp -r \"$0/.\" \"$0.small\"
mount --bind \"$0.small\" \"$0\"
cd /";

/// The data folder as the server sees it.
fn seen_by(server: &Serving, data: &Path) -> PathBuf {
    Path::new("/proc").join(server.id().to_string()).join("root").join(data.strip_prefix("/").unwrap())
}

/// Fills the file system but for `left` bytes.
fn fill(file: &Path, left: u64) {
    let mut filler = File::create(file).unwrap();
    let piece = [7; 4096];
    loop {
        match filler.write(&piece) {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::StorageFull => break,
            Err(error) => panic!("{error}"),
        }
    }
    let length = filler.metadata().unwrap().len();
    filler.set_len(length - left).unwrap();
}

#[tokio::test]
async fn a_full_disk_refuses_an_upload_whole_and_takes_it_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let token = prepared(&data);
    let server = listening(within(&data, SMALL));
    let filler = seen_by(&server, &data).join("filler");
    let client = reqwest::Client::new();
    let address = format!("{}/api/v1/projects/p/samples", server.base);
    let samples: Vec<Value> = (0..400)
        .map(|n| {
            let mut sample = unsure(&format!("s{n}"), None);
            sample["fields"]["text"] = json!("long ".repeat(200));
            sample
        })
        .collect();
    let body = lines(&samples);
    let upload = async || {
        let request =
            client.post(&address).bearer_auth(&token).header("content-type", "application/x-ndjson");
        send(request.body(body.clone())).await
    };
    // Once there is no room for the upload itself, and once none for its samples.
    for left in [0, body.len() as u64 + 64 * 1024] {
        fill(&filler, left);
        let refused = upload().await;
        refused.refused(503, "storage_full");
        assert!(!refused.header("retry-after").is_empty());
        let listed = send(client.get(&address).bearer_auth(&token)).await.expect(200);
        assert_eq!(listed["items"], json!([]), "reading goes on, and nothing is half done");
        std::fs::remove_file(&filler).unwrap();
    }
    assert_eq!(upload().await.expect(200)["created"], 400);
    server.stop();
}

#[test]
fn a_folder_that_nobody_may_write_to_is_named_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    prepared(&data);
    let read_only = "mount --bind \"$0\" \"$0\"\nmount -o remount,bind,ro \"$0\"\ncd /";
    let output = within(&data, read_only).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains(data.to_str().unwrap()), "{told}");
    assert!(told.contains("Read-only"), "{told}");
}

#[tokio::test]
async fn data_of_a_newer_release_is_left_alone() {
    use sqlx::{Connection, Executor, SqliteConnection};
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    prepared(data);
    let mut connection = SqliteConnection::connect(data.join("relabel.db").to_str().unwrap()).await.unwrap();
    connection
        .execute("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m29991231_000001_later', 0)")
        .await
        .unwrap();
    connection.close().await.unwrap();
    let output = relabel(data).args(["serve", "--addr", "127.0.0.1:0"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("m29991231_000001_later") && told.contains("newer"), "{told}");
}

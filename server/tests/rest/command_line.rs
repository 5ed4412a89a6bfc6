//! The binary itself: the loop by command line and HTTP, what it prints, how it ends.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::site::{lines, project, send, unsure};

pub(crate) fn relabel(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_relabel"));
    // Whatever the machine that runs the tests has set.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("RELABEL_") {
            command.env_remove(name);
        }
    }
    command.env("RELABEL_DATA_DIR", data).env("RELABEL_LOG", "warn");
    command
}

fn run(data: &Path, args: &[&str], input: &str) -> Output {
    let mut command = relabel(data);
    let mut child = command
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[track_caller]
pub(crate) fn done(data: &Path, args: &[&str], input: &str) -> String {
    let output = run(data, args, input);
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[track_caller]
fn refused(data: &Path, args: &[&str], input: &str, code: i32) -> String {
    let output = run(data, args, input);
    assert_eq!(output.status.code(), Some(code), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty(), "{args:?}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

pub(crate) struct Serving {
    child: Child,
    pub(crate) base: String,
    rest: BufReader<std::process::ChildStdout>,
}

pub(crate) fn serve(data: &Path) -> Serving {
    let mut command = relabel(data);
    command.args(["serve", "--addr", "127.0.0.1:0"]);
    listening(command)
}

/// Starts what serves, and waits for its one line.
pub(crate) fn listening(mut command: Command) -> Serving {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut rest = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    rest.read_line(&mut line).unwrap();
    let base = line.strip_prefix("listening on ").unwrap().trim_end().to_owned();
    assert!(base.starts_with("http://127.0.0.1:"), "{line}");
    Serving { child, base, rest }
}

impl Serving {
    /// The process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would: by SIGKILL.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Sends SIGTERM; returns how long it took and what else was on standard output.
    pub(crate) fn stop(mut self) -> (Duration, String) {
        let started = Instant::now();
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut self.rest, &mut rest).unwrap();
        assert!(self.child.wait().unwrap().success());
        (started.elapsed(), rest)
    }
}

#[tokio::test]
async fn the_loop_beside_a_running_server() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    let server = serve(data);
    done(
        data,
        &["user", "add", "--email", "m@example.org", "--name", "M", "--password-stdin"],
        "long password 1\n",
    );
    done(data, &["project", "create", "-"], &project("p").to_string());
    done(data, &["member", "set", "--project", "p", "--email", "m@example.org", "--role", "manager"], "");
    let token = done(
        data,
        &["token", "create", "--email", "m@example.org", "--name", "t", "--scopes", "read,ingest,manage"],
        "",
    );
    assert!(token.starts_with("rlb_") && token.lines().count() == 1, "only the token is printed");

    let file = data.join("samples.jsonl");
    std::fs::write(&file, lines(&[unsure("s1", Some("card")), unsure("s2", Some("loan"))])).unwrap();
    let import = done(data, &["import", "--project", "p", file.to_str().unwrap()], "");
    let import: Value = serde_json::from_str(&import).unwrap();
    assert_eq!((&import["created"], &import["version"]), (&json!(2), &json!(1)));

    let client = reqwest::Client::new();
    let url = format!("{}/api/v1/projects/p/export", server.base);
    let served = send(client.get(&url).bearer_auth(token.trim())).await;
    assert_eq!(served.status, 200);
    let exported = done(data, &["export", "--project", "p", "--version", "1"], "");
    assert_eq!(exported, served.text);
    let out = data.join("labels.csv");
    done(data, &["export", "--project", "p", "--format", "csv", "--out", out.to_str().unwrap()], "");
    assert_eq!(std::fs::read_to_string(out).unwrap().lines().count(), 3);

    assert!(refused(data, &["cut", "--project", "p", "--message", "m"], "", 1).contains("nothing_to_cut"));
    let shown: Value = serde_json::from_str(&done(data, &["project", "show", "p"], "")).unwrap();
    assert_eq!(shown["slug"], "p");
    done(data, &["token", "revoke", "1"], "");
    let answer = send(client.get(&url).bearer_auth(token.trim())).await;
    answer.refused(401, "unauthenticated");

    let (time, rest) = server.stop();
    assert!(time < Duration::from_secs(10), "{time:?}");
    assert_eq!(rest, "", "one line on standard output");
}

#[test]
fn refusals_are_1_and_wrong_usage_is_2() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    let add = ["user", "add", "--email", "a@example.org", "--name", "A", "--password-stdin"];
    done(data, &add, "long password 1");
    assert!(refused(data, &add, "long password 1", 1).contains("email_taken"));
    assert!(refused(data, &["project", "show", "unknown"], "", 1).contains("not_found"));
    let wrong = refused(data, &["project", "create", "-"], r#"{"slug": "p"}"#, 1);
    assert!(wrong.contains("/name") || wrong.contains("/schema"), "{wrong}");
    refused(data, &["user", "add", "--email", "a@example.org"], "", 2);
    refused(data, &["user", "add", "--email", "nobody", "--name", "A", "--password-stdin"], "", 2);
    refused(data, &["serve", "--addr", "nowhere"], "", 2);
    refused(data, &["token", "create", "--email", "a@example.org", "--name", "t", "--scopes", "all"], "", 2);
    let output = relabel(data).arg("migrate").env("RELABEL_ADRESS", "x").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_wrong_line_is_told_and_nothing_is_kept() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    done(data, &["project", "create", "-"], &project("p").to_string());
    let body = format!("{}\n{{\"id\": 7}}\n", unsure("s1", None));
    let told = refused(data, &["import", "--project", "p", "-"], &body, 1);
    assert!(told.contains("line 2"), "{told}");
    let import = done(data, &["import", "--project", "p", "-", "--on-error", "skip"], &body);
    let import: Value = serde_json::from_str(&import).unwrap();
    assert_eq!((&import["created"], &import["rejected"]), (&json!(1), &json!(1)));
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_what_the_system_says() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    done(data, &["project", "create", "-"], &project("p").to_string());
    // A folder can be opened like a file, and fails when it is read.
    let folder = data.join("folder.jsonl");
    std::fs::create_dir(&folder).unwrap();
    let told = refused(data, &["import", "--project", "p", folder.to_str().unwrap()], "", 1);
    assert!(told.contains("folder.jsonl") && told.contains("directory"), "{told}");
}

#[test]
fn a_file_of_another_program_is_taken_in_as_it_is() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    done(data, &["project", "create", "-"], &project("p").to_string());
    let file = "{\"id\": 1, \"text\": \"one\", \"label\": [\"card\"]}\n{\"id\": 2, \"text\": \"two\", \"label\": []}\n";
    let import = done(data, &["import", "--project", "p", "--from", "doccano", "-"], file);
    let import: Value = serde_json::from_str(&import).unwrap();
    assert_eq!((&import["created"], &import["version"]), (&json!(2), &json!(1)));
    let labels = done(data, &["export", "--project", "p", "--version", "1"], "");
    assert!(labels.lines().count() == 1 && labels.contains(r#""card""#), "{labels}");
}

#[test]
fn people_s_answers_are_taken_in_and_what_was_left_out_is_written() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    done(data, &["project", "create", "-"], &project("p").to_string());
    let samples = "{\"id\": \"s1\", \"fields\": {\"text\": \"one\"}}\n";
    done(data, &["import", "--project", "p", "-"], samples);
    let table = "id,annotator,intent\ns1,x,card\ns1,y,loan\ns1,x,loan\n";
    let left_out = data.join("left-out.jsonl");
    let import = ["import", "--project", "p", "--kind", "annotations", "--format", "csv", "-", "--rejected"];
    let import = done(data, &[&import[..], &[left_out.to_str().unwrap()]].concat(), table);
    let import: Value = serde_json::from_str(&import).unwrap();
    assert_eq!((&import["created"], &import["repeated"]), (&json!(2), &json!(1)), "{import}");
    let left_out = std::fs::read_to_string(left_out).unwrap();
    assert!(left_out.contains(r#""line":4"#) && left_out.contains("duplicate_id"), "{left_out}");
    let wrong = ["import", "--project", "p", "--kind", "annotations", "--labels", "overwrite", "-"];
    assert!(refused(data, &wrong, "", 2).contains("--labels"));
}

#[test]
fn config_names_every_setting_and_its_source() {
    let data = tempfile::tempdir().unwrap();
    let text = done(data.path(), &["config", "--addr", "127.0.0.1:1"], "");
    for setting in server::config::SETTINGS {
        let line = text.lines().find(|line| line.starts_with(setting.key)).expect(setting.key);
        let source = match setting.key {
            "addr" => "flag",
            "data_dir" | "log" => "environment",
            _ => "default",
        };
        assert!(line.contains(source), "{line}");
    }
}

//! Nothing acknowledged is lost when the server is killed in the middle of its work.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::{
    command_line::{done, relabel, serve},
    site::{lines, project, unsure},
};

const ANNOTATORS: usize = 4;
const SAMPLES: usize = 600;
/// After so many acknowledged answers the server is killed, while others are on their way.
const BEFORE_KILL: usize = 100;

#[tokio::test]
async fn an_acknowledged_answer_survives_kill_9() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    let mut set_up = project("p");
    set_up["settings"] = json!({"queue": {"overlap": 1, "audit_rate": 0.0}});
    done(data, &["project", "create", "-"], &set_up.to_string());
    let samples: Vec<Value> = (0..SAMPLES).map(|n| unsure(&format!("s{n}"), None)).collect();
    let file = data.join("samples.jsonl");
    std::fs::write(&file, lines(&samples)).unwrap();
    done(data, &["import", "--project", "p", file.to_str().unwrap()], "");
    let tokens: Vec<String> = (0..ANNOTATORS).map(|n| annotator(data, n)).collect();

    let server = serve(data);
    let (acknowledge, mut acknowledged) = mpsc::unbounded_channel();
    let answering: Vec<_> = tokens
        .iter()
        .map(|token| tokio::spawn(answer(server.base.clone(), token.clone(), acknowledge.clone())))
        .collect();
    drop(acknowledge);
    let mut expected = BTreeSet::new();
    while expected.len() < BEFORE_KILL {
        expected.insert(acknowledged.recv().await.unwrap());
    }
    server.kill();
    for task in answering {
        task.await.unwrap();
    }
    while let Some(annotation) = acknowledged.recv().await {
        expected.insert(annotation);
    }

    let server = serve(data);
    let mut found = BTreeSet::new();
    for token in &tokens {
        found.extend(own(&server.base, token).await);
    }
    assert!(expected.is_subset(&found), "lost: {:?}", expected.difference(&found));
    let check = relabel(data).args(["export", "--project", "p"]).output().unwrap();
    assert_eq!(check.status.code(), Some(1), "no version yet, and the database is whole");
    server.stop();
}

fn annotator(data: &Path, n: usize) -> String {
    let email = format!("a{n}@example.org");
    done(data, &["user", "add", "--email", &email, "--name", "A", "--password-stdin"], "long password 1\n");
    done(data, &["member", "set", "--project", "p", "--email", &email, "--role", "annotator"], "");
    let token = ["token", "create", "--email", &email, "--name", "t", "--scopes", "annotate,read"];
    done(data, &token, "").trim().to_owned()
}

/// Claims and answers until the server is gone; tells of every acknowledged annotation.
async fn answer(base: String, token: String, acknowledge: mpsc::UnboundedSender<i64>) {
    let client = reqwest::Client::new();
    let post = async |path: String, body: Value| {
        let sent = client.post(format!("{base}/api/v1{path}")).bearer_auth(&token).json(&body).send().await?;
        sent.error_for_status()?.json::<Value>().await
    };
    loop {
        let Ok(claimed) = post("/projects/p/claim".to_owned(), json!({"count": 5})).await else { return };
        for task in claimed["tasks"].as_array().unwrap() {
            let lease = task["lease"].as_str().unwrap();
            let answers = json!({"answers": {"intent": "card"}});
            let Ok(submitted) = post(format!("/leases/{lease}/submit"), answers).await else { return };
            acknowledge.send(submitted["annotation"].as_i64().unwrap()).unwrap();
        }
    }
}

async fn own(base: &str, token: &str) -> BTreeSet<i64> {
    let url = format!("{base}/api/v1/projects/p/me/annotations?limit=500");
    let answer = reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap();
    let page: Value = answer.json().await.unwrap();
    assert_eq!(page["next_cursor"], Value::Null);
    page["items"].as_array().unwrap().iter().map(|item| item["annotation"].as_i64().unwrap()).collect()
}

/// More than one transaction takes, so that a kill finds the import half written.
const IMPORTED: usize = 8_000;

#[tokio::test]
async fn a_large_import_goes_on_after_kill_9_and_its_request_is_answered_once() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    done(data, &["project", "create", "-"], &project("p").to_string());
    let token = manager(data);
    let samples: Vec<Value> = (0..IMPORTED).map(|n| unsure(&format!("s{n}"), Some("card"))).collect();
    let body = lines(&samples);

    let server = serve(data);
    let sending = tokio::spawn(send(server.base.clone(), token.clone(), body.clone()));
    loop {
        let imports = get(&server.base, &token, "/projects/p/imports").await;
        let first = &imports["items"][0];
        assert_ne!(first["state"], "done", "the import was too quick to be cut off");
        if first["created"].as_i64().is_some_and(|created| created > 0) {
            assert_eq!(first["state"], "writing");
            break;
        }
    }
    server.kill();
    assert!(sending.await.unwrap().is_err(), "an answer came from a server that was killed");

    let server = serve(data);
    let import = loop {
        let import = get(&server.base, &token, "/projects/p/imports/1").await;
        if import["state"] != "writing" {
            break import;
        }
    };
    assert_eq!((&import["state"], &import["created"]), (&json!("done"), &json!(IMPORTED)));
    let version = get(&server.base, &token, "/projects/p/versions/latest").await;
    assert_eq!((&version["number"], &version["labels"]), (&json!(1), &json!(IMPORTED)));
    let (status, again) = send(server.base.clone(), token.clone(), body).await.unwrap();
    assert_eq!((status, &again["import"], &again["created"]), (200, &json!(1), &json!(IMPORTED)));
    let imports = get(&server.base, &token, "/projects/p/imports").await;
    assert_eq!(imports["items"].as_array().unwrap().len(), 1);
    server.stop();
}

fn manager(data: &Path) -> String {
    let email = "m@example.org";
    done(data, &["user", "add", "--email", email, "--name", "M", "--password-stdin"], "long password 1\n");
    done(data, &["member", "set", "--project", "p", "--email", email, "--role", "manager"], "");
    let token = ["token", "create", "--email", email, "--name", "t", "--scopes", "ingest,read,manage"];
    done(data, &token, "").trim().to_owned()
}

async fn send(base: String, token: String, body: String) -> reqwest::Result<(u16, Value)> {
    let sent = reqwest::Client::new()
        .post(format!("{base}/api/v1/projects/p/samples"))
        .bearer_auth(token)
        .header("content-type", "application/x-ndjson")
        .header("idempotency-key", "k")
        .body(body)
        .send()
        .await?;
    Ok((sent.status().as_u16(), sent.json().await?))
}

async fn get(base: &str, token: &str, path: &str) -> Value {
    let url = format!("{base}/api/v1{path}");
    reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap().json().await.unwrap()
}

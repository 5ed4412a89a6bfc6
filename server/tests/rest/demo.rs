//! `relabel demo`: makes its projects once, simulates annotators who say so, and keeps what is there.

use std::path::Path;

use domain::access::Scope;
use serde_json::{Value, json};
use service::{Options, Services};

use crate::{
    command_line::{listening, relabel},
    site::{lines, project, unsure},
};

fn demo(data: &Path, folder: &Path, more: &[&str]) -> crate::command_line::Serving {
    let mut command = relabel(data);
    command.args(["demo", "--addr", "127.0.0.1:0", "--data"]).arg(folder).args(more);
    listening(command)
}

async fn token(data: &Path) -> String {
    let services = Services::open(&Options::in_folder(data)).await.unwrap();
    let token = service::usecase::tokens::NewToken {
        email: domain::name::Email::parse("manager@demo.example").unwrap(),
        name: "test".to_owned(),
        project: None,
        scopes: Scope::ALL.to_vec(),
        expires_at: None,
    };
    services.tokens().create(&service::Actor::Operator, token).await.unwrap().token
}

async fn get(base: &str, token: &str, path: &str) -> Value {
    let request = reqwest::Client::new().get(format!("{base}/api/v1/projects/p{path}"));
    crate::site::send(request.bearer_auth(token)).await.expect(200)
}

#[tokio::test]
async fn simulates_once_and_keeps_what_is_there() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let samples: Vec<Value> = (0..20).map(|n| unsure(&format!("s{n:02}"), None)).collect();
    let truth: String = (0..20).map(|n| format!("s{n:02},card\n")).collect();
    std::fs::write(folder.path().join("project.json"), project("p").to_string()).unwrap();
    std::fs::write(folder.path().join("samples.jsonl"), lines(&samples)).unwrap();
    std::fs::write(folder.path().join("truth.csv"), format!("id,intent\n{truth}")).unwrap();

    let server = demo(data.path(), folder.path(), &[]);
    let token = token(data.path()).await;
    let review = get(&server.base, &token, "/review?limit=500").await;
    let items = review["items"].as_array().unwrap();
    assert_eq!(items.len(), 13, "a third of the tasks is left for people");
    let simulated = |item: &Value| {
        let annotations = item["annotations"].as_array().unwrap();
        annotations.len() == 2 && annotations.iter().all(|one| one["simulated"] == true)
    };
    assert!(items.iter().all(simulated));
    let members = get(&server.base, &token, "/members").await;
    let named = |member: &&Value| member["name"].as_str().unwrap().starts_with("Simulated annotator");
    assert_eq!(members["items"].as_array().unwrap().iter().filter(named).count(), 3);
    server.stop();

    let server = demo(data.path(), folder.path(), &[]);
    let again = get(&server.base, &token, "/review?limit=500").await;
    assert_eq!(again, review);
    server.stop();

    let server = demo(data.path(), folder.path(), &["--fresh"]);
    let answer = reqwest::Client::new().get(format!("{}/api/v1/projects", server.base)).bearer_auth(&token);
    crate::site::send(answer).await.refused(401, "unauthenticated");
    server.stop();
}

#[test]
fn serves_the_loopback_only() {
    let (data, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(folder.path().join("project.json"), json!({}).to_string()).unwrap();
    let mut command = relabel(data.path());
    let output = command.args(["demo", "--addr", "0.0.0.0:0", "--data"]).arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("loopback"));
}

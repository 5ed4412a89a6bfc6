//! In a blind project nothing that reaches an annotator tells the prediction, the stored label or why a sample was
//! chosen. Routes, server functions and pages come from the policy tables, so that a new one is read too.

use app::policy::{PAGES, SERVER_FNS};
use domain::access::{Role, Standing};
use leptos::server_fn::axum::server_fn_paths;
use reqwest::Method;
use serde_json::{Value, json};
use server::policy::{Access, ROUTES};

use crate::{
    browser_session::signed_in,
    policy::{ARGUMENTS, filled},
    site::{Answer, Person, Site, lines, send},
};

/// What only the evidence of the samples says, and the names of reasons and scores.
const SECRETS: &[&str] = &[
    "oracle@7",
    "0.4871",
    "0.4629",
    "48.7",
    "0.9758",
    "hushed",
    "whispered",
    "prediction_uncertain",
    "label_suspect",
    "user_report",
    "import_conflict",
];

/// Keys whose value tells something, or the order of the queue. Null tells nothing.
const KEYS: &[&str] = &[
    "reason",
    "revealed",
    "prediction",
    "predictions",
    "probs",
    "model",
    "models",
    "label",
    "stored_label",
    "stored_version",
    "score",
    "priority",
    "audit_rank",
    "consensus",
    "posterior",
];

const OPTIONS: [&str; 3] = ["zebra", "walrus", "yak"];

/// What an annotator was sent, and by what.
#[derive(Default)]
struct Read {
    answers: Vec<(String, Answer)>,
}

impl Read {
    fn add(&mut self, from: impl Into<String>, answer: Answer) -> &Answer {
        self.answers.push((from.into(), answer));
        &self.answers.last().unwrap().1
    }

    /// Everything in the answers that an annotator may not know.
    fn told(&self) -> Vec<String> {
        let mut told = Vec::new();
        for (from, answer) in &self.answers {
            for secret in SECRETS.iter().filter(|secret| answer.text.contains(**secret)) {
                told.push(format!("{from}: {secret}"));
            }
            if let Ok(body) = serde_json::from_str(&answer.text) {
                telling_keys(&body, &mut |key| told.push(format!("{from}: the key {key}")));
            }
        }
        told
    }

    /// Answers that name one option more often than another, as long as nobody has chosen one.
    fn uneven(&self) -> Vec<&str> {
        let uneven = self.answers.iter().filter(|(_, answer)| {
            // What is drawn anew for each page may spell anything.
            let nonce = answer.text.split_once("nonce=\"").and_then(|(_, rest)| rest.split_once('"'));
            let text = nonce.map_or(answer.text.clone(), |(nonce, _)| answer.text.replace(nonce, ""));
            let counts = OPTIONS.map(|option| text.matches(option).count());
            counts.iter().any(|count| *count != counts[0])
        });
        uneven.map(|(from, _)| from.as_str()).collect()
    }
}

fn telling_keys(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::Object(entries) => {
            for (key, value) in entries {
                // What a project looks for is no secret; what it has found is.
                if key == "settings" {
                    continue;
                }
                if KEYS.contains(&key.as_str()) && !value.is_null() {
                    found(key);
                }
                telling_keys(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| telling_keys(item, found)),
        _ => {}
    }
}

/// A project whose samples have everything that must not be told in a blind one, and its annotator.
async fn project(reveal: &str) -> (Site, Person) {
    let site = Site::start().await;
    let admin = site.admin().await;
    let options = OPTIONS.map(|value| json!({ "value": value }));
    let project = json!({
        "slug": "p", "name": "Project",
        "schema": {"fields": [{"name": "text", "kind": "text"}],
                   "questions": [{"name": "animal", "kind": "choice", "required": true, "options": options}]},
        "settings": {"queue": {"target": "both", "audit_rate": 0.3}, "reveal": reveal},
    });
    site.post(&admin, "/projects", &project).await.expect(201);
    let samples: Vec<_> = (0..12)
        .map(|n| {
            json!({"id": format!("s{n:02}"), "fields": {"text": format!("text {n}")},
                   "label": {"animal": "yak"}, "metadata": {"guess": "hushed"},
                   "predictions": [{"model": "oracle@7", "question": "animal",
                                    "probs": {"zebra": 0.4871, "walrus": 0.4629, "yak": 0.05}}]})
        })
        .collect();
    let nd = "application/x-ndjson";
    site.upload(&admin, "/projects/p/samples", nd, lines(&samples)).await.expect(200);
    let report = lines(&[json!({"id": "s07", "kind": "wrong", "note": "whispered"})]);
    site.upload(&admin, "/projects/p/feedback", nd, report).await.expect(200);
    let anna = site.member("anna@example.org", Role::Annotator).await;
    (site, anna)
}

/// Every route that knows of projects, with nothing particular in it.
async fn every_route(site: &Site, anna: &Person, read: &mut Read) {
    for row in ROUTES.iter().filter(|row| row.access != Access::Public) {
        let request = site.client.request(row.method.clone(), format!("{}{}", site.base, filled(row.path)));
        let request = request.bearer_auth(&anna.token);
        let request = if row.method == Method::GET { request } else { request.json(&json!({})) };
        read.add(format!("{} {}", row.method, row.path), send(request).await);
    }
    let sample = site.get(anna, "/projects/p/samples/s07").await;
    read.add("a sample", sample).refused(403, "forbidden");
}

/// Every page, and every server function that reads.
async fn every_page(site: &Site, cookie: &str, read: &mut Read) {
    let page = |path: &str| {
        let parts = path.split('/').map(|part| match part {
            ":slug" => "p",
            ":id" => "s07",
            part if part.starts_with(':') => "1",
            part => part,
        });
        parts.collect::<Vec<_>>().join("/")
    };
    let paths = PAGES.iter().map(|(path, _)| page(path));
    let functions = server_fn_paths().filter(|(_, method)| *method == Method::GET);
    let functions = functions.map(|(path, _)| format!("{path}?{ARGUMENTS}"));
    for path in paths.chain(functions) {
        let request = site.client.get(format!("{}{path}", site.base)).header("cookie", cookie);
        read.add(path, send(request).await);
    }
}

#[tokio::test]
async fn nothing_that_an_annotator_can_read_tells_prediction_label_or_reason() {
    let (site, anna) = project("blind").await;
    let cookie = signed_in(&site, &anna.email).await;
    let mut read = Read::default();
    let claimed =
        read.add("claim", site.post(&anna, "/projects/p/claim", &json!({"count": 6})).await).expect(200);
    let leases: Vec<String> = claimed["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| task["lease"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(leases.len(), 6);
    every_route(&site, &anna, &mut read).await;
    every_page(&site, &cookie, &mut read).await;
    let pages =
        |read: &Read| read.answers.iter().filter(|(_, answer)| answer.text.contains("walrus")).count();
    // The options were shown, so there was something to compare.
    assert!(pages(&read) > 1);
    assert_eq!(read.uneven(), [""; 0]);

    let lease = |n: usize, verb: &str| format!("/leases/{}/{verb}", leases[n]);
    let answer = json!({"answers": {"animal": "walrus"}, "verdict": "answered"});
    read.add("renew", site.post(&anna, &lease(0, "renew"), &json!({})).await).expect(200);
    let sent = read.add("submit", site.post(&anna, &lease(0, "submit"), &answer).await).expect(201);
    read.add("submit again", site.post(&anna, &lease(0, "submit"), &answer).await);
    let wrong = json!({"answers": {"animal": "unicorn"}, "verdict": "answered"});
    read.add("a wrong answer", site.post(&anna, &lease(1, "submit"), &wrong).await);
    read.add("skip", site.post(&anna, &lease(2, "skip"), &json!({})).await);
    read.add("release", site.post(&anna, &lease(3, "release"), &json!({})).await);
    let undo = format!("/annotations/{}/undo", sent["annotation"]);
    read.add("undo", site.post(&anna, &undo, &json!({})).await).expect(200);
    read.add("submit", site.post(&anna, &lease(4, "submit"), &answer).await).expect(201);
    every_route(&site, &anna, &mut read).await;
    every_page(&site, &cookie, &mut read).await;
    // What the browser sends to claim and answer, to functions that answer with the next task.
    for (name, guard) in SERVER_FNS {
        let app::policy::Guard::Needs(permission) = guard else { continue };
        let standing = Standing { admin: false, role: Some(Role::Annotator) };
        if name.starts_with("load_") || !permission.allows(standing) {
            continue;
        }
        let body = ARGUMENTS.replace("01J00000000000000000000000", &leases[5]);
        let request = site.client.post(format!("{}/api/{name}", site.base)).header("cookie", &cookie);
        let request = request.header("origin", &site.base);
        let request = match *name {
            "submit_annotation" => request.json(&json!({"lease": leases[5], "input": answer})),
            _ => request.header("content-type", "application/x-www-form-urlencoded").body(body),
        };
        read.add(*name, send(request).await);
    }
    assert_eq!(read.told(), [""; 0]);
}

#[tokio::test]
async fn the_same_reading_finds_what_a_project_reveals() {
    let (site, anna) = project("always").await;
    let cookie = signed_in(&site, &anna.email).await;
    let mut read = Read::default();
    read.add("claim", site.post(&anna, "/projects/p/claim", &json!({"count": 6})).await).expect(200);
    every_page(&site, &cookie, &mut read).await;
    let told = read.told();
    for from in ["claim", "/projects/p/annotate", "/api/load_annotate"] {
        assert!(told.iter().any(|told| told.starts_with(from)), "{from}: {told:?}");
    }
    assert!(read.uneven().contains(&"claim"));
}

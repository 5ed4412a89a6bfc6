//! People's answers from elsewhere, by HTTP: in each format, counted in agreement, and refused whole.

use domain::access::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Person, Site, lines, send, unsure};

const NDJSON: &str = "application/x-ndjson";
const PATH: &str = "/projects/p/annotations";

fn answer(id: &str, annotator: &str, value: &str) -> Value {
    json!({"id": id, "annotator": annotator, "answers": {"intent": value}, "created_at": "2026-01-31T09:00:00+09:00"})
}

/// With the samples `s0`, `s1`, ….
async fn with_samples(count: usize) -> (Site, Person) {
    let (site, admin) = Site::with_project().await;
    let samples: Vec<Value> = (0..count).map(|n| unsure(&format!("s{n}"), None)).collect();
    site.upload(&admin, "/projects/p/samples", NDJSON, lines(&samples)).await.expect(200);
    (site, admin)
}

#[tokio::test]
async fn answers_come_in_each_format_and_count_in_agreement() {
    let (site, admin) = with_samples(3).await;
    let of_x: Vec<Value> = (0..3).map(|n| answer(&format!("s{n}"), "x", "card")).collect();
    let of_y: Vec<Value> = (0..3).map(|n| answer(&format!("s{n}"), "y", "card")).collect();
    let table = "id,annotator,intent,note\ns0,z,card,\ns1,z,card,\ns2,z,loan,why not\n";
    let uploads =
        [(NDJSON, lines(&of_x)), ("application/json", json!(of_y).to_string()), ("text/csv", table.into())];
    for (kind, body) in uploads {
        let sent = site.upload(&admin, PATH, kind, body).await.expect(200);
        assert_eq!((&sent["received"], &sent["created"]), (&json!(3), &json!(3)), "{kind}: {sent}");
    }
    let agreement = site.get(&admin, "/projects/p/agreement").await.expect(200);
    assert_eq!((&agreement["items"], &agreement["annotators"]), (&json!(3), &json!(3)));
    // All pairs of the first two samples agree, and one of three of the last.
    let percent = agreement["percent_agreement"]["value"].as_f64().unwrap();
    assert!((percent - 7.0 / 9.0).abs() < 1e-12, "{agreement}");
    let sample = site.get(&admin, "/projects/p/samples/s0").await.expect(200);
    let given = &sample["tasks"][0]["annotations"][0];
    assert_eq!(
        (&given["annotator"], &given["created_at"]),
        (&json!("x"), &json!("2026-01-31T00:00:00.000Z"))
    );
}

#[tokio::test]
async fn the_same_again_keeps_the_first_and_tells_the_rest() {
    let (site, admin) = with_samples(1).await;
    let first = lines(&[answer("s0", "x", "card"), answer("s0", "x", "loan")]);
    let sent = site.upload(&admin, PATH, NDJSON, first).await.expect(200);
    assert_eq!((&sent["created"], &sent["repeated"], &sent["rejected"]), (&json!(1), &json!(1), &json!(0)));
    let fault = &sent["errors"][0];
    assert_eq!((&fault["line"], &fault["pointer"]), (&json!(2), &json!("/annotator")));
    assert_eq!(fault["code"], "duplicate_id");
    let rejected = format!("/projects/p/imports/{}/rejected", sent["import"]);
    let rejected = site.get(&admin, &rejected).await.expect(200);
    assert_eq!(rejected["items"][0]["record"], answer("s0", "x", "loan"));
    let sample = site.get(&admin, "/projects/p/samples/s0").await.expect(200);
    let answers = &sample["tasks"][0]["annotations"];
    assert_eq!(answers.as_array().unwrap().len(), 1);
    assert_eq!(answers[0]["answers"], json!({"intent": "card"}));
}

#[tokio::test]
async fn a_retry_with_the_same_key_is_answered_once() {
    let (site, admin) = with_samples(1).await;
    let keyed = async || {
        let request = site.request(&admin, Method::POST, PATH).header("content-type", NDJSON);
        let body = lines(&[answer("s0", "x", "card")]);
        send(request.header("idempotency-key", "k").body(body)).await.expect(200)
    };
    let first = keyed().await;
    assert_eq!(first["created"], 1);
    assert_eq!(keyed().await, first);
}

#[tokio::test]
async fn what_is_wrong_is_told_with_its_place_and_nothing_is_kept() {
    let (site, admin) = with_samples(2).await;
    let changed = |key: &str, value: Value| {
        let mut line = answer("s1", "y", "card");
        line[key] = value;
        line
    };
    let wrong = [
        (answer("s9", "y", "card"), "/id", "unknown_sample"),
        (answer("s1", "", "card"), "/annotator", "invalid_name"),
        (answer("s1", "y", "cards"), "/answers/intent", "unknown_option"),
        (changed("answers", json!({"mood": "card"})), "/answers/mood", "unknown_question"),
        (changed("created_at", json!("2999-01-01T00:00:00Z")), "/created_at", "out_of_range"),
        (changed("label", json!({})), "/label", "unknown_key"),
    ];
    for (line, pointer, code) in wrong {
        let body = lines(&[answer("s0", "x", "card"), line]);
        let refused = site.upload(&admin, PATH, NDJSON, body).await.refused(422, "invalid");
        let errors = refused["errors"].as_array().unwrap();
        let found = errors.iter().find(|fault| fault["pointer"] == pointer && fault["code"] == code);
        assert_eq!(found.map(|fault| &fault["line"]), Some(&json!(2)), "{refused}");
    }
    site.upload(&admin, &format!("{PATH}?labels=overwrite"), NDJSON, "").await.refused(422, "invalid");
    let manager = site.member("maria@example.org", Role::Manager).await;
    let reviewer = site.member("ria@example.org", Role::Reviewer).await;
    let body = || lines(&[answer("s0", "x", "card")]);
    site.upload(&reviewer, PATH, NDJSON, body()).await.refused(403, "forbidden");
    let agreement = site.get(&admin, "/projects/p/agreement").await.expect(200);
    assert_eq!(agreement["answers"], 0, "nothing is kept");
    let imports = site.get(&admin, "/projects/p/imports").await.expect(200);
    assert_eq!(imports["items"].as_array().unwrap().len(), 1, "only the samples'");
    assert_eq!(site.upload(&manager, PATH, NDJSON, body()).await.expect(200)["created"], 1);
}

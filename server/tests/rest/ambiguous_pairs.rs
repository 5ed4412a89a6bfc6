//! Pairs of labels that people mix up: found, told apart by a rule, challenged and undone, over HTTP.

use domain::access::{Role, Scope};
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Site, lines, send, unsure};

#[tokio::test]
async fn a_pair_is_told_apart_by_a_rule() {
    let (site, _) = Site::with_project().await;
    let anna = site.member("anna@example.org", Role::Annotator).await;
    let ben = site.member("ben@example.org", Role::Annotator).await;
    let rita = site.member("rita@example.org", Role::Reviewer).await;
    let maria = site.member("maria@example.org", Role::Manager).await;
    let old = json!({"id": "old", "fields": {"text": "text of old"}, "label": {"intent": "loan"}});
    let samples = lines(&[unsure("s1", None), unsure("s2", None), unsure("s3", None), old]);
    site.upload(&maria, "/projects/p/samples", "application/x-ndjson", samples).await.expect(200);
    for person in [&anna, &ben] {
        let claimed = site.post(person, "/projects/p/claim", &json!({"count": 5})).await.expect(200);
        for task in claimed["tasks"].as_array().unwrap() {
            let differs = person.email.starts_with("ben") && task["sample"]["id"] != "s3";
            let answer = json!({"answers": {"intent": if differs { "loan" } else { "card" }}});
            let path = format!("/leases/{}/submit", task["lease"].as_str().unwrap());
            site.post(person, &path, &answer).await.expect(201);
        }
    }

    let base = "/projects/p/ambiguous-pairs";
    let found = site.get(&rita, &format!("{base}?question=intent")).await.expect(200);
    let pair = &found["items"][0];
    assert_eq!((&pair["a"], &pair["b"], &pair["items"]), (&json!("card"), &json!("loan"), &json!(2)));
    // Two labels in all: chance explains everything.
    assert_eq!(
        (&pair["observed"], &pair["expected"], &pair["ci95"]),
        (&json!(2.0), &json!(2.0), &Value::Null)
    );
    assert_eq!(pair["tasks"], json!({"open": 0, "in_review": 2, "decided": 0}));
    assert_eq!((&pair["rule"], &found["guideline_revision"]), (&Value::Null, &json!(1)));

    let items = site.get(&rita, &format!("{base}/items?a=loan&b=card")).await.expect(200);
    let tasks: Vec<Value> = items["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| json!({"task": item["task"], "rev": item["rev"], "answers": {"intent": "loan"}}))
        .collect();
    assert_eq!(tasks.len(), 2);
    site.get(&rita, &format!("{base}/items?a=loan")).await.refused(422, "invalid");
    site.get(&rita, &format!("{base}/items?a=loan&b=card&state=open")).await.refused(403, "forbidden");
    site.get(&anna, base).await.refused(403, "forbidden");

    let rule = json!({"question": "intent", "a": "card", "b": "loan", "guideline_revision": 1,
                      "title": "Card or loan?", "rule": "A card is no loan.", "items": tasks});
    let reader = site.token("rita@example.org", None, &[Scope::Read]).await;
    site.post(&reader, &format!("{base}/rules"), &rule).await.refused(403, "forbidden");
    let mut stale = rule.clone();
    stale["items"][1]["rev"] = json!(99);
    let refused = site.post(&rita, &format!("{base}/rules"), &stale).await.refused(409, "stale_rev");
    assert_eq!(refused["errors"][0]["pointer"], "/items/1");
    let mut twice = rule.clone();
    twice["items"][1] = twice["items"][0].clone();
    let refused = site.post(&rita, &format!("{base}/rules"), &twice).await.refused(422, "invalid");
    assert_eq!(
        (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
        (&json!("/items/1/task"), &json!("duplicate_id"))
    );
    let write = || {
        let request = site.request(&rita, Method::POST, &format!("{base}/rules")).json(&rule);
        send(request.header("idempotency-key", "once"))
    };
    let written = write().await.expect(201);
    assert_eq!(written, write().await.expect(201), "sent again, it is the same");
    assert_eq!(
        (&written["guideline_revision"], &written["decided"], &written["in_part"]),
        (&json!(2), &json!(2), &json!(0))
    );
    let project = site.get(&anna, "/projects/p").await.expect(200);
    let guideline = project["guideline"].as_str().unwrap();
    assert!(guideline.starts_with("## Card or loan?\n\nA card is no loan.\n"), "{guideline}");
    assert!(guideline.contains("- s1: text of s1"), "{guideline}");

    let rules = site.get(&anna, &format!("{base}/rules")).await.expect(200);
    assert_eq!(rules["next_cursor"], Value::Null);
    assert_eq!(rules["items"][0]["examples"].as_array().map(Vec::len), Some(2));
    assert_eq!(rules["items"][0]["examples"][0]["label"], "loan");
    let older = site.get(&rita, &format!("{base}/older-labels?a=card&b=loan")).await.expect(200);
    assert_eq!((&older["total"], &older["items"][0]["id"]), (&json!(1), &json!("old")));
    let challenge = json!({"ids": ["old"], "note": "a card is no loan"});
    site.post(&rita, "/projects/p/challenges", &challenge).await.expect(200);
    let older = site.get(&rita, &format!("{base}/older-labels?a=card&b=loan")).await.expect(200);
    assert_eq!(older["total"], 0);

    let set = format!("/projects/p/change-sets/{}", written["change_set"]);
    let shown = site.get(&rita, &set).await.expect(200);
    assert_eq!(
        (&shown["kind"], &shown["annotator"], &shown["note"]),
        (&json!("rule"), &Value::Null, &json!("Card or loan?"))
    );
    assert_eq!((&shown["rule"]["a"], &shown["progress"]["approved"]), (&json!("card"), &json!(2)));
    assert_eq!((&shown["rule"]["undone_at"], &shown["rule"]["undo_refused"]), (&Value::Null, &Value::Null));
    site.post(&rita, &format!("{set}/approve"), &json!({})).await.refused(409, "wrong_state");
    let undone = site.post(&rita, &format!("{set}/undo"), &json!({})).await.expect(200);
    assert_eq!(undone, json!({"reopened": 2, "left_alone": 0, "guideline_revision": 3}));
    site.post(&rita, &format!("{set}/undo"), &json!({})).await.refused(409, "wrong_state");
    assert_eq!(site.get(&anna, "/projects/p").await.expect(200)["guideline"], "");
}

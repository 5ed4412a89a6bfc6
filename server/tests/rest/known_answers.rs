//! Known answers by HTTP: marking, serving without a trace, results, notices and pauses.

use domain::access::Role;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

use crate::site::{Person, Site, lines, send, unsure};

const NDJSON: &str = "application/x-ndjson";

/// The samples `q0`, … wait for answers, and `k0`, … have the label `card`; these settings stand.
async fn with_samples(settings: Value, (queued, known): (usize, usize)) -> (Site, Person) {
    let (site, admin) = Site::with_project().await;
    let queued = (0..queued).map(|n| unsure(&format!("q{n}"), None));
    let known = (0..known)
        .map(|n| json!({"id": format!("k{n}"), "fields": {"text": "known"}, "label": {"intent": "card"}}));
    let samples: Vec<Value> = queued.chain(known).collect();
    let rev = site.get(&admin, "/projects/p").await.expect(200)["rev"].clone();
    let patch = site.request(&admin, Method::PATCH, "/projects/p");
    send(patch.json(&json!({"rev": rev, "settings": settings}))).await.expect(200);
    site.upload(&admin, "/projects/p/samples", NDJSON, lines(&samples)).await.expect(200);
    (site, admin)
}

async fn mark_all(site: &Site, admin: &Person, count: usize) {
    let samples: Vec<Value> = (0..count).map(|n| json!({"id": format!("k{n}")})).collect();
    let marked =
        site.post(admin, "/projects/p/known-answers", &json!({"samples": samples})).await.expect(201);
    assert_eq!(marked, json!({"marked": count, "changed": 0, "unchanged": 0}));
}

fn keys(value: &Value) -> BTreeSet<String> {
    match value {
        Value::Object(map) => map
            .iter()
            .flat_map(|(key, value)| keys(value).into_iter().map(move |below| format!("{key}/{below}")))
            .collect(),
        Value::Null => ["null".to_owned()].into(),
        Value::Bool(_) => ["bool".to_owned()].into(),
        Value::Number(_) => ["number".to_owned()].into(),
        Value::String(_) => ["text".to_owned()].into(),
        Value::Array(_) => ["list".to_owned()].into(),
    }
}

#[tokio::test]
async fn a_known_answer_task_has_the_shape_of_any_other_in_every_answer() {
    for (reveal, require) in [("blind", "all"), ("after_answer", "conflicts"), ("always", "all")] {
        let settings = json!({"queue": {"audit_rate": 0, "overlap": 1}, "reveal": reveal,
            "review": {"require": require, "sample_rate": 0}, "split": {"test": 0},
            "quality": {"known_answer_rate": 1}});
        let (site, admin) = with_samples(settings, (1, 1)).await;
        // Both have a prediction, so that both could show one.
        let known =
            json!({"id": "k0", "model": "m@1", "question": "intent", "probs": {"card": 0.9, "loan": 0.1}});
        site.upload(&admin, "/projects/p/predictions", NDJSON, lines(&[known])).await.expect(200);
        mark_all(&site, &admin, 1).await;
        let anna = site.member("anna@example.org", Role::Annotator).await;
        let claimed = site.post(&anna, "/projects/p/claim", &json!({"count": 2})).await.expect(200);
        let tasks = claimed["tasks"].as_array().unwrap().clone();
        assert_eq!(tasks.len(), 2, "{claimed}");
        let mut told: Vec<Vec<Value>> = Vec::new();
        for item in &tasks {
            let lease = format!("/leases/{}", item["lease"].as_str().unwrap());
            let renewed = site.post(&anna, &format!("{lease}/renew"), &json!({})).await.expect(200);
            let body = json!({"answers": {"intent": "loan"}});
            let submitted = site.post(&anna, &format!("{lease}/submit"), &body).await.expect(201);
            let own = site.get(&anna, "/projects/p/me/annotations?limit=1").await.expect(200);
            let undo = format!("/annotations/{}/undo", submitted["annotation"]);
            let again = site.post(&anna, &undo, &json!({})).await.expect(200);
            let body = json!({"reason": "hm"});
            let skip = format!("/leases/{}/skip", again["lease"].as_str().unwrap());
            site.post(&anna, &skip, &body).await.expect(204);
            told.push(vec![item.clone(), renewed, submitted, own["items"][0].clone(), again]);
        }
        for (one, other) in told[0].iter().zip(&told[1]) {
            let label = |keys: BTreeSet<String>| -> BTreeSet<String> {
                // Whether there is a stored label is the sample's, and so is why it was queued.
                keys.into_iter()
                    .filter(|key| !key.starts_with("revealed/label") && !key.starts_with("reason/"))
                    .collect()
            };
            assert_eq!(label(keys(one)), label(keys(other)), "{reveal}: {one} {other}");
            for key in ["rev", "task_state", "outcome", "can_undo", "schema_revision", "guideline_revision"] {
                assert_eq!(one[key], other[key], "{reveal}: {key} of {one} and {other}");
            }
            assert!(!one.to_string().contains("known") || one["sample"]["fields"]["text"] == "known");
        }
        let reason = |item: &Value| item["reason"]["kind"].is_string();
        assert_eq!(reason(&tasks[0]), reveal == "always");
        assert_eq!(reason(&tasks[1]), reveal == "always");
    }
}

#[tokio::test]
async fn samples_are_marked_together_or_not_at_all_and_marks_are_taken_back() {
    let (site, admin) = with_samples(json!({}), (1, 2)).await;
    let path = "/projects/p/known-answers";
    let wrong =
        json!({"samples": [{"id": "k0"}, {"id": "q0"}, {"id": "k1", "answers": {"intent": "nothing"}}]});
    let refused = site.post(&admin, path, &wrong).await.refused(422, "invalid");
    let found: Vec<_> =
        refused["errors"].as_array().unwrap().iter().map(|one| (&one["pointer"], &one["code"])).collect();
    assert_eq!(
        found,
        [
            (&json!("/samples/1/answers"), &json!("missing")),
            (&json!("/samples/2/answers/intent"), &json!("unknown_option"))
        ]
    );
    for (body, code) in
        [(json!({"samples": [{"id": "k0", "answer": 1}]}), "unknown_key"), (json!({}), "missing")]
    {
        let refused = site.post(&admin, path, &body).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["code"], code, "{refused}");
    }
    assert_eq!(site.get(&admin, path).await.expect(200)["items"], json!([]));
    mark_all(&site, &admin, 2).await;
    let listed = site.get(&admin, &format!("{path}?limit=1")).await.expect(200);
    let one = &listed["items"][0];
    assert_eq!(
        (&one["sample"], &one["answers"], &one["kept_back"]),
        (&json!("k0"), &json!({"intent": "card"}), &Value::Null)
    );
    assert_eq!(
        (&one["answered"], &one["right"], &one["marked_by"]),
        (&json!(0), &json!(0), &json!("admin@example.org"))
    );
    let next = listed["next_cursor"].as_str().unwrap();
    let rest = site.get(&admin, &format!("{path}?cursor={next}")).await.expect(200);
    assert_eq!((&rest["items"][0]["sample"], &rest["next_cursor"]), (&json!("k1"), &Value::Null));
    site.delete(&admin, &format!("{path}/k0")).await.expect(204);
    site.delete(&admin, &format!("{path}/k0")).await.refused(404, "not_found");
    site.delete(&admin, &format!("{path}/nobody")).await.refused(404, "not_found");
    // The same again with the same key marks once, and says so once.
    let again = json!({"samples": [{"id": "k0"}]});
    for _ in 0..2 {
        let request = site.request(&admin, Method::POST, path).header("idempotency-key", "one").json(&again);
        assert_eq!(send(request).await.expect(201)["marked"], 1);
    }
}

#[tokio::test]
async fn whoever_is_often_wrong_is_told_paused_and_resumed() {
    let settings = json!({"queue": {"audit_rate": 0},
        "quality": {"known_answer_rate": 1, "level": 0.8, "pause": true}});
    let (site, admin) = with_samples(settings, (2, 6)).await;
    mark_all(&site, &admin, 6).await;
    let anna = site.member("anna@example.org", Role::Annotator).await;
    let claim = async || site.post(&anna, "/projects/p/claim", &json!({})).await.expect(200);
    for _ in 0..5 {
        let claimed = claim().await;
        assert_eq!((&claimed["paused"], &claimed["notice"]), (&json!(false), &Value::Null));
        let path = format!("/leases/{}/submit", claimed["tasks"][0]["lease"].as_str().unwrap());
        site.post(&anna, &path, &json!({"verdict": "none_fits"})).await.expect(201);
    }
    let paused = claim().await;
    assert_eq!(
        (&paused["tasks"], &paused["remaining"], &paused["paused"]),
        (&json!([]), &json!(0), &json!(true))
    );
    let standing = site.get(&anna, "/projects/p/me/standing").await.expect(200);
    assert!(standing["paused_at"].is_string());
    let own = &standing["notices"][0];
    assert_eq!((&own["notice"], &own["right"], &own["of"]), (&paused["notice"], &json!(0), &json!(5)));
    let seen = format!("/projects/p/me/notices/{}/seen", own["notice"]);
    site.post(&anna, &seen, &json!({})).await.expect(204);
    assert_eq!(claim().await["notice"], Value::Null);
    site.post(&admin, &seen, &json!({})).await.refused(404, "not_found");
    let results = site.get(&admin, "/projects/p/known-results").await.expect(200);
    let one = &results["items"][0];
    assert_eq!((&one["annotator"], &one["accuracy"]["of"]), (&json!("anna@example.org"), &json!(5)));
    assert_eq!((&one["accuracy"]["value"], &one["notice"]), (&json!(0.0), &own["notice"]));
    assert!(one["accuracy"]["ci95"][1].as_f64().unwrap() < 0.8);
    for path in ["/pause", "/resume"] {
        let path = format!("/projects/p/members/anna@example.org{path}");
        site.post(&anna, &path, &json!({})).await.refused(403, "forbidden");
    }
    let resumed =
        site.post(&admin, "/projects/p/members/anna@example.org/resume", &json!({})).await.expect(200);
    assert_eq!(resumed["paused_at"], Value::Null);
    let notice = site.get(&admin, "/projects/p/notices").await.expect(200)["items"][0].clone();
    assert_eq!(
        (&notice["closed_by"], &notice["withdrawn"], &notice["paused"]),
        (&json!("admin@example.org"), &json!(false), &json!(true))
    );
    assert_eq!(claim().await["tasks"].as_array().unwrap().len(), 1);
    let held = site.post(&admin, "/projects/p/members/anna@example.org/pause", &json!({})).await.expect(200);
    assert!(held["paused_at"].is_string());
    let close = format!("/projects/p/notices/{}/close", notice["notice"]);
    assert_eq!(site.post(&admin, &close, &json!({})).await.expect(200), notice);
    site.post(&admin, "/projects/p/members/nobody@example.org/pause", &json!({}))
        .await
        .refused(404, "not_found");
}

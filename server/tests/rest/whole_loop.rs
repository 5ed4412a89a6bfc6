//! The loop: import, two people answer, they disagree, a reviewer settles it, a version is cut, a trainer pulls it.

use domain::access::Role;
use serde_json::{Value, json};

use crate::site::{Person, Site, lines, unsure};

async fn answer_all(site: &Site, person: &Person, answer: impl Fn(&str) -> &'static str) -> Vec<Value> {
    let mut given = Vec::new();
    loop {
        let claimed = site.post(person, "/projects/p/claim", &json!({"count": 2})).await.expect(200);
        let tasks = claimed["tasks"].as_array().unwrap().clone();
        if tasks.is_empty() {
            return given;
        }
        for task in tasks {
            assert_eq!(task["reason"], Value::Null, "the project is blind");
            assert_eq!(task["revealed"], Value::Null, "the project is blind");
            let lease = task["lease"].as_str().unwrap();
            let value = answer(task["sample"]["id"].as_str().unwrap());
            let body = json!({"answers": {"intent": value}, "verdict": "answered", "duration_ms": 1200});
            let submitted = site.post(person, &format!("/leases/{lease}/submit"), &body).await.expect(201);
            given.push(submitted);
        }
    }
}

#[tokio::test]
async fn from_samples_to_an_exported_version() {
    let (site, admin) = Site::with_project().await;
    let anna = site.member("anna@example.org", Role::Annotator).await;
    let ben = site.member("ben@example.org", Role::Annotator).await;
    let rita = site.member("rita@example.org", Role::Reviewer).await;
    let maria = site.member("maria@example.org", Role::Manager).await;

    let body = lines(&[unsure("s1", Some("loan")), unsure("s2", None), unsure("s3", None)]);
    let import = site.upload(&maria, "/projects/p/samples", "application/x-ndjson", body).await.expect(200);
    assert_eq!(import["received"], 3);
    assert_eq!(import["created"], 3);
    assert_eq!(import["tasks_opened"], 3);
    assert_eq!(import["version"], 1);

    // Both call everything a card, but Ben sees another thing in s3.
    let first = answer_all(&site, &anna, |_| "card").await;
    assert!(first.iter().all(|submitted| submitted["task_state"] == "open"));
    let second = answer_all(&site, &ben, |id| if id == "s3" { "loan" } else { "card" }).await;
    assert!(second.iter().all(|submitted| submitted["task_state"] == "in_review"));
    assert_eq!((first.len(), second.len()), (3, 3));

    let review = site.get(&rita, "/projects/p/review").await.expect(200);
    let items = review["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    for item in items {
        let (id, task, rev) = (item["sample"]["id"].as_str().unwrap(), &item["task"], &item["rev"]);
        assert_eq!(item["annotations"].as_array().unwrap().len(), 2);
        let conflict = id == "s3";
        assert_eq!(item["consensus"]["conflict"], conflict);
        let path = format!("/tasks/{task}/decision");
        if conflict {
            let refused = site.post(&rita, &path, &json!({"rev": rev, "decision": "approve"})).await;
            refused.refused(422, "no_consensus");
            let correct = json!({"rev": rev, "decision": "correct", "answers": {"intent": "other"}});
            assert_eq!(site.post(&rita, &path, &correct).await.expect(200)["state"], "approved");
        } else {
            let approve = json!({"rev": rev, "decision": "approve"});
            assert_eq!(site.post(&rita, &path, &approve).await.expect(200)["state"], "approved");
            site.post(&rita, &path, &approve).await.refused(409, "stale_rev");
        }
    }

    let staged = site.get(&rita, "/projects/p/versions/staged").await.expect(200);
    assert_eq!((&staged["added"], &staged["changed"]), (&json!(2), &json!(1)));
    let cut = json!({"message": "first review", "tag": "prod", "parent": 1});
    let version = site.post(&maria, "/projects/p/versions", &cut).await.expect(201);
    assert_eq!(version["number"], 2);
    assert_eq!(version["tags"], json!(["prod"]));
    assert!(version["digest"].as_str().unwrap().starts_with("sha256:"));
    site.post(&maria, "/projects/p/versions", &json!({"message": "again"}))
        .await
        .refused(409, "nothing_to_cut");

    let export = site.get(&rita, "/projects/p/export?version=prod&format=jsonl").await;
    export.status.is_success().then_some(()).unwrap();
    let exported: Vec<(String, String)> = export
        .text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|line| {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            (text(&line["id"]), text(&line["label"]["intent"]))
        })
        .collect();
    let expected = [("s1", "card"), ("s2", "card"), ("s3", "other")];
    assert_eq!(exported, expected.map(|(id, label)| (id.to_owned(), label.to_owned())));
    assert_eq!(export.header("x-label-version"), "2");
    assert_eq!(export.header("x-label-digest"), version["digest"].as_str().unwrap());

    let csv = site.get(&rita, "/projects/p/export?version=1&format=csv").await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(csv.text.lines().count(), 2, "{}", csv.text);

    let diff = site.get(&rita, "/projects/p/versions/2/diff?against=1").await.expect(200);
    assert_eq!((&diff["from"], &diff["to"]), (&json!(1), &json!(2)));
    assert_eq!(diff["items"].as_array().unwrap().len(), 3);

    let agreement = site.get(&rita, "/projects/p/agreement?question=intent").await.expect(200);
    assert_eq!(agreement["items"], 3);
    let percent = agreement["percent_agreement"]["value"].as_f64().unwrap();
    assert!((percent - 2.0 / 3.0).abs() < 1e-9);

    let own = site.get(&anna, "/projects/p/me/annotations").await.expect(200);
    assert_eq!(own["items"].as_array().unwrap().len(), 3);
    let audit = site.get(&admin, "/projects/p/audit?limit=500").await.expect(200);
    assert!(!audit["items"].as_array().unwrap().is_empty());
    let sample = site.get(&rita, "/projects/p/samples/s1").await.expect(200);
    assert_eq!(sample["label"], json!({"intent": "card"}));
    assert_eq!(sample["history"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn what_an_annotator_can_do_with_a_task() {
    let (site, _) = Site::with_project().await;
    let anna = site.member("anna@example.org", Role::Annotator).await;
    let ben = site.member("ben@example.org", Role::Annotator).await;
    let maria = site.member("maria@example.org", Role::Manager).await;
    let body = lines(&[unsure("s1", None), unsure("s2", None)]);
    site.upload(&maria, "/projects/p/samples", "application/x-ndjson", body).await.expect(200);

    // An empty body is the default, and a reload loses nothing.
    let empty =
        crate::site::send(site.request(&anna, reqwest::Method::POST, "/projects/p/claim")).await.expect(200);
    assert_eq!(empty["tasks"].as_array().unwrap().len(), 1);
    let claimed = site.post(&anna, "/projects/p/claim", &json!({"count": 2})).await.expect(200);
    assert_eq!(claimed["tasks"][0]["lease"], empty["tasks"][0]["lease"]);
    let lease = |index: usize| claimed["tasks"][index]["lease"].as_str().unwrap().to_owned();

    let renewed = site.post(&anna, &format!("/leases/{}/renew", lease(0)), &json!({})).await.expect(200);
    assert!(renewed["expires_at"].is_string());
    site.post(&ben, &format!("/leases/{}/renew", lease(0)), &json!({})).await.refused(404, "not_found");
    site.post(&anna, &format!("/leases/{}/release", lease(0)), &json!({})).await.expect(204);
    site.post(&anna, &format!("/leases/{}/skip", lease(1)), &json!({"reason": "unclear"})).await.expect(204);

    let again = site.post(&anna, "/projects/p/claim", &json!({"count": 5})).await.expect(200);
    let tasks = again["tasks"].as_array().unwrap();
    assert_eq!(tasks.len(), 1, "what was skipped does not come back");
    let path = format!("/leases/{}/submit", tasks[0]["lease"].as_str().unwrap());
    site.post(&anna, &path, &json!({"verdict": "ambiguous", "answers": {"intent": "card"}}))
        .await
        .expect(422);
    let submitted = site.post(&anna, &path, &json!({"answers": {"intent": "card"}})).await.expect(201);

    let undo = format!("/annotations/{}/undo", submitted["annotation"]);
    site.post(&ben, &undo, &json!({})).await.refused(404, "not_found");
    let item = site.post(&anna, &undo, &json!({})).await.expect(200);
    assert_eq!(item["task"], tasks[0]["task"]);
    assert_ne!(item["lease"], tasks[0]["lease"]);
    site.post(&anna, &undo, &json!({})).await.expect(409);
}

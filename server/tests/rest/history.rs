//! What differs between versions, where tags were, and what one annotator's answers did, taken back: over HTTP.

use domain::access::Role;
use serde_json::{Value, json};

use crate::site::{Person, Site, lines, unsure};

/// People of a project whose version 1 is an import of four labels `loan`, and whose version 2 made `s1` and `s2` `card`,
/// confirmed `s3` and labelled `s5`, all by Anna's answers.
struct Team {
    site: Site,
    admin: Person,
    maria: Person,
    rita: Person,
}

impl Team {
    async fn make() -> Self {
        let (site, admin) = Site::with_project().await;
        let anna = site.member("anna@example.org", Role::Annotator).await;
        let rita = site.member("rita@example.org", Role::Reviewer).await;
        let maria = site.member("maria@example.org", Role::Manager).await;
        let project = site.get(&maria, "/projects/p").await.expect(200);
        let patch = json!({"rev": project["rev"], "settings": {"queue": {"overlap": 1}}});
        let patched = site.request(&maria, reqwest::Method::PATCH, "/projects/p").json(&patch);
        crate::site::send(patched).await.expect(200);
        let known: Vec<Value> = ["s1", "s2", "s3", "s4"].map(|id| unsure(id, Some("loan"))).into();
        for samples in [lines(&known), lines(&[unsure("s5", None)])] {
            site.upload(&maria, "/projects/p/samples", "application/x-ndjson", samples).await.expect(200);
        }
        let team = Self { site, admin, maria, rita };
        let claimed = team.site.post(&anna, "/projects/p/claim", &json!({"count": 5})).await.expect(200);
        for task in claimed["tasks"].as_array().unwrap() {
            let label = match task["sample"]["id"].as_str().unwrap() {
                "s1" | "s2" | "s5" => "card",
                "s3" => "loan",
                _ => continue,
            };
            let path = format!("/leases/{}/submit", task["lease"].as_str().unwrap());
            team.site.post(&anna, &path, &json!({"answers": {"intent": label}})).await.expect(201);
        }
        team.approve_all().await;
        let cut = json!({"message": "reviewed", "tag": "prod"});
        team.site.post(&team.maria, "/projects/p/versions", &cut).await.expect(201);
        team
    }

    async fn get(&self, path: &str) -> Value {
        self.site.get(&self.rita, &format!("/projects/p{path}")).await.expect(200)
    }

    async fn approve_all(&self) {
        for item in self.get("/review").await["items"].as_array().unwrap() {
            let path = format!("/tasks/{}/decision", item["task"]);
            let approve = json!({"rev": item["rev"], "decision": "approve"});
            self.site.post(&self.rita, &path, &approve).await.expect(200);
        }
    }
}

fn ids(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_difference_is_summed_up_and_narrowed_down() {
    let team = Team::make().await;
    let summary = team.get("/versions/2/diff/summary?against=1").await;
    let counts = ["changed", "added", "removed", "confirmed"].map(|key| summary[key].as_i64().unwrap());
    assert_eq!(counts, [2, 1, 0, 1]);
    assert!(
        summary["pairs"]
            .as_array()
            .unwrap()
            .contains(&json!({"question": "intent", "before": "loan", "after": "card", "count": 2}))
    );
    let by_annotator = json!([{"annotator": "anna@example.org", "count": 3, "agreed": 3}]);
    assert_eq!(summary["by_annotator"], by_annotator);
    assert_eq!(
        summary["by_reason"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["count"].as_i64().unwrap())
            .sum::<i64>(),
        3
    );

    for (filter, expected) in [
        ("", vec!["s1", "s2", "s5"]),
        ("&effect=added", vec!["s5"]),
        ("&effect=confirmed", vec!["s3"]),
        ("&question=intent&before=loan&after=card", vec!["s1", "s2"]),
        ("&question=intent&before=", vec!["s5"]),
        ("&annotator=anna@example.org", vec!["s1", "s2", "s5"]),
        ("&annotator=nobody@example.org", vec![]),
        ("&reason=none", vec![]),
    ] {
        let page = team.get(&format!("/versions/2/diff?against=1{filter}")).await;
        assert_eq!(ids(&page), expected, "{filter}");
    }
    let wrong = "/projects/p/versions/2/diff?effect=vanished";
    team.site.get(&team.rita, wrong).await.refused(422, "invalid");
    team.site.get(&team.rita, "/projects/p/versions/2/diff?against=9").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_tag_leaves_a_trail_and_a_protected_one_stays() {
    let team = Team::make().await;
    let tag = "/projects/p/tags/prod";
    team.site.put(&team.maria, tag, &json!({"version": 1})).await.expect(200);
    team.site.put(&team.admin, tag, &json!({"version": 1, "protected": true})).await.expect(200);
    team.site.put(&team.maria, tag, &json!({"version": 2})).await.refused(409, "tag_protected");
    team.site.delete(&team.maria, tag).await.refused(409, "tag_protected");
    let cut = json!({"message": "again", "tag": "prod"});
    assert!(!team.site.post(&team.maria, "/projects/p/versions", &cut).await.status.is_success());
    assert_eq!(team.get("/versions/prod").await["number"], 1);

    team.site.delete(&team.admin, tag).await.expect(204);
    let history = team.get("/tags/prod/history").await;
    let moves: Vec<_> =
        history["items"].as_array().unwrap().iter().map(|moved| (&moved["from"], &moved["to"])).collect();
    assert_eq!(
        (moves.first().unwrap(), moves.last().unwrap()),
        (&(&json!(1), &Value::Null), &(&Value::Null, &json!(2)))
    );
    team.site.put(&team.maria, "/projects/p/tags/7", &json!({"version": 1})).await.expect(422);
    assert_eq!(team.get("/tags").await["items"], json!([]));
}

#[tokio::test]
async fn what_an_annotator_did_goes_through_review_before_it_is_undone() {
    let team = Team::make().await;
    let undo =
        json!({"annotator": "anna@example.org", "since": "2020-01-01T00:00:00Z", "note": "wrong guideline"});
    let preview = "/projects/p/change-sets/preview?annotator=anna@example.org&since=2020-01-01T00:00:00Z";
    let preview = team.site.get(&team.maria, preview).await.expect(200);
    assert_eq!(preview["matched"], 3);
    assert_eq!(team.get("/review").await["items"], json!([]), "a preview changes nothing");

    let unknown = json!({"annotator": "nobody@example.org", "since": "2020-01-01T00:00:00Z"});
    assert!(!team.site.post(&team.maria, "/projects/p/change-sets", &unknown).await.status.is_success());
    let prepared = team.site.post(&team.maria, "/projects/p/change-sets", &undo).await.expect(201);
    assert_eq!((&prepared["matched"], &prepared["tasks_opened"]), (&json!(3), &json!(3)));
    let id = &prepared["change_set"];
    let review = team.get(&format!("/review?change_set={id}")).await;
    assert_eq!(ids_of_samples(&review), ["s1", "s2", "s5"]);
    assert_eq!(review["items"][0]["proposal"]["label"], json!({"intent": "loan"}));
    assert_eq!(team.get("/versions/staged").await["items"], json!([]), "nothing is decided yet");

    let path = format!("/projects/p/change-sets/{id}/approve");
    let approved = team.site.post(&team.maria, &path, &json!({})).await.expect(200);
    assert_eq!(approved, json!({"approved": 3, "left": 0}));
    let staged = team.get("/versions/staged").await;
    assert_eq!((&staged["changed"], &staged["removed"]), (&json!(2), &json!(1)));
}

fn ids_of_samples(review: &Value) -> Vec<&str> {
    let mut ids: Vec<&str> = review["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["sample"]["id"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids
}

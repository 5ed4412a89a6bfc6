//! What each person's answers are like, by HTTP: to managers everybody's, to each person their own.

use domain::access::{Role, Scope};
use serde_json::{Value, json};

use crate::site::{Site, lines, unsure};

const NDJSON: &str = "application/x-ndjson";

#[tokio::test]
async fn managers_read_everybody_s_figures_and_each_person_their_own() {
    let (site, admin) = Site::with_project().await;
    let samples: Vec<Value> = (0..6).map(|n| unsure(&format!("s{n}"), None)).collect();
    site.upload(&admin, "/projects/p/samples", NDJSON, lines(&samples)).await.expect(200);
    let anna = site.member("anna@example.org", Role::Annotator).await;
    // Zoe and Anna agree on all samples but one, and nothing is decided.
    let answers: Vec<Value> = ["zoe", "anna@example.org"]
        .into_iter()
        .flat_map(|name| (0..6).map(move |n| (name, n)))
        .map(|(name, n)| {
            let value = if n == 5 && name == "zoe" || n == 0 { "loan" } else { "card" };
            json!({"id": format!("s{n}"), "annotator": name, "answers": {"intent": value}})
        })
        .collect();
    site.upload(&admin, "/projects/p/annotations", NDJSON, lines(&answers)).await.expect(200);

    let manager = site.member("maria@example.org", Role::Manager).await;
    let list = site.get(&manager, "/projects/p/annotators?question=").await.expect(200);
    assert_eq!((&list["question"], &list["method"]), (&json!("intent"), &json!("robust")));
    let names: Vec<&Value> = list["items"].as_array().unwrap().iter().map(|line| &line["name"]).collect();
    assert_eq!(names, ["anna@example.org", "zoe"]);
    assert_eq!(list["next_cursor"], Value::Null);
    let line = &list["items"][1];
    let first = site.get(&manager, "/projects/p/annotators?limit=1").await.expect(200);
    assert_eq!((first["items"].as_array().map(Vec::len), &first["items"][0]), (Some(1), &list["items"][0]));
    let next = format!("/projects/p/annotators?limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = site.get(&manager, &next).await.expect(200);
    assert_eq!((&second["items"], &second["next_cursor"]), (&json!([line]), &Value::Null));
    assert_eq!((&line["answers"], &line["median_ms"]), (&json!(6), &Value::Null));
    let view = site.get(&manager, &format!("/projects/p/annotators/{}", line["annotator"])).await.expect(200);
    assert_eq!(
        (&view["name"], &view["answers"], &view["simulated"]),
        (&json!("zoe"), &json!(6), &json!(false))
    );
    assert_eq!(
        (&view["agreement_with_others"]["count"], &view["agreement_with_others"]["of"]),
        (&json!(5), &json!(6))
    );
    for (figure, reason) in
        [("agreement_with_final", "nothing_decided"), ("speed", "no_times"), ("change", "nothing_decided")]
    {
        assert_eq!(view[figure]["undefined"], reason, "{figure}");
    }
    let [low, high] = [0, 1].map(|end| view["accuracy"]["ci95"][end].as_f64().unwrap());
    let accuracy = view["accuracy"]["value"].as_f64().unwrap();
    assert!(0.0 <= low && low <= accuracy && accuracy <= high && high <= 1.0, "{view}");

    // Of tasks that wait, nobody is told how they compare.
    let own = site.get(&anna, "/projects/p/annotators/me").await.expect(200);
    assert_eq!((&own["answers"], &own["accuracy"]["value"]), (&json!(6), &Value::Null));
    assert_eq!(own["agreement_with_others"]["of"], 0);
    assert!(own.get("name").is_none() && own.get("annotator").is_none());
}

#[tokio::test]
async fn what_there_is_not_is_not_found_and_what_one_may_not_is_forbidden() {
    let (site, admin) = Site::with_project().await;
    site.get(&admin, "/projects/p/annotators/1").await.refused(404, "not_found");
    site.get(&admin, "/projects/p/annotators/somebody").await.refused(404, "not_found");
    let faults = site.get(&admin, "/projects/p/annotators?question=colour").await.refused(422, "invalid");
    assert_eq!(faults["errors"][0]["code"], "unknown_question");
    site.get(&admin, "/projects/p/annotators/me?sort=accuracy").await.refused(422, "invalid");
    site.member("anna@example.org", Role::Annotator).await;
    let annotates = site.token("anna@example.org", None, &[Scope::Annotate]).await;
    site.get(&annotates, "/projects/p/annotators/me").await.expect(200);
    site.get(&annotates, "/projects/p/annotators").await.refused(403, "forbidden");
    let ingests = site.token("admin@example.org", None, &[Scope::Ingest]).await;
    site.get(&ingests, "/projects/p/annotators/me").await.refused(403, "forbidden");
}

//! Bad input: each gets the code and the place, and with `on_error=abort` nothing at all is kept.

use domain::access::Role;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::site::{MAX_UPLOAD_BYTES, Site, lines, project, send, unsure};

const NDJSON: &str = "application/x-ndjson";
const GOOD: &str = r#"{"id": "good", "fields": {"text": "fine"}}"#;

/// The code and the place of the only fault, on line 2.
async fn second_line(line: &[u8]) -> (u16, String, Value) {
    let (site, admin) = Site::with_project().await;
    let body = [GOOD.as_bytes(), b"\n", line, b"\n"].concat();
    let aborted = site.upload(&admin, "/projects/p/samples", NDJSON, body.clone()).await;
    let status = aborted.status.as_u16();
    let kept = site.get(&admin, "/projects/p/samples").await.expect(200);
    assert_eq!(kept["items"], json!([]), "nothing is kept");

    let skipped = site.upload(&admin, "/projects/p/samples?on_error=skip", NDJSON, body).await.expect(200);
    assert_eq!(
        (&skipped["received"], &skipped["created"], &skipped["rejected"]),
        (&json!(2), &json!(1), &json!(1))
    );
    let fault = &skipped["errors"][0];
    assert_eq!(fault["line"], 2);
    (status, fault["code"].as_str().unwrap().to_owned(), fault["pointer"].clone())
}

#[rstest]
#[case(br#"{"id": "a", "fields": {"text": "x"}"#, "malformed", None)]
#[case(b"{\"id\": \"a\", \"fields\": {\"text\": \"\xff\"}}", "invalid_utf8", None)]
#[case(br#"{"fields": {"text": "x"}}"#, "missing", Some("/id"))]
#[case(br#"{"id": 7, "fields": {"text": "x"}}"#, "wrong_type", Some("/id"))]
#[case(br#"{"id": "", "fields": {"text": "x"}}"#, "invalid_name", Some("/id"))]
#[case(br#"{"id": "a\u0000", "fields": {"text": "x"}}"#, "invalid_text", Some("/id"))]
#[case(br#"{"id": "a", "fields": {"text": "\ud800"}}"#, "invalid_text", None)]
#[case(br#"{"id": "good", "fields": {"text": "x"}}"#, "duplicate_id", Some("/id"))]
#[case(br#"{"id": "a", "fields": {"text": "x"}, "labels": {}}"#, "unknown_key", Some("/labels"))]
#[case(br#"{"id": "a", "fields": {"text": 1}}"#, "wrong_type", Some("/fields/text"))]
#[case(br#"{"id": "a", "fields": {"text": "x", "title": "y"}}"#, "unknown_field", Some("/fields/title"))]
#[case(
    br#"{"id": "a", "fields": {"text": "x"}, "label": {"mood": "card"}}"#,
    "unknown_question",
    Some("/label/mood")
)]
#[case(
    br#"{"id": "a", "fields": {"text": "x"}, "label": {"intent": "cards"}}"#,
    "unknown_option",
    Some("/label/intent")
)]
#[case(
    br#"{"id": "a", "fields": {"text": "x"}, "predictions": [{"model": "m", "question": "intent", "probs": {"card": 1.5}}]}"#,
    "invalid_probability",
    Some("/predictions/0/probs/card")
)]
#[case(
    br#"{"id": "a", "fields": {"text": "x"}, "predictions": [{"model": "m", "question": "intent", "probs": {"card": NaN}}]}"#,
    "malformed",
    None
)]
#[tokio::test]
async fn a_wrong_line(#[case] line: &[u8], #[case] code: &str, #[case] pointer: Option<&str>) {
    let (status, found, at) = second_line(line).await;
    assert_eq!(status, 422);
    assert_eq!(found, code);
    if let Some(pointer) = pointer {
        assert_eq!(at, pointer);
    }
}

#[tokio::test]
async fn text_comes_back_as_it_was() {
    let (site, admin) = Site::with_project().await;
    let texts = [
        "</textarea><script>alert(1)</script>",
        "\u{202e}RTL",
        "😀 e\u{301}",
        "\u{1112}\u{1161}\u{11ab}",
        "a\r\nb",
    ];
    let samples: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| json!({"id": format!("s{index}"), "fields": {"text": text}}))
        .collect();
    site.upload(&admin, "/projects/p/samples", NDJSON, lines(&samples)).await.expect(200);
    for (index, text) in texts.iter().enumerate() {
        let sample = site.get(&admin, &format!("/projects/p/samples/s{index}")).await.expect(200);
        assert_eq!(sample["fields"]["text"], *text);
    }
}

#[tokio::test]
async fn all_three_formats_and_their_odd_ends() {
    let (site, admin) = Site::with_project().await;
    let uploads: [(&str, &str); 4] = [
        (
            NDJSON,
            "\u{feff}{\"id\": \"a1\", \"fields\": {\"text\": \"x\"}}\r\n{\"id\": \"a2\", \"fields\": {\"text\": \"y\"}}\r\n",
        ),
        (
            "application/json",
            "[{\"id\": \"b1\", \"fields\": {\"text\": \"x\"}}, {\"id\": \"b2\", \"fields\": {\"text\": \"y\"}}]",
        ),
        ("text/csv", "\u{feff}id,text\r\nc1,\"two\nlines, \"\"quoted\"\"\"\r\nc2,y\r\n"),
        ("text/csv; charset=utf-8", "id,text,intent\nd1,x,card\nd2,y,\n"),
    ];
    for (kind, body) in uploads {
        let import = site.upload(&admin, "/projects/p/samples", kind, body).await.expect(200);
        assert_eq!(import["created"], 2, "{kind}: {import}");
    }
    let quoted = site.get(&admin, "/projects/p/samples/c1").await.expect(200);
    assert_eq!(quoted["fields"]["text"], "two\nlines, \"quoted\"");
    site.upload(&admin, "/projects/p/samples", "text/plain", "x")
        .await
        .refused(415, "unsupported_media_type");
    site.upload(&admin, "/projects/p/samples?on_error=ignore", NDJSON, GOOD).await.refused(422, "invalid");
    site.upload(&admin, "/projects/p/samples?from=prodigy", NDJSON, GOOD).await.refused(422, "invalid");
    site.upload(&admin, "/projects/p/samples?colour=red", NDJSON, GOOD).await.refused(422, "invalid");
}

#[tokio::test]
async fn an_upload_has_a_limit_announced_or_not() {
    let (site, admin) = Site::with_project().await;
    let most = usize::try_from(MAX_UPLOAD_BYTES).unwrap();
    let large = vec![b' '; most + 1];
    site.upload(&admin, "/projects/p/samples", NDJSON, large.clone()).await.refused(413, "too_large");
    let chunks =
        large.chunks(1 << 16).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>();
    let request = site.request(&admin, Method::POST, "/projects/p/samples").header("content-type", NDJSON);
    let body = reqwest::Body::wrap_stream(futures::stream::iter(chunks));
    send(request.body(body)).await.refused(413, "too_large");
    let kept = site.get(&admin, "/projects/p/samples").await.expect(200);
    assert_eq!(kept["items"], json!([]));
}

#[tokio::test]
async fn a_large_text_is_told_with_its_place() {
    let (site, admin) = Site::with_project().await;
    let sample = json!({"id": "a", "fields": {"text": "x".repeat(1024 * 1024 + 1)}});
    let answer = site.upload(&admin, "/projects/p/samples", NDJSON, lines(&[sample])).await;
    let refused = answer.refused(422, "invalid");
    assert_eq!(refused["errors"][0]["code"], "too_long");
    assert_eq!(refused["errors"][0]["pointer"], "/fields/text");
}

#[rstest]
#[case(json!({"slug": "Q"}), "/slug", "invalid_name")]
#[case(json!({"name": ""}), "/name", "invalid_name")]
#[case(json!({"colour": 1}), "/colour", "unknown_key")]
#[case(json!({"settings": {"queue": {"threshold": 1.5}}}), "/settings/queue/threshold", "out_of_range")]
#[case(json!({"settings": {"queue": {"lease_seconds": 4}}}), "/settings/queue/lease_seconds", "out_of_range")]
#[case(json!({"settings": {"blind": true}}), "/settings/blind", "unknown_key")]
#[case(overlap(json!({"min": 2, "max": 5})), "/settings/queue/overlap/confidence", "missing")]
#[case(overlap(json!({"min": 2, "max": 5, "confidence": "high"})), "/settings/queue/overlap/confidence", "wrong_type")]
#[case(overlap(json!({"min": 2, "max": 5, "confidence": 1})), "/settings/queue/overlap/confidence", "out_of_range")]
#[case(overlap(json!({"min": "2", "max": 5, "confidence": 0.9})), "/settings/queue/overlap/min", "wrong_type")]
#[case(overlap(json!("two")), "/settings/queue/overlap", "wrong_type")]
#[case(json!({"schema": {"fields": [], "questions": []}}), "/schema/fields", "empty")]
#[tokio::test]
async fn a_wrong_project(#[case] change: Value, #[case] pointer: &str, #[case] code: &str) {
    let site = Site::start().await;
    let admin = site.admin().await;
    let mut body = project("q");
    for (key, value) in change.as_object().unwrap() {
        body[key] = value.clone();
    }
    let refused = site.post(&admin, "/projects", &body).await.refused(422, "invalid");
    let fault = &refused["errors"][0];
    assert_eq!((fault["pointer"].as_str(), fault["code"].as_str()), (Some(pointer), Some(code)), "{refused}");
    let projects = site.get(&admin, "/projects").await.expect(200);
    assert_eq!(projects["items"], json!([]));
}

fn overlap(value: Value) -> Value {
    json!({"settings": {"queue": {"overlap": value}}})
}

#[tokio::test]
async fn what_an_overlap_lacks_was_told_in_the_words_of_a_library() {
    let (site, admin) = Site::with_project().await;
    let rev = site.get(&admin, "/projects/p").await.expect(200)["rev"].clone();
    for (value, detail) in [
        (json!({"min": 2, "max": 5}), "'confidence' is missing: it must be a number above 0.5 and below 1"),
        (json!({"confidence": 0.9, "max": 5}), "'min' is missing: it must be a whole number from 1 to 20"),
    ] {
        let mut body = project("q");
        body["settings"] = overlap(value.clone())["settings"].clone();
        let created = site.post(&admin, "/projects", &body).await.refused(422, "invalid");
        let mut patch = overlap(value);
        patch["rev"] = rev.clone();
        let changed = send(site.request(&admin, Method::PATCH, "/projects/p").json(&patch)).await;
        let changed = changed.refused(422, "invalid");
        for refused in [created, changed] {
            assert_eq!(refused["errors"][0]["detail"], detail, "{refused}");
            assert_eq!(refused["errors"][0]["code"], "missing", "{refused}");
        }
    }
}

#[tokio::test]
async fn a_stale_change_of_a_project_is_refused() {
    let (site, admin) = Site::with_project().await;
    let patch =
        async |body: Value| send(site.request(&admin, Method::PATCH, "/projects/p").json(&body)).await;
    let rev = site.get(&admin, "/projects/p").await.expect(200)["rev"].clone();
    let changed = patch(json!({"rev": rev, "settings": {"queue": {"threshold": 0.9}}})).await.expect(200);
    assert_eq!(changed["settings"]["queue"]["threshold"], 0.9);
    assert_eq!(changed["settings"]["queue"]["overlap"], 2, "what is absent stays");
    patch(json!({"rev": rev, "name": "Other"})).await.refused(409, "stale_rev");
    patch(json!({"name": "Other"})).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_wrong_answer_changes_nothing() {
    let (site, _) = Site::with_project().await;
    let anna = site.member("anna@example.org", Role::Annotator).await;
    let maria = site.member("maria@example.org", Role::Manager).await;
    site.upload(&maria, "/projects/p/samples", NDJSON, lines(&[unsure("s1", None)])).await.expect(200);
    let claimed = site.post(&anna, "/projects/p/claim", &json!({})).await.expect(200);
    let path = format!("/leases/{}/submit", claimed["tasks"][0]["lease"].as_str().unwrap());
    let wrong = [
        (json!({}), "missing"),
        (json!({"answers": {"intent": "cards"}}), "unknown_option"),
        (json!({"answers": {"mood": "card"}}), "unknown_question"),
        (json!({"answers": {"intent": ["card"]}}), "wrong_type"),
        (json!({"answers": {"intent": "card"}, "note": "x".repeat(2001)}), "too_long"),
    ];
    for (body, code) in wrong {
        let refused = site.post(&anna, &path, &body).await.refused(422, "invalid");
        let codes: Vec<_> =
            refused["errors"].as_array().unwrap().iter().map(|fault| &fault["code"]).collect();
        assert!(codes.iter().any(|found| **found == code), "{body}: {refused}");
    }
    site.post(&anna, "/projects/p/claim", &json!({"count": 51})).await.expect(422);
    site.post(&anna, "/leases/nosuchlease/submit", &json!({"answers": {"intent": "card"}})).await.expect(404);
    let own = site.get(&anna, "/projects/p/me/annotations").await.expect(200);
    assert_eq!(own["items"], json!([]));
}

#[tokio::test]
async fn u0000_in_a_path_or_a_cursor_failed_on_postgresql() {
    let (site, admin) = Site::with_project().await;
    for path in ["/projects/p/samples/a%00b", "/projects/p/versions/%00", "/projects/%00"] {
        site.get(&admin, path).await.refused(404, "not_found");
    }
    site.post(&admin, "/leases/a%00b/release", &json!({})).await.refused(404, "not_found");
    let cursor = hex::encode("\"a\\u0000b\"");
    for path in ["/projects", "/projects/p/samples"] {
        site.get(&admin, &format!("{path}?cursor={cursor}")).await.refused(422, "invalid");
    }
}

#[tokio::test]
async fn a_body_that_was_too_large_cut_the_connection_instead_of_being_refused() {
    let (site, admin) = Site::with_project().await;
    let body = vec![b'a'; 12 * 1024 * 1024];
    site.upload(&admin, "/projects/p/samples", NDJSON, body.clone()).await.refused(413, "too_large");
    let request = site.request(&admin, Method::POST, "/projects").header("content-type", "application/json");
    send(request.body(body)).await.refused(413, "too_large");
}

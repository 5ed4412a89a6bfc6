//! Safe retries: the same key takes effect once and is answered twice.

use domain::access::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::site::{Answer, Person, Site, lines, project, send, unsure};

async fn keyed(site: &Site, person: &Person, path: &str, key: &str, body: &Value) -> Answer {
    send(site.request(person, Method::POST, path).header("idempotency-key", key).json(body)).await
}

#[tokio::test]
async fn a_retried_submit_takes_effect_once() {
    let (site, _) = Site::with_project().await;
    let anna = site.member("anna@example.org", Role::Annotator).await;
    let maria = site.member("maria@example.org", Role::Manager).await;
    let body = lines(&[unsure("s1", None)]);
    site.upload(&maria, "/projects/p/samples", "application/x-ndjson", body).await.expect(200);
    let claimed = site.post(&anna, "/projects/p/claim", &json!({})).await.expect(200);
    let path = format!("/leases/{}/submit", claimed["tasks"][0]["lease"].as_str().unwrap());

    let answer = json!({"answers": {"intent": "card"}});
    let first = keyed(&site, &anna, &path, "k1", &answer).await.expect(201);
    let second = keyed(&site, &anna, &path, "k1", &answer).await.expect(201);
    assert_eq!(first, second);
    let other = json!({"answers": {"intent": "loan"}});
    keyed(&site, &anna, &path, "k1", &other).await.refused(422, "idempotency_mismatch");
    let own = site.get(&anna, "/projects/p/me/annotations").await.expect(200);
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_remembered_too() {
    let (site, admin) = Site::with_project().await;
    let taken = keyed(&site, &admin, "/projects", "k", &project("p")).await;
    taken.refused(409, "slug_taken");
    keyed(&site, &admin, "/projects", "k", &project("p")).await.refused(409, "slug_taken");
    keyed(&site, &admin, "/projects", "k", &project("q")).await.refused(422, "idempotency_mismatch");
    keyed(&site, &admin, "/projects", "k2", &project("q")).await.expect(201);
}

#[tokio::test]
async fn a_retried_upload_answers_with_the_first_import() {
    let (site, admin) = Site::with_project().await;
    let upload = async |key: &str, path: &str, body: String| {
        let request = site.request(&admin, Method::POST, path).header("content-type", "application/x-ndjson");
        send(request.header("idempotency-key", key).body(body)).await
    };
    let body = lines(&[unsure("s1", Some("card"))]);
    let first = upload("k", "/projects/p/samples", body.clone()).await.expect(200);
    let second = upload("k", "/projects/p/samples", body.clone()).await.expect(200);
    assert_eq!(first, second);
    let imports = site.get(&admin, "/projects/p/imports").await.expect(200);
    assert_eq!(imports["items"].as_array().unwrap().len(), 1);
    upload("k", "/projects/p/samples", lines(&[unsure("s2", None)]))
        .await
        .refused(422, "idempotency_mismatch");
    // What the query says is part of what was asked.
    upload("k", "/projects/p/samples?on_error=skip", body).await.refused(422, "idempotency_mismatch");
}

#[tokio::test]
async fn keys_are_their_owners_own() {
    let (site, admin) = Site::with_project().await;
    let other = site.token(&admin.email, None, &domain::access::Scope::ALL).await;
    keyed(&site, &admin, "/projects", "k", &project("a")).await.expect(201);
    keyed(&site, &other, "/projects", "k", &project("b")).await.expect(201);
    keyed(&site, &admin, "/projects", "", &project("c")).await.refused(422, "invalid");
}

#[tokio::test]
async fn a_key_was_free_again_after_a_body_that_did_not_fit() {
    let (site, admin) = Site::with_project().await;
    for (key, wrong, status, code) in [
        ("k1", r#"{"counts": 1}"#, 422, "invalid"),
        ("k2", "{", 400, "malformed"),
        ("k3", "[]", 422, "invalid"),
    ] {
        let claim = async |body: &str| {
            let request = site.request(&admin, Method::POST, "/projects/p/claim");
            let request = request.header("content-type", "application/json").header("idempotency-key", key);
            send(request.body(body.to_owned())).await
        };
        let first = claim(wrong).await.refused(status, code);
        assert_eq!(claim(wrong).await.refused(status, code), first);
        claim(r#"{"count": 1}"#).await.refused(422, "idempotency_mismatch");
        claim(r#"{"other": 1}"#).await.refused(422, "idempotency_mismatch");
    }
}

#[tokio::test]
async fn a_kept_answer_showed_the_text_of_an_erased_sample() {
    let (site, admin) = Site::with_project().await;
    let body = lines(&[unsure("s1", None)]);
    site.upload(&admin, "/projects/p/samples", "application/x-ndjson", body).await.expect(200);
    let claim = async || keyed(&site, &admin, "/projects/p/claim", "k", &json!({})).await;
    assert!(claim().await.text.contains("text of s1"));
    site.delete(&admin, "/projects/p/samples/s1").await.expect(204);
    assert!(!claim().await.text.contains("text of s1"));
}

//! The server's own paths, its headers, and the refusals that no use case makes.

use domain::access::Scope;
use reqwest::{Method, header};
use serde_json::json;

use crate::site::{Admin, Site, project, send};

#[tokio::test]
async fn alive_and_ready() {
    let site = Site::start().await;
    for path in ["/healthz", "/readyz"] {
        let answer = send(site.client.get(format!("{}{path}", site.base))).await;
        assert_eq!(answer.expect(200), json!({"status": "ok"}));
    }
}

#[tokio::test]
async fn metrics_are_for_admins_with_the_scope() {
    let site = Site::start().await;
    let admin = site.admin().await;
    let reader = site.token(&admin.email, None, &[Scope::Read]).await;
    site.user("anna@example.org", Admin::No).await;
    let other = site.token("anna@example.org", None, &Scope::ALL).await;
    let metrics =
        async |token: &str| send(site.client.get(format!("{}/metrics", site.base)).bearer_auth(token)).await;
    let text = metrics(&admin.token).await;
    assert_eq!(text.status, 200);
    assert!(text.text.contains("relabel_build_info{version="));
    metrics(&reader.token).await.refused(403, "forbidden");
    metrics(&other.token).await.refused(403, "forbidden");
}

#[tokio::test]
async fn refusals_that_no_use_case_makes() {
    let (site, admin) = Site::with_project().await;
    let anonymous = async |method: Method, path: &str| {
        send(site.client.request(method, format!("{}{path}", site.base))).await
    };
    anonymous(Method::GET, "/api/v1/nothing").await.refused(404, "not_found");
    anonymous(Method::GET, "/api/nothing").await.refused(404, "not_found");
    anonymous(Method::POST, "/api/nothing").await.refused(404, "not_found");
    site.request(&admin, Method::POST, "/projects/p/export").send().await.unwrap();
    send(site.request(&admin, Method::POST, "/projects/p/export")).await.refused(405, "method_not_allowed");
    let unauthenticated = anonymous(Method::GET, "/api/v1/projects").await;
    unauthenticated.refused(401, "unauthenticated");
    assert!(unauthenticated.header("www-authenticate").starts_with("Bearer"));
    let post = |body: Vec<u8>, kind: &str| {
        site.request(&admin, Method::POST, "/projects").header(header::CONTENT_TYPE, kind).body(body)
    };
    send(post(b"a=b".to_vec(), "application/x-www-form-urlencoded"))
        .await
        .refused(415, "unsupported_media_type");
    send(post(vec![b' '; 2 * 1024 * 1024 + 1], "application/json")).await.refused(413, "too_large");
    send(post(b"{".to_vec(), "application/json")).await.refused(400, "malformed");
    send(post(b"\xff".to_vec(), "application/json")).await.refused(400, "invalid_utf8");
}

#[tokio::test]
async fn every_answer_is_guarded() {
    let site = Site::start().await;
    for path in ["/healthz", "/api/v1/projects", "/api/openapi.json", "/api/docs", "/sign-in"] {
        let answer = send(site.client.get(format!("{}{path}", site.base))).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
    }
}

#[tokio::test]
async fn another_sites_form_changes_nothing() {
    let site = Site::start().await;
    let post = || {
        site.client.post(format!("{}/api/sign_in", site.base)).form(&[("email", "a@b"), ("password", "x")])
    };
    send(post().header("origin", "https://evil.example")).await.refused(403, "cross_site");
    send(post().header("sec-fetch-site", "cross-site")).await.refused(403, "cross_site");
    let own = send(post().header("origin", &site.base)).await;
    assert_ne!(own.status, 403, "{}", own.text);
}

#[tokio::test]
async fn a_form_cannot_be_large() {
    let site = Site::start().await;
    let large = "x".repeat(2 * 1024 * 1024 + 1);
    let form = site.client.post(format!("{}/api/sign_in", site.base)).form(&[("email", large)]);
    send(form).await.refused(413, "too_large");
}

#[tokio::test]
async fn the_docs_name_every_code() {
    let site = Site::start().await;
    let docs = send(site.client.get(format!("{}/api/docs", site.base))).await;
    assert_eq!(docs.status, 200);
    for code in domain::problem::Code::ALL {
        assert!(docs.text.contains(&format!("id=\"{code}\"")), "{code}");
    }
    assert!(!docs.text.contains("<script"));
}

#[tokio::test]
async fn lists_have_pages() {
    let site = Site::start().await;
    let admin = site.admin().await;
    for slug in ["a", "b", "c"] {
        site.post(&admin, "/projects", &project(slug)).await.expect(201);
    }
    let first = site.get(&admin, "/projects?limit=2").await.expect(200);
    assert_eq!(first["items"].as_array().unwrap().len(), 2);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = site.get(&admin, &format!("/projects?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!(second["items"].as_array().unwrap().len(), 1);
    assert_eq!(second["next_cursor"], serde_json::Value::Null);
    for query in ["limit=0", "limit=501", "limit=x", "page=2"] {
        site.get(&admin, &format!("/projects?{query}")).await.refused(422, "invalid");
    }
    site.get(&admin, "/projects?cursor=%00").await.expect(422);
}

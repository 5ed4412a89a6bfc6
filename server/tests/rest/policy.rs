//! Every route, server function and page has its row in a policy table, and nobody without credentials gets past it.

use app::policy::{Guard, PAGES, SERVER_FNS};
use leptos::server_fn::axum::server_fn_paths;
use reqwest::Method;
use serde_json::json;
use server::policy::{Access, ROUTES};
use std::collections::BTreeSet;

use crate::site::{Site, send};

/// A path with something in place of its variable parts.
pub(crate) fn filled(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        "{slug}" => "p",
        "{webhook}" | "{delivery}" | "{ref}" | "{task}" | "{annotation}" | "{import}" | "{change_set}"
        | "{annotator}" | "{notice}" => "1",
        "{email}" => "nobody@example.org",
        part if part.starts_with('{') => "some",
        part => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn the_table_and_the_router_name_the_same_routes() {
    let site = Site::start().await;
    let document = send(site.client.get(format!("{}/api/openapi.json", site.base))).await.expect(200);
    let routed: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().unwrap().keys().map(|method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let listed: BTreeSet<(String, String)> =
        ROUTES.iter().map(|row| (row.method.to_string(), row.path.to_owned())).collect();
    assert_eq!(routed, listed);
    assert_eq!(listed.len(), ROUTES.len(), "no route has two rows");
}

#[tokio::test]
async fn every_server_function_and_page_has_its_row() {
    let registered: BTreeSet<String> = server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    let listed: BTreeSet<String> = SERVER_FNS.iter().map(|(name, _)| format!("/api/{name}")).collect();
    assert_eq!(registered, listed);
    let routed: BTreeSet<String> =
        server::router::page_routes().iter().map(|route| named(route.path())).collect();
    let listed: BTreeSet<String> = PAGES.iter().map(|(path, _)| named(path)).collect();
    assert_eq!(routed, listed);
}

/// Leptos and axum spell variable parts differently.
fn named(path: &str) -> String {
    let parts = path.split('/').map(|part| match part.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => part.to_owned(),
    });
    let path = parts.collect::<Vec<_>>().join("/");
    if path.is_empty() { "/".to_owned() } else { path }
}

#[tokio::test]
async fn nobody_gets_in_without_credentials() {
    let (site, _) = Site::with_project().await;
    for row in ROUTES {
        let url = format!("{}{}", site.base, filled(row.path));
        for token in [None, Some("rlb_unknown")] {
            let request = site.client.request(row.method.clone(), &url);
            let request = token.map_or(request.try_clone().unwrap(), |token| request.bearer_auth(token));
            let answer = send(request).await;
            match row.access {
                Access::Public => assert_eq!(answer.status, 200, "{} {}", row.method, row.path),
                Access::Token(_) | Access::TokenOrSession(_) => {
                    answer.refused(401, "unauthenticated");
                }
            }
        }
    }
}

/// Something for every argument of every server function; one that does not know a key ignores it.
pub(crate) const ARGUMENTS: &str = "slug=p&task=1&rev=1&lease=01J00000000000000000000000&annotation=1&decision=approve&tasks=1:1\
    &id=s1&ids[]=s1&scope=sample&name=n&email=a%40example.org&role=annotator&password=long%20enough%20password\
    &old=long%20enough%20password&new=long%20enough%20password&message=m&tag=prod&version=1&reference=1&number=1\
    &count=1&query=&question=intent&text=t&markdown=t&guideline=t&json=%7B%7D&title=t&schema=%7B%7D&locale=en&form[json]=%7B%7D\
    &target=label&prediction_score=margin&label_score=self_confidence&threshold=0.5&label_share=&audit_rate=0.05&overlap=2&lease_seconds=900&require=all&sample_rate=0.1\
    &reveal=blind&time_zone=UTC&show_metadata=&scopes[]=read&token=1&against=0&parent=1&onward=&kind=samples\
    &url=https%3A%2F%2Fhooks.example.org%2F&webhook=1&delivery=1&events[]=version.published&validation=0.1&test=0.1&by=&test_reviewers=1\
    &annotator=a%40example.org&since=2026-01-01T00:00&change_set=1&protection=on&language=en&licence=&limits=&method=robust\
    &known_answer_rate=0.1&level=&notice=1&guideline_revision=1&rule=r";

#[tokio::test]
async fn a_server_function_tells_nothing_to_somebody_unknown() {
    let (site, _) = Site::with_project().await;
    let mut told = Vec::new();
    for (path, method) in server_fn_paths() {
        let name = path.rsplit('/').next().unwrap();
        // A GET is not checked for its origin, so it may only read.
        let reads = name.starts_with("load_") && method == Method::GET;
        assert!(reads || method == Method::POST, "{method} {path}");
        let (_, guard) = SERVER_FNS.iter().find(|(listed, _)| *listed == name).unwrap();
        if *guard == Guard::Public {
            continue;
        }
        let address = format!("{}{path}", site.base);
        let request = match (name, &method) {
            ("submit_annotation", _) => {
                let lease = json!({"lease": "01J00000000000000000000000", "input": {}});
                site.client.post(address).json(&lease)
            }
            ("import_upload", _) => {
                let kind = "multipart/form-data; boundary=x";
                let body = "--x\r\ncontent-disposition: form-data; name=\"slug\"\r\n\r\np\r\n--x--\r\n";
                site.client.post(address).header("content-type", kind).body(body)
            }
            (_, &Method::GET) => site.client.get(format!("{address}?{ARGUMENTS}")),
            _ => {
                let kind = "application/x-www-form-urlencoded";
                site.client.post(address).header("content-type", kind).body(ARGUMENTS)
            }
        };
        let answer = send(request).await;
        // Its arguments could be read, so it is who asks that it is refused for.
        if !answer.text.contains("unauthenticated") {
            told.push(format!("{path}: {} {}", answer.status, answer.text));
        }
    }
    assert_eq!(told, [""; 0]);
}

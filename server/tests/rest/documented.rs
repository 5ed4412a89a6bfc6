//! Every path that the API's description names is in the router and in the OpenAPI document.

use std::collections::BTreeSet;

use crate::site::{Site, send};

/// The API as it is described for people.
const DOCUMENTED: &[(&str, &str)] = &[
    ("POST", "/api/v1/projects"),
    ("GET", "/api/v1/projects"),
    ("GET", "/api/v1/projects/{slug}"),
    ("PATCH", "/api/v1/projects/{slug}"),
    ("DELETE", "/api/v1/projects/{slug}"),
    ("GET", "/api/v1/projects/{slug}/members"),
    ("PUT", "/api/v1/projects/{slug}/members"),
    ("DELETE", "/api/v1/projects/{slug}/members/{email}"),
    ("POST", "/api/v1/projects/{slug}/members/{email}/pause"),
    ("POST", "/api/v1/projects/{slug}/members/{email}/resume"),
    ("POST", "/api/v1/projects/{slug}/samples"),
    ("GET", "/api/v1/projects/{slug}/samples"),
    ("GET", "/api/v1/projects/{slug}/samples/{id}"),
    ("DELETE", "/api/v1/projects/{slug}/samples/{id}"),
    ("GET", "/api/v1/projects/{slug}/imports"),
    ("GET", "/api/v1/projects/{slug}/imports/{import}"),
    ("GET", "/api/v1/projects/{slug}/imports/{import}/rejected"),
    ("POST", "/api/v1/projects/{slug}/annotations"),
    ("POST", "/api/v1/projects/{slug}/predictions"),
    ("POST", "/api/v1/projects/{slug}/feedback"),
    ("POST", "/api/v1/projects/{slug}/challenges"),
    ("GET", "/api/v1/projects/{slug}/change-sets"),
    ("POST", "/api/v1/projects/{slug}/change-sets"),
    ("GET", "/api/v1/projects/{slug}/change-sets/preview"),
    ("GET", "/api/v1/projects/{slug}/change-sets/{change_set}"),
    ("POST", "/api/v1/projects/{slug}/change-sets/{change_set}/approve"),
    ("POST", "/api/v1/projects/{slug}/change-sets/{change_set}/undo"),
    ("POST", "/api/v1/projects/{slug}/claim"),
    ("POST", "/api/v1/leases/{lease}/submit"),
    ("POST", "/api/v1/leases/{lease}/skip"),
    ("POST", "/api/v1/leases/{lease}/release"),
    ("POST", "/api/v1/leases/{lease}/renew"),
    ("POST", "/api/v1/annotations/{annotation}/undo"),
    ("GET", "/api/v1/projects/{slug}/me/annotations"),
    ("GET", "/api/v1/projects/{slug}/me/standing"),
    ("POST", "/api/v1/projects/{slug}/me/notices/{notice}/seen"),
    ("GET", "/api/v1/projects/{slug}/review"),
    ("POST", "/api/v1/tasks/{task}/decision"),
    ("POST", "/api/v1/projects/{slug}/decisions"),
    ("GET", "/api/v1/projects/{slug}/agreement"),
    ("GET", "/api/v1/projects/{slug}/ambiguous-pairs"),
    ("GET", "/api/v1/projects/{slug}/ambiguous-pairs/items"),
    ("GET", "/api/v1/projects/{slug}/ambiguous-pairs/older-labels"),
    ("GET", "/api/v1/projects/{slug}/ambiguous-pairs/rules"),
    ("POST", "/api/v1/projects/{slug}/ambiguous-pairs/rules"),
    ("GET", "/api/v1/projects/{slug}/annotators"),
    ("GET", "/api/v1/projects/{slug}/annotators/me"),
    ("GET", "/api/v1/projects/{slug}/annotators/{annotator}"),
    ("GET", "/api/v1/projects/{slug}/yield"),
    ("GET", "/api/v1/projects/{slug}/known-answers"),
    ("POST", "/api/v1/projects/{slug}/known-answers"),
    ("DELETE", "/api/v1/projects/{slug}/known-answers/{id}"),
    ("GET", "/api/v1/projects/{slug}/known-results"),
    ("GET", "/api/v1/projects/{slug}/notices"),
    ("POST", "/api/v1/projects/{slug}/notices/{notice}/close"),
    ("POST", "/api/v1/projects/{slug}/versions"),
    ("GET", "/api/v1/projects/{slug}/versions"),
    ("GET", "/api/v1/projects/{slug}/versions/{ref}"),
    ("GET", "/api/v1/projects/{slug}/versions/staged"),
    ("GET", "/api/v1/projects/{slug}/versions/{ref}/diff"),
    ("GET", "/api/v1/projects/{slug}/versions/{ref}/diff/summary"),
    ("POST", "/api/v1/projects/{slug}/versions/{ref}/revert"),
    ("GET", "/api/v1/projects/{slug}/tags"),
    ("PUT", "/api/v1/projects/{slug}/tags/{tag}"),
    ("DELETE", "/api/v1/projects/{slug}/tags/{tag}"),
    ("GET", "/api/v1/projects/{slug}/tags/{tag}/history"),
    ("GET", "/api/v1/projects/{slug}/events"),
    ("POST", "/api/v1/projects/{slug}/webhooks"),
    ("GET", "/api/v1/projects/{slug}/webhooks"),
    ("GET", "/api/v1/projects/{slug}/webhooks/{webhook}"),
    ("PATCH", "/api/v1/projects/{slug}/webhooks/{webhook}"),
    ("DELETE", "/api/v1/projects/{slug}/webhooks/{webhook}"),
    ("POST", "/api/v1/projects/{slug}/webhooks/{webhook}/test"),
    ("GET", "/api/v1/projects/{slug}/webhooks/{webhook}/deliveries"),
    ("POST", "/api/v1/projects/{slug}/webhooks/{webhook}/deliveries/{delivery}/retry"),
    ("GET", "/api/v1/projects/{slug}/versions/{ref}/card"),
    ("GET", "/api/v1/projects/{slug}/export"),
    ("GET", "/api/v1/projects/{slug}/audit"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/docs"),
];

async fn served(site: &Site) -> serde_json::Value {
    send(site.client.get(format!("{}/api/openapi.json", site.base))).await.expect(200)
}

#[tokio::test]
async fn the_document_has_every_documented_operation_and_no_other() {
    let document = served(&Site::start().await).await;
    assert_eq!(document["openapi"], "3.1.0");
    let (mut found, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["responses"].as_object().is_some_and(|all| !all.is_empty()), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
            if method == "post" && path.starts_with("/api/v1/") {
                let parameters = operation["parameters"].as_array().unwrap();
                let retried =
                    parameters.iter().any(|one| one["name"] == "Idempotency-Key" && one["in"] == "header");
                assert!(retried, "{method} {path}");
            }
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{method} {path}");
            found.insert((method.to_uppercase(), path.clone()));
        }
    }
    let mut wanted: BTreeSet<_> =
        DOCUMENTED.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    // The page's own style is no part of the API.
    wanted.insert(("GET".to_owned(), "/api/docs.css".to_owned()));
    assert_eq!(found, wanted);
}

#[tokio::test]
async fn the_router_has_every_documented_operation() {
    let (site, admin) = Site::with_project().await;
    let unrouted = site.get(&admin, "/nothing/here").await.refused(404, "not_found")["detail"].clone();
    for (method, path) in DOCUMENTED {
        let path = crate::policy::filled(path);
        let request = site.client.request(method.parse().unwrap(), format!("{}{path}", site.base));
        let answer = send(request.bearer_auth(&admin.token)).await;
        assert_ne!(answer.status, 405, "{method} {path}");
        // A use case says what there is not; the router knows no more than that there is nothing.
        if answer.status == 404 {
            assert_ne!(answer.json()["detail"], unrouted, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn every_reference_of_the_document_leads_somewhere() {
    let document = served(&Site::start().await).await;
    let mut waiting = vec![&document];
    let mut references = 0;
    while let Some(value) = waiting.pop() {
        match value {
            serde_json::Value::Object(map) => {
                if let Some(reference) = map.get("$ref").and_then(|reference| reference.as_str()) {
                    let pointer = reference.strip_prefix('#').unwrap();
                    assert!(document.pointer(pointer).is_some(), "{reference}");
                    references += 1;
                }
                waiting.extend(map.values());
            }
            serde_json::Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    assert!(references > 50, "{references}");
}

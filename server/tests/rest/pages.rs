//! Pages as a browser without JavaScript gets them: what they say, their status, and forms that come back.

use domain::access::Role;
use serde_json::json;

use crate::{
    browser_session::signed_in,
    site::{Answer, Site, lines, send, unsure},
};

const NDJSON: &str = "application/x-ndjson";

async fn page(site: &Site, cookie: &str, path: &str) -> Answer {
    let request = site.client.get(format!("{}{path}", site.base)).header("cookie", cookie);
    send(request.header("accept", "text/html")).await
}

#[track_caller]
fn says(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.text.contains(text), "no '{text}' in {}", answer.text);
    }
}

#[tokio::test]
async fn a_wrong_address_names_what_is_wrong_and_leads_back() {
    let (site, admin) = Site::with_project().await;
    let body = lines(&[unsure("s1", Some("card"))]);
    site.upload(&admin, "/projects/p/samples", NDJSON, body).await.expect(200);
    site.member("mia@example.org", Role::Manager).await;
    let mia = signed_in(&site, "mia@example.org").await;
    let pairs = "ambiguous-pairs";
    for (path, query, status, said, back) in [
        ("agreement", "level=foo", 400, "level=foo", "agreement"),
        ("agreement", "level=ordinal&reason=none", 400, "reason=none", "agreement?level=ordinal"),
        (
            "agreement",
            "question=nope&guideline_revision=1",
            400,
            "question=nope",
            "agreement?guideline_revision=1",
        ),
        ("agreement", "guideline_revision=one&level=foo", 400, "guideline_revision=one", "agreement"),
        ("agreement", "from=yesterday", 400, "This is no date.", "agreement"),
        ("agreement", "from=2026-03-02&to=2026-03-01", 400, "to=2026-03-01", "agreement?from=2026-03-02"),
        ("yield", "to=2026-02-30", 400, "to=2026-02-30", "yield"),
        (
            "yield",
            "from=2026-03-02&to=2026-03-01",
            400,
            "This is before the first day",
            "yield?from=2026-03-02",
        ),
        ("annotators", "question=nope", 400, "question=nope", "annotators"),
        ("my-work", "question=nope", 400, "question=nope", "my-work"),
        (pairs, "question=%EC%97%86%EC%9D%8C", 400, "question=없음", pairs),
        ("ambiguous-pairs/pair", "", 400, "The page needs it, and it is missing.", pairs),
        ("ambiguous-pairs/pair", "question=intent&a=card&b=nope", 400, "b=nope", pairs),
        ("ambiguous-pairs/pair", "question=intent&a=card&b=card", 400, "two different labels", pairs),
        ("compare", "from=99&to=1", 404, "from=99", "compare?to=1"),
        ("compare", "to=nothing", 404, "to=nothing", "compare"),
        ("samples", "q=a&cursor=x", 400, "cursor=x", "samples?q=a"),
        ("audit", "cursor=%3Cscript%3E", 400, "cursor=&lt;script&gt;", "audit"),
    ] {
        let answer = page(&site, &mia, &format!("/projects/p/{path}?{query}")).await;
        assert_eq!(answer.status, status, "{path}?{query}: {}", answer.text);
        says(&answer, &["This address is not right", said, &format!("href=\"/projects/p/{back}\"")]);
    }
    // What the project does not have is no fault of its address's parameters.
    let gone = page(&site, &mia, "/projects/nobody/agreement?level=foo").await;
    assert_eq!(gone.status, 404);
    says(&gone, &["This page does not exist"]);

    for path in ["agreement", "yield"] {
        let times = "from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z";
        let refused = site.get(&admin, &format!("/projects/p/{path}?{times}")).await.refused(422, "invalid");
        let fault = &refused["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/to"), &json!("out_of_range")));
    }
}


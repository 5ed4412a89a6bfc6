//! Pages as a browser without JavaScript gets them: what they say, their status, and forms that come back.

use domain::access::Role;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    browser_session::signed_in,
    site::{Admin, Answer, Person, Site, lines, send, unsure},
};

const NDJSON: &str = "application/x-ndjson";

async fn page(site: &Site, cookie: &str, path: &str) -> Answer {
    let request = site.client.get(format!("{}{path}", site.base)).header("cookie", cookie);
    send(request.header("accept", "text/html")).await
}

/// Posts a form of the page at `path`; returns the page that it leads to.
async fn post_form(site: &Site, cookie: &str, path: &str, form: &str, fields: &[(&str, &str)]) -> Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let request = site.client.post(format!("{}/api/{form}", site.base)).header("cookie", cookie);
    let request = request
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("referer", format!("{}{path}", site.base))
        .header("sec-fetch-site", "same-origin");
    let answer = send(request.body(body)).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    page(site, cookie, answer.header("location")).await
}

#[track_caller]
fn says(answer: &Answer, texts: &[&str]) {
    for text in texts {
        assert!(answer.text.contains(text), "no '{text}' in {}", answer.text);
    }
}

/// Known answers `k0` to `k5` beside two ordinary tasks, a level, and a pause for whoever falls below it.
async fn with_known_answers() -> (Site, Person) {
    let (site, admin) = Site::with_project().await;
    let known = (0..6)
        .map(|n| json!({"id": format!("k{n}"), "fields": {"text": "known"}, "label": {"intent": "card"}}));
    let samples: Vec<Value> = known.chain(["q0", "q1"].map(|id| unsure(id, None))).collect();
    let rev = site.get(&admin, "/projects/p").await.expect(200)["rev"].clone();
    let quality = json!({"known_answer_rate": 1, "level": 0.8, "pause": true});
    let patch = site.request(&admin, Method::PATCH, "/projects/p");
    send(patch.json(&json!({"rev": rev, "settings": {"quality": quality}}))).await.expect(200);
    site.upload(&admin, "/projects/p/samples", NDJSON, lines(&samples)).await.expect(200);
    let ids: Vec<Value> = (0..6).map(|n| json!({"id": format!("k{n}")})).collect();
    site.post(&admin, "/projects/p/known-answers", &json!({"samples": ids})).await.expect(201);
    (site, admin)
}

/// Five wrong answers; returns the last annotation.
async fn fall_below(site: &Site, person: &Person) -> Value {
    let mut last = Value::Null;
    for _ in 0..5 {
        let claimed = site.post(person, "/projects/p/claim", &json!({})).await.expect(200);
        let path = format!("/leases/{}/submit", claimed["tasks"][0]["lease"].as_str().unwrap());
        let submitted = site.post(person, &path, &json!({"verdict": "none_fits"})).await.expect(201);
        last = submitted["annotation"].clone();
    }
    last
}

#[tokio::test]
async fn the_page_of_known_answers_tells_nobody_yet_from_nobody_any_more() {
    let (site, admin) = with_known_answers().await;
    let cookie = signed_in(&site, &admin.email).await;
    let path = "/projects/p/known-answers";
    let before = page(&site, &cookie, path).await;
    says(&before, &["Nobody has answered one yet"]);
    assert!(!before.text.contains("Earlier notices"), "{}", before.text);

    let anna = site.member("anna@example.org", Role::Annotator).await;
    fall_below(&site, &anna).await;
    let open = page(&site, &cookie, path).await;
    says(&open, &["0 of 5 right, below 80%"]);
    assert!(!open.text.contains("Nobody is surely below"), "{}", open.text);
    // That closes her notice, too.
    site.post(&admin, "/projects/p/members/anna@example.org/resume", &json!({})).await.expect(200);
    let closed = page(&site, &cookie, path).await;
    says(&closed, &["No answer since the last notice was closed", "Earlier notices", "0 of 5, below 80%"]);
    says(&closed, &["closed by admin@example.org", "with a pause"]);
    assert!(!closed.text.contains("Nobody has answered one yet"), "{}", closed.text);

    let bea = site.member("bea@example.org", Role::Annotator).await;
    let last = fall_below(&site, &bea).await;
    site.post(&bea, &format!("/annotations/{last}/undo"), &json!({})).await.expect(200);
    let withdrawn = page(&site, &cookie, path).await;
    says(
        &withdrawn,
        &["withdrawn: an answer was taken back", "Nobody is surely below the level of 80% now."],
    );
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
        ("known-answers", "earlier=x", 400, "The list has no such place.", "known-answers"),
        ("audit", "cursor=%3Cscript%3E", 400, "cursor=&lt;script&gt;", "audit"),
    ] {
        let answer = page(&site, &mia, &format!("/projects/p/{path}?{query}")).await;
        assert_eq!(answer.status, status, "{path}?{query}: {}", answer.text);
        // The bar links to most of these pages too.
        let told = answer.text.split_once("state-problem").map(|(_, told)| told.to_owned());
        let answer = Answer { text: told.unwrap_or_default(), ..answer };
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

#[tokio::test]
async fn nobody_is_said_to_reach_a_level_that_was_raised_above_them() {
    let (site, admin) = with_known_answers().await;
    let set_level = async |level: f64| {
        let rev = site.get(&admin, "/projects/p").await.expect(200)["rev"].clone();
        let settings = json!({"quality": {"level": level}});
        let patch = site.request(&admin, Method::PATCH, "/projects/p");
        send(patch.json(&json!({"rev": rev, "settings": settings}))).await.expect(200);
    };
    set_level(0.0).await;
    let anna = site.member("anna@example.org", Role::Annotator).await;
    fall_below(&site, &anna).await;
    let cookie = signed_in(&site, &admin.email).await;
    let said = "Nobody is surely below the level of";
    says(&page(&site, &cookie, "/projects/p/known-answers").await, &[said]);
    set_level(0.8).await;
    let known = page(&site, &cookie, "/projects/p/known-answers").await;
    assert!(!known.text.contains(said), "{}", known.text);
}

#[tokio::test]
async fn whoever_is_paused_reads_it_and_why_on_the_project_s_home() {
    let (site, admin) = with_known_answers().await;
    let anna = site.member("anna@example.org", Role::Annotator).await;
    let cookie = signed_in(&site, &anna.email).await;
    says(&page(&site, &cookie, "/projects/p").await, &["0 today"]);
    fall_below(&site, &anna).await;
    let home = page(&site, &cookie, "/projects/p").await;
    says(&home, &["A pause for now", "Some of your recent answers differ", "0 of your last 5 answers"]);
    assert!(!home.text.contains("home-position"), "{}", home.text);
    // The pause outlives its notice, and its reason with it.
    let notices = site.get(&admin, "/projects/p/notices").await.expect(200);
    let close = format!("/projects/p/notices/{}/close", notices["items"][0]["notice"]);
    site.post(&admin, &close, &json!({})).await.expect(200);
    says(
        &page(&site, &cookie, "/projects/p").await,
        &["A pause for now", "Some of your recent answers differ"],
    );
    site.post(&admin, "/projects/p/members/anna@example.org/resume", &json!({})).await.expect(200);
    assert!(!page(&site, &cookie, "/projects/p").await.text.contains("A pause for now"));

    site.post(&anna, "/projects/p/claim", &json!({})).await.expect(200);
    site.post(&admin, "/projects/p/members/anna@example.org/pause", &json!({})).await.expect(200);
    let home = page(&site, &cookie, "/projects/p").await;
    says(&home, &["A pause for now", "A manager of this project has paused you", "Finish what you hold: 1"]);
}

/// Anna and Ben answer `s0`, … : differently where the number is even.
async fn with_answers(count: usize) -> (Site, Person) {
    let (site, admin) = Site::with_project().await;
    let samples: Vec<Value> = (0..count).map(|n| unsure(&format!("s{n}"), None)).collect();
    site.upload(&admin, "/projects/p/samples", NDJSON, lines(&samples)).await.expect(200);
    for (email, odd) in [("anna@example.org", "card"), ("ben@example.org", "loan")] {
        let person = site.member(email, Role::Annotator).await;
        let claimed = site.post(&person, "/projects/p/claim", &json!({"count": count})).await.expect(200);
        for task in claimed["tasks"].as_array().unwrap() {
            let number: usize = task["sample"]["id"].as_str().unwrap()[1..].parse().unwrap();
            let answers = json!({"intent": if number.is_multiple_of(2) { odd } else { "card" }});
            let path = format!("/leases/{}/submit", task["lease"].as_str().unwrap());
            site.post(&person, &path, &json!({"answers": answers})).await.expect(201);
        }
    }
    (site, admin)
}

#[tokio::test]
async fn the_home_counts_in_review_what_its_link_lists() {
    let (site, admin) = with_answers(3).await;
    let cookie = signed_in(&site, &admin.email).await;
    let listed = site.get(&admin, "/projects/p/review").await.expect(200)["items"].as_array().unwrap().len();
    let home = page(&site, &cookie, "/projects/p").await;
    says(&home, &[&format!("Decide what is in review: {listed}, conflicts first: 2")]);
    assert_eq!(listed, 3);
}

#[tokio::test]
async fn a_refused_rule_comes_back_with_its_text_and_choices() {
    let (site, _) = with_answers(3).await;
    site.member("rita@example.org", Role::Reviewer).await;
    let rita = signed_in(&site, "rita@example.org").await;
    let query = "question=intent&a=card&b=loan";
    let path = format!("/projects/p/ambiguous-pairs/pair?{query}");
    let fresh = page(&site, &rita, &path).await;
    let keys: Vec<String> = fresh
        .text
        .split("choices[")
        .skip(1)
        .filter_map(|rest| rest.split(']').next())
        .map(|key| format!("choices[{key}]"))
        .step_by(3)
        .collect();
    assert_eq!(keys.len(), 2, "{}", fresh.text);
    // Nobody chose a task: refused, and what was written stands there still.
    let mut fields =
        vec![("slug", "p"), ("query", query), ("guideline_revision", "1"), ("title", "Cards & loans")];
    fields.extend([("rule", "A <b>card</b> is no loan."), (keys[0].as_str(), ""), (keys[1].as_str(), "")]);
    let refused = post_form(&site, &rita, &path, "write_rule", &fields).await;
    says(&refused, &["value=\"Cards &amp; loans\"", "A &lt;b&gt;card&lt;/b&gt; is no loan."]);
    // Another revision of the guideline than the newest: the choices come back too.
    let choice = |answer: &Answer, key: &str| {
        let inputs =
            answer.text.split("<input").filter(|input| input.contains(key) && input.contains("checked"));
        let value = inputs.last().and_then(|input| input.split("value=\"").nth(1));
        value.and_then(|value| value.split('"').next()).map(str::to_owned)
    };
    assert_eq!(choice(&refused, &keys[0]).as_deref(), Some(""));
    fields.truncate(5);
    fields[2].1 = "7";
    fields.extend([(keys[0].as_str(), "b"), (keys[1].as_str(), "a")]);
    let stale = post_form(&site, &rita, &path, "write_rule", &fields).await;
    says(&stale, &["Somebody changed it in the meantime.", "A &lt;b&gt;card&lt;/b&gt; is no loan."]);
    assert_eq!(choice(&stale, &keys[0]).as_deref(), Some("b"));
    assert_eq!(choice(&stale, &keys[1]).as_deref(), Some("a"));
    // Only the page that tells of the refusal has it.
    assert!(!page(&site, &rita, &path).await.text.contains("is no loan"));
    fields[2].1 = "1";
    let written = post_form(&site, &rita, &path, "write_rule", &fields).await;
    says(&written, &["Tasks decided by it: 2."]);
}

#[tokio::test]
async fn what_is_missing_of_the_overlap_stands_beside_its_field() {
    let (site, admin) = Site::with_project().await;
    let cookie = signed_in(&site, &admin.email).await;
    let rev = site.get(&admin, "/projects/p").await.expect(200)["rev"].to_string();
    let path = "/projects/p/settings";
    for (most, confidence, said) in
        [("3", "", "“Sure enough at” is missing."), ("", "0.9", "“At most” is missing.")]
    {
        let fields = [
            ("slug", "p"),
            ("rev", &rev),
            ("target", "both"),
            ("prediction_score", "margin"),
            ("label_score", "self_confidence"),
            ("threshold", "0.5"),
            ("audit_rate", "0"),
            ("overlap", "2"),
            ("overlap_max", most),
            ("confidence", confidence),
            ("lease_seconds", "900"),
        ];
        let answer = post_form(&site, &cookie, path, "update_queue", &fields).await;
        says(&answer, &[said, "aria-invalid=\"true\""]);
        assert!(!answer.text.contains("missing field"), "{}", answer.text);
    }
}

#[tokio::test]
async fn an_admin_who_is_no_member_is_resumed_on_the_page_of_members() {
    let (site, admin) = with_known_answers().await;
    site.user("zoe@example.org", Admin::Yes).await;
    let zoe = site.token("zoe@example.org", None, &domain::access::Scope::ALL).await;
    let cookie = signed_in(&site, &admin.email).await;
    let path = "/projects/p/members";
    assert!(!page(&site, &cookie, path).await.text.contains("zoe@example.org"));
    fall_below(&site, &zoe).await;
    says(&page(&site, &cookie, path).await, &["Paused, and no members", "zoe@example.org"]);
    let fields = [("slug", "p"), ("email", "zoe@example.org")];
    let resumed = post_form(&site, &cookie, path, "resume_member", &fields).await;
    assert!(!resumed.text.contains("zoe@example.org"), "{}", resumed.text);
    let claimed = site.post(&zoe, "/projects/p/claim", &json!({})).await.expect(200);
    assert_eq!(claimed["paused"], false);
}

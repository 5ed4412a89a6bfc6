//! Webhooks over HTTP: a real receiver on the loopback, and every way in which one can misbehave.

use serde_json::{Value, json};
use server::outbox::{self, Sender};
use service::receivers::Receivers;
use std::{
    path::Path,
    time::{Duration, Instant},
};
use tokio::net::TcpListener;

use crate::{
    command_line::{done, listening, relabel},
    receiver::{Does, Receiver, signature},
    site::{Answer, Person, Site, lines, project, send, unsure},
};

/// A site that sends to the loopback, and waits a moment for an answer.
async fn sending() -> (Site, Person) {
    let site = Site::sending_to(Receivers::Any).await;
    let admin = site.admin().await;
    site.post(&admin, "/projects", &project("p")).await.expect(201);
    let sender = Sender::new(Receivers::Any, Duration::from_millis(700)).unwrap();
    tokio::spawn(outbox::run(site.services.clone(), sender, std::future::pending()));
    (site, admin)
}

async fn webhook(site: &Site, admin: &Person, url: &str) -> Value {
    site.post(admin, "/projects/p/webhooks", &json!({"url": url})).await.expect(201)
}

async fn import(site: &Site, person: &Person, label: &str) {
    let body = lines(&[unsure("s", Some(label))]);
    site.upload(person, "/projects/p/samples", "application/x-ndjson", body).await.expect(200);
}

/// The newest delivery of the webhook, once `is` holds for it.
async fn delivery(site: &Site, person: &Person, webhook: &Value, is: impl Fn(&Value) -> bool) -> Value {
    let path = format!("/projects/p/webhooks/{}/deliveries", webhook["webhook"]);
    let started = Instant::now();
    loop {
        let newest = site.get(person, &path).await.expect(200)["items"][0].clone();
        if is(&newest) {
            return newest;
        }
        assert!(started.elapsed() < Duration::from_secs(20), "{newest}");
    }
}

fn has_failed(delivery: &Value) -> bool {
    delivery["state"] == "waiting" && delivery["attempts"] == 1
}

async fn retry(site: &Site, person: &Person, webhook: &Value, delivery: &Value) -> Answer {
    let (webhook, delivery) = (&webhook["webhook"], &delivery["delivery"]);
    let path = format!("/projects/p/webhooks/{webhook}/deliveries/{delivery}/retry");
    site.post(person, &path, &json!({})).await
}

#[tokio::test]
async fn a_receiver_can_tell_who_sent_what_and_when() {
    let (site, admin) = sending().await;
    let mut receiver = Receiver::that([]).await;
    let made = webhook(&site, &admin, &receiver.url).await;
    import(&site, &admin, "card").await;

    let received = receiver.next().await;
    let (id, at) = (received.header("webhook-id"), received.header("webhook-timestamp"));
    let body = std::str::from_utf8(&received.body).unwrap();
    let secret = made["secret"].as_str().unwrap();
    let expected = format!("v1,{}", signature(secret, &format!("{id}.{at}.{body}")));
    assert_eq!(received.header("webhook-signature"), expected);
    assert_eq!(received.header("content-type"), "application/json");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!(now.abs_diff(at.parse().unwrap()) < 60, "{at}");

    let version = site.get(&admin, "/projects/p/versions/1").await.expect(200);
    let event = &site.get(&admin, "/projects/p/events").await.expect(200)["items"][0];
    let body = received.json();
    assert_eq!(body["type"], "version.published");
    assert_eq!((&body["event"], id), (&event["event"], event["id"].as_str().unwrap()));
    assert_eq!((&body["data"], &body["timestamp"]), (&event["data"], &event["created_at"]));
    assert_eq!((&body["data"]["digest"], &body["data"]["project"]), (&version["digest"], &json!("p")));

    site.put(&admin, "/projects/p/tags/prod", &json!({"version": 1})).await.expect(200);
    let moved = receiver.next().await.json();
    assert_eq!((&moved["type"], &moved["data"]["to"]), (&json!("tag.moved"), &json!(1)));
    let delivered = delivery(&site, &admin, &made, |delivery| delivery["state"] == "delivered").await;
    assert_eq!((&delivered["attempts"], &delivered["last_status"]), (&json!(1), &json!(204)));
}

#[tokio::test]
async fn a_message_that_was_answered_with_500_is_sent_again_with_its_id() {
    let (site, admin) = sending().await;
    let mut receiver = Receiver::that([Does::Answer(500, "<h1>out of order</h1>")]).await;
    let made = webhook(&site, &admin, &receiver.url).await;
    import(&site, &admin, "card").await;
    let first = receiver.next().await;
    let failed = delivery(&site, &admin, &made, has_failed).await;
    assert_eq!(
        (&failed["last_status"], &failed["last_error"]),
        (&json!(500), &json!("<h1>out of order</h1>"))
    );
    assert!(failed["next_attempt_at"].is_string());

    retry(&site, &admin, &made, &failed).await.expect(202);
    let second = receiver.next().await;
    assert_eq!(second.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(second.body, first.body);
    let delivered = delivery(&site, &admin, &made, |delivery| delivery["state"] == "delivered").await;
    assert_eq!((&delivered["attempts"], &delivered["last_error"]), (&json!(2), &Value::Null));
}

#[tokio::test]
async fn a_receiver_that_hangs_holds_up_nobody_else() {
    let (site, admin) = sending().await;
    let mut hanging = Receiver::that([Does::Hang, Does::Hang]).await;
    let mut quick = Receiver::that([]).await;
    let (slow, good) = (webhook(&site, &admin, &hanging.url).await, webhook(&site, &admin, &quick.url).await);
    import(&site, &admin, "card").await;
    import(&site, &admin, "loan").await;
    hanging.next().await;
    assert_eq!(quick.next().await.json()["data"]["version"], 1);
    assert_eq!(quick.next().await.json()["data"]["version"], 2);
    delivery(&site, &admin, &good, |delivery| delivery["state"] == "delivered").await;
    let failed = delivery(&site, &admin, &slow, has_failed).await;
    assert_eq!(
        (&failed["last_status"], &failed["last_error"]),
        (&Value::Null, &json!("no answer within 0.7 s"))
    );
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (site, admin) = sending().await;
    let mut elsewhere = Receiver::that([]).await;
    let mut receiver = Receiver::that([Does::RedirectTo(elsewhere.url.clone())]).await;
    let made = webhook(&site, &admin, &receiver.url).await;
    import(&site, &admin, "card").await;
    receiver.next().await;
    let failed = delivery(&site, &admin, &made, has_failed).await;
    assert_eq!(
        (&failed["last_status"], &failed["last_error"]),
        (&json!(302), &json!("redirects are not followed"))
    );
    assert!(!elsewhere.has_more());
}

#[tokio::test]
async fn a_receiver_that_is_gone_or_not_there_is_told_to_the_manager() {
    let (site, admin) = sending().await;
    let mut receiver = Receiver::that([Does::Answer(410, "moved away")]).await;
    let gone = webhook(&site, &admin, &receiver.url).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = webhook(&site, &admin, &format!("http://{}/", closed.local_addr().unwrap())).await;
    drop(closed);
    import(&site, &admin, "card").await;
    receiver.next().await;
    delivery(&site, &admin, &gone, has_failed).await;
    let paused = site.get(&admin, &format!("/projects/p/webhooks/{}", gone["webhook"])).await.expect(200);
    assert_eq!((&paused["enabled"], paused["gone_at"].is_string()), (&json!(false), true));
    let failed = delivery(&site, &admin, &nobody, has_failed).await;
    assert!(failed["last_error"].as_str().unwrap().contains("onnection refused"), "{failed}");
}

#[tokio::test]
async fn a_test_arrives_and_tells_how_it_went() {
    let (site, admin) = sending().await;
    let mut receiver = Receiver::that([]).await;
    let made = webhook(&site, &admin, &receiver.url).await;
    let path = format!("/projects/p/webhooks/{}/test", made["webhook"]);
    let queued = site.post(&admin, &path, &json!({})).await.expect(202);
    assert_eq!((&queued["type"], &queued["state"]), (&json!("webhook.test"), &json!("waiting")));
    assert_eq!(receiver.next().await.json()["type"], "webhook.test");
    delivery(&site, &admin, &made, |delivery| delivery["state"] == "delivered").await;
    let events = site.get(&admin, "/projects/p/events").await.expect(200);
    assert_eq!(events["items"], json!([]));
}

/// The name is known to every machine, and to stand for its own loopback.
#[tokio::test]
async fn what_a_name_stands_for_is_checked_when_it_is_connected_to() {
    let site = Site::sending_to(Receivers::Any).await;
    let admin = site.admin().await;
    site.post(&admin, "/projects", &project("p")).await.expect(201);
    let mut receiver = Receiver::that([]).await;
    let by_name = receiver.url.replace("http://127.0.0.1", "https://localhost");
    let by_number = receiver.url.replace("http:", "https:");
    let made = [webhook(&site, &admin, &by_name).await, webhook(&site, &admin, &by_number).await];
    // Meanwhile the operator has taken the permission back.
    let sender = Sender::new(Receivers::Public, Duration::from_secs(5)).unwrap();
    tokio::spawn(outbox::run(site.services.clone(), sender, std::future::pending()));
    import(&site, &admin, "card").await;
    for webhook in &made {
        let failed = delivery(&site, &admin, webhook, has_failed).await;
        let error = failed["last_error"].as_str().unwrap();
        assert!(error.starts_with("this address is not on the public internet"), "{failed}");
    }
    assert!(!receiver.has_more());
}

#[tokio::test]
async fn an_address_within_the_network_is_refused_unless_the_setting_allows_it() {
    let (site, admin) = Site::with_project().await;
    for (url, code) in [
        ("https://127.0.0.1:9000/hook", "private_address"),
        ("https://[::ffff:169.254.169.254]/", "private_address"),
        ("https://2130706433/", "private_address"),
        ("http://hooks.example.org/", "invalid_url"),
        ("https://me:pass@hooks.example.org/", "invalid_url"),
        ("nonsense", "invalid_url"),
    ] {
        let refused = site.post(&admin, "/projects/p/webhooks", &json!({"url": url})).await;
        let problem = refused.refused(422, "invalid");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!("/url"), &json!(code))
        );
    }
    let unknown = json!({"url": "https://hooks.example.org/", "events": ["label.changed"]});
    site.post(&admin, "/projects/p/webhooks", &unknown).await.refused(422, "invalid");
    let listed = site.get(&admin, "/projects/p/webhooks").await.expect(200);
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn a_retried_request_makes_one_webhook_and_shows_its_secret_again() {
    let (site, admin) = Site::with_project().await;
    let create = async || {
        let request = site.request(&admin, http::Method::POST, "/projects/p/webhooks");
        let body = json!({"url": "https://hooks.example.org/"});
        send(request.header("idempotency-key", "k").json(&body)).await
    };
    let first = create().await;
    let second = create().await;
    assert_eq!(first.expect(201), second.expect(201));
    assert_eq!(first.header("location"), format!("/api/v1/projects/p/webhooks/{}", first.json()["webhook"]));
    let listed = site.get(&admin, "/projects/p/webhooks").await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    assert_eq!(listed["items"][0].get("secret"), None);

    let path = format!("/projects/p/webhooks/{}", first.json()["webhook"]);
    let patch = site.request(&admin, http::Method::PATCH, &path).json(&json!({"enabled": false}));
    assert_eq!(send(patch).await.expect(200)["enabled"], false);
    site.delete(&admin, &path).await.expect(204);
    site.get(&admin, &path).await.refused(404, "not_found");
    site.get(&admin, "/projects/p/webhooks/nonsense").await.refused(404, "not_found");
}

#[tokio::test]
async fn events_are_replayed_from_any_point_on() {
    let (site, admin) = Site::with_project().await;
    for label in ["card", "loan", "other"] {
        import(&site, &admin, label).await;
    }
    let first = site.get(&admin, "/projects/p/events?after=0&limit=1").await.expect(200);
    assert_eq!(first["items"][0]["data"]["version"], 1);
    let path = format!("/projects/p/events?after={}", first["items"][0]["event"]);
    let rest = site.get(&admin, &path).await.expect(200);
    let versions: Vec<&Value> =
        rest["items"].as_array().unwrap().iter().map(|event| &event["data"]["version"]).collect();
    assert_eq!((versions, &rest["next_cursor"]), (vec![&json!(2), &json!(3)], &Value::Null));
    let cursor = first["next_cursor"].as_str().unwrap();
    let same =
        site.get(&admin, &format!("/projects/p/events?after=0&limit=1&cursor={cursor}")).await.expect(200);
    assert_eq!(same["items"][0]["data"]["version"], 2);
    site.get(&admin, "/projects/p/events?after=x").await.refused(422, "invalid");
}

/// Runs a command on the data folder of a server that may send to the loopback.
fn serve(data: &Path) -> crate::command_line::Serving {
    let mut command = relabel(data);
    command.args(["serve", "--addr", "127.0.0.1:0", "--allow-private-webhooks"]);
    listening(command)
}

#[tokio::test]
async fn a_server_that_starts_again_delivers_what_was_left() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    let mut receiver = Receiver::that([Does::Hang]).await;
    done(data, &["project", "create", "-"], &project("p").to_string());
    let add = ["user", "add", "--email", "m@example.org", "--name", "M", "--password-stdin", "--admin"];
    done(data, &add, "long password 1\n");
    let token = ["token", "create", "--email", "m@example.org", "--name", "t", "--scopes", "manage,ingest"];
    let token = done(data, &token, "").trim().to_owned();
    let client = reqwest::Client::new();
    let server = serve(data);
    let create = client.post(format!("{}/api/v1/projects/p/webhooks", server.base)).bearer_auth(&token);
    send(create.json(&json!({"url": receiver.url}))).await.expect(201);

    // A command of its own publishes; the server finds it, and is stopped while the receiver hangs.
    let file = data.join("samples.jsonl");
    std::fs::write(&file, lines(&[unsure("s", Some("card"))])).unwrap();
    done(data, &["import", "--project", "p", file.to_str().unwrap()], "");
    let first = receiver.next().await;
    let (took, _) = server.stop();
    assert!(took < Duration::from_secs(10), "{took:?}");

    let server = serve(data);
    let second = receiver.next().await;
    assert_eq!(second.header("webhook-id"), first.header("webhook-id"));
    assert_eq!(second.body, first.body);
    server.stop();
}

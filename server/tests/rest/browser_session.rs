//! The browser's session: where it counts, and where only a token does.

use domain::{access::Role, name::Email};
use server::session::{COOKIE, Sessions};
use service::Actor;
use std::sync::Arc;
use tower_sessions::Session;

use crate::site::{Answer, Site, lines, send, unsure};

/// The cookie of somebody who has signed in.
pub(crate) async fn signed_in(site: &Site, email: &str) -> String {
    let users = site.services.accounts().list(&Actor::Operator).await.unwrap();
    let user = users.into_iter().find(|user| user.email.as_str() == email).unwrap();
    let session = Session::new(None, Arc::new(Sessions::new(site.services.clone())), None);
    session.insert(app::session::USER_KEY, user.id.0).await.unwrap();
    session.save().await.unwrap();
    format!("{COOKIE}={}", session.id().unwrap())
}

async fn get(site: &Site, cookie: &str, path: &str) -> Answer {
    send(site.client.get(format!("{}{path}", site.base)).header("cookie", cookie)).await
}

#[tokio::test]
async fn only_the_export_takes_it() {
    let (site, admin) = Site::with_project().await;
    site.member("rita@example.org", Role::Reviewer).await;
    site.member("anna@example.org", Role::Annotator).await;
    let body = lines(&[unsure("s1", Some("card"))]);
    site.upload(&admin, "/projects/p/samples", "application/x-ndjson", body).await.expect(200);
    let (rita, anna) =
        (signed_in(&site, "rita@example.org").await, signed_in(&site, "anna@example.org").await);

    let export = get(&site, &rita, "/api/v1/projects/p/export").await;
    assert_eq!((export.status.as_u16(), export.text.lines().count()), (200, 1), "{}", export.text);
    get(&site, &anna, "/api/v1/projects/p/export").await.refused(403, "forbidden");
    get(&site, &rita, "/api/v1/projects/p/versions").await.refused(401, "unauthenticated");
    get(&site, "relabel_session=AAAAAAAAAAAAAAAAAAAAAA", "/api/v1/projects/p/export")
        .await
        .refused(401, "unauthenticated");

    let email = Email::parse("rita@example.org").unwrap();
    site.services.accounts().disable(&Actor::Operator, &email).await.unwrap();
    get(&site, &rita, "/api/v1/projects/p/export").await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_file_that_is_sent_as_anything_but_a_form_is_refused() {
    let (site, _) = Site::with_project().await;
    site.member("mia@example.org", Role::Manager).await;
    let mia = signed_in(&site, "mia@example.org").await;
    for kind in ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"] {
        let request = site.client.post(format!("{}/api/import_upload", site.base));
        let request = request.header("cookie", &mia).header("content-type", kind).body("slug=p");
        send(request).await.refused(415, "unsupported_media_type");
    }
}

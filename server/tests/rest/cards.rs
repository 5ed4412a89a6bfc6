//! Data cards over HTTP: languages, tags, and the way to them from an export.

use crate::{
    command_line::done,
    site::{Site, lines, project, send, unsure},
};
use reqwest::{Method, header};

const CARD: &str = "/projects/p/versions/latest/card";

#[tokio::test]
async fn a_card_is_markdown_in_the_language_that_was_asked_for() {
    let (site, admin) = Site::with_project().await;
    site.get(&admin, CARD).await.refused(404, "no_version");
    let samples = [unsure("s1", Some("card")), unsure("s2", None)];
    site.upload(&admin, "/projects/p/samples", "application/x-ndjson", lines(&samples)).await.expect(200);
    let english = site.get(&admin, CARD).await;
    assert_eq!(english.status, 200);
    assert_eq!(english.header("content-type"), "text/markdown; charset=utf-8");
    assert!(english.text.starts_with("---\npretty_name: \"Project v1\"\n"), "{}", english.text);
    assert!(english.text.contains("# Project, version 1"));
    let korean = site.get(&admin, &format!("{CARD}?lang=ko")).await;
    assert!(korean.text.contains("# Project, 버전 1") && korean.header("content-language") == "ko");
    let preferred = site.request(&admin, Method::GET, CARD).header(header::ACCEPT_LANGUAGE, "ko-KR,en;q=0.3");
    assert_eq!(send(preferred).await.text, korean.text);

    let tag = english.header("etag").to_owned();
    let again = site.request(&admin, Method::GET, "/projects/p/versions/1/card");
    let again = send(again.header(header::IF_NONE_MATCH, &tag)).await;
    assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
    assert_ne!(korean.header("etag"), tag);
    site.get(&admin, &format!("{CARD}?lang=de")).await.refused(422, "invalid");
    site.get(&admin, "/projects/p/versions/7/card").await.refused(404, "not_found");
}

#[tokio::test]
async fn an_export_names_the_card_of_what_it_sends() {
    let (site, admin) = Site::with_project().await;
    site.upload(&admin, "/projects/p/samples", "application/x-ndjson", lines(&[unsure("s1", Some("card"))]))
        .await
        .expect(200);
    let export = site.get(&admin, "/projects/p/export").await;
    let link = export.header("link");
    let path = "/api/v1/projects/p/versions/1/card";
    assert_eq!(link, format!("<{path}>; rel=\"describedby\""));
    let card = site.client.get(format!("{}{path}", site.base)).bearer_auth(&admin.token);
    assert!(send(card).await.text.contains(export.header("x-label-digest")));
}

#[test]
fn the_command_line_prints_the_same_card() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    done(data, &["project", "create", "-"], &project("p").to_string());
    done(data, &["import", "--project", "p", "-"], &lines(&[unsure("s1", Some("card"))]));
    let card = done(data, &["card", "p"], "");
    assert!(card.starts_with("---\n") && card.contains("| card |  | 1 | 100.0 % |"), "{card}");
    let korean = done(data, &["card", "p", "--version", "1", "--lang", "ko"], "");
    assert!(korean.contains("## 알려진 한계"), "{korean}");
}

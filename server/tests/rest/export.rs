//! Export over HTTP: codings, ETags, parts.

use crate::site::{Person, Site, lines, send, unsure};
use reqwest::{Method, header};

const PATH: &str = "/projects/p/export";

async fn exported() -> (Site, Person) {
    let (site, admin) = Site::with_project().await;
    let samples: Vec<_> = (0..40).map(|n| unsure(&format!("s{n:02}"), Some("card"))).collect();
    site.upload(&admin, "/projects/p/samples", "application/x-ndjson", lines(&samples)).await.expect(200);
    (site, admin)
}

#[tokio::test]
async fn nothing_to_export_yet() {
    let (site, admin) = Site::with_project().await;
    site.get(&admin, PATH).await.refused(404, "no_version");
}

#[tokio::test]
async fn the_same_is_not_sent_twice() {
    let (site, admin) = exported().await;
    let first = site.get(&admin, PATH).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.ends_with('"'), "a strong tag: {tag}");
    assert_eq!(first.header("x-export-format"), "1");
    assert_eq!(first.text.lines().count(), 40);

    // However the version is spelt.
    for path in [PATH, "/projects/p/export?version=1", "/projects/p/export?version=latest&format=jsonl"] {
        let again = send(site.request(&admin, Method::GET, path).header(header::IF_NONE_MATCH, &tag)).await;
        assert_eq!(again.status, 304, "{path}");
        assert_eq!(again.header("etag"), tag);
        assert!(again.text.is_empty());
    }
    for path in ["/projects/p/export?format=csv", "/projects/p/export?include=provenance"] {
        let other = send(site.request(&admin, Method::GET, path).header(header::IF_NONE_MATCH, &tag)).await;
        assert_eq!(other.status, 200, "{path}");
        assert_ne!(other.header("etag"), tag);
    }
}

#[tokio::test]
async fn a_coding_is_another_representation() {
    let (site, admin) = exported().await;
    let plain = site.get(&admin, PATH).await;
    assert_eq!(plain.header("content-encoding"), "");
    let packed = site.request(&admin, Method::GET, PATH).header(header::ACCEPT_ENCODING, "gzip");
    let packed = packed.send().await.unwrap();
    assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
    assert_ne!(packed.headers()[header::ETAG], plain.header("etag"));
    let mut text = String::new();
    let bytes = packed.bytes().await.unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut text).unwrap();
    assert_eq!(text, plain.text);
}

#[tokio::test]
async fn zstd_is_sent_to_whoever_reads_it() {
    let (site, admin) = exported().await;
    let plain = site.get(&admin, PATH).await;
    let packed = site.request(&admin, Method::GET, PATH).header(header::ACCEPT_ENCODING, "gzip, zstd");
    let packed = packed.send().await.unwrap();
    assert_eq!(packed.headers()[header::CONTENT_ENCODING], "zstd");
    let bytes = packed.bytes().await.unwrap();
    let mut text = String::new();
    let mut decoder = async_compression::tokio::bufread::ZstdDecoder::new(&bytes[..]);
    tokio::io::AsyncReadExt::read_to_string(&mut decoder, &mut text).await.unwrap();
    assert_eq!(text, plain.text);
}

#[tokio::test]
async fn the_size_is_told_before_anything_is_sent() {
    let (site, admin) = exported().await;
    for format in ["jsonl", "csv", "parquet", "arrow"] {
        let path = format!("{PATH}?format={format}&include=provenance,predictions");
        let head = site.request(&admin, Method::HEAD, &path).send().await.unwrap();
        assert_eq!(head.status(), 200, "{format}");
        let size: usize = head.headers()[header::CONTENT_LENGTH].to_str().unwrap().parse().unwrap();
        let whole = site.request(&admin, Method::GET, &path).send().await.unwrap();
        assert_eq!(head.headers()[header::ETAG], whole.headers()[header::ETAG]);
        let whole = whole.bytes().await.unwrap();
        assert_eq!(whole.len(), size, "{format}");
        let end = site.request(&admin, Method::GET, &path).header(header::RANGE, "bytes=-9").send().await;
        assert_eq!(end.unwrap().bytes().await.unwrap(), whole[size - 9..], "{format}");
    }
}

#[tokio::test]
async fn typed_formats_are_what_they_say() {
    let (site, admin) = exported().await;
    for (format, kind, magic) in [
        ("parquet", "application/vnd.apache.parquet", "PAR1"),
        ("arrow", "application/vnd.apache.arrow.file", "ARROW1"),
    ] {
        let file =
            site.request(&admin, Method::GET, &format!("{PATH}?format={format}")).send().await.unwrap();
        assert_eq!(file.headers()[header::CONTENT_TYPE], kind);
        assert!(!file.headers().contains_key(header::CONTENT_ENCODING));
        let bytes = file.bytes().await.unwrap();
        assert!(bytes.starts_with(magic.as_bytes()) && bytes.ends_with(magic.as_bytes()), "{format}");
    }
}

#[tokio::test]
async fn a_part_is_cut_from_what_the_etag_names_after_an_erasure_too() {
    let (site, admin) = exported().await;
    let part = async || send(site.request(&admin, Method::GET, PATH).header(header::RANGE, "bytes=0-")).await;
    let before = part().await;
    site.delete(&admin, "/projects/p/samples/s01").await.expect(204);
    let after = part().await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert!(before.text.lines().nth(1).unwrap().contains(r#""fields":{"#));
    assert!(after.text.lines().nth(1).unwrap().contains(r#""fields":null"#));
}

#[tokio::test]
async fn only_some_labels_can_be_asked_for() {
    let (site, admin) = exported().await;
    let count = async |query: &str| site.get(&admin, &format!("{PATH}?{query}")).await.text.lines().count();
    let splits = [count("split=train").await, count("split=validation").await, count("split=test").await];
    assert_eq!(splits.iter().sum::<usize>(), 40);
    assert_eq!((count("label.intent=card").await, count("label.intent=loan").await), (40, 0));
    assert_eq!(count("metadata.channel=chat").await, 0);
    for (misspelt, code) in
        [("label.intnet=card", "unknown_question"), ("label.intent=crad", "unknown_option")]
    {
        let refused = site.get(&admin, &format!("{PATH}?{misspelt}")).await.refused(422, "invalid");
        assert_eq!(refused["errors"][0]["code"], code);
        site.get(&admin, &format!("/projects/p/samples?{misspelt}")).await.refused(422, "invalid");
    }
}

#[tokio::test]
async fn parts_fit_together() {
    let (site, admin) = exported().await;
    let whole = site.get(&admin, PATH).await;
    let (tag, size) = (whole.header("etag").to_owned(), whole.text.len());
    let part =
        async |range: &str| send(site.request(&admin, Method::GET, PATH).header(header::RANGE, range)).await;
    let (first, rest) = (part("bytes=0-99").await, part("bytes=100-").await);
    assert_eq!((first.status.as_u16(), rest.status.as_u16()), (206, 206));
    assert_eq!(first.header("content-range"), format!("bytes 0-99/{size}"));
    assert_eq!(format!("{}{}", first.text, rest.text), whole.text);
    assert_eq!(first.header("etag"), tag);

    let beyond = part(&format!("bytes={size}-")).await;
    beyond.refused(416, "range_not_satisfiable");
    assert_eq!(beyond.header("content-range"), format!("bytes */{size}"));

    let of_another = site.request(&admin, Method::GET, PATH).header(header::RANGE, "bytes=0-9");
    send(of_another.header(header::IF_MATCH, "\"other\"")).await.refused(412, "precondition_failed");
    let of_this = site.request(&admin, Method::GET, PATH).header(header::RANGE, "bytes=0-9");
    assert_eq!(send(of_this.header(header::IF_MATCH, &tag)).await.status, 206);
    let head = site.request(&admin, Method::HEAD, PATH).header(header::RANGE, "bytes=0-9").send().await;
    assert_eq!(head.unwrap().status(), 200, "a range is for GET alone");

    let changed = site.request(&admin, Method::GET, PATH).header(header::RANGE, "bytes=0-9");
    assert_eq!(send(changed.header(header::IF_RANGE, "\"other\"")).await.status, 200);
}

#[tokio::test]
async fn what_cannot_be_asked_for() {
    let (site, admin) = exported().await;
    for query in ["format=xml", "version=0", "include=all", "spreadsheet=yes", "split=all", "label=7", "x=1"]
    {
        let refused = site.get(&admin, &format!("{PATH}?{query}")).await.refused(422, "invalid");
        let pointer = refused["errors"][0]["pointer"].as_str().unwrap();
        assert_eq!(pointer, format!("/{}", query.split('=').next().unwrap()));
    }
    site.get(&admin, &format!("{PATH}?version=7")).await.expect(404);
    site.get(&admin, &format!("{PATH}?version=nosuchtag")).await.expect(404);
    let nothing = site.get(&admin, &format!("{PATH}?version=1&since=1")).await;
    assert_eq!((nothing.status.as_u16(), nothing.text.as_str()), (200, ""));
}

#[tokio::test]
async fn the_tag_of_a_version_came_back_though_an_erased_sample_did_not() {
    let (site, admin) = exported().await;
    let path = "/projects/p/export?version=1";
    let before = site.get(&admin, path).await;
    site.delete(&admin, "/projects/p/samples/s01").await.expect(204);
    let erased = site.get(&admin, path).await;
    assert_ne!(erased.header("etag"), before.header("etag"));
    // The sample is there again with another text; the one that version 1 was labelled on stays erased.
    let other = serde_json::json!({"id": "s01", "fields": {"text": "another"}});
    site.upload(&admin, "/projects/p/samples", "application/x-ndjson", lines(&[other])).await.expect(200);
    let after = site.get(&admin, path).await;
    assert_eq!(after.text, erased.text);
    assert_ne!(after.header("etag"), before.header("etag"));
}

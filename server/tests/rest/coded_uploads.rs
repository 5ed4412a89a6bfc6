//! Uploads that come compressed, whole or damaged, small for what they stand for, or in a coding that nobody reads.

use crate::site::{Answer, MAX_UPLOAD_BYTES, Person, Site, lines, send, unsure};
use async_compression::tokio::write::ZstdEncoder;
use reqwest::Method;
use std::io::Write;
use tokio::io::AsyncWriteExt;

const SAMPLES: &str = "/projects/p/samples";

pub(crate) fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    Write::write_all(&mut encoder, text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

async fn zstd(text: &str) -> Vec<u8> {
    let mut encoder = ZstdEncoder::new(Vec::new());
    encoder.write_all(text.as_bytes()).await.unwrap();
    encoder.shutdown().await.unwrap();
    encoder.into_inner()
}

async fn upload(site: &Site, person: &Person, coding: &str, body: Vec<u8>) -> Answer {
    let request = site.request(person, Method::POST, SAMPLES);
    let request = request.header("content-type", "application/x-ndjson").header("content-encoding", coding);
    send(request.body(body)).await
}

#[tokio::test]
async fn an_upload_is_read_in_each_coding_and_in_several_parts() {
    let (site, admin) = Site::with_project().await;
    let text = |id: &str| lines(&[unsure(id, None)]);
    let parts = [gzip(&text("g1")), gzip(&text("g2"))].concat();
    assert_eq!(upload(&site, &admin, "gzip", parts).await.expect(200)["created"], 2);
    let parts = [zstd(&text("z1")).await, zstd(&text("z2")).await].concat();
    assert_eq!(upload(&site, &admin, "zstd", parts).await.expect(200)["created"], 2);
    assert_eq!(upload(&site, &admin, "identity", text("i").into_bytes()).await.expect(200)["created"], 1);
}

#[tokio::test]
async fn a_damaged_upload_changes_nothing() {
    let (site, admin) = Site::with_project().await;
    let samples: Vec<_> = (0..200).map(|n| unsure(&format!("s{n}"), None)).collect();
    for (coding, whole) in [("gzip", gzip(&lines(&samples))), ("zstd", zstd(&lines(&samples)).await)] {
        let cut = whole[..whole.len() / 2].to_vec();
        let mut flipped = whole.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0xff;
        for damaged in [cut, flipped, b"not coded at all".to_vec()] {
            let answer = upload(&site, &admin, coding, damaged).await;
            assert!((400..500).contains(&answer.status.as_u16()), "{coding}: {}", answer.text);
            assert!(answer.json()["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
        }
    }
    let listed = site.get(&admin, SAMPLES).await.expect(200);
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(0), "{listed}");
}

#[tokio::test]
async fn what_stands_for_too_much_is_refused_however_small_it_is() {
    let (site, admin) = Site::with_project().await;
    let blank = "\n".repeat(usize::try_from(MAX_UPLOAD_BYTES).unwrap() + 1);
    for (coding, bomb) in [("gzip", gzip(&blank)), ("zstd", zstd(&blank).await)] {
        assert!(bomb.len() < 100_000);
        upload(&site, &admin, coding, bomb).await.refused(413, "too_large");
    }
}

#[tokio::test]
async fn a_coding_that_is_not_read_is_refused_with_those_that_are() {
    let (site, admin) = Site::with_project().await;
    let answer = upload(&site, &admin, "br", b"x".to_vec()).await;
    let refused = answer.refused(415, "unsupported_media_type");
    assert!(refused["detail"].as_str().is_some_and(|detail| detail.contains("gzip or zstd")), "{refused}");
}

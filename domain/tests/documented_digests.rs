//! Every hash in the description of the label store is what the text beside it hashes to, and the text is what the
//! code hashes.

use domain::{
    answer::Answers,
    canonical,
    content::Content,
    provenance::{Provenance, VersionSource},
    time::Timestamp,
    version::{Change, Header, digest, row_hash},
};
use serde_json::Value;

type Outcome = Result<(), Box<dyn std::error::Error>>;

const DOCUMENT: &str = include_str!("../../docs/label-store.md");

/// The hashed texts of the example with their hashes, in order.
fn examples() -> Vec<(String, String)> {
    let blocks = DOCUMENT.split("```sh\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks
        .filter_map(|block| {
            let (command, hash) = block.split_once("| sha256sum\n# ")?;
            // Odd pieces stand within the apostrophes; the first of them is printf's format.
            let parts: Vec<&str> = command.split('\'').skip(1).step_by(2).collect();
            let (format, texts) = parts.split_first()?;
            let end = if format.ends_with(r"\n") { "\n" } else { "" };
            let text = texts.iter().map(|text| format!("{text}{end}")).collect();
            Some((text, format!("sha256:{}", hash.trim_end())))
        })
        .collect()
}

#[test]
fn the_documented_hashes_can_be_recomputed() {
    let examples = examples();
    assert_eq!(examples.len(), 5);
    for (text, hash) in examples {
        assert_eq!(canonical::sha256(text.as_bytes()), hash, "{text}");
    }
}

#[test]
fn the_documented_texts_are_what_the_code_hashes() -> Outcome {
    let examples = examples();
    let [
        (content, content_hash),
        (first, first_hash),
        (version, digest_1),
        (second, second_hash),
        (cut, digest_2),
    ] = examples.as_slice()
    else {
        return Err("other examples than expected".into());
    };
    let content: Content = serde_json::from_str(content)?;
    assert_eq!(content.hash(), *content_hash);
    for (row, hash) in [(first, first_hash), (second, second_hash)] {
        let row: (String, Option<Answers>, Provenance, String) = serde_json::from_str(row)?;
        assert_eq!(row_hash(&row.0, row.1.as_ref(), &row.2, &row.3)?, *hash);
    }
    for (text, hash) in [(version, digest_1), (cut, digest_2)] {
        assert_eq!(digest_of(text)?, *hash);
    }
    Ok(())
}

/// The digest of the version that `text` spells.
fn digest_of(text: &str) -> Result<String, Box<dyn std::error::Error>> {
    let mut lines = text.lines().skip(1);
    let header: Value = serde_json::from_str(lines.next().unwrap_or_default())?;
    let text_of = |key: &str| header[key].as_str().unwrap_or_default();
    let header = Header {
        project: header["project"].as_i64().unwrap_or_default(),
        number: header["number"].as_i64().unwrap_or_default(),
        parent_digest: header["parent"].as_str(),
        source: VersionSource::parse(text_of("source")).ok_or("no source")?,
        author: header["author"].as_i64(),
        message: text_of("message"),
        time: Timestamp::parse(text_of("time")).ok_or("no time")?,
    };
    let mut changes = Vec::new();
    for line in lines {
        let (sample, old, new) = serde_json::from_str(line)?;
        changes.push(Change { sample, old, new });
    }
    Ok(digest(&header, &mut changes))
}

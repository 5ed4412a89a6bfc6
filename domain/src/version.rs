//! Row hashes and version digests: what makes a version verifiable by anybody who holds its rows.
//!
//! A row's hash is the SHA-256 of one canonical line; a version's digest is the SHA-256 of its header and of
//! the lines of what changed, so that the digests form a chain and cutting costs what changed.

use crate::{
    answer::Answers,
    canonical,
    provenance::{Provenance, VersionSource},
    time::Timestamp,
};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The row hash: SHA-256 of the canonical line `[id, label, provenance, content hash]`.
///
/// # Errors
/// When the provenance does not serialise, which no valid one does.
pub fn row_hash(
    sample: &str,
    label: Option<&Answers>,
    provenance: &Provenance,
    content_hash: &str,
) -> Result<String, serde_json::Error> {
    let line = canonical::text_of(&json!([sample, label, provenance, content_hash]))?;
    Ok(canonical::sha256(line.as_bytes()))
}

/// The same of the canonical texts of the label and the provenance, which are not read again.
pub fn row_hash_of_texts(sample: &str, label: Option<&str>, provenance: &str, content_hash: &str) -> String {
    let line = format!(
        "[{},{},{provenance},{}]",
        canonical::string(sample),
        label.unwrap_or("null"),
        canonical::string(content_hash)
    );
    canonical::sha256(line.as_bytes())
}

/// What a version says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Header<'a> {
    /// The project's id.
    pub project: i64,
    /// The version's number, from 1.
    pub number: i64,
    /// The digest of the version before it; none for the first.
    pub parent_digest: Option<&'a str>,
    /// What made it.
    pub source: VersionSource,
    /// The author's user id; none for the command line.
    pub author: Option<i64>,
    /// What its author said.
    pub message: &'a str,
    /// When it was made.
    pub time: Timestamp,
}

/// One label that a version changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The sample's id.
    pub sample: String,
    /// The row hash before; none where the sample had no row.
    pub old: Option<String>,
    /// The row hash after.
    pub new: String,
}

/// The digest of a version: SHA-256 of `relabel-version-1`, the canonical header, and the canonical lines
/// `[id, old hash, new hash]` sorted by the id's UTF-8 bytes, each ended by a newline.
pub fn digest(header: &Header<'_>, changes: &mut [Change]) -> String {
    changes.sort_by(|a, b| a.sample.as_bytes().cmp(b.sample.as_bytes()));
    let mut digest = Digester::of(header);
    for change in changes.iter() {
        digest.add(change);
    }
    digest.finish()
}

/// A digest in the making, as [`digest`] says, for changes that come one by one in the order of their ids.
#[derive(Clone, Debug)]
pub struct Digester(Sha256);

impl Digester {
    /// Begins with the header.
    pub fn of(header: &Header<'_>) -> Self {
        let head = json!({
            "project": header.project,
            "number": header.number,
            "parent": header.parent_digest,
            "source": header.source,
            "author": header.author,
            "message": header.message,
            "time": header.time,
        });
        let mut hasher = Sha256::new();
        hasher.update(b"relabel-version-1\n");
        hasher.update(canonical::text(&head).as_bytes());
        hasher.update(b"\n");
        Self(hasher)
    }

    /// Adds the next change.
    pub fn add(&mut self, change: &Change) {
        let old = change.old.as_deref().map_or_else(|| "null".to_owned(), canonical::string);
        let (sample, new) = (canonical::string(&change.sample), canonical::string(&change.new));
        self.0.update(format!("[{sample},{old},{new}]\n").as_bytes());
    }

    /// The digest.
    pub fn finish(self) -> String {
        format!("sha256:{}", hex::encode(self.0.finalize()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Header, digest, row_hash, row_hash_of_texts};
    use crate::{
        answer::Answers,
        canonical,
        provenance::{LabelAuthor, Provenance, VersionSource},
        time::Timestamp,
    };

    fn header(message: &str) -> Header<'_> {
        Header {
            project: 1,
            number: 1,
            parent_digest: None,
            source: VersionSource::Cut,
            author: Some(3),
            message,
            time: Timestamp(0),
        }
    }

    fn change(sample: &str) -> Change {
        Change { sample: sample.into(), old: None, new: "sha256:00".into() }
    }

    #[test]
    fn a_row_hashes_like_its_stored_texts() -> Result<(), serde_json::Error> {
        let label: Answers = serde_json::from_str(r#"{"z": "\"", "a": "한"}"#)?;
        let provenance = Provenance {
            source: VersionSource::Cut,
            decided_by: LabelAuthor::Reviewer,
            annotations: 3,
            agreement: Some(1.0 / 3.0),
            posterior: None,
            reason: None,
            models: vec!["m\\1".to_owned()],
            schema_revision: 1,
            guideline_revision: 2,
            previous: Some(label.clone()),
        };
        for label in [None, Some(&label)] {
            let text = label.map(canonical::text_of).transpose()?;
            let texts =
                row_hash_of_texts("s\"1", text.as_deref(), &canonical::text_of(&provenance)?, "sha256:00");
            assert_eq!(texts, row_hash("s\"1", label, &provenance, "sha256:00")?);
        }
        Ok(())
    }

    #[test]
    fn the_order_of_changes_does_not_matter_and_everything_else_does() {
        let one = digest(&header("m"), &mut [change("b"), change("a")]);
        assert_eq!(one, digest(&header("m"), &mut [change("a"), change("b")]));
        assert_ne!(one, digest(&header("n"), &mut [change("a"), change("b")]));
        assert_ne!(one, digest(&header("m"), &mut [change("a")]));
    }

    /// `printf 'relabel-version-1\n{"author":3,…}\n["a",null,"sha256:00"]\n' | sha256sum`
    #[test]
    fn the_digest_can_be_recomputed_by_hand() {
        let text = concat!(
            "relabel-version-1\n",
            r#"{"author":3,"message":"m","number":1,"parent":null,"project":1,"source":"cut","#,
            r#""time":"1970-01-01T00:00:00.000Z"}"#,
            "\n",
            r#"["a",null,"sha256:00"]"#,
            "\n"
        );
        assert_eq!(digest(&header("m"), &mut [change("a")]), crate::canonical::sha256(text.as_bytes()));
    }
}

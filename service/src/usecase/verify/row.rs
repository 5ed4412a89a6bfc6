//! One label row by itself: its texts, its hash, and what it points at.

use super::{About, Found, store::Store};
use crate::repo::verified_rows::StoredLabel;
use domain::{
    canonical::is_canonical_object, provenance::VersionSource, version::row_hash_of_texts,
    view::verification::What,
};
use serde::Deserialize;

/// What provenance says of its version.
#[derive(Deserialize)]
struct Said {
    source: VersionSource,
}

/// Checks what can be told from the row alone.
pub(super) fn check(row: &StoredLabel, store: &mut Store, found: &mut Found) {
    let about = About::sample(&row.sample_key, row.from_version);
    // The hash is of the texts as they stand, so each must be canonical by itself: else another cut of the same line into
    // label and provenance would hash alike.
    if row.label.as_deref().is_some_and(|label| !is_canonical_object(label)) {
        found.add(What::NotCanonical, about, "the label is not canonical JSON");
    }
    if !is_canonical_object(&row.provenance) {
        found.add(What::NotCanonical, about, "the provenance is not canonical JSON");
    }
    let hash = row_hash_of_texts(&row.sample_key, row.label.as_deref(), &row.provenance, &row.content_hash);
    found.compare(What::RowHash, about, "the label row does not hash to its row hash", &row.row_hash, &hash);
    if row.key_of_sample.as_deref() != Some(&row.sample_key) {
        let detail = "the label row's sample has another id";
        let stored = row.key_of_sample.as_deref().unwrap_or("none of the project");
        found.compare(What::Sample, about, detail, &row.sample_key, stored);
    }
    if row.content_sample != Some(row.sample_id) {
        found.add(What::Content, about, "the label row's content is missing, or of another sample");
    } else if let Some(address) = &row.address {
        let detail = "the label row's content has another hash";
        found.compare(What::Content, about, detail, &row.content_hash, address);
    }
    if row.decision_id.is_some() && row.decision_sample != Some(row.sample_id) {
        found.add(What::Decision, about, "the label row's decision is missing, or of another sample");
    }
    columns(row, store, found);
    origin(row, store, found);
}

/// Whether the two columns can be, and whether their versions are there.
fn columns(row: &StoredLabel, store: &mut Store, found: &mut Found) {
    let about = About::sample(&row.sample_key, row.from_version);
    let can_be = match (row.from_version, row.until_version) {
        (None, None) => true,
        (None, Some(_)) => false,
        (Some(from), until) => from >= 1 && until.is_none_or(|until| until >= from),
    };
    if !can_be {
        let shown =
            |column: Option<i64>| column.map_or_else(|| "none".to_owned(), |number| number.to_string());
        let (from, until) = (shown(row.from_version), shown(row.until_version));
        found.add(What::Columns, about, format!("from version {from} until version {until} cannot be"));
        return;
    }
    for number in [row.from_version, row.until_version].into_iter().flatten() {
        if store.is_later(number) {
            store.name_later(number, &row.sample_key);
        } else if !store.has(number) {
            found.add(
                What::Columns,
                about,
                format!("the label row names version {number}, which is not there"),
            );
        }
    }
}

/// Whether the row is of the sort that its version is made of.
fn origin(row: &StoredLabel, store: &Store, found: &mut Found) {
    let about = About::sample(&row.sample_key, row.from_version);
    let is_staged_or_dropped = row.from_version.is_none() || row.from_version == row.until_version;
    let expected = match row.from_version {
        _ if is_staged_or_dropped => Some(VersionSource::Cut),
        Some(from) => store.source(from),
        None => None,
    };
    let Some(expected) = expected else { return };
    match serde_json::from_str::<Said>(&row.provenance) {
        Ok(said) if said.source == expected => {}
        Ok(said) => {
            let detail = "the label row says another source than its version";
            found.compare(What::Source, about, detail, said.source.as_str(), expected.as_str());
        }
        Err(_) => found.add(What::Source, about, "the provenance cannot be read"),
    }
    if (expected == VersionSource::Cut) != row.decision_id.is_some() {
        let detail = if row.decision_id.is_some() {
            "the label row has a decision, and its version is no cut"
        } else {
            "the label row has no decision, and is of a cut"
        };
        found.add(What::Decision, about, detail);
    }
}

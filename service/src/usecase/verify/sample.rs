//! All label rows of one sample together: in each version it has one row at most, and each follows on the one before.

use super::{About, Found, store::Store};
use crate::repo::{verified_rows::StoredLabel, versions::Effect};
use domain::{version::Change, view::verification::What};

/// Checks how the rows of one sample follow on each other, and gives the store what each version changed.
pub(super) fn check(rows: &[StoredLabel], store: &mut Store, found: &mut Found) {
    // Staged rows are in no version yet, and those that were dropped never were.
    let mut standing: Vec<(i64, &StoredLabel)> = rows
        .iter()
        .filter(|row| row.until_version.is_none() || row.until_version > row.from_version)
        .filter_map(|row| Some((row.from_version?, row)))
        .collect();
    standing.sort_by_key(|(from, row)| (*from, row.id));
    let mut before: Option<&StoredLabel> = None;
    for (from, row) in standing {
        if let Some(before) = before {
            follow(before, from, store, found);
        }
        let old = before.filter(|before| before.until_version == Some(from));
        let change = Change {
            sample: row.sample_key.clone(),
            old: old.map(|old| old.row_hash.clone()),
            new: row.row_hash.clone(),
        };
        let effect = Effect::of(old.and_then(|old| old.label.as_deref()), row.label.as_deref());
        store.add(from, &change, effect);
        before = Some(row);
    }
    if let Some(last) = before
        && let Some(until) = last.until_version
    {
        no_row(last, until, store, found);
    }
}

/// Whether a row that begins with version `from` can follow on `before`.
fn follow(before: &StoredLabel, from: i64, store: &Store, found: &mut Found) {
    // A row that was read before a cut does not say yet that it ended with it.
    if store.is_later(from) {
        return;
    }
    match before.until_version {
        Some(until) if until == from => {}
        Some(until) if until < from => no_row(before, until, store, found),
        _ => {
            let about = About::sample(&before.sample_key, Some(from));
            found.add(What::TwoRows, about, "two label rows of the sample are in this version");
        }
    }
}

/// A row ends, and none follows.
fn no_row(last: &StoredLabel, until: i64, store: &Store, found: &mut Found) {
    // The one that follows may have been written after the last page was read.
    if !store.is_later(until) {
        let about = About::sample(&last.sample_key, Some(until));
        found.add(What::NoRow, about, "the label row ends with this version, and none follows");
    }
}

//! Pages of lists: how many entries, and where the next page begins.
//!
//! A cursor is the sort key of the last entry, as opaque text; pages stay right while rows come and go.

use crate::error::{Error, Result};
use domain::{
    problem::Code,
    view::{Page, PageRequest},
};
use serde::{Serialize, de::DeserializeOwned};

const DEFAULT: i64 = 50;
const MOST: i64 = 500;

/// How many entries a page holds.
pub(crate) fn limit(request: &PageRequest) -> Result<usize> {
    let limit = request.limit.unwrap_or(DEFAULT);
    if !(1..=MOST).contains(&limit) {
        return Err(Error::invalid("/limit", Code::OutOfRange, format!("must be between 1 and {MOST}")));
    }
    usize::try_from(limit).map_err(Error::internal)
}

/// The sort key after which the page begins; none for the first.
pub(crate) fn after<K: DeserializeOwned>(request: &PageRequest) -> Result<Option<K>> {
    let Some(cursor) = &request.cursor else { return Ok(None) };
    let text = hex::decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    // PostgreSQL fails on U+0000 in a text, and no sort key of ours has one.
    let key = text.filter(|text| !text.contains("\\u0000")).and_then(|text| serde_json::from_str(&text).ok());
    key.map(Some).ok_or_else(|| Error::invalid("/cursor", Code::Invalid, "this is not a cursor of this list"))
}

/// The cursor of a sort key.
pub(crate) fn cursor<K: Serialize>(key: &K) -> Result<String> {
    Ok(hex::encode(serde_json::to_vec(key)?))
}

/// A page of at most `limit` entries from `rows`, which were read with one more than that to see whether
/// another page follows. `key` gives a row's sort key.
pub(crate) fn page<T, K: Serialize>(
    mut rows: Vec<T>,
    limit: usize,
    key: impl Fn(&T) -> K,
) -> Result<Page<T>> {
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next_cursor = match rows.last() {
        Some(last) if more => Some(cursor(&key(last))?),
        _ => None,
    };
    Ok(Page { items: rows, next_cursor })
}

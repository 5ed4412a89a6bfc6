//! What lists have in common: their parameters, and the pages of a list that is short enough to be read whole.

use domain::{
    canonical,
    problem::{Code, Fault},
    view::{Page, PageRequest},
};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::IntoParams;

use crate::problem::{Problem, Result};

/// How many entries a page has where the caller does not say.
const DEFAULT: usize = 50;

/// Which page of a list is wanted.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "only its shape is read, by the OpenAPI document")]
pub(super) struct PageParams {
    /// How many entries, 1 to 500; 50 where absent.
    #[param(minimum = 1, maximum = 500)]
    limit: Option<i64>,
    /// A `next_cursor` of an earlier page.
    cursor: Option<String>,
}

/// The page of a list that is read whole, because it is short. `items` stand in the order of `key`, each with another.
pub(super) fn of_whole<T, K: Ord + Serialize + DeserializeOwned>(
    items: Vec<T>,
    request: &PageRequest,
    key: impl Fn(&T) -> K,
) -> Result<Page<T>> {
    let after: Option<K> = match &request.cursor {
        None => None,
        Some(cursor) => Some(key_of(cursor).ok_or_else(|| {
            let detail = "this is not a cursor of this list";
            Problem::at(Fault::at("/cursor", Code::Invalid, detail))
        })?),
    };
    let limit = request.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(DEFAULT);
    let mut items: Vec<T> = items
        .into_iter()
        .skip_while(|item| after.as_ref().is_some_and(|after| key(item) <= *after))
        .collect();
    let more = items.len() > limit;
    items.truncate(limit);
    let last = items.last().filter(|_| more).map(|last| canonical::text_of(&key(last)));
    let next_cursor = last.transpose().map_err(service::Error::from)?.map(hex::encode);
    Ok(Page { items, next_cursor })
}

fn key_of<K: DeserializeOwned>(cursor: &str) -> Option<K> {
    serde_json::from_slice(&hex::decode(cursor).ok()?).ok()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::of_whole;
    use domain::view::PageRequest;

    #[test]
    fn a_short_list_was_one_page_whatever_the_limit() {
        let names = || vec!["a", "b", "c", "d", "e"];
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let page =
                of_whole(names(), &PageRequest { limit: Some(2), cursor }, |name| name.to_string()).unwrap();
            assert!(page.items.len() <= 2);
            seen.extend(page.items);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, names());
        let request = PageRequest { limit: None, cursor: Some("zz".to_owned()) };
        assert!(of_whole(names(), &request, |name| name.to_string()).is_err());
    }
}

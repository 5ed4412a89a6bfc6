//! The way through a long list: forward by cursor, or back to its beginning.

use crate::i18n::{tu_string, use_i18n};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

/// Links to the next and the first page, keeping the filters of the address.
#[component]
pub fn Pagination(
    /// The cursor of the next page; none on the last.
    next: Option<String>,
    /// The parameter that holds the cursor, where a page has several lists.
    #[prop(default = "cursor")]
    key: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let path = use_location().pathname.get_untracked();
    let mut query = use_query_map().get_untracked();
    let is_first = query.get_str(key).is_none();
    for other in [key, "done", "refused", "form", "at"] {
        query.remove(other);
    }
    let first = (!is_first).then(|| format!("{path}{}", query.to_query_string()));
    let next = next.map(|cursor| {
        query.insert(key, cursor);
        format!("{path}{}", query.to_query_string())
    });
    (first.is_some() || next.is_some()).then(|| {
        view! {
            <nav class="pagination" aria-label=tu_string!(i18n, common.page.label)>
                {first.map(|href| view! { <a class="button" href=href>{tu_string!(i18n, common.page.first)}</a> })}
                {next
                    .map(|href| {
                        view! { <a class="button" href=href rel="next">{tu_string!(i18n, common.page.next)}</a> }
                    })}
            </nav>
        }
    })
}

//! What becomes of labels: one label before and after, and how many did what.

use crate::{
    components::{answer::AnswerText, number::count},
    i18n::{tu_string, use_i18n},
};
use domain::{answer::Answers, schema::Schema};
use leptos::prelude::*;

/// A label before and after; one that stays as it was stands once.
#[component]
pub fn Change<'a>(
    schema: &'a Schema,
    before: Option<&'a Answers>,
    after: Option<&'a Answers>,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    if before == after {
        return view! { <span class="change"><AnswerText schema answers=after /></span> }.into_any();
    }
    view! {
        <span class="change">
            <span class="change-before"><AnswerText schema answers=before /></span>
            <span class="change-arrow" aria-hidden="true">"→"</span>
            <span class="visually-hidden">{tu_string!(i18n, parts.becomes)}</span>
            <span class="change-after"><AnswerText schema answers=after /></span>
        </span>
    }
    .into_any()
}

/// How many labels were added, changed, removed and confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Labels where there was none.
    pub added: i64,
    /// Labels that became another.
    pub changed: i64,
    /// Labels that went away.
    pub removed: i64,
    /// Labels that were decided again and stayed.
    pub confirmed: i64,
}

/// The counts in one line; zeros are faint.
#[component]
pub fn CountsLine(counts: Counts) -> impl IntoView {
    let i18n = use_i18n();
    let parts = [
        ("+", counts.added, tu_string!(i18n, parts.added)),
        ("~", counts.changed, tu_string!(i18n, parts.changed)),
        ("−", counts.removed, tu_string!(i18n, parts.removed)),
        ("=", counts.confirmed, tu_string!(i18n, parts.confirmed)),
    ];
    view! {
        <ul class="counts">
            {parts
                .map(|(sign, number, word)| {
                    let class = if number == 0 { "counts-part counts-zero" } else { "counts-part" };
                    view! {
                        <li class=class>
                            <span class="counts-sign" aria-hidden="true">{sign}</span>
                            <span class="counts-number">{count(number)}</span>
                            " "
                            {word}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}

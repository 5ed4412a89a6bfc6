//! The line that is always there: the last answer, and the way to take it back.

use super::{desk::Desk, notices::MessageLine};
use crate::i18n::{tu_string, use_i18n};
use leptos::prelude::*;

/// The last answer and its undo.
#[component]
pub fn LastAnswer(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let slug = desk.screen.with_value(|screen| screen.slug.clone());
    let state = desk.state;
    let last = Memo::new(move |_| state.with(|state| state.given.last().cloned()));
    let text = move || match last.get() {
        Some(last) => tu_string!(i18n, annotate.last, text = last.text).to_string(),
        None => tu_string!(i18n, annotate.no_last).to_owned(),
    };
    let revealed = move || {
        let revealed = last.get().and_then(|last| last.revealed);
        revealed.map(|text| view! { <span class="last-revealed">{text}</span> })
    };
    let annotation =
        move || last.get().and_then(|last| last.annotation).map(|id| id.to_string()).unwrap_or_default();
    view! {
        <form class="last" method="post" action="/api/undo_annotation">
            <input type="hidden" name="slug" value=slug.clone() />
            <input type="hidden" name="annotation" value=annotation />
            <MessageLine desk />
            <p class="last-text">{text} {revealed}</p>
            <button
                class="verdict"
                disabled=move || last.with(Option::is_none)
                on:click=move |event| {
                    event.prevent_default();
                    desk.undo();
                }
            >
                <kbd aria-hidden="true">"U"</kbd>
                {tu_string!(i18n, annotate.undo)}
            </button>
            <a class="last-link" rel="external" href=format!("/projects/{slug}/answers")>{tu_string!(i18n, common.nav.answers)}</a>
        </form>
    }
}

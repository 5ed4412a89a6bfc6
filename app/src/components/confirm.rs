//! Something that cannot be taken back lightly: first a click that opens what it will do, then the button that does it.
//! A disclosure, so that it works without JavaScript.

use leptos::prelude::*;

/// The first click; the children say what will happen and hold the form.
#[component]
pub fn Confirm(#[prop(into)] summary: String, children: Children) -> impl IntoView {
    view! {
        <details class="confirm">
            <summary class="confirm-summary">{summary}</summary>
            <div class="confirm-body">{children()}</div>
        </details>
    }
}

//! The thin bar above the sample: which project, how far, whether everything is saved.

use super::{desk::Desk, state::Trouble};
use crate::{
    components::{keys_help::KeysButton, layout::BrandMark, number::count},
    i18n::{tu_string, use_i18n},
};
use leptos::prelude::*;

/// The bar.
#[component]
pub fn Bar(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let (project, home, has_guideline) = desk.screen.with_value(|screen| {
        (screen.project.clone(), format!("/projects/{}", screen.slug), screen.guideline.is_some())
    });
    let state = desk.state;
    // The server counts what nobody holds; what is at hand waits too.
    let position = Memo::new(move |_| {
        state.with(|state| {
            let at_hand = i64::try_from(state.queue.len()).unwrap_or(i64::MAX);
            (state.today, state.waiting.saturating_add(at_hand))
        })
    });
    let position = move || {
        let (today, waiting) = position.get();
        tu_string!(i18n, annotate.position, today = count(today), waiting = count(waiting)).to_string()
    };
    view! {
        <header class="bar annotate-bar">
            <a class="brand" rel="external" href=home title=tu_string!(i18n, annotate.to_project)>
                <BrandMark />
                <span class="annotate-project">{project}</span>
            </a>
            <p class="annotate-position number">{position}</p>
            <span class="bar-space"></span>
            <SaveState desk />
            {has_guideline
                .then(|| {
                    view! {
                        <button class="button button-quiet annotate-guideline-button" type="button" popovertarget="guideline">
                            {tu_string!(i18n, common.nav.guideline)}
                        </button>
                    }
                })}
            <KeysButton label=tu_string!(i18n, annotate.keys.title) />
        </header>
    }
}

/// Whether everything is saved; read out when it changes.
#[component]
fn SaveState(desk: Desk) -> impl IntoView {
    let i18n = use_i18n();
    let state = desk.state;
    let now = Memo::new(move |_| state.with(|state| (state.outbox.len(), state.trouble)));
    let text = move || match now.get() {
        (0, _) => tu_string!(i18n, annotate.save.saved).to_owned(),
        (n, None) => tu_string!(i18n, annotate.save.saving, n = n).to_string(),
        (n, Some(Trouble::Unreachable)) => tu_string!(i18n, annotate.save.retrying, n = n).to_string(),
        (n, Some(Trouble::SignedOut)) => tu_string!(i18n, annotate.save.signed_out, n = n).to_string(),
    };
    let class = move || match now.get() {
        (0, _) => "annotate-save",
        (_, None) => "annotate-save annotate-save-busy",
        (_, Some(_)) => "annotate-save annotate-save-trouble",
    };
    view! { <p class=class role="status">{text}</p> }
}

//! Going back: a new version with the labels of this one. Nothing is lost, and the form says what it will do.

use super::api::RevertVersion;
use crate::{
    components::{
        confirm::Confirm,
        faults::{Faults, use_faults},
        form::{Outcome, use_outcome},
        safe_textarea::SafeTextarea,
    },
    error::Reply,
    i18n::{tu_string, use_i18n},
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_navigate;

#[component]
pub(super) fn Revert(
    slug: String,
    /// The version to go back to.
    number: i64,
    /// The newest version.
    newest: i64,
    revert: ServerAction<RevertVersion>,
) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = use_outcome("revert_version", revert.value());
    let faults = use_faults("revert_version", revert.value());
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(Reply::Done(page))) = revert.value().get() {
            navigate(&page, Default::default());
        }
    });
    let text = tu_string!(i18n, version.revert_text, new = newest + 1, old = number, newest = newest);
    let text = text.to_string();
    let differences = format!("/projects/{slug}/versions/{number}?against={newest}");
    view! {
        <section class="section">
            <h2 class="section-title">{tu_string!(i18n, version.revert)}</h2>
            <Confirm summary=tu_string!(i18n, version.revert_open, old = number).to_string()>
                <p>
                    {text} " "
                    <a href=differences>{tu_string!(i18n, version.revert_differences)}</a>
                </p>
                <ActionForm action=revert>
                    <input type="hidden" name="slug" value=slug />
                    <input type="hidden" name="number" value=number />
                    <SafeTextarea
                        name="message"
                        label=tu_string!(i18n, versions.message)
                        hint=tu_string!(i18n, versions.message_hint)
                        rows=2
                    />
                    <Outcome outcome done=tu_string!(i18n, versions.cut_done) />
                    <Faults faults />
                    <button class="button button-danger" disabled=revert.pending()>
                        {tu_string!(i18n, version.revert_confirm, new = newest + 1).to_string()}
                    </button>
                </ActionForm>
            </Confirm>
        </section>
    }
}

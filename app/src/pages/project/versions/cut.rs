//! The form that cuts a version. It carries the newest version that the person saw: where there is a newer one by now,
//! nothing is cut, and they see what it changes first.

use super::api::CutVersion;
use crate::{
    components::{
        faults::{Faults, use_faults},
        field::{Requirement, TextField},
        form::{FormOutcome, Outcome, use_outcome},
        safe_textarea::SafeTextarea,
    },
    error::{Answer, Reply},
    i18n::{tu_string, use_i18n},
};
use domain::problem::Code;
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_navigate;

/// Grows by one each time that a cut was refused because of a newer version.
pub(super) fn use_parent_moved(
    value: impl With<Value = Option<Answer<String>>> + Send + Sync + 'static,
) -> Memo<u32> {
    Memo::new(move |times: Option<&u32>| {
        let moved = value.with(
            |answer| matches!(answer, Some(Ok(Reply::Refused(refused))) if refused.code == Code::ParentMoved),
        );
        times.copied().unwrap_or_default() + u32::from(moved)
    })
}

/// What became of the cut; it stands apart from the form, which is gone where nothing is left to cut.
#[component]
pub(super) fn CutOutcome(cut: ServerAction<CutVersion>) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = use_outcome("cut_version", cut.value());
    let moved = move || outcome.get() == Some(FormOutcome::Refused(Code::ParentMoved));
    view! {
        <Outcome outcome done=tu_string!(i18n, versions.cut_done) />
        {move || moved().then(|| view! { <p class="section-lead">{tu_string!(i18n, versions.moved)}</p> })}
    }
}

#[component]
pub(super) fn Cut(
    slug: String,
    /// The newest version; 0 before the first.
    parent: i64,
    cut: ServerAction<CutVersion>,
    /// What was typed, for when the page is read anew.
    message: RwSignal<String>,
) -> impl IntoView {
    let i18n = use_i18n();
    let faults = use_faults("cut_version", cut.value());
    let navigate = use_navigate();
    Effect::new(move || {
        if let Some(Ok(Reply::Done(page))) = cut.value().get() {
            navigate(&page, Default::default());
        }
    });
    Effect::new(move || {
        if let Some(input) = cut.input().get() {
            message.set(input.message);
        }
    });
    view! {
        <div class="section staged-cut">
            <ActionForm action=cut>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="parent" value=parent />
                <SafeTextarea
                    name="message"
                    label=tu_string!(i18n, versions.message)
                    hint=tu_string!(i18n, versions.message_hint)
                    value=message.get_untracked()
                    rows=2
                />
                <TextField
                    name="tag"
                    label=tu_string!(i18n, versions.tag)
                    hint=tu_string!(i18n, versions.tag_hint)
                    requirement=Requirement::Optional
                />
                <Faults faults />
                <button class="button button-primary" disabled=cut.pending()>
                    {tu_string!(i18n, versions.cut, number = parent + 1).to_string()}
                </button>
            </ActionForm>
        </div>
    }
}

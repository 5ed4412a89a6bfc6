//! The guideline, and how annotators will see it.

use super::{
    Carried, Saved,
    api::UpdateGuideline,
    follow,
    older::{Older, Revised},
};
use crate::{
    components::{
        faults::{Faults, use_faults},
        form::use_outcome,
        safe_textarea::SafeTextarea,
    },
    i18n::{tu_string, use_i18n},
    pages::project::guideline_preview::PreviewButton,
};
use domain::view::project::ProjectView;
use leptos::{form::ActionForm, html, prelude::*};

#[component]
pub(super) fn GuidelineEditor(project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateGuideline>::new();
    follow(action.value(), project);
    let outcome = use_outcome("update_guideline", action.value());
    let faults = use_faults("update_guideline", action.value());
    let text = NodeRef::<html::Textarea>::new();
    let (guideline, slug) =
        project.with_untracked(|project| (project.guideline.clone(), project.slug.to_string()));
    let own_page = format!("/projects/{slug}/guideline");
    let revision = move || project.with(|project| project.guideline_revision);
    view! {
        <section class="section section-wide" id="guideline-section">
            <h2 class="section-title">{tu_string!(i18n, settings.guideline.title)}</h2>
            <p class="section-lead">
                {tu_string!(i18n, settings.guideline.lead)} " "
                {move || tu_string!(i18n, settings.revision, n = revision()).to_string()} " "
                <a href=own_page>{tu_string!(i18n, settings.guideline.shown)}</a>
            </p>
            <Older project revision=Revised::Guideline />
            <ActionForm action>
                <Carried project />
                <SafeTextarea
                    name="guideline"
                    label=tu_string!(i18n, settings.guideline.label)
                    hint=tu_string!(i18n, settings.guideline.hint)
                    value=guideline
                    rows=16
                    longest=200_000
                    node_ref=text
                    class="textarea-code"
                />
                <Saved outcome project />
                <Faults faults />
                <div class="form-buttons">
                    <button class="button button-primary" disabled=action.pending()>
                        {tu_string!(i18n, common.save)}
                    </button>
                    <PreviewButton slug text />
                </div>
            </ActionForm>
        </section>
    }
}

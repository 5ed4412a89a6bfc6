//! The guideline, and how annotators will see it.

use super::{
    Carried, Saved,
    api::{PreviewGuideline, UpdateGuideline},
    follow,
    older::{Older, Revised},
};
use crate::{
    components::{
        faults::{Faults, use_faults},
        form::use_outcome,
        markdown::CleanHtml,
        safe_textarea::SafeTextarea,
    },
    error::Reply,
    i18n::{tu_string, use_i18n},
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
    let revision = move || project.with(|project| project.guideline_revision);
    view! {
        <section class="section section-wide" id="guideline-section">
            <h2 class="section-title">{tu_string!(i18n, settings.guideline.title)}</h2>
            <p class="section-lead">
                {tu_string!(i18n, settings.guideline.lead)} " "
                {move || tu_string!(i18n, settings.revision, n = revision()).to_string()} " "
                <a href=format!("/projects/{slug}/guideline")>{tu_string!(i18n, settings.guideline.shown)}</a>
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
                    <PreviewButton project text />
                </div>
            </ActionForm>
        </section>
    }
}

/// Shows what is typed as it would be shown; there with JavaScript only, and below the form until it is asked for again.
#[component]
fn PreviewButton(project: RwSignal<ProjectView>, text: NodeRef<html::Textarea>) -> impl IntoView {
    let i18n = use_i18n();
    let preview = ServerAction::<PreviewGuideline>::new();
    let ready = RwSignal::new(false);
    Effect::new(move || ready.set(true));
    let ask = move |_| {
        let guideline = text.get().map(|text| text.value()).unwrap_or_default();
        let slug = project.with_untracked(|project| project.slug.to_string());
        preview.dispatch(PreviewGuideline { slug, guideline });
    };
    let shown = move || match preview.value().get() {
        Some(Ok(Reply::Done(html))) => Some(view! {
            <div class="preview" role="region" aria-label=tu_string!(i18n, settings.guideline.preview)>
                <CleanHtml html />
            </div>
        }),
        _ => None,
    };
    view! {
        <button class="button" type="button" disabled=move || !ready.get() || preview.pending().get() on:click=ask>
            {tu_string!(i18n, settings.guideline.preview)}
        </button>
        {shown}
    }
}

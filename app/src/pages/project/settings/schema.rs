//! The label schema: a small form for each question, and the whole as JSON.

use super::{
    Carried, Saved,
    api::UpdateSchema,
    follow,
    older::{Older, Revised},
    options::Options,
};
use crate::{
    components::{
        faults::{Faults, use_faults},
        form::use_outcome,
        safe_textarea::SafeTextarea,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{schema::Schema, view::project::ProjectView};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn SchemaEditor(project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let schema = Memo::new(move |_| project.with(|project| project.schema.clone()));
    let revision = move || project.with(|project| project.schema_revision);
    view! {
        <section class="section section-wide" id="schema">
            <h2 class="section-title">{tu_string!(i18n, settings.schema.title)}</h2>
            <p class="section-lead">
                {tu_string!(i18n, settings.schema.lead)} " "
                {move || tu_string!(i18n, settings.revision, n = revision()).to_string()}
            </p>
            <Older project revision=Revised::Schema />
            <Options project schema />
            <Json project schema />
        </section>
    }
}

/// The whole schema as JSON: also fields, further questions and their order.
#[component]
fn Json(project: RwSignal<ProjectView>, schema: Memo<Schema>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateSchema>::new();
    follow(action.value(), project);
    let outcome = use_outcome("update_schema", action.value());
    let faults = use_faults("update_schema", action.value());
    let text = move || schema.with(|schema| serde_json::to_string_pretty(schema).unwrap_or_default());
    // What was refused must be in sight.
    let open = outcome.get_untracked().is_some();
    view! {
        <details class="fold" open=open>
            <summary class="fold-summary">{tu_string!(i18n, settings.schema.json)}</summary>
            <ActionForm action attr:class="form">
                <Carried project />
                {move || {
                    view! {
                        <SafeTextarea
                            name="json"
                            label=tu_string!(i18n, settings.schema.json_label)
                            hint=tu_string!(i18n, settings.schema.json_hint)
                            value=text()
                            rows=18
                            longest=1_000_000
                            class="textarea-code"
                        />
                    }
                }}
                <Saved outcome project />
                <Faults faults />
                <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
            </ActionForm>
        </details>
    }
}

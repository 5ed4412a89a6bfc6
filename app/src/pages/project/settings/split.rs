//! Splits: which samples train a model and which judge it, and how many reviewers a test label needs.

use super::{Carried, Saved, api::UpdateSplit, follow};
use crate::{
    components::{
        faults::{Faults, use_faults},
        field::{Requirement, TextField},
        form::use_outcome,
        inputs::NumberField,
    },
    i18n::{tu_string, use_i18n},
};
use domain::view::project::ProjectView;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn Split(project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateSplit>::new();
    follow(action.value(), project);
    let outcome = use_outcome("update_split", action.value());
    let faults = use_faults("update_split", action.value());
    let split = project.with_untracked(|project| project.settings.split.clone());
    view! {
        <section class="section" id="split">
            <h2 class="section-title">{tu_string!(i18n, settings.split.title)}</h2>
            <p class="section-lead">{tu_string!(i18n, settings.split.lead)}</p>
            <ActionForm action>
                <Carried project />
                <NumberField
                    name="validation"
                    label=tu_string!(i18n, settings.split.validation)
                    value=split.validation.to_string()
                    min="0"
                    max="1"
                    step="any"
                />
                <NumberField
                    name="test"
                    label=tu_string!(i18n, settings.split.test)
                    value=split.test.to_string()
                    min="0"
                    max="1"
                    step="any"
                    hint=tu_string!(i18n, settings.split.test_hint)
                />
                <TextField
                    name="by"
                    label=tu_string!(i18n, settings.split.by)
                    value=split.by.unwrap_or_default()
                    hint=tu_string!(i18n, settings.split.by_hint)
                    requirement=Requirement::Optional
                />
                <NumberField
                    name="test_reviewers"
                    label=tu_string!(i18n, settings.split.test_reviewers)
                    value=split.test_reviewers.to_string()
                    min="1"
                    max="5"
                    step="1"
                    hint=tu_string!(i18n, settings.split.test_reviewers_hint)
                />
                <Saved outcome project />
                <Faults faults />
                <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
            </ActionForm>
        </section>
    }
}

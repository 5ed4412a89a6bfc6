//! What the data card of each version says beside its figures.

use super::{Carried, Saved, api::UpdateCard, follow};
use crate::{
    components::{
        faults::{Faults, use_faults},
        field::{Requirement, TextField},
        form::use_outcome,
        safe_textarea::SafeTextarea,
    },
    i18n::{tu_string, use_i18n},
};
use domain::view::project::ProjectView;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn CardForm(project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateCard>::new();
    follow(action.value(), project);
    let outcome = use_outcome("update_card", action.value());
    let faults = use_faults("update_card", action.value());
    let card = project.with_untracked(|project| project.settings.card.clone());
    view! {
        <section class="section" id="card">
            <h2 class="section-title">{tu_string!(i18n, settings.card.title)}</h2>
            <p class="section-lead">{tu_string!(i18n, settings.card.lead)}</p>
            <ActionForm action>
                <Carried project />
                <TextField
                    name="licence"
                    label=tu_string!(i18n, settings.card.licence)
                    value=card.licence.unwrap_or_default()
                    hint=tu_string!(i18n, settings.card.licence_hint)
                    requirement=Requirement::Optional
                />
                <SafeTextarea
                    name="limits"
                    label=tu_string!(i18n, settings.card.limits)
                    hint=tu_string!(i18n, settings.card.limits_hint)
                    value=card.limits.unwrap_or_default()
                    rows=5
                    longest=5_000
                />
                <Saved outcome project />
                <Faults faults />
                <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
            </ActionForm>
        </section>
    }
}

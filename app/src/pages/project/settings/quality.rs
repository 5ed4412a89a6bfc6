//! How often known answers are asked for, and what follows from the results.

use super::{Carried, Saved, api::UpdateQuality, follow};
use crate::{
    components::{
        faults::{Faults, use_faults},
        form::use_outcome,
        inputs::{CheckField, NumberField},
    },
    i18n::{tu_string, use_i18n},
};
use domain::view::project::ProjectView;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn Quality(project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateQuality>::new();
    follow(action.value(), project);
    let outcome = use_outcome("update_quality", action.value());
    let faults = use_faults("update_quality", action.value());
    let (slug, quality) = project.with_untracked(|project| (project.slug.clone(), project.settings.quality));
    view! {
        <section class="section" id="quality">
            <h2 class="section-title">{tu_string!(i18n, settings.quality.title)}</h2>
            <p class="section-lead">
                {tu_string!(i18n, settings.quality.lead)} " "
                <a href=format!("/projects/{slug}/known-answers")>{tu_string!(i18n, settings.quality.list)}</a>
            </p>
            <ActionForm action>
                <Carried project />
                <NumberField
                    name="known_answer_rate"
                    label=tu_string!(i18n, settings.quality.rate)
                    value=quality.known_answer_rate.to_string()
                    min="0"
                    max="1"
                    step="any"
                    hint=tu_string!(i18n, settings.quality.rate_hint)
                />
                <NumberField
                    name="level"
                    label=tu_string!(i18n, settings.quality.level)
                    value=quality.level.map(|level| level.to_string()).unwrap_or_default()
                    min="0"
                    max="1"
                    step="any"
                    may_be_empty=true
                    hint=tu_string!(i18n, settings.quality.level_hint)
                />
                <CheckField
                    name="pause"
                    label=tu_string!(i18n, settings.quality.pause)
                    ticked=quality.pause
                    hint=tu_string!(i18n, settings.quality.pause_hint)
                />
                <Saved outcome project />
                <Faults faults />
                <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
            </ActionForm>
        </section>
    }
}

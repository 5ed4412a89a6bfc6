//! The review policy: what a reviewer must see.

use super::{Carried, Saved, api::UpdateReview, follow};
use crate::{
    components::{
        faults::{Faults, use_faults},
        field::SelectField,
        form::use_outcome,
        inputs::{CheckField, NumberField},
    },
    i18n::{tu_string, use_i18n},
};
use domain::{settings::Require, view::project::ProjectView};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn Review(project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateReview>::new();
    follow(action.value(), project);
    let outcome = use_outcome("update_review", action.value());
    let faults = use_faults("update_review", action.value());
    let review = project.with_untracked(|project| project.settings.review.clone());
    let selected = match review.require {
        Require::All => "all",
        Require::Conflicts => "conflicts",
    };
    let choices = vec![
        ("all".to_owned(), tu_string!(i18n, settings.review.require_all).to_owned()),
        ("conflicts".to_owned(), tu_string!(i18n, settings.review.require_conflicts).to_owned()),
    ];
    view! {
        <section class="section" id="review">
            <h2 class="section-title">{tu_string!(i18n, settings.review.title)}</h2>
            <ActionForm action>
                <Carried project />
                <SelectField
                    name="require"
                    label=tu_string!(i18n, settings.review.require)
                    options=choices
                    selected=selected
                />
                <NumberField
                    name="sample_rate"
                    label=tu_string!(i18n, settings.review.sample_rate)
                    value=review.sample_rate.to_string()
                    min="0"
                    max="1"
                    step="any"
                    hint=tu_string!(i18n, settings.review.sample_rate_hint)
                />
                <CheckField
                    name="four_eyes"
                    label=tu_string!(i18n, settings.review.four_eyes)
                    ticked=review.four_eyes
                    hint=tu_string!(i18n, settings.review.four_eyes_hint)
                />
                <Saved outcome project />
                <Faults faults />
                <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
            </ActionForm>
        </section>
    }
}

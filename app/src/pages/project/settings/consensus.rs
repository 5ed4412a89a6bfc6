//! How several answers become one label.

use super::{Carried, Saved, api::UpdateConsensus, follow};
use crate::{
    components::{
        faults::{Faults, use_faults},
        field::SelectField,
        form::use_outcome,
        inputs::CheckField,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{settings::ConsensusMethod, view::project::ProjectView};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn Consensus(project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateConsensus>::new();
    follow(action.value(), project);
    let outcome = use_outcome("update_consensus", action.value());
    let faults = use_faults("update_consensus", action.value());
    let consensus = project.with_untracked(|project| project.settings.consensus.clone());
    let methods = ConsensusMethod::ALL
        .map(|method| (method.as_str().to_owned(), method_text(i18n, method).to_owned()))
        .into();
    view! {
        <section class="section" id="consensus">
            <h2 class="section-title">{tu_string!(i18n, settings.consensus.title)}</h2>
            <p class="section-lead">{tu_string!(i18n, settings.consensus.lead)}</p>
            <ActionForm action>
                <Carried project />
                <SelectField
                    name="method"
                    label=tu_string!(i18n, settings.consensus.method)
                    options=methods
                    selected=consensus.method.as_str()
                    hint=tu_string!(i18n, settings.consensus.method_hint)
                />
                <CheckField
                    name="prediction_votes"
                    label=tu_string!(i18n, settings.consensus.prediction_votes)
                    ticked=consensus.prediction_votes
                    hint=tu_string!(i18n, settings.consensus.prediction_votes_hint)
                />
                <Saved outcome project />
                <Faults faults />
                <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
            </ActionForm>
        </section>
    }
}

/// The method in words.
fn method_text(i18n: I18n, method: ConsensusMethod) -> &'static str {
    match method {
        ConsensusMethod::Majority => tu_string!(i18n, settings.consensus.majority),
        ConsensusMethod::DawidSkene => tu_string!(i18n, settings.consensus.dawid_skene),
        ConsensusMethod::Robust => tu_string!(i18n, settings.consensus.robust),
    }
}

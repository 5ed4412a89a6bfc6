//! What annotators see beside the sample, and the time zone of days.

use super::{Carried, Saved, api::UpdateDisplay, follow};
use crate::{
    components::{
        faults::{Faults, use_faults},
        field::{SelectField, TextField},
        form::use_outcome,
        safe_textarea::SafeTextarea,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{settings::Reveal, view::project::ProjectView};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn Display(project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateDisplay>::new();
    follow(action.value(), project);
    let outcome = use_outcome("update_display", action.value());
    let faults = use_faults("update_display", action.value());
    let settings = project.with_untracked(|project| project.settings.clone());
    let selected = match settings.reveal {
        Reveal::Blind => "blind",
        Reveal::AfterAnswer => "after_answer",
        Reveal::Always => "always",
    };
    let choices = vec![
        ("blind".to_owned(), tu_string!(i18n, settings.display.reveal_blind).to_owned()),
        ("after_answer".to_owned(), tu_string!(i18n, settings.display.reveal_after_answer).to_owned()),
        ("always".to_owned(), tu_string!(i18n, settings.display.reveal_always).to_owned()),
    ];
    view! {
        <section class="section" id="display">
            <h2 class="section-title">{tu_string!(i18n, settings.display.title)}</h2>
            <ActionForm action>
                <Carried project />
                <SelectField
                    name="reveal"
                    label=tu_string!(i18n, settings.display.reveal)
                    options=choices
                    selected=selected
                    hint=tu_string!(i18n, settings.display.reveal_hint)
                />
                <SafeTextarea
                    name="show_metadata"
                    label=tu_string!(i18n, settings.display.show_metadata)
                    hint=tu_string!(i18n, settings.display.show_metadata_hint)
                    value=settings.show_metadata.join("\n")
                    rows=3
                    longest=20_000
                />
                <TextField
                    name="time_zone"
                    label=tu_string!(i18n, settings.display.time_zone)
                    value=settings.time_zone
                    hint=tu_string!(i18n, settings.display.time_zone_hint)
                />
                <Saved outcome project />
                <Faults faults />
                <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
            </ActionForm>
        </section>
    }
}

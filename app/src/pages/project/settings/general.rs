//! The project's name.

use super::{Carried, Saved, api::UpdateName, follow};
use crate::{
    components::{
        faults::{Faults, use_faults},
        field::TextField,
        form::use_outcome,
    },
    i18n::{tu_string, use_i18n},
};
use domain::view::project::ProjectView;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn General(project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<UpdateName>::new();
    follow(action.value(), project);
    let outcome = use_outcome("update_name", action.value());
    let faults = use_faults("update_name", action.value());
    let (name, slug) = project.with_untracked(|project| (project.name.clone(), project.slug.to_string()));
    view! {
        <section class="section" id="general">
            <h2 class="section-title">{tu_string!(i18n, settings.general.title)}</h2>
            <ActionForm action>
                <Carried project />
                <TextField
                    name="name"
                    label=tu_string!(i18n, settings.general.name)
                    value=name
                    hint=tu_string!(i18n, settings.general.name_hint, slug = slug).to_string()
                />
                <Saved outcome project />
                <Faults faults />
                <button class="button button-primary" disabled=action.pending()>{tu_string!(i18n, common.save)}</button>
            </ActionForm>
        </section>
    }
}

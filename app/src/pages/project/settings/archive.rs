//! Archiving: ends all work on the project, and says so before.

use super::api::ArchiveProject;
use crate::{
    components::{
        confirm::Confirm,
        form::{FormOutcome, Outcome, use_outcome},
    },
    i18n::{tu_string, use_i18n},
};
use domain::view::project::ProjectView;
use leptos::{form::ActionForm, prelude::*};

#[component]
pub(super) fn Archive(project: RwSignal<ProjectView>) -> impl IntoView {
    let i18n = use_i18n();
    let action = ServerAction::<ArchiveProject>::new();
    let outcome = use_outcome("archive_project", action.value());
    let (name, slug) = project.with_untracked(|project| (project.name.clone(), project.slug.to_string()));
    let home = format!("/projects/{slug}");
    Effect::new(move || {
        if outcome.get() == Some(FormOutcome::Done) {
            // A real load: the bar must show it too.
            let _ = window().location().assign(&home);
        }
    });
    view! {
        <section class="section" id="archive">
            <h2 class="section-title">{tu_string!(i18n, settings.archive.title)}</h2>
            <p class="section-lead">{tu_string!(i18n, settings.archive.lead)}</p>
            <Confirm summary=tu_string!(i18n, settings.archive.open)>
                <p>{tu_string!(i18n, settings.archive.consequence, name = name).to_string()}</p>
                <ActionForm action>
                    <input type="hidden" name="slug" value=slug />
                    <Outcome outcome done=tu_string!(i18n, common.archived) />
                    <button class="button button-danger" disabled=action.pending()>
                        {tu_string!(i18n, settings.archive.confirm)}
                    </button>
                </ActionForm>
            </Confirm>
        </section>
    }
}

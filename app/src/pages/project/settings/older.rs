//! The way to the labels that were decided under an older revision, for those who want them decided again.

use crate::i18n::{tu_string, use_i18n};
use domain::view::project::ProjectView;
use leptos::prelude::*;

/// What was revised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Revised {
    Schema,
    Guideline,
}

/// A link to the list of those samples, where they can be challenged; nothing before there is a second revision.
#[component]
pub(super) fn Older(project: RwSignal<ProjectView>, revision: Revised) -> impl IntoView {
    let i18n = use_i18n();
    let (key, text) = match revision {
        Revised::Schema => ("schema_below", tu_string!(i18n, settings.schema.older)),
        Revised::Guideline => ("guideline_below", tu_string!(i18n, settings.guideline.older)),
    };
    let current = move || {
        project.with(|project| match revision {
            Revised::Schema => project.schema_revision,
            Revised::Guideline => project.guideline_revision,
        })
    };
    let slug = project.with_untracked(|project| project.slug.to_string());
    move || {
        let current = current();
        (current > 1).then(|| {
            let href = format!("/projects/{slug}/samples?{key}={current}");
            view! { <p class="settings-older"><a href=href>{text}</a></p> }
        })
    }
}

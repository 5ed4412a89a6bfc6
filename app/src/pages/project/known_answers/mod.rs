//! Known answers: which samples have them, how often each person is right, and whose answers fell below the level.
//!
//! People stand by name, never by how well they do.

pub mod api;
mod notices;
mod people;
mod samples;

use crate::{
    components::{
        form::{Outcome, use_outcome},
        loaded::Loaded,
        number::percent,
        project_layout::use_slug,
        reload::use_done,
        title::Title,
    },
    i18n::{tu_string, use_i18n},
};
use api::{CloseNotice, Known, RetireKnownAnswer, load_known_answers};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use notices::{Earlier, Notices};
use people::{People, Stand};
use samples::Samples;

pub(super) use samples::state_text;

/// The page of a project's known answers.
#[component]
pub fn KnownAnswersPage() -> impl IntoView {
    let slug = use_slug();
    let query = use_query_map();
    let (close, retire) = (ServerAction::<CloseNotice>::new(), ServerAction::<RetireKnownAnswer>::new());
    let changes = (use_done(close.value()), use_done(retire.value()));
    let known = Resource::new(
        move || {
            let [cursor, earlier] = query.with(|query| ["cursor", "earlier"].map(|key| query.get(key)));
            (slug.get(), cursor, earlier, changes.0.get(), changes.1.get())
        },
        |(slug, cursor, earlier, ..)| load_known_answers(slug, cursor, earlier),
    );
    view! {
        <Loaded data=known view=move |known| view! { <Shown known close retire /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(
    known: Known,
    close: ServerAction<CloseNotice>,
    retire: ServerAction<RetireKnownAnswer>,
) -> impl IntoView {
    let i18n = use_i18n();
    let Known { slug, project, archived, schema, rate, level, page, results, notices, earlier } = known;
    // Where there was a notice, there were answers.
    let stand = Stand { level, begun_anew: !earlier.items.is_empty() };
    let title = tu_string!(i18n, known.title);
    let was_closed = use_outcome("close_notice", close.value());
    let was_retired = use_outcome("retire_known_answer", retire.value());
    let served = if rate > 0.0 {
        tu_string!(i18n, known.rate, share = percent(rate)).to_string()
    } else {
        tu_string!(i18n, known.off).to_owned()
    };
    view! {
        <Title page=title project />
        <h1 class="page-title">{title}</h1>
        <p class="page-lead">{tu_string!(i18n, known.lead)}</p>
        <p class="known-rate">
            {served} " "
            {(!archived)
                .then(|| {
                    view! {
                        <a href=format!("/projects/{slug}/settings#quality")>{tu_string!(i18n, known.settings)}</a>
                    }
                })}
        </p>
        <Outcome outcome=was_closed done=tu_string!(i18n, known.closed) />
        <Outcome outcome=was_retired done=tu_string!(i18n, known.retired) />
        <div class="sections">
            <Notices slug=slug.clone() archived notices close />
            <People schema=schema.clone() results stand />
            <Samples slug archived schema page retire />
            <Earlier earlier />
        </div>
    }
    .into_any()
}

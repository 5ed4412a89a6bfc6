//! The annotation screen: one sample, one question, one key.
//!
//! The server renders all of it, and every button is part of a form, so it works without JavaScript; in the
//! browser the same buttons answer in the background. Nothing of prediction, stored label or reason is here unless
//! the project reveals it: the use cases leave it out.

pub mod api;
mod bar;
mod delivery;
mod desk;
mod keyboard;
mod keys;
mod last;
mod notices;
mod question;
mod sample;
mod state;
#[cfg(test)]
mod state_tests;
mod storage;
mod task;
mod undo;
mod words;

use crate::{
    components::{
        keys_help::KeysHelp,
        layout::SkipLink,
        loaded::{shown, skeleton},
        markdown::CleanHtml,
        project_layout::use_slug,
        title::Title,
    },
    error::Reply,
    i18n::{I18n, tu_string, use_i18n},
};
use api::{Screen, load_annotate};
use bar::Bar;
use desk::Desk;
use domain::answer::Verdict;
use last::LastAnswer;
use leptos::{html, prelude::*};
use leptos_router::hooks::use_query_map;
use notices::Notices;
use task::CurrentTask;

/// The annotation screen.
#[component]
pub fn AnnotatePage() -> impl IntoView {
    let slug = use_slug();
    let screen = Resource::new(move || slug.get(), load_annotate);
    view! {
        <SkipLink />
        <Transition fallback=|| {
            view! { <main class="main" id="main">{skeleton()}</main> }
        }>
            {move || Suspend::new(async move {
                match screen.await {
                    Ok(Reply::Done(screen)) => view! { <Opened screen /> }.into_any(),
                    other => {
                        view! { <main class="main" id="main">{shown(other, |_| ().into_any())}</main> }.into_any()
                    }
                }
            })}
        </Transition>
    }
    .into_any()
}

#[component]
fn Opened(screen: Screen) -> impl IntoView {
    let i18n = use_i18n();
    let first = use_query_map().get_untracked().get_str("task").and_then(|task| task.parse().ok());
    let (project, guideline) = (screen.project.clone(), screen.guideline.clone());
    let desk = Desk::new(i18n, screen, first);
    let help = NodeRef::<html::Div>::new();
    let panel = NodeRef::<html::Aside>::new();
    Effect::new(move || desk.begin());
    keyboard::listen(desk, help, panel);
    view! {
        <Title page=tu_string!(i18n, common.nav.annotate) project=project />
        <Bar desk />
        <div class="annotate">
            <main class="annotate-column" id="main">
                <h1 class="visually-hidden">{tu_string!(i18n, common.nav.annotate)}</h1>
                <Notices desk />
                <CurrentTask desk />
                <LastAnswer desk />
            </main>
            {guideline
                .map(|html| {
                    view! {
                        <aside
                            class="annotate-guideline"
                            id="guideline"
                            popover="auto"
                            tabindex="0"
                            aria-label=tu_string!(i18n, common.nav.guideline)
                            node_ref=panel
                        >
                            <CleanHtml html />
                            <button
                                class="button annotate-guideline-close"
                                type="button"
                                popovertarget="guideline"
                                popovertargetaction="hide"
                            >
                                {tu_string!(i18n, common.close)}
                            </button>
                        </aside>
                    }
                })}
        </div>
        <KeysHelp title=tu_string!(i18n, annotate.keys.title) keys=keys(i18n, desk) node_ref=help />
    }
}

/// The keys and what they do, for the list behind `?`.
fn keys(i18n: I18n, desk: Desk) -> Vec<(&'static str, String)> {
    let several = desk.with_schema(|schema| schema.questions.len() > 1);
    let mut keys = vec![("1 2 3 …", tu_string!(i18n, annotate.keys.option).to_owned())];
    if several {
        keys.push(("Enter", tu_string!(i18n, annotate.keys.confirm).to_owned()));
    }
    for verdict in [Verdict::Ambiguous, Verdict::NoneFits, Verdict::BadSample] {
        keys.push((keys::of_verdict(verdict), task::verdict_hint(i18n, verdict).to_owned()));
    }
    keys.extend([
        ("N", tu_string!(i18n, annotate.keys.note).to_owned()),
        ("S", tu_string!(i18n, annotate.keys.skip).to_owned()),
        ("U", tu_string!(i18n, annotate.keys.undo).to_owned()),
        ("G", tu_string!(i18n, annotate.keys.guideline).to_owned()),
        ("?", tu_string!(i18n, annotate.keys.help).to_owned()),
    ]);
    keys
}

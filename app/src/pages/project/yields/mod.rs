//! What each reason for queueing yields, beside samples drawn at random: whether the selection is worth its work.

mod api;
mod chart;
mod sentence;
mod table;

use crate::{
    components::{loaded::Loaded, project_layout::use_slug, states::Empty, title::Title},
    i18n::{tu_string, use_i18n},
};
use api::{Yield, load_yield};
use chart::Chart;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use table::Table;

/// The page; the time stands in the address.
#[component]
pub fn YieldPage() -> impl IntoView {
    let slug = use_slug();
    let query = use_query_map();
    let time = move || query.with(|query| ["from", "to"].map(|key| query.get(key)));
    let found = Resource::new(move || (slug.get(), time()), |(slug, [from, to])| load_yield(slug, from, to));
    view! { <Loaded data=found view=|found| view! { <Shown found /> }.into_any() /> }.into_any()
}

#[component]
fn Shown(found: Yield) -> impl IntoView {
    let i18n = use_i18n();
    let title = tu_string!(i18n, common.nav.yields);
    let Yield { slug, project, can_manage, view } = found;
    let body = if view.reasons.is_empty() {
        view! {
            <Empty title=tu_string!(i18n, yields.empty)>
                <p>{tu_string!(i18n, yields.empty_text)}</p>
            </Empty>
        }
        .into_any()
    } else {
        let sentences = sentence::all(i18n, &view);
        view! {
            <ul class="yield-sentences">
                {sentences.into_iter().map(|text| view! { <li>{text}</li> }).collect_view()}
            </ul>
            <div class="sections">
                <Chart view=view.clone() />
                <Table view />
            </div>
        }
        .into_any()
    };
    let settings = can_manage.then(|| {
        view! {
            <p class="yield-settings">
                <a class="button" href=format!("/projects/{slug}/settings#queue")>
                    {tu_string!(i18n, yields.settings)}
                </a>
                <span class="yield-settings-text">{tu_string!(i18n, yields.settings_text)}</span>
            </p>
        }
    });
    view! {
        <Title page=title project />
        <h1 class="page-title">{title}</h1>
        <p class="page-lead">{tu_string!(i18n, yields.lead)}</p>
        <Times />
        {body}
        {settings}
    }
    .into_any()
}

/// The time, as a form that makes an address.
#[component]
fn Times() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map().get_untracked();
    let value = move |key: &str| query.get(key).unwrap_or_default();
    view! {
        <form class="criteria" method="get">
            <label class="field">
                <span class="field-label">{tu_string!(i18n, yields.from)}</span>
                <input class="input" type="date" name="from" value=value("from") />
            </label>
            <label class="field">
                <span class="field-label">{tu_string!(i18n, yields.to)}</span>
                <input class="input" type="date" name="to" value=value("to") />
            </label>
            <button class="button">{tu_string!(i18n, yields.show)}</button>
        </form>
    }
}

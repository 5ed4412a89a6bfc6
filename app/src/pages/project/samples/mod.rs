//! The list of samples: search, filter by stored label, and queue them again.

pub mod api;
mod filter;
mod history;
mod select_all;

use crate::{
    address::pairs,
    components::{
        answer::AnswerText,
        badge::TaskStateBadge,
        form::{FormOutcome, Outcome, use_outcome},
        loaded::Loaded,
        number::count,
        pagination::Pagination,
        project_layout::use_slug,
        safe_textarea::SafeTextarea,
        sample_fields::excerpt,
        sample_link::SampleLink,
        states::Empty,
        title::Title,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
};
use api::{Samples, load_samples};
use domain::{schema::Schema, view::sample::SampleSummary};
use filter::Wanted;
use history::History;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use select_all::SelectAll;

/// The page with the list.
#[component]
pub fn SamplesPage() -> impl IntoView {
    let slug = use_slug();
    let search = use_location().search;
    let samples =
        Resource::new(move || (slug.get(), search.get()), |(slug, query)| load_samples(slug, query));
    view! { <Loaded data=samples view=|samples| view! { <SampleList samples /> }.into_any() /> }.into_any()
}

#[component]
fn SampleList(samples: Samples) -> impl IntoView {
    let i18n = use_i18n();
    let Samples { slug, project, schema, wanted, page } = samples;
    let content = match (page.items.is_empty(), wanted.is_narrow()) {
        (true, true) => view! { <Empty title=tu_string!(i18n, samples.none_found) /> }.into_any(),
        (true, false) => view! {
            <Empty title=tu_string!(i18n, samples.empty)>
                <p>{tu_string!(i18n, samples.empty_text)}</p>
            </Empty>
        }
        .into_any(),
        (false, _) => {
            let rows: Vec<_> =
                page.items.iter().map(|sample| row(&slug, &schema, sample).into_any()).collect();
            view! {
                <form class="samples" method="post" action="/api/challenge">
                    <div class="table-box" tabindex="0">
                        <table class="table samples-table">
                            <thead>
                                <tr>
                                    <th><SelectAll /></th>
                                    <th>{tu_string!(i18n, samples.id)}</th>
                                    <th>{tu_string!(i18n, samples.content)}</th>
                                    <th>{tu_string!(i18n, samples.label)}</th>
                                    <th>{tu_string!(i18n, samples.state)}</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    <Pagination next=page.next_cursor />
                    <ChallengeForm slug=slug.clone() wanted=wanted.clone() />
                </form>
            }
            .into_any()
        }
    };
    view! {
        <Title page=tu_string!(i18n, samples.title) project />
        <h1 class="page-title">{tu_string!(i18n, samples.title)}</h1>
        <Filters slug schema wanted />
        <Challenged />
        {content}
    }
    .into_any()
}

#[component]
fn Filters(slug: String, schema: Schema, wanted: Wanted) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = wanted.label.clone().unwrap_or_default();
    let groups: Vec<_> = schema
        .questions
        .iter()
        .enumerate()
        .map(|(place, question)| {
            let options: Vec<_> = question
                .options
                .iter()
                .map(|option| {
                    let value = format!("{place}:{}", option.value);
                    let is_selected = value == chosen;
                    view! { <option value=value selected=is_selected>{option.title().to_owned()}</option> }
                })
                .collect();
            view! { <optgroup label=question.title().to_owned()>{options}</optgroup> }
        })
        .collect();
    let action = format!("/projects/{slug}/samples");
    let clear = wanted.is_narrow().then(
        || view! { <a class="button button-quiet" href=action.clone()>{tu_string!(i18n, samples.clear)}</a> },
    );
    view! {
        <form class="filters-form samples-filters" method="get" action=action.clone() role="search">
            <label class="filter filter-wide">
                <span class="field-label">{tu_string!(i18n, samples.search)}</span>
                <input class="input" type="search" name="q" value=wanted.q.clone().unwrap_or_default() />
            </label>
            <label class="filter">
                <span class="field-label">{tu_string!(i18n, samples.stored_label)}</span>
                <select class="input" name="label">
                    <option value="">{tu_string!(i18n, samples.any)}</option>
                    {groups}
                </select>
            </label>
            <History wanted=wanted.clone() />
            <div class="filters-send">
                <button class="button">{tu_string!(i18n, samples.show)}</button>
                {clear}
            </div>
        </form>
    }
}

fn row(slug: &str, schema: &Schema, sample: &SampleSummary) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let id = sample.id.to_string();
    let select = tu_string!(i18n, samples.select_one, id = id.clone()).to_string();
    let text = match &sample.fields {
        Some(fields) => view! { <span dir="auto">{excerpt(schema, fields)}</span> }.into_any(),
        None => view! { <span class="content-erased">{tu_string!(i18n, evidence.erased)}</span> }.into_any(),
    };
    view! {
        <tr>
            <td><input type="checkbox" name="ids[]" value=id.clone() aria-label=select /></td>
            <td><SampleLink slug id=id.clone() /></td>
            <td class="samples-text">{text}</td>
            <td><AnswerText schema answers=sample.label.as_ref() /></td>
            <td>{sample.task_state.map(|state| view! { <TaskStateBadge state /> })}</td>
        </tr>
    }
}

/// What queues samples again: the ticked ones, or all that the filter finds.
#[component]
fn ChallengeForm(slug: String, wanted: Wanted) -> impl IntoView {
    let i18n = use_i18n();
    let query = wanted.path("").split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default();
    let all = wanted.is_narrow().then(|| {
        view! {
            <button class="button" name="scope" value="filter">{tu_string!(i18n, samples.challenge_filter)}</button>
        }
    });
    view! {
        <details class="challenge">
            <summary class="button">{tu_string!(i18n, samples.challenge)}</summary>
            <div class="challenge-body">
            <p>{tu_string!(i18n, samples.challenge_text)}</p>
            <input type="hidden" name="slug" value=slug />
            <input type="hidden" name="query" value=query />
            <SafeTextarea name="note" label=tu_string!(i18n, samples.challenge_note) rows=2 />
            <p class="samples-challenge">
                <button class="button button-primary" name="scope" value="selected">
                    {tu_string!(i18n, samples.challenge_selected)}
                </button>
                {all}
            </p>
            </div>
        </details>
    }
}

/// What became of a challenge, as the address tells it.
#[component]
pub fn Challenged() -> impl IntoView {
    let i18n = use_i18n();
    let search = use_location().search;
    let outcome = use_outcome("challenge", Signal::derive(|| None::<Answer<()>>));
    let refused = Signal::derive(move || outcome.get().filter(|outcome| *outcome != FormOutcome::Done));
    let done = move || {
        (outcome.get() == Some(FormOutcome::Done)).then(|| {
            let pairs = search.with(|query| pairs(query));
            let of = |key: &str| {
                let found = pairs.iter().find(|(name, _)| name == key);
                count(found.and_then(|(_, value)| value.parse().ok()).unwrap_or_default())
            };
            let text = tu_string!(
                i18n,
                samples.challenged,
                matched = of("matched"),
                opened = of("opened"),
                already = of("already")
            );
            view! { <p class="notice notice-good" role="status">{text.to_string()}</p> }
        })
    };
    view! {
        {done}
        <Outcome outcome=refused done="" />
    }
}

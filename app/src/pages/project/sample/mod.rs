//! One sample with its whole history: content, predictions, label, tasks with their answers and decisions.

pub mod api;
pub mod history;
mod known;
pub mod tasks;

use super::samples::Challenged;
use crate::{
    address::last_segment,
    components::{
        answer::AnswerText,
        confirm::Confirm,
        form::{Outcome, use_outcome},
        loaded::Loaded,
        probabilities::Predictions,
        project_layout::use_slug,
        safe_textarea::SafeTextarea,
        sample_fields::{SampleFields, SampleMetadata},
        time::Time,
        title::Title,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
};
use api::{Sample, load_sample};
use domain::{schema::Schema, view::sample::SampleDetail};
use history::History;
use known::{KnownPart, MarkForm, MarkOutcomes};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use tasks::Tasks;

/// The page of a sample.
#[component]
pub fn SamplePage() -> impl IntoView {
    let slug = use_slug();
    let path = use_location().pathname;
    // While the page is left, the path is another's already.
    let id = Memo::new(move |before: Option<&String>| {
        let id = path.with(|path| path.contains("/samples/").then(|| last_segment(path)));
        id.or_else(|| before.cloned()).unwrap_or_default()
    });
    let sample = Resource::new(move || (slug.get(), id.get()), |(slug, id)| load_sample(slug, id));
    view! { <Loaded data=sample view=|sample| view! { <Shown sample /> }.into_any() /> }.into_any()
}

#[component]
fn Shown(sample: Sample) -> impl IntoView {
    let i18n = use_i18n();
    let Sample { slug, project, schema, detail, can_erase, can_mark, known } = sample;
    let id = detail.id.to_string();
    let erased = detail.erased_at.map(|at| {
        view! {
            <p class="notice notice-warning">
                {tu_string!(i18n, sample.erased_at)} " " <Time at />
            </p>
        }
    });
    let outcome = use_outcome("erase_sample", Signal::derive(|| None::<Answer<()>>));
    let erase = (can_erase && detail.erased_at.is_none())
        .then(|| view! { <EraseForm slug=slug.clone() id=id.clone() /> });
    let mark = (can_mark && detail.erased_at.is_none()).then(|| {
        let suggested = known.as_ref().map(|known| &known.answers).or(detail.label.as_ref());
        let is_marked = known.is_some();
        view! { <MarkForm slug=slug.clone() id=id.clone() schema=&schema suggested is_marked /> }
    });
    view! {
        <Title page=id.clone() project />
        <p class="crumbs">
            <a href=format!("/projects/{slug}/samples")>{tu_string!(i18n, samples.title)}</a>
        </p>
        <div class="page-head">
            <h1 class="page-title sample-id">{id.clone()}</h1>
            <span class="sample-received">{tu_string!(i18n, sample.received)} " " <Time at=detail.created_at /></span>
        </div>
        <Challenged />
        <Outcome outcome done=tu_string!(i18n, sample.erased_done) />
        <MarkOutcomes />
        {erased}
        <div class="sample-page">
            <div class="sample-main">
                <section class="sample-part">
                    <h2 class="visually-hidden">{tu_string!(i18n, sample.content)}</h2>
                    <SampleFields schema=&schema fields=detail.fields.clone() />
                    <SampleMetadata metadata=detail.metadata.clone() />
                    <Revisions schema=&schema detail=&detail />
                </section>
                <Tasks slug=slug.clone() schema=&schema tasks=&detail.tasks />
            </div>
            <div class="sample-side">
                <section class="sample-part">
                    <h2 class="section-title">{tu_string!(i18n, sample.label)}</h2>
                    <p class="sample-label"><AnswerText schema=&schema answers=detail.label.as_ref() /></p>
                </section>
                <section class="sample-part">
                    <h2 class="section-title">{tu_string!(i18n, sample.predictions)}</h2>
                    <Predictions schema=&schema predictions=&detail.predictions stored=detail.label.as_ref() />
                </section>
                <History slug=slug.clone() schema=&schema history=&detail.history />
                <KnownPart slug=slug.clone() schema=&schema known=known.as_ref() />
                <section class="sample-part sample-actions">
                    <h2 class="visually-hidden">{tu_string!(i18n, sample.actions)}</h2>
                    <ChallengeForm slug=slug.clone() id=id.clone() />
                    {mark}
                    {erase}
                </section>
            </div>
        </div>
    }
    .into_any()
}

/// Earlier contents; nothing where there was only one.
#[component]
fn Revisions<'a>(schema: &'a Schema, detail: &'a SampleDetail) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let earlier: Vec<_> = detail
        .revisions
        .iter()
        .skip(1)
        .map(|revision| {
            let title = tu_string!(i18n, sample.revision, n = revision.revision).to_string();
            view! {
                <li class="revision">
                    <p class="revision-head">{title} <Time at=revision.created_at /></p>
                    <SampleFields schema fields=revision.fields.clone() />
                </li>
            }
        })
        .collect();
    (!earlier.is_empty()).then(|| {
        let title = tu_string!(i18n, sample.revisions, n = earlier.len()).to_string();
        view! {
            <details class="revisions">
                <summary>{title}</summary>
                <ol class="revisions-list">{earlier}</ol>
            </details>
        }
    })
}

#[component]
fn ChallengeForm(slug: String, id: String) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <details class="challenge">
            <summary class="button">{tu_string!(i18n, sample.challenge)}</summary>
            <form class="challenge-body" method="post" action="/api/challenge">
                <p>{tu_string!(i18n, sample.challenge_text)}</p>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="scope" value="sample" />
                <input type="hidden" name="ids[]" value=id />
                <SafeTextarea name="note" label=tu_string!(i18n, samples.challenge_note) rows=2 />
                <button class="button button-primary">{tu_string!(i18n, sample.challenge_send)}</button>
            </form>
        </details>
    }
}

#[component]
fn EraseForm(slug: String, id: String) -> impl IntoView {
    let i18n = use_i18n();
    let text = tu_string!(i18n, sample.erase_text, id = id.clone()).to_string();
    view! {
        <Confirm summary=tu_string!(i18n, sample.erase)>
            <form class="sample-form" method="post" action="/api/erase_sample">
                <p>{text}</p>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="id" value=id />
                <button class="button button-danger">{tu_string!(i18n, sample.erase_send)}</button>
            </form>
        </Confirm>
    }
}

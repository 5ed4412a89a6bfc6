//! One's own last answers in a project, and what became of them.

use super::annotate::api::UndoAnnotation;
use crate::{
    components::{
        answer::AnswerText,
        badge::{Badge, Tone, verdict_text},
        loaded::Loaded,
        number::count,
        pagination::Pagination,
        project_layout::use_slug,
        states::Empty,
        time::Time,
        title::Title,
    },
    error::{Answer, Reply},
    i18n::{tu_string, use_i18n},
};
use domain::{
    answer::Verdict,
    schema::Schema,
    view::{
        Page,
        annotate::{Outcome, OwnAnnotation},
        notice::{OwnNotice, OwnStanding},
    },
};
use leptos::{form::ActionForm, prelude::*, server_fn::codec::GetUrl};
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// One's own answers as the page shows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnAnswers {
    /// The project's name.
    pub project: String,
    /// What was shown and asked.
    pub schema: Schema,
    /// One page of answers, the newest first.
    pub page: Page<OwnAnnotation>,
    /// Whether one is paused, and the notices to one.
    pub standing: OwnStanding,
}

/// One page of one's own answers.
#[server(endpoint = "load_own_answers", input = GetUrl)]
pub async fn load_own_answers(slug: String, cursor: Option<String>) -> Answer<OwnAnswers> {
    use crate::{error::load, parse, session};
    let own = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let project = services.projects().get(&actor, &slug).await?;
        let page = services.annotations().own(&actor, &slug, parse::page(cursor)).await?;
        let standing = services.notices().own(&actor, &slug).await?;
        Ok(OwnAnswers { project: project.name, schema: project.schema, page, standing })
    };
    load(own.await)
}

/// The page with one's own answers.
#[component]
pub fn OwnAnswersPage() -> impl IntoView {
    let i18n = use_i18n();
    let slug = use_slug();
    let query = use_query_map();
    let own = Resource::new(
        move || (slug.get(), query.with(|query| query.get("cursor"))),
        |(slug, cursor)| load_own_answers(slug, cursor),
    );
    let undo = ServerAction::<UndoAnnotation>::new();
    // The task is held again, so the annotation screen is the place to be.
    Effect::new(move || {
        if let Some(Ok(Reply::Done(item))) = undo.value().get() {
            let path = format!("/projects/{}/annotate?task={}", slug.get_untracked(), item.task);
            leptos_router::hooks::use_navigate()(&path, Default::default());
        }
    });
    view! {
        <div class="page-head">
            <h1 class="page-title">{tu_string!(i18n, common.nav.answers)}</h1>
            <a href=move || format!("/projects/{}/my-work", slug.get())>
                {tu_string!(i18n, annotators.own.title)}
            </a>
        </div>
        <Loaded data=own view=move |own| view! { <Shown own undo slug=slug.get_untracked() /> }.into_any() />
    }
    .into_any()
}

#[component]
fn Shown(own: OwnAnswers, undo: ServerAction<UndoAnnotation>, slug: String) -> impl IntoView {
    let i18n = use_i18n();
    let OwnAnswers { project, schema, page, standing } = own;
    let title = view! {
        <Title page=tu_string!(i18n, common.nav.answers) project />
        <Standing slug=slug.clone() standing />
    };
    if page.items.is_empty() {
        return view! {
            {title}
            <Empty title=tu_string!(i18n, answers.empty)>
                <p>
                    <a class="button" href=format!("/projects/{slug}/annotate")>
                        {tu_string!(i18n, common.nav.annotate)}
                    </a>
                </p>
            </Empty>
        }
        .into_any();
    }
    let rows = page.items.into_iter().map(|own| view! { <Row own schema=&schema undo slug=slug.clone() /> });
    view! {
        {title}
        <ol class="answers">{rows.collect_view()}</ol>
        <Pagination next=page.next_cursor />
    }
    .into_any()
}

/// Whether one is paused, and what one should have another look at; nothing most of the time.
#[component]
fn Standing(slug: String, standing: OwnStanding) -> impl IntoView {
    let i18n = use_i18n();
    let paused = standing
        .paused_at
        .map(|_| view! { <p class="notice notice-warning">{tu_string!(i18n, answers.paused)}</p> });
    let open = standing.notices.into_iter().find(|notice| notice.closed_at.is_none());
    let notice = open.map(|OwnNotice { right, of, created_at, .. }| {
        view! {
            <div class="notice notice-warning">
                <p>{tu_string!(i18n, annotate.notice)}</p>
                <p>
                    {tu_string!(i18n, answers.notice, right = count(right), of = count(of)).to_string()} " "
                    <Time at=created_at /> " "
                    <a href=format!("/projects/{slug}/guideline")>{tu_string!(i18n, common.nav.guideline)}</a>
                </p>
            </div>
        }
    });
    (paused.is_some() || notice.is_some())
        .then(|| view! { <div class="answers-standing">{paused} {notice}</div> })
}

#[component]
fn Row<'a>(
    own: OwnAnnotation,
    schema: &'a Schema,
    undo: ServerAction<UndoAnnotation>,
    slug: String,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let text = own.sample.fields.as_ref().and_then(|fields| {
        let first = schema.fields.first()?;
        fields.get(&first.name)?.as_str().map(str::to_owned)
    });
    let text = text.unwrap_or_else(|| tu_string!(i18n, annotate.erased).to_owned());
    let answer = match own.verdict {
        Verdict::Answered => view! { <AnswerText schema answers=Some(&own.answers) /> }.into_any(),
        verdict => view! { <Badge text=verdict_text(i18n, verdict) /> }.into_any(),
    };
    let outcome = match (own.withdrawn_at, own.outcome) {
        (Some(_), _) => Some((tu_string!(i18n, answers.withdrawn), Tone::Plain)),
        (None, Some(Outcome::Accepted)) => Some((tu_string!(i18n, answers.accepted), Tone::Good)),
        (None, Some(Outcome::Changed)) => Some((tu_string!(i18n, answers.changed), Tone::Warning)),
        (None, Some(Outcome::Dismissed)) => Some((tu_string!(i18n, answers.dismissed), Tone::Plain)),
        (None, None) => None,
    };
    let undo_form = own.can_undo.then(|| {
        view! {
            <ActionForm action=undo>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="annotation" value=own.annotation.to_string() />
                <button class="button button-quiet answers-undo">{tu_string!(i18n, annotate.undo)}</button>
            </ActionForm>
        }
    });
    view! {
        <li class="answers-item">
            <p class="answers-text" dir="auto">{text}</p>
            <div class="answers-facts">
                {answer} {outcome.map(|(text, tone)| view! { <Badge text tone /> })} <Time at=own.created_at />
                {undo_form}
            </div>
            {own.note.map(|note| view! { <p class="answers-note" dir="auto">{note}</p> })}
            {own
                .reviewer_note
                .map(|note| {
                    view! {
                        <p class="answers-note answers-reviewer" dir="auto">
                            <strong>{tu_string!(i18n, answers.reviewer)}</strong>
                            " "
                            {note}
                        </p>
                    }
                })}
        </li>
    }
}

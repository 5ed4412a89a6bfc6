//! The list of the review page: one row a task, and the form that approves all of them.

use super::{
    desk::Desk,
    order::{self, Reviewer},
};
use crate::{
    components::{
        answer::{line_of, title_of},
        badge::{Badge, OutcomeBadge, TaskStateBadge, Tone, reason_text, verdict_text},
        sample_fields::excerpt,
        time::Time,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{answer::Verdict, schema::Schema, task::TaskState, view::review::ReviewItem};
use leptos::prelude::*;

/// The rows.
#[component]
pub fn List(desk: Desk, schema: StoredValue<Schema>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <nav class="review-list" aria-label=tu_string!(i18n, review.tasks)>
            <ol class="review-rows">
                <For
                    each=move || desk.items.get()
                    key=|item| (item.task, item.rev)
                    children=move |item| view! { <Row desk schema item /> }
                />
            </ol>
        </nav>
    }
}

#[component]
fn Row(desk: Desk, schema: StoredValue<Schema>, item: ReviewItem) -> impl IntoView {
    let i18n = use_i18n();
    let (task, state) = (item.task, item.state);
    let listed = desk.state();
    let is_current = move || {
        let current = desk.current.with(|current| current.as_ref().map(|item| item.task));
        (current == Some(task)).then_some("true")
    };
    let (labels, text) = schema.with_value(|schema| {
        (labels_of(i18n, schema, &item), item.sample.fields.as_ref().map(|fields| excerpt(schema, fields)))
    });
    let mark = if item.consensus.conflict && !item.annotations.is_empty() {
        view! { <span class="review-conflict">{tu_string!(i18n, review.conflict)}</span> }.into_any()
    } else {
        ().into_any()
    };
    let decided =
        (state != listed || state != TaskState::InReview).then(|| view! { <TaskStateBadge state /> });
    let approvals = item.approvals.as_ref().filter(|approvals| !approvals.by.is_empty()).map(|approvals| {
        let (given, needed) = (approvals.by.len(), approvals.needed);
        let text = tu_string!(i18n, review.approvals_short, given = given, needed = needed).to_string();
        view! { <Badge text tone=Tone::Plain /> }
    });
    let last = item.decisions.last().and_then(|decision| decision.outcome);
    let outcome = last.map(|outcome| view! { <OutcomeBadge outcome /> });
    view! {
        <li class="review-row" class:review-row-done=state != listed>
            <a class="review-link" href=move || desk.path(Some(task)) aria-current=is_current data-noscroll="">
                <span class="review-row-head">
                    {mark}
                    <span class="review-labels">{labels}</span>
                </span>
                <span class="review-row-text" dir="auto">{text}</span>
                <span class="review-row-facts">
                    {decided}
                    {approvals}
                    {outcome}
                    <span>{reason_text(i18n, item.reason.kind)}</span>
                    <Time at=item.created_at />
                </span>
            </a>
        </li>
    }
}

/// The label that was decided, or the answers that were given, each once, as "a / b".
fn labels_of(i18n: I18n, schema: &Schema, item: &ReviewItem) -> String {
    if item.state == TaskState::Approved {
        let decided = item.decisions.last().and_then(|decision| decision.answers.as_ref());
        return decided.map_or_else(
            || tu_string!(i18n, evidence.decided.remove).to_owned(),
            |answers| line_of(schema, answers),
        );
    }
    let mut labels: Vec<String> = Vec::new();
    for annotation in &item.annotations {
        let given: Vec<String> = match annotation.verdict {
            Verdict::Answered => annotation
                .answers
                .0
                .iter()
                .map(|(question, value)| title_of(schema, question, value))
                .collect(),
            verdict => vec![verdict_text(i18n, verdict).to_owned()],
        };
        let given = given.join(" · ");
        if !labels.contains(&given) {
            labels.push(given);
        }
    }
    if labels.is_empty() { tu_string!(i18n, evidence.no_answers).to_owned() } else { labels.join(" / ") }
}

/// Approves every task of this page that has a consensus, as it was read. A plain form: the page is new afterwards.
#[component]
pub fn ApproveAll(desk: Desk, reviewer: Reviewer) -> impl IntoView {
    let i18n = use_i18n();
    let approvable = Memo::new(move |_| desk.items.with(|items| order::approvable(items, &reviewer)));
    let tasks = move || {
        let pairs = approvable.get().into_iter().map(|one| format!("{}:{}", one.task, one.rev));
        pairs.collect::<Vec<_>>().join(" ")
    };
    let seen = move || {
        let seen: Vec<_> = approvable.get().into_iter().map(|one| one.seen).collect();
        serde_json::to_string(&seen).unwrap_or_default()
    };
    let text = move || {
        let count = approvable.with(Vec::len);
        tu_string!(i18n, review.approve_all, n = count).to_string()
    };
    let (slug, query) = (desk.slug.get_value(), desk.address.with_value(|address| address.query()));
    let is_review = desk.state() == TaskState::InReview;
    view! {
        <Show when=move || is_review && approvable.with(|tasks| !tasks.is_empty())>
            <form class="approve-all" method="post" action="/api/decide_all">
                <input type="hidden" name="slug" value=slug.clone() />
                <input type="hidden" name="query" value=query.clone() />
                <input type="hidden" name="tasks" value=tasks />
                <input type="hidden" name="seen" value=seen />
                <button class="button button-wide">{text}</button>
                <p class="field-hint">{tu_string!(i18n, review.approve_all_hint)}</p>
            </form>
        </Show>
    }
}

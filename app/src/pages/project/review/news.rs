//! What just happened on the review page: a decision, with the way to take it back, or what changed in a task that
//! somebody else decided first. Read out when it changes.

use super::{
    address::number,
    bar::ids,
    desk::{Desk, News},
    order::Change,
};
use crate::{
    components::{
        annotation_lines::decision_text,
        answer::line_of,
        badge::verdict_text,
        form::{FormOutcome, Outcome, use_outcome},
    },
    error::Answer,
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{schema::Schema, task::TaskState, view::review::ReviewItem};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::hooks::use_location;

/// The line.
#[component]
pub fn NewsLine(desk: Desk, schema: StoredValue<Schema>) -> impl IntoView {
    let i18n = use_i18n();
    let search = use_location().search;
    let all = use_outcome("decide_all", Signal::derive(|| None::<Answer<()>>));
    let approved = move || {
        let is_done = all.get() == Some(FormOutcome::Done);
        let told = |key: &str| search.with(|search| number(search, key)).filter(|_| is_done);
        told("count").map(|n| {
            let text = tu_string!(i18n, review.approved_all, n = n).to_string();
            let left = told("left").filter(|left| *left > 0);
            let left = left.map(|n| tu_string!(i18n, review.approved_in_part, n = n).to_string());
            view! { <p class="notice notice-good">{text} " " {left}</p> }
        })
    };
    let refused = Signal::derive(move || all.get().filter(|outcome| *outcome != FormOutcome::Done));
    let content = move || {
        desk.news.get().map(|news| match news {
            News::Decided(item) => view! { <Decided desk schema item=*item /> }.into_any(),
            News::Returned(id) => {
                let text = tu_string!(i18n, review.news.returned, id = id).to_string();
                view! { <p class="notice notice-good">{text}</p> }.into_any()
            }
            News::Changed(task, changes) => {
                let item = desk.items.with(|items| items.iter().find(|item| item.task == task).cloned());
                let id = item.as_ref().map(|item| item.sample.id.to_string()).unwrap_or_default();
                let lines: Vec<_> = changes
                    .into_iter()
                    .map(|change| view! { <li>{schema.with_value(|schema| told(i18n, schema, item.as_ref(), &change))}</li> })
                    .collect();
                view! {
                    <div class="notice notice-warning">
                        <p>{tu_string!(i18n, review.news.changed, id = id).to_string()}</p>
                        <ul class="news-changes">{lines}</ul>
                    </div>
                }
                    .into_any()
            }
        })
    };
    view! {
        <div class="news" role="status">{approved} {content}</div>
        <Outcome outcome=refused done="" />
    }
}

#[component]
fn Decided(desk: Desk, schema: StoredValue<Schema>, item: ReviewItem) -> impl IntoView {
    let i18n = use_i18n();
    let id = item.sample.id.to_string();
    let decision = item.decisions.last();
    let words = decision.map(|decision| {
        let label =
            decision.answers.as_ref().map(|answers| schema.with_value(|schema| line_of(schema, answers)));
        let words = decision_text(i18n, decision);
        label.map_or_else(|| words.to_owned(), |label| format!("{words}: {label}"))
    });
    let text = format!("{id}: {}", words.unwrap_or_default());
    let can_undo = matches!(item.state, TaskState::Approved | TaskState::Dismissed);
    let is_last = move || {
        let state = desk.state();
        state == TaskState::InReview && desk.items.with(|items| items.iter().all(|item| item.state != state))
    };
    let undo = can_undo.then(|| {
        let (slug, onward) = (desk.slug.get_value(), desk.query(Some(item.task)));
        view! {
            <ActionForm action=desk.action>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="onward" value=onward />
                <input type="hidden" name="task" value=item.task.0 />
                <input type="hidden" name="rev" value=item.rev />
                <button class="button button-quiet news-undo"
                    id=ids::UNDO name="decision" value="reopen" disabled=desk.action.pending()>
                    <kbd>"O"</kbd>
                    {tu_string!(i18n, review.undo)}
                </button>
            </ActionForm>
        }
    });
    view! {
        <div class="notice notice-good news-line">
            <p>{text}</p>
            {undo}
            {move || is_last().then(|| view! { <p>{tu_string!(i18n, review.news.all_done)}</p> })}
        </div>
    }
}

/// A change in words.
fn told(i18n: I18n, schema: &Schema, item: Option<&ReviewItem>, change: &Change) -> String {
    match change {
        Change::Hidden => tu_string!(i18n, review.news.hidden).to_owned(),
        Change::State => {
            let state = item.map(|item| super::filters::state_text(i18n, item.state)).unwrap_or_default();
            tu_string!(i18n, review.news.state, state = state).to_string()
        }
        Change::Answers(before, now) => {
            let newest = item.and_then(|item| item.annotations.last()).map(|annotation| {
                let is_answer = !annotation.answers.is_empty();
                if is_answer {
                    line_of(schema, &annotation.answers)
                } else {
                    verdict_text(i18n, annotation.verdict).to_owned()
                }
            });
            let newest = newest.unwrap_or_default();
            tu_string!(i18n, review.news.answers, before = *before, now = *now, newest = newest).to_string()
        }
        Change::Decisions(_) => {
            let decision = item.and_then(|item| item.decisions.last());
            let who = decision.and_then(|decision| decision.decided_by.clone());
            let who = who.unwrap_or_else(|| tu_string!(i18n, evidence.by_policy).to_owned());
            let what = decision.map(|decision| decision_text(i18n, decision)).unwrap_or_default();
            let label = decision.and_then(|decision| decision.answers.as_ref());
            let label = label.map(|answers| format!(": {}", line_of(schema, answers))).unwrap_or_default();
            format!("{who} · {what}{label}")
        }
    }
}

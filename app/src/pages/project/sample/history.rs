//! Every label that was ever decided for a sample: its versions, who decided it, why, and what became of it.

use crate::{
    components::{
        answer::AnswerText,
        badge::{Badge, OutcomeBadge, Tone},
        change::Change,
        provenance::provenance_line,
        time::Time,
    },
    i18n::{I18n, tu_string, use_i18n},
};
use domain::{
    decision::DecisionKind,
    provenance::LabelAuthor,
    schema::Schema,
    view::sample::{LabelHistory, LabelStatus},
};
use leptos::prelude::*;

/// The labels, the newest first.
#[component]
pub fn History<'a>(slug: String, schema: &'a Schema, history: &'a [LabelHistory]) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let none =
        history.is_empty().then(|| view! { <p class="lines-none">{tu_string!(i18n, sample.no_history)}</p> });
    let rows: Vec<_> = history.iter().map(|entry| row(&slug, schema, entry).into_any()).collect();
    view! {
        <section class="sample-part">
            <h2 class="section-title">{tu_string!(i18n, sample.history)}</h2>
            {none}
            <ol class="timeline">{rows}</ol>
        </section>
    }
}

fn row(slug: &str, schema: &Schema, entry: &LabelHistory) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let version_link = |number: i64, text: String| {
        view! { <a href=format!("/projects/{slug}/versions/{number}")>{text}</a> }
    };
    let place = match entry.status {
        LabelStatus::InVersion => {
            let from = entry
                .version
                .map(|number| version_link(number, tu_string!(i18n, sample.version, n = number).to_string()));
            let until = entry.until.map(|number| {
                let link = version_link(number, tu_string!(i18n, sample.until, n = number).to_string());
                view! { " " <span class="timeline-until">{link}</span> }
            });
            view! { {from} {until} }.into_any()
        }
        LabelStatus::Staged => {
            view! { <Badge text=tu_string!(i18n, sample.staged) tone=Tone::Accent /> }.into_any()
        }
        LabelStatus::TakenBack => view! { <Badge text=tu_string!(i18n, sample.taken_back) /> }.into_any(),
        LabelStatus::Replaced => view! { <Badge text=tu_string!(i18n, sample.replaced) /> }.into_any(),
    };
    let label = match (&entry.label, &entry.provenance.previous) {
        (None, None) => {
            view! { <span class="answer answer-none">{tu_string!(i18n, sample.removed)}</span> }.into_any()
        }
        (label, None) => view! { <AnswerText schema answers=label.as_ref() /> }.into_any(),
        (label, previous) => {
            view! { <Change schema before=previous.as_ref() after=label.as_ref() /> }.into_any()
        }
    };
    let removed = (entry.label.is_none() && entry.provenance.previous.is_some() && entry.outcome.is_none())
        .then(|| view! { <Badge text=tu_string!(i18n, sample.removed) tone=Tone::Warning /> });
    let task = entry.task.map(|task| {
        let href = format!("/projects/{slug}/review?state=approved&task={task}");
        view! { " · " <a href=href>{tu_string!(i18n, versions.task)}</a> }
    });
    view! {
        <li class="timeline-entry">
            <p class="timeline-head">
                {place}
                <span class="timeline-when"><Time at=entry.created_at /></span>
            </p>
            <p>{label} " " {entry.outcome.map(|outcome| view! { <OutcomeBadge outcome /> })} {removed}</p>
            <p class="timeline-text">{who(i18n, entry)} {task}</p>
            <p class="timeline-text">{provenance_line(i18n, &entry.provenance)}</p>
            {entry
                .note
                .clone()
                .map(|note| view! { <blockquote class="line-note" dir="auto">{note}</blockquote> })}
        </li>
    }
}

/// Who decided it, and by which decision.
fn who(i18n: I18n, entry: &LabelHistory) -> String {
    let person = entry.decided_by.clone().unwrap_or_else(|| match entry.provenance.decided_by {
        LabelAuthor::Policy => tu_string!(i18n, versions.by_policy).to_owned(),
        _ => tu_string!(i18n, versions.operator).to_owned(),
    });
    match entry.decision {
        Some(DecisionKind::Correct) => tu_string!(i18n, sample.corrected_by, who = person).to_string(),
        Some(_) => tu_string!(i18n, sample.approved_by, who = person).to_string(),
        None => match entry.provenance.decided_by {
            LabelAuthor::Revert => tu_string!(i18n, sample.reverted_by, who = person).to_string(),
            _ => tu_string!(i18n, sample.imported_by, who = person).to_string(),
        },
    }
}

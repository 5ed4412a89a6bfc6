//! Every label that a sample had, with the version that brought it and where it comes from.

use crate::{
    components::{
        answer::AnswerText,
        badge::{Badge, OutcomeBadge, Tone},
        provenance::provenance_line,
        time::Time,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{schema::Schema, view::sample::LabelHistory};
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
    let version = match entry.version {
        Some(number) => {
            let text = tu_string!(i18n, sample.version, n = number).to_string();
            view! { <a href=format!("/projects/{slug}/versions/{number}")>{text}</a> }.into_any()
        }
        None => view! { <Badge text=tu_string!(i18n, sample.staged) tone=Tone::Accent /> }.into_any(),
    };
    let until = entry.until.map(|number| {
        let text = tu_string!(i18n, sample.until, n = number).to_string();
        view! { <span class="timeline-until">{text}</span> }
    });
    let is_removed = entry.label.is_none();
    let label = if is_removed {
        view! { <span class="answer answer-none">{tu_string!(i18n, sample.removed)}</span> }.into_any()
    } else {
        view! { <AnswerText schema answers=entry.label.as_ref() /> }.into_any()
    };
    view! {
        <li class="timeline-entry">
            <p class="timeline-head">
                {version}
                {until}
                <span class="timeline-when"><Time at=entry.created_at /></span>
            </p>
            <p>{label} " " {entry.outcome.map(|outcome| view! { <OutcomeBadge outcome /> })}</p>
            <p class="timeline-text">{provenance_line(i18n, &entry.provenance)}</p>
        </li>
    }
}

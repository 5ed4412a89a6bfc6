//! Every round that a sample went through the queue: why, who answered what, what was decided.

use crate::{
    components::{
        annotation_lines::{AnnotationLines, DecisionLines},
        badge::{TaskStateBadge, reason_text},
        reason::{note, sentence},
        time::Time,
    },
    i18n::{tu_string, use_i18n},
};
use domain::{schema::Schema, task::TaskState, view::sample::SampleTask};
use leptos::prelude::*;

/// The tasks, the newest first.
#[component]
pub fn Tasks<'a>(slug: String, schema: &'a Schema, tasks: &'a [SampleTask]) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let none =
        tasks.is_empty().then(|| view! { <p class="lines-none">{tu_string!(i18n, sample.no_tasks)}</p> });
    let rows: Vec<_> = tasks.iter().map(|task| row(&slug, schema, task).into_any()).collect();
    view! {
        <section class="sample-part">
            <h2 class="section-title">{tu_string!(i18n, sample.tasks)}</h2>
            {none}
            <ol class="timeline">{rows}</ol>
        </section>
    }
}

fn row(slug: &str, schema: &Schema, task: &SampleTask) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let can_open = task.state != TaskState::Open;
    let state = task.state.as_str();
    let review = can_open.then(|| {
        let href = format!("/projects/{slug}/review?state={state}&task={}", task.task);
        view! { <a href=href>{tu_string!(i18n, sample.to_review)}</a> }
    });
    let note = note(&task.reason);
    view! {
        <li class="timeline-entry">
            <p class="timeline-head">
                <TaskStateBadge state=task.state />
                <strong>{reason_text(i18n, task.reason.kind)}</strong>
                <span class="timeline-when"><Time at=task.created_at /></span>
                {review}
            </p>
            <p class="timeline-text">{sentence(i18n, schema, &task.reason)}</p>
            {note.map(|note| view! { <blockquote class="line-note" dir="auto">{note}</blockquote> })}
            <AnnotationLines schema annotations=&task.annotations />
            <DecisionLines schema decisions=&task.decisions />
        </li>
    }
}

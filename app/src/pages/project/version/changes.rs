//! What the version is compared with, and how often each label became which.

use crate::{
    components::{answer::title_of, number::count},
    i18n::{tu_string, use_i18n},
};
use domain::{schema::Schema, view::version::DiffCount};
use leptos::prelude::*;
use serde_json::Value;

/// What the version is compared with, and the form to compare it with another.
#[component]
pub(super) fn Against(number: i64, from: i64) -> impl IntoView {
    let i18n = use_i18n();
    let sentence = match from {
        0 => tu_string!(i18n, version.against_empty).to_owned(),
        from => tu_string!(i18n, version.against, from = from, to = number).to_string(),
    };
    view! {
        <p class="section-lead">{sentence}</p>
        <form class="criteria" method="get">
            <label class="field">
                <span class="field-label">{tu_string!(i18n, version.compare)}</span>
                <input class="input" type="text" name="against" value=from autocomplete="off" maxlength="64" />
            </label>
            <button class="button">{tu_string!(i18n, version.compare_show)}</button>
        </form>
    }
}

/// How often each answer became which.
#[component]
pub(super) fn Summary(schema: Schema, summary: Vec<DiffCount>) -> impl IntoView {
    let i18n = use_i18n();
    if summary.is_empty() {
        return view! { <p class="section-lead">{tu_string!(i18n, version.no_changes)}</p> }.into_any();
    }
    let has_questions = schema.questions.len() > 1;
    let title = |question: &str, value: Option<&Value>| match value {
        Some(value) => title_of(&schema, question, value),
        None => tu_string!(i18n, common.no_label).to_owned(),
    };
    let rows: Vec<_> = summary
        .iter()
        .map(|change| {
            let question = schema.question(&change.question).map(|question| question.title().to_owned());
            view! {
                <tr>
                    {has_questions.then(|| view! { <td>{question}</td> })}
                    <td>{title(&change.question, change.before.as_ref())}</td>
                    <td>{title(&change.question, change.after.as_ref())}</td>
                    <td class="number">{count(change.count)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <details class="fold" open>
            <summary class="fold-summary">{tu_string!(i18n, version.summary)}</summary>
            <div class="table-box table-box-tall" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            {has_questions
                                .then(|| view! { <th scope="col">{tu_string!(i18n, version.question)}</th> })}
                            <th scope="col">{tu_string!(i18n, version.before)}</th>
                            <th scope="col">{tu_string!(i18n, version.after)}</th>
                            <th class="number" scope="col">{tu_string!(i18n, version.samples)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

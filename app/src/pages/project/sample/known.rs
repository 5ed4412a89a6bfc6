//! Whether the sample's answers are known, and the form that says so. For those who may mark samples.

use crate::{
    components::{
        answer::AnswerText,
        confirm::Confirm,
        form::{Outcome, use_outcome},
        number::count,
    },
    error::Answer,
    i18n::{tu_string, use_i18n},
    pages::project::known_answers::state_text,
};
use domain::{answer::Answers, schema::Schema, view::known::KnownAnswer};
use leptos::prelude::*;

/// What became of the forms.
#[component]
pub fn MarkOutcomes() -> impl IntoView {
    let i18n = use_i18n();
    let nothing = Signal::derive(|| None::<Answer<()>>);
    view! {
        <Outcome outcome=use_outcome("mark_known_answer", nothing) done=tu_string!(i18n, known.marked_done) />
        <Outcome outcome=use_outcome("retire_known_answer", nothing) done=tu_string!(i18n, known.retired) />
    }
}

/// The known answers to the sample, where there are some.
#[component]
pub fn KnownPart<'a>(
    slug: String,
    schema: &'a Schema,
    known: Option<&'a KnownAnswer>,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    known.map(|known| {
        let id = known.sample.to_string();
        let people = tu_string!(
            i18n,
            known.on_sample_text,
            right = count(known.right),
            answered = count(known.answered)
        )
        .to_string();
        view! {
            <section class="sample-part">
                <h2 class="section-title">{tu_string!(i18n, known.on_sample)}</h2>
                <p class="sample-label"><AnswerText schema answers=Some(&known.answers) /></p>
                <p>{state_text(i18n, known.kept_back)}". " {people}</p>
                <p><a href=format!("/projects/{slug}/known-answers")>{tu_string!(i18n, known.all)}</a></p>
                <Confirm summary=tu_string!(i18n, known.retire)>
                    <form class="sample-form" method="post" action="/api/retire_known_answer">
                        <p>{tu_string!(i18n, known.retire_text, id = id.clone()).to_string()}</p>
                        <input type="hidden" name="slug" value=slug />
                        <input type="hidden" name="id" value=id />
                        <button class="button button-danger">{tu_string!(i18n, known.retire_confirm)}</button>
                    </form>
                </Confirm>
            </section>
        }
    })
}

/// Marks the sample; `suggested` is chosen already: what is known of it, or else its label.
#[component]
pub fn MarkForm<'a>(
    slug: String,
    id: String,
    schema: &'a Schema,
    suggested: Option<&'a Answers>,
    is_marked: bool,
) -> impl IntoView + use<> {
    let i18n = use_i18n();
    let summary = match is_marked {
        true => tu_string!(i18n, known.mark_again),
        false => tu_string!(i18n, known.mark),
    };
    let fields: Vec<_> = schema
        .questions
        .iter()
        .enumerate()
        .map(|(place, question)| {
            let chosen = suggested.and_then(|answers| answers.choice(&question.name)).unwrap_or_default();
            let options: Vec<_> = question
                .options
                .iter()
                .filter(|option| !option.retired)
                .map(|option| {
                    let is_chosen = option.value == chosen;
                    view! { <option value=option.value.clone() selected=is_chosen>{option.title().to_owned()}</option> }
                })
                .collect();
            view! {
                <label class="field">
                    <span class="field-label">{question.title().to_owned()}</span>
                    <select class="input" name=format!("choices[{place}]") required=question.required>
                        <option value="">{tu_string!(i18n, known.no_answer)}</option>
                        {options}
                    </select>
                </label>
            }
        })
        .collect();
    view! {
        <details class="challenge">
            <summary class="button">{summary}</summary>
            <form class="challenge-body" method="post" action="/api/mark_known_answer">
                <p>{tu_string!(i18n, known.mark_text)}</p>
                <input type="hidden" name="slug" value=slug />
                <input type="hidden" name="id" value=id />
                {fields}
                <button class="button button-primary">{tu_string!(i18n, known.mark_send)}</button>
            </form>
        </details>
    }
}

//! Answers and labels as people read them: titles, with the value on hover.

use crate::i18n::{tu_string, use_i18n};
use domain::{answer::Answers, schema::Schema};
use leptos::prelude::*;
use serde_json::Value;

/// A value of `question` as its title; a value that the schema does not know is shown as it is.
pub fn title_of(schema: &Schema, question: &str, value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let option = schema.question(question).and_then(|question| question.option(&text));
    option.map_or(text.clone(), |option| option.title().to_owned())
}

/// All answers in one line; without the question where there is only one.
pub fn line_of(schema: &Schema, answers: &Answers) -> String {
    let mut parts = answers.0.iter().map(|(question, value)| {
        let title = title_of(schema, question, value);
        match schema.question(question) {
            Some(question) if schema.questions.len() > 1 && question.title().ends_with('?') => {
                format!("{} {title}", question.title())
            }
            Some(question) if schema.questions.len() > 1 => format!("{}: {title}", question.title()),
            _ => title,
        }
    });
    let first = parts.next().unwrap_or_default();
    parts.fold(first, |line, part| line + " · " + &part)
}

/// Answers, or the absence of a label.
#[component]
pub fn AnswerText<'a>(schema: &'a Schema, answers: Option<&'a Answers>) -> impl IntoView + use<> {
    let i18n = use_i18n();
    match answers.filter(|answers| !answers.is_empty()) {
        None => {
            view! { <span class="answer answer-none">{tu_string!(i18n, common.no_label)}</span> }.into_any()
        }
        Some(answers) => {
            let parts: Vec<_> = answers
                .0
                .iter()
                .map(|(name, value)| {
                    let title = title_of(schema, name, value);
                    let exact = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    let question = schema
                        .question(name)
                        .filter(|_| schema.questions.len() > 1)
                        .map(|question| view! { <span class="answer-question">{question.title().to_owned()}</span> });
                    view! { <span class="answer" title=exact>{question}{title}</span> }
                })
                .collect();
            parts.into_any()
        }
    }
}

//! What became of a form: from its action with JavaScript, from the address without.

use crate::{
    error::{Answer, Failure, Reply},
    i18n::{tu_string, use_i18n},
    refusal_text,
};
use domain::problem::Code;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// What became of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormOutcome {
    /// It was accepted.
    Done,
    /// It was refused.
    Refused(Code),
    /// The server could not answer.
    Failed(Failure),
}

impl FormOutcome {
    /// The outcome that an answer tells.
    pub fn of<T>(answer: &Answer<T>) -> Self {
        match answer {
            Ok(Reply::Done(_)) => Self::Done,
            Ok(Reply::Refused(refused)) => Self::Refused(refused.code),
            Err(failure) => Self::Failed(*failure),
        }
    }
}

/// The outcome of the form with this endpoint: of its last answer, else as the address tells it.
pub fn use_outcome<T>(
    endpoint: &'static str,
    value: impl With<Value = Option<Answer<T>>> + Send + Sync + 'static,
) -> Signal<Option<FormOutcome>> {
    let query = use_query_map();
    Signal::derive(move || {
        value.with(|answer| answer.as_ref().map(FormOutcome::of)).or_else(|| {
            query.with(|query| {
                if query.get_str("done") == Some(endpoint) {
                    return Some(FormOutcome::Done);
                }
                let refused = query.get_str("form") == Some(endpoint);
                refused
                    .then(|| query.get_str("refused").and_then(refusal_text::code_of))
                    .flatten()
                    .map(FormOutcome::Refused)
            })
        })
    })
}

/// The sentence about a form's outcome; read out when it changes.
#[component]
pub fn Outcome(
    #[prop(into)] outcome: Signal<Option<FormOutcome>>,
    /// What to say when it was accepted.
    done: &'static str,
) -> impl IntoView {
    let i18n = use_i18n();
    let class = move || match outcome.get() {
        None => "notice notice-silent",
        Some(FormOutcome::Done) => "notice notice-good",
        Some(_) => "notice notice-bad",
    };
    let text = move || match outcome.get() {
        None => "",
        Some(FormOutcome::Done) => done,
        Some(FormOutcome::Refused(code)) => refusal_text::of(i18n, code),
        Some(FormOutcome::Failed(Failure::Unreachable)) => tu_string!(i18n, common.error.unreachable_text),
        Some(FormOutcome::Failed(failure @ (Failure::Unavailable | Failure::StorageFull))) => {
            refusal_text::of(i18n, failure.code())
        }
        Some(FormOutcome::Failed(Failure::Internal)) => tu_string!(i18n, common.error.failed_text),
    };
    view! { <p class=class role="status">{text}</p> }
}

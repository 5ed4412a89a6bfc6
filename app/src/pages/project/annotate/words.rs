//! Answers in words, for the line that says what would be taken back.

use super::state::Given;
use crate::{
    components::{answer::line_of, badge::verdict_text},
    i18n::I18n,
};
use domain::{
    answer::{Answers, Verdict},
    schema::Schema,
    view::annotate::OwnAnnotation,
};

/// Answers or a verdict.
pub fn answer(i18n: I18n, schema: &Schema, answers: Option<&Answers>, verdict: Verdict) -> String {
    match answers.filter(|answers| verdict == Verdict::Answered && !answers.is_empty()) {
        Some(answers) => line_of(schema, answers),
        None => verdict_text(i18n, verdict).to_owned(),
    }
}

/// An answer that was given before this page.
pub fn given(i18n: I18n, schema: &Schema, own: &OwnAnnotation) -> Given {
    let text = answer(i18n, schema, Some(&own.answers), own.verdict);
    Given { task: own.task, annotation: Some(own.annotation), text }
}

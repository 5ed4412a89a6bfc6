//! Answers in words, for the line that says what would be taken back.

use super::state::Given;
use crate::{
    components::{
        answer::{line_of, title_of},
        badge::verdict_text,
        number::percent,
    },
    i18n::{I18n, tu_string},
};
use domain::{
    answer::{Answers, Verdict},
    schema::Schema,
    view::annotate::{OwnAnnotation, Revealed},
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
    Given { task: own.task, annotation: Some(own.annotation), text, revealed: None }
}

/// What the project reveals of a task after its answer; none where it reveals nothing.
pub fn revealed(i18n: I18n, schema: &Schema, revealed: &Revealed) -> Option<String> {
    let predicted = revealed.prediction.iter().flatten().filter_map(|(question, probs)| {
        let (value, share) = probs.0.iter().max_by(|a, b| a.1.total_cmp(b.1))?;
        let title = title_of(schema, question, &value.as_str().into());
        Some(format!("{}: {title} {}", tu_string!(i18n, annotate.prediction), percent(*share)))
    });
    let label = revealed
        .label
        .as_ref()
        .map(|label| format!("{}: {}", tu_string!(i18n, annotate.stored_label), line_of(schema, label)));
    let parts: Vec<String> = predicted.chain(label).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

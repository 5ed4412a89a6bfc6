//! Why a sample is in the queue, in a sentence; for those who may know.

use super::{
    answer::{line_of, title_of},
    number::{decimal, percent},
};
use crate::i18n::{I18n, tu_string};
use domain::{
    answer::Answers,
    schema::Schema,
    score::{LabelScore, PredictionScore},
    signal::{Reason, SignalKind},
};
use serde_json::Value;

/// The sentence, and after it the score that ranked the sample, where a model's probabilities made one.
pub fn sentence(i18n: I18n, schema: &Schema, reason: &Reason) -> String {
    let why = explained(i18n, schema, reason);
    match score_name(i18n, reason) {
        Some(name) => {
            let value = decimal(reason.score);
            tu_string!(i18n, evidence.score.by_score, why = why, name = name, value = value).to_string()
        }
        None => why,
    }
}

/// The name of the score; a reason that names none has the default one of its kind.
fn score_name(i18n: I18n, reason: &Reason) -> Option<String> {
    let named = reason.detail.get("score").cloned();
    let name = match reason.kind {
        SignalKind::PredictionUncertain => {
            match named.and_then(|name| serde_json::from_value(name).ok()).unwrap_or_default() {
                PredictionScore::Margin => tu_string!(i18n, evidence.score.margin),
                PredictionScore::LeastConfidence => tu_string!(i18n, evidence.score.least_confidence),
                PredictionScore::Entropy => tu_string!(i18n, evidence.score.entropy),
            }
        }
        SignalKind::LabelSuspect => {
            match named.and_then(|name| serde_json::from_value(name).ok()).unwrap_or_default() {
                LabelScore::SelfConfidence => tu_string!(i18n, evidence.score.self_confidence),
                LabelScore::NormalizedMargin => tu_string!(i18n, evidence.score.normalized_margin),
            }
        }
        _ => return None,
    };
    Some(name.to_owned())
}

/// The sentence alone; its numbers and labels come from the reason's detail, as far as it has them.
fn explained(i18n: I18n, schema: &Schema, reason: &Reason) -> String {
    let label = |key: &str| {
        let value = reason.detail.get(key).filter(|value| !value.is_null());
        value.map(|value| title_of(schema, reason.question.as_deref().unwrap_or_default(), value))
    };
    let share = |key: &str| reason.detail.get(key).and_then(Value::as_f64).map(percent);
    match reason.kind {
        SignalKind::PredictionUncertain => match (label("first"), label("second"), share("margin")) {
            (Some(first), Some(second), Some(margin)) => {
                tu_string!(i18n, evidence.why.uncertain, first = first, second = second, margin = margin)
                    .to_string()
            }
            _ => tu_string!(i18n, evidence.why.uncertain_plain).to_owned(),
        },
        SignalKind::LabelSuspect => match (label("label"), share("probability"), label("predicted")) {
            (Some(label), Some(share), Some(predicted)) => {
                tu_string!(i18n, evidence.why.suspect, label = label, share = share, predicted = predicted)
                    .to_string()
            }
            _ => tu_string!(i18n, evidence.why.suspect_plain).to_owned(),
        },
        SignalKind::UserReport => match reason.detail.get("kind").and_then(Value::as_str) {
            Some("unsure") => tu_string!(i18n, evidence.why.report_unsure).to_owned(),
            _ => tu_string!(i18n, evidence.why.report_wrong).to_owned(),
        },
        SignalKind::ImportConflict if reason.detail.get("answers").is_some() => {
            match reason.detail.get("alike").is_some() {
                true if reason.score > 0.0 => tu_string!(i18n, evidence.why.people_contradict).to_owned(),
                true => tu_string!(i18n, evidence.why.people_agree).to_owned(),
                false => tu_string!(i18n, evidence.why.people_differ).to_owned(),
            }
        }
        SignalKind::ImportConflict => {
            let imported = reason.detail.get("imported").cloned().unwrap_or_default();
            let imported: Option<Answers> = serde_json::from_value(imported).unwrap_or_default();
            let imported = imported.map_or_else(
                || tu_string!(i18n, common.no_label).to_owned(),
                |label| line_of(schema, &label),
            );
            tu_string!(i18n, evidence.why.conflict, label = imported).to_string()
        }
        SignalKind::Challenge => tu_string!(i18n, evidence.why.challenge).to_owned(),
        SignalKind::Audit => tu_string!(i18n, evidence.why.audit).to_owned(),
        SignalKind::Unlabelled => tu_string!(i18n, evidence.why.unlabelled).to_owned(),
    }
}

/// What the person who reported or challenged it wrote.
pub fn note(reason: &Reason) -> Option<String> {
    let note = reason.detail.get("note").and_then(Value::as_str);
    note.filter(|note| !note.is_empty()).map(str::to_owned)
}

//! Signals: the reasons why a sample may be wrong, and which of them take it into the queue.
//!
//! The rules of re-queueing stand here, in [`reasons`]: a signal counts only if it is newer than the
//! sample's last decision.

use crate::{
    answer::Answers,
    prediction::Probs,
    schema::{Question, Schema},
    score::{LabelScore, PredictionScore},
    settings::QueueSettings,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// From this priority on a task comes before every score: it was reported, challenged, or an import disagrees.
pub const URGENT: f64 = 2.0;

/// One sort of reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// The model is unsure.
    PredictionUncertain,
    /// The model gives the stored label little probability.
    LabelSuspect,
    /// A user reported it from service.
    UserReport,
    /// An import disagrees with a reviewed label, or brings answers of people to a sample that nothing else queues.
    ImportConflict,
    /// Somebody challenged the stored label.
    Challenge,
    /// It is in the random audit slice.
    Audit,
    /// It has neither label nor prediction.
    Unlabelled,
}

impl SignalKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::PredictionUncertain,
        Self::LabelSuspect,
        Self::UserReport,
        Self::ImportConflict,
        Self::Challenge,
        Self::Audit,
        Self::Unlabelled,
    ];

    /// The kind as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PredictionUncertain => "prediction_uncertain",
            Self::LabelSuspect => "label_suspect",
            Self::UserReport => "user_report",
            Self::ImportConflict => "import_conflict",
            Self::Challenge => "challenge",
            Self::Audit => "audit",
            Self::Unlabelled => "unlabelled",
        }
    }

    /// The kind of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Reports before challenges before scores before the audit slice, which has its own share of claims.
    fn tier(self) -> f64 {
        match self {
            Self::UserReport => 5.0,
            Self::Challenge | Self::ImportConflict => 3.0,
            Self::PredictionUncertain | Self::LabelSuspect | Self::Unlabelled => 0.0,
            Self::Audit => -2.0,
        }
    }
}

/// Why a sample was taken into the queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reason {
    /// The sort of reason.
    pub kind: SignalKind,
    /// How strong, in [0, 1].
    pub score: f64,
    /// The question it is about, where it is about one.
    pub question: Option<String>,
    /// What led to it, for reviewers.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub detail: Value,
}

impl Reason {
    /// The place in the queue: greater comes first.
    pub fn priority(&self) -> f64 {
        self.kind.tier() + self.score
    }
}

/// The newest prediction of one question.
#[derive(Clone, Debug)]
pub struct NewestPrediction<'a> {
    /// The question.
    pub question: &'a str,
    /// The model that made it.
    pub model: &'a str,
    /// Its probabilities.
    pub probs: &'a Probs,
    /// When it was received.
    pub received_at: Timestamp,
    /// When the project first received anything from this model.
    pub model_first_seen: Timestamp,
}

/// The last decision on a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastDecision {
    /// When it was made.
    pub at: Timestamp,
    /// Under the schema and guideline revisions that are current now.
    pub under_current_revisions: bool,
}

/// A reason that somebody gave: a report, a challenge, or a conflicting import.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenReason {
    /// The reason.
    pub reason: Reason,
    /// When it was given.
    pub at: Timestamp,
}

/// What is known of a sample when its place in the queue is worked out.
#[derive(Clone, Debug)]
pub struct Evidence<'a> {
    /// The label in the newest version.
    pub stored_label: Option<&'a Answers>,
    /// The newest prediction of each question.
    pub predictions: &'a [NewestPrediction<'a>],
    /// The last decision, if there was one.
    pub last_decision: Option<LastDecision>,
    /// Reports, challenges and import conflicts.
    pub given: &'a [GivenReason],
    /// Whether the sample is in the audit slice.
    pub in_audit_slice: bool,
}

/// The reasons for which the sample belongs in the queue, the strongest first; none: it does not belong.
pub fn reasons(schema: &Schema, settings: &QueueSettings, evidence: &Evidence<'_>) -> Vec<Reason> {
    let newer = |at: Timestamp| evidence.last_decision.is_none_or(|decision| at > decision.at);
    let mut found: Vec<Reason> =
        evidence.given.iter().filter(|given| newer(given.at)).map(|given| given.reason.clone()).collect();
    for prediction in evidence.predictions {
        let Some(question) = schema.question(prediction.question) else { continue };
        let current = evidence.last_decision.is_some_and(|decision| decision.under_current_revisions);
        if settings.target.wants_predictions() && !current && newer(prediction.received_at) {
            let score = settings.prediction_score.of(prediction.probs, question);
            if score >= settings.threshold {
                found.push(Reason {
                    kind: SignalKind::PredictionUncertain,
                    score,
                    question: Some(question.name.clone()),
                    detail: uncertain(settings.prediction_score, prediction.probs, question),
                });
            }
        }
        let label = evidence.stored_label.and_then(|label| label.choice(&question.name));
        if let Some(label) = label
            && settings.target.wants_labels()
            && newer(prediction.model_first_seen)
        {
            let score = settings.label_score.of(prediction.probs, question, label);
            if score >= settings.threshold {
                found.push(Reason {
                    kind: SignalKind::LabelSuspect,
                    score,
                    question: Some(question.name.clone()),
                    detail: suspect(settings.label_score, prediction.probs, question, label),
                });
            }
        }
    }
    let undecided = evidence.last_decision.is_none();
    if undecided && evidence.stored_label.is_none() && evidence.predictions.is_empty() {
        found.push(Reason { kind: SignalKind::Unlabelled, score: 1.0, question: None, detail: json!({}) });
    }
    if undecided && evidence.in_audit_slice {
        found.push(Reason { kind: SignalKind::Audit, score: 0.0, question: None, detail: json!({}) });
    }
    found.sort_by(|a, b| b.priority().total_cmp(&a.priority()));
    found
}

/// What explains an uncertain prediction. The default score goes unnamed.
fn uncertain(score: PredictionScore, probs: &Probs, question: &Question) -> Value {
    let mut detail = probs.margin(question).map_or(Value::Null, |margin| json!(margin));
    if score != PredictionScore::default()
        && let Some(detail) = detail.as_object_mut()
    {
        detail.insert("score".to_owned(), json!(score.as_str()));
    }
    detail
}

/// What explains a suspicious label. The default score goes unnamed.
fn suspect(score: LabelScore, probs: &Probs, question: &Question, label: &str) -> Value {
    let predicted = probs.margin(question).map(|margin| margin.first);
    let probability = probs.of(question, label);
    let mut detail = json!({"label": label, "probability": probability, "predicted": predicted});
    if score != LabelScore::default()
        && let Some(detail) = detail.as_object_mut()
    {
        detail.insert("score".to_owned(), json!(score.as_str()));
    }
    detail
}

#[cfg(test)]
mod tests {
    use super::{Evidence, GivenReason, LastDecision, NewestPrediction, Reason, SignalKind, reasons};
    use crate::{
        answer::Answers, prediction::Probs, schema::Schema, settings::QueueSettings, settings::Target,
        time::Timestamp,
    };
    use serde_json::json;

    type Outcome = Result<(), serde_json::Error>;

    fn schema() -> Result<Schema, serde_json::Error> {
        serde_json::from_value(json!({
            "fields": [{"name": "text", "kind": "text"}],
            "questions": [{"name": "q", "kind": "choice", "options": [{"value": "a"}, {"value": "b"}]}],
        }))
    }

    fn kinds(evidence: &Evidence<'_>, target: Target) -> Result<Vec<SignalKind>, serde_json::Error> {
        let settings = QueueSettings { target, ..QueueSettings::default() };
        Ok(reasons(&schema()?, &settings, evidence).into_iter().map(|reason| reason.kind).collect())
    }

    fn unsure() -> Probs {
        Probs([("a".to_owned(), 0.52), ("b".to_owned(), 0.48)].into())
    }

    fn prediction(probs: &Probs, received: i64, first_seen: i64) -> NewestPrediction<'_> {
        NewestPrediction {
            question: "q",
            model: "m@1",
            probs,
            received_at: Timestamp(received),
            model_first_seen: Timestamp(first_seen),
        }
    }

    #[test]
    fn each_target_looks_for_its_own_errors() -> Outcome {
        let probs = unsure();
        let label: Answers = serde_json::from_value(json!({"q": "b"}))?;
        let evidence = Evidence {
            stored_label: Some(&label),
            predictions: &[prediction(&probs, 5, 5)],
            last_decision: None,
            given: &[],
            in_audit_slice: false,
        };
        assert_eq!(kinds(&evidence, Target::Prediction)?, [SignalKind::PredictionUncertain]);
        assert_eq!(kinds(&evidence, Target::Label)?, [SignalKind::LabelSuspect]);
        assert_eq!(
            kinds(&evidence, Target::Both)?,
            [SignalKind::PredictionUncertain, SignalKind::LabelSuspect]
        );
        Ok(())
    }

    #[test]
    fn a_decided_sample_comes_back_only_for_something_new() -> Outcome {
        let probs = unsure();
        let label: Answers = serde_json::from_value(json!({"q": "b"}))?;
        let decided =
            |under_current_revisions| Some(LastDecision { at: Timestamp(10), under_current_revisions });
        let new_prediction_of_known_model = [prediction(&probs, 20, 5)];
        let new_model = [prediction(&probs, 20, 20)];
        let evidence = |predictions, last_decision| Evidence {
            stored_label: Some(&label),
            predictions,
            last_decision,
            given: &[],
            in_audit_slice: true,
        };
        assert_eq!(kinds(&evidence(&new_prediction_of_known_model, decided(true)), Target::Both)?, []);
        assert_eq!(kinds(&evidence(&new_model, decided(true)), Target::Both)?, [SignalKind::LabelSuspect]);
        assert_eq!(
            kinds(&evidence(&new_prediction_of_known_model, decided(false)), Target::Both)?,
            [SignalKind::PredictionUncertain]
        );
        Ok(())
    }

    #[test]
    fn reports_come_before_challenges_before_scores() -> Outcome {
        let probs = unsure();
        let given =
            [(SignalKind::Challenge, 1.0), (SignalKind::UserReport, 0.5)].map(|(kind, score)| GivenReason {
                reason: Reason { kind, score, question: None, detail: json!({}) },
                at: Timestamp(20),
            });
        let evidence = Evidence {
            stored_label: None,
            predictions: &[prediction(&probs, 5, 5)],
            last_decision: None,
            given: &given,
            in_audit_slice: true,
        };
        assert_eq!(
            kinds(&evidence, Target::Both)?,
            [
                SignalKind::UserReport,
                SignalKind::Challenge,
                SignalKind::PredictionUncertain,
                SignalKind::Audit
            ]
        );
        Ok(())
    }

    #[test]
    fn a_sample_without_label_and_prediction_is_unlabelled() -> Outcome {
        let evidence = Evidence {
            stored_label: None,
            predictions: &[],
            last_decision: None,
            given: &[],
            in_audit_slice: false,
        };
        assert_eq!(kinds(&evidence, Target::Prediction)?, [SignalKind::Unlabelled]);
        Ok(())
    }
}

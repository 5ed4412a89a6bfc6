//! What a decision did to the label that was stored, and whether the model had been right: the two sorts of errors that
//! the queue looks for.

use crate::{answer::Answers, prediction::Probs, schema::Question, signal::SignalKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a decision did to the stored label, which is the label in the newest version at the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LabelOutcome {
    /// There was a label and it became another one.
    Corrected,
    /// There was a label and it was removed.
    Removed,
    /// There was no label and now there is one.
    Added,
    /// There was a label and it stays as it is: the decision equals it, or the task was dismissed.
    Upheld,
    /// There was no label and there is none now.
    Unlabelled,
}

impl LabelOutcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [Self::Corrected, Self::Removed, Self::Added, Self::Upheld, Self::Unlabelled];

    /// What replacing `before` by `after` does.
    ///
    /// ```
    /// use domain::{answer::Answers, outcome::LabelOutcome};
    ///
    /// let label = |value: &str| Answers([("intent".to_owned(), value.into())].into());
    /// let (a, b) = (label("a"), label("b"));
    /// assert_eq!(LabelOutcome::of(Some(&a), Some(&b)), LabelOutcome::Corrected);
    /// assert_eq!(LabelOutcome::of(Some(&a), Some(&a)), LabelOutcome::Upheld);
    /// assert_eq!(LabelOutcome::of(Some(&a), None), LabelOutcome::Removed);
    /// assert_eq!(LabelOutcome::of(None, Some(&b)), LabelOutcome::Added);
    /// assert_eq!(LabelOutcome::of(None, None), LabelOutcome::Unlabelled);
    /// ```
    pub fn of(before: Option<&Answers>, after: Option<&Answers>) -> Self {
        match (before, after) {
            (None, None) => Self::Unlabelled,
            (None, Some(_)) => Self::Added,
            (Some(_), None) => Self::Removed,
            (Some(before), Some(after)) if before == after => Self::Upheld,
            (Some(_), Some(_)) => Self::Corrected,
        }
    }

    /// The outcome as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Corrected => "corrected",
            Self::Removed => "removed",
            Self::Added => "added",
            Self::Upheld => "upheld",
            Self::Unlabelled => "unlabelled",
        }
    }

    /// The outcome of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// Which questions the model had right when the sample was decided.
///
/// A question is in one of the two where a prediction had been received and the label that stands after the decision
/// answers it; the prediction's answer is its most probable option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predicted {
    /// The questions whose most probable option is the label's.
    pub right: BTreeSet<String>,
    /// The questions whose most probable option is another one.
    pub wrong: BTreeSet<String>,
}

impl Predicted {
    /// Compares the newest prediction of each question with the label that stands after the decision.
    pub fn of<'a>(
        predictions: impl IntoIterator<Item = (&'a Question, &'a Probs)>,
        label: Option<&Answers>,
    ) -> Self {
        let mut predicted = Self::default();
        for (question, probs) in predictions {
            let Some(decided) = label.and_then(|label| label.choice(&question.name)) else { continue };
            let Some(first) = most_probable(question, probs) else { continue };
            let questions = if first == decided { &mut predicted.right } else { &mut predicted.wrong };
            questions.insert(question.name.clone());
        }
        predicted
    }

    /// Whether no question could be compared.
    pub fn is_empty(&self) -> bool {
        self.right.is_empty() && self.wrong.is_empty()
    }
}

/// The most probable option; of equal ones the first by value. None where the question has no options.
pub fn most_probable<'a>(question: &'a Question, probs: &'a Probs) -> Option<&'a str> {
    let ranked = probs.complete(question).into_iter();
    ranked.max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(a.0))).map(|(value, _)| value)
}

/// The sort of error that a reason looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LooksFor {
    /// Stored labels that are wrong.
    Labels,
    /// Predictions that are wrong.
    Predictions,
}

impl LooksFor {
    /// What this kind of reason looks for; none for what was chosen by chance, or because nothing is known of it.
    pub fn of(kind: SignalKind) -> Option<Self> {
        match kind {
            SignalKind::PredictionUncertain | SignalKind::UserReport => Some(Self::Predictions),
            SignalKind::LabelSuspect | SignalKind::ImportConflict | SignalKind::Challenge => {
                Some(Self::Labels)
            }
            SignalKind::Audit | SignalKind::Unlabelled => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{LabelOutcome, Predicted};
    use crate::{answer::Answers, prediction::Probs, schema::Question};
    use serde_json::json;

    #[test]
    fn every_outcome_has_its_name() {
        for outcome in LabelOutcome::ALL {
            assert_eq!(LabelOutcome::parse(outcome.as_str()), Some(outcome));
        }
        assert_eq!(LabelOutcome::parse("changed"), None);
    }

    #[test]
    fn a_prediction_is_compared_only_where_the_label_answers() -> Result<(), serde_json::Error> {
        let question = |name: &str| -> Result<Question, serde_json::Error> {
            serde_json::from_value(
                json!({"name": name, "kind": "choice", "options": [{"value": "a"}, {"value": "b"}]}),
            )
        };
        let (q, r, s) = (question("q")?, question("r")?, question("s")?);
        let probs = Probs([("a".to_owned(), 0.6)].into());
        let label: Answers = serde_json::from_value(json!({"q": "a", "r": "b"}))?;
        let all = || [(&q, &probs), (&r, &probs), (&s, &probs)];
        let predicted = Predicted::of(all(), Some(&label));
        assert_eq!(predicted.right, ["q".to_owned()].into());
        assert_eq!(predicted.wrong, ["r".to_owned()].into());
        assert!(Predicted::of(all(), None).is_empty());
        Ok(())
    }
}

//! The scores that rank samples: how unsure a prediction is, and how suspicious a stored label is.
//!
//! Each is in [0, 1], 1 the most suspicious, and 0 for a question with fewer than two options, where there
//! is nothing to confuse. Thresholds and reasons are no matter of this module.

use crate::{prediction::Probs, schema::Question};
use serde::{Deserialize, Serialize};

/// How the uncertainty of a prediction is measured.
///
/// Settles 2009, *Active Learning Literature Survey*, section 3.1, compares the three.
///
/// ```
/// use domain::{prediction::Probs, schema::Question, score::PredictionScore};
/// let question: Question = serde_json::from_value(serde_json::json!({
///     "name": "q", "kind": "choice", "options": [{"value": "a"}, {"value": "b"}, {"value": "c"}]}))?;
/// let probs = Probs([("a".to_owned(), 0.5), ("b".to_owned(), 0.5), ("c".to_owned(), 0.0)].into());
/// // 1 − (0.5 − 0.5)
/// assert_eq!(PredictionScore::Margin.of(&probs, &question), 1.0);
/// // (1 − 0.5) · 3/2
/// assert_eq!(PredictionScore::LeastConfidence.of(&probs, &question), 0.75);
/// // ln 2 / ln 3
/// let entropy = PredictionScore::Entropy.of(&probs, &question);
/// assert!((entropy - 2f64.ln() / 3f64.ln()).abs() < 1e-12);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PredictionScore {
    /// 1 minus the distance of the two most probable options (Scheffer, Decomain & Wrobel 2001,
    /// doi:10.1007/3-540-44816-0_31).
    #[default]
    Margin,
    /// 1 minus the probability of the most probable option (Lewis & Gale 1994), times n/(n − 1) with n
    /// options, so that it reaches 1 where all are equally probable.
    LeastConfidence,
    /// The entropy of all options (Shannon 1948), divided by ln n; 0 · ln 0 is 0.
    Entropy,
}

/// How the suspicion against a stored label is measured.
///
/// Northcutt, Jiang & Chuang 2021, doi:10.1613/jair.1.12125; each score is 1 minus the label quality of the
/// same name in cleanlab.
///
/// ```
/// use domain::{prediction::Probs, schema::Question, score::LabelScore};
/// let question: Question = serde_json::from_value(serde_json::json!({
///     "name": "q", "kind": "choice", "options": [{"value": "a"}, {"value": "b"}, {"value": "c"}]}))?;
/// let probs = Probs([("a".to_owned(), 0.5), ("b".to_owned(), 0.25), ("c".to_owned(), 0.25)].into());
/// // 1 − 0.25
/// assert_eq!(LabelScore::SelfConfidence.of(&probs, &question, "b"), 0.75);
/// // 1 − (0.25 − 0.5 + 1)/2
/// assert_eq!(LabelScore::NormalizedMargin.of(&probs, &question, "b"), 0.625);
/// // 1 − (0.5 − 0.25 + 1)/2
/// assert_eq!(LabelScore::NormalizedMargin.of(&probs, &question, "a"), 0.375);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum LabelScore {
    /// 1 minus the probability of the label.
    #[default]
    SelfConfidence,
    /// 1 − (p(label) − p(most probable other option) + 1)/2.
    NormalizedMargin,
}

impl PredictionScore {
    /// Every score.
    pub const ALL: [Self; 3] = [Self::Margin, Self::LeastConfidence, Self::Entropy];

    /// The score as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Margin => "margin",
            Self::LeastConfidence => "least_confidence",
            Self::Entropy => "entropy",
        }
    }

    /// The uncertainty of a prediction.
    pub fn of(self, probs: &Probs, question: &Question) -> f64 {
        if question.options.len() < 2 {
            return 0.0;
        }
        let score = match self {
            Self::Margin => probs.uncertainty(question),
            Self::LeastConfidence => {
                let shares = distribution(probs, question);
                let n = shares.len() as f64;
                (1.0 - shares.iter().copied().fold(0.0, f64::max)) * n / (n - 1.0)
            }
            Self::Entropy => {
                let shares = distribution(probs, question);
                let entropy: f64 = shares.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum();
                // The sum of nothing, and of 1 · ln 1, is −0; a score is 0.
                entropy / (shares.len() as f64).ln() + 0.0
            }
        };
        score.clamp(0.0, 1.0)
    }
}

impl LabelScore {
    /// Every score.
    pub const ALL: [Self; 2] = [Self::SelfConfidence, Self::NormalizedMargin];

    /// The score as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SelfConfidence => "self_confidence",
            Self::NormalizedMargin => "normalized_margin",
        }
    }

    /// The suspicion against a label; one that is no option has the probability 0.
    pub fn of(self, probs: &Probs, question: &Question, label: &str) -> f64 {
        if question.options.len() < 2 {
            return 0.0;
        }
        let complete = probs.complete(question);
        let own = complete.get(label).copied().unwrap_or(0.0);
        let score = match self {
            Self::SelfConfidence => 1.0 - own,
            Self::NormalizedMargin => {
                let others = complete.iter().filter(|(value, _)| **value != label).map(|(_, p)| *p);
                1.0 - (own - others.fold(0.0, f64::max) + 1.0) / 2.0
            }
        };
        score.clamp(0.0, 1.0)
    }
}

/// The probabilities of all options, scaled to the sum 1: those of a partial prediction may sum to less, and
/// neither entropy nor least confidence would stay in its range. Nothing but zeros says nothing: all equal.
fn distribution(probs: &Probs, question: &Question) -> Vec<f64> {
    let shares: Vec<f64> = probs.complete(question).into_values().collect();
    let n = shares.len() as f64;
    // By the greatest first: the smallest of numbers lose their digits where they are summed up as they are.
    let greatest = shares.iter().copied().fold(0.0, f64::max);
    if greatest <= 0.0 {
        return shares.iter().map(|_| 1.0 / n).collect();
    }
    let relative: f64 = shares.iter().map(|p| p / greatest).sum();
    shares.iter().map(|p| p / greatest / relative).collect()
}

#[cfg(test)]
mod tests {
    use super::{LabelScore, PredictionScore};
    use crate::{
        prediction::Probs,
        schema::{ChoiceOption, Question, QuestionKind},
    };
    use proptest::prelude::*;
    use rstest::rstest;

    fn question(options: usize) -> Question {
        let option = |n| ChoiceOption { value: format!("o{n}"), title: None, retired: false };
        Question {
            name: "q".into(),
            kind: QuestionKind::Choice,
            title: None,
            required: true,
            options: (0..options).map(option).collect(),
        }
    }

    fn probs(given: &[f64]) -> Probs {
        Probs(given.iter().enumerate().map(|(n, p)| (format!("o{n}"), *p)).collect())
    }

    #[rstest]
    #[case(PredictionScore::Margin)]
    #[case(PredictionScore::LeastConfidence)]
    #[case(PredictionScore::Entropy)]
    fn all_equal_is_1_all_on_one_is_0_and_a_single_option_is_0(#[case] score: PredictionScore) {
        assert!((score.of(&probs(&[0.25; 4]), &question(4)) - 1.0).abs() < 1e-12);
        assert!((score.of(&probs(&[0.0]), &question(3)) - 1.0).abs() < 1e-12);
        let sure = score.of(&probs(&[1.0, 0.0, 0.0]), &question(3));
        assert_eq!(sure, 0.0);
        assert!(sure.is_sign_positive());
        assert_eq!(score.of(&probs(&[0.4]), &question(1)), 0.0);
    }

    #[rstest]
    #[case(&[0.5, 0.5, 0.0], [1.0, 0.75, 0.631])]
    #[case(&[0.4, 0.3, 0.3], [0.9, 0.9, 0.991])]
    fn uncertainty_has_the_values_worked_out_by_hand(#[case] given: &[f64], #[case] expected: [f64; 3]) {
        for (score, expected) in PredictionScore::ALL.into_iter().zip(expected) {
            let got = score.of(&probs(given), &question(3));
            assert!((got - expected).abs() < 5e-4, "{score:?}: {got}");
        }
    }

    #[rstest]
    #[case(&[0.25, 0.5, 0.25], [0.5, 0.375])]
    #[case(&[0.75, 0.25, 0.0], [0.75, 0.75])]
    fn suspicion_has_the_values_worked_out_by_hand(#[case] given: &[f64], #[case] expected: [f64; 2]) {
        for (score, expected) in LabelScore::ALL.into_iter().zip(expected) {
            assert_eq!(score.of(&probs(given), &question(3), "o1"), expected, "{score:?}");
        }
    }

    #[test]
    fn a_label_is_least_suspicious_where_the_model_is_sure_of_it() {
        for score in LabelScore::ALL {
            assert_eq!(score.of(&probs(&[1.0, 0.0]), &question(2), "o0"), 0.0);
            assert_eq!(score.of(&probs(&[1.0, 0.0]), &question(2), "o1"), 1.0);
            assert_eq!(score.of(&probs(&[1.0, 0.0]), &question(2), "unknown"), 1.0);
            assert_eq!(score.of(&probs(&[0.4]), &question(1), "o0"), 0.0);
        }
    }

    proptest! {
        #[test]
        fn every_score_of_every_valid_prediction_is_finite_and_in_range(
            options in 1usize..8,
            weights in prop::collection::vec(prop_oneof![Just(0.0), Just(f64::MIN_POSITIVE), 0.0..1.0f64], 1..8),
            mass in 0.0..=1.0f64,
            label in 0usize..9,
        ) {
            let question = question(options);
            let given = &weights[..weights.len().min(options)];
            let sum: f64 = given.iter().sum();
            let scale = if sum > 1.0 { mass / sum } else { mass };
            let probs = probs(&given.iter().map(|p| p * scale).collect::<Vec<_>>());
            prop_assert!(probs.faults(&question).is_empty());
            for score in PredictionScore::ALL {
                let score = score.of(&probs, &question);
                prop_assert!((0.0..=1.0).contains(&score), "{score}");
            }
            for score in LabelScore::ALL {
                let score = score.of(&probs, &question, &format!("o{label}"));
                prop_assert!((0.0..=1.0).contains(&score), "{score}");
            }
        }
    }
}

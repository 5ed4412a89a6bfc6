//! The probability of a right answer, as a method of truth inference learns it from everybody's answers.
//!
//! **Definition.** The method's own estimate, [`Crowd::accuracy`]: the probability that the person's answer is the true
//! label, averaged over the labels by their shares. The true labels are unknown; the method infers them from the answers.
//!
//! **Range** [0, 1]; a person who guesses among K labels has about 1/K.
//!
//! **Assumes** what the method assumes (`docs/consensus.md`), above all that people err independently: where all share a
//! mistake, nobody can tell.
//!
//! **Undefined** where nobody else answered the person's tasks, where people only ever gave one label, where there are too
//! many labels to learn from, and for the majority, which weighs nobody.
//!
//! **Interval.** Wilson's, as if the answer had been checked on as many tasks as the others' answers make known. By the
//! missing information principle an answer counts as the share of the Fisher information on the accuracy that is left when
//! the label is not known but only believed: [`informativeness`]. What the others agree on counts nearly 1, what nobody else
//! answered counts 0. The share is taken at Agresti and Coull's (nπ + 2) / (n + 4), so that few answers without an error
//! claim no certainty. What is known of the *others* counts as known, so the interval is a little narrow where they are few.
//!
//! **Source.** Louis (1982), *Finding the observed information matrix when using the EM algorithm*, JRSS B 44(2),
//! <https://doi.org/10.1111/j.2517-6161.1982.tb01203.x>; Dawid and Skene (1979), <https://doi.org/10.2307/2346806>; Agresti
//! and Coull (1998), <https://doi.org/10.1080/00031305.1998.10480550>; Wilson (1927),
//! <https://doi.org/10.1080/01621459.1927.10502953>.

use serde::{Deserialize, Serialize};

use super::{Numbered, Undefined};
use crate::{
    agreement::{Item, Ratings},
    estimate::Rate,
    truth::{Crowd, Method, Said, Voice},
};

/// An estimated accuracy: exactly one of `value` and `undefined` is set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorAccuracy))]
pub struct Accuracy {
    /// The estimate, in [0, 1].
    pub value: Option<f64>,
    /// Its 95% interval.
    pub ci95: Option<[f64; 2]>,
    /// How many checked answers the estimate is worth.
    pub effective_answers: Option<f64>,
    /// Why there is no estimate.
    pub undefined: Option<Undefined>,
}

/// Fewer are rounding alone.
const LEAST_EFFECTIVE: f64 = 1e-9;

impl Accuracy {
    pub(super) fn undefined(reason: Undefined) -> Self {
        Self { value: None, ci95: None, effective_answers: None, undefined: Some(reason) }
    }

    fn of(value: f64, effective: f64) -> Self {
        if effective < LEAST_EFFECTIVE {
            return Self::undefined(Undefined::NobodyElse);
        }
        let Rate { value, ci95 } = Rate::among(value, effective);
        Self { value: Some(value), ci95: Some(ci95), effective_answers: Some(effective), undefined: None }
    }
}

/// By person, what `method` learns of them.
pub(super) fn of(numbered: &Numbered, method: Method) -> Vec<Accuracy> {
    let all = |reason| vec![Accuracy::undefined(reason); numbered.places.len()];
    let ratings = &numbered.ratings;
    if ratings.shared_items().next().is_none() {
        return all(Undefined::NobodyElse);
    }
    if ratings.labels().len() < 2 {
        return all(Undefined::NoVariation);
    }
    let Ok(inference) = method.infer(ratings) else { return all(Undefined::TooManyLabels) };
    let Some(crowd) = inference.crowd else { return all(Undefined::MethodWeighsNobody) };
    let known = effective(ratings, &crowd, &inference.accuracies);
    let each = |place: &Option<u32>| {
        let index = (*place)? as usize;
        Some(Accuracy::of(*inference.accuracies.get(index)?, *known.get(index)?))
    };
    let nothing = Accuracy::undefined(Undefined::NobodyElse);
    numbered.places.iter().map(|place| each(place).unwrap_or(nothing)).collect()
}

/// By annotator, the sum of what their answers count.
fn effective(ratings: &Ratings, crowd: &Crowd, accuracies: &[f64]) -> Vec<f64> {
    let mut answers = vec![0.0; accuracies.len()];
    for answer in ratings.answers() {
        answers[answer.annotator as usize] += 1.0;
    }
    let centre = |(accuracy, answers): (&f64, &f64)| (accuracy * answers + 2.0) / (answers + 4.0);
    let centres: Vec<f64> = accuracies.iter().zip(&answers).map(centre).collect();
    let mut known = vec![0.0; accuracies.len()];
    for item in ratings.shared_items() {
        for answer in item.answers {
            let index = answer.annotator as usize;
            if let Some(belief) = without(item, answer.annotator, crowd) {
                known[index] += informativeness(&belief, centres[index]);
            }
        }
    }
    known
}

/// What the others' answers say of the label.
fn without(item: Item<'_>, annotator: u32, crowd: &Crowd) -> Option<Vec<f64>> {
    let others = item.answers.iter().filter(|answer| answer.annotator != annotator);
    let voices: Vec<Voice<'_>> = others
        .map(|answer| Voice { annotator: Some(answer.annotator), said: Said::Label(answer.label) })
        .collect();
    crowd.posterior(&voices)
}

/// How much of an answer's information on its author's accuracy π is left where the label is only believed, in [0, 1].
///
/// With the belief q in K labels, an answer l has the probability P(l) = π·q(l) + (1 − π)·(1 − q(l)) / (K − 1), and its
/// Fisher information on π is Σ (q(l) − (1 − q(l)) / (K − 1))² / P(l); of a known label it is 1 / (π(1 − π)). This is the
/// quotient of the two.
///
/// Two labels, of which one is believed at 0.9, by somebody who is right eight times in ten: the answers have the
/// probabilities 0.74 and 0.26, so it is 0.16 · 0.8² · (1 / 0.74 + 1 / 0.26).
///
/// ```
/// use domain::quality::informativeness;
///
/// assert!((informativeness(&[0.9, 0.1], 0.8) - 0.1024 / (0.74 * 0.26)).abs() < 1e-12);
/// assert!((informativeness(&[1.0, 0.0, 0.0], 0.7) - 1.0).abs() < 1e-12);
/// assert!(informativeness(&[0.5, 0.5], 0.8).abs() < 1e-12);
/// assert_eq!(informativeness(&[1.0], 0.8), 0.0);
/// ```
pub fn informativeness(belief: &[f64], accuracy: f64) -> f64 {
    let wrong = belief.len() as f64 - 1.0;
    if wrong < 1.0 || !(accuracy > 0.0 && accuracy < 1.0) {
        return 0.0;
    }
    let information = belief.iter().map(|share| {
        let other = (1.0 - share) / wrong;
        let probability = accuracy * share + (1.0 - accuracy) * other;
        if probability > 0.0 { (share - other) * (share - other) / probability } else { 0.0 }
    });
    (accuracy * (1.0 - accuracy) * information.sum::<f64>()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(annotators: u32, labels: &[&str], answers: &[(u32, u32, u32)]) -> Numbered {
        Numbered::of(annotators, labels.iter().map(|label| (*label).to_owned()).collect(), answers.to_vec())
    }

    #[test]
    fn what_nobody_can_know_says_why() {
        let alone = numbered(1, &["x", "y"], &[(1, 0, 0), (2, 0, 1)]);
        assert_eq!(of(&alone, Method::Robust)[0].undefined, Some(Undefined::NobodyElse));
        let same = numbered(2, &["x"], &[(1, 0, 0), (1, 1, 0)]);
        assert_eq!(of(&same, Method::Robust)[0].undefined, Some(Undefined::NoVariation));
        let both = numbered(2, &["x", "y"], &[(1, 0, 0), (1, 1, 0), (2, 0, 1), (2, 1, 1)]);
        assert_eq!(of(&both, Method::Majority)[0].undefined, Some(Undefined::MethodWeighsNobody));
        let one_apart = numbered(4, &["x", "y"], &[(1, 0, 0), (1, 2, 0), (2, 0, 1), (2, 2, 1), (3, 3, 1)]);
        let found = of(&one_apart, Method::Robust);
        assert!(found[0].value.is_some() && found[2].value.is_some());
        assert_eq!(found[1].undefined, Some(Undefined::NobodyElse), "has answered nothing");
        assert_eq!(found[3].undefined, Some(Undefined::NobodyElse), "has answered alone");
    }
}

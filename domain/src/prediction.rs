//! A model's probabilities for a question, and the uncertainty scores made from them.

use crate::{
    canonical::escape_pointer,
    problem::{Code, Fault},
    schema::Question,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Option value to probability, as the model sent it; may hold only the most probable options.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = Object))]
#[serde(transparent)]
pub struct Probs(pub BTreeMap<String, f64>);

/// How much the given probabilities may exceed 1 in sum.
const SLACK: f64 = 1e-6;

/// The two most probable options of a prediction and what lies between them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Margin {
    /// The most probable option.
    pub first: String,
    /// The second most probable option.
    pub second: String,
    /// Probability of the first minus that of the second, in [0, 1].
    pub margin: f64,
}

impl Probs {
    /// Everything that is wrong with these probabilities; pointers begin at the map.
    pub fn faults(&self, question: &Question) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.0.is_empty() {
            faults.push(Fault::at("", Code::Empty, "at least one probability is needed"));
        }
        for (value, probability) in &self.0 {
            let at = format!("/{}", escape_pointer(value));
            if question.option(value).is_none() {
                let detail = format!("'{value}' is not an option of '{}'", question.name);
                faults.push(Fault::at(at, Code::UnknownOption, detail));
            } else if !(0.0..=1.0).contains(probability) {
                faults.push(Fault::at(at, Code::InvalidProbability, "must be between 0 and 1"));
            }
        }
        let sum: f64 = self.0.values().sum();
        if faults.is_empty() && sum > 1.0 + SLACK {
            let detail = format!("the probabilities sum to {sum}, more than 1");
            faults.push(Fault::at("", Code::InvalidProbability, detail));
        }
        faults
    }

    /// The probability of every option of `question`. The mass that was not given is spread evenly over the
    /// options that were not given, each at most the smallest given.
    pub fn complete<'a>(&'a self, question: &'a Question) -> BTreeMap<&'a str, f64> {
        let missing = question.options.iter().filter(|option| !self.0.contains_key(&option.value)).count();
        let given: f64 = self.0.values().sum();
        let smallest = self.0.values().copied().fold(1.0, f64::min);
        let share = ((1.0 - given).max(0.0) / (missing.max(1) as f64)).min(smallest);
        question
            .options
            .iter()
            .map(|option| {
                (option.value.as_str(), self.0.get(&option.value).copied().unwrap_or(share).clamp(0.0, 1.0))
            })
            .collect()
    }

    /// The probability of one option, by [`Probs::complete`]; 0 for a value that is no option.
    pub fn of(&self, question: &Question, value: &str) -> f64 {
        self.complete(question).get(value).copied().unwrap_or(0.0)
    }

    /// The two most probable options; equal probabilities by value. `None` with fewer than two options.
    ///
    /// Scheffer, Decomain & Wrobel 2001, doi:10.1007/3-540-44816-0_31: the margin between the two most
    /// probable labels; small is uncertain.
    pub fn margin(&self, question: &Question) -> Option<Margin> {
        let mut ranked: Vec<_> = self.complete(question).into_iter().collect();
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let [(first, p), (second, q), ..] = ranked.as_slice() else { return None };
        Some(Margin {
            first: (*first).to_owned(),
            second: (*second).to_owned(),
            margin: (p - q).clamp(0.0, 1.0),
        })
    }

    /// 1 minus the margin, in [0, 1]: 1 is most uncertain. 0 where there is nothing to confuse.
    pub fn uncertainty(&self, question: &Question) -> f64 {
        self.margin(question).map_or(0.0, |margin| 1.0 - margin.margin)
    }
}

#[cfg(test)]
mod tests {
    use super::Probs;
    use crate::{
        problem::Code,
        schema::{ChoiceOption, Question, QuestionKind},
    };
    use proptest::prelude::*;
    use rstest::rstest;

    fn question(options: &[&str]) -> Question {
        Question {
            name: "q".into(),
            kind: QuestionKind::Choice,
            title: None,
            required: true,
            options: options
                .iter()
                .map(|value| ChoiceOption { value: (*value).into(), title: None, retired: false })
                .collect(),
        }
    }

    fn probs(entries: &[(&str, f64)]) -> Probs {
        Probs(entries.iter().map(|(value, p)| ((*value).into(), *p)).collect())
    }

    #[rstest]
    #[case(&[("a", 0.6), ("b", 0.4)], None)]
    #[case(&[("a", 1.1)], Some(Code::InvalidProbability))]
    #[case(&[("a", f64::NAN)], Some(Code::InvalidProbability))]
    #[case(&[("a", 0.7), ("b", 0.4)], Some(Code::InvalidProbability))]
    #[case(&[("z", 0.7)], Some(Code::UnknownOption))]
    #[case(&[], Some(Code::Empty))]
    fn bad_probabilities_are_refused(#[case] entries: &[(&str, f64)], #[case] code: Option<Code>) {
        let faults = probs(entries).faults(&question(&["a", "b"]));
        assert_eq!(faults.first().map(|fault| fault.code), code);
    }

    #[test]
    fn missing_mass_is_spread_but_never_above_the_smallest_given() {
        let question = question(&["a", "b", "c", "d"]);
        let spread = probs(&[("a", 0.8), ("b", 0.1)]);
        assert!((spread.of(&question, "c") - 0.05).abs() < 1e-12);
        let capped = probs(&[("a", 0.1)]);
        assert!((capped.of(&question, "d") - 0.1).abs() < 1e-12);
    }

    #[test]
    fn the_margin_names_the_two_most_probable() {
        let question = question(&["card_arrival", "lost_card"]);
        let margin = probs(&[("card_arrival", 0.41), ("lost_card", 0.37)]).margin(&question);
        assert!(margin.is_some_and(|m| m.first == "card_arrival"
            && m.second == "lost_card"
            && (m.margin - 0.04).abs() < 1e-12));
    }

    proptest! {
        #[test]
        fn uncertainty_is_finite_and_in_range(a in 0.0..1.0f64, share in 0.0..1.0f64) {
            let question = question(&["a", "b", "c"]);
            let score = probs(&[("a", a), ("b", (1.0 - a) * share)]).uncertainty(&question);
            prop_assert!((0.0..=1.0).contains(&score));
        }
    }
}

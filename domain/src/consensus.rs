//! What the annotations of one task say together: a label with its probability, or a conflict.
//!
//! How far each annotator is believed comes from outside, as a [`Belief`] for each question; without one every answer
//! counts the same. A verdict other than `answered` is a conflict, except that a unanimous `bad_sample` asks for the
//! label's removal.

use crate::answer::{Answers, Verdict};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One annotation, as far as consensus goes.
#[derive(Clone, Copy, Debug)]
pub struct Vote<'a> {
    /// What it says about the task.
    pub verdict: Verdict,
    /// Its answers; empty unless the verdict is `answered`.
    pub answers: &'a Answers,
}

/// What the annotations of a task say together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Consensus {
    /// The consensus label; null on a conflict, and where the label is to be removed.
    pub answers: Option<Answers>,
    /// By question: the probability of the leading answer, in (0, 1]; where every answer counts the same, its share of the
    /// annotations.
    pub posterior: BTreeMap<String, f64>,
    /// Whether there is no consensus.
    pub conflict: bool,
}

/// What approving a consensus does to the label.
#[derive(Clone, Debug, PartialEq)]
pub enum Approval {
    /// This becomes the label.
    Label(Answers),
    /// The label is removed: everybody says that the sample is bad.
    Remove,
}

/// The probability of each answer to one question, by the answer as JSON text.
pub type Belief = BTreeMap<String, f64>;

/// From this probability on a label stands though the annotators are evenly split or most of them say another.
const BEYOND_DOUBT: f64 = 0.95;

/// Probabilities this close are equal: the rest is rounding.
const EQUAL: f64 = 1e-9;

impl Consensus {
    /// What `votes` say where every answer counts the same.
    pub fn of(votes: &[Vote<'_>]) -> Self {
        Self::judged(votes, &BTreeMap::new())
    }

    /// What `votes` say by these beliefs.
    ///
    /// The most probable answer is the consensus where more people gave it than any other, or where it is beyond doubt.
    pub fn judged(votes: &[Vote<'_>], beliefs: &BTreeMap<String, Belief>) -> Self {
        let conflict = |posterior| Self { answers: None, posterior, conflict: true };
        if votes.is_empty() {
            return conflict(BTreeMap::new());
        }
        if votes.iter().all(|vote| vote.verdict == Verdict::BadSample) {
            return Self { answers: None, posterior: BTreeMap::new(), conflict: false };
        }
        let answered: Vec<_> = votes.iter().filter(|vote| vote.verdict == Verdict::Answered).collect();
        let questions: BTreeSet<&String> = answered.iter().flat_map(|vote| vote.answers.0.keys()).collect();
        let mut label = Answers::default();
        let mut posterior = BTreeMap::new();
        let mut in_doubt = answered.len() < votes.len();
        for question in questions {
            let shares = shares(&answered, question, votes.len());
            let belief = beliefs.get(question).filter(|belief| !belief.is_empty()).unwrap_or(&shares);
            let Some((leader, probability)) = first(belief) else { continue };
            let is_said_by_most = leading(&shares) == Some(leader) && leading(belief).is_some();
            in_doubt |= !is_said_by_most && probability < BEYOND_DOUBT;
            posterior.insert(question.clone(), probability);
            if let Ok(value) = serde_json::from_str::<Value>(leader) {
                label.0.insert(question.clone(), value);
            }
        }
        if in_doubt { conflict(posterior) } else { Self { answers: Some(label), posterior, conflict: false } }
    }

    /// How probable the least certain answer is; none where nobody answered or somebody doubts that it can be answered.
    pub fn certainty(&self, votes: &[Vote<'_>]) -> Option<f64> {
        if self.approval() == Some(Approval::Remove) {
            return Some(1.0);
        }
        let is_doubted = votes.iter().any(|vote| vote.verdict != Verdict::Answered);
        self.posterior.values().copied().reduce(f64::min).filter(|_| !is_doubted)
    }

    /// What approving it does; `None` on a conflict.
    pub fn approval(&self) -> Option<Approval> {
        match (&self.answers, self.conflict) {
            (_, true) => None,
            (Some(answers), false) => Some(Approval::Label(answers.clone())),
            (None, false) => Some(Approval::Remove),
        }
    }
}

/// The share of each answer to the question, as JSON text; nothing for a question that may be left out and was.
fn shares(answered: &[&Vote<'_>], question: &str, votes: usize) -> Belief {
    let mut shares = Belief::new();
    for vote in answered {
        let text = vote.answers.0.get(question).map(Value::to_string).unwrap_or_default();
        *shares.entry(text).or_default() += 1.0 / votes as f64;
    }
    shares
}

/// The answer that is more probable than every other.
fn leading(belief: &Belief) -> Option<&str> {
    let (first, most) = first(belief)?;
    let rivals = belief.values().filter(|probability| **probability >= most - EQUAL).count();
    (rivals == 1).then_some(first)
}

/// The first of the most probable answers.
fn first(belief: &Belief) -> Option<(&str, f64)> {
    let most = belief.values().copied().fold(0.0, f64::max);
    let mut leaders = belief.iter().filter(|(_, probability)| **probability >= most - EQUAL);
    leaders.next().map(|(answer, probability)| (answer.as_str(), *probability))
}

/// What all votes answer alike; none without votes.
pub fn unanimous<'a>(votes: &[Vote<'a>]) -> Option<&'a Answers> {
    let first = votes.first()?.answers;
    votes.iter().all(|vote| vote.verdict == Verdict::Answered && vote.answers == first).then_some(first)
}

/// The share of agreeing pairs among `votes`; `None` with fewer than two.
pub fn pairwise_agreement(votes: &[Vote<'_>]) -> Option<f64> {
    let pairs = votes.len() * votes.len().saturating_sub(1) / 2;
    if pairs == 0 {
        return None;
    }
    let agreeing = votes
        .iter()
        .enumerate()
        .flat_map(|(index, a)| votes[index + 1..].iter().map(move |b| (a, b)))
        .filter(|(a, b)| a.verdict == b.verdict && a.answers == b.answers)
        .count();
    Some(agreeing as f64 / pairs as f64)
}

#[cfg(test)]
mod tests {
    use super::{Approval, Consensus, Vote, pairwise_agreement, unanimous};
    use crate::answer::{Answers, Verdict};

    fn choice(value: &str) -> Answers {
        Answers([("q".to_owned(), value.into())].into())
    }

    fn votes<'a>(answers: &'a [Answers]) -> Vec<Vote<'a>> {
        answers.iter().map(|answers| Vote { verdict: Verdict::Answered, answers }).collect()
    }

    #[test]
    fn the_majority_wins_with_its_share() {
        let answers = [choice("a"), choice("b"), choice("a")];
        let consensus = Consensus::of(&votes(&answers));
        assert_eq!(consensus.answers, Some(choice("a")));
        assert!((consensus.posterior["q"] - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(unanimous(&votes(&answers)), None);
        assert_eq!(unanimous(&votes(&answers[..1])), Some(&answers[0]));
    }

    #[test]
    fn a_tie_is_a_conflict() {
        let answers = [choice("a"), choice("b")];
        let consensus = Consensus::of(&votes(&answers));
        assert!(consensus.conflict && consensus.answers.is_none() && consensus.approval().is_none());
        assert_eq!(pairwise_agreement(&votes(&answers)), Some(0.0));
    }

    #[test]
    fn who_is_believed_settles_a_tie_only_beyond_doubt() {
        let answers = [choice("a"), choice("b")];
        let judged = |a: f64| {
            let belief = [("\"a\"".to_owned(), a), ("\"b\"".to_owned(), 1.0 - a)].into();
            Consensus::judged(&votes(&answers), &[("q".to_owned(), belief)].into())
        };
        let doubtful = judged(0.9);
        assert!(doubtful.conflict && doubtful.answers.is_none());
        assert_eq!(doubtful.posterior["q"], 0.9);
        assert_eq!(judged(0.96).answers, Some(choice("a")));
        assert_eq!(judged(0.96).certainty(&votes(&answers)), Some(0.96));
    }

    #[test]
    fn a_majority_that_is_not_believed_is_a_conflict() {
        let answers = [choice("b"), choice("b"), choice("a")];
        let judged = |a: f64| {
            let belief = [("\"a\"".to_owned(), a), ("\"b\"".to_owned(), 1.0 - a)].into();
            Consensus::judged(&votes(&answers), &[("q".to_owned(), belief)].into())
        };
        assert_eq!(judged(0.3).answers, Some(choice("b")));
        assert!(judged(0.6).conflict);
        assert_eq!(judged(0.97).answers, Some(choice("a")));
    }

    #[test]
    fn most_may_have_left_a_question_out() {
        let answers = [choice("a"), Answers::default(), Answers::default()];
        let consensus = Consensus::of(&votes(&answers));
        assert_eq!((consensus.answers, consensus.conflict), (Some(Answers::default()), false));
    }

    #[test]
    fn one_doubtful_verdict_is_a_conflict() {
        let (answer, none) = (choice("a"), Answers::default());
        let votes = [
            Vote { verdict: Verdict::Answered, answers: &answer },
            Vote { verdict: Verdict::Answered, answers: &answer },
            Vote { verdict: Verdict::Ambiguous, answers: &none },
        ];
        assert!(Consensus::of(&votes).conflict);
    }

    #[test]
    fn everybody_calling_it_bad_removes_the_label() {
        let none = Answers::default();
        let votes = [Vote { verdict: Verdict::BadSample, answers: &none }; 2];
        assert_eq!(Consensus::of(&votes).approval(), Some(Approval::Remove));
        assert_eq!(Consensus::of(&[]).approval(), None);
    }
}

//! What the annotations of one task say together: majority with its share.
//!
//! A tie, or a verdict other than `answered`, is a conflict, except that a unanimous `bad_sample` asks for
//! the label's removal.

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
    /// By question: the share of the annotations that gave the leading answer, in (0, 1].
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

impl Consensus {
    /// The majority of `votes`.
    pub fn of(votes: &[Vote<'_>]) -> Self {
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
        let mut tied = answered.len() < votes.len();
        for question in questions {
            // A question that may be left out can have "no answer" as its majority.
            let mut counts: BTreeMap<Option<String>, (usize, Option<&Value>)> = BTreeMap::new();
            for vote in &answered {
                let value = vote.answers.0.get(question);
                counts.entry(value.map(Value::to_string)).or_insert((0, value)).0 += 1;
            }
            let most = counts.values().map(|(count, _)| *count).max().unwrap_or(0);
            let mut leading = counts.values().filter(|(count, _)| *count == most);
            let first = leading.next();
            tied |= leading.next().is_some();
            posterior.insert(question.clone(), most as f64 / votes.len() as f64);
            if let Some((_, Some(value))) = first {
                label.0.insert(question.clone(), (*value).clone());
            }
        }
        if tied { conflict(posterior) } else { Self { answers: Some(label), posterior, conflict: false } }
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

/// Whether all votes are `answered` with equal answers; false without votes.
pub fn is_unanimous(votes: &[Vote<'_>]) -> bool {
    votes.first().is_some_and(|first| {
        votes.iter().all(|vote| vote.verdict == Verdict::Answered && vote.answers == first.answers)
    })
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
    use super::{Approval, Consensus, Vote, is_unanimous, pairwise_agreement};
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
        assert!(!is_unanimous(&votes(&answers)));
    }

    #[test]
    fn a_tie_is_a_conflict() {
        let answers = [choice("a"), choice("b")];
        let consensus = Consensus::of(&votes(&answers));
        assert!(consensus.conflict && consensus.answers.is_none() && consensus.approval().is_none());
        assert_eq!(pairwise_agreement(&votes(&answers)), Some(0.0));
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

//! Answers that are known: whether somebody's answer equals them, how often it does, and when that is too seldom to be
//! chance.
//!
//! Says nothing about who is better than whom, and nothing about samples whose answers are not known.

use crate::{
    answer::{Answers, Verdict},
    estimate::{Rate, wilson},
    id::{AnnotatorId, TaskId},
    rank::rank,
    task::TaskState,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// Of so many results at most, the newest, follows how often somebody is right: enough for an interval of a tenth or two,
/// few enough that somebody who has learned is soon seen to have.
pub const WINDOW: usize = 30;
/// With fewer results nobody is said to be below a level.
pub const LEAST: i64 = 5;
/// The normal quantile of a two-sided 99% interval.
const Z99: f64 = 2.575_829_303_548_901;

/// One answer to a known-answer task: of each question that is known, whether it was answered right.
///
/// A question that the known answers leave out is not judged. A verdict other than `answered` answers no question, so it is
/// not right: a sample of which it would be is not one to mark.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownResult(BTreeMap<String, bool>);

impl KnownResult {
    /// Compares what somebody said with the known answers.
    ///
    /// ```
    /// use domain::{answer::{Answers, Verdict}, known::KnownResult};
    ///
    /// let answers = |text| serde_json::from_str::<Answers>(text).unwrap();
    /// let known = answers(r#"{"intent": "lost_card"}"#);
    /// let right = KnownResult::of(&known, Verdict::Answered, &answers(r#"{"intent": "lost_card", "tone": "angry"}"#));
    /// assert!(right.is_right());
    /// assert!(!KnownResult::of(&known, Verdict::Ambiguous, &Answers::default()).is_right());
    /// ```
    pub fn of(known: &Answers, verdict: Verdict, said: &Answers) -> Self {
        let is_right = |question: &String, value: &Value| {
            verdict == Verdict::Answered && said.0.get(question) == Some(value)
        };
        Self(known.0.iter().map(|(question, value)| (question.clone(), is_right(question, value))).collect())
    }

    /// Whether every known question was answered right.
    pub fn is_right(&self) -> bool {
        self.0.values().all(|right| *right)
    }
}

/// How many of some results are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Right {
    /// Those that are right.
    pub right: i64,
    /// All of them.
    pub of: i64,
}

impl Right {
    fn add(&mut self, right: bool) {
        self.of += 1;
        self.right += i64::from(right);
    }

    /// The share, with Wilson's 95% interval ([`Rate::of`]); none where there is no result.
    pub fn accuracy(self) -> Option<Rate> {
        Rate::of(self.right, self.of)
    }

    /// Whether somebody with these results is right less often than `level`, so that luck does not explain it.
    ///
    /// With at least [`LEAST`] results, they are where the upper end of Wilson's 99% interval is below the level. It is looked
    /// at anew after every result, and who looks often finds more by chance than one look would (P. Armitage,
    /// C. K. McPherson, B. C. Rowe, 1969, Repeated significance tests on accumulating data, JRSS A 132:235–244,
    /// <https://doi.org/10.2307/2343787>); hence 99%, and not the 95% that is shown. Of people who are right exactly as often as a
    /// level of 0.8 asks, about 6 of 100 get a notice within 30 results; of those who are right 9 times in 10, 1 of 500; of
    /// those who are right 6 times in 10, 70 of 100.
    ///
    /// ```
    /// use domain::known::Right;
    ///
    /// assert!(!Right { right: 0, of: 4 }.is_below(0.8), "too few to tell");
    /// assert!(Right { right: 1, of: 5 }.is_below(0.8));
    /// assert!(!Right { right: 3, of: 5 }.is_below(0.8), "60%, and may well be chance");
    /// assert!(Right { right: 17, of: 30 }.is_below(0.8));
    /// ```
    pub fn is_below(self, level: f64) -> bool {
        let n = self.of as f64;
        self.of >= LEAST && wilson(self.right as f64 / n, n, Z99)[1] < level
    }
}

/// What somebody's last results say of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Answers that are right in every known question.
    pub all: Right,
    /// Question by question.
    pub questions: BTreeMap<String, Right>,
}

impl Standing {
    /// Of the first [`WINDOW`] results, which are the newest.
    pub fn of(newest_first: impl IntoIterator<Item = KnownResult>) -> Self {
        let mut standing = Self::default();
        for result in newest_first.into_iter().take(WINDOW) {
            standing.all.add(result.is_right());
            for (question, right) in result.0 {
                standing.questions.entry(question).or_default().add(right);
            }
        }
        standing
    }
}

/// In which state whoever has answered a known-answer task is told that it is: one of those in which their answer could
/// have left another task of the project. As often as theirs would have been the last of its answers, it seems to be; which
/// tasks those are stays the same. `places`: how many answers a task gets; others' answers are taken to be right.
pub fn told(
    salt: &str,
    (task, annotator): (TaskId, AnnotatorId),
    places: u16,
    policy: Policy,
    result: &KnownResult,
) -> TaskState {
    if !seems_last(salt, (task, annotator), places) {
        return TaskState::Open;
    }
    let is_unanimous = places < 2 || result.is_right();
    match policy {
        Policy::Approves if is_unanimous => TaskState::Approved,
        Policy::Approves | Policy::Asks => TaskState::InReview,
    }
}

/// Whether an answer to a known-answer task seems to be the last that it waited for.
pub fn seems_last(salt: &str, (task, annotator): (TaskId, AnnotatorId), places: u16) -> bool {
    rank(salt, &format!("known\n{task}\n{annotator}")) * f64::from(places) < 1.0
}

/// What the review policy does with a task where all answers are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// It approves it.
    Approves,
    /// A reviewer sees it all the same.
    Asks,
}

#[cfg(test)]
mod tests {
    use super::{KnownResult, LEAST, Policy, Right, Standing, WINDOW, told};
    use crate::{
        answer::{Answers, Verdict},
        id::{AnnotatorId, TaskId},
        task::TaskState,
    };
    use proptest::prelude::*;
    use serde_json::json;

    fn answers(value: serde_json::Value) -> Answers {
        serde_json::from_value(value).unwrap_or_default()
    }

    #[test]
    fn each_known_question_is_judged_and_no_other() {
        let known = answers(json!({"intent": "a", "tone": "calm"}));
        let said = answers(json!({"intent": "a", "tone": "angry", "spam": "no"}));
        let standing = Standing::of([KnownResult::of(&known, Verdict::Answered, &said)]);
        assert_eq!(standing.all, Right { right: 0, of: 1 });
        let questions: Vec<_> =
            standing.questions.iter().map(|(name, right)| (name.as_str(), right.right)).collect();
        assert_eq!(questions, [("intent", 1), ("tone", 0)]);
    }

    #[test]
    fn only_the_newest_results_count() {
        let known = answers(json!({"intent": "a"}));
        let said =
            |value: &str| KnownResult::of(&known, Verdict::Answered, &answers(json!({"intent": value})));
        let standing = Standing::of((0..100).map(|index| said(if index < WINDOW { "a" } else { "b" })));
        assert_eq!(standing.all, Right { right: 30, of: 30 });
        assert_eq!(Standing::of([]).all.accuracy(), None);
    }

    proptest! {
        #[test]
        fn nobody_is_below_a_level_that_they_reach_and_more_right_answers_never_harm(
            right in 0..=30i64, of in 0..=30i64, level in 0.0..=1.0f64
        ) {
            prop_assume!(right <= of);
            let now = Right { right, of };
            if now.accuracy().is_none_or(|rate| rate.value >= level) || of < LEAST {
                prop_assert!(!now.is_below(level));
            }
            if right < of && !now.is_below(level) {
                let better = Right { right: right + 1, of };
                prop_assert!(!better.is_below(level));
            }
        }
    }

    #[test]
    fn nothing_is_below_no_level_at_all() {
        assert!(!Right { right: 0, of: 30 }.is_below(0.0));
    }

    #[test]
    fn a_known_answer_task_seems_to_end_as_others_do() {
        let known = answers(json!({"intent": "a"}));
        let right = KnownResult::of(&known, Verdict::Answered, &known);
        let wrong = KnownResult::of(&known, Verdict::NoneFits, &Answers::default());
        let told = |task, places, policy, result: &KnownResult| {
            told("salt", (TaskId(task), AnnotatorId(1)), places, policy, result)
        };
        let open = (0..4000).filter(|task| told(*task, 2, Policy::Asks, &right) == TaskState::Open);
        assert!((1800..2200).contains(&open.count()), "one of two answers is the last");
        assert_eq!(told(1, 1, Policy::Asks, &right), TaskState::InReview);
        assert_eq!(told(1, 1, Policy::Approves, &wrong), TaskState::Approved, "nobody else was asked");
        assert!((0..100).all(|task| told(task, 2, Policy::Approves, &wrong) != TaskState::Approved));
        assert!((0..100).any(|task| told(task, 2, Policy::Approves, &right) == TaskState::Approved));
    }
}

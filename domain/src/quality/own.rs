//! What a person may be told of their own answers while others still answer the same tasks.
//!
//! Nothing that a person is told about themselves may tell the label of a task that waits, nor what others say of it, nor
//! why a sample was chosen. So everything here is of approved tasks alone, but for how many answers and how fast; samples
//! that wait again are left out; shares of fewer than [`LEAST_TOLD`] answers are withheld; an answer that was given once
//! where another label is final is not listed; and reasons are not told.

use super::{Given, Quality, Undefined, Work, accuracy, others};
use crate::{quality::accuracy::Accuracy, truth::Method};

/// A share of fewer answers is not told.
pub const LEAST_TOLD: i64 = 5;
/// How often two labels must have been mixed up to be a tendency.
const LEAST_MIXED_UP: i64 = 2;

fn is_told(given: &Given) -> bool {
    given.settled.is_some() && !given.waits_again
}

impl Work {
    /// What everybody may know of their own answers, by the person's index.
    pub fn own_qualities(&self, method: Method) -> Vec<Quality> {
        let ratings = self.ratings(is_told);
        let accuracies = accuracy::of(&ratings, method);
        let others = others::of(&ratings);
        let hidden = |given: &Given| Given { settled: given.settled.filter(|_| is_told(given)), ..*given };
        self.by_annotator()
            .into_iter()
            .zip(accuracies.into_iter().zip(others))
            .map(|(given, (accuracy, others))| {
                let given: Vec<Given> = given.iter().map(hidden).collect();
                self.quality(&given, accuracy, others).withheld()
            })
            .collect()
    }
}

impl Quality {
    /// Of somebody who has not answered.
    pub fn nothing() -> Self {
        let nobody = super::Proportion::of(0, 0, Undefined::NobodyElse);
        Work::default().quality(&[], Accuracy::undefined(Undefined::NobodyElse), nobody)
    }

    /// The same without what could tell about a single task.
    fn withheld(mut self) -> Self {
        for share in [&mut self.agreement_with_final, &mut self.agreement_with_others] {
            if (1..LEAST_TOLD).contains(&share.of) {
                *share = share.withheld();
            }
        }
        for week in &mut self.weeks {
            if (1..LEAST_TOLD).contains(&week.agreement_with_final.of) {
                week.agreement_with_final = week.agreement_with_final.withheld();
            }
        }
        if self.accuracy.value.is_some() && self.agreement_with_final.value.is_none() {
            self.accuracy = Accuracy::undefined(Undefined::TooFew);
        }
        let compared = [self.change.last.of, self.change.before.of];
        if compared.iter().any(|of| (1..LEAST_TOLD).contains(of)) {
            self.change = self.change.withheld();
        }
        self.confusion.retain(|row| row.answers >= LEAST_TOLD);
        for row in &mut self.confusion {
            let right = row.final_label.clone();
            row.given.retain(|cell| cell.answer == right || cell.share.count >= Some(LEAST_MIXED_UP));
        }
        self.reasons.clear();
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{quality::Week, signal::SignalKind};

    fn given(task: u32, annotator: u32, label: u32, settled: Option<u32>) -> Given {
        Given {
            task,
            annotator,
            label,
            settled,
            waits_again: false,
            duration_ms: None,
            week: Week::of_day(20_000),
            reason: SignalKind::UserReport,
        }
    }

    fn work(given: Vec<Given>) -> Work {
        Work { labels: vec!["x".to_owned(), "y".to_owned()], annotators: 2, given }
    }

    #[test]
    fn open_tasks_change_nothing_but_the_number_of_answers() {
        let decided: Vec<Given> = (0..8)
            .flat_map(|task| [given(task, 0, task % 2, Some(task % 2)), given(task, 1, 0, Some(task % 2))])
            .collect();
        let before = work(decided.clone()).own_qualities(Method::Robust);
        for said in [0, 1] {
            let mut more = decided.clone();
            more.extend([given(100, 0, 0, None), given(100, 1, said, None)]);
            let again = Given { waits_again: true, ..given(101, 0, 1, Some(said)) };
            more.extend([again, Given { annotator: 1, ..again }]);
            let after = work(more).own_qualities(Method::Robust);
            let mut seen = after[0].clone();
            seen.answers -= 2;
            seen.weeks[0].answers -= 2;
            assert_eq!(seen, before[0]);
        }
        assert!(before[0].accuracy.value.is_some() && before[0].agreement_with_final.value == Some(1.0));
        assert!(before[0].reasons.is_empty());
    }

    #[test]
    fn few_decided_answers_tell_nothing() {
        let four: Vec<Given> = (0..4)
            .flat_map(|task| [given(task, 0, 0, Some(task % 2)), given(task, 1, 1, Some(task % 2))])
            .collect();
        let quality = &work(four).own_qualities(Method::Robust)[0];
        assert_eq!(quality.agreement_with_final.undefined, Some(Undefined::TooFew));
        assert_eq!((quality.agreement_with_final.count, quality.agreement_with_final.of), (None, 4));
        assert_eq!(quality.agreement_with_others.undefined, Some(Undefined::TooFew));
        assert_eq!(quality.accuracy.undefined, Some(Undefined::TooFew));
        assert_eq!(quality.weeks[0].agreement_with_final.count, None);
        assert!(quality.confusion.is_empty());
    }

    #[test]
    fn what_was_mixed_up_once_is_not_listed() {
        let six: Vec<Given> = (0..6).map(|task| given(task, 0, u32::from(task == 0), Some(0))).collect();
        let quality = &work(six).own_qualities(Method::Robust)[0];
        assert_eq!((quality.confusion[0].answers, quality.mix_ups().len()), (6, 0));
    }

    #[test]
    fn somebody_without_answers_has_no_figures() {
        let nothing = Quality::nothing();
        assert_eq!(nothing.agreement_with_final.undefined, Some(Undefined::NothingDecided));
        assert_eq!(nothing.speed.undefined, Some(Undefined::NoTimes));
        assert_eq!(nothing.clone().withheld(), nothing);
    }
}

//! How one person's counted answers to one question compare with what became of the tasks and with what others said.
//!
//! [`Work::qualities`] reads the answers of all people once and gives a [`Quality`] for each. Each statistic has a file with
//! its definition, range, undefined cases and source; one that the data do not determine says why, and none is NaN or
//! stands as 0 for "unknown".
//!
//! Nothing here compares people with one another: there is no rank, and no grade of what is good enough. Nor does anything
//! decide on an answer or a person. What a person may be told of themselves while tasks are open is in `own`.

mod accuracy;
mod change;
mod confusion;
mod others;
mod own;
mod proportion;
mod speed;
mod undefined;
mod week;

use serde::{Deserialize, Serialize};

pub use accuracy::{Accuracy, informativeness};
pub use change::{Change, Direction};
pub use confusion::{ConfusionCell, ConfusionRow, MixUp};
pub use own::LEAST_TOLD;
pub use proportion::Proportion;
pub use speed::Speed;
pub use undefined::Undefined;
pub use week::{OfWeek, Week};

use crate::{agreement::Ratings, signal::SignalKind, truth::Method};

/// One counted answer. People, labels and tasks are numbers: indexes of [`Work`], and for tasks any that tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    pub task: u32,
    pub annotator: u32,
    pub label: u32,
    /// The label of the decision that stands, where the task is approved and the decision answers the question.
    pub settled: Option<u32>,
    /// Whether the sample waits in the queue again, so that its label is no annotator's business.
    pub waits_again: bool,
    /// How long the answer took; none where that is not known, as of imported ones.
    pub duration_ms: Option<u32>,
    pub week: Week,
    /// Why the task was opened.
    pub reason: SignalKind,
}

/// All counted answers to one question.
#[derive(Debug, Clone, Default)]
pub struct Work {
    /// The names of the labels, be they given or final.
    pub labels: Vec<String>,
    /// How many people there are; each has given an answer.
    pub annotators: u32,
    pub given: Vec<Given>,
}

/// One person's answers to one question. Every statistic that is undefined says why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorQuality))]
pub struct Quality {
    /// Counted answers.
    pub answers: i64,
    /// The probability of a right answer, as the project's method of consensus estimates it.
    pub accuracy: Accuracy,
    /// Answers that are the final label, among those to approved tasks.
    pub agreement_with_final: Proportion,
    /// Answers that are what most of the others said, among those where the others had one most frequent answer.
    pub agreement_with_others: Proportion,
    /// By final label, which answers were given.
    pub confusion: Vec<ConfusionRow>,
    /// How long answers take.
    pub speed: Speed,
    /// By week, the oldest first; only weeks with an answer.
    pub weeks: Vec<OfWeek>,
    /// Whether the last week with decided answers differs from those before.
    pub change: Change,
    /// By reason for which tasks were opened, agreement with the final label; only reasons with an answer.
    pub reasons: Vec<OfReason>,
}

/// Agreement with the final label on tasks that were opened for one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorReason))]
pub struct OfReason {
    pub reason: SignalKind,
    /// Counted answers.
    pub answers: i64,
    pub agreement_with_final: Proportion,
}

impl Work {
    /// How everybody's answers compare, by the person's index; accuracy as `method` learns it from all of them.
    ///
    /// Ann and Ben answer four tasks, of which three are decided. Ann's answers are all final, of Ben's one of two:
    ///
    /// ```
    /// use domain::{quality::{Given, Week, Work}, signal::SignalKind, truth::Method};
    ///
    /// let given = |task, annotator, label, settled| Given {
    ///     task, annotator, label, settled, waits_again: false, duration_ms: Some(2_000), week: Week::of_day(20_000),
    ///     reason: SignalKind::Audit,
    /// };
    /// let work = Work {
    ///     labels: vec!["x".into(), "y".into()],
    ///     annotators: 2,
    ///     given: vec![
    ///         given(1, 0, 0, Some(0)), given(2, 0, 1, Some(1)), given(3, 0, 1, Some(1)), given(4, 0, 0, None),
    ///         given(1, 1, 0, Some(0)), given(2, 1, 0, Some(1)), given(4, 1, 0, None),
    ///     ],
    /// };
    /// let people = work.qualities(Method::Robust);
    /// assert_eq!(people.iter().map(|each| each.agreement_with_final.value).collect::<Vec<_>>(), [Some(1.0), Some(0.5)]);
    /// // Together they answered three tasks, and said the same of two.
    /// assert_eq!((people[0].agreement_with_others.count, people[0].agreement_with_others.of), (Some(2), 3));
    /// ```
    pub fn qualities(&self, method: Method) -> Vec<Quality> {
        let ratings = self.ratings(|_| true);
        let accuracies = accuracy::of(&ratings, method);
        let others = others::of(&ratings);
        self.by_annotator()
            .into_iter()
            .zip(accuracies.into_iter().zip(others))
            .map(|(given, (accuracy, others))| self.quality(&given, accuracy, others))
            .collect()
    }

    /// What `given`, one person's answers, say beside what compares them with others'.
    fn quality(&self, given: &[Given], accuracy: Accuracy, others: Proportion) -> Quality {
        let weeks = week::of(given);
        Quality {
            answers: given.len() as i64,
            accuracy,
            agreement_with_final: final_agreement(given.iter()),
            agreement_with_others: others,
            confusion: confusion::of(given, &self.labels),
            speed: Speed::of(given.iter().filter_map(|each| each.duration_ms).collect()),
            change: Change::of(&weeks),
            weeks,
            reasons: by_reason(given),
        }
    }

    /// Everybody's answers, by index; people without one have an empty list.
    fn by_annotator(&self) -> Vec<Vec<Given>> {
        let mut lists = vec![Vec::new(); self.annotators as usize];
        for given in &self.given {
            if let Some(list) = lists.get_mut(given.annotator as usize) {
                list.push(*given);
            }
        }
        lists
    }

    /// Who said what, of the answers that `counts` takes; labels without an answer are not in it.
    fn ratings(&self, counts: impl Fn(&Given) -> bool) -> Numbered {
        let given = self.given.iter().filter(|given| counts(given));
        let answers: Vec<_> = given.map(|given| (given.task, given.annotator, given.label)).collect();
        Numbered::of(self.annotators, self.labels.clone(), answers)
    }
}

/// Ratings, and where each person stands in them: those without an answer are not in them.
struct Numbered {
    ratings: Ratings,
    places: Vec<Option<u32>>,
}

impl Numbered {
    fn of(annotators: u32, labels: Vec<String>, mut answers: Vec<(u32, u32, u32)>) -> Self {
        // Who took an answer back and gave another while the answers were read may be here twice.
        answers.sort_unstable();
        answers.dedup_by_key(|(task, annotator, _)| (*task, *annotator));
        let mut places = vec![None; annotators as usize];
        for (_, annotator, _) in &answers {
            if let Some(place) = places.get_mut(*annotator as usize) {
                *place = Some(0);
            }
        }
        places.iter_mut().flatten().zip(0..).for_each(|(place, index)| *place = index);
        let names = (0..annotators).map(|index| index.to_string()).collect();
        Self { ratings: Ratings::from_indexes(names, labels, answers).unwrap_or_default(), places }
    }
}

fn final_agreement<'a>(given: impl Iterator<Item = &'a Given>) -> Proportion {
    let decided = given.filter_map(|given| Some(given.settled? == given.label));
    Proportion::counted(decided, Undefined::NothingDecided)
}

fn by_reason(given: &[Given]) -> Vec<OfReason> {
    let of = |reason| {
        let answers = given.iter().filter(move |given| given.reason == reason);
        let count = answers.clone().count() as i64;
        (count > 0).then(|| OfReason {
            reason,
            answers: count,
            agreement_with_final: final_agreement(answers),
        })
    };
    SignalKind::ALL.into_iter().filter_map(of).collect()
}

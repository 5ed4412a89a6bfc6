//! The input of every agreement statistic: who gave which label to which item.
//!
//! Answers are held as small integers sorted by item, with the labels of each item already counted, so that a
//! statistic over a million answers is one pass. Not everybody has to answer everything; nobody answers an item
//! twice. Labels are compared by identity alone: no order, no weights, no normalising.

use std::collections::BTreeMap;
use std::fmt::Display;

use thiserror::Error;

use super::numbering::{number, renumber};
use super::statistic::Undefined;

/// One answer: indexes of the annotator and the label in [`Ratings::annotators`] and [`Ratings::labels`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    pub annotator: u32,
    pub label: u32,
}

/// How often one label was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct LabelCount {
    pub label: u32,
    pub count: u64,
}

/// Why answers cannot be rated against one another.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RatingsError {
    #[error("annotator `{annotator}` answered item `{item}` twice")]
    Duplicate { item: String, annotator: String },
    #[error("there is no annotator with index {0}")]
    UnknownAnnotator(u32),
    #[error("there is no label with index {0}")]
    UnknownLabel(u32),
    #[error("more items, annotators or labels than 32 bits can number")]
    TooMany,
}

/// Answers of several annotators to one question about many items.
#[derive(Debug, Clone, Default)]
pub struct Ratings {
    annotators: Vec<String>,
    labels: Vec<String>,
    /// Grouped by item, within it by annotator.
    answers: Vec<Answer>,
    /// Grouped by item, within it by label.
    counts: Vec<LabelCount>,
    /// Per item, where its answers and its counts end.
    ends: Vec<(usize, usize)>,
}

/// The answers to one item: never empty.
#[derive(Debug, Clone, Copy)]
pub struct Item<'a> {
    /// By annotator.
    pub answers: &'a [Answer],
    /// By label; only labels that were given.
    pub counts: &'a [LabelCount],
}

impl Item<'_> {
    /// The number of answers.
    pub fn size(&self) -> f64 {
        self.answers.len() as f64
    }

    /// The share of the item's pairs of answers that agree; none where there is no pair.
    pub fn agreement(&self) -> Option<f64> {
        let size = self.answers.len() as u64;
        let agreeing: u64 = self.counts.iter().map(|each| each.count * (each.count - 1)).sum();
        (size >= 2).then(|| agreeing as f64 / (size * (size - 1)) as f64)
    }
}

impl Ratings {
    /// Reads answers as `(item, annotator, label)`. Annotators and labels are numbered in the order of their
    /// bytes, so the order in which answers come changes nothing.
    pub fn from_answers<I, A, L>(answers: impl IntoIterator<Item = (I, A, L)>) -> Result<Self, RatingsError>
    where
        I: Ord + Display,
        A: AsRef<str>,
        L: AsRef<str>,
    {
        let mut given: Vec<(I, A, L)> = answers.into_iter().collect();
        given.sort_by(|a, b| a.0.cmp(&b.0));
        let (annotators, annotator_of) = number(given.iter().map(|answer| answer.1.as_ref()))?;
        let (labels, label_of) = number(given.iter().map(|answer| answer.2.as_ref()))?;

        let mut ratings = Self { annotators, labels, ..Self::default() };
        let mut rows = annotator_of
            .iter()
            .zip(&label_of)
            .map(|(annotator, label)| Answer { annotator: *annotator, label: *label });
        for item in given.chunk_by(|a, b| a.0 == b.0) {
            ratings.push_item(&item[0].0, rows.by_ref().take(item.len()))?;
        }
        Ok(ratings)
    }

    /// Reads answers as `(item, annotator, label)` where the last two are indexes into the given names, whose
    /// order is kept. Names that no answer uses are dropped: a label counts as possible once somebody gave it.
    pub fn from_indexes(
        annotators: Vec<String>,
        labels: Vec<String>,
        answers: impl IntoIterator<Item = (u32, u32, u32)>,
    ) -> Result<Self, RatingsError> {
        let mut given: Vec<(u32, u32, u32)> = answers.into_iter().collect();
        given.sort_unstable();
        let annotators = renumber(annotators, &mut given, |answer| &mut answer.1)
            .map_err(RatingsError::UnknownAnnotator)?;
        let labels =
            renumber(labels, &mut given, |answer| &mut answer.2).map_err(RatingsError::UnknownLabel)?;

        let mut ratings = Self { annotators, labels, ..Self::default() };
        for item in given.chunk_by(|a, b| a.0 == b.0) {
            let rows = item.iter().map(|&(_, annotator, label)| Answer { annotator, label });
            ratings.push_item(&item[0].0, rows)?;
        }
        Ok(ratings)
    }

    fn push_item(
        &mut self,
        item: &impl Display,
        rows: impl Iterator<Item = Answer>,
    ) -> Result<(), RatingsError> {
        let start = self.answers.len();
        self.answers.extend(rows);
        let answers = &mut self.answers[start..];
        answers.sort_unstable();
        if let Some(twice) = answers.windows(2).find(|pair| pair[0].annotator == pair[1].annotator) {
            return Err(RatingsError::Duplicate {
                item: item.to_string(),
                annotator: self.annotators[twice[0].annotator as usize].clone(),
            });
        }

        let mut given: Vec<u32> = answers.iter().map(|answer| answer.label).collect();
        given.sort_unstable();
        self.counts.extend(
            given.chunk_by(|a, b| a == b).map(|same| LabelCount { label: same[0], count: same.len() as u64 }),
        );
        self.ends.push((self.answers.len(), self.counts.len()));
        Ok(())
    }

    /// The items with one or more answers.
    pub fn items(&self) -> impl Iterator<Item = Item<'_>> {
        let starts = std::iter::once((0, 0)).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|((answer, count), &(answer_end, count_end))| Item {
            answers: &self.answers[answer..answer_end],
            counts: &self.counts[count..count_end],
        })
    }

    /// The items with two or more answers: those on which somebody can agree.
    pub fn shared_items(&self) -> impl Iterator<Item = Item<'_>> {
        self.items().filter(|item| item.answers.len() >= 2)
    }

    pub fn item_count(&self) -> u64 {
        self.ends.len() as u64
    }

    /// All answers, grouped by item.
    pub fn answers(&self) -> &[Answer] {
        &self.answers
    }

    /// The names of those who answered, by index.
    pub fn annotators(&self) -> &[String] {
        &self.annotators
    }

    /// The names of the labels that were given, by index.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// How often each label was given, by its index.
    pub fn label_totals(&self) -> Vec<u64> {
        let mut totals = vec![0; self.labels.len()];
        for each in &self.counts {
            totals[each.label as usize] += each.count;
        }
        totals
    }

    /// Which labels each annotator gave and how often, by the annotator's index: a habit shows here.
    pub fn labels_by_annotator(&self) -> Vec<Vec<LabelCount>> {
        let mut tallies = vec![BTreeMap::<u32, u64>::new(); self.annotators.len()];
        for answer in &self.answers {
            *tallies[answer.annotator as usize].entry(answer.label).or_default() += 1;
        }
        let listed = |tally: BTreeMap<u32, u64>| {
            tally.into_iter().map(|(label, count)| LabelCount { label, count }).collect()
        };
        tallies.into_iter().map(listed).collect()
    }

    /// Whether there are two answers to compare, or why not.
    pub fn comparable(&self) -> Result<(), Undefined> {
        if self.answers.is_empty() {
            Err(Undefined::NoItems)
        } else if self.annotators.len() == 1 {
            Err(Undefined::SingleAnnotator)
        } else if self.shared_items().next().is_none() {
            Err(Undefined::NoSharedItems)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWERS: [(&str, &str, &str); 5] =
        [("i2", "b", "no"), ("i1", "b", "yes"), ("i1", "a", "yes"), ("i1", "c", "no"), ("i2", "a", "no")];

    #[test]
    fn answers_are_grouped_and_counted() -> Result<(), RatingsError> {
        let ratings = Ratings::from_answers(ANSWERS)?;
        assert_eq!(ratings.annotators(), ["a", "b", "c"]);
        assert_eq!(ratings.labels(), ["no", "yes"]);
        assert_eq!(ratings.item_count(), 2);
        assert_eq!(ratings.label_totals(), [3, 2]);
        let items: Vec<_> = ratings.items().map(|item| (item.answers.len(), item.counts.to_vec())).collect();
        let [no, yes] = [0, 1].map(|label| move |count| LabelCount { label, count });
        assert_eq!(items, [(3, vec![no(1), yes(2)]), (2, vec![no(2)])]);
        assert_eq!(ratings.labels_by_annotator(), [vec![no(1), yes(1)], vec![no(1), yes(1)], vec![no(1)]]);
        assert_eq!(
            ratings.items().map(|item| item.agreement()).collect::<Vec<_>>(),
            [Some(1.0 / 3.0), Some(1.0)]
        );
        Ok(())
    }

    #[test]
    fn indexes_may_have_gaps() -> Result<(), RatingsError> {
        let names = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let answers = [(u32::MAX, 3, 0), (u32::MAX, 1, 2), (7, 1, 0)];
        let ratings = Ratings::from_indexes(names("z y x w"), names("c b a"), answers)?;
        assert_eq!(ratings.annotators(), ["y", "w"]);
        assert_eq!(ratings.labels(), ["c", "a"]);
        let items: Vec<_> = ratings.items().map(|item| item.answers.to_vec()).collect();
        let answer = |annotator, label| Answer { annotator, label };
        assert_eq!(items, [vec![answer(0, 0)], vec![answer(0, 1), answer(1, 0)]]);
        Ok(())
    }

    #[test]
    fn nobody_answers_twice() {
        let twice = ANSWERS.into_iter().chain([("i2", "b", "yes")]);
        let error = RatingsError::Duplicate { item: "i2".into(), annotator: "b".into() };
        assert_eq!(Ratings::from_answers(twice).err(), Some(error));
    }

    #[test]
    fn indexes_without_a_name_are_refused() {
        let one = || vec!["x".to_owned()];
        let ratings = |answer| Ratings::from_indexes(one(), one(), [answer]).err();
        assert_eq!(ratings((0, 1, 0)), Some(RatingsError::UnknownAnnotator(1)));
        assert_eq!(ratings((0, 0, 2)), Some(RatingsError::UnknownLabel(2)));
    }

    #[test]
    fn what_cannot_be_compared_says_why() -> Result<(), RatingsError> {
        let why = |answers: &[(u8, &str, &str)]| {
            Ratings::from_answers(answers.to_vec()).map(|ratings| ratings.comparable())
        };
        assert_eq!(why(&[])?, Err(Undefined::NoItems));
        assert_eq!(why(&[(1, "a", "x"), (2, "a", "y")])?, Err(Undefined::SingleAnnotator));
        assert_eq!(why(&[(1, "a", "x"), (2, "b", "y")])?, Err(Undefined::NoSharedItems));
        assert_eq!(why(&[(1, "a", "x"), (1, "b", "y")])?, Ok(()));
        Ok(())
    }
}

//! Items with exactly the same answers taken together: what Cohen's kappa counts and resampling draws from.
//!
//! They stand in the order of their answers, so neither the names nor the order of items change what a seed draws.

use super::ratings::{Answer, Item, Ratings};

/// The distinct rows of answers.
#[derive(Debug, Default)]
pub(super) struct Rows<'a> {
    rows: Vec<Item<'a>>,
    /// Per row, how many items have it.
    items: Vec<u32>,
    /// Grouped by annotator, the rows that they are in.
    by_annotator: Vec<u32>,
    /// Per annotator, where these end.
    ends: Vec<usize>,
}

impl<'a> Rows<'a> {
    pub(super) fn of(ratings: &'a Ratings) -> Self {
        let mut all: Vec<Item<'a>> = ratings.items().collect();
        all.sort_unstable_by_key(|item| item.answers);
        let mut rows = Self { ends: vec![0; ratings.annotators().len()], ..Self::default() };
        for same in all.chunk_by(|a, b| a.answers == b.answers) {
            rows.rows.push(same[0]);
            rows.items.push(same.len() as u32);
        }

        let answers =
            || (0..).zip(&rows.rows).flat_map(|(row, item)| item.answers.iter().map(move |each| (row, each)));
        for (_, answer) in answers() {
            rows.ends[answer.annotator as usize] += 1;
        }
        let mut total = 0;
        for end in &mut rows.ends {
            total += std::mem::replace(end, total);
        }
        rows.by_annotator = vec![0; total];
        for (row, answer) in answers() {
            let next = &mut rows.ends[answer.annotator as usize];
            rows.by_annotator[*next] = row;
            *next += 1;
        }
        rows
    }

    /// By row: an item that stands for all with these answers.
    pub(super) fn iter(&self) -> impl Iterator<Item = Item<'a>> + '_ {
        self.rows.iter().copied()
    }

    /// By row: how many items have these answers.
    pub(super) fn items(&self) -> &[u32] {
        &self.items
    }

    /// The answers of a row, by annotator.
    pub(super) fn answers(&self, row: u32) -> &'a [Answer] {
        self.rows[row as usize].answers
    }

    /// The rows that an annotator is in.
    pub(super) fn of_annotator(&self, annotator: u32) -> &[u32] {
        let annotator = annotator as usize;
        let start = annotator.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.by_annotator[start..self.ends[annotator]]
    }
}

#[cfg(test)]
mod tests {
    use super::super::ratings::RatingsError;
    use super::*;

    #[test]
    fn equal_items_are_one_row() -> Result<(), RatingsError> {
        let answers =
            [(1, "b", "x"), (1, "a", "x"), (2, "c", "y"), (3, "a", "x"), (3, "b", "x"), (4, "b", "x")];
        let ratings = Ratings::from_answers(answers)?;
        let rows = Rows::of(&ratings);
        assert_eq!(rows.items(), [2, 1, 1]);
        assert_eq!([0, 1, 2].map(|row| rows.answers(row).len()), [2, 1, 1]);
        assert_eq!(
            [0, 1, 2].map(|annotator| rows.of_annotator(annotator).to_vec()),
            [vec![0], vec![0, 1], vec![2]]
        );
        Ok(())
    }
}

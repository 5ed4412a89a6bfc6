//! Who says what where another says something else: the confusion matrix of labels, with the agreement on its diagonal.
//!
//! **Definition.** A cell (a, b) counts the ordered pairs of answers to one item of which the first is a and the second
//! is b, so the matrix is symmetric and its diagonal even. A row's cells by its total are the shares of the answers that
//! stand beside an answer a.
//!
//! **Range** 0 upwards. An item with r answers has r(r − 1) ordered pairs, so items with many answers weigh more. Only
//! labels that occur in a pair have a row.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::ratings::Ratings;

/// How often each label stands beside each other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementMatrix))]
pub struct LabelMatrix {
    /// The labels of rows and columns, in their order.
    pub labels: Vec<String>,
    /// By row and column: ordered pairs of answers.
    pub cells: Vec<Vec<u64>>,
    /// By row: its pairs, those with labels that are left out included.
    pub totals: Vec<u64>,
    /// Labels that occur in pairs and have no row, as there are too many.
    pub left_out: u32,
}

/// Counts the ordered pairs of labels. Of more than `most` labels those remain that disagree most often.
///
/// In the table of the two abstractors in Gwet (2014) 11 items have AIU beside NIU:
///
/// ```
/// use domain::agreement::{Ratings, RatingsError, label_matrix};
///
/// let cells = [
///     ("ectopic", "ectopic", 13), ("aiu", "aiu", 20), ("aiu", "niu", 7), ("niu", "aiu", 4), ("niu", "niu", 56),
/// ];
/// let items = cells.iter().flat_map(|(a, b, times)| std::iter::repeat_n((a, b), *times)).enumerate();
/// let answers = items.flat_map(|(item, (a, b))| [(item, "A", *a), (item, "B", *b)]);
/// let matrix = label_matrix(&Ratings::from_answers(answers)?, 10);
/// assert_eq!(matrix.labels, ["aiu", "ectopic", "niu"]);
/// assert_eq!(matrix.cells, [[40, 0, 11], [0, 26, 0], [11, 0, 112]]);
/// assert_eq!(matrix.totals, [51, 26, 123]);
/// # Ok::<(), RatingsError>(())
/// ```
pub fn label_matrix(ratings: &Ratings, most: usize) -> LabelMatrix {
    let mut pairs: HashMap<(u32, u32), u64> = HashMap::new();
    let mut totals: HashMap<u32, u64> = HashMap::new();
    let mut apart: HashMap<u32, u64> = HashMap::new();
    for item in ratings.shared_items() {
        let others = item.answers.len() as u64 - 1;
        for (place, a) in item.counts.iter().enumerate() {
            *totals.entry(a.label).or_default() += a.count * others;
            *pairs.entry((a.label, a.label)).or_default() += a.count * (a.count - 1);
            *apart.entry(a.label).or_default() += a.count * (item.answers.len() as u64 - a.count);
            for b in &item.counts[place + 1..] {
                *pairs.entry((a.label, b.label)).or_default() += a.count * b.count;
            }
        }
    }
    let mut labels: Vec<u32> = totals.keys().copied().collect();
    labels.sort_unstable_by_key(|label| (std::cmp::Reverse(apart.get(label)), *label));
    let left_out = labels.len().saturating_sub(most);
    labels.truncate(most);
    labels.sort_unstable();
    let cell = |a: u32, b: u32| pairs.get(&(a.min(b), a.max(b))).copied().unwrap_or_default();
    LabelMatrix {
        cells: labels.iter().map(|a| labels.iter().map(|b| cell(*a, *b)).collect()).collect(),
        totals: labels.iter().map(|label| totals[label]).collect(),
        labels: labels.iter().map(|label| ratings.labels()[*label as usize].clone()).collect(),
        left_out: left_out as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::super::ratings::RatingsError;
    use super::*;

    #[test]
    fn of_too_many_labels_those_remain_that_disagree_and_totals_count_the_others() -> Result<(), RatingsError>
    {
        let said = ["xx", "xx", "xy", "yz", "w"];
        let answers = said.iter().enumerate().flat_map(|(item, said)| {
            said.chars().zip(["A", "B"]).map(move |(label, person)| (item, person, label.to_string()))
        });
        let matrix = label_matrix(&Ratings::from_answers(answers)?, 2);
        assert_eq!((matrix.labels, matrix.left_out), (vec!["x".to_owned(), "y".to_owned()], 1));
        assert_eq!(matrix.cells, [[4, 1], [1, 0]]);
        assert_eq!(matrix.totals, [5, 2]);
        Ok(())
    }
}

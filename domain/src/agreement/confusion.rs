//! Which labels are given to the same item: what a guideline has to tell apart.
//!
//! **Definition.** Over all items and all pairs of their answers, the number of pairs with these two labels, in
//! either order. Equal pairs are not listed; neither is who gave which.
//!
//! **Range** 1 upwards: pairs of labels that were never confused are left out. An item with r answers has
//! r(r − 1)/2 pairs, so items with many answers weigh more.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::ratings::Ratings;

/// Two labels that annotators gave to the same items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementConfusion))]
pub struct LabelConfusion {
    /// The first of the two in the order of the labels.
    pub a: String,
    pub b: String,
    /// Pairs of answers that disagree in this way.
    pub count: u64,
}

/// Counts the disagreeing pairs of labels, most frequent first, then in the order of the labels.
///
/// In the table of the two abstractors in Gwet (2014) one cell has 7 and its mirror 4:
///
/// ```
/// use domain::agreement::{Ratings, RatingsError, confusion};
///
/// let cells = [
///     ("ectopic", "ectopic", 13), ("aiu", "aiu", 20), ("aiu", "niu", 7), ("niu", "aiu", 4), ("niu", "niu", 56),
/// ];
/// let items = cells.iter().flat_map(|(a, b, times)| std::iter::repeat_n((a, b), *times)).enumerate();
/// let answers = items.flat_map(|(item, (a, b))| [(item, "A", *a), (item, "B", *b)]);
/// let pairs = confusion(&Ratings::from_answers(answers)?);
/// assert_eq!(pairs.len(), 1);
/// assert_eq!((pairs[0].a.as_str(), pairs[0].b.as_str(), pairs[0].count), ("aiu", "niu", 11));
/// # Ok::<(), RatingsError>(())
/// ```
pub fn confusion(ratings: &Ratings) -> Vec<LabelConfusion> {
    let mut counts: HashMap<(u32, u32), u64> = HashMap::new();
    for item in ratings.shared_items() {
        for (place, a) in item.counts.iter().enumerate() {
            for b in &item.counts[place + 1..] {
                *counts.entry((a.label, b.label)).or_default() += a.count * b.count;
            }
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_unstable_by_key(|(labels, count)| (std::cmp::Reverse(*count), *labels));
    let name = |label: u32| ratings.labels()[label as usize].clone();
    counts.into_iter().map(|((a, b), count)| LabelConfusion { a: name(a), b: name(b), count }).collect()
}

//! Gwet's AC1, generalised to unequal numbers of answers.
//!
//! **Definition.** AC1 = (p − e) / (1 − e), where p is the average pairwise percent agreement and
//! e = Σ π(1 − π) / (q − 1), with π the label's share of the answers to an item, averaged over items, and q the
//! number of labels that were given.
//!
//! **Range** −1 to 1, higher is better: 1 is full agreement and 0 what chance would give; e is at most 1/q.
//!
//! **Assumes** unordered labels, items drawn independently, and that chance enters only on items that are hard to
//! label. It stays stable where one label dominates and kappa collapses; in return it is generous there.
//!
//! **Undefined** where no two people answered the same item, and where only one label was given.
//!
//! **Source.** Gwet (2008), *Computing inter-rater reliability and its variance in the presence of high
//! agreement*, British Journal of Mathematical and Statistical Psychology 61(1),
//! <https://doi.org/10.1348/000711006X126600>; generalisation and interval: Gwet (2014), *Handbook of Inter-Rater
//! Reliability*, 4th ed., ISBN 978-0970806284.

use super::chance::corrected;
use super::interval::Range;
use super::ratings::Ratings;
use super::statistic::Statistic;

const RANGE: Range = Range { low: -1.0, high: 1.0 };

/// Gwet's AC1.
///
/// Four raters and twelve subjects with missing answers: 0.77544 with the interval from 0.461 to 1 in Gwet (2014).
///
/// ```
/// use domain::agreement::{Ratings, RatingsError, gwet_ac1};
///
/// let raters = ["123321412...", "1233224125..", ".33323422513", "12332441251."];
/// let answers = raters.iter().zip(["1", "2", "3", "4"]).flat_map(|(row, rater)| {
///     let given = row.chars().enumerate().filter(|(_, label)| *label != '.');
///     given.map(move |(subject, label)| (subject, rater, label.to_string()))
/// });
/// let ac1 = gwet_ac1(&Ratings::from_answers(answers)?);
/// assert!(ac1.value.is_some_and(|value| (value - 0.77544).abs() < 5e-6));
/// assert!(ac1.ci95.is_some_and(|[low, high]| (low - 0.461).abs() < 5e-4 && high == 1.0));
/// # Ok::<(), RatingsError>(())
/// ```
pub fn gwet_ac1(ratings: &Ratings) -> Statistic {
    // Never used with one label: nothing varies, and that is said first.
    let others = ratings.labels().len() as f64 - 1.0;
    corrected(ratings, RANGE, |share| (1.0 - share) / others)
}

//! Average pairwise percent agreement.
//!
//! **Definition.** For each item with two or more answers, the share of its pairs of answers that are equal; then
//! the mean of these shares, each item counting once.
//!
//! **Range** 0 to 1, higher is better: 1 when all answers to each item are equal. It does not correct for chance:
//! two people guessing between two labels already reach about 0.5.
//!
//! **Assumes** items drawn independently. Items with one answer do not enter the value; in the interval they
//! count as items that say nothing, which widens it.
//!
//! **Undefined** where no two people answered the same item.
//!
//! **Source.** Fleiss (1971), *Measuring nominal scale agreement among many raters*, Psychological Bulletin
//! 76(5), <https://doi.org/10.1037/h0031619>, there as P̄; unequal numbers of answers and the interval: Gwet
//! (2014), *Handbook of Inter-Rater Reliability*, 4th ed., ISBN 978-0970806284.

use super::interval::{Range, ci95};
use super::ratings::Ratings;
use super::statistic::{Statistic, Undefined};

const RANGE: Range = Range { low: 0.0, high: 1.0 };

/// Average pairwise percent agreement.
///
/// Two observers and twelve units, of which they agree on nine: Krippendorff (2011), *Computing Krippendorff's
/// Alpha-Reliability*, section B.
///
/// ```
/// use domain::agreement::{Ratings, RatingsError, percent_agreement};
///
/// let units = "aabbdcccedda".chars().zip("babbbccceddd".chars()).enumerate();
/// let answers = units.flat_map(|(unit, (ben, gerry))| {
///     [(unit, "Ben", ben.to_string()), (unit, "Gerry", gerry.to_string())]
/// });
/// assert_eq!(percent_agreement(&Ratings::from_answers(answers)?).value, Some(0.75));
/// # Ok::<(), RatingsError>(())
/// ```
pub fn percent_agreement(ratings: &Ratings) -> Statistic {
    match Observed::of(ratings) {
        Ok(observed) => {
            let deviations =
                ratings.items().map(|item| observed.weigh(item.agreement()) - observed.agreement);
            Statistic::defined(observed.agreement, ci95(observed.agreement, deviations, RANGE))
        }
        Err(reason) => Statistic::undefined(reason),
    }
}

/// The agreement observed over the items that two or more people answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observed {
    pub(super) agreement: f64,
    items_per_shared_item: f64,
}

impl Observed {
    pub(super) fn of(ratings: &Ratings) -> Result<Self, Undefined> {
        ratings.comparable()?;
        let shares = ratings.items().filter_map(|item| item.agreement());
        let (shared, sum) = shares.fold((0_u64, 0.0), |(items, sum), share| (items + 1, sum + share));
        Ok(Self {
            agreement: sum / shared as f64,
            items_per_shared_item: ratings.item_count() as f64 / shared as f64,
        })
    }

    /// An item's term such that the mean over *all* items is the mean over the shared ones.
    pub(super) fn weigh(&self, of_shared_item: Option<f64>) -> f64 {
        of_shared_item.map_or(0.0, |term| self.items_per_shared_item * term)
    }
}

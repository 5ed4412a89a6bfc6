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

use super::distance::Nominal;
use super::interval::{Estimate, Range};
use super::kinds::{Kinds, Sample};
use super::ratings::Ratings;
use super::scale::{Level, Scale};
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
    let kinds = Kinds::of(ratings.items(), &Scale::of(ratings, Level::Nominal));
    Statistic::analytic(ratings, || estimate(&kinds.everything(), &agreement(&kinds)))
}

/// By kind of item, the share of pairs of answers that are equal.
pub(super) fn agreement(kinds: &Kinds) -> Vec<f64> {
    kinds.agreement(&Nominal, 1.0)
}

pub(super) fn estimate(sample: &Sample<'_>, agreement: &[f64]) -> Result<Estimate, Undefined> {
    let observed = sample.mean_of_shared(agreement).ok_or(Undefined::NoSharedItems)?;
    let deviations =
        sample.kinds().zip(agreement).map(|(kind, own)| (sample.spread(&kind, *own) - observed, kind.items));
    Ok(Estimate::linearised(observed, deviations, RANGE))
}

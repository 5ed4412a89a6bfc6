//! Scott's pi.
//!
//! **Definition.** π = (p − e) / (1 − e), where p is the share of items on which the two people agree and e the sum
//! of the squared shares of the labels over the answers of both: both are taken to have the same habits.
//!
//! **Range** −1 to 1, higher is better: 1 is full agreement and 0 what chance would give.
//!
//! **Assumes** unordered labels, two people who answer independently, items drawn independently. It is Fleiss'
//! kappa for two, and shares its interval.
//!
//! **Undefined** unless there are two annotators who both answered every item, and where only one label was given.
//!
//! **Source.** Scott (1955), *Reliability of content analysis: the case of nominal scale coding*, Public Opinion
//! Quarterly 19(3), <https://doi.org/10.1086/266577>; interval: Gwet (2014), *Handbook of Inter-Rater
//! Reliability*, 4th ed., ISBN 978-0970806284.

use super::fleiss;
use super::interval::{Estimate, Range, Spread};
use super::kinds::Kinds;
use super::ratings::Ratings;
use super::scale::{Level, Scale};
use super::statistic::{Statistic, Undefined};

/// Of two who answered everything kappa cannot be lower, so its interval is not either.
const RANGE: Range = Range { low: -1.0, high: 1.0 };

/// Scott's pi.
///
/// Two abstractors and 100 pregnancies: 0.7962 in Gwet (2014).
///
/// ```
/// use domain::agreement::{Ratings, RatingsError, scott_pi};
///
/// let cells = [
///     ("ectopic", "ectopic", 13), ("aiu", "aiu", 20), ("aiu", "niu", 7), ("niu", "aiu", 4), ("niu", "niu", 56),
/// ];
/// let items = cells.iter().flat_map(|(a, b, times)| std::iter::repeat_n((a, b), *times)).enumerate();
/// let answers = items.flat_map(|(item, (a, b))| [(item, "A", *a), (item, "B", *b)]);
/// let pi = scott_pi(&Ratings::from_answers(answers)?);
/// assert!(pi.value.is_some_and(|value| (value - 0.7962397).abs() < 5e-8));
/// # Ok::<(), RatingsError>(())
/// ```
pub fn scott_pi(ratings: &Ratings) -> Statistic {
    let kinds = Kinds::of(ratings.items(), &Scale::of(ratings, Level::Nominal));
    Statistic::analytic(ratings, || from_fleiss(ratings, fleiss::model(&kinds).estimate(&kinds.everything())))
}

/// Scott's pi where two annotators answered everything, by Fleiss' kappa.
pub(super) fn from_fleiss(
    ratings: &Ratings,
    kappa: Result<Estimate, Undefined>,
) -> Result<Estimate, Undefined> {
    if ratings.annotators().len() != 2 || ratings.items().any(|item| item.answers.len() != 2) {
        return Err(Undefined::NotTwoComplete);
    }
    let inside = |spread: Spread| Spread { ci95: spread.ci95.map(|end| RANGE.clamp(end)), ..spread };
    kappa.map(|kappa| Estimate { spread: kappa.spread.map(inside), ..kappa })
}

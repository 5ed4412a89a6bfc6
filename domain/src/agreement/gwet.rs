//! Gwet's AC1, and AC2 for labels that can be nearly equal; both generalised to unequal numbers of answers.
//!
//! **Definition.** AC = (p − e) / (1 − e), where p is the average pairwise agreement and
//! e = T Σ π(1 − π) / (q(q − 1)), with π the label's share of the answers to an item, averaged over items, q the
//! number of labels that were given, and T the sum of the weights of all q² pairs of labels. A pair of answers
//! agrees by its weight:
//!
//! | | weight of two labels |
//! |---|---|
//! | AC1 | 1 if they are equal, else 0; T = q |
//! | AC2, linear | 1 − d / D, where d is how far they are apart and D how far the two farthest are |
//! | AC2, quadratic | 1 − (d / D)² |
//! | AC2, ordinal | 1 − s(s + 1) / (q(q − 1)) for labels s steps apart |
//!
//! At ordinal level d is the difference of ranks, above it that of the numbers.
//!
//! **Range** up to 1, higher is better: 1 is full agreement and 0 what chance would give. AC1 is at least −1, with
//! e at most 1/q; AC2 can be lower, since near labels agree by chance.
//!
//! **Assumes** items drawn independently, and that chance enters only on items that are hard to label. It stays
//! stable where one label dominates and kappa collapses; in return it is generous there.
//!
//! **Undefined** where no two people answered the same item, where only one label was given, and, for AC2, where
//! the labels have no order (or are not the numbers that the level asks for).
//!
//! **Source.** Gwet (2008), *Computing inter-rater reliability and its variance in the presence of high
//! agreement*, British Journal of Mathematical and Statistical Psychology 61(1),
//! <https://doi.org/10.1348/000711006X126600>; weights, generalisation and interval: Gwet (2014), *Handbook of
//! Inter-Rater Reliability*, 4th ed., ISBN 978-0970806284.

use serde::{Deserialize, Serialize};

use super::chance::{Chance, Corrected};
use super::distance::{Distance, Linear, Nominal, Squared, Steps};
use super::interval::Range;
use super::kinds::Kinds;
use super::ratings::{LabelCount, Ratings};
use super::scale::{Level, Scale};
use super::statistic::{Statistic, Undefined};

/// How much two labels that differ agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Weights {
    /// Less by each unit between them.
    Linear,
    /// Less by the square of what is between them.
    Quadratic,
    /// Less by the pairs of labels on the way from one to the other, whatever their positions.
    Ordinal,
}

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
    let kinds = Kinds::of(ratings.items(), &Scale::of(ratings, Level::Nominal));
    Statistic::analytic(ratings, || ac1(&kinds).estimate(&kinds.everything()))
}

/// Gwet's AC2.
///
/// The same four raters and twelve subjects, the labels taken as ordered: 0.914 with quadratic weights, by the
/// program irrCAC of the author of Gwet (2014).
///
/// ```
/// use domain::agreement::{Level, Ratings, RatingsError, Weights, gwet_ac2};
///
/// let raters = ["123321412...", "1233224125..", ".33323422513", "12332441251."];
/// let answers = raters.iter().zip(["1", "2", "3", "4"]).flat_map(|(row, rater)| {
///     let given = row.chars().enumerate().filter(|(_, label)| *label != '.');
///     given.map(move |(subject, label)| (subject, rater, label.to_string()))
/// });
/// let ac2 = gwet_ac2(&Ratings::from_answers(answers)?, Level::Ordinal, Weights::Quadratic);
/// assert!(ac2.value.is_some_and(|value| (value - 0.914000723552).abs() < 1e-12));
/// # Ok::<(), RatingsError>(())
/// ```
pub fn gwet_ac2(ratings: &Ratings, level: Level, weights: Weights) -> Statistic {
    let scale = Scale::of(ratings, level);
    let kinds = Kinds::of(ratings.items(), &scale);
    Statistic::analytic(ratings, || ac2(&kinds, &scale, weights)?.estimate(&kinds.everything()))
}

pub(super) fn ac1(kinds: &Kinds) -> Corrected {
    model(kinds, &Nominal, Range { low: -1.0, high: 1.0 })
}

pub(super) fn ac2(kinds: &Kinds, scale: &Scale, weights: Weights) -> Result<Corrected, Undefined> {
    let positions = scale.positions()?;
    let range = Range { low: f64::NEG_INFINITY, high: 1.0 };
    Ok(match weights {
        Weights::Linear => model(kinds, &Linear(positions), range),
        Weights::Quadratic => model(kinds, &Squared(positions), range),
        Weights::Ordinal => model(kinds, &Steps, range),
    })
}

fn model(kinds: &Kinds, distance: &impl Distance, range: Range) -> Corrected {
    let labels = kinds.categories() as u32;
    if labels < 2 {
        // Nothing varies, which the estimate says.
        return Corrected { agreement: kinds.agreement(&Nominal, 1.0), chance: Chance::Guessed(0.0), range };
    }
    let farthest = distance.between(0, labels - 1);
    let each_once: Vec<LabelCount> = (0..labels).map(|label| LabelCount { label, count: 1 }).collect();
    let labels = f64::from(labels);
    let total = labels * labels - distance.within(&each_once) / farthest;
    Corrected {
        agreement: kinds.agreement(distance, farthest),
        chance: Chance::Guessed(total / (labels * (labels - 1.0))),
        range,
    }
}

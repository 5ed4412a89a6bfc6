//! Cohen's kappa of each pair of annotators, unweighted and weighted, and its mean.
//!
//! **Definition.** On the n items that both answered, κ = 1 − n Σ d / Σ Σ d, the distance d of the two answers to an
//! item over that of any answer of the one and any of the other. Unweighted, d is 0 between equal labels and 1
//! between others, and κ = (p − e) / (1 − e) with the share p of equal answers and e the sum over labels of the
//! product of the two people's own shares. Linear, d is the difference of two labels' ranks, or above ordinal level
//! that of their numbers; quadratic, the square of it. Ranks count all labels that anybody gave. The mean gives
//! each pair for which kappa is defined the same weight.
//!
//! **Range** −1 to 1, higher is better: 1 is full agreement and 0 what two people with these habits would reach by
//! chance.
//!
//! **Assumes** two fixed people who answer independently, items drawn independently; unordered labels, or, where
//! weighted, an order. On few shared items it jumps: read it beside their number. The mean has no published
//! interval here, but a resampled one in the [`Report`](super::Report).
//!
//! **Undefined** for a pair without a shared item, and where both gave one and the same label throughout, so that
//! the expected agreement is 1; weighted, also where labels have no order or are not the numbers that the level
//! asks for; the mean, where that holds for every pair, and where there are more than four million pairs of
//! annotators.
//!
//! **Source.** Cohen (1960), *A coefficient of agreement for nominal scales*, Educational and Psychological
//! Measurement 20(1), <https://doi.org/10.1177/001316446002000104>; weighted: Cohen (1968), *Weighted kappa*,
//! Psychological Bulletin 70(4), <https://doi.org/10.1037/h0026256>.

use serde::{Deserialize, Serialize};

use super::interval::Range;
use super::meetings::{Kappas, Meetings, PairKappas, Tables};
use super::ratings::Ratings;
use super::rows::Rows;
use super::scale::{Level, Scale};
use super::statistic::{Statistic, Undefined};

pub(super) const RANGE: Range = Range { low: -1.0, high: 1.0 };

/// More pairs of annotators than this are neither listed nor averaged.
const MOST_PAIRS: u64 = 1 << 22;

/// Two annotators and how far they agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementPair))]
pub struct PairAgreement {
    pub a: String,
    pub b: String,
    /// The items that both answered.
    pub shared: u64,
    pub cohen_kappa: Statistic,
    /// Weighted by the difference of labels; only for labels with an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohen_kappa_linear: Option<Statistic>,
    /// Weighted by the squared difference of labels; only for labels with an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohen_kappa_quadratic: Option<Statistic>,
}

/// Cohen's kappa of every pair of annotators that shares an item, in the order of the annotators. Pairs that never
/// met are left out: among many annotators they would be most of the list.
///
/// Two abstractors and 100 pregnancies: 0.7964 in Gwet (2014).
///
/// ```
/// use domain::agreement::{Ratings, RatingsError, cohen_kappa_pairs};
///
/// let cells = [
///     ("ectopic", "ectopic", 13), ("aiu", "aiu", 20), ("aiu", "niu", 7), ("niu", "aiu", 4), ("niu", "niu", 56),
/// ];
/// let items = cells.iter().flat_map(|(a, b, times)| std::iter::repeat_n((a, b), *times)).enumerate();
/// let answers = items.flat_map(|(item, (a, b))| [(item, "A", *a), (item, "B", *b)]);
/// let pairs = cohen_kappa_pairs(&Ratings::from_answers(answers)?);
/// assert_eq!(pairs[0].shared, 100);
/// assert!(pairs[0].cohen_kappa.value.is_some_and(|value| (value - 0.7964094).abs() < 5e-8));
/// # Ok::<(), RatingsError>(())
/// ```
pub fn cohen_kappa_pairs(ratings: &Ratings) -> Vec<PairAgreement> {
    cohen_kappa_pairs_at(ratings, Level::Nominal)
}

/// Cohen's kappa of every pair of annotators, with the weighted ones where the level gives labels an order.
///
/// Two raters gave (1, 1), (2, 2), (3, 3) and (1, 2). One answer to the others' is 14/16 apart on average, squared
/// 20/16, and those to the same item 1/4, so kappa is 1 − 4/14 and 1 − 4/20.
///
/// ```
/// use domain::agreement::{Level, Ratings, RatingsError, cohen_kappa_pairs_at};
///
/// let items = [("1", "1"), ("2", "2"), ("3", "3"), ("1", "2")].into_iter().enumerate();
/// let answers = items.flat_map(|(item, (a, b))| [(item, "A", a), (item, "B", b)]);
/// let pair = cohen_kappa_pairs_at(&Ratings::from_answers(answers)?, Level::Ordinal).remove(0);
/// assert_eq!(pair.cohen_kappa_linear.and_then(|kappa| kappa.value), Some(1.0 - 4.0 / 14.0));
/// assert_eq!(pair.cohen_kappa_quadratic.and_then(|kappa| kappa.value), Some(1.0 - 4.0 / 20.0));
/// # Ok::<(), RatingsError>(())
/// ```
pub fn cohen_kappa_pairs_at(ratings: &Ratings, level: Level) -> Vec<PairAgreement> {
    pairs(ratings, &Rows::of(ratings), &Scale::of(ratings, level))
}

/// The mean of Cohen's kappa over the pairs for which it is defined.
pub fn cohen_kappa_mean(ratings: &Ratings, pairs: &[PairAgreement]) -> Statistic {
    mean_of(ratings, pairs.iter().map(|pair| pair.cohen_kappa))
}

/// The mean of those of the pairs' kappas that are defined.
pub(super) fn mean_of(ratings: &Ratings, kappas: impl Iterator<Item = Statistic>) -> Statistic {
    if let Err(reason) = ratings.comparable().and_then(|()| countable(ratings)) {
        return Statistic::undefined(reason);
    }
    let (count, sum) = count_and_sum(kappas.filter_map(|kappa| kappa.value));
    if count == 0 {
        return Statistic::undefined(Undefined::NoVariation);
    }
    Statistic::defined(sum / count as f64, None)
}

fn count_and_sum(values: impl Iterator<Item = f64>) -> (u64, f64) {
    values.fold((0, 0.0), |(count, sum), value| (count + 1, sum + value))
}

/// Whether the pairs of annotators are few enough to look at each.
fn countable(ratings: &Ratings) -> Result<(), Undefined> {
    let pairs = |people: u64| people * people.saturating_sub(1) / 2;
    let met: u64 = ratings.items().map(|item| pairs(item.answers.len() as u64)).sum();
    let few = met.min(pairs(ratings.annotators().len() as u64)) <= MOST_PAIRS;
    if few { Ok(()) } else { Err(Undefined::TooManyPairs) }
}

pub(super) fn pairs(ratings: &Ratings, rows: &Rows<'_>, scale: &Scale) -> Vec<PairAgreement> {
    if countable(ratings).is_err() {
        return Vec::new();
    }
    let name = |annotator: u32| ratings.annotators()[annotator as usize].clone();
    let positions = scale.positions().ok();
    let named = |((a, b), shared, [unweighted, linear, quadratic]): PairKappas| PairAgreement {
        a: name(a),
        b: name(b),
        shared,
        cohen_kappa: statistic(unweighted),
        cohen_kappa_linear: positions.map(|_| statistic(linear)),
        cohen_kappa_quadratic: positions.map(|_| statistic(quadratic)),
    };
    let (mut meetings, mut tables) = (Meetings::default(), Tables::default());
    let mut found = Vec::new();
    // One annotator at a time, so that a million answers by few people need no room for all pairs of them.
    for annotator in 0..ratings.annotators().len() as u32 {
        meetings.clear();
        meetings.push(rows, annotator, scale);
        found.extend(meetings.kappas(rows.items(), positions, &mut tables).map(named));
    }
    found
}

fn statistic(kappa: Option<f64>) -> Statistic {
    kappa.map_or(Statistic::undefined(Undefined::NoVariation), |kappa| Statistic::defined(kappa, None))
}

/// The means of all pairs' kappas, again and again for other numbers of items.
pub(super) struct Means<'a> {
    meetings: Meetings,
    positions: Option<&'a [f64]>,
    tables: Tables,
}

/// More pairs of answers than this are not gone through a thousand times.
const MOST_RESAMPLED: usize = 1 << 25;

impl<'a> Means<'a> {
    /// None where that would take too long.
    pub(super) fn of(ratings: &Ratings, rows: &Rows<'_>, scale: &'a Scale) -> Option<Self> {
        countable(ratings).ok()?;
        let mut meetings = Meetings::default();
        for annotator in 0..ratings.annotators().len() as u32 {
            meetings.push(rows, annotator, scale);
            if meetings.len() > MOST_RESAMPLED {
                return None;
            }
        }
        Some(Self { meetings, positions: scale.positions().ok(), tables: Tables::default() })
    }

    /// The means where each row stands for so many items.
    pub(super) fn values(&mut self, items: &[u32]) -> Kappas {
        let mut sums = [(0_u64, 0.0); 3];
        for (_, _, kappas) in self.meetings.kappas(items, self.positions, &mut self.tables) {
            for (sum, kappa) in sums.iter_mut().zip(kappas) {
                if let Some(kappa) = kappa {
                    *sum = (sum.0 + 1, sum.1 + kappa);
                }
            }
        }
        sums.map(|(pairs, sum)| (pairs > 0).then(|| sum / pairs as f64))
    }
}

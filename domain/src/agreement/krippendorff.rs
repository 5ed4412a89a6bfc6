//! Krippendorff's alpha, for labels at each level of measurement and for any distance between them.
//!
//! **Definition.** α = 1 − D/E, where D is the mean distance between two answers to the same item and E that
//! between any two answers. Both come from the coincidence matrix, in which each item of r answers adds 1 / (r − 1)
//! for each ordered pair of them. The distance of two labels is
//!
//! | level | distance |
//! |---|---|
//! | nominal | 0 if they are equal, else 1 |
//! | ordinal | the square of how many answers that can be paired lie between them, those with the two labels by half |
//! | interval | the squared difference of their numbers |
//! | ratio | the squared quotient of difference and sum of their numbers |
//!
//! **Range** −1 to 1, higher is better: 1 is full agreement, 0 what chance would give; below 0 people disagree more
//! than by chance. By a distance of one's own it can be lower. Krippendorff asks for 0.8, and for tentative
//! conclusions 0.667.
//!
//! **Assumes** items drawn independently and annotators that could be exchanged for one another. Any number of
//! annotators and missing answers; items with one answer drop out.
//!
//! **Undefined** where no two people answered the same item, where all answers that can be paired are equal, and
//! where labels are not the numbers that the level asks for. At ratio level every label is compared with every
//! other, so with more than 10,000 of them it is not computed.
//!
//! **Source.** Hayes and Krippendorff (2007), *Answering the call for a standard reliability measure for coding
//! data*, Communication Methods and Measures 1(1), <https://doi.org/10.1080/19312450709336664>; interval: Gwet
//! (2014), *Handbook of Inter-Rater Reliability*, 4th ed., ISBN 978-0970806284, over the items that do not drop
//! out. Gwet's holds for distances that do not depend on the answers, so at ordinal level there is none.

use super::distance::{By, Distance, Nominal, Ratio, Squared};
use super::interval::{Estimate, Range};
use super::kinds::{Kind, Kinds, Sample};
use super::ratings::Ratings;
use super::scale::{Level, Scale};
use super::statistic::{Statistic, Undefined};

const RANGE: Range = Range { low: -1.0, high: 1.0 };
/// A distance of one's own need not be one of squares.
const ANY_RANGE: Range = Range { low: f64::NEG_INFINITY, high: 1.0 };

/// More labels at ratio level have too many pairs.
const MOST_LABELS: usize = 10_000;
/// More of them have too many pairs to be compared a thousand times.
const MOST_RESAMPLED_LABELS: usize = 1_000;

/// Krippendorff's alpha for labels without order.
///
/// Two observers, ten units, two labels: 0.095 in Krippendorff (2011), *Computing Krippendorff's
/// Alpha-Reliability*, section A.
///
/// ```
/// use domain::agreement::{Ratings, RatingsError, krippendorff_alpha};
///
/// let units = "0100000010".chars().zip("1110010000".chars()).enumerate();
/// let answers =
///     units.flat_map(|(unit, (a, b))| [(unit, "A", a.to_string()), (unit, "B", b.to_string())]);
/// let alpha = krippendorff_alpha(&Ratings::from_answers(answers)?);
/// assert!(alpha.value.is_some_and(|value| (value - 0.095).abs() < 5e-4));
/// # Ok::<(), RatingsError>(())
/// ```
pub fn krippendorff_alpha(ratings: &Ratings) -> Statistic {
    krippendorff_alpha_at(ratings, Level::Nominal)
}

/// Krippendorff's alpha at a level of measurement.
///
/// Four observers and twelve units with missing answers: 0.743, 0.815, 0.849 and 0.797 in Krippendorff (2011),
/// *Computing Krippendorff's Alpha-Reliability*, sections C to E.
///
/// ```
/// use domain::agreement::{Level, Ratings, RatingsError, krippendorff_alpha_at};
///
/// let observers = ["123321412...", "1233224125..", ".33323422513", "12332441251."];
/// let answers = observers.iter().zip(["A", "B", "C", "D"]).flat_map(|(row, observer)| {
///     let given = row.chars().enumerate().filter(|(_, label)| *label != '.');
///     given.map(move |(unit, label)| (unit, observer, label.to_string()))
/// });
/// let ratings = Ratings::from_answers(answers)?;
/// let printed =
///     [(Level::Nominal, 0.743), (Level::Ordinal, 0.815), (Level::Interval, 0.849), (Level::Ratio, 0.797)];
/// for (level, expected) in printed {
///     let alpha = krippendorff_alpha_at(&ratings, level).value;
///     assert!(alpha.is_some_and(|value| (value - expected).abs() < 5e-4));
/// }
/// # Ok::<(), RatingsError>(())
/// ```
pub fn krippendorff_alpha_at(ratings: &Ratings, level: Level) -> Statistic {
    let scale = Scale::of(ratings, level);
    let kinds = Kinds::of(ratings.items(), &scale);
    Statistic::analytic(ratings, || Alpha::of(&kinds, &scale)?.estimate(&kinds.everything()))
}

/// The distance between labels without order, by their indexes.
pub fn nominal_distance(a: u32, b: u32) -> f64 {
    if a == b { 0.0 } else { 1.0 }
}

/// Krippendorff's alpha by any distance between two labels, given by their indexes: finite, symmetric, 0 between
/// equal labels and positive between others. A distance that depends on how often labels occur has to count the
/// answers of [`Ratings::shared_items`] alone, and its interval takes it as fixed. Every label is compared with
/// every other.
pub fn krippendorff_alpha_by(ratings: &Ratings, distance: impl Fn(u32, u32) -> f64) -> Statistic {
    let kinds = Kinds::of(ratings.items(), &Scale::of(ratings, Level::Nominal));
    let distance = By(distance);
    Statistic::analytic(ratings, || {
        let sample = kinds.everything();
        let within = kinds.within(&distance);
        let alpha = Parts::of(&sample, &distance, &within).ok_or(Undefined::NoVariation)?;
        let value = alpha.value();
        value.is_finite().then(|| alpha.estimate(&sample, &within, ANY_RANGE)).ok_or(Undefined::NoVariation)
    })
}

/// Alpha at the level of a scale.
#[derive(Debug)]
pub(super) struct Alpha<'a> {
    kinds: &'a Kinds,
    measure: Measure<'a>,
    /// By kind of item, its distances; none at ordinal level, where they depend on the sample.
    within: Vec<f64>,
}

#[derive(Debug, Clone, Copy)]
enum Measure<'a> {
    Nominal,
    Ordinal,
    Interval(Squared<'a>),
    Ratio(Ratio<'a>),
}

impl<'a> Alpha<'a> {
    pub(super) fn of(kinds: &'a Kinds, scale: &'a Scale) -> Result<Self, Undefined> {
        let (measure, within) = match scale.level {
            Level::Nominal => (Measure::Nominal, kinds.within(&Nominal)),
            Level::Ordinal => (Measure::Ordinal, Vec::new()),
            Level::Interval => {
                let distance = Squared(scale.positions()?);
                (Measure::Interval(distance), kinds.within(&distance))
            }
            Level::Ratio if kinds.categories() > MOST_LABELS => {
                scale.positions()?;
                return Err(Undefined::TooManyLabels);
            }
            Level::Ratio => {
                let distance = Ratio(scale.positions()?);
                (Measure::Ratio(distance), kinds.within(&distance))
            }
        };
        Ok(Self { kinds, measure, within })
    }

    /// Whether a thousand resamples take seconds rather than hours.
    pub(super) fn can_be_resampled(&self) -> bool {
        !matches!(self.measure, Measure::Ratio(_)) || self.kinds.categories() <= MOST_RESAMPLED_LABELS
    }

    /// None where nothing varies.
    pub(super) fn value(&self, sample: &Sample<'_>) -> Option<f64> {
        let parts = match self.measure {
            Measure::Nominal => Parts::of(sample, &Nominal, &self.within),
            Measure::Interval(distance) => Parts::of(sample, &distance, &self.within),
            Measure::Ratio(distance) => Parts::of(sample, &distance, &self.within),
            Measure::Ordinal => {
                let ranks = midranks(&sample.totals);
                let distance = Squared(&ranks);
                Parts::of(sample, &distance, &self.kinds.within(&distance))
            }
        };
        parts.map(|parts| RANGE.clamp(parts.value()))
    }

    /// By kind, the distances between an item's answers as alpha counts them; 0 for items with one answer.
    pub(super) fn disagreement(&self, sample: &Sample<'_>) -> Vec<f64> {
        let ordinal = match self.measure {
            Measure::Ordinal => self.kinds.within(&Squared(&midranks(&sample.totals))),
            _ => Vec::new(),
        };
        let within = if ordinal.is_empty() { &self.within } else { &ordinal };
        let of =
            |(kind, within): (Kind<'_>, &f64)| if kind.size < 2.0 { 0.0 } else { within / (kind.size - 1.0) };
        sample.kinds().zip(within).map(of).collect()
    }

    pub(super) fn estimate(&self, sample: &Sample<'_>) -> Result<Estimate, Undefined> {
        let parts = match self.measure {
            Measure::Nominal => Parts::of(sample, &Nominal, &self.within),
            Measure::Interval(distance) => Parts::of(sample, &distance, &self.within),
            Measure::Ratio(distance) => Parts::of(sample, &distance, &self.within),
            Measure::Ordinal => {
                let value = self.value(sample).ok_or(Undefined::NoVariation)?;
                return Ok(Estimate { value, spread: None });
            }
        };
        Ok(parts.ok_or(Undefined::NoVariation)?.estimate(sample, &self.within, RANGE))
    }
}

/// How many answers lie below each label, and half of its own: the ordinal distance is the squared difference.
fn midranks(totals: &[f64]) -> Vec<f64> {
    let mut below = 0.0;
    let rank = |total: &f64| {
        below += total;
        below - total / 2.0
    };
    totals.iter().map(rank).collect()
}

/// Observed and expected distance of two answers.
#[derive(Debug)]
struct Parts {
    /// The answers that can be paired.
    answers: f64,
    observed: f64,
    /// With replacement.
    expected: f64,
    /// Per label, its mean distance to an answer drawn from all.
    to_all: Vec<f64>,
}

impl Parts {
    fn of(sample: &Sample<'_>, distance: &impl Distance, within: &[f64]) -> Option<Self> {
        if sample.totals.iter().filter(|total| **total > 0.0).count() < 2 {
            return None;
        }
        let answers: f64 = sample.totals.iter().sum();
        let mut to_all = distance.to_all(&sample.totals);
        for sum in &mut to_all {
            *sum /= answers;
        }
        let expected =
            sample.totals.iter().zip(&to_all).map(|(total, mean)| total * mean).sum::<f64>() / answers;
        let shared = sample.kinds().zip(within).filter(|(kind, _)| kind.size >= 2.0);
        let observed: f64 = shared.map(|(kind, apart)| kind.items * apart / (kind.size - 1.0)).sum();
        (expected > 0.0).then(|| Self { answers, observed: observed / answers, expected, to_all })
    }

    /// Without replacement an answer does not meet itself.
    fn value(&self) -> f64 {
        1.0 - self.observed / self.expected * (self.answers - 1.0) / self.answers
    }

    fn estimate(&self, sample: &Sample<'_>, within: &[f64], range: Range) -> Estimate {
        let mean_size = self.answers / sample.shared;
        let shared = sample.kinds().zip(within).filter(|(kind, _)| kind.size >= 2.0);
        let deviations = shared.map(|(kind, apart)| {
            let to_others: f64 =
                kind.counts.iter().map(|each| each.count as f64 * self.to_all[each.label as usize]).sum();
            let own_observed = (apart / (kind.size - 1.0) - self.observed * kind.size) / mean_size;
            let own_expected = 2.0 * (to_others - self.expected * kind.size) / mean_size;
            let ratio = self.observed / self.expected;
            ((own_observed - ratio * own_expected) / self.expected, kind.items)
        });
        Estimate::linearised(self.value(), deviations, range)
    }
}

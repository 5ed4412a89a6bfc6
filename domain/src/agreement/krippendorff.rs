//! Krippendorff's alpha, for labels without order.
//!
//! **Definition.** α = 1 − D/E, where D is the mean distance between two answers to the same item and E that
//! between any two answers. Both come from the coincidence matrix, in which each item of r answers adds 1 / (r − 1)
//! for each ordered pair of them. The nominal distance is 0 between equal labels and 1 otherwise.
//!
//! **Range** −1 to 1, higher is better: 1 is full agreement, 0 what chance would give; below 0 people disagree more
//! than by chance. Krippendorff asks for 0.8, and for tentative conclusions 0.667.
//!
//! **Assumes** items drawn independently and annotators that could be exchanged for one another. Any number of
//! annotators and missing answers; items with one answer drop out.
//!
//! **Undefined** where no two people answered the same item, and where all answers that can be paired are equal.
//!
//! **Source.** Hayes and Krippendorff (2007), *Answering the call for a standard reliability measure for coding
//! data*, Communication Methods and Measures 1(1), <https://doi.org/10.1080/19312450709336664>; interval: Gwet
//! (2014), *Handbook of Inter-Rater Reliability*, 4th ed., ISBN 978-0970806284, over the items that do not drop
//! out.

use super::interval::{Range, ci95};
use super::ratings::{Item, Ratings};
use super::statistic::{Statistic, Undefined};

const RANGE: Range = Range { low: -1.0, high: 1.0 };

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
    krippendorff_alpha_by(ratings, nominal_distance)
}

/// The distance between labels without order, by their indexes.
pub fn nominal_distance(a: u32, b: u32) -> f64 {
    if a == b { 0.0 } else { 1.0 }
}

/// Krippendorff's alpha by any distance between two labels, given by their indexes: finite, symmetric, 0 between
/// equal labels and positive between others. A distance that depends on how often labels occur has to count the
/// answers of [`Ratings::shared_items`] alone.
pub fn krippendorff_alpha_by(ratings: &Ratings, distance: impl Fn(u32, u32) -> f64) -> Statistic {
    if let Err(reason) = ratings.comparable() {
        return Statistic::undefined(reason);
    }
    let totals = pairable_totals(ratings);
    if totals.iter().filter(|(_, total)| *total > 0.0).count() < 2 {
        return Statistic::undefined(Undefined::NoVariation);
    }
    let answers: f64 = totals.iter().map(|(_, total)| total).sum();
    let items = ratings.shared_items().count() as f64;

    // Per label, its mean distance to an answer drawn from all; then the mean of that, with replacement.
    let to_all: Vec<f64> = totals
        .iter()
        .map(|(label, _)| {
            totals.iter().map(|(other, total)| total * distance(*label, *other)).sum::<f64>() / answers
        })
        .collect();
    let expected = totals.iter().zip(&to_all).map(|((_, total), mean)| total * mean).sum::<f64>() / answers;
    let observed = ratings.shared_items().map(|item| within(&item, &distance)).sum::<f64>() / answers;

    let ratio = observed / expected;
    // Without replacement an answer does not meet itself.
    let value = RANGE.clamp(1.0 - ratio * (answers - 1.0) / answers);

    let mean_size = answers / items;
    let deviations = ratings.shared_items().map(|item| {
        let to_others: f64 =
            item.counts.iter().map(|each| each.count as f64 * to_all[each.label as usize]).sum();
        let own_observed = (within(&item, &distance) - observed * item.size()) / mean_size;
        let own_expected = 2.0 * (to_others - expected * item.size()) / mean_size;
        (own_observed - ratio * own_expected) / expected
    });
    Statistic::defined(value, ci95(value, deviations, RANGE))
}

/// How often each label occurs among the answers that can be paired: the margins of the coincidence matrix.
fn pairable_totals(ratings: &Ratings) -> Vec<(u32, f64)> {
    let mut totals: Vec<(u32, f64)> = (0..).zip(ratings.labels()).map(|(label, _)| (label, 0.0)).collect();
    for each in ratings.shared_items().flat_map(|item| item.counts) {
        totals[each.label as usize].1 += each.count as f64;
    }
    totals
}

/// The item's row in the coincidence matrix, weighed by distance.
fn within(item: &Item<'_>, distance: impl Fn(u32, u32) -> f64) -> f64 {
    let apart: f64 = item
        .counts
        .iter()
        .flat_map(|a| item.counts.iter().map(move |b| (a, b)))
        .map(|(a, b)| (a.count * b.count) as f64 * distance(a.label, b.label))
        .sum();
    apart / (item.size() - 1.0)
}

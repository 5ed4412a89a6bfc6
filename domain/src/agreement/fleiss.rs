//! Fleiss' kappa, generalised to unequal numbers of answers.
//!
//! **Definition.** κ = (p − e) / (1 − e), where p is the average pairwise percent agreement and e = Σ π², with π
//! the label's share of the answers to an item, averaged over items. With two annotators who answered everything
//! it is Scott's pi; with equally many answers to each item it is Fleiss' original.
//!
//! **Range** up to 1, higher is better: 1 is full agreement and 0 what chance would give. With r answers to each
//! item it is at least −1 / (r − 1); where many items have a single answer it can lie far below −1, because those
//! items shape the chance and not the agreement.
//!
//! **Assumes** unordered labels, items drawn independently, and answers that may come from different people for
//! each item; people with different habits count as chance. Where one label dominates it can be low although
//! nearly all answers agree; Gwet's AC1 is the one to compare with.
//!
//! **Undefined** where no two people answered the same item, and where only one label was given.
//!
//! **Source.** Fleiss (1971), *Measuring nominal scale agreement among many raters*, Psychological Bulletin
//! 76(5), <https://doi.org/10.1037/h0031619>; generalisation and interval: Gwet (2014), *Handbook of Inter-Rater
//! Reliability*, 4th ed., ISBN 978-0970806284.

use super::chance::{Chance, Corrected};
use super::interval::Range;
use super::kinds::Kinds;
use super::percent::agreement;
use super::ratings::Ratings;
use super::scale::{Level, Scale};
use super::statistic::Statistic;

const RANGE: Range = Range { low: f64::NEG_INFINITY, high: 1.0 };

/// Fleiss' kappa.
///
/// Six psychiatrists and the first fifteen patients of Fleiss (1971), by counts of answers per diagnosis: 0.4139
/// in Gwet (2014).
///
/// ```
/// use domain::agreement::{Ratings, RatingsError, fleiss_kappa};
///
/// let patients = [
///     "NNNNNN", "PPPOOO", "PSSSSO", "OOOOOO", "PPPNNN", "DDSSSS", "SSSSOO", "DDSSSN", "DDNNNN", "OOOOOO",
///     "DNNNNN", "DPNNNN", "PPPSSS", "DNNNNN", "PPNNNO",
/// ];
/// let answers = patients.iter().enumerate().flat_map(|(patient, diagnoses)| {
///     let named = move |(slot, given): (usize, char)| (patient, slot.to_string(), given.to_string());
///     diagnoses.chars().enumerate().map(named)
/// });
/// let kappa = fleiss_kappa(&Ratings::from_answers(answers)?);
/// assert!(kappa.value.is_some_and(|value| (value - 0.4139265).abs() < 5e-8));
/// # Ok::<(), RatingsError>(())
/// ```
pub fn fleiss_kappa(ratings: &Ratings) -> Statistic {
    let kinds = Kinds::of(ratings.items(), &Scale::of(ratings, Level::Nominal));
    Statistic::analytic(ratings, || model(&kinds).estimate(&kinds.everything()))
}

pub(super) fn model(kinds: &Kinds) -> Corrected {
    Corrected { agreement: agreement(kinds), chance: Chance::Repeated, range: RANGE }
}

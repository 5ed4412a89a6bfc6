//! What Fleiss' kappa and Gwet's AC1 have in common: (observed − chance) / (1 − chance).
//!
//! They differ only in how much agreement by chance a label contributes, given its share. This file knows neither.
//!
//! Unequal numbers of answers are treated as in Gwet (2014), *Handbook of Inter-Rater Reliability*, 4th ed.,
//! ISBN 978-0970806284: label shares are averaged over all items with one or more answers, agreement over items
//! with two or more.

use super::interval::{Range, ci95};
use super::percent::Observed;
use super::ratings::{Item, Ratings};
use super::statistic::{Statistic, Undefined};

/// Corrects the observed agreement for chance. `chance_of(share)` is the probability that an answer with a label
/// of that share meets its like by chance.
pub(super) fn corrected(ratings: &Ratings, range: Range, chance_of: impl Fn(f64) -> f64) -> Statistic {
    let observed = match Observed::of(ratings) {
        Ok(_) if ratings.labels().len() == 1 => return Statistic::undefined(Undefined::NoVariation),
        Ok(observed) => observed,
        Err(reason) => return Statistic::undefined(reason),
    };
    let shares = label_shares(ratings);
    let by_label: Vec<f64> = shares.iter().map(|share| chance_of(*share)).collect();
    let chance: f64 = shares.iter().zip(&by_label).map(|(share, chance)| share * chance).sum();
    let beyond = 1.0 - chance;
    let value = range.clamp((observed.agreement - chance) / beyond);

    let deviations = ratings.items().map(|item| {
        let agreement = observed.weigh(item.agreement().map(|agreement| (agreement - chance) / beyond));
        let own_chance: f64 = item_shares(&item).map(|(label, share)| share * by_label[label as usize]).sum();
        agreement - value - 2.0 * (1.0 - value) * (own_chance - chance) / beyond
    });
    Statistic::defined(value, ci95(value, deviations, range))
}

/// Each label's share of an item's answers, averaged over all items.
fn label_shares(ratings: &Ratings) -> Vec<f64> {
    let mut shares = vec![0.0; ratings.labels().len()];
    for item in ratings.items() {
        for (label, share) in item_shares(&item) {
            shares[label as usize] += share;
        }
    }
    let items = ratings.item_count() as f64;
    shares.into_iter().map(|sum| sum / items).collect()
}

fn item_shares<'a>(item: &Item<'a>) -> impl Iterator<Item = (u32, f64)> + use<'a> {
    let size = item.size();
    item.counts.iter().map(move |each| (each.label, each.count as f64 / size))
}

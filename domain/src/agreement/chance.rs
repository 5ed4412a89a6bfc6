//! What Fleiss' kappa and Gwet's coefficients have in common: (observed − chance) / (1 − chance).
//!
//! They differ only in what agreement is and in how much of it chance brings. This file knows neither.
//!
//! Unequal numbers of answers are treated as in Gwet (2014), *Handbook of Inter-Rater Reliability*, 4th ed.,
//! ISBN 978-0970806284: label shares are averaged over all items with one or more answers, agreement over items
//! with two or more.

use super::interval::{Estimate, Range};
use super::kinds::Sample;
use super::statistic::Undefined;

/// A statistic of that form.
#[derive(Debug, Clone)]
pub(super) struct Corrected {
    /// By kind of item.
    pub(super) agreement: Vec<f64>,
    pub(super) chance: Chance,
    pub(super) range: Range,
}

/// How an answer meets agreement by chance.
#[derive(Debug, Clone, Copy)]
pub(super) enum Chance {
    /// By another answer with its label: Σ π².
    Repeated,
    /// By guessing on what is hard to label: so many times Σ π(1 − π).
    Guessed(f64),
}

impl Chance {
    /// For an answer whose label has this share.
    fn of_label(self, share: f64) -> f64 {
        match self {
            Self::Repeated => share,
            Self::Guessed(times) => times * (1.0 - share),
        }
    }

    fn of(self, shares: &[f64]) -> f64 {
        shares.iter().map(|share| share * self.of_label(*share)).sum()
    }
}

impl Corrected {
    /// None where nobody can agree, and where chance agrees always.
    pub(super) fn value(&self, sample: &Sample<'_>) -> Option<f64> {
        let observed = sample.mean_of_shared(&self.agreement)?;
        let chance = self.chance.of(&sample.shares);
        (chance < 1.0).then(|| self.range.clamp((observed - chance) / (1.0 - chance)))
    }

    pub(super) fn estimate(&self, sample: &Sample<'_>) -> Result<Estimate, Undefined> {
        if sample.shares.len() < 2 {
            return Err(Undefined::NoVariation);
        }
        let value = self.value(sample).ok_or(Undefined::NoVariation)?;
        let chance = self.chance.of(&sample.shares);
        let beyond = 1.0 - chance;
        let by_label: Vec<f64> = sample.shares.iter().map(|share| self.chance.of_label(*share)).collect();
        let deviations = sample.kinds().zip(&self.agreement).map(|(kind, agreement)| {
            let agreement = sample.spread(&kind, (agreement - chance) / beyond);
            let of_answers: f64 =
                kind.counts.iter().map(|each| each.count as f64 * by_label[each.label as usize]).sum();
            let own_chance = of_answers / kind.size;
            (agreement - value - 2.0 * (1.0 - value) * (own_chance - chance) / beyond, kind.items)
        });
        Ok(Estimate::linearised(value, deviations, self.range))
    }
}

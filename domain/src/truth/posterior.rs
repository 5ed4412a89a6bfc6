//! By item the probability of each label, and the label that wins.
//!
//! Only labels with some probability are held, so that a million labels of which each item got three take the room of
//! three.

use super::beliefs::Beliefs;

/// What is less than this share is left out.
const LEAST: f64 = 1e-9;

/// Shares this close are equal: the rest is rounding.
const EQUAL: f64 = 1e-9;

/// A label, by its index, and its probability.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelShare {
    pub label: u32,
    pub share: f64,
}

/// The labels of all items, in the order of [`Ratings::items`](crate::agreement::Ratings::items).
#[derive(Debug, Clone, Default)]
pub struct Posteriors {
    shares: Vec<LabelShare>,
    ends: Vec<usize>,
}

/// The labels of one item, by index; those left out have a share of less than 10⁻⁹.
#[derive(Debug, Clone, Copy)]
pub struct Posterior<'a>(&'a [LabelShare]);

impl Posteriors {
    pub(super) fn of(beliefs: &Beliefs) -> Self {
        let mut posteriors = Self::default();
        for belief in beliefs.items() {
            let shares = (0..).zip(belief).map(|(label, share)| LabelShare { label, share: *share });
            posteriors.push(shares.filter(|each| each.share >= LEAST));
        }
        posteriors
    }

    pub(super) fn push(&mut self, shares: impl Iterator<Item = LabelShare>) {
        self.shares.extend(shares);
        self.ends.push(self.shares.len());
    }

    pub fn items(&self) -> impl Iterator<Item = Posterior<'_>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| Posterior(&self.shares[start..*end]))
    }
}

impl<'a> Posterior<'a> {
    pub fn shares(self) -> &'a [LabelShare] {
        self.0
    }

    /// The label with the greatest share; of several, the first in the labels' order. None only where there is no label.
    pub fn winner(self) -> Option<LabelShare> {
        let greatest = self.0.iter().map(|each| each.share).fold(0.0, f64::max);
        self.0.iter().copied().find(|each| each.share >= greatest - EQUAL)
    }

    /// The probability of `label`.
    pub fn share(self, label: u32) -> f64 {
        self.0.iter().find(|each| each.label == label).map_or(0.0, |each| each.share)
    }
}

/// The index of the label that wins by these shares; as [`Posterior::winner`].
pub(super) fn winner(shares: &[f64]) -> Option<usize> {
    let greatest = shares.iter().copied().fold(0.0, f64::max);
    shares.iter().position(|share| *share >= greatest - EQUAL)
}

//! Items taken together by how often they got each label: what all statistics read that do not ask who answered.
//!
//! A million items with a few answers of a few labels are some hundred kinds, so that a statistic, and each of a
//! thousand resamples, is a sum over these. Labels that nobody gave to an item take no space.

use std::collections::HashMap;

use super::distance::Distance;
use super::ratings::{Item, LabelCount};
use super::scale::Scale;

/// The distinct ways in which items were labelled.
#[derive(Debug, Clone, Default)]
pub(super) struct Kinds {
    /// Grouped by kind, within it by category.
    counts: Vec<LabelCount>,
    /// Per kind, where its counts end.
    ends: Vec<usize>,
    /// Per kind, its number of answers.
    sizes: Vec<f64>,
    /// Per item, its kind.
    of_item: Vec<u32>,
    categories: usize,
}

impl Kinds {
    pub(super) fn of<'a>(items: impl Iterator<Item = Item<'a>>, scale: &Scale) -> Self {
        let mut kinds = Self { categories: scale.count() as usize, ..Self::default() };
        let mut known: HashMap<Vec<LabelCount>, u32> = HashMap::new();
        let mut counts: Vec<LabelCount> = Vec::new();
        for item in items {
            counts.clear();
            counts.extend(
                item.counts
                    .iter()
                    .map(|each| LabelCount { label: scale.category(each.label), count: each.count }),
            );
            merge(&mut counts);
            let kind = known.get(counts.as_slice()).copied().unwrap_or_else(|| {
                let next = kinds.sizes.len() as u32;
                known.insert(counts.clone(), next);
                kinds.counts.extend_from_slice(&counts);
                kinds.ends.push(kinds.counts.len());
                kinds.sizes.push(item.size());
                next
            });
            kinds.of_item.push(kind);
        }
        kinds
    }

    /// How many items are of each kind, where each item of the ratings stands for so many.
    pub(super) fn weigh(&self, items: &[u32]) -> Vec<f64> {
        let mut weights = vec![0_u64; self.sizes.len()];
        for (kind, items) in self.of_item.iter().zip(items) {
            weights[*kind as usize] += u64::from(*items);
        }
        weights.into_iter().map(|items| items as f64).collect()
    }

    /// By kind, the sum of the distances of all ordered pairs of answers.
    pub(super) fn within(&self, distance: &impl Distance) -> Vec<f64> {
        self.counts().map(|counts| distance.within(counts)).collect()
    }

    /// By kind, the share of pairs of answers that agree, in parts where labels are `farthest` apart at most; 0
    /// where there is no pair.
    pub(super) fn agreement(&self, distance: &impl Distance, farthest: f64) -> Vec<f64> {
        let apart = self.within(distance).into_iter().zip(&self.sizes);
        apart
            .map(
                |(apart, size)| {
                    if *size < 2.0 { 0.0 } else { 1.0 - apart / farthest / (size * (size - 1.0)) }
                },
            )
            .collect()
    }

    pub(super) fn counts(&self) -> impl Iterator<Item = &[LabelCount]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.counts[start..*end])
    }

    /// By item, the number of its kind in the order of [`Self::counts`].
    pub(super) fn of_items(&self) -> &[u32] {
        &self.of_item
    }

    /// The number of possible labels: those that somebody gave.
    pub(super) fn categories(&self) -> usize {
        self.categories
    }

    /// Every item once.
    pub(super) fn everything(&self) -> Sample<'_> {
        self.sample(self.weigh(&vec![1; self.of_item.len()]))
    }

    /// So many items of each kind.
    pub(super) fn sample(&self, weights: Vec<f64>) -> Sample<'_> {
        let mut sample = Sample {
            kinds: self,
            items: weights.iter().sum(),
            weights,
            shared: 0.0,
            shares: vec![0.0; self.categories],
            totals: vec![0.0; self.categories],
        };
        for ((counts, size), weight) in self.counts().zip(&self.sizes).zip(&sample.weights) {
            let paired = if *size < 2.0 { 0.0 } else { *weight };
            sample.shared += paired;
            for each in counts {
                let count = each.count as f64;
                sample.shares[each.label as usize] += weight * count / size;
                sample.totals[each.label as usize] += paired * count;
            }
        }
        for share in &mut sample.shares {
            *share /= sample.items;
        }
        sample
    }
}

/// Puts categories into order and adds up those that occur twice.
fn merge(counts: &mut Vec<LabelCount>) {
    if counts.windows(2).any(|pair| pair[0].label >= pair[1].label) {
        counts.sort_unstable_by_key(|each| each.label);
        counts.dedup_by(|later, kept| {
            let same = later.label == kept.label;
            kept.count += if same { later.count } else { 0 };
            same
        });
    }
}

/// So many items of each kind, with the sums that several statistics share.
#[derive(Debug, Clone)]
pub(super) struct Sample<'a> {
    kinds: &'a Kinds,
    weights: Vec<f64>,
    /// The number of items.
    pub(super) items: f64,
    /// The number of items with two or more answers.
    pub(super) shared: f64,
    /// Each label's share of an item's answers, averaged over all items.
    pub(super) shares: Vec<f64>,
    /// How often each label occurs among the answers that can be paired.
    pub(super) totals: Vec<f64>,
}

/// A kind of item in a sample.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind<'a> {
    pub(super) counts: &'a [LabelCount],
    pub(super) size: f64,
    /// How many items are of this kind.
    pub(super) items: f64,
}

impl Sample<'_> {
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind<'_>> {
        let sizes = self.kinds.counts().zip(&self.kinds.sizes).zip(&self.weights);
        sizes.map(|((counts, size), items)| Kind { counts, size: *size, items: *items })
    }

    /// The mean of what stands there by kind over the items with two or more answers, if there are any.
    pub(super) fn mean_of_shared(&self, by_kind: &[f64]) -> Option<f64> {
        let shared = self.kinds().zip(by_kind).filter(|(kind, _)| kind.size >= 2.0);
        let sum: f64 = shared.map(|(kind, each)| kind.items * each).sum();
        (self.shared > 0.0).then(|| sum / self.shared)
    }

    /// The term of an item such that its mean over *all* items is that of `of_shared` over the shared ones.
    pub(super) fn spread(&self, kind: &Kind<'_>, of_shared: f64) -> f64 {
        if kind.size < 2.0 { 0.0 } else { of_shared * self.items / self.shared }
    }
}

//! All statistics of some ratings that do not ask who answered, ready to be computed on resamples of the items.
//!
//! What each is stands in its own file; here they only stand together, in one order.

use super::chance::Corrected;
use super::gwet::{Weights, ac1, ac2};
use super::interval::Estimate;
use super::kinds::{Kinds, Sample};
use super::krippendorff::Alpha;
use super::scale::Scale;
use super::statistic::Undefined;
use super::{fleiss, percent};

/// Percent agreement, Fleiss' kappa, alpha, AC1, and AC2 with linear, quadratic and ordinal weights.
pub(super) struct Coefficients<'a> {
    kinds: &'a Kinds,
    percent: Vec<f64>,
    fleiss: Corrected,
    alpha: Result<Alpha<'a>, Undefined>,
    ac1: Corrected,
    ac2: [Result<Corrected, Undefined>; 3],
}

impl<'a> Coefficients<'a> {
    pub(super) fn of(kinds: &'a Kinds, scale: &'a Scale) -> Self {
        Self {
            kinds,
            percent: percent::agreement(kinds),
            fleiss: fleiss::model(kinds),
            alpha: Alpha::of(kinds, scale),
            ac1: ac1(kinds),
            ac2: [Weights::Linear, Weights::Quadratic, Weights::Ordinal]
                .map(|weights| ac2(kinds, scale, weights)),
        }
    }

    /// With analytic intervals, where each row that the kinds were made of stands for so many items.
    pub(super) fn estimates(&self, items: &[u32]) -> [Result<Estimate, Undefined>; 7] {
        let sample = self.kinds.sample(self.kinds.weigh(items));
        let of = |model: &Result<Corrected, Undefined>| {
            model.as_ref().map_err(|reason| *reason).and_then(|model| model.estimate(&sample))
        };
        let [linear, quadratic, ordinal] = &self.ac2;
        [
            percent::estimate(&sample, &self.percent),
            self.fleiss.estimate(&sample),
            self.alpha.as_ref().map_err(|reason| *reason).and_then(|alpha| alpha.estimate(&sample)),
            self.ac1.estimate(&sample),
            of(linear),
            of(quadratic),
            of(ordinal),
        ]
    }

    /// The values alone, for a resample.
    pub(super) fn values(&self, items: &[u32]) -> [Option<f64>; 7] {
        let sample = self.kinds.sample(self.kinds.weigh(items));
        let alpha = |alpha: &Alpha<'_>, sample: &Sample<'_>| {
            if alpha.can_be_resampled() { alpha.value(sample) } else { None }
        };
        let of =
            |model: &Result<Corrected, Undefined>| model.as_ref().ok().and_then(|model| model.value(&sample));
        let [linear, quadratic, ordinal] = &self.ac2;
        [
            sample.mean_of_shared(&self.percent),
            self.fleiss.value(&sample),
            self.alpha.as_ref().ok().and_then(|each| alpha(each, &sample)),
            self.ac1.value(&sample),
            of(linear),
            of(quadratic),
            of(ordinal),
        ]
    }
}

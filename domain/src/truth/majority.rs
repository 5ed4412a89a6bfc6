//! Majority: every answer counts alike.
//!
//! **Definition.** A label's posterior is its share of the item's answers; of labels with equal shares the first in
//! order wins. An annotator's accuracy is their share of answers that the winning label agrees with.
//!
//! **Assumes** that all annotators are equally good, and good. It needs nobody's past, so one item is enough; and it
//! has no log-likelihood, because it is not a model.

use super::posterior::{LabelShare, Posteriors};
use crate::agreement::Ratings;

pub(super) fn posteriors(ratings: &Ratings) -> Posteriors {
    let mut posteriors = Posteriors::default();
    for item in ratings.items() {
        let shares = item.counts.iter();
        posteriors.push(
            shares.map(|each| LabelShare { label: each.label, share: each.count as f64 / item.size() }),
        );
    }
    posteriors
}

/// By annotator, the share of answers that agree with the winning label.
pub(super) fn accuracies(ratings: &Ratings, posteriors: &Posteriors) -> Vec<f64> {
    let mut tallies = vec![[0_u64; 2]; ratings.annotators().len()];
    for (item, posterior) in ratings.items().zip(posteriors.items()) {
        let winner = posterior.winner().map(|each| each.label);
        for answer in item.answers {
            let [agreeing, all] = &mut tallies[answer.annotator as usize];
            *agreeing += u64::from(winner == Some(answer.label));
            *all += 1;
        }
    }
    tallies.into_iter().map(|[agreeing, all]| agreeing as f64 / all.max(1) as f64).collect()
}

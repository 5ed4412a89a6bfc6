//! The one-coin model: every annotator has one accuracy, and all wrong labels are alike.
//!
//! **Model.** An item's label is j with probability π(j). Annotator a answers it with probability p(a), and each of
//! the K − 1 other labels with (1 − p(a)) / (K − 1).
//!
//! **Fit.** Expectation–maximisation from majority shares: p(a) is the expected share of right
//! answers, smoothed by [`SMOOTHING`] answers per label.
//!
//! **Assumes** answers that are independent given the label, and annotators who are as good on one label as on
//! another. Where they prefer a label, it takes that for accuracy.
//!
//! **Source.** Dawid and Skene (1979), <https://doi.org/10.2307/2346806>, with equal entries; so named by Zhang,
//! Chen, Zhou and Jordan (2016), *Spectral methods meet EM*, JMLR 17(102), <https://jmlr.org/papers/v17/14-511.html>.

use super::beliefs::{Beliefs, Table};
use super::em::{Fitted, Stop, log_shares, run};
use crate::agreement::Ratings;

const SMOOTHING: f64 = 1e-6;

pub(super) fn fit(ratings: &Ratings) -> Fitted {
    run(ratings, Beliefs::shares(ratings), Stop::AT_THE_MAXIMUM, |beliefs, table| {
        write(&accuracies(ratings, beliefs), table);
        log_shares(beliefs, SMOOTHING)
    })
}

/// The expected share of right answers of each annotator.
fn accuracies(ratings: &Ratings, beliefs: &Beliefs) -> Vec<f64> {
    let smallest = [SMOOTHING, SMOOTHING * beliefs.labels as f64];
    let mut tallies = vec![smallest; ratings.annotators().len()];
    for (item, belief) in ratings.items().zip(beliefs.items()) {
        for answer in item.answers {
            let [right, all] = &mut tallies[answer.annotator as usize];
            *right += belief[answer.label as usize];
            *all += 1.0;
        }
    }
    tallies.into_iter().map(|[right, all]| right / all).collect()
}

/// Writes the logarithms of the answers' probabilities for annotators of these accuracies.
pub(super) fn write(accuracies: &[f64], table: &mut Table) {
    let labels = table.labels;
    for (square, accuracy) in table.annotators_mut().zip(accuracies) {
        square.fill(wrong(*accuracy, labels).ln());
        for label in 0..labels {
            square[label * labels + label] = accuracy.ln();
        }
    }
}

/// The probability of each wrong label.
pub(super) fn wrong(accuracy: f64, labels: usize) -> f64 {
    (1.0 - accuracy) / labels.saturating_sub(1).max(1) as f64
}

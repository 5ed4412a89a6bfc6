//! Dawid and Skene's model: every annotator has a confusion matrix of their own.
//!
//! **Model.** An item's label is j with probability π(j). Annotator a, seeing j, answers l with probability
//! θ(a, j, l), whatever the others say and whichever item of label j it is.
//!
//! **Fit.** Expectation–maximisation from majority shares. The maximisation is θ(a, j, l) ∝ n(a, j, l) + s,
//! where n is the expected number of such answers and s = [`SMOOTHING`]; π likewise.
//!
//! **Assumes** answers that are independent given the label, and enough of them for labels² numbers per
//! annotator. With few answers each it overfits: see [`super::robust`].
//!
//! **Source.** Dawid and Skene (1979), *Maximum likelihood estimation of observer error-rates using the EM
//! algorithm*, Applied Statistics 28(1), <https://doi.org/10.2307/2346806>.

use super::beliefs::Beliefs;
use super::em::{Fitted, Stop, log_shares, run};
use crate::agreement::Ratings;

/// What is added to each count: keeps every logarithm finite and the estimate where the likelihood has its maximum.
const SMOOTHING: f64 = 1e-6;

pub(super) fn fit(ratings: &Ratings) -> Fitted {
    run(ratings, Beliefs::shares(ratings), Stop::AT_THE_MAXIMUM, |beliefs, table| {
        beliefs.count(ratings, table);
        let labels = table.labels;
        for square in table.annotators_mut() {
            let mut totals = vec![SMOOTHING * labels as f64; labels];
            for row in square.chunks_exact(labels) {
                for (total, count) in totals.iter_mut().zip(row) {
                    *total += count;
                }
            }
            for row in square.chunks_exact_mut(labels) {
                for (count, total) in row.iter_mut().zip(&totals) {
                    *count = ((*count + SMOOTHING) / total).ln();
                }
            }
        }
        log_shares(beliefs, SMOOTHING)
    })
}

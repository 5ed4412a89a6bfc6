//! Expectation and maximisation in turn, for models in which an answer depends on annotator and label alone.
//!
//! It stops when an iteration changes the log-likelihood by less than [`Stop::enough`] nats for each answer, or after
//! [`Stop::most`] iterations, and says which.

use super::beliefs::{Beliefs, Table};
use crate::agreement::Ratings;

/// When iterations end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// The change of the log-likelihood per answer, in nats.
    pub(super) enough: f64,
    pub(super) most: u32,
}

impl Stop {
    /// At the maximum of the likelihood, as far as anything can be seen of it.
    pub(super) const AT_THE_MAXIMUM: Self = Self { enough: 1e-8, most: 1000 };
}

/// Where the iterations ended.
#[derive(Debug, Clone)]
pub(super) struct Fitted {
    pub(super) beliefs: Beliefs,
    /// The parameters that `beliefs` follow from.
    pub(super) log_priors: Vec<f64>,
    pub(super) log_answers: Table,
    pub(super) iterations: u32,
    pub(super) converged: bool,
    pub(super) log_likelihood: f64,
}

/// Iterates from `beliefs`. `maximise` gives the logarithms of the labels' probabilities and writes those of the
/// answers' into the table.
pub(super) fn run(
    ratings: &Ratings,
    beliefs: Beliefs,
    stop: Stop,
    mut maximise: impl FnMut(&Beliefs, &mut Table) -> Vec<f64>,
) -> Fitted {
    let mut fitted = Fitted {
        log_priors: Vec::new(),
        log_answers: Table::zeros(ratings.annotators().len(), beliefs.labels),
        beliefs,
        iterations: 0,
        converged: ratings.answers().is_empty(),
        log_likelihood: 0.0,
    };
    let enough = stop.enough * ratings.answers().len() as f64;
    while !fitted.converged && fitted.iterations < stop.most {
        fitted.log_priors = maximise(&fitted.beliefs, &mut fitted.log_answers);
        let likelihood = fitted.beliefs.update(ratings, &fitted.log_priors, &fitted.log_answers);
        fitted.converged = fitted.iterations > 0 && (likelihood - fitted.log_likelihood).abs() < enough;
        fitted.log_likelihood = likelihood;
        fitted.iterations += 1;
    }
    fitted
}

/// The logarithm of each label's share of the items, with `smoothing` items more for each.
pub(super) fn log_shares(beliefs: &Beliefs, smoothing: f64) -> Vec<f64> {
    let sums = beliefs.label_sums();
    let total = sums.iter().sum::<f64>() + smoothing * sums.len() as f64;
    sums.into_iter().map(|sum| ((sum + smoothing) / total).ln()).collect()
}

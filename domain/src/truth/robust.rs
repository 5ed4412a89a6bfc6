//! Robust: Dawid and Skene's model, partially pooled, so that few answers are never read as a confusion matrix.
//!
//! **Model.** As in [`super::dawid_skene`], annotator a, seeing j, answers l with probability θ(a, j, l). But the rows
//! have priors that are learned from all annotators ([`super::pooling`]): θ(a, j, ·) ~ Dirichlet(κ · m(a, j, ·)), where
//! m(a, j, ·) is the crowd's row j moved by the annotator's ability, abilities are normal, and the crowd's rows are
//! drawn around a single coin. With many answers of a person this is Dawid–Skene; with few it is the crowd's confusion
//! with a weight for each person; with next to none it is a majority.
//!
//! **Shares of labels.** π is three fifths of what the fit says, one fifth of the raw shares of answers, and one fifth
//! equal shares. Left free, a share that is estimated from few answers per item feeds on itself until rare labels are
//! gone.
//!
//! **Fit.** Expectation–maximisation from majority shares, θ being its posterior mean (n + κ·m) / (N + κ). It ends as
//! [`STOP`] says, after 20 iterations at most: later ones follow what the model gets wrong about the data rather than
//! the labels.
//!
//! **Assumes** answers that are independent given the label, and a crowd that is right more often than not.
//!
//! **Source.** The partial pooling is that of the hierarchical Dawid–Skene model in Paun et al. (2018), *Comparing
//! Bayesian models of annotation*, TACL 6, <https://doi.org/10.1162/tacl_a_00040>; Dirichlet rows are those of Kim and
//! Ghahramani (2012), *Bayesian classifier combination*, AISTATS, <https://proceedings.mlr.press/v22/kim12.html>. The
//! one-coin top, the blend for π and the early end are ours.

use super::beliefs::{Beliefs, Table};
use super::em::{Fitted, Stop, run};
use super::pooling::Pooled;
use crate::agreement::Ratings;

const STOP: Stop = Stop { enough: 1e-5, most: 20 };

/// How the shares of labels are blended from the fit, the answers, and equality.
const FITTED: f64 = 0.6;
const ANSWERED: f64 = 0.2;
const EQUAL: f64 = 0.2;

/// The first strengths are learned from majority shares, and have further to go.
const FIRST_ROUNDS: u32 = 10;
const ROUNDS: u32 = 2;

pub(super) fn fit(ratings: &Ratings) -> (Fitted, Pooled) {
    let (annotators, labels) = (ratings.annotators().len(), ratings.labels().len());
    let start = Beliefs::shares(ratings);
    let answered = shares(&start);
    let mut pooled = Pooled::new(annotators, labels);
    let mut rounds = FIRST_ROUNDS;
    let fitted = run(ratings, start, STOP, |beliefs, table| {
        beliefs.count(ratings, table);
        for _ in 0..rounds {
            pooled.learn(table);
        }
        rounds = ROUNDS;
        posterior_means(&pooled, table);
        let equal = EQUAL / labels as f64;
        let blend = shares(beliefs).into_iter().zip(&answered);
        blend.map(|(fitted, answered)| (FITTED * fitted + ANSWERED * answered + equal).ln()).collect()
    });
    (fitted, pooled)
}

fn shares(beliefs: &Beliefs) -> Vec<f64> {
    let mut sums = beliefs.label_sums();
    let total: f64 = sums.iter().sum();
    sums.iter_mut().for_each(|sum| *sum /= total.max(1.0));
    sums
}

/// Makes logarithms of probabilities of the counts.
fn posterior_means(pooled: &Pooled, table: &mut Table) {
    let labels = table.labels;
    let mut prior = vec![0.0; labels * labels];
    for (square, ability) in table.annotators_mut().zip(&pooled.ability) {
        pooled.prior(*ability, &mut prior);
        let mut totals = vec![pooled.concentration; labels];
        for row in square.chunks_exact(labels) {
            for (total, count) in totals.iter_mut().zip(row) {
                *total += count;
            }
        }
        for (row, prior) in square.chunks_exact_mut(labels).zip(prior.chunks_exact(labels)) {
            for ((count, prior), total) in row.iter_mut().zip(prior).zip(&totals) {
                *count = ((*count + prior) / total).ln();
            }
        }
    }
}

//! How often each annotator is right, whichever the label: one number each, drawn around the crowd's.
//!
//! **Model.** Annotator a answers right with probability p(a) ~ Beta(s·m, s·(1 − m)); wrong labels are alike.
//!
//! **Fit.** s and m maximise the beta–binomial likelihood of the expected counts by Minka's fixed point, s with a prior
//! worth [`PRIOR_TABLES`] tables; p(a) is its posterior mean.
//!
//! **Source.** Minka (2000), *Estimating a Dirichlet distribution*,
//! <https://tminka.github.io/papers/dirichlet/minka-dirichlet.pdf>; the model is the one-coin model of
//! [`super::one_coin`], partially pooled.

use super::beliefs::Table;
use super::special::digamma;

/// Before anything is known, seven answers of ten are right, by one table.
const FIRST_MEAN: f64 = 0.7;
const GREATEST_MEAN: f64 = 0.999;

/// Before anything is known, an annotator's accuracy is worth ten answers, and as many tables say so.
const FIRST_STRENGTH: f64 = 10.0;
const PRIOR_TABLES: f64 = 10.0;
const STRENGTHS: [f64; 2] = [1.0, 1000.0];

/// Nobody is always right.
const LEAST: f64 = 1e-6;

/// What accuracies have in common.
#[derive(Debug, Clone)]
pub(super) struct Coins {
    mean: f64,
    strength: f64,
    /// The share of right answers of one who guesses.
    chance: f64,
}

impl Coins {
    pub(super) fn new(labels: usize) -> Self {
        let chance = (1.0 / labels.max(1) as f64).min(GREATEST_MEAN);
        Self { mean: FIRST_MEAN.max(chance), strength: FIRST_STRENGTH, chance }
    }

    /// Some rounds of the fixed points by expected counts; then the accuracy of each annotator.
    pub(super) fn learn(&mut self, counts: &Table, rounds: u32) -> Vec<f64> {
        let right_and_all: Vec<[f64; 2]> = counts
            .annotators()
            .map(|square| [square.iter().step_by(counts.labels + 1).sum(), square.iter().sum()])
            .collect();
        for _ in 0..rounds {
            self.learn_once(&right_and_all);
        }
        let posterior = |[right, all]: [f64; 2]| (right + self.strength * self.mean) / (all + self.strength);
        right_and_all.into_iter().map(|counts| posterior(counts).clamp(LEAST, 1.0 - LEAST)).collect()
    }

    fn learn_once(&mut self, right_and_all: &[[f64; 2]]) {
        let [right_prior, wrong_prior] = [self.mean, 1.0 - self.mean].map(|share| self.strength * share);
        let seated = |count: f64, prior: f64| prior * (digamma(count.max(0.0) + prior) - digamma(prior));
        let (mut right_tables, mut wrong_tables, mut denominator) = (0.0, 0.0, 0.0);
        for [right, all] in right_and_all {
            right_tables += seated(*right, right_prior);
            wrong_tables += seated(all - right, wrong_prior);
            denominator += digamma(all + self.strength) - digamma(self.strength);
        }
        let tables = right_tables + wrong_tables;
        let strength = (tables + PRIOR_TABLES) / (denominator + PRIOR_TABLES / FIRST_STRENGTH);
        self.strength = strength.clamp(STRENGTHS[0], STRENGTHS[1]);
        self.mean = ((right_tables + FIRST_MEAN) / (tables + 1.0)).clamp(self.chance, GREATEST_MEAN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of two labels: right and wrong answers of each annotator, half of them on each label.
    fn counts(people: &[[f64; 2]]) -> Table {
        let mut table = Table::zeros(people.len(), 2);
        for (square, [right, wrong]) in table.annotators_mut().zip(people) {
            square.copy_from_slice(&[right / 2.0, wrong / 2.0, wrong / 2.0, right / 2.0]);
        }
        table
    }

    #[test]
    fn few_answers_are_drawn_to_the_crowd_and_many_stand() {
        let found = Coins::new(2).learn(&counts(&[[900.0, 100.0], [800.0, 200.0], [0.0, 2.0]]), 20);
        assert!((found[0] - 0.9).abs() < 0.01 && (found[1] - 0.8).abs() < 0.01, "{found:?}");
        assert!(found[2] > 0.5 && found[2] < 0.8, "{found:?}");
    }

    #[test]
    fn who_are_alike_are_told_apart_less() {
        let spread = |people: &[[f64; 2]]| {
            let found = Coins::new(2).learn(&counts(people), 50);
            found[0] - found[1]
        };
        let alike = spread(&[[17.0, 3.0], [13.0, 7.0], [15.0, 5.0], [15.0, 5.0], [15.0, 5.0], [15.0, 5.0]]);
        let unlike = spread(&[[17.0, 3.0], [13.0, 7.0], [20.0, 0.0], [20.0, 0.0], [5.0, 15.0], [6.0, 14.0]]);
        assert!(alike < unlike, "{alike} {unlike}");
    }
}

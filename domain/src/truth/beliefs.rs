//! What an iteration holds: for each item the probability of each label, and for each annotator how answers and
//! labels meet. Both are flat, so that an iteration is one pass over the answers.
//!
//! Nothing here knows a model: it counts, and it multiplies likelihoods.

use crate::agreement::{Answer, Ratings};

/// A number for each annotator, given label and true label. Those of one answer stand together, by true label.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) labels: usize,
    pub(super) cells: Vec<f64>,
}

impl Table {
    pub(super) fn zeros(annotators: usize, labels: usize) -> Self {
        Self { labels, cells: vec![0.0; annotators * labels * labels] }
    }

    fn start(&self, answer: Answer) -> usize {
        (answer.annotator as usize * self.labels + answer.label as usize) * self.labels
    }

    /// By true label, the numbers of this answer.
    pub(super) fn row(&self, answer: Answer) -> &[f64] {
        let start = self.start(answer);
        &self.cells[start..start + self.labels]
    }

    pub(super) fn row_mut(&mut self, answer: Answer) -> &mut [f64] {
        let start = self.start(answer);
        &mut self.cells[start..start + self.labels]
    }

    /// The square of each annotator: given label by true label.
    pub(super) fn annotators(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact((self.labels * self.labels).max(1))
    }

    pub(super) fn annotators_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        self.cells.chunks_exact_mut((self.labels * self.labels).max(1))
    }
}

/// By item, the probability of each label.
#[derive(Debug, Clone)]
pub(super) struct Beliefs {
    pub(super) labels: usize,
    pub(super) cells: Vec<f64>,
}

impl Beliefs {
    /// Each label's share of the item's answers.
    pub(super) fn shares(ratings: &Ratings) -> Self {
        let labels = ratings.labels().len();
        let mut cells = vec![0.0; ratings.item_count() as usize * labels];
        for (item, belief) in ratings.items().zip(cells.chunks_exact_mut(labels.max(1))) {
            for each in item.counts {
                belief[each.label as usize] = each.count as f64 / item.size();
            }
        }
        Self { labels, cells }
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.labels.max(1))
    }

    pub(super) fn items_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        self.cells.chunks_exact_mut(self.labels.max(1))
    }

    /// By label, the expected number of items.
    pub(super) fn label_sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.labels];
        for belief in self.items() {
            for (sum, share) in sums.iter_mut().zip(belief) {
                *sum += share;
            }
        }
        sums
    }

    /// Writes into `table` how often each annotator is expected to have met each label with each answer.
    pub(super) fn count(&self, ratings: &Ratings, table: &mut Table) {
        table.cells.fill(0.0);
        for (item, belief) in ratings.items().zip(self.items()) {
            for answer in item.answers {
                for (cell, share) in table.row_mut(*answer).iter_mut().zip(belief) {
                    *cell += share;
                }
            }
        }
    }

    /// Bayes' rule for every item, with the logarithms of the labels' and the answers' probabilities. Gives the
    /// log-likelihood of the answers in nats.
    ///
    /// Probabilities are multiplied, which is many times as fast as adding logarithms and making probabilities of the
    /// sums; after [`FACTORS`] answers they are scaled, so that they do not vanish.
    pub(super) fn update(&mut self, ratings: &Ratings, log_priors: &[f64], log_answers: &Table) -> f64 {
        let mut answers = log_answers.clone();
        answers.cells.iter_mut().for_each(|log| *log = log.max(LEAST_LOG).exp());
        let priors: Vec<f64> = log_priors.iter().map(|log| log.max(LEAST_LOG).exp()).collect();
        let mut likelihood = Likelihood { logarithm: 0.0, rest: 1.0 };
        for (item, belief) in ratings.items().zip(self.cells.chunks_exact_mut(self.labels.max(1))) {
            belief.copy_from_slice(&priors);
            for chunk in item.answers.chunks(FACTORS) {
                multiply(belief, chunk, &answers);
                likelihood.multiply(scale(belief));
            }
            for share in belief {
                *share = if *share < NOTHING_SHARE { 0.0 } else { *share };
            }
        }
        likelihood.logarithm + likelihood.rest.ln()
    }
}

/// No factor is less than e to this, so that no product of [`FACTORS`] vanishes for all labels.
const LEAST_LOG: f64 = -30.0;

/// How many answers are multiplied before the product is scaled.
const FACTORS: usize = 20;

/// What is less probable than this is nothing: less than the rounding of the sum.
const NOTHING_SHARE: f64 = 1e-17;

fn multiply(belief: &mut [f64], answers: &[Answer], table: &Table) {
    for answer in answers {
        for (product, factor) in belief.iter_mut().zip(table.row(*answer)) {
            *product *= factor;
        }
    }
}

/// Makes these sum to 1 and gives what they summed to.
fn scale(belief: &mut [f64]) -> f64 {
    let sum: f64 = belief.iter().sum();
    let inverse = 1.0 / sum;
    for share in belief {
        *share *= inverse;
    }
    sum
}

/// A product of probabilities, as a logarithm and a factor: a logarithm of each would take longer than the rest.
struct Likelihood {
    logarithm: f64,
    rest: f64,
}

impl Likelihood {
    fn multiply(&mut self, probability: f64) {
        self.rest *= probability;
        if self.rest < SMALL {
            self.logarithm += self.rest.ln();
            self.rest = 1.0;
        }
    }
}

/// A product that was no smaller does not vanish by one more factor.
const SMALL: f64 = 1e-20;

/// Below this distance from the greatest, e^x is less than the rounding of the sum.
const NOTHING: f64 = -40.0;

/// Makes probabilities of logarithms and gives the logarithm of their sum.
pub(super) fn normalise(logs: &mut [f64]) -> f64 {
    let greatest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut sum = 0.0;
    for log in &mut *logs {
        let distance = *log - greatest;
        *log = if distance < NOTHING { 0.0 } else { distance.exp() };
        sum += *log;
    }
    for share in logs {
        *share /= sum;
    }
    greatest + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::RatingsError;

    /// Products of many small probabilities are what sums of their logarithms are, also where one label is far behind
    /// and wins in the end.
    #[test]
    fn products_of_many_answers_neither_vanish_nor_lose_a_label() -> Result<(), RatingsError> {
        let people = 90;
        let names = |count: u32| (0..count).map(|index| format!("{index:03}")).collect::<Vec<_>>();
        let answers = (0..people).map(|who| (0, who, u32::from(who >= 40)));
        let ratings = Ratings::from_indexes(names(people), names(2), answers)?;
        let mut table = Table::zeros(people as usize, 2);
        for square in table.annotators_mut() {
            square.copy_from_slice(&[1e-3_f64.ln(), 1e-6_f64.ln(), 1e-6_f64.ln(), 1e-3_f64.ln()]);
        }
        let log_priors = [0.5_f64.ln(); 2];
        let mut expected = log_priors;
        for answer in ratings.answers() {
            expected.iter_mut().zip(table.row(*answer)).for_each(|(sum, log)| *sum += log);
        }
        let log_likelihood = normalise(&mut expected);
        let mut beliefs = Beliefs::shares(&ratings);
        assert!((beliefs.update(&ratings, &log_priors, &table) - log_likelihood).abs() < 1e-9);
        assert!(beliefs.cells.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-12));
        assert!(beliefs.cells[1] > 0.999);
        Ok(())
    }
}

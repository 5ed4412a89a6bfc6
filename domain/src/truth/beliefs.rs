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
    pub(super) fn update(&mut self, ratings: &Ratings, log_priors: &[f64], log_answers: &Table) -> f64 {
        let mut log_likelihood = 0.0;
        for (item, belief) in ratings.items().zip(self.cells.chunks_exact_mut(self.labels.max(1))) {
            belief.copy_from_slice(log_priors);
            for answer in item.answers {
                for (sum, log) in belief.iter_mut().zip(log_answers.row(*answer)) {
                    *sum += log;
                }
            }
            log_likelihood += normalise(belief);
        }
        log_likelihood
    }
}

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

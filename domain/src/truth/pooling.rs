//! Confusion matrices, partially pooled: what annotators have in common, and how much so. One part of [`super::robust`].
//!
//! Three levels, each shrunk towards the one above with a strength that is learned:
//!
//! 1. the *coin*: the share of right answers of all, wrong labels being alike;
//! 2. the *crowd*: a confusion matrix, its rows Dirichlet(λ · coin);
//! 3. the annotator: the crowd's matrix with the odds of each right answer multiplied by e^b, b ~ N(0, τ²), and the
//!    wrong ones in proportion; the annotator's rows are Dirichlet(κ · that).
//!
//! λ and κ maximise the Dirichlet–multinomial likelihood of the expected counts by Minka's fixed point, κ with a prior
//! worth [`PRIOR_TABLES`] tables. Its numerators α·(ψ(n + α) − ψ(α)) are the expected numbers of *tables* (Chinese
//! restaurant): of n like answers of one person, how many tell about the crowd. Crowd and abilities are estimated from
//! tables, so that one busy person is not the crowd. b is found by Newton's method, τ² as the mean of b² and of its
//! posterior variance, with a prior worth [`PRIOR_ANNOTATORS`] annotators.
//!
//! **Source.** Minka (2000), *Estimating a Dirichlet distribution*,
//! <https://tminka.github.io/papers/dirichlet/minka-dirichlet.pdf>; Teh et al. (2006), *Hierarchical Dirichlet processes*,
//! <https://doi.org/10.1198/016214506000000302>.

use super::beliefs::Table;
use super::special::digamma;

/// Before anything is known: annotators' rows are worth ten answers, and as many tables say so.
const FIRST_CONCENTRATION: f64 = 10.0;
const PRIOR_TABLES: f64 = 10.0;
const CONCENTRATIONS: [f64; 2] = [0.5, 1000.0];
const COIN_CONCENTRATIONS: [f64; 2] = [1.0, 1e5];

/// Before anything is known, seven answers of ten are right, by one table.
const FIRST_COIN: f64 = 0.7;
const GREATEST_COIN: f64 = 0.999;

/// Before anything is known, abilities deviate by half a unit of log-odds.
const PRIOR_VARIANCE: f64 = 0.25;
const PRIOR_ANNOTATORS: f64 = 20.0;
const VARIANCES: [f64; 2] = [0.01, 9.0];
const NEWTON_STEPS: u32 = 2;

/// No answer is impossible, and no table is counted for less.
const LEAST: f64 = 1e-6;
const LEAST_COUNT: f64 = 1e-9;

/// What is known of annotators in general, and their abilities.
#[derive(Debug, Clone)]
pub(super) struct Pooled {
    labels: usize,
    /// By given and true label; sums to 1 for each true label.
    crowd: Vec<f64>,
    /// By annotator.
    pub(super) ability: Vec<f64>,
    pub(super) variance: f64,
    pub(super) concentration: f64,
    pub(super) coin: f64,
    pub(super) coin_concentration: f64,
}

/// The tables of all annotators.
struct Tables {
    /// By given and true label.
    all: Vec<f64>,
    /// By annotator and true label: with right and with wrong answers.
    right_and_wrong: Vec<[f64; 2]>,
    /// The denominator of Minka's fixed point for κ.
    denominator: f64,
}

impl Pooled {
    pub(super) fn new(annotators: usize, labels: usize) -> Self {
        let mut pooled = Self {
            labels,
            crowd: vec![0.0; labels * labels],
            ability: vec![0.0; annotators],
            variance: 1.0,
            concentration: FIRST_CONCENTRATION,
            coin: FIRST_COIN,
            coin_concentration: FIRST_CONCENTRATION,
        };
        for cell in 0..labels * labels {
            pooled.crowd[cell] = pooled.toss(cell);
        }
        pooled
    }

    /// One round of the fixed points, by expected counts.
    pub(super) fn learn(&mut self, counts: &Table) {
        let tables = self.seat(counts);
        let total: f64 = tables.all.iter().sum();
        let wanted = (total + PRIOR_TABLES) / (tables.denominator + PRIOR_TABLES / FIRST_CONCENTRATION);
        self.concentration = wanted.clamp(CONCENTRATIONS[0], CONCENTRATIONS[1]);
        self.learn_crowd(&tables.all, total);
        self.learn_abilities(&tables.right_and_wrong);
    }

    fn seat(&self, counts: &Table) -> Tables {
        let labels = self.labels;
        let mut tables = Tables {
            all: vec![0.0; labels * labels],
            right_and_wrong: vec![[0.0; 2]; self.ability.len() * labels],
            denominator: 0.0,
        };
        let mut prior = vec![0.0; labels * labels];
        let by_annotator = tables.right_and_wrong.chunks_exact_mut(labels.max(1));
        for ((square, ability), own) in counts.annotators().zip(&self.ability).zip(by_annotator) {
            self.prior(*ability, &mut prior);
            let mut totals = vec![0.0; labels];
            for (cell, (count, prior)) in square.iter().zip(&prior).enumerate() {
                let (given, truth) = (cell / labels, cell % labels);
                totals[truth] += count;
                if *count > LEAST_COUNT {
                    let seated = prior * (digamma(count + prior) - digamma(*prior));
                    tables.all[cell] += seated;
                    own[truth][usize::from(given != truth)] += seated;
                }
            }
            for total in totals.into_iter().filter(|total| *total > LEAST_COUNT) {
                tables.denominator += digamma(total + self.concentration) - digamma(self.concentration);
            }
        }
        tables
    }

    /// The coin, its strength, and the crowd's rows, by the tables.
    fn learn_crowd(&mut self, tables: &[f64], total: f64) {
        let labels = self.labels;
        let right: f64 = tables.iter().step_by(labels + 1).sum();
        let chance = 1.0 / labels.max(1) as f64;
        self.coin = ((right + FIRST_COIN) / (total + 1.0)).clamp(chance.min(GREATEST_COIN), GREATEST_COIN);

        let mut rows = vec![0.0; labels];
        let mut numerator = 0.0;
        for (cell, count) in tables.iter().enumerate() {
            rows[cell % labels] += count;
            let prior = (self.coin_concentration * self.toss(cell)).max(LEAST);
            numerator += prior * (digamma(count + prior) - digamma(prior));
        }
        let strength = self.coin_concentration;
        let denominator: f64 = rows.iter().map(|row| digamma(row + strength) - digamma(strength)).sum();
        if denominator > 0.0 {
            let [low, high] = COIN_CONCENTRATIONS;
            self.coin_concentration = (numerator / denominator).clamp(low, high);
        }
        let strength = self.coin_concentration;
        for (cell, count) in tables.iter().enumerate() {
            self.crowd[cell] = (count + strength * self.toss(cell)) / (rows[cell % labels] + strength);
        }
    }

    /// Abilities, and how far they spread.
    fn learn_abilities(&mut self, right_and_wrong: &[[f64; 2]]) {
        let easy: Vec<f64> =
            self.crowd.iter().step_by(self.labels + 1).map(|right| bounded(*right)).collect();
        let precision = 1.0 / self.variance;
        let mut squares = PRIOR_ANNOTATORS * PRIOR_VARIANCE;
        let annotators = self.ability.iter_mut().zip(right_and_wrong.chunks_exact(self.labels.max(1)));
        for (ability, own) in annotators {
            let slope_and_curvature = |ability: f64| {
                let start = (-ability * precision, precision);
                own.iter().zip(&easy).fold(start, |(slope, curvature), ([right, wrong], easy)| {
                    let all = right + wrong;
                    let expected = shifted(*easy, ability);
                    (slope + right - all * expected, curvature + all * expected * (1.0 - expected))
                })
            };
            for _ in 0..NEWTON_STEPS {
                let (slope, curvature) = slope_and_curvature(*ability);
                *ability += (slope / curvature).clamp(-1.0, 1.0);
            }
            squares += *ability * *ability + 1.0 / slope_and_curvature(*ability).1;
        }
        let mean = squares / (self.ability.len() as f64 + PRIOR_ANNOTATORS);
        self.variance = mean.clamp(VARIANCES[0], VARIANCES[1]);
    }

    /// Writes κ · m for an annotator of this ability, by given and true label.
    fn prior(&self, ability: f64, cells: &mut [f64]) {
        let labels = self.labels;
        for truth in 0..labels {
            let easy = bounded(self.crowd[truth * (labels + 1)]);
            let right = shifted(easy, ability);
            let wrong = (1.0 - right) / (1.0 - easy);
            for given in 0..labels {
                let cell = given * labels + truth;
                let mean = if given == truth { right } else { self.crowd[cell] * wrong };
                cells[cell] = (self.concentration * mean).max(LEAST);
            }
        }
    }

    /// Makes logarithms of probabilities of the expected counts: of the posterior means (n + κ·m) / (N + κ).
    pub(super) fn write(&self, counts: &mut Table) {
        let labels = self.labels;
        let mut prior = vec![0.0; labels * labels];
        for (square, ability) in counts.annotators_mut().zip(&self.ability) {
            self.prior(*ability, &mut prior);
            let mut totals = vec![self.concentration; labels];
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

    /// The coin's probability of a cell.
    fn toss(&self, cell: usize) -> f64 {
        let labels = self.labels;
        if cell.is_multiple_of(labels + 1) { self.coin } else { super::one_coin::wrong(self.coin, labels) }
    }
}

fn bounded(probability: f64) -> f64 {
    probability.clamp(LEAST, 1.0 - LEAST)
}

/// The probability whose odds are e^`shift` times those of `probability`.
fn shifted(probability: f64, shift: f64) -> f64 {
    let odds = probability * shift.exp();
    odds / (odds + 1.0 - probability)
}

//! Robust: three descriptions of each annotator, believed alike, so that none of them is believed too much.
//!
//! **Model.** As in [`super::dawid_skene`], annotator a, seeing j, answers l with probability θ(a, j, l). Nobody knows
//! whether people differ by how good they are, by what they answer when they do not look, or by which labels they
//! confuse; so each is fitted, and each is wrong in its own way:
//!
//! 1. a *coin* ([`super::coins`]): one accuracy, wrong labels alike. It takes a preference for a label for accuracy;
//! 2. a *habit* ([`super::mace`]): knows or does not look. It is blind to labels that are confused;
//! 3. a *matrix* ([`super::pooling`]): a confusion matrix, drawn around the crowd's and moved by the annotator's
//!    ability. Where items differ in difficulty and labels in frequency, it takes hard items of the frequent label for
//!    the rare one, and finds its likelihood better for it.
//!
//! An item's posterior is the logarithmic opinion pool, with equal weights, of what the three say of its label: Dawid and
//! Skene's with θ = (θ₁ · θ₂ · θ₃)^⅓. What one of them alone claims has a third of its weight; what all see has all of it.
//! θ is not normalised, so that a label under which they disagree about the answers loses by that. The labels' shares π
//! are the pool of those of the fit and of equal ones, for the same reason: a share that is estimated from few answers
//! feeds on itself.
//!
//! Weights by evidence were tried and left: held-out likelihood nearly always prefers the matrix, and above all where
//! it is wrong about the labels, because what it gets wrong about them explains the answers well.
//!
//! **Fit.** Expectation–maximisation from majority shares. Each iteration fits all three to the same beliefs, those of
//! the pool, so that they correct one another. It ends as [`STOP`] says.
//!
//! **Assumes** answers that are independent given the label, and a crowd that is right more often than not.
//!
//! **Source.** The pool: Genest and Zidek (1986), *Combining probability distributions*, Statistical Science 1(1),
//! <https://doi.org/10.1214/ss/1177013825>. The matrix: the hierarchical Dawid–Skene model in Paun et al. (2018),
//! *Comparing Bayesian models of annotation*, TACL 6, <https://doi.org/10.1162/tacl_a_00040>, with the Dirichlet rows of
//! Kim and Ghahramani (2012), *Bayesian classifier combination*, AISTATS,
//! <https://proceedings.mlr.press/v22/kim12.html>. That the three are fitted together is ours.

use super::beliefs::{Beliefs, Table, normalise};
use super::coins::Coins;
use super::em::{Fitted, Stop, log_shares, run};
use super::mace::{Habits, Seen};
use super::one_coin;
use super::pooling::Pooled;
use crate::agreement::Ratings;

const STOP: Stop = Stop { enough: 1e-5, most: 10 };

/// The first strengths are learned from majority shares, and have further to go.
const FIRST_ROUNDS: u32 = 10;
const ROUNDS: u32 = 2;

/// Items more for each label: a label that no item is believed to have is not impossible.
const SMOOTHING: f64 = 1e-3;

/// What is less probable than this is not told apart: it would outweigh the other two descriptions.
const LEAST_LOG: f64 = -30.0;

/// The three descriptions of all annotators.
struct Descriptions {
    coins: Coins,
    habits: Habits,
    matrices: Pooled,
}

pub(super) fn fit(ratings: &Ratings) -> (Fitted, Pooled) {
    let (annotators, labels) = (ratings.annotators().len(), ratings.labels().len());
    let mut descriptions = Descriptions {
        coins: Coins::new(labels),
        habits: Habits::level(annotators, labels),
        matrices: Pooled::new(annotators, labels),
    };
    let mut counts = Table::zeros(annotators, labels);
    let mut rounds = FIRST_ROUNDS;
    let fitted = run(ratings, Beliefs::shares(ratings), STOP, |beliefs, table| {
        beliefs.count(ratings, &mut counts);
        descriptions.pool(&mut counts, rounds, table);
        rounds = ROUNDS;
        pooled_with_equal(log_shares(beliefs, SMOOTHING))
    });
    (fitted, descriptions.matrices)
}

impl Descriptions {
    /// Fits each to the expected counts, which are used up, and writes the logarithms of the pool.
    fn pool(&mut self, counts: &mut Table, rounds: u32, pool: &mut Table) {
        let seen = Seen::of(counts);
        for _ in 0..rounds {
            self.habits = self.habits.next(&seen);
            self.matrices.learn(counts);
        }
        let accuracies = self.coins.learn(counts, FIRST_ROUNDS);

        self.matrices.write(counts);
        pool.cells.iter_mut().zip(&counts.cells).for_each(|(sum, log)| *sum = log.max(LEAST_LOG));
        one_coin::write(&accuracies, counts);
        add(pool, counts);
        self.habits.write(counts);
        add(pool, counts);
        pool.cells.iter_mut().for_each(|sum| *sum /= 3.0);
    }
}

fn add(pool: &mut Table, logs: &Table) {
    for (sum, log) in pool.cells.iter_mut().zip(&logs.cells) {
        *sum += log.max(LEAST_LOG);
    }
}

/// The logarithms of the shares that are in proportion to the square roots of these.
fn pooled_with_equal(mut log_shares: Vec<f64>) -> Vec<f64> {
    log_shares.iter_mut().for_each(|log| *log *= 0.5);
    normalise(&mut log_shares);
    log_shares.into_iter().map(f64::ln).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_drawn_half_way_to_equal_ones() {
        let found = pooled_with_equal(vec![0.9_f64.ln(), 0.1_f64.ln()]);
        assert!((found[0] - found[1] - 3.0_f64.ln()).abs() < 1e-12);
        assert!((found[0].exp() + found[1].exp() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_pool_is_the_mean_of_three_logarithms() {
        let (annotators, labels) = (2, 3);
        let mut counts = Table::zeros(annotators, labels);
        counts.cells = (0..18).map(|cell| f64::from(cell % 5)).collect();
        let new = || Descriptions {
            coins: Coins::new(labels),
            habits: Habits::level(annotators, labels),
            matrices: Pooled::new(annotators, labels),
        };
        let [mut pool, mut coins, mut habits] = [(); 3].map(|()| Table::zeros(annotators, labels));
        let mut descriptions = new();
        one_coin::write(&new().coins.learn(&counts, FIRST_ROUNDS), &mut coins);
        descriptions.pool(&mut counts.clone(), 1, &mut pool);
        descriptions.habits.write(&mut habits);
        descriptions.matrices.write(&mut counts);
        for (cell, pooled) in pool.cells.iter().enumerate() {
            let mean = (coins.cells[cell] + habits.cells[cell] + counts.cells[cell]) / 3.0;
            assert!((pooled - mean).abs() < 1e-12, "{pooled} {mean}");
        }
    }
}

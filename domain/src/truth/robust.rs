//! Robust: three descriptions of each annotator, weighed so that none of them is believed too much.
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
//! An item's posterior is the logarithmic opinion pool of what the three say of its label: Dawid and Skene's with
//! θ = (θ₁ · θ₂)^((1 − w) / 2) · θ₃^w. What one of them alone claims has its weight of that; what all see has all of it.
//! θ is not normalised, so that a label under which they disagree about the answers loses by that. The labels' shares π
//! are the pool of those of the fit and of equal ones, for the same reason: a share that is estimated from few answers
//! feeds on itself.
//!
//! The matrix's weight w is r / (r + [`EVEN`]) for r answers an item on average, but never less than a third. A matrix
//! is read off labels that are themselves believed by it. Where an item has few answers, it can move its label to suit
//! them; where it has dozens, they settle the label, and the matrix is nearly counted.
//!
//! Other weights were tried and left. By evidence: held-out likelihood nearly always prefers the matrix, and above all
//! where it is wrong about the labels, because what it gets wrong about them explains the answers well. By each
//! annotator's number of answers: many answers of one person do not make the labels known by which they are counted.
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

/// So many answers an item give the matrix as much weight as coin and habit together: as many as a prior is worth.
const EVEN: f64 = 10.0;

/// Items more for each label: a label that no item is believed to have is not impossible.
const SMOOTHING: f64 = 1e-3;

/// What is less probable than this is not told apart: it would outweigh the other two descriptions.
const LEAST_LOG: f64 = -30.0;

/// The three descriptions of all annotators.
struct Descriptions {
    coins: Coins,
    habits: Habits,
    matrices: Pooled,
    /// What the matrices weigh in the pool; coins and habits share the rest.
    weight: f64,
}

pub(super) fn fit(ratings: &Ratings) -> (Fitted, Pooled) {
    let (annotators, labels) = (ratings.annotators().len(), ratings.labels().len());
    let mut descriptions = Descriptions {
        coins: Coins::new(labels),
        habits: Habits::level(annotators, labels),
        matrices: Pooled::new(annotators, labels),
        weight: weight(ratings),
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

        let rest = (1.0 - self.weight) / 2.0;
        pool.cells.fill(0.0);
        self.matrices.write(counts);
        add(pool, self.weight, counts);
        one_coin::write(&accuracies, counts);
        add(pool, rest, counts);
        self.habits.write(counts);
        add(pool, rest, counts);
    }
}

fn add(pool: &mut Table, weight: f64, logs: &Table) {
    for (sum, log) in pool.cells.iter_mut().zip(&logs.cells) {
        *sum += weight * log.max(LEAST_LOG);
    }
}

/// The weight of a matrix in the pool, by the answers that an item has on average.
fn weight(ratings: &Ratings) -> f64 {
    let answers = ratings.answers().len() as f64;
    (answers / (answers + EVEN * ratings.item_count().max(1) as f64)).max(1.0 / 3.0)
}

/// The logarithms of the shares that are in proportion to the square roots of these.
fn pooled_with_equal(mut log_shares: Vec<f64>) -> Vec<f64> {
    log_shares.iter_mut().for_each(|log| *log *= 0.5);
    normalise(&mut log_shares);
    log_shares.into_iter().map(f64::ln).collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::agreement::RatingsError;

    #[test]
    fn shares_are_drawn_half_way_to_equal_ones() {
        let found = pooled_with_equal(vec![0.9_f64.ln(), 0.1_f64.ln()]);
        assert!((found[0] - found[1] - 3.0_f64.ln()).abs() < 1e-12);
        assert!((found[0].exp() + found[1].exp() - 1.0).abs() < 1e-12);
    }

    #[rstest]
    #[case::nothing(0, 0, 1.0 / 3.0)]
    #[case::few(2, 7, 1.0 / 3.0)]
    #[case::as_many_as_even(10, 2, 0.5)]
    #[case::dozens(30, 1, 0.75)]
    fn a_matrix_weighs_more_where_items_have_more_answers(
        #[case] people: u32,
        #[case] items: u32,
        #[case] expected: f64,
    ) -> Result<(), RatingsError> {
        let names = |count: u32| (0..count).map(|index| format!("{index:02}")).collect::<Vec<_>>();
        let answers = (0..items).flat_map(|item| (0..people).map(move |who| (item, who, who % 2)));
        let found = weight(&Ratings::from_indexes(names(people), names(2), answers)?);
        assert!((found - expected).abs() < 1e-12, "{found}");
        Ok(())
    }

    #[test]
    fn the_pool_is_the_weighted_mean_of_three_logarithms() {
        let (annotators, labels) = (2, 3);
        let mut counts = Table::zeros(annotators, labels);
        counts.cells = (0..18).map(|cell| f64::from(cell % 5)).collect();
        let new = || Descriptions {
            coins: Coins::new(labels),
            habits: Habits::level(annotators, labels),
            matrices: Pooled::new(annotators, labels),
            weight: 0.5,
        };
        let [mut pool, mut coins, mut habits] = [(); 3].map(|()| Table::zeros(annotators, labels));
        let mut descriptions = new();
        one_coin::write(&new().coins.learn(&counts, FIRST_ROUNDS), &mut coins);
        descriptions.pool(&mut counts.clone(), 1, &mut pool);
        descriptions.habits.write(&mut habits);
        descriptions.matrices.write(&mut counts);
        for (cell, pooled) in pool.cells.iter().enumerate() {
            let mean = 0.25 * (coins.cells[cell] + habits.cells[cell]) + 0.5 * counts.cells[cell];
            assert!((pooled - mean).abs() < 1e-12, "{pooled} {mean}");
        }
    }
}

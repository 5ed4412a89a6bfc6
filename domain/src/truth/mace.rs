//! MACE: an annotator either knows the label or answers out of habit.
//!
//! **Model.** All K labels are equally likely. Annotator a knows the label and answers it with probability c(a), the
//! *competence*; otherwise the answer is l with probability h(a, l), the *habit*, whatever the label is.
//!
//! **Fit.** Variational Bayes as in the paper: with priors Beta(½, ½) for competence and Dirichlet(10, …, 10) for
//! habits, a parameter is exp ψ(expected count + prior) / exp ψ(sum of these). The first start has no noise; of it and
//! [`RESTARTS`] seeded ones with noise, that with the greatest log-likelihood is kept.
//!
//! **Assumes** that those who do not know do not look: a mistake tells nothing of the label. Good at finding people
//! who always give the same answer or answer at random; blind to labels that are easily confused.
//!
//! **Source.** Hovy, Berg-Kirkpatrick, Vaswani and Hovy (2013), *Learning whom to trust with MACE*, NAACL-HLT,
//! <https://aclanthology.org/N13-1132/>.

use super::beliefs::{Beliefs, Table};
use super::em::{Fitted, Stop, run};
use super::random::Random;
use super::special::digamma;
use crate::agreement::Ratings;

const RESTARTS: u64 = 4;
const COMPETENCE_PRIOR: f64 = 0.5;
const HABIT_PRIOR: f64 = 10.0;
/// A competence of 0 or 1 would make an answer impossible.
const LEAST: f64 = 1e-12;

/// What MACE knows, by annotator.
#[derive(Debug, Clone)]
pub(super) struct Habits {
    competence: Vec<f64>,
    /// By annotator and label.
    habit: Vec<f64>,
    labels: usize,
}

/// By annotator and label, the expected number of right answers and that of all.
pub(super) struct Seen {
    right_and_all: Vec<[f64; 2]>,
}

pub(super) fn fit(ratings: &Ratings) -> (Fitted, Habits) {
    let mut best = start(ratings, None);
    for seed in 0..RESTARTS {
        let other = start(ratings, Some(Random::new(seed)));
        if other.0.log_likelihood > best.0.log_likelihood {
            best = other;
        }
    }
    best
}

fn start(ratings: &Ratings, noise: Option<Random>) -> (Fitted, Habits) {
    let (labels, annotators) = (ratings.labels().len(), ratings.annotators().len());
    let log_priors = vec![-(labels.max(1) as f64).ln(); labels];
    let mut habits = Habits::level(annotators, labels);
    if let Some(random) = noise {
        habits.shake(random);
    }
    let mut beliefs = Beliefs::shares(ratings);
    let mut table = Table::zeros(annotators, labels);
    habits.write(&mut table);
    beliefs.update(ratings, &log_priors, &table);
    let fitted = run(ratings, beliefs, Stop::AT_THE_MAXIMUM, |beliefs, table| {
        habits = habits.next(&Seen::by(ratings, beliefs));
        habits.write(table);
        log_priors.clone()
    });
    (fitted, habits)
}

impl Seen {
    fn by(ratings: &Ratings, beliefs: &Beliefs) -> Self {
        let labels = beliefs.labels;
        let mut right_and_all = vec![[0.0; 2]; ratings.annotators().len() * labels];
        for (item, belief) in ratings.items().zip(beliefs.items()) {
            for answer in item.answers {
                let [right, all] =
                    &mut right_and_all[answer.annotator as usize * labels + answer.label as usize];
                *right += belief[answer.label as usize];
                *all += 1.0;
            }
        }
        Self { right_and_all }
    }

    /// By the expected counts of each answer under each label.
    pub(super) fn of(counts: &Table) -> Self {
        let rows = counts.cells.chunks_exact(counts.labels.max(1)).enumerate();
        let of_row = |(row, cells): (usize, &[f64])| [cells[row % counts.labels], cells.iter().sum()];
        Self { right_and_all: rows.map(of_row).collect() }
    }
}

impl Habits {
    pub(super) fn level(annotators: usize, labels: usize) -> Self {
        let habit = vec![1.0 / labels.max(1) as f64; annotators * labels];
        Self { competence: vec![0.5; annotators], habit, labels }
    }

    fn shake(&mut self, mut random: Random) {
        for competence in &mut self.competence {
            let [knows, guesses] = [random.between(1.0, 1.5), random.between(1.0, 1.5)];
            *competence = knows / (knows + guesses);
        }
        for habit in self.habit.chunks_exact_mut(self.labels.max(1)) {
            habit.iter_mut().for_each(|share| *share = random.between(1.0, 1.5));
            let sum: f64 = habit.iter().sum();
            habit.iter_mut().for_each(|share| *share /= sum);
        }
    }

    /// The parameters by what was seen under these.
    pub(super) fn next(&self, seen: &Seen) -> Self {
        let labels = self.labels;
        let mut knew = vec![[COMPETENCE_PRIOR; 2]; self.competence.len()];
        let mut habit = vec![HABIT_PRIOR; self.habit.len()];
        for (cell, ([right, all], habit)) in seen.right_and_all.iter().zip(&mut habit).enumerate() {
            let annotator = cell / labels;
            let competence = self.competence[annotator];
            let guess = (1.0 - competence) * self.habit[cell];
            let known = right * competence / (competence + guess);
            knew[annotator][0] += known;
            knew[annotator][1] += all - known;
            *habit += all - known;
        }
        let competence = knew.into_iter().map(|[knows, guesses]| {
            let [knows, guesses] = [knows, guesses].map(|count| digamma(count).exp());
            (knows / (knows + guesses)).clamp(LEAST, 1.0 - LEAST)
        });
        let competence = competence.collect();
        for habit in habit.chunks_exact_mut(labels.max(1)) {
            let total = digamma(habit.iter().sum());
            habit.iter_mut().for_each(|count| *count = (digamma(*count) - total).exp());
        }
        Self { competence, habit, labels }
    }

    /// Competence and habits, those of each annotator summing to 1.
    pub(super) fn normalised(mut self) -> (Vec<f64>, Vec<f64>) {
        for habit in self.habit.chunks_exact_mut(self.labels.max(1)) {
            let sum: f64 = habit.iter().sum();
            habit.iter_mut().for_each(|share| *share /= sum);
        }
        (self.competence, self.habit)
    }

    /// Writes the logarithms of the answers' probabilities.
    pub(super) fn write(&self, table: &mut Table) {
        let labels = self.labels;
        let annotators = self.competence.iter().zip(self.habit.chunks_exact(labels.max(1)));
        for (square, (competence, habit)) in table.annotators_mut().zip(annotators) {
            for (given, (row, habit)) in square.chunks_exact_mut(labels).zip(habit).enumerate() {
                let guess = (1.0 - competence) * habit;
                row.fill(guess.ln());
                row[given] = (competence + guess).ln();
            }
        }
    }
}

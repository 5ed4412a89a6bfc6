//! Answers whose truth is known, because they were made up: what methods are compared on.
//!
//! A [`Plan`] says what kind of items and annotators there are; [`Plan::drawn`] draws one of many kinds, dense and
//! sparse, even and skewed, with honest, lazy and adversarial annotators. Every number comes from the seed.
//!
//! **Model.** Item i has a label j, drawn by the labels' shares, and an easiness e = exp(d·z). An honest annotator a gives
//! label l with probability ∝ exp(b(a, l)) · (exp((α(a) + ln(K − 1))·e) where l = j, else w(j, l)). Abilities α are
//! normal around the log-odds of the plan's accuracy, biases b normal around 0, and the weights w of wrong labels have the
//! mean 1: all alike, or greater for neighbours, or by chance. So hard items (e near 0) are guessed. An adversarial
//! annotator answers so and then moves the label on by the same number of places each time. Of lazy ones half nearly always
//! give one label, and half any. How often somebody answers is log-normal.
//!
//! It is no model of this crate: no method assumes easiness, bias and laziness at once.

use super::random::Random;
use crate::agreement::{Ratings, RatingsError};

/// What is made up.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub items: u32,
    pub annotators: u32,
    pub labels: u32,
    /// The mean; an item has up to 30% more or fewer.
    pub answers_per_item: f64,
    /// The r-th most frequent label has a share in proportion to r^−skew.
    pub skew: f64,
    /// Of a mean honest annotator, on an item of easiness 1.
    pub accuracy: f64,
    /// The standard deviation of abilities, in log-odds.
    pub spread: f64,
    /// d: the standard deviation of the logarithm of easiness.
    pub difficulty: f64,
    /// From 0, all wrong labels are alike, to 1.
    pub lookalikes: f64,
    /// The standard deviation of an annotator's preference for each label, in log-odds.
    pub bias: f64,
    /// The share of lazy annotators.
    pub lazy: f64,
    /// The share of adversarial annotators.
    pub adversarial: f64,
    /// The standard deviation of the logarithm of how often somebody answers.
    pub workload: f64,
}

/// Answers with the true label of each item, in the order of the items; none where nobody gave that label.
#[derive(Debug, Clone)]
pub struct Simulated {
    pub plan: Plan,
    pub ratings: Ratings,
    pub truth: Vec<Option<u32>>,
}

impl Simulated {
    /// The share of items for which `labels` are the true ones.
    pub fn accuracy(&self, labels: &[u32]) -> f64 {
        let right = self.truth.iter().zip(labels).filter(|(truth, label)| **truth == Some(**label)).count();
        right as f64 / self.truth.len().max(1) as f64
    }
}

/// How an annotator answers.
enum Character {
    Honest { ability: f64 },
    Adversarial { ability: f64, shift: u32 },
    OneLabel(u32),
    AnyLabel,
}

/// The share of answers that one who gives one label gives it.
const STUBBORN: f64 = 0.9;
/// How often an annotator is drawn for an item who has not answered it, before it gets one answer less.
const DRAWS: u32 = 100;

impl Plan {
    /// One of many kinds.
    pub fn drawn(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut of = |choices: &[f64]| choices[random.below(choices.len() as u32) as usize];
        let items = of(&[500.0, 1000.0, 2000.0, 3000.0]);
        let answers_per_item = of(&[3.0, 3.0, 4.0, 5.0, 5.0, 8.0, 12.0]);
        let answers_each = of(&[5.0, 10.0, 20.0, 50.0, 150.0]);
        let annotators = (items * answers_per_item / answers_each).clamp(2.0 * answers_per_item, 1000.0);
        Self {
            items: items as u32,
            annotators: annotators as u32,
            labels: of(&[2.0, 2.0, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0]) as u32,
            answers_per_item,
            skew: of(&[0.0, 0.0, 0.5, 1.0, 1.5]),
            accuracy: of(&[0.65, 0.75, 0.85]),
            spread: of(&[0.3, 0.7, 1.2]),
            difficulty: of(&[0.0, 0.5, 1.0]),
            lookalikes: of(&[0.0, 0.5, 1.0]),
            bias: of(&[0.0, 0.5, 1.0]),
            lazy: of(&[0.0, 0.1, 0.2, 0.3]),
            adversarial: of(&[0.0, 0.0, 0.05, 0.1]),
            workload: of(&[0.0, 1.0, 1.5]),
        }
    }

    /// Makes up answers by this plan.
    pub fn simulate(self, seed: u64) -> Result<Simulated, RatingsError> {
        let mut random = Random::new(!seed);
        let labels = self.labels.max(1);
        let shares = self.shares(&mut random);
        let mistakes = self.mistakes(&mut random);
        let characters: Vec<_> = (0..self.annotators).map(|_| self.character(&mut random, &shares)).collect();
        let cells = self.annotators as usize * labels as usize;
        let biases: Vec<f64> = (0..cells).map(|_| (self.bias * random.normal()).exp()).collect();
        let mut busy = 0.0;
        let busy: Vec<f64> = (0..self.annotators)
            .map(|_| {
                busy += (self.workload * random.normal()).exp();
                busy
            })
            .collect();

        let (mut rows, mut truth) = (Vec::new(), Vec::new());
        for item in 0..self.items {
            let label = random.weighted(&shares);
            truth.push(label);
            let easiness = (self.difficulty * random.normal()).exp();
            let wrong = &mistakes[(label * labels) as usize..((label + 1) * labels) as usize];
            for annotator in self.chosen(&mut random, &busy) {
                let bias = &biases[(annotator * labels) as usize..((annotator + 1) * labels) as usize];
                let mut honest = |ability: f64| {
                    let weigh = |(given, (bias, wrong)): (u32, (&f64, &f64))| {
                        bias * if given == label { (ability * easiness).exp() } else { *wrong }
                    };
                    let weights: Vec<f64> = (0..).zip(bias.iter().zip(wrong)).map(weigh).collect();
                    random.weighted(&weights)
                };
                let given = match characters[annotator as usize] {
                    Character::Honest { ability } => honest(ability),
                    Character::Adversarial { ability, shift } => (honest(ability) + shift) % labels,
                    Character::OneLabel(one) if random.unit() < STUBBORN => one,
                    Character::OneLabel(_) | Character::AnyLabel => random.below(labels),
                };
                rows.push((item, annotator, given));
            }
        }
        self.finished(rows, truth)
    }

    fn finished(self, rows: Vec<(u32, u32, u32)>, truth: Vec<u32>) -> Result<Simulated, RatingsError> {
        let names = |count: u32| (0..count).map(|index| format!("{index:04}")).collect::<Vec<_>>();
        let ratings = Ratings::from_indexes(names(self.annotators), names(self.labels.max(1)), rows)?;
        let index = |label: u32| {
            let name = format!("{label:04}");
            (0..).zip(ratings.labels()).find(|(_, each)| **each == name).map(|(index, _)| index)
        };
        let indexes: Vec<Option<u32>> = (0..self.labels.max(1)).map(index).collect();
        let truth = truth.into_iter().map(|label| indexes[label as usize]).collect();
        Ok(Simulated { plan: self, ratings, truth })
    }

    /// The labels' shares, which label is the most frequent being random.
    fn shares(&self, random: &mut Random) -> Vec<f64> {
        let mut shares: Vec<f64> =
            (1..=self.labels.max(1)).map(|rank| f64::from(rank).powf(-self.skew)).collect();
        for place in (1..shares.len()).rev() {
            shares.swap(place, random.below(place as u32 + 1) as usize);
        }
        shares
    }

    /// By true and given label, the weight of a mistake; 1 in the mean.
    fn mistakes(&self, random: &mut Random) -> Vec<f64> {
        let labels = self.labels.max(1);
        let neighbours = random.unit() < 0.5;
        let mut mistakes = Vec::new();
        for truth in 0..labels {
            let row: Vec<f64> = (0..labels)
                .map(|given| {
                    let near = if neighbours {
                        (1.0 - f64::from(truth.abs_diff(given))).exp()
                    } else {
                        (1.5 * random.normal()).exp()
                    };
                    if given == truth { 0.0 } else { 1.0 - self.lookalikes + self.lookalikes * near }
                })
                .collect();
            let mean = row.iter().sum::<f64>() / f64::from(labels - 1).max(1.0);
            mistakes.extend(row.into_iter().map(|weight| weight / mean.max(f64::MIN_POSITIVE)));
        }
        mistakes
    }

    fn character(&self, random: &mut Random, shares: &[f64]) -> Character {
        let wrong_labels = f64::from(self.labels.max(2) - 1);
        let odds = self.accuracy / (1.0 - self.accuracy) * wrong_labels;
        let ability = odds.ln() + self.spread * random.normal();
        let kind = random.unit();
        if kind < 0.5 * self.lazy {
            Character::OneLabel(random.weighted(shares))
        } else if kind < self.lazy {
            Character::AnyLabel
        } else if kind < self.lazy + self.adversarial {
            Character::Adversarial { ability, shift: 1 + random.below(self.labels.max(2) - 1) }
        } else {
            Character::Honest { ability }
        }
    }

    /// Who answers an item, by their cumulative workloads.
    fn chosen(&self, random: &mut Random, busy: &[f64]) -> Vec<u32> {
        let wanted = (self.answers_per_item * random.between(0.7, 1.3)).round().max(1.0) as usize;
        let all = busy.last().copied().unwrap_or(0.0);
        let mut chosen: Vec<u32> = Vec::new();
        for _ in 0..wanted.min(busy.len()) {
            for _ in 0..DRAWS {
                let at = random.between(0.0, all);
                let annotator = busy.partition_point(|sum| *sum <= at).min(busy.len() - 1) as u32;
                if !chosen.contains(&annotator) {
                    chosen.push(annotator);
                    break;
                }
            }
        }
        chosen
    }
}

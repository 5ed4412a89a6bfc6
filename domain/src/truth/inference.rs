//! What a method found: labels, annotators, and how the search for them ended.

use super::beliefs::{Beliefs, Table};
use super::crowd::Crowd;
use super::em::Fitted;
use super::glad::{Abilities, probability};
use super::mace::Habits;
use super::method::Method;
use super::pooling::Pooled;
use super::posterior::Posteriors;
use super::{majority, one_coin};
use crate::agreement::Ratings;

/// The labels of all items and what was learned of the annotators.
#[derive(Debug, Clone)]
pub struct Inference {
    pub method: Method,
    /// By item, in the order of [`Ratings::items`].
    pub posteriors: Posteriors,
    /// By annotator, in the order of [`Ratings::annotators`]: the probability of a right answer, averaged over the
    /// labels by their shares.
    pub accuracies: Vec<f64>,
    /// What it takes to judge one more item; none for the majority, which weighs nobody.
    pub crowd: Option<Crowd>,
    pub parameters: Parameters,
    pub iterations: u32,
    /// Whether the iterations ended by themselves and not at the most that are made.
    pub converged: bool,
    /// Of all answers under the parameters, in nats; none for the majority. Comparable between methods only where
    /// their priors are.
    pub log_likelihood: Option<f64>,
}

/// What a method knows beyond a confusion matrix for each annotator, which is in [`Crowd`].
#[derive(Debug, Clone)]
pub enum Parameters {
    /// Nothing: majority, Dawid–Skene and one-coin.
    None,
    Mace {
        /// By annotator, the probability of knowing the label.
        competence: Vec<f64>,
        /// By annotator and label, the answers of one who does not know; sums to 1 for each annotator.
        habits: Vec<f64>,
    },
    Glad {
        /// By annotator; 0 guesses, and below that labels are turned round.
        ability: Vec<f64>,
        /// By item; 0 is so hard that everybody guesses.
        easiness: Vec<f64>,
    },
    Robust {
        /// By annotator, in log-odds of a right answer above the crowd's.
        ability: Vec<f64>,
        /// How many answers per label the prior of an annotator's row is worth.
        concentration: f64,
        /// The share of right answers of the crowd.
        coin: f64,
        /// How many answers per label the crowd's one-coin prior is worth.
        coin_concentration: f64,
        /// The standard deviation of abilities.
        spread: f64,
    },
}

impl Inference {
    /// By item, the label that wins; empty without items.
    pub fn labels(&self) -> Vec<u32> {
        self.posteriors.items().filter_map(|item| item.winner()).map(|each| each.label).collect()
    }

    pub(super) fn of_majority(ratings: &Ratings) -> Self {
        let posteriors = majority::posteriors(ratings);
        Self {
            method: Method::Majority,
            accuracies: majority::accuracies(ratings, &posteriors),
            posteriors,
            crowd: None,
            parameters: Parameters::None,
            iterations: 0,
            converged: true,
            log_likelihood: None,
        }
    }

    pub(super) fn of_fit(method: Method, ratings: &Ratings, fitted: Fitted) -> Self {
        let Fitted { beliefs, log_priors, log_answers, iterations, converged, log_likelihood } = fitted;
        let mut inference = Self::of_crowd(method, ratings, &beliefs, &log_priors, log_answers);
        inference.iterations = iterations;
        inference.converged = converged;
        inference.log_likelihood = Some(log_likelihood);
        inference
    }

    pub(super) fn of_mace(ratings: &Ratings, fitted: Fitted, habits: Habits) -> Self {
        let (competence, habits) = habits.normalised();
        let parameters = Parameters::Mace { competence, habits };
        Self { parameters, ..Self::of_fit(Method::Mace, ratings, fitted) }
    }

    pub(super) fn of_robust(ratings: &Ratings, fitted: Fitted, pooled: Pooled) -> Self {
        let parameters = Parameters::Robust {
            ability: pooled.ability,
            concentration: pooled.concentration,
            coin: pooled.coin,
            coin_concentration: pooled.coin_concentration,
            spread: pooled.variance.sqrt(),
        };
        Self { parameters, ..Self::of_fit(Method::Robust, ratings, fitted) }
    }

    /// One more item is taken to be as easy as the mean of those seen.
    pub(super) fn of_glad(ratings: &Ratings, model: Abilities) -> Self {
        let items = model.log_easiness.len().max(1) as f64;
        let easiness = model.log_easiness.iter().sum::<f64>() / items;
        let right: Vec<f64> = model.ability.iter().map(|ability| probability(*ability, easiness)).collect();
        let labels = ratings.labels().len();
        let mut log_answers = Table::zeros(right.len(), labels);
        one_coin::write(&right, &mut log_answers);
        let log_priors = vec![-(labels.max(1) as f64).ln(); labels];
        Self {
            parameters: Parameters::Glad {
                ability: model.ability,
                easiness: model.log_easiness.iter().map(|log| log.exp()).collect(),
            },
            iterations: model.iterations,
            converged: model.converged,
            log_likelihood: Some(model.log_likelihood),
            ..Self::of_crowd(Method::Glad, ratings, &model.beliefs, &log_priors, log_answers)
        }
    }

    fn of_crowd(
        method: Method,
        ratings: &Ratings,
        beliefs: &Beliefs,
        log_priors: &[f64],
        log_answers: Table,
    ) -> Self {
        let crowd = Crowd::learned(ratings, beliefs, log_priors, log_answers);
        Self {
            method,
            posteriors: Posteriors::of(beliefs),
            accuracies: (0..)
                .zip(ratings.annotators())
                .map(|(index, _)| crowd.accuracy(Some(index)))
                .collect(),
            crowd: Some(crowd),
            parameters: Parameters::None,
            iterations: 0,
            converged: true,
            log_likelihood: None,
        }
    }
}

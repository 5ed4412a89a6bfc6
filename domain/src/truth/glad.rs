//! GLAD: annotators have an ability, and items a difficulty.
//!
//! **Model.** All K labels are equally likely. Annotator a answers item i rightly with probability
//! σ(α(a) · exp b(i)), where α is the *ability* (negative for one who turns labels round) and exp b the *easiness*, and
//! gives each of the K − 1 wrong labels with equal probability: the generalisation to more than two labels that the
//! paper names. The priors are normal with mean 1 and variance 1 for α and for b, as in the authors' own program.
//!
//! **Fit.** Expectation–maximisation from these means. The maximisation climbs by [`SWEEPS`] rounds of Fisher
//! scoring, first the abilities and then the items; a step is at most [`LONGEST`].
//!
//! **Assumes** answers that are independent given label and difficulty, and annotators who are as good on one label as
//! on another.
//!
//! **Source.** Whitehill, Ruvolo, Wu, Bergsma and Movellan (2009), *Whose vote should count more*, NeurIPS 22,
//! <https://papers.nips.cc/paper/3644-whose-vote-should-count-more-optimal-integration-of-labels-from-labelers-of-unknown-expertise>.

use super::beliefs::{Beliefs, normalise};
use super::one_coin::wrong;
use crate::agreement::Ratings;

const PRIOR_MEAN: f64 = 1.0;
const SWEEPS: u32 = 5;
const LONGEST: f64 = 1.0;
/// Iterations end when none changes a probability by more than this, or after [`MOST`].
const ENOUGH: f64 = 1e-4;
const MOST: u32 = 100;
/// Keeps every logarithm finite.
const LEAST: f64 = 1e-12;

/// Where the iterations ended.
#[derive(Debug, Clone)]
pub(super) struct Abilities {
    pub(super) beliefs: Beliefs,
    /// By annotator.
    pub(super) ability: Vec<f64>,
    /// By item, the logarithm of its easiness.
    pub(super) log_easiness: Vec<f64>,
    pub(super) iterations: u32,
    pub(super) converged: bool,
    pub(super) log_likelihood: f64,
}

pub(super) fn fit(ratings: &Ratings) -> Abilities {
    let mut model = Abilities {
        beliefs: Beliefs::shares(ratings),
        ability: vec![PRIOR_MEAN; ratings.annotators().len()],
        log_easiness: vec![PRIOR_MEAN; ratings.item_count() as usize],
        iterations: 0,
        converged: ratings.answers().is_empty(),
        log_likelihood: 0.0,
    };
    model.expect(ratings);
    while !model.converged && model.iterations < MOST {
        for _ in 0..SWEEPS {
            model.climb(ratings);
        }
        model.converged = model.expect(ratings) < ENOUGH;
        model.iterations += 1;
    }
    model
}

impl Abilities {
    /// Bayes' rule for every item; gives the greatest change of a probability.
    fn expect(&mut self, ratings: &Ratings) -> f64 {
        let labels = self.beliefs.labels;
        let mut next = vec![0.0; labels];
        let mut change = 0.0_f64;
        self.log_likelihood = 0.0;
        let items = ratings.items().zip(&self.log_easiness).zip(self.beliefs.items_mut());
        for ((item, log_easiness), belief) in items {
            next.fill(-(labels as f64).ln());
            for answer in item.answers {
                let right = probability(self.ability[answer.annotator as usize], *log_easiness);
                let miss = wrong(right, labels).ln();
                next.iter_mut().for_each(|sum| *sum += miss);
                next[answer.label as usize] += right.ln() - miss;
            }
            self.log_likelihood += normalise(&mut next);
            for (old, new) in belief.iter_mut().zip(&next) {
                change = change.max((*old - new).abs());
                *old = *new;
            }
        }
        change
    }

    /// One step of all abilities, then one of all items. Each answer pulls by how far it was right beyond
    /// expectation; the prior's variance of 1 adds 1 to the curvature.
    fn climb(&mut self, ratings: &Ratings) {
        let mut steps: Vec<_> = self.ability.iter().map(|ability| [PRIOR_MEAN - ability, 1.0]).collect();
        for ((item, log_easiness), belief) in
            ratings.items().zip(&self.log_easiness).zip(self.beliefs.items())
        {
            let easiness = log_easiness.exp();
            for answer in item.answers {
                let right = probability(self.ability[answer.annotator as usize], *log_easiness);
                let [slope, curvature] = &mut steps[answer.annotator as usize];
                *slope += (belief[answer.label as usize] - right) * easiness;
                *curvature += right * (1.0 - right) * easiness * easiness;
            }
        }
        for (ability, step) in self.ability.iter_mut().zip(steps) {
            *ability += length(step);
        }
        for ((item, log_easiness), belief) in
            ratings.items().zip(&mut self.log_easiness).zip(self.beliefs.items())
        {
            let mut step = [PRIOR_MEAN - *log_easiness, 1.0];
            for answer in item.answers {
                let ability = self.ability[answer.annotator as usize];
                let right = probability(ability, *log_easiness);
                let lever = ability * log_easiness.exp();
                step[0] += (belief[answer.label as usize] - right) * lever;
                step[1] += right * (1.0 - right) * lever * lever;
            }
            *log_easiness += length(step);
        }
    }
}

fn length([slope, curvature]: [f64; 2]) -> f64 {
    (slope / curvature).clamp(-LONGEST, LONGEST)
}

/// The probability of the right answer.
pub(super) fn probability(ability: f64, log_easiness: f64) -> f64 {
    (1.0 / (1.0 + (-ability * log_easiness.exp()).exp())).clamp(LEAST, 1.0 - LEAST)
}

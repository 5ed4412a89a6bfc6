//! One item judged by what is known of its annotators: its posterior, and what each answer to it is worth.
//!
//! **Posterior.** P(j) ∝ π(j) · Π θ(a, j, l) over the item's answers l of annotators a, where π are the labels' shares
//! and θ the confusion matrices that a method learned. Who was never seen has the matrix of all together.
//!
//! **Worth.** Good's weight of evidence of an answer for the winning label, given the other answers: the log-odds of that
//! label with the answer, less the log-odds without, in nats. Positive speaks for the label, negative against it; 0.69
//! doubles the odds. The worths of an item do not add up where there are more than two labels.
//!
//! **Source.** Good (1985), *Weight of evidence: a brief survey*, Bayesian Statistics 2, 249–270; Dawid and Skene
//! (1979), <https://doi.org/10.2307/2346806>.

use serde::{Deserialize, Serialize};

use super::beliefs::{Beliefs, Table, normalise};
use super::posterior::winner;
use crate::agreement::Ratings;

/// No answer is quite impossible: a worth stays finite.
const LEAST: f64 = 1e-12;

/// The shares of labels, and by annotator the probability of each answer under each label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Crowd {
    priors: Vec<f64>,
    /// By annotator, answer and true label: in proportion to the probability of the answer, the label being compared
    /// with others. A pool of several descriptions does not sum to 1.
    confusions: Vec<f64>,
    /// By answer and true label: of somebody who was never seen.
    stranger: Vec<f64>,
}

/// One voter on an item.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    /// By index; none for somebody who was never seen, such as a model that just joins.
    pub annotator: Option<u32>,
    pub said: Said<'a>,
}

/// What a voter says.
#[derive(Debug, Clone, Copy)]
pub enum Said<'a> {
    Label(u32),
    /// A probability for each label: one answer, of which is known only how probable it is. A prediction is this.
    Shares(&'a [f64]),
}

impl Crowd {
    pub(super) fn learned(
        ratings: &Ratings,
        beliefs: &Beliefs,
        log_priors: &[f64],
        mut answers: Table,
    ) -> Self {
        let stranger = together(ratings, beliefs, &answers);
        answers.cells.iter_mut().for_each(|log| *log = log.exp().max(LEAST));
        let priors: Vec<f64> = log_priors.iter().map(|log| log.exp().max(LEAST)).collect();
        Self { priors, confusions: answers.cells, stranger }
    }

    /// The share of each label.
    pub fn priors(&self) -> &[f64] {
        &self.priors
    }

    /// The probability that the annotator answers `given` where the label is `truth`; none for a label that is not
    /// known.
    pub fn probability(&self, annotator: Option<u32>, truth: u32, given: u32) -> Option<f64> {
        let of = |given| self.row(annotator, given)?.get(truth as usize).copied();
        let all: f64 = (0..self.priors.len() as u32).filter_map(of).sum();
        Some(of(given)? / all)
    }

    /// The probability of a right answer, averaged over the labels by their shares.
    pub fn accuracy(&self, annotator: Option<u32>) -> f64 {
        let right = (0..)
            .zip(&self.priors)
            .filter_map(|(label, prior)| Some(prior * self.probability(annotator, label, label)?));
        right.sum::<f64>().clamp(0.0, 1.0)
    }

    /// The probability of each label by these voices; none where one of them names a label that the fit did not know, so
    /// that only a new fit can weigh it.
    ///
    /// Two annotators of whom one is right nine times in ten and the other seven, on two labels that are equally
    /// frequent: where they differ, the odds are (0.9 / 0.1) · (0.3 / 0.7).
    ///
    /// ```
    /// use domain::truth::{Crowd, Said, Voice};
    ///
    /// let crowd = Crowd::of_accuracies(2, &[0.9, 0.7]);
    /// let voice = |annotator, label| Voice { annotator: Some(annotator), said: Said::Label(label) };
    /// let posterior = crowd.posterior(&[voice(0, 0), voice(1, 1)]).unwrap_or_default();
    /// let odds = posterior[0] / posterior[1];
    /// assert!((odds - 27.0 / 7.0).abs() < 1e-9);
    /// let worth = crowd.worth(&[voice(0, 0), voice(1, 1)]).unwrap_or_default();
    /// assert!((worth[0] - 9_f64.ln()).abs() < 1e-9 && (worth[1] + (7.0_f64 / 3.0).ln()).abs() < 1e-9);
    /// ```
    pub fn posterior(&self, voices: &[Voice<'_>]) -> Option<Vec<f64>> {
        let mut sums = self.sums(voices)?;
        normalise(&mut sums);
        Some(sums)
    }

    /// By voice, what it is worth for the winning label, in nats; none as for [`Crowd::posterior`].
    pub fn worth(&self, voices: &[Voice<'_>]) -> Option<Vec<f64>> {
        let all = self.sums(voices)?;
        let mut shares = all.clone();
        normalise(&mut shares);
        let Some(winner) = winner(&shares) else {
            return Some(vec![0.0; voices.len()]);
        };
        let with = log_odds(&all, winner);
        voices
            .iter()
            .map(|voice| {
                let own = self.log_likelihood(*voice)?;
                let without: Vec<f64> = all.iter().zip(own).map(|(sum, own)| sum - own).collect();
                Some(if all.len() < 2 { 0.0 } else { with - log_odds(&without, winner) })
            })
            .collect()
    }

    /// Annotators of whom nothing is known but how often they are right, on labels of equal shares.
    pub fn of_accuracies(labels: u32, accuracies: &[f64]) -> Self {
        let size = labels as usize;
        let square = |accuracy: f64| {
            let wrong = super::one_coin::wrong(accuracy, size);
            (0..size * size)
                .map(move |cell| if cell.is_multiple_of(size + 1) { accuracy } else { wrong }.max(LEAST))
        };
        let mean = accuracies.iter().sum::<f64>() / accuracies.len().max(1) as f64;
        Self {
            priors: vec![1.0 / f64::from(labels.max(1)); size],
            confusions: accuracies.iter().flat_map(|accuracy| square(*accuracy)).collect(),
            stranger: square(mean).collect(),
        }
    }

    fn sums(&self, voices: &[Voice<'_>]) -> Option<Vec<f64>> {
        let mut sums: Vec<f64> = self.priors.iter().map(|prior| prior.ln()).collect();
        for voice in voices {
            for (sum, log) in sums.iter_mut().zip(self.log_likelihood(*voice)?) {
                *sum += log;
            }
        }
        Some(sums)
    }

    /// By true label, the logarithm of how probable it is that this is said.
    fn log_likelihood(&self, voice: Voice<'_>) -> Option<Vec<f64>> {
        match voice.said {
            Said::Label(label) => {
                Some(self.row(voice.annotator, label)?.iter().map(|each| each.ln()).collect())
            }
            Said::Shares(shares) => {
                let mut sums = vec![LEAST; self.priors.len()];
                for (label, share) in
                    (0..).zip(shares).filter(|(_, share)| share.is_finite() && **share > 0.0)
                {
                    for (sum, each) in sums.iter_mut().zip(self.row(voice.annotator, label)?) {
                        *sum += share * each;
                    }
                }
                Some(sums.into_iter().map(f64::ln).collect())
            }
        }
    }

    /// By true label, the probability of this answer.
    fn row(&self, annotator: Option<u32>, given: u32) -> Option<&[f64]> {
        let labels = self.priors.len();
        let start = given as usize * labels;
        let known = annotator.and_then(|index| {
            let own = index as usize * labels * labels;
            self.confusions.get(own..own + labels * labels)
        });
        known.unwrap_or(&self.stranger).get(start..start + labels)
    }
}

/// ln of this label's odds against all others, from unnormalised logarithms.
fn log_odds(sums: &[f64], label: usize) -> f64 {
    let others = sums.iter().enumerate().filter(|(index, _)| *index != label).map(|(_, sum)| *sum);
    let greatest = others.clone().fold(f64::NEG_INFINITY, f64::max);
    sums[label] - greatest - others.map(|sum| (sum - greatest).exp()).sum::<f64>().ln()
}

/// The confusion matrix of all annotators taken together, smoothed by one right answer per label.
fn together(ratings: &Ratings, beliefs: &Beliefs, shape: &Table) -> Vec<f64> {
    let labels = shape.labels;
    let mut counts = vec![0.0; labels * labels];
    let mut totals = vec![1.0; labels];
    for (item, belief) in ratings.items().zip(beliefs.items()) {
        for answer in item.answers {
            let start = answer.label as usize * labels;
            for (count, share) in counts[start..start + labels].iter_mut().zip(belief) {
                *count += share;
            }
            for (total, share) in totals.iter_mut().zip(belief) {
                *total += share;
            }
        }
    }
    for label in 0..labels {
        counts[label * labels + label] += 1.0;
    }
    for row in counts.chunks_exact_mut(labels.max(1)) {
        for (count, total) in row.iter_mut().zip(&totals) {
            *count = (*count / total).max(LEAST);
        }
    }
    counts
}

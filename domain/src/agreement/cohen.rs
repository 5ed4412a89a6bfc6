//! Cohen's kappa of each pair of annotators, unweighted, and its mean.
//!
//! **Definition.** On the items that both answered, κ = (p − e) / (1 − e), where p is the share of items with equal
//! answers and e the sum over labels of the product of the two people's own shares. The mean gives each pair for
//! which kappa is defined the same weight.
//!
//! **Range** −1 to 1, higher is better: 1 is full agreement and 0 what two people with these habits would reach by
//! chance.
//!
//! **Assumes** unordered labels, two fixed people who answer independently, items drawn independently. On few
//! shared items it jumps: read it beside their number. The mean has no published interval here.
//!
//! **Undefined** for a pair without a shared item, and where both gave one and the same label throughout, so that
//! the expected agreement is 1; the mean, where that holds for every pair.
//!
//! **Source.** Cohen (1960), *A coefficient of agreement for nominal scales*, Educational and Psychological
//! Measurement 20(1), <https://doi.org/10.1177/001316446002000104>.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::ratings::Ratings;
use super::statistic::{Statistic, Undefined};

/// Two annotators and how far they agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementPair))]
pub struct PairAgreement {
    pub a: String,
    pub b: String,
    /// The items that both answered.
    pub shared: u64,
    pub cohen_kappa: Statistic,
}

/// Cohen's kappa of every pair of annotators that shares an item, in the order of the annotators. Pairs that never
/// met are left out: among many annotators they would be most of the list.
///
/// Two abstractors and 100 pregnancies: 0.7964 in Gwet (2014).
///
/// ```
/// use domain::agreement::{Ratings, RatingsError, cohen_kappa_pairs};
///
/// let cells = [
///     ("ectopic", "ectopic", 13), ("aiu", "aiu", 20), ("aiu", "niu", 7), ("niu", "aiu", 4), ("niu", "niu", 56),
/// ];
/// let items = cells.iter().flat_map(|(a, b, times)| std::iter::repeat_n((a, b), *times)).enumerate();
/// let answers = items.flat_map(|(item, (a, b))| [(item, "A", *a), (item, "B", *b)]);
/// let pairs = cohen_kappa_pairs(&Ratings::from_answers(answers)?);
/// assert_eq!(pairs[0].shared, 100);
/// assert!(pairs[0].cohen_kappa.value.is_some_and(|value| (value - 0.7964094).abs() < 5e-8));
/// # Ok::<(), RatingsError>(())
/// ```
pub fn cohen_kappa_pairs(ratings: &Ratings) -> Vec<PairAgreement> {
    let mut tallies: HashMap<(u32, u32), Tally> = HashMap::new();
    for item in ratings.shared_items() {
        for (place, a) in item.answers.iter().enumerate() {
            for b in &item.answers[place + 1..] {
                tallies.entry((a.annotator, b.annotator)).or_default().add(a.label, b.label);
            }
        }
    }
    let mut tallies: Vec<_> = tallies.into_iter().collect();
    tallies.sort_unstable_by_key(|(pair, _)| *pair);
    let name = |annotator: u32| ratings.annotators()[annotator as usize].clone();
    tallies
        .into_iter()
        .map(|((a, b), tally)| PairAgreement {
            a: name(a),
            b: name(b),
            shared: tally.shared,
            cohen_kappa: tally.kappa(),
        })
        .collect()
}

/// The mean of Cohen's kappa over the pairs for which it is defined.
pub fn cohen_kappa_mean(ratings: &Ratings, pairs: &[PairAgreement]) -> Statistic {
    if let Err(reason) = ratings.comparable() {
        return Statistic::undefined(reason);
    }
    let kappas: Vec<f64> = pairs.iter().filter_map(|pair| pair.cohen_kappa.value).collect();
    if kappas.is_empty() {
        return Statistic::undefined(Undefined::NoVariation);
    }
    Statistic::defined(kappas.iter().sum::<f64>() / kappas.len() as f64, None)
}

/// What two annotators gave to the items they share.
#[derive(Debug, Default)]
struct Tally {
    shared: u64,
    equal: u64,
    /// Per label, how often either gave it.
    given: BTreeMap<u32, [u64; 2]>,
}

impl Tally {
    fn add(&mut self, a: u32, b: u32) {
        self.shared += 1;
        self.equal += u64::from(a == b);
        self.given.entry(a).or_default()[0] += 1;
        self.given.entry(b).or_default()[1] += 1;
    }

    /// In whole numbers until the last division, so that "expected agreement is 1" is exact.
    fn kappa(&self) -> Statistic {
        let shared = i128::from(self.shared);
        let expected: i128 = self.given.values().map(|[a, b]| i128::from(*a) * i128::from(*b)).sum();
        let beyond = shared * shared - expected;
        if beyond == 0 {
            return Statistic::undefined(Undefined::NoVariation);
        }
        let above = shared * i128::from(self.equal) - expected;
        Statistic::defined(above as f64 / beyond as f64, None)
    }
}

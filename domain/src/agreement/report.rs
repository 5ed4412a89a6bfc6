//! Every agreement statistic of some ratings at once, with both kinds of intervals.
//!
//! What each statistic is stands in its own file. This one decides only what is computed together and which
//! interval is shown first: the analytic one where one is published, else the resampled one.

use serde::{Deserialize, Serialize};

use super::bootstrap::{Bootstrap, Draws, Replicates};
use super::coefficients::Coefficients;
use super::cohen::{self, Means, PairAgreement, mean_of, pairs};
use super::interval::Estimate;
use super::kinds::Kinds;
use super::ratings::Ratings;
use super::rows::Rows;
use super::scale::{Level, Scale};
use super::scott;
use super::statistic::{IntervalMethod, Statistic, Undefined};

/// A statistic with all that is known of its precision.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementCoefficient))]
pub struct Coefficient {
    /// The estimate; its `ci95` is the analytic interval, or the resampled one where none is published.
    #[serde(flatten)]
    pub statistic: Statistic,
    /// The analytic standard error.
    pub standard_error: Option<f64>,
    /// The interval from resampling, where it was asked for.
    pub bootstrap95: Option<[f64; 2]>,
}

/// Every agreement statistic, with the numbers of answers it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementReport))]
pub struct Report {
    /// Items with one or more answers.
    pub items: u64,
    /// Annotators with one or more answers.
    pub annotators: u64,
    pub answers: u64,
    /// What the labels were taken for.
    pub level: Level,
    /// How items were resampled, if they were.
    pub bootstrap: Option<Bootstrap>,
    pub percent_agreement: Coefficient,
    pub cohen_kappa_mean_pairwise: Coefficient,
    pub cohen_kappa_linear_mean_pairwise: Coefficient,
    pub cohen_kappa_quadratic_mean_pairwise: Coefficient,
    pub scott_pi: Coefficient,
    pub fleiss_kappa: Coefficient,
    /// At the level of the report.
    pub krippendorff_alpha: Coefficient,
    pub gwet_ac1: Coefficient,
    pub gwet_ac2_linear: Coefficient,
    pub gwet_ac2_quadratic: Coefficient,
    pub gwet_ac2_ordinal: Coefficient,
    /// The pairs of annotators with at least one item in common, by name.
    pub pairs: Vec<PairAgreement>,
}

impl Report {
    /// Computes all statistics of `ratings`. At the levels above nominal, labels that are the same number are one
    /// label; the statistics that ask for more than the labels give are undefined.
    pub fn of(ratings: &Ratings, level: Level, bootstrap: Option<Bootstrap>) -> Self {
        let scale = Scale::of(ratings, level);
        let rows = Rows::of(ratings);
        let kinds = Kinds::of(rows.iter(), &scale);
        let coefficients = Coefficients::of(&kinds, &scale);
        let pairs = pairs(ratings, &rows, &scale);
        let resampled = bootstrap
            .filter(|_| ratings.comparable().is_ok())
            .map(|bootstrap| resampled(ratings, &rows, &scale, &coefficients, bootstrap))
            .unwrap_or_default();

        let [percent, fleiss, alpha, ac1, linear, quadratic, ordinal] = coefficients.estimates(rows.items());
        let scott = scott::from_fleiss(ratings, fleiss);
        let (resampled, [unweighted_means, linear_means, quadratic_means]) = resampled;
        let [percent95, fleiss95, alpha95, ac1_95, linear95, quadratic95, ordinal95] =
            resampled.map(Replicates::ci95);
        let scott95 = fleiss95.filter(|_| scott.is_ok());
        let of = |estimate: Result<Estimate, Undefined>, resampled| {
            Coefficient::of(ratings.comparable().and(estimate), resampled)
        };
        let mean = |statistic: Statistic, means: Replicates| {
            Coefficient::resampled(
                statistic,
                statistic.value.and_then(|value| means.ci95_about(value, cohen::RANGE)),
            )
        };
        let ordered = scale.positions().map(|_| ());
        let weighted =
            |kappa: fn(&PairAgreement) -> Option<Statistic>| match ratings.comparable().and(ordered) {
                Ok(()) => mean_of(ratings, pairs.iter().filter_map(kappa)),
                Err(reason) => Statistic::undefined(reason),
            };
        Self {
            items: ratings.item_count(),
            annotators: ratings.annotators().len() as u64,
            answers: ratings.answers().len() as u64,
            level,
            bootstrap,
            percent_agreement: of(percent, percent95),
            cohen_kappa_mean_pairwise: mean(
                mean_of(ratings, pairs.iter().map(|pair| pair.cohen_kappa)),
                unweighted_means,
            ),
            cohen_kappa_linear_mean_pairwise: mean(weighted(|pair| pair.cohen_kappa_linear), linear_means),
            cohen_kappa_quadratic_mean_pairwise: mean(
                weighted(|pair| pair.cohen_kappa_quadratic),
                quadratic_means,
            ),
            scott_pi: of(scott, scott95),
            fleiss_kappa: of(fleiss, fleiss95),
            krippendorff_alpha: of(alpha, alpha95),
            gwet_ac1: of(ac1, ac1_95),
            gwet_ac2_linear: of(linear, linear95),
            gwet_ac2_quadratic: of(quadratic, quadratic95),
            gwet_ac2_ordinal: of(ordinal, ordinal95),
            pairs,
        }
    }
}

impl Report {
    /// The same without the pairs of annotators, of which there may be many.
    pub fn without_pairs(&self) -> Self {
        Self { pairs: Vec::new(), ..*self }
    }
}

/// What the coefficients, in their order, and the three means of Cohen's kappa were in each draw.
fn resampled(
    ratings: &Ratings,
    rows: &Rows<'_>,
    scale: &Scale,
    coefficients: &Coefficients<'_>,
    bootstrap: Bootstrap,
) -> ([Replicates; 7], [Replicates; 3]) {
    let (mut replicates, mut replicates_of_means) = <([Replicates; 7], [Replicates; 3])>::default();
    let mut means = Means::of(ratings, rows, scale);
    let mut draws = Draws::of(bootstrap.seed, rows.items());
    for _ in 0..bootstrap.replicates {
        let items = draws.next();
        let kappas = means.as_mut().map_or([None; 3], |means| means.values(items));
        replicates.iter_mut().zip(coefficients.values(items)).for_each(|(all, value)| all.push(value));
        replicates_of_means.iter_mut().zip(kappas).for_each(|(all, value)| all.push(value));
    }
    (replicates, replicates_of_means)
}

impl Coefficient {
    fn of(estimate: Result<Estimate, Undefined>, bootstrap95: Option<[f64; 2]>) -> Self {
        match estimate {
            Ok(Estimate { value, spread: Some(spread) }) => Self {
                statistic: Statistic::defined(value, Some((IntervalMethod::Analytic, spread.ci95))),
                standard_error: Some(spread.standard_error),
                bootstrap95,
            },
            Ok(Estimate { value, spread: None }) => {
                Self::resampled(Statistic::defined(value, None), bootstrap95)
            }
            Err(reason) => Self::resampled(Statistic::undefined(reason), None),
        }
    }

    /// A statistic with the resampled interval alone. Where every draw is on one side of the estimate, because what the
    /// items have in common makes each draw differ from them all, the draws tell nothing about it.
    fn resampled(statistic: Statistic, bootstrap95: Option<[f64; 2]>) -> Self {
        let Some(value) = statistic.value else {
            return Self { statistic, standard_error: None, bootstrap95: None };
        };
        let bootstrap95 = bootstrap95.filter(|[low, high]| (*low..=*high).contains(&value));
        let interval = bootstrap95.map(|ends| (IntervalMethod::Bootstrap, ends));
        Self { statistic: Statistic::defined(value, interval), standard_error: None, bootstrap95 }
    }
}

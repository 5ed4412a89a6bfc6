//! How far annotators agree with one another, and how much of it chance alone would explain.
//!
//! Each statistic has a file with its definition, range, undefined cases, source and a published value. All of
//! them read one [`Ratings`] and give a [`Statistic`], which is a finite number or the reason why there is none.
//! [`Summary::of`] computes what the agreement page shows, [`Report::of`] every statistic at a level of measurement
//! and with resampled intervals.
//!
//! Underneath, `kinds` and `rows` take equal items together, so that a thousand resamples of a million answers
//! take seconds, and `distance` holds the sums that need one pass instead of all pairs of labels.
//!
//! Nothing here decides anything about a label (that is consensus), knows of people beyond their names, or
//! makes up a number where the data determine none.

mod bootstrap;
mod chance;
mod coefficients;
mod cohen;
mod confusion;
mod distance;
mod fleiss;
mod gwet;
mod interval;
mod kinds;
mod krippendorff;
mod meetings;
mod numbering;
mod percent;
mod random;
mod ratings;
mod report;
mod rows;
mod scale;
mod scott;
mod statistic;

use serde::{Deserialize, Serialize};

pub use bootstrap::Bootstrap;
pub use cohen::{PairAgreement, cohen_kappa_mean, cohen_kappa_pairs, cohen_kappa_pairs_at};
pub use confusion::{LabelConfusion, confusion};
pub use fleiss::fleiss_kappa;
pub use gwet::{Weights, gwet_ac1, gwet_ac2};
pub use krippendorff::{krippendorff_alpha, krippendorff_alpha_at, krippendorff_alpha_by, nominal_distance};
pub use percent::percent_agreement;
pub use ratings::{Answer, Item, LabelCount, Ratings, RatingsError};
pub use report::{Coefficient, Report};
pub use scale::Level;
pub use scott::scott_pi;
pub use statistic::{IntervalMethod, Statistic, Undefined};

/// Every agreement statistic of one question, with the numbers of answers it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementSummary))]
pub struct Summary {
    /// Items with one or more answers.
    pub items: u64,
    /// Annotators with one or more answers.
    pub annotators: u64,
    pub answers: u64,
    pub percent_agreement: Statistic,
    pub cohen_kappa_mean_pairwise: Statistic,
    pub fleiss_kappa: Statistic,
    pub krippendorff_alpha: Statistic,
    pub gwet_ac1: Statistic,
    /// The pairs of annotators with at least one item in common, by name.
    pub pairs: Vec<PairAgreement>,
    /// The pairs of labels that were given to the same item, most frequent first.
    pub confusion: Vec<LabelConfusion>,
}

impl Summary {
    /// Computes all statistics of `ratings`, the labels without order, with analytic intervals where there are some.
    pub fn of(ratings: &Ratings) -> Self {
        let report = Report::of(ratings, Level::Nominal, None);
        Self {
            items: report.items,
            annotators: report.annotators,
            answers: report.answers,
            percent_agreement: report.percent_agreement.statistic,
            cohen_kappa_mean_pairwise: report.cohen_kappa_mean_pairwise.statistic,
            fleiss_kappa: report.fleiss_kappa.statistic,
            krippendorff_alpha: report.krippendorff_alpha.statistic,
            gwet_ac1: report.gwet_ac1.statistic,
            pairs: report.pairs,
            confusion: confusion(ratings),
        }
    }
}

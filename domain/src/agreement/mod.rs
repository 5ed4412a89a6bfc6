//! How far annotators agree with one another, and how much of it chance alone would explain.
//!
//! Each statistic has a file with its definition, range, undefined cases, source and a published value. All of
//! them read one [`Ratings`] and give a [`Statistic`], which is a finite number or the reason why there is none.
//! [`Summary::of`] computes everything that the agreement page shows.
//!
//! Nothing here decides anything about a label (that is consensus), knows of people beyond their names, or
//! makes up a number where the data determine none.

mod chance;
mod cohen;
mod confusion;
mod fleiss;
mod gwet;
mod interval;
mod krippendorff;
mod numbering;
mod percent;
mod ratings;
mod statistic;

use serde::{Deserialize, Serialize};

pub use cohen::{PairAgreement, cohen_kappa_mean, cohen_kappa_pairs};
pub use confusion::{LabelConfusion, confusion};
pub use fleiss::fleiss_kappa;
pub use gwet::gwet_ac1;
pub use krippendorff::{krippendorff_alpha, krippendorff_alpha_by, nominal_distance};
pub use percent::percent_agreement;
pub use ratings::{Answer, Item, LabelCount, Ratings, RatingsError};
pub use statistic::{Statistic, Undefined};

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
    /// Computes all statistics of `ratings`.
    pub fn of(ratings: &Ratings) -> Self {
        let pairs = cohen_kappa_pairs(ratings);
        Self {
            items: ratings.item_count(),
            annotators: ratings.annotators().len() as u64,
            answers: ratings.answers().len() as u64,
            percent_agreement: percent_agreement(ratings),
            cohen_kappa_mean_pairwise: cohen_kappa_mean(ratings, &pairs),
            fleiss_kappa: fleiss_kappa(ratings),
            krippendorff_alpha: krippendorff_alpha(ratings),
            gwet_ac1: gwet_ac1(ratings),
            pairs,
            confusion: confusion(ratings),
        }
    }
}

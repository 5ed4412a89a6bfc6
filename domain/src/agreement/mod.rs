//! How far annotators agree with one another, and how much of it chance alone would explain.
//!
//! Each statistic has a file with its definition, range, undefined cases, source and a published value. All of
//! them read one [`Ratings`] and give a [`Statistic`], which is a finite number or the reason why there is none.
//! [`Report::of`] computes every statistic at a level of measurement and, where asked, with resampled intervals.
//!
//! Underneath, `kinds` and `rows` take equal items together, so that a thousand resamples of a million answers
//! take seconds, and `distance` holds the sums that need one pass instead of all pairs of labels.
//!
//! Nothing here decides anything about a label (that is consensus), knows of people beyond their names, or
//! makes up a number where the data determine none.

mod ambiguity;
mod bootstrap;
mod chance;
mod coefficients;
mod cohen;
mod confusion;
mod coverage;
mod disputed;
mod distance;
mod fleiss;
mod gwet;
mod interval;
mod kinds;
mod krippendorff;
mod matrix;
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

pub use ambiguity::{Ambiguity, AmbiguousPair, ambiguous_pairs};
pub use bootstrap::Bootstrap;
pub use cohen::{PairAgreement, cohen_kappa_mean, cohen_kappa_pairs, cohen_kappa_pairs_at};
pub use confusion::{LabelConfusion, confusion};
pub use coverage::Coverage;
pub use disputed::{Disputed, most_disputed};
pub use fleiss::fleiss_kappa;
pub use gwet::{Weights, gwet_ac1, gwet_ac2};
pub use krippendorff::{krippendorff_alpha, krippendorff_alpha_at, krippendorff_alpha_by, nominal_distance};
pub use matrix::{LabelMatrix, label_matrix};
pub use percent::percent_agreement;
pub use ratings::{Answer, Item, LabelCount, Ratings, RatingsError};
pub use report::{Coefficient, Report};
pub use scale::Level;
pub use scott::scott_pi;
pub use statistic::{IntervalMethod, Statistic, Undefined};

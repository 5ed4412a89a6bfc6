//! What each reason for queueing yields, as it is shown.

use crate::{estimate::Tally, outcome::LooksFor, signal::SignalKind, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What each reason yields, beside what chance yields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct YieldView {
    /// Only what was answered and decided at or after this time; null for everything.
    pub from: Option<Timestamp>,
    /// Only what was answered and decided before this time; null for everything.
    pub to: Option<Timestamp>,
    /// The audit slice: what samples drawn at random yield.
    pub baseline: Baseline,
    /// One entry for each reason for which anything was answered or decided.
    pub reasons: Vec<ReasonYield>,
}

/// What the fully decided beginning of the audit order yields, whatever the times asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Baseline {
    /// Wrong stored labels.
    pub label_errors: ErrorRate,
    /// Wrong predictions.
    pub prediction_errors: ErrorRate,
}

/// What one reason yields. A task counts under the reason that it has now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReasonYield {
    /// The reason.
    pub reason: SignalKind,
    /// Tasks that somebody answered.
    pub served: i64,
    /// Tasks that are decided, by a reviewer or by the review policy: `changed`, `upheld` and `unlabelled` together.
    pub reviewed: i64,
    /// Decided tasks after which the label is another one: `corrected`, `removed` and `added` together.
    pub changed: i64,
    /// There was a stored label and it became another one.
    pub corrected: i64,
    /// There was a stored label and it was removed.
    pub removed: i64,
    /// There was no stored label and now there is one.
    pub added: i64,
    /// There was a stored label and it stays.
    pub upheld: i64,
    /// There was no stored label and there is none now.
    pub unlabelled: i64,
    /// Decided tasks whose answers gave no consensus: a tie, or a verdict other than `answered` that was not shared by
    /// everybody.
    pub ambiguous: i64,
    /// The sort of error that this reason looks for; null where it looks for none.
    pub looks_for: Option<LooksFor>,
    /// Among the decided tasks that had a stored label, those whose label was corrected or removed.
    pub label_errors: ErrorRate,
    /// Among the decided tasks that had a prediction, those where its most probable option is not the label.
    pub prediction_errors: ErrorRate,
    /// How many times as many errors of the sort it looks for it finds as chance; null where that is undefined.
    pub times_baseline: Option<f64>,
}

/// Errors among so many.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorRate {
    /// Those with an error.
    pub errors: i64,
    /// All of them.
    pub of: i64,
    /// Errors per 100; null where `of` is 0.
    pub per_100: Option<f64>,
    /// Wilson's 95% interval of `per_100`; null where `of` is 0.
    pub ci95: Option<[f64; 2]>,
}

impl ErrorRate {
    /// As counts.
    pub fn tally(&self) -> Tally {
        Tally { errors: self.errors, of: self.of }
    }
}

impl From<Tally> for ErrorRate {
    fn from(tally: Tally) -> Self {
        let rate = tally.rate();
        Self {
            errors: tally.errors,
            of: tally.of,
            per_100: rate.map(|rate| rate.value * 100.0),
            ci95: rate.map(|rate| rate.ci95.map(|end| end * 100.0)),
        }
    }
}

impl ReasonYield {
    /// The errors of the sort that it looks for.
    pub fn errors(&self) -> Option<&ErrorRate> {
        self.looks_for.map(|sort| match sort {
            LooksFor::Labels => &self.label_errors,
            LooksFor::Predictions => &self.prediction_errors,
        })
    }
}

impl Baseline {
    /// The errors of this sort.
    pub fn errors(&self, sort: LooksFor) -> &ErrorRate {
        match sort {
            LooksFor::Labels => &self.label_errors,
            LooksFor::Predictions => &self.prediction_errors,
        }
    }
}

//! A statistic as it is reported: a finite number, or the reason why there is none.
//!
//! It never holds NaN or an infinity, and zero never stands for "unknown".

use std::fmt;

use serde::{Deserialize, Serialize};

use super::interval::Estimate;
use super::ratings::Ratings;

/// One statistic: exactly one of `value` and `undefined` is set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementStatistic))]
pub struct Statistic {
    /// The estimate, finite.
    pub value: Option<f64>,
    /// Why there is no estimate.
    pub undefined: Option<Undefined>,
    /// The 95% confidence interval, where there is a method for it and the data determine its width.
    pub ci95: Option<[f64; 2]>,
    /// By which method the interval was found; null without one.
    pub ci95_method: Option<IntervalMethod>,
}

/// Where a confidence interval comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementIntervalMethod))]
pub enum IntervalMethod {
    /// A published standard error and Student's t, over items.
    Analytic,
    /// Percentiles of the statistic over items drawn again and again.
    Bootstrap,
}

impl Statistic {
    /// An estimate with its interval. Adding zero turns −0 into 0, which prints without a sign.
    pub(super) fn defined(value: f64, interval: Option<(IntervalMethod, [f64; 2])>) -> Self {
        debug_assert!(value.is_finite(), "a statistic is finite or undefined");
        Self {
            value: Some(value + 0.0),
            undefined: None,
            ci95: interval.map(|(_, [low, high])| [low + 0.0, high + 0.0]),
            ci95_method: interval.map(|(method, _)| method),
        }
    }

    /// An estimate from `ratings` with its analytic interval, or why there is none.
    pub(super) fn analytic(
        ratings: &Ratings,
        estimate: impl FnOnce() -> Result<Estimate, Undefined>,
    ) -> Self {
        match ratings.comparable().and_then(|()| estimate()) {
            Ok(Estimate { value, spread }) => {
                Self::defined(value, spread.map(|spread| (IntervalMethod::Analytic, spread.ci95)))
            }
            Err(reason) => Self::undefined(reason),
        }
    }

    /// No estimate, for this reason.
    pub(super) fn undefined(reason: Undefined) -> Self {
        Self { value: None, undefined: Some(reason), ci95: None, ci95_method: None }
    }
}

/// Why a statistic has no value. The codes are stable: the API shows them and the pages translate them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AgreementUndefined))]
pub enum Undefined {
    /// There are no answers at all.
    NoItems,
    /// One person gave all answers, so there is nobody to agree with.
    SingleAnnotator,
    /// Several people answered, but never the same item.
    NoSharedItems,
    /// Only one label was used, so chance alone explains the whole agreement.
    NoVariation,
    /// Not two annotators who both answered every item.
    NotTwoComplete,
    /// Labels without an order cannot be near one another.
    UnorderedLabels,
    /// Some label is not a number, so there are no differences.
    NonNumericLabels,
    /// Some label is below zero, so there are no quotients.
    NegativeLabels,
    /// More distinct labels than can be compared one with each other.
    TooManyLabels,
    /// More pairs of annotators than can be compared one by one.
    TooManyPairs,
}

impl Undefined {
    /// Every reason, so that translations and documents can be held against the list.
    pub const ALL: [Self; 10] = [
        Self::NoItems,
        Self::SingleAnnotator,
        Self::NoSharedItems,
        Self::NoVariation,
        Self::NotTwoComplete,
        Self::UnorderedLabels,
        Self::NonNumericLabels,
        Self::NegativeLabels,
        Self::TooManyLabels,
        Self::TooManyPairs,
    ];

    /// The stable code, the same as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoItems => "no_items",
            Self::SingleAnnotator => "single_annotator",
            Self::NoSharedItems => "no_shared_items",
            Self::NoVariation => "no_variation",
            Self::NotTwoComplete => "not_two_complete",
            Self::UnorderedLabels => "unordered_labels",
            Self::NonNumericLabels => "non_numeric_labels",
            Self::NegativeLabels => "negative_labels",
            Self::TooManyLabels => "too_many_labels",
            Self::TooManyPairs => "too_many_pairs",
        }
    }
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_prints_as_the_api_says() -> Result<(), serde_json::Error> {
        let statistic = Statistic::defined(0.81, Some((IntervalMethod::Analytic, [0.78, 0.84])));
        let json = serde_json::to_string(&statistic)?;
        assert_eq!(json, r#"{"value":0.81,"undefined":null,"ci95":[0.78,0.84],"ci95_method":"analytic"}"#);
        assert_eq!(serde_json::from_str::<Statistic>(&json)?, statistic);
        Ok(())
    }

    #[test]
    fn an_undefined_statistic_prints_its_reason() -> Result<(), serde_json::Error> {
        for reason in Undefined::ALL {
            let json = serde_json::to_string(&Statistic::undefined(reason))?;
            assert_eq!(
                json,
                format!(r#"{{"value":null,"undefined":"{reason}","ci95":null,"ci95_method":null}}"#)
            );
        }
        Ok(())
    }

    #[test]
    fn zero_has_no_sign() -> Result<(), serde_json::Error> {
        assert_eq!(serde_json::to_string(&Statistic::defined(-0.0, None).value)?, "0.0");
        Ok(())
    }
}

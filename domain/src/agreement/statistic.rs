//! A statistic as it is reported: a finite number, or the reason why there is none.
//!
//! It never holds NaN or an infinity, and zero never stands for "unknown".

use std::fmt;

use serde::{Deserialize, Serialize};

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
}

impl Statistic {
    /// An estimate with its interval. Adding zero turns −0 into 0, which prints without a sign.
    pub(super) fn defined(value: f64, ci95: Option<[f64; 2]>) -> Self {
        debug_assert!(value.is_finite(), "a statistic is finite or undefined");
        Self {
            value: Some(value + 0.0),
            undefined: None,
            ci95: ci95.map(|[low, high]| [low + 0.0, high + 0.0]),
        }
    }

    /// No estimate, for this reason.
    pub(super) fn undefined(reason: Undefined) -> Self {
        Self { value: None, undefined: Some(reason), ci95: None }
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
}

impl Undefined {
    /// Every reason, so that translations and documents can be held against the list.
    pub const ALL: [Self; 4] = [Self::NoItems, Self::SingleAnnotator, Self::NoSharedItems, Self::NoVariation];

    /// The stable code, the same as in JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoItems => "no_items",
            Self::SingleAnnotator => "single_annotator",
            Self::NoSharedItems => "no_shared_items",
            Self::NoVariation => "no_variation",
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
        let statistic = Statistic::defined(0.81, Some([0.78, 0.84]));
        let json = serde_json::to_string(&statistic)?;
        assert_eq!(json, r#"{"value":0.81,"undefined":null,"ci95":[0.78,0.84]}"#);
        assert_eq!(serde_json::from_str::<Statistic>(&json)?, statistic);
        Ok(())
    }

    #[test]
    fn an_undefined_statistic_prints_its_reason() -> Result<(), serde_json::Error> {
        for reason in Undefined::ALL {
            let json = serde_json::to_string(&Statistic::undefined(reason))?;
            assert_eq!(json, format!(r#"{{"value":null,"undefined":"{reason}","ci95":null}}"#));
        }
        Ok(())
    }

    #[test]
    fn zero_has_no_sign() -> Result<(), serde_json::Error> {
        assert_eq!(serde_json::to_string(&Statistic::defined(-0.0, None).value)?, "0.0");
        Ok(())
    }
}

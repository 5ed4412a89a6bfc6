//! So many of so many, with the interval of the share behind it.
//!
//! **Definition.** count / of. **Range** [0, 1]. **Undefined** where `of` is 0 or the count may not be told.
//!
//! **Interval.** Wilson's score interval, see [`crate::estimate::Rate::of`]. It takes the counted answers as drawn
//! independently, which answers chosen because they are hard are not: it says how sure the share is of *these sorts* of
//! tasks, not of all that the project has.

use serde::{Deserialize, Serialize};

use super::Undefined;
use crate::estimate::Rate;

/// A share of counted answers: exactly one of `value` and `undefined` is set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorProportion))]
pub struct Proportion {
    /// Those that are counted; null where that may not be told.
    pub count: Option<i64>,
    /// All of them.
    pub of: i64,
    /// The share, in [0, 1].
    pub value: Option<f64>,
    /// Wilson's 95% interval of the share.
    pub ci95: Option<[f64; 2]>,
    /// Why there is no share.
    pub undefined: Option<Undefined>,
}

impl Proportion {
    /// `count` of `of`; undefined for `reason` where there are none.
    ///
    /// Newcombe (1998), <https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C857::AID-SIM777%3E3.0.CO;2-E>, table I,
    /// method 3, gives 81 of 263 the interval 0.2553 to 0.3662:
    ///
    /// ```
    /// use domain::quality::{Proportion, Undefined};
    ///
    /// let share = Proportion::of(81, 263, Undefined::NothingDecided);
    /// let [low, high] = share.ci95.unwrap_or_default();
    /// assert!((low - 0.2553).abs() < 5e-5 && (high - 0.3662).abs() < 5e-5);
    /// let none = Proportion::of(0, 0, Undefined::NothingDecided);
    /// assert_eq!((none.value, none.undefined), (None, Some(Undefined::NothingDecided)));
    /// ```
    pub fn of(count: i64, of: i64, reason: Undefined) -> Self {
        match Rate::of(count, of) {
            Some(Rate { value, ci95 }) => {
                Self { count: Some(count), of, value: Some(value), ci95: Some(ci95), undefined: None }
            }
            None => Self { count: Some(count), of, value: None, ci95: None, undefined: Some(reason) },
        }
    }

    /// How many of these are true.
    pub(super) fn counted(each: impl Iterator<Item = bool>, reason: Undefined) -> Self {
        let (count, of) = each.fold((0, 0), |(count, of), is| (count + i64::from(is), of + 1));
        Self::of(count, of, reason)
    }

    /// The same without what may not be told.
    pub(super) fn withheld(self) -> Self {
        Self { count: None, of: self.of, value: None, ci95: None, undefined: Some(Undefined::TooFew) }
    }

    /// As a rate; none where it is undefined.
    pub(super) fn rate(self) -> Option<Rate> {
        Some(Rate { value: self.value?, ci95: self.ci95? })
    }
}

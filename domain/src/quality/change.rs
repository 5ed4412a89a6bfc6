//! Whether the last week differs from those before.
//!
//! **Definition.** Agreement with the final label on answers of the last week of which something is decided, less that on
//! the answers of all weeks before.
//!
//! **Range** −1 to 1, with Newcombe's interval ([`crate::estimate::Rate::minus`]). There is a clear change where the
//! interval leaves out 0, and else none: of twenty weeks without a change about one looks like a change all the same. What
//! is decided soon may be easier than the rest.
//!
//! **Undefined** where nothing is decided, or nothing of an earlier week.
//!
//! **Source.** Newcombe (1998), <https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C873::AID-SIM779%3E3.0.CO;2-I>.

use serde::{Deserialize, Serialize};

use super::{OfWeek, Proportion, Undefined, Week};

/// What changed: exactly one of `difference` and `undefined` is set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorChange))]
pub struct Change {
    /// The Monday of the last week of which something is decided.
    pub week: Option<Week>,
    /// Agreement with the final label in it.
    pub last: Proportion,
    /// The same of all weeks before.
    pub before: Proportion,
    /// How much more the last week is.
    pub difference: Option<f64>,
    /// Its 95% interval.
    pub ci95: Option<[f64; 2]>,
    /// Whether that is clear; null where there is nothing to compare.
    pub direction: Option<Direction>,
    /// Why there is no difference.
    pub undefined: Option<Undefined>,
}

/// What the interval says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorDirection))]
pub enum Direction {
    Up,
    Down,
    /// The interval holds 0.
    NoClearChange,
}

impl Change {
    /// Of these weeks, the oldest first.
    pub(super) fn of(weeks: &[OfWeek]) -> Self {
        let decided: Vec<&OfWeek> = weeks.iter().filter(|week| week.agreement_with_final.of > 0).collect();
        let nothing = |reason| Proportion::of(0, 0, reason);
        let Some((last, before)) = decided.split_last() else {
            let reason = Undefined::NothingDecided;
            return Self::between(None, nothing(reason), nothing(reason), reason);
        };
        let sum =
            |read: fn(&Proportion) -> i64| before.iter().map(|week| read(&week.agreement_with_final)).sum();
        let count = sum(|share| share.count.unwrap_or_default());
        let before = Proportion::of(count, sum(|share| share.of), Undefined::NothingEarlier);
        Self::between(Some(last.week), last.agreement_with_final, before, Undefined::NothingEarlier)
    }

    /// What lies between the two; undefined for `reason` where one of them is.
    fn between(week: Option<Week>, last: Proportion, before: Proportion, reason: Undefined) -> Self {
        let compared = last.rate().zip(before.rate()).map(|(last, before)| last.minus(before));
        let (difference, ci95) = compared.unzip();
        let direction = ci95.map(|[low, high]| match (low > 0.0, high < 0.0) {
            (true, _) => Direction::Up,
            (_, true) => Direction::Down,
            _ => Direction::NoClearChange,
        });
        let undefined = compared.is_none().then_some(reason);
        Self { week, last, before, difference, ci95, direction, undefined }
    }

    /// The same without what may not be told.
    pub(super) fn withheld(self) -> Self {
        Self::between(self.week, self.last.withheld(), self.before.withheld(), Undefined::TooFew)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weeks(shares: &[(i64, i64)]) -> Vec<OfWeek> {
        let week = |(index, (count, of)): (i32, &(i64, i64))| OfWeek {
            week: Week::of_day(20_000 + 7 * index),
            answers: *of,
            agreement_with_final: Proportion::of(*count, *of, Undefined::NothingDecided),
        };
        (0..).zip(shares).map(week).collect()
    }

    #[test]
    fn the_last_decided_week_is_held_against_all_before() {
        // 56 of 70 against 48 of 80 together, as in Newcombe's table; the week after has nothing decided.
        let change = Change::of(&weeks(&[(40, 60), (8, 20), (0, 0), (56, 70), (0, 0)]));
        assert_eq!((change.before.count, change.before.of, change.last.of), (Some(48), 80, 70));
        assert!(
            change
                .ci95
                .is_some_and(|[low, high]| (low - 0.0524).abs() < 5e-5 && (high - 0.3339).abs() < 5e-5)
        );
        assert_eq!(change.direction, Some(Direction::Up));
        assert_eq!(Change::of(&weeks(&[(48, 80), (6, 7)])).direction, Some(Direction::NoClearChange));
        assert_eq!(Change::of(&weeks(&[(56, 70), (48, 80)])).direction, Some(Direction::Down));
    }

    #[test]
    fn without_two_weeks_there_is_nothing_to_compare() {
        let none = Change::of(&[]);
        assert_eq!((none.week, none.undefined), (None, Some(Undefined::NothingDecided)));
        let one = Change::of(&weeks(&[(3, 4)]));
        assert_eq!((one.direction, one.undefined), (None, Some(Undefined::NothingEarlier)));
    }
}

//! A person's answers by week.
//!
//! **Definition.** Weeks begin on Monday, in the time zone that the caller takes days in; an answer belongs to the week in
//! which it was given, whenever its task was decided. So the share of a recent week is of those few tasks that are decided
//! already.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::{Date, Duration, Month};

use super::{Given, Proportion, Undefined};

/// A week, by its Monday in days since 1970-01-01. Written as that day: `2026-03-02`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = Date))]
pub struct Week(i32);

/// 1970-01-01 was a Thursday.
const THURSDAY: i32 = 3;

impl Week {
    /// The week of a day, which is in days since 1970-01-01.
    ///
    /// ```
    /// use domain::quality::Week;
    ///
    /// assert_eq!(Week::of_day(0).to_string(), "1969-12-29");
    /// assert_eq!(Week::of_day(3).to_string(), "1969-12-29");
    /// assert_eq!(Week::of_day(4).to_string(), "1970-01-05");
    /// ```
    pub fn of_day(day: i32) -> Self {
        Self(day.saturating_sub(day.saturating_add(THURSDAY).rem_euclid(7)))
    }

    fn first() -> Option<Date> {
        Date::from_calendar_date(1970, Month::January, 1).ok()
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-').map(str::parse::<u16>);
        let (year, month, day) = (parts.next()?.ok()?, parts.next()?.ok()?, parts.next()?.ok()?);
        let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
        let date = Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
        let days = i32::try_from((date - Self::first()?).whole_days()).ok()?;
        Some(Self::of_day(days)).filter(|week| week.0 == days)
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let monday = Self::first().and_then(|first| first.checked_add(Duration::days(self.0.into())));
        let monday = monday.ok_or(fmt::Error)?;
        write!(f, "{:04}-{:02}-{:02}", monday.year(), u8::from(monday.month()), monday.day())
    }
}

impl Serialize for Week {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Week {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not the Monday of a week"))
    }
}

/// One week's answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AnnotatorWeek))]
pub struct OfWeek {
    /// The Monday.
    pub week: Week,
    /// Counted answers that were given in it.
    pub answers: i64,
    /// Those that are the final label, among those to approved tasks.
    pub agreement_with_final: Proportion,
}

/// The oldest first.
pub(super) fn of(given: &[Given]) -> Vec<OfWeek> {
    let mut weeks: BTreeMap<Week, (i64, i64, i64)> = BTreeMap::new();
    for each in given {
        let (answers, count, of) = weeks.entry(each.week).or_default();
        *answers += 1;
        if let Some(settled) = each.settled {
            *count += i64::from(settled == each.label);
            *of += 1;
        }
    }
    let share = |count, of| Proportion::of(count, of, Undefined::NothingDecided);
    let week =
        |(week, (answers, count, of))| OfWeek { week, answers, agreement_with_final: share(count, of) };
    weeks.into_iter().map(week).collect()
}

#[cfg(test)]
mod tests {
    use super::Week;

    #[test]
    fn a_week_reads_back() -> Result<(), serde_json::Error> {
        for day in [-1_000, 0, 20_000, 20_514] {
            let week = Week::of_day(day);
            assert_eq!(serde_json::from_value::<Week>(serde_json::to_value(week)?)?, week);
        }
        assert!(serde_json::from_str::<Week>("\"2026-03-03\"").is_err(), "a Tuesday");
        assert!(serde_json::from_str::<Week>("\"2026-02-31\"").is_err());
        Ok(())
    }

    #[test]
    fn there_is_a_week_at_the_ends_of_time() {
        assert!(Week::of_day(i32::MIN) <= Week::of_day(i32::MAX));
    }
}

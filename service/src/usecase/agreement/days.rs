//! Days of a project: what people ask for on pages.

use domain::time::Timestamp;
use jiff::{civil::Date, tz::TimeZone};

/// A day as points in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its midnight.
    pub start: Timestamp,
    /// The midnight after it.
    pub end: Timestamp,
}

/// The day `YYYY-MM-DD` in a time zone, UTC where the zone is not known; none where it is no day.
pub fn day_of(day: &str, zone: &str) -> Option<Day> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let day: Date = day.parse().ok()?;
    let midnight = |day: Date| {
        let zoned = day.to_zoned(zone.clone()).ok()?;
        Some(Timestamp(zoned.timestamp().as_microsecond()))
    };
    Some(Day { start: midnight(day)?, end: midnight(day.tomorrow().ok()?)? })
}

#[cfg(test)]
mod tests {
    use super::day_of;

    #[test]
    fn a_day_begins_and_ends_at_the_project_s_own_midnight() {
        let day =
            day_of("2026-03-29", "Europe/Berlin").map(|day| [day.start, day.end].map(|at| at.to_string()));
        let expected = ["2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"].map(str::to_owned);
        assert_eq!(day, Some(expected), "the clock goes forward on it");
        assert_eq!(day_of("2026-02-30", "UTC"), None);
        assert!(day_of("2026-02-28", "Nowhere").is_some());
    }
}

//! Points in time: UTC microseconds, written as RFC 3339 with three decimals.
//!
//! This module reads no clock; the time comes from the caller.

use crate::problem::{Code, Fault};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// A point in time in microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String, format = DateTime))]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// This time moved by whole seconds, which may be negative; saturates at the ends of time.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// Parses RFC 3339 with any offset; a finer fraction than microseconds is cut off.
    pub fn parse(text: &str) -> Option<Self> {
        let at = OffsetDateTime::parse(text, &Rfc3339).ok()?.to_offset(UtcOffset::UTC);
        i64::try_from(at.unix_timestamp_nanos().div_euclid(1000)).ok().map(Self)
    }

    /// Whole seconds from `earlier` to this time; negative when this time is the earlier one.
    pub fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0).div_euclid(1_000_000)
    }
}

/// What is wrong with the time between two others: it may not end before it begins. Points to the parameter `to`.
pub fn fault_between(from: Option<Timestamp>, to: Option<Timestamp>) -> Option<Fault> {
    let is_backwards = from.zip(to).is_some_and(|(from, to)| to < from);
    is_backwards.then(|| Fault::at("/to", Code::OutOfRange, "'to' is before 'from'"))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = OffsetDateTime::from_unix_timestamp(self.0.div_euclid(1_000_000)).map_err(|_| fmt::Error)?;
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            at.year(),
            u8::from(at.month()),
            at.day(),
            at.hour(),
            at.minute(),
            at.second(),
            self.0.rem_euclid(1_000_000) / 1000
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| de::Error::custom("not an RFC 3339 time"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, fault_between};

    #[test]
    fn prints_three_decimals_and_reads_back() {
        let at = Timestamp::parse("2026-03-01T09:30:00.123456+09:00");
        assert_eq!(at.map(|at| at.to_string()).as_deref(), Some("2026-03-01T00:30:00.123Z"));
        assert_eq!(Timestamp(0).to_string(), "1970-01-01T00:00:00.000Z");
        assert_eq!(Timestamp(-1).to_string(), "1969-12-31T23:59:59.999Z");
        assert_eq!(Timestamp::parse("yesterday"), None);
    }

    #[test]
    fn a_time_may_be_empty_and_not_backwards() {
        let between = |from: i64, to: i64| fault_between(Some(Timestamp(from)), Some(Timestamp(to)));
        assert!(between(1, 1).is_none() && between(1, 2).is_none());
        assert_eq!(between(2, 1).and_then(|fault| fault.pointer).as_deref(), Some("/to"));
        assert!(fault_between(None, Some(Timestamp(1))).is_none());
    }
}

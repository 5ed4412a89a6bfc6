//! An event on its way to a receiver: its states, what an answer means, and when the next attempt is.
//!
//! A delivery is never given up. The waits are those that Standard Webhooks suggests; after them it is tried once a day.

use serde::{Deserialize, Serialize};

/// Where a delivery is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// It waits for its next attempt.
    Waiting,
    /// It is being sent.
    Sending,
    /// The receiver has taken it.
    Delivered,
}

impl DeliveryState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Sending, Self::Delivered];

    /// The state as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sending => "sending",
            Self::Delivered => "delivered",
        }
    }

    /// The state of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// What an answer means for the delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The receiver has taken it.
    Taken,
    /// The receiver wants nothing any more.
    Gone,
    /// It has to be tried again.
    Refused,
}

impl Verdict {
    /// Of an answer's HTTP status.
    pub fn of(status: u16) -> Self {
        match status {
            200..=299 => Self::Taken,
            410 => Self::Gone,
            _ => Self::Refused,
        }
    }
}

/// Seconds to wait after the first, second, … attempt has failed.
const WAITS: [i64; 9] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/// Seconds until the next attempt after so many have failed. `chance`, any number, moves it by up to a tenth, so that what
/// failed together does not come back together.
pub fn wait(attempts: i32, chance: u32) -> i64 {
    let failed = usize::try_from(attempts.max(1)).unwrap_or(1);
    let wait = WAITS[failed.min(WAITS.len()) - 1];
    let tenth = wait * 1_000 / 10;
    let moved = i64::from(chance) % (2 * tenth + 1) - tenth;
    (wait * 1_000 + moved) / 1_000
}

#[cfg(test)]
mod tests {
    use super::{DeliveryState, Verdict, wait};
    use rstest::rstest;

    #[rstest]
    #[case(1, 5)]
    #[case(2, 300)]
    #[case(3, 1_800)]
    #[case(4, 7_200)]
    #[case(9, 86_400)]
    #[case(10, 86_400)]
    #[case(i32::MAX, 86_400)]
    #[case(0, 5)]
    fn the_wait_grows_to_a_day_and_differs_by_a_tenth_at_most(#[case] attempts: i32, #[case] seconds: i64) {
        for chance in [0, 1, 12_345, u32::MAX / 2, u32::MAX] {
            let wait = wait(attempts, chance);
            assert!((seconds * 9 / 10..=seconds * 11 / 10).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn only_2xx_is_a_delivery() {
        assert_eq!([200, 204, 299].map(Verdict::of), [Verdict::Taken; 3]);
        assert_eq!([100, 301, 302, 308, 400, 404, 429, 500, 503].map(Verdict::of), [Verdict::Refused; 9]);
        assert_eq!(Verdict::of(410), Verdict::Gone);
    }

    #[test]
    fn every_state_is_spelt_the_same_everywhere() -> Result<(), serde_json::Error> {
        for state in DeliveryState::ALL {
            assert_eq!(serde_json::to_value(state)?, state.as_str());
            assert_eq!(DeliveryState::parse(state.as_str()), Some(state));
        }
        Ok(())
    }
}

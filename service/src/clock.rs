//! The clock and the source of randomness, so that tests can fix both.

use domain::time::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Where the time comes from.
#[derive(Debug)]
pub enum Clock {
    /// The database's clock: this machine's for SQLite, the server's for PostgreSQL.
    Database,
    /// A time that only tests move, in microseconds.
    Fixed(AtomicI64),
}

impl Clock {
    /// A clock that stands at `at` until it is moved.
    pub fn fixed(at: Timestamp) -> Self {
        Self::Fixed(AtomicI64::new(at.0))
    }

    /// Moves a fixed clock forward; does nothing to the database's.
    pub fn advance_seconds(&self, seconds: i64) {
        if let Self::Fixed(at) = self {
            at.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
        }
    }
}

/// This machine's time.
pub(crate) fn machine_time() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}

/// Random bytes from the operating system.
///
/// # Panics
/// When the operating system has no randomness to give: nothing secret could be made then.
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "without randomness no secret is safe, so nothing may go on")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

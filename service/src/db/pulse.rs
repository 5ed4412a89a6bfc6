//! Whether PostgreSQL answers, asked over a connection of its own: those of the pool may all be busy for good reasons, which
//! says nothing about the server.

use sea_orm::sqlx::{Connection, Error, PgConnection};
use std::{
    fmt,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// How long an answer may take: a new connection wants several, of a server that may have much to do.
const PATIENCE: Duration = Duration::from_secs(4);
/// For how long what was found is told to others: when a server hangs, many want to know at once.
const FRESH: Duration = Duration::from_secs(1);

/// Looks at the server behind an address.
pub(super) struct Pulse {
    url: String,
    found: Mutex<Option<(Instant, bool)>>,
}

impl fmt::Debug for Pulse {
    /// Without the address, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pulse").finish_non_exhaustive()
    }
}

impl Pulse {
    pub(super) fn of(url: &str) -> Self {
        Self { url: url.to_owned(), found: Mutex::default() }
    }

    /// Whether the server answers.
    pub(super) async fn beats(&self) -> bool {
        let mut found = self.found.lock().await;
        if let Some((at, beats)) = *found
            && at.elapsed() < FRESH
        {
            return beats;
        }
        let asked = tokio::time::timeout(PATIENCE, ask(&self.url)).await;
        let beats = match asked {
            Ok(Ok(())) => true,
            Ok(Err(error)) => {
                tracing::warn!(%error, "asking PostgreSQL failed");
                is_answer(&error)
            }
            Err(_) => false,
        };
        *found = Some((Instant::now(), beats));
        beats
    }
}

async fn ask(url: &str) -> Result<(), Error> {
    let mut connection = PgConnection::connect(url).await?;
    connection.ping().await?;
    // It has answered; how the connection ends is of no interest.
    let _ = connection.close().await;
    Ok(())
}

/// Whether this is how a server refuses that is there, because too many are connected, say; one that starts or stops is
/// away.
fn is_answer(error: &Error) -> bool {
    let told = error.as_database_error().and_then(|told| told.code());
    told.is_some_and(|state| !state.starts_with("57P"))
}

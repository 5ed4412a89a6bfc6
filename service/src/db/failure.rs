//! Which database errors are worth another attempt.

use crate::error::Error;
use sea_orm::{DbErr, RuntimeErr};

impl From<DbErr> for Error {
    #[track_caller]
    fn from(error: DbErr) -> Self {
        if is_unavailable(&error) { Self::Unavailable(error.to_string()) } else { Self::internal(error) }
    }
}

/// Whether the same work may succeed when tried again later.
fn is_unavailable(error: &DbErr) -> bool {
    match error {
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => true,
        DbErr::Exec(RuntimeErr::SqlxError(source)) | DbErr::Query(RuntimeErr::SqlxError(source)) => {
            match source.as_database_error().and_then(|error| error.code()) {
                // SQLITE_BUSY and SQLITE_BUSY_SNAPSHOT; serialisation failure, deadlock, shutting down.
                Some(code) => matches!(code.as_ref(), "5" | "517" | "40001" | "40P01" | "57P01" | "57P03"),
                None => matches!(
                    source.to_string().as_str(),
                    "pool timed out while waiting for an open connection"
                ),
            }
        }
        _ => false,
    }
}

//! What failures of the database and of the disk mean: most pass by themselves, and whoever asked may try again.
//!
//! Never tells a caller what the system said: that is for the log and for whoever calls the command line.

use crate::error::Error;
use domain::problem::Code;
use sea_orm::{DbErr, RuntimeErr, SqlxError, SqlxSqliteError};
use std::io::ErrorKind;

impl From<DbErr> for Error {
    #[track_caller]
    fn from(error: DbErr) -> Self {
        match passing(&error) {
            Some(Code::Unavailable) => Self::Unavailable(error.to_string()),
            Some(code) => Self::Storage { code, cause: error.to_string() },
            None => Self::internal(error),
        }
    }
}

impl From<std::io::Error> for Error {
    #[track_caller]
    fn from(error: std::io::Error) -> Self {
        match of_disk(error.kind()) {
            Some(code) => Self::Storage { code, cause: error.to_string() },
            None => Self::internal(error),
        }
    }
}

/// The code of a failure after which the same work may succeed.
fn passing(error: &DbErr) -> Option<Code> {
    match error {
        DbErr::ConnectionAcquire(_) => Some(Code::Unavailable),
        DbErr::Conn(RuntimeErr::SqlxError(source)) => of_sqlx(source).or(Some(Code::Unavailable)),
        DbErr::Conn(_) => Some(Code::Unavailable),
        DbErr::Exec(RuntimeErr::SqlxError(source)) | DbErr::Query(RuntimeErr::SqlxError(source)) => {
            of_sqlx(source)
        }
        _ => None,
    }
}

fn of_sqlx(error: &SqlxError) -> Option<Code> {
    if let Some(told) = error.as_database_error() {
        let code = told.code()?;
        return match told.try_downcast_ref::<SqlxSqliteError>() {
            Some(_) => of_sqlite(code.parse().ok()?),
            None => of_postgres(&code),
        };
    }
    match error {
        SqlxError::Io(source) => of_disk(source.kind()).or(Some(Code::Unavailable)),
        SqlxError::Tls(_)
        | SqlxError::Protocol(_)
        | SqlxError::PoolTimedOut
        | SqlxError::PoolClosed
        | SqlxError::WorkerCrashed
        | SqlxError::BeginFailed => Some(Code::Unavailable),
        _ => None,
    }
}

/// SQLite's result codes, the extended ones too: the primary code is their last byte.
fn of_sqlite(code: i32) -> Option<Code> {
    /// Making room for the index of the write-ahead log failed.
    const IOERR_SHMSIZE: i32 = 4874;
    match (code, code & 0xff) {
        // SQLITE_FULL
        (IOERR_SHMSIZE, _) | (_, 13) => Some(Code::StorageFull),
        // SQLITE_PERM, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN
        (_, 3 | 8 | 10 | 14) => Some(Code::StorageFailed),
        // SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM
        (_, 5..=7) => Some(Code::Unavailable),
        _ => None,
    }
}

/// PostgreSQL's SQLSTATEs.
fn of_postgres(state: &str) -> Option<Code> {
    match (state, state.get(..2)?) {
        ("53100", _) => Some(Code::StorageFull),
        // Errors of the system, such as input and output; a server that takes no writes, such as a standby.
        ("25006", _) | (_, "58") => Some(Code::StorageFailed),
        // Connections, resources, rollbacks for others' sake, operators who stop it.
        (_, "08" | "53" | "40") | ("55P03" | "57P01" | "57P02" | "57P03" | "57P05", _) => {
            Some(Code::Unavailable)
        }
        _ => None,
    }
}

fn of_disk(kind: ErrorKind) -> Option<Code> {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some(Code::StorageFull),
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => Some(Code::StorageFailed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{of_disk, of_postgres, of_sqlite};
    use domain::problem::Code;
    use rstest::rstest;
    use std::io::ErrorKind;

    #[rstest]
    #[case(13, Some(Code::StorageFull))]
    #[case(4874, Some(Code::StorageFull))]
    #[case(778, Some(Code::StorageFailed))]
    #[case(1032, Some(Code::StorageFailed))]
    #[case(517, Some(Code::Unavailable))]
    #[case(1, None)]
    #[case(2067, None)]
    fn sqlite_tells(#[case] code: i32, #[case] means: Option<Code>) {
        assert_eq!(of_sqlite(code), means);
    }

    #[rstest]
    #[case("53100", Some(Code::StorageFull))]
    #[case("53300", Some(Code::Unavailable))]
    #[case("25006", Some(Code::StorageFailed))]
    #[case("40P01", Some(Code::Unavailable))]
    #[case("57P01", Some(Code::Unavailable))]
    #[case("57014", None)]
    #[case("23505", None)]
    fn postgresql_tells(#[case] state: &str, #[case] means: Option<Code>) {
        assert_eq!(of_postgres(state), means);
    }

    #[test]
    fn the_disk_tells() {
        assert_eq!(of_disk(ErrorKind::StorageFull), Some(Code::StorageFull));
        assert_eq!(of_disk(ErrorKind::ReadOnlyFilesystem), Some(Code::StorageFailed));
        assert_eq!(of_disk(ErrorKind::NotFound), None);
    }
}

//! What the tests of the service share: a world of its own for every test, on each database.
//!
//! A test runs on SQLite and, where `RELABEL_TEST_POSTGRES_URL` names a server whose user may make databases, a
//! second time on a fresh PostgreSQL database. Test modules are declared in `tests/contract/main.rs`, so that
//! all of them make one program.

mod behind;
pub mod deciding;
pub mod people;
pub mod projects;
pub mod samples;
pub mod uploads;
mod world;

pub use world::{Outcome, World, on_each_database};

use domain::problem::{Code, Refusal};
use service::Error;

/// The refusal that `result` must be.
///
/// # Panics
/// When it was accepted, or failed.
#[track_caller]
pub fn refusal<T>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused { refusal, .. }) => refusal,
        Err(error) => panic!("failed instead of being refused: {error}"),
        Ok(_) => panic!("accepted instead of being refused"),
    }
}

/// The code of the refusal that `result` must be.
#[track_caller]
pub fn code<T>(result: Result<T, Error>) -> Code {
    refusal(result).code
}

/// Place and code of each fault of the refusal that `result` must be.
#[track_caller]
pub fn faults<T>(result: Result<T, Error>) -> Vec<(String, Code)> {
    let errors = refusal(result).errors.into_iter();
    errors.map(|fault| (fault.pointer.unwrap_or_default(), fault.code)).collect()
}

//! Backups of a SQLite database, written while others work on it, and put back while nobody does.

pub use crate::db::{
    Existing,
    backup::{BackupError, Holdings, Restored, back_up, restore},
};

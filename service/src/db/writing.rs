//! The one connection that writes to an SQLite file. After a failure it is thrown away: SQLite ends a transaction by
//! itself when the disk is full, which the pool never hears of, so that its next transaction would not be one.

use crate::error::Result;
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

/// The connection, opened where it is missing.
#[derive(Debug)]
pub(super) struct Writing {
    options: ConnectOptions,
    connection: Option<DatabaseConnection>,
}

impl Writing {
    /// Opens the connection.
    pub(super) async fn open(options: ConnectOptions) -> Result<Self> {
        let mut writing = Self { options, connection: None };
        writing.connection().await?;
        Ok(writing)
    }

    /// The connection.
    pub(super) async fn connection(&mut self) -> Result<&DatabaseConnection> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => Database::connect(self.options.clone()).await?,
        };
        Ok(self.connection.insert(connection))
    }

    /// Throws the connection away, with whatever it has not committed.
    pub(super) fn discard(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        // Closing waits for the rollback, which may fail; nobody waits for either.
        tokio::spawn(async move {
            if let Err(error) = connection.close().await {
                tracing::warn!(%error, "a connection was not closed");
            }
        });
    }
}

//! The time, by a clock that all servers of one database share, so that they cannot disagree about a lease.

use crate::{
    clock::{self, Clock},
    error::{Error, Result},
    repo::sql::sql,
    services::Services,
};
use domain::time::Timestamp;
use sea_orm::{ConnectionTrait, DbBackend};
use std::sync::atomic::Ordering;

impl Services {
    /// The time, by the clock that all servers of one database share.
    pub(crate) async fn now<C: ConnectionTrait>(&self, conn: &C) -> Result<Timestamp> {
        match &*self.clock {
            Clock::Fixed(at) => Ok(Timestamp(at.load(Ordering::SeqCst))),
            Clock::Database if conn.get_database_backend() == DbBackend::Postgres => {
                let text = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT AS now";
                let row = conn.query_one_raw(sql(conn, text, [])).await?;
                let row = row.ok_or_else(|| Error::internal("the database did not tell the time"))?;
                Ok(Timestamp(row.try_get("", "now")?))
            }
            Clock::Database => Ok(clock::machine_time()),
        }
    }
}

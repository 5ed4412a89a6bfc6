//! The browser's sessions, for the server's session store. No actor: a session is what makes one.

use crate::{
    error::Result,
    repo::{
        sessions::{self, Row},
        sign_ins,
    },
    services::Services,
};
use domain::{id::UserId, time::Timestamp};

/// The browser's sessions.
#[derive(Clone, Copy, Debug)]
pub struct Sessions<'a>(pub(crate) &'a Services);

impl Sessions<'_> {
    /// Begins a session; false where the id is taken.
    pub async fn create(
        &self,
        id: &str,
        user: Option<UserId>,
        data: &str,
        expires: Timestamp,
    ) -> Result<bool> {
        let row = Row { id: id.to_owned(), user, data: data.to_owned(), expires };
        self.0.db.write(move |tx| Box::pin(async move { sessions::insert(tx, &row).await })).await
    }

    /// Changes a session. One that has been ended meanwhile, by signing out or a new password, stays ended.
    pub async fn save(&self, id: &str, user: Option<UserId>, data: &str, expires: Timestamp) -> Result<()> {
        let row = Row { id: id.to_owned(), user, data: data.to_owned(), expires };
        self.0.db.write(move |tx| Box::pin(async move { sessions::update(tx, &row).await })).await
    }

    /// The data of a session that has not ended.
    pub async fn load(&self, id: &str) -> Result<Option<String>> {
        let now = self.0.now(self.0.db.read()).await?;
        sessions::data(self.0.db.read(), id, now).await
    }

    /// Ends a session.
    pub async fn delete(&self, id: &str) -> Result<()> {
        let id = id.to_owned();
        self.0.db.write(move |tx| Box::pin(async move { sessions::delete(tx, &id).await })).await
    }

    /// Deletes what time has ended: sessions, and the counts of failed attempts to make one.
    pub async fn delete_expired(&self) -> Result<()> {
        let services = self.0.clone();
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                sessions::delete_expired(tx, now).await?;
                sign_ins::delete_old(tx, now).await
            })
        });
        write.await
    }
}

//! Imports that a process left unfinished: they go on, or end where their file is gone.

use super::{
    Intake,
    annotations::Annotations,
    feedback::Feedback,
    kind::Kind,
    predictions::Predictions,
    run::{Running, end},
    samples::Samples,
};
use crate::{
    entity::import,
    error::{Error, Result},
    repo::imports,
    spool::Spooled,
};
use domain::{
    id::{ImportId, ProjectId},
    view::intake::ImportState,
};
use sea_orm::DbBackend;

/// After so many seconds without a sign of life another server's import is lost, if its file is.
const LOST_AFTER_SECONDS: i64 = 3600;

impl Intake<'_> {
    /// Goes on with imports that a process left unfinished, where it can be told that nobody works on them.
    pub async fn resume(&self) -> Result<()> {
        for row in imports::unfinished(self.0.db.read(), None).await? {
            let import = row.id;
            let gone_on = match row.kind.as_str() {
                Samples::NAME => self.go_on::<Samples>(row).await,
                Annotations::NAME => self.go_on::<Annotations>(row).await,
                Predictions::NAME => self.go_on::<Predictions>(row).await,
                Feedback::NAME => self.go_on::<Feedback>(row).await,
                kind => Err(Error::internal(format!("there is no upload of {kind}"))),
            };
            // The others shall go on all the same.
            if let Err(error) = gone_on {
                tracing::error!(import, %error, "an import does not go on");
            }
        }
        Ok(())
    }

    async fn go_on<K: Kind>(&self, row: import::Model) -> Result<()> {
        let Some(name) = row.spool.as_deref() else { return Ok(()) };
        let Some(mut spooled) = Spooled::take_over(&self.0.spool_folder().join(name), &row.digest)? else {
            return self.cut_short::<K>(row).await;
        };
        if spooled.hold()? {
            spooled.keep();
            let (import, project) = (ImportId(row.id), ProjectId(row.project_id));
            tracing::info!(%import, "an import goes on");
            // It tells the log how it ends; nobody else asked.
            drop(Running::<K>::of(self.0.clone(), import, project, spooled).start(None));
        }
        Ok(())
    }

    /// Ends an import whose file is gone: what was written stands, and its labels are a version.
    async fn cut_short<K: Kind>(&self, row: import::Model) -> Result<()> {
        let now = self.0.now(self.0.db.read()).await?;
        let idle = row.touched_at.map_or(i64::MAX, |at| (now.0 - at) / 1_000_000);
        // Another server may have the file.
        if self.0.db.backend() == DbBackend::Postgres && idle < LOST_AFTER_SECONDS {
            return Ok(());
        }
        tracing::error!(import = row.id, "the file of an import is gone before it was written whole");
        let (import, project) = (ImportId(row.id), ProjectId(row.project_id));
        end::<K>(self.0, import, project, ImportState::CutShort).await.map(drop)
    }
}

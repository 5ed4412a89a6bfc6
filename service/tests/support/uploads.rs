//! Uploads for tests, by the command line's actor.

use super::World;
use domain::{
    name::Slug,
    view::intake::{AnnotationImport, FeedbackImport, PredictionImport, SampleImport},
};
use serde_json::Value;
use service::{
    Actor, Result,
    format::Format,
    spool::Spooled,
    usecase::intake::{AnnotationOptions, Labels, OnError, SampleOptions, foreign::Dialect},
};

/// Wrong lines refuse the upload; reviewers' labels stay.
pub const STRICT: SampleOptions =
    SampleOptions { on_error: OnError::Abort, labels: Labels::Keep, dialect: Dialect::Relabel };

/// Wrong lines are left out.
pub const SKIPPING: SampleOptions =
    SampleOptions { on_error: OnError::Skip, labels: Labels::Keep, dialect: Dialect::Relabel };

/// These values as lines.
pub fn ndjson(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

impl World {
    /// A received body.
    pub async fn spooled(&self, body: impl AsRef<[u8]>) -> Result<Spooled> {
        let mut spool = self.services.spool().await?;
        spool.write(body.as_ref()).await?;
        spool.finish().await
    }

    /// Sends samples.
    pub async fn send(
        &self,
        project: &Slug,
        format: Format,
        options: SampleOptions,
        body: impl AsRef<[u8]>,
    ) -> Result<SampleImport> {
        let spooled = self.spooled(body).await?;
        self.services.intake().samples(&Actor::Operator, project, spooled, format, options).await
    }

    /// Sends samples as lines, strictly.
    pub async fn send_samples(&self, project: &Slug, lines: &[Value]) -> Result<SampleImport> {
        self.send(project, Format::Ndjson, STRICT, ndjson(lines)).await
    }

    /// Sends people's answers.
    pub async fn send_answers_as(
        &self,
        project: &Slug,
        format: Format,
        options: AnnotationOptions,
        body: impl AsRef<[u8]>,
    ) -> Result<AnnotationImport> {
        let spooled = self.spooled(body).await?;
        self.services.intake().annotations(&Actor::Operator, project, spooled, format, options).await
    }

    /// Sends people's answers as lines, strictly.
    pub async fn send_answers(&self, project: &Slug, lines: &[Value]) -> Result<AnnotationImport> {
        self.send_answers_as(project, Format::Ndjson, AnnotationOptions::default(), ndjson(lines)).await
    }

    /// Sends predictions as lines, strictly.
    pub async fn send_predictions(&self, project: &Slug, lines: &[Value]) -> Result<PredictionImport> {
        let spooled = self.spooled(ndjson(lines)).await?;
        let (actor, format) = (Actor::Operator, Format::Ndjson);
        self.services.intake().predictions(&actor, project, spooled, format, OnError::Abort).await
    }

    /// Sends users' reports as lines, strictly.
    pub async fn send_feedback(&self, project: &Slug, lines: &[Value]) -> Result<FeedbackImport> {
        let spooled = self.spooled(ndjson(lines)).await?;
        let (actor, format) = (Actor::Operator, Format::Ndjson);
        self.services.intake().feedback(&actor, project, spooled, format, OnError::Abort).await
    }
}

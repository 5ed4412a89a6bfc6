//! How the loop stands: the numbers of a project's home page.

use super::Projects;
use crate::{
    actor::Actor,
    error::Result,
    recent::{Told, Worth},
    repo::{audit_prefix, overview, projects::Project},
    usecase::access,
};
use domain::{
    access::Permission,
    name::Slug,
    overlap::Overlap,
    schema::Question,
    view::project::{Overview, QuestionAudit},
};

/// From this many samples or annotations on, the numbers are not counted anew for every page.
const LARGE: i64 = 20_000;

/// What of the overview somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sees {
    /// How far the work is.
    Progress,
    /// Also how good people and labels are.
    Quality,
}

impl Projects<'_> {
    /// The loop as it stands; of a large project, as it stood a moment ago. What tells how good people and labels are
    /// is left out for those who may not read agreement.
    pub async fn overview(&self, actor: &Actor, slug: &Slug) -> Result<Overview> {
        let access = access::project(self.0.db.read(), actor, slug, Permission::ViewProject).await?;
        let sees = if access.also(actor, Permission::ReadAgreement) { Sees::Quality } else { Sees::Progress };
        match self.0.overviews.told(&(access.project.id, sees)) {
            Some(Told::Fresh(overview)) => Ok(overview),
            Some(Told::Stale(overview)) => {
                let services = self.0.clone();
                self.0.background.spawn(async move {
                    if let Err(error) = services.projects().look(&access.project, sees).await {
                        tracing::warn!(%error, "a project's numbers were not counted anew");
                    }
                });
                Ok(overview)
            }
            None => self.look(&access.project, sees).await,
        }
    }

    /// Counts everything, and keeps it where the project is large.
    async fn look(&self, project: &Project, sees: Sees) -> Result<Overview> {
        let tx = self.0.db.snapshot().await?;
        let mut overview = overview::counts(&tx, project.id).await?;
        if sees == Sees::Quality {
            if let Overlap::Adaptive(adaptive) = project.settings.queue.overlap {
                let members = overview.annotators + overview.reviewers;
                let fixed = members.clamp(adaptive.min.into(), adaptive.max.into());
                let saved = overview::saved(&tx, project.id, adaptive.min.into(), fixed).await?;
                overview.adaptive = Some(saved);
            }
            overview.alpha = self.0.agreement().alpha(project).await?;
            let rate = project.settings.queue.audit_rate;
            let names = project.schema.questions.iter().map(|question| question.name.as_str());
            let audit = audit_prefix::read(&tx, project.id, rate, names).await?;
            let of = |question: &Question| {
                let found = audit.by_question.get(&question.name).copied().unwrap_or_default();
                let (question, labels) = (question.title().to_owned(), found.labels);
                QuestionAudit { question, labels, predictions: found.predictions }
            };
            overview.audits = project.schema.questions.iter().map(of).collect();
        }
        let size = overview.samples.max(overview.annotations);
        self.0.overviews.keep((project.id, sees), overview.clone(), Worth::of(size, LARGE));
        Ok(overview)
    }
}

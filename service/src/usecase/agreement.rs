//! Inter-annotator agreement on the counted annotations of a project.
//!
//! What few people answered is told as it is at this moment. Of many answers that takes seconds: it is computed once for
//! all who ask, kept, and computed anew in the background, so that a page waits only the first time and nobody who
//! answers waits at all.

mod collected;
mod days;
mod told;

use crate::{
    actor::Actor,
    error::{Error, Result},
    kept::Kept,
    repo::{
        annotations::{self, NewestAnnotation},
        projects::Project,
    },
    services::Services,
    usecase::{access, numbers::are_few},
};
use collected::Collected;
pub use days::{Day, day_of};
use domain::{
    access::Permission,
    agreement::{Level, Statistic, krippendorff_alpha},
    id::ProjectId,
    name::Slug,
    problem::{Code, Refusal},
    schema::Question,
    signal::SignalKind,
    time::{Timestamp, fault_between},
    view::{agreement::AgreementView, project::OverviewAlpha},
};
use std::sync::Arc;
use told::Looking;

/// What is told of the agreement of each project.
pub(crate) type KeptAgreements = Kept<AgreementKey, NewestAnnotation, AgreementView>;

/// What an agreement is of. Another schema may have another order of labels, another zone other days.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct AgreementKey {
    project: ProjectId,
    question: String,
    filter: AgreementFilter,
    schema_revision: i32,
    time_zone: String,
}

/// Inter-annotator agreement.
#[derive(Clone, Copy, Debug)]
pub struct Agreements<'a>(pub(crate) &'a Services);

/// Which annotations are compared, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct AgreementFilter {
    /// The question; the first where absent.
    pub question: Option<String>,
    /// What its labels are taken for.
    pub level: Level,
    /// Only tasks with this reason.
    pub reason: Option<SignalKind>,
    /// Only tasks that had a prediction of this model when they were opened, and none that was newer.
    pub model: Option<String>,
    /// Only annotations given under this guideline.
    pub guideline_revision: Option<i32>,
    /// Only annotations given at or after this time.
    pub from: Option<Timestamp>,
    /// Only annotations given before this time.
    pub to: Option<Timestamp>,
}

impl Agreements<'_> {
    /// All statistics of one question. Only `answered` annotations count.
    pub async fn get(
        &self,
        actor: &Actor,
        slug: &Slug,
        filter: AgreementFilter,
    ) -> Result<Arc<AgreementView>> {
        let conn = self.0.db.read();
        let project = access::project(conn, actor, slug, Permission::ReadAgreement).await?.project;
        Refusal::check(fault_between(filter.from, filter.to).into_iter().collect())?;
        let question = match &filter.question {
            None => project.schema.questions.first(),
            Some(name) => project.schema.question(name),
        };
        let question = question.cloned().ok_or_else(|| {
            Error::invalid("/question", Code::UnknownQuestion, "the schema has no such question")
        })?;
        let services = self.0;
        let key = AgreementKey::of(&project, &question, &filter);
        let project_id = project.id;
        let comparing = services.clone().compare(project, question, filter);
        let kept = (&services.agreements, key);
        services.computed_or_kept(project_id, kept, annotations::newest(conn), comparing).await
    }

    /// Krippendorff's alpha of the project's first question; nobody waits for it.
    pub(crate) async fn alpha(&self, project: &Project) -> Result<OverviewAlpha> {
        let Some(question) = project.schema.questions.first() else { return Ok(OverviewAlpha::None) };
        let (services, conn) = (self.0, self.0.db.read());
        let everything = AgreementFilter::default();
        if are_few(conn, project.id).await? {
            // Of all that is compared only this is wanted.
            let collected = Collected::read(&services.db, project, question, &everything).await?;
            return Ok(shown(&krippendorff_alpha(&collected.ratings()?)));
        }
        let key = AgreementKey::of(project, question, &everything);
        let newest = annotations::newest(conn).await?;
        let comparing = services.clone().compare(project.clone(), question.clone(), everything);
        let told = services.agreements.told(&services.background, key, newest, comparing);
        Ok(told.map_or(OverviewAlpha::Computing, |view| shown(&view.report.krippendorff_alpha.statistic)))
    }
}

fn shown(alpha: &Statistic) -> OverviewAlpha {
    alpha.value.map_or(OverviewAlpha::None, OverviewAlpha::Value)
}

impl AgreementKey {
    fn of(project: &Project, question: &Question, filter: &AgreementFilter) -> Self {
        Self {
            project: project.id,
            question: question.name.clone(),
            filter: AgreementFilter { question: None, ..filter.clone() },
            schema_revision: project.schema_revision,
            time_zone: project.settings.time_zone.clone(),
        }
    }
}

impl Services {
    async fn compare(
        self,
        project: Project,
        question: Question,
        filter: AgreementFilter,
    ) -> Result<AgreementView> {
        let looking = Looking {
            question: question.name.clone(),
            level: filter.level,
            time_zone: project.settings.time_zone.clone(),
            now: self.now(self.db.read()).await?,
        };
        let collected = Collected::read(&self.db, &project, &question, &filter).await?;
        told::of(&self.db, collected, looking).await
    }
}

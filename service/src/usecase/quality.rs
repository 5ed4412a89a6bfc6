//! What each person's answers are like: for managers those of everybody, and for each person their own.
//!
//! What few people answered is told as it is at this moment. Of many answers that takes seconds: it is computed once for
//! all who ask, kept, and computed anew in the background. What a person may be told of themselves is the domain's rule.

mod read;

use crate::{
    actor::Actor,
    error::{Error, Result},
    kept::Kept,
    repo::{
        annotations::{self, NewestAnnotation},
        annotators::{self, Shown},
        decisions,
        projects::Project,
    },
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    id::{AnnotatorId, ProjectId},
    name::Slug,
    problem::{Code, Refusal},
    quality::Quality,
    settings::ConsensusMethod,
    time::Timestamp,
    view::annotator::{AnnotatorLine, AnnotatorList, AnnotatorView, OwnWork},
};
use std::{collections::HashMap, sync::Arc};

/// What is known of the people of each project.
pub(crate) type KeptQualities = Kept<QualityKey, (NewestAnnotation, Option<i64>), People>;

/// What was computed. Another zone has other days.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct QualityKey {
    project: ProjectId,
    question: String,
    method: ConsensusMethod,
    time_zone: String,
}

/// The answers of all people of a project to one question.
#[derive(Debug)]
pub(crate) struct People {
    by_annotator: HashMap<AnnotatorId, Person>,
    computed_at: Timestamp,
}

#[derive(Debug)]
struct Person {
    /// For managers.
    all: Quality,
    /// For the person.
    own: Quality,
}

/// What each person's answers are like.
#[derive(Clone, Copy, Debug)]
pub struct Qualities<'a>(pub(crate) &'a Services);

impl Qualities<'_> {
    /// Everybody whose answers to the question count, in the order of their names. The first question where none is named.
    pub async fn list(&self, actor: &Actor, slug: &Slug, question: Option<String>) -> Result<AnnotatorList> {
        let conn = self.0.db.read();
        let project = access::project(conn, actor, slug, Permission::ReadQuality).await?.project;
        let method = project.settings.consensus.method;
        let mut shown = annotators::shown(conn, project.id).await?;
        let (question, people) = self.people(project, question).await?;
        let line = |(annotator, person): (&AnnotatorId, &Person)| {
            let Shown { name, simulated } = shown.remove(annotator)?;
            Some(AnnotatorLine {
                annotator: *annotator,
                name,
                simulated,
                answers: person.all.answers,
                accuracy: person.all.accuracy,
                agreement_with_final: person.all.agreement_with_final,
                median_ms: person.all.speed.median_ms,
            })
        };
        let mut lines: Vec<AnnotatorLine> = people.by_annotator.iter().filter_map(line).collect();
        lines.sort_by_cached_key(|line| (line.name.to_lowercase(), line.annotator));
        Ok(AnnotatorList { question, method, computed_at: people.computed_at, annotators: lines })
    }

    /// One person's answers.
    pub async fn get(
        &self,
        actor: &Actor,
        slug: &Slug,
        annotator: AnnotatorId,
        question: Option<String>,
    ) -> Result<AnnotatorView> {
        let conn = self.0.db.read();
        let project = access::project(conn, actor, slug, Permission::ReadQuality).await?.project;
        let method = project.settings.consensus.method;
        let Shown { name, simulated } = annotators::shown(conn, project.id)
            .await?
            .remove(&annotator)
            .ok_or_else(|| Refusal::new(Code::NotFound, format!("there is no annotator {annotator}")))?;
        let (question, people) = self.people(project, question).await?;
        let person = people.by_annotator.get(&annotator);
        let quality = person.map_or_else(Quality::nothing, |person| person.all.clone());
        let computed_at = people.computed_at;
        Ok(AnnotatorView { annotator, name, simulated, question, method, computed_at, quality })
    }

    /// The caller's own answers, as far as they may know.
    pub async fn own(&self, actor: &Actor, slug: &Slug, question: Option<String>) -> Result<OwnWork> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::OwnAnnotations).await?;
        let (annotator, project) = (access.annotator()?, access.project);
        let method = project.settings.consensus.method;
        let (question, people) = self.people(project, question).await?;
        let person = annotator.and_then(|annotator| people.by_annotator.get(&annotator));
        let quality = person.map_or_else(Quality::nothing, |person| person.own.clone());
        Ok(OwnWork { question, method, computed_at: people.computed_at, quality })
    }

    /// The question that is meant, and everybody's answers to it.
    async fn people(&self, project: Project, question: Option<String>) -> Result<(String, Arc<People>)> {
        let known = match &question {
            None => project.schema.questions.first(),
            Some(name) => project.schema.question(name),
        };
        let question = known.map(|known| known.name.clone()).ok_or_else(|| {
            Error::invalid("/question", Code::UnknownQuestion, "the schema has no such question")
        })?;
        let (services, conn) = (self.0, self.0.db.read());
        let key = QualityKey {
            project: project.id,
            question: question.clone(),
            method: project.settings.consensus.method,
            time_zone: project.settings.time_zone.clone(),
        };
        let basis = async { Ok((annotations::newest(conn).await?, decisions::newest(conn).await?)) };
        let (kept, project_id) = ((&services.qualities, key), project.id);
        let comparing = services.clone().compare_people(project, question.clone());
        Ok((question, services.computed_or_kept(project_id, kept, basis, comparing).await?))
    }
}

impl Services {
    async fn compare_people(self, project: Project, question: String) -> Result<People> {
        let computed_at = self.now(self.db.read()).await?;
        let read = read::all(&self.db, &project, &question).await?;
        let method = project.settings.consensus.method;
        let by_annotator = tokio::task::spawn_blocking(move || read.compared(method));
        Ok(People { by_annotator: by_annotator.await.map_err(Error::internal)?, computed_at })
    }
}

//! Inter-annotator agreement on the counted annotations of a project.

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{annotations, annotators},
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    agreement::{Ratings, Summary},
    answer::Answers,
    id::{AnnotatorId, ProjectId},
    name::Slug,
    problem::Code,
    signal::SignalKind,
    time::Timestamp,
    view::agreement::AgreementView,
};
use sea_orm::ConnectionTrait;
use std::collections::{BTreeMap, HashMap};

/// Inter-annotator agreement.
#[derive(Clone, Copy, Debug)]
pub struct Agreements<'a>(pub(crate) &'a Services);

/// Which annotations are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgreementFilter {
    /// The question; the first where absent.
    pub question: Option<String>,
    /// Only tasks with this reason.
    pub reason: Option<SignalKind>,
    /// Only annotations given at or after this time.
    pub from: Option<Timestamp>,
    /// Only annotations given before this time.
    pub to: Option<Timestamp>,
}

impl Agreements<'_> {
    /// All statistics of one question. Only `answered` annotations count.
    pub async fn get(&self, actor: &Actor, slug: &Slug, filter: AgreementFilter) -> Result<AgreementView> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadAgreement).await?;
        let schema = &access.project.schema;
        let question = match &filter.question {
            None => schema.questions.first(),
            Some(name) => schema.question(name),
        };
        let question = question.ok_or_else(|| {
            Error::invalid("/question", Code::UnknownQuestion, "the schema has no such question")
        })?;
        let ratings = ratings(&conn, access.project.id, &question.name, &filter).await?;
        Ok(AgreementView { question: question.name.clone(), summary: Summary::of(&ratings) })
    }
}

/// The counted answers to `question`, as `(task, annotator's name, label)`.
pub(crate) async fn ratings<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    question: &str,
    filter: &AgreementFilter,
) -> Result<Ratings> {
    let rows = annotations::answered(conn, project, filter.reason, (filter.from, filter.to)).await?;
    let shown = annotators::shown(conn, project).await?;
    // By person: an account and a name from an import may be shown alike.
    let mut people: Vec<i64> = rows.iter().map(|row| row.annotator_id).collect();
    people.sort_unstable();
    people.dedup();
    let name = |id: &i64| shown.get(&AnnotatorId(*id)).map(|shown| shown.name.clone()).unwrap_or_default();
    let names = people.iter().map(name).collect();
    let mut items = HashMap::new();
    let mut labels = BTreeMap::new();
    let mut answers = Vec::with_capacity(rows.len());
    for row in rows {
        let given: Answers = serde_json::from_str(&row.answers)?;
        let Some(value) = given.0.get(question) else { continue };
        let next = items.len();
        let item = *items.entry(row.task_id).or_insert(next);
        let annotator =
            people.binary_search(&row.annotator_id).map_err(|_| Error::internal("nobody answered"))?;
        let label = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        labels.entry(label.clone()).or_insert(0);
        answers.push((item, annotator, label));
    }
    for (index, place) in labels.values_mut().enumerate() {
        *place = index;
    }
    let number = |index: usize| u32::try_from(index).map_err(Error::internal);
    let answers: Vec<(u32, u32, u32)> = answers
        .iter()
        .map(|(item, annotator, label)| Ok((number(*item)?, number(*annotator)?, number(labels[label])?)))
        .collect::<Result<_>>()?;
    Ratings::from_indexes(names, labels.into_keys().collect(), answers).map_err(Error::internal)
}

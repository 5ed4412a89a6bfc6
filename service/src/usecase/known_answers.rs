//! Samples whose answers are known: marking them, taking a mark back, and what people's answers to them say.
//!
//! How they are served is in `queue`; what follows from the results in `notices`.

mod marking;

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        annotators,
        audit::{self, Entry},
        known_answers::{self, Listed},
        known_results, notices, pauses,
        projects::Project,
        review_items, samples,
    },
    services::Services,
    usecase::access::{self, Access},
};
use domain::{
    access::Permission,
    answer::Offered,
    id::{NoticeId, SampleId, TaskId},
    known::{Right, Standing},
    name::{SampleKey, Slug},
    problem::{Code, Refusal},
    time::Timestamp,
    view::{
        Page, PageRequest,
        known::{Accuracy, KeptBack, KnownAnswer, KnownAnswersInput, KnownAnswersMarked, KnownResults},
    },
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use std::collections::HashMap;

/// Samples whose answers are known.
#[derive(Clone, Copy, Debug)]
pub struct KnownAnswers<'a>(pub(crate) &'a Services);

impl KnownAnswers<'_> {
    /// Marks samples as known, with the answers that are given or with their labels: all, or none.
    pub async fn mark(
        &self,
        actor: &Actor,
        slug: &Slug,
        input: KnownAnswersInput,
    ) -> Result<KnownAnswersMarked> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let access = access::project(tx, &actor, &slug, Permission::ManageQuality).await?;
                    let project = access.changeable()?.project;
                    let now = services.now(tx).await?;
                    let marked = marking::mark(tx, &actor, &project, input, now).await?;
                    let entry = Entry {
                        actor: &actor,
                        project: Some(project.id),
                        action: "mark_known_answers",
                        subject: format!("{} samples", marked.marked + marked.changed),
                        detail: json!(marked),
                    };
                    if marked.marked + marked.changed > 0 {
                        audit::write(tx, now, entry).await?;
                    }
                    Ok(marked)
                })
            })
            .await
    }

    /// Takes a mark back: nobody is asked for it any more, and what was answered says nothing of anybody.
    pub async fn retire(&self, actor: &Actor, slug: &Slug, sample: &str) -> Result<()> {
        let (services, actor, slug, key) = (self.0.clone(), actor.clone(), slug.clone(), sample.to_owned());
        let write = self.0.db.write(move |tx| {
            Box::pin(async move {
                let access = access::project(tx, &actor, &slug, Permission::ManageQuality).await?;
                let access = access.changeable()?;
                let now = services.now(tx).await?;
                let unknown =
                    || Refusal::new(Code::NotFound, format!("the answers to '{key}' are not known"));
                let (sample, found) = find(tx, &access, &key).await?.ok_or_else(unknown)?;
                known_answers::retire(tx, TaskId(found.known.task_id), now).await?;
                let entry = Entry {
                    actor: &actor,
                    project: Some(access.project.id),
                    action: "retire_known_answer",
                    subject: format!("sample {sample}"),
                    detail: json!({}),
                };
                audit::write(tx, now, entry).await
            })
        });
        write.await
    }

    /// One page of the samples whose answers are known, by id.
    pub async fn list(&self, actor: &Actor, slug: &Slug, request: PageRequest) -> Result<Page<KnownAnswer>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ManageQuality).await?;
        let rows = known_answers::page(&conn, access.project.id, &request).await?;
        let items = views(&conn, &access.project, rows.items).await?;
        Ok(Page { items, next_cursor: rows.next_cursor })
    }

    /// The known answers to one sample, where there are some.
    pub async fn of_sample(&self, actor: &Actor, slug: &Slug, sample: &str) -> Result<Option<KnownAnswer>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ManageQuality).await?;
        let found = find(&conn, &access, sample).await?.map(|(_, found)| found);
        Ok(views(&conn, &access.project, found.into_iter().collect()).await?.pop())
    }

    /// How many samples have known answers.
    pub async fn count(&self, actor: &Actor, slug: &Slug) -> Result<i64> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ManageQuality).await?;
        known_answers::count(conn, access.project.id).await
    }

    /// What the last answers of each person to known-answer tasks say, by name.
    pub async fn results(&self, actor: &Actor, slug: &Slug) -> Result<Vec<KnownResults>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ManageQuality).await?;
        let project = access.project.id;
        let mut standings = known_results::of_project(&conn, project).await?;
        let paused = pauses::of_project(&conn, project).await?;
        let open = notices::open(&conn, project).await?;
        let open: HashMap<i64, NoticeId> =
            open.into_iter().map(|row| (row.annotator_id, NoticeId(row.id))).collect();
        let mut results = Vec::new();
        for (id, shown) in annotators::shown(&conn, project).await? {
            let (standing, paused_at) = (standings.remove(&id), paused.get(&id).copied());
            let notice = open.get(&id.0).copied();
            if standing.is_some() || paused_at.is_some() || notice.is_some() {
                results.push(result(shown.name, standing.unwrap_or_default(), notice, paused_at));
            }
        }
        results.sort_by(|one, other| one.annotator.cmp(&other.annotator));
        Ok(results)
    }
}

fn result(
    annotator: String,
    standing: Standing,
    notice: Option<NoticeId>,
    paused_at: Option<Timestamp>,
) -> KnownResults {
    let questions = standing.questions.into_iter().map(|(question, right)| (question, accuracy(right)));
    KnownResults {
        annotator,
        accuracy: accuracy(standing.all),
        questions: questions.collect(),
        notice,
        paused_at,
    }
}

fn accuracy(right: Right) -> Accuracy {
    let rate = right.accuracy();
    Accuracy {
        right: right.right,
        of: right.of,
        value: rate.map(|rate| rate.value),
        ci95: rate.map(|rate| rate.ci95),
    }
}

/// The sample of this id and what is known of it, where both are there.
async fn find<C: ConnectionTrait>(
    conn: &C,
    access: &Access,
    key: &str,
) -> Result<Option<(SampleId, Listed)>> {
    let Some(sample) = samples::by_key(conn, access.project.id, key).await? else { return Ok(None) };
    let sample = SampleId(sample.id);
    let found = known_answers::of_sample(conn, access.project.id, sample).await?;
    Ok(found.map(|found| (sample, found)))
}

async fn views<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    rows: Vec<Listed>,
) -> Result<Vec<KnownAnswer>> {
    let tasks: Vec<TaskId> = rows.iter().map(|row| TaskId(row.known.task_id)).collect();
    let by_task: HashMap<i64, &str> =
        rows.iter().map(|row| (row.known.task_id, row.known.answers.as_str())).collect();
    let mut counts: HashMap<i64, Right> = HashMap::new();
    for given in known_answers::given(conn, &tasks).await? {
        let Some(known) = by_task.get(&given.task_id) else { continue };
        let result = known_results::compare(known, &given.verdict, &given.answers)?;
        let count = counts.entry(given.task_id).or_default();
        count.of += 1;
        count.right += i64::from(result.is_right());
    }
    let emails = review_items::emails(conn, rows.iter().filter_map(|row| row.known.marked_by)).await?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let answers = row.known.answers()?;
        let is_offered = answers.faults(&project.schema, Offered::Current).is_empty();
        let kept_back = match (row.is_as_marked, is_offered, row.in_queue) {
            (false, _, _) => Some(KeptBack::ContentChanged),
            (_, false, _) => Some(KeptBack::NotOffered),
            (_, _, true) => Some(KeptBack::InQueue),
            _ => None,
        };
        let count = counts.get(&row.known.task_id).copied().unwrap_or_default();
        views.push(KnownAnswer {
            sample: SampleKey::parse(row.known.sample_key).map_err(Error::internal)?,
            answers,
            kept_back,
            answered: count.of,
            right: count.right,
            marked_by: row.known.marked_by.and_then(|id| emails.get(&id).cloned()),
            marked_at: Timestamp(row.known.marked_at),
        });
    }
    Ok(views)
}

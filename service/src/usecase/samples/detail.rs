//! One sample with everything that is known of it.

mod history;

use crate::{
    entity::{content, label, sample, task},
    error::{Error, Result},
    repo::{annotations, annotators, contents, predictions, review_items, sample_tasks, samples, versions},
    usecase::access::Access,
};
use domain::{
    id::{SampleId, TaskId},
    name::SampleKey,
    problem::Code,
    task::TaskState,
    time::Timestamp,
    view::{
        review::AnnotationView,
        sample::{ContentRevision, SampleDetail, SampleTask},
    },
};
use sea_orm::ConnectionTrait;

/// Whether the reader sees the answers to tasks that still wait for others'.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpenTasks {
    Shown,
    Hidden,
}

/// The sample as a reviewer sees it.
pub(super) async fn of<C: ConnectionTrait>(
    conn: &C,
    access: &Access,
    row: sample::Model,
    open_tasks: OpenTasks,
) -> Result<SampleDetail> {
    let id = SampleId(row.id);
    let contents = contents::of_sample(conn, id).await?;
    let newest = contents.iter().find(|content| Some(content.id) == row.content_id);
    let mut predictions = predictions::of_samples(conn, [id]).await?.remove(&id).unwrap_or_default();
    predictions.reverse();
    let label = versions::current(conn, [id]).await?.remove(&id);
    let rows = sample_tasks::of_sample(conn, id).await?;
    let history = history::of(conn, access.project.id, id, &rows).await?;
    let tasks = tasks_of(conn, access, rows, open_tasks).await?;
    let mut annotations: Vec<AnnotationView> =
        tasks.iter().flat_map(|task| task.annotations.iter().cloned()).collect();
    annotations.sort_by_key(|annotation| annotation.annotation);
    Ok(SampleDetail {
        id: SampleKey::parse(row.key).map_err(Error::internal)?,
        fields: newest.map(content::Model::fields).transpose()?.flatten(),
        metadata: newest.map(content::Model::metadata).transpose()?.unwrap_or_default(),
        revisions: contents.iter().map(revision).collect::<Result<_>>()?,
        predictions: predictions.into_iter().map(review_items::prediction).collect::<Result<_>>()?,
        label: label.as_ref().map(label::Model::answers).transpose()?.flatten(),
        tasks,
        history,
        created_at: Timestamp(row.created_at),
        erased_at: row.erased_at.map(Timestamp),
        annotations,
    })
}

fn revision(content: &content::Model) -> Result<ContentRevision> {
    Ok(ContentRevision {
        revision: content.revision,
        hash: content.hash.clone(),
        fields: content.fields()?,
        created_at: Timestamp(content.created_at),
    })
}

async fn tasks_of<C: ConnectionTrait>(
    conn: &C,
    access: &Access,
    rows: Vec<task::Model>,
    open_tasks: OpenTasks,
) -> Result<Vec<SampleTask>> {
    let ids: Vec<TaskId> = rows.iter().map(task::Model::id).collect();
    let mut counted = annotations::counted(conn, &ids).await?;
    let decisions = review_items::Decisions::of_tasks(conn, &ids).await?;
    let annotators = annotators::shown(conn, access.project.id).await?;
    let mut tasks = Vec::with_capacity(rows.len());
    for row in rows {
        let state = row.state()?;
        let mut counted = counted.remove(&row.id()).unwrap_or_default();
        if state == TaskState::Open && open_tasks == OpenTasks::Hidden {
            counted.clear();
        }
        tasks.push(SampleTask {
            task: row.id(),
            state,
            reason: row.reason()?,
            created_at: Timestamp(row.created_at),
            annotations: counted.iter().map(|one| review_items::annotation(one, &annotators)).collect(),
            decisions: decisions.views(row.id())?,
        });
    }
    Ok(tasks)
}

/// The sample of this id, which must exist.
pub(super) async fn find<C: ConnectionTrait>(conn: &C, access: &Access, key: &str) -> Result<sample::Model> {
    let found = samples::by_key(conn, access.project.id, key).await?;
    found.ok_or_else(|| Error::refused(Code::NotFound, format!("there is no sample '{key}'")))
}

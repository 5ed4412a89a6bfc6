//! Proposals: the tasks of a change set, which begin in review with the label that it proposes.

use crate::{
    entity::{change_set, proposal, task},
    error::{Error, Result},
    repo::{
        change_sets::Meant,
        projects::Project,
        review_items,
        sql::{insert, insert_missing, places, reserve, sql},
        versions::BATCH,
    },
};
use domain::{
    answer::Answers,
    canonical,
    id::{AnnotatorId, ChangeSetId, ProjectId, SampleId, TaskId, UserId},
    signal::Reason,
    task::{Beginning, TaskState},
    time::Timestamp,
    view::change_set::Proposal,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, Value,
};
use std::collections::{HashMap, HashSet};

/// A task that was opened with a proposal.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub task: TaskId,
    pub sample: SampleId,
    label: Option<String>,
}

/// Opens a task in review on each of these samples that has no active one.
pub(crate) async fn open_tasks(
    tx: &DatabaseTransaction,
    project: ProjectId,
    meant: &[Meant],
    reason: &Reason,
    now: Timestamp,
) -> Result<Vec<Opened>> {
    const COLUMNS: [(&str, &str); 14] = [
        ("id", "BIGINT"),
        ("project_id", "BIGINT"),
        ("sample_id", "BIGINT"),
        ("sample_key", "TEXT"),
        ("content_id", "BIGINT"),
        ("state", "TEXT"),
        ("rev", "INTEGER"),
        ("reason_kind", "TEXT"),
        ("reason_score", "DOUBLE PRECISION"),
        ("reason_detail", "TEXT"),
        ("priority", "DOUBLE PRECISION"),
        ("slots", "INTEGER"),
        ("created_at", "BIGINT"),
        ("updated_at", "BIGINT"),
    ];
    let free: Vec<&Meant> = meant.iter().filter(|meant| !meant.is_active).collect();
    let ids = reserve(tx, "tasks", free.len()).await?;
    let detail = canonical::text(&reason.detail);
    let values = free.iter().zip(&ids).flat_map(|(meant, id)| {
        [
            (*id).into(),
            project.0.into(),
            meant.sample_id.into(),
            meant.sample_key.clone().into(),
            meant.content_id.into(),
            TaskState::first(Beginning::ChangeSet).as_str().into(),
            0_i32.into(),
            reason.kind.as_str().into(),
            reason.score.into(),
            detail.clone().into(),
            reason.priority().into(),
            // Nobody is asked; a reviewer who returns it adds a place.
            0_i32.into(),
            now.0.into(),
            now.0.into(),
        ]
    });
    // Another server may have opened one for the same sample.
    insert_missing(tx, "tasks", &COLUMNS, values.collect()).await?;
    let written = written(tx, &ids).await?;
    let opened = free.into_iter().zip(ids).filter(|(_, id)| written.contains(id));
    let opened = opened.map(|(meant, id)| Opened {
        task: TaskId(id),
        sample: SampleId(meant.sample_id),
        label: meant.before.clone(),
    });
    Ok(opened.collect())
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

async fn written(tx: &DatabaseTransaction, ids: &[i64]) -> Result<HashSet<i64>> {
    let mut found = HashSet::new();
    for ids in ids.chunks(BATCH) {
        let text = format!("SELECT id FROM tasks WHERE id IN ({})", places(1, ids.len()));
        let rows = IdRow::find_by_statement(sql(tx, &text, ids.iter().map(|id| (*id).into())));
        found.extend(rows.all(tx).await?.into_iter().map(|row| row.id));
    }
    Ok(found)
}

/// Keeps what the change set proposes for each of these tasks, and keeps the tasks from `annotator`.
pub(crate) async fn add(
    tx: &DatabaseTransaction,
    set: ChangeSetId,
    opened: &[Opened],
    annotator: AnnotatorId,
    now: Timestamp,
) -> Result<()> {
    let columns = [("task_id", "BIGINT"), ("change_set_id", "BIGINT"), ("label", "TEXT")];
    let values = opened.iter().flat_map(|one| [one.task.0.into(), set.0.into(), one.label.clone().into()]);
    insert(tx, "proposals", &columns, values.collect()).await?;
    let columns = [("task_id", "BIGINT"), ("annotator_id", "BIGINT"), ("created_at", "BIGINT")];
    let values = opened.iter().flat_map(|one| [one.task.0.into(), annotator.0.into(), now.0.into()]);
    insert(tx, "skips", &columns, values.collect()).await
}

/// The label that is proposed for the task's sample: the outer none where nothing is, the inner where its removal is.
pub(crate) async fn label<C: ConnectionTrait>(conn: &C, task: TaskId) -> Result<Option<Option<Answers>>> {
    let row = proposal::Entity::find_by_id(task.0).one(conn).await?;
    row.map(|row| parse(row.label.as_deref())).transpose()
}

/// What is proposed for these tasks.
pub(crate) async fn of_tasks<C: ConnectionTrait>(
    conn: &C,
    tasks: &[TaskId],
) -> Result<HashMap<TaskId, Proposal>> {
    let rows = proposal::Entity::find()
        .filter(proposal::Column::TaskId.is_in(tasks.iter().map(|task| task.0)))
        .all(conn)
        .await?;
    if rows.is_empty() {
        return Ok(HashMap::new());
    }
    let sets = change_set::Entity::find()
        .filter(change_set::Column::Id.is_in(rows.iter().map(|row| row.change_set_id)))
        .all(conn)
        .await?;
    let emails = review_items::emails(conn, sets.iter().filter_map(|set| set.author_id)).await?;
    let sets: HashMap<i64, change_set::Model> = sets.into_iter().map(|set| (set.id, set)).collect();
    let view = |row: proposal::Model| {
        let set = sets.get(&row.change_set_id).ok_or_else(|| Error::internal("a change set is gone"))?;
        let proposal = Proposal {
            change_set: ChangeSetId(set.id),
            label: parse(row.label.as_deref())?,
            author: set.author_id.and_then(|id| emails.get(&id).cloned()),
            note: set.note.clone(),
        };
        Ok((TaskId(row.task_id), proposal))
    };
    rows.into_iter().map(view).collect()
}

fn parse(label: Option<&str>) -> Result<Option<Answers>> {
    Ok(label.map(serde_json::from_str).transpose()?)
}

/// Tasks of the change set that the reviewer `$2` could approve as proposed: in review, answered by nobody, and not waiting
/// for somebody else after their own approval, which stands no longer than the schema and the guideline.
const APPROVABLE: &str = "FROM proposals p JOIN tasks t ON t.id = p.task_id
    WHERE p.change_set_id = $1 AND t.state = 'in_review'
    AND NOT EXISTS (SELECT 1 FROM slots s WHERE s.task_id = t.id AND s.annotation_id IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.task_id = t.id AND d.kind IN ('approve', 'correct')
                    AND d.decided_by = $2 AND d.schema_revision = $3 AND d.guideline_revision = $4
                    AND NOT EXISTS (SELECT 1 FROM decisions later WHERE later.task_id = t.id AND later.id > d.id
                                    AND later.kind IN ('return', 'reopen')))";

/// The values of its places.
fn approving(project: &Project, set: ChangeSetId, reviewer: Option<UserId>) -> [Value; 4] {
    let reviewer = reviewer.map(|user| user.0);
    [set.0.into(), reviewer.into(), project.schema_revision.into(), project.guideline_revision.into()]
}

/// The first of the tasks that `reviewer` could approve as proposed.
pub(crate) async fn approvable<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    set: ChangeSetId,
    reviewer: Option<UserId>,
    limit: usize,
) -> Result<Vec<task::Model>> {
    let text = format!("SELECT t.* {APPROVABLE} ORDER BY p.task_id LIMIT {limit}");
    let values = approving(project, set, reviewer);
    Ok(task::Entity::find().from_raw_sql(sql(conn, &text, values)).all(conn).await?)
}

/// How many there are.
pub(crate) async fn count_approvable<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    set: ChangeSetId,
    reviewer: Option<UserId>,
) -> Result<i64> {
    let text = format!("SELECT COUNT(*) AS count {APPROVABLE}");
    let values = approving(project, set, reviewer);
    let row = conn.query_one_raw(sql(conn, &text, values)).await?;
    Ok(row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or_default())
}

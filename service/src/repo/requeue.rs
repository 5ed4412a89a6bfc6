//! Brings samples' places in the queue up to date with what is known of them: opens tasks, re-ranks those that
//! wait, and closes those whose reasons went away before anybody looked.
//!
//! Which reasons count is for `domain::signal`. A task that somebody holds or has answered, or that is in review,
//! stays as it is, but that a report or a challenge moves it forward.

use crate::{
    entity::task,
    error::{Error, Result},
    repo::{
        evidence::{self, Weighed},
        projects::Project,
        samples,
        sql::{insert_missing, places, rows, sql},
        tasks,
        versions::BATCH,
    },
};
use domain::{
    canonical,
    id::SampleId,
    signal::{Reason, SignalKind},
    task::{Beginning, Event, TaskState},
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::{HashMap, HashSet};

/// What requeueing did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Requeued {
    /// Tasks that are new.
    pub opened: i64,
    /// Tasks that were closed; some of them gave way to a new one.
    pub superseded: i64,
}

/// Requeues these samples.
pub(crate) async fn samples(
    tx: &DatabaseTransaction,
    project: &Project,
    ids: &[SampleId],
    now: Timestamp,
) -> Result<Requeued> {
    let mut requeued = Requeued::default();
    for ids in ids.chunks(BATCH) {
        let batch = batch(tx, project, ids, now).await?;
        requeued.opened += batch.opened;
        requeued.superseded += batch.superseded;
    }
    Ok(requeued)
}

/// Queues samples that are new, so that nothing is known of them but what they came with.
pub(crate) async fn new_samples(
    tx: &DatabaseTransaction,
    project: &Project,
    weighed: &[Weighed],
    now: Timestamp,
) -> Result<i64> {
    let with_reason: Vec<&Weighed> = weighed.iter().filter(|sample| !sample.reasons.is_empty()).collect();
    open(tx, project, &with_reason, now).await
}

/// Requeues every sample of the project, after its settings, schema or guideline changed.
pub(crate) async fn project(tx: &DatabaseTransaction, project: &Project, now: Timestamp) -> Result<Requeued> {
    let mut requeued = Requeued::default();
    let mut last: Option<String> = None;
    loop {
        let rows = samples::after(tx, project.id, last.as_deref(), BATCH as u64).await?;
        let Some(end) = rows.last() else { return Ok(requeued) };
        last = Some(end.key.clone());
        let ids: Vec<SampleId> = rows.iter().map(|row| SampleId(row.id)).collect();
        let batch = batch(tx, project, &ids, now).await?;
        requeued.opened += batch.opened;
        requeued.superseded += batch.superseded;
    }
}

/// What shall happen to the tasks of a batch.
#[derive(Default)]
struct Plan<'a> {
    open: Vec<&'a Weighed>,
    supersede: Vec<i64>,
    rank: Vec<(i64, &'a Reason, Option<f64>)>,
}

async fn batch(
    tx: &DatabaseTransaction,
    project: &Project,
    ids: &[SampleId],
    now: Timestamp,
) -> Result<Requeued> {
    let active = tasks::lock_active(tx, ids).await?;
    let touched = touched(tx, &active, now).await?;
    let weighed = evidence::weigh(tx, project, ids).await?;
    let mut plan = Plan::default();
    for sample in &weighed {
        let task = active.get(&SampleId(sample.row.id));
        plan.add(sample, task, task.is_some_and(|task| touched.contains(&task.id)))?;
    }
    let superseded = supersede(tx, &plan.supersede, now).await?;
    rank(tx, &plan.rank).await?;
    let opened = open(tx, project, &plan.open, now).await?;
    Ok(Requeued { opened, superseded })
}

impl<'a> Plan<'a> {
    fn add(&mut self, sample: &'a Weighed, task: Option<&task::Model>, touched: bool) -> Result<()> {
        let strongest = sample.reasons.first();
        let Some(task) = task else {
            self.open.extend(strongest.map(|_| sample));
            return Ok(());
        };
        if touched || task.state()? == TaskState::InReview {
            let raised =
                strongest.filter(|reason| was_given(reason.kind) && reason.priority() > task.priority);
            self.rank.extend(raised.map(|reason| (task.id, reason, task.audit_rank)));
            return Ok(());
        }
        match strongest {
            Some(reason) if sample.row.content_id == Some(task.content_id) => {
                if task.reason()? != *reason || task.audit_rank != sample.audit_rank {
                    self.rank.push((task.id, reason, sample.audit_rank));
                }
            }
            // Its content changed, or it has no reason to be here any more.
            other => {
                self.supersede.push(task.id);
                self.open.extend(other.map(|_| sample));
            }
        }
        Ok(())
    }
}

/// The place in the queue. What is there for the audit alone stands behind all else, in the audit's own order.
fn place(reason: &Reason, audit_rank: Option<f64>) -> f64 {
    match reason.kind {
        SignalKind::Audit => reason.priority() - audit_rank.unwrap_or(1.0),
        _ => reason.priority(),
    }
}

/// Whether somebody gave a reason of this kind, rather than a score.
fn was_given(kind: SignalKind) -> bool {
    matches!(kind, SignalKind::UserReport | SignalKind::Challenge | SignalKind::ImportConflict)
}

/// Which of these tasks somebody holds or has answered.
async fn touched(
    tx: &DatabaseTransaction,
    tasks: &HashMap<SampleId, task::Model>,
    now: Timestamp,
) -> Result<HashSet<i64>> {
    if tasks.is_empty() {
        return Ok(HashSet::new());
    }
    let text = format!(
        "SELECT DISTINCT task_id FROM slots WHERE task_id IN ({})
         AND (annotation_id IS NOT NULL OR expires_at > $1)",
        places(2, tasks.len())
    );
    let values = std::iter::once(now.0.into()).chain(tasks.values().map(|task| task.id.into()));
    let rows = tx.query_all_raw(sql(tx, &text, values)).await?;
    Ok(rows.iter().map(|row| row.try_get("", "task_id")).collect::<std::result::Result<_, _>>()?)
}

async fn supersede(tx: &DatabaseTransaction, tasks: &[i64], now: Timestamp) -> Result<i64> {
    let superseded = TaskState::Open.after(Event::SignalsFell, None);
    let superseded = superseded.ok_or_else(|| Error::internal("open tasks cannot be superseded"))?;
    let mut closed = 0;
    for ids in tasks.chunks(BATCH) {
        // What is left there are leases that have expired; nobody shall answer by them any more.
        let text = format!("DELETE FROM slots WHERE task_id IN ({})", places(1, ids.len()));
        tx.execute_raw(sql(tx, &text, ids.iter().map(|id| (*id).into()))).await?;
        let text = format!(
            "UPDATE tasks SET state = $1, rev = rev + 1, updated_at = $2 WHERE state = 'open' AND id IN ({})",
            places(3, ids.len())
        );
        let values = [superseded.as_str().into(), now.0.into()].into_iter();
        let statement = sql(tx, &text, values.chain(ids.iter().map(|id| (*id).into())));
        closed += tx.execute_raw(statement).await?.rows_affected();
    }
    i64::try_from(closed).map_err(Error::internal)
}

/// Gives waiting tasks another reason and with it another place. Not an arrow of the task's states, so `rev`
/// stays.
async fn rank(tx: &DatabaseTransaction, tasks: &[(i64, &Reason, Option<f64>)]) -> Result<()> {
    let types =
        ["BIGINT", "TEXT", "DOUBLE PRECISION", "TEXT", "TEXT", "DOUBLE PRECISION", "DOUBLE PRECISION"];
    for tasks in tasks.chunks(BATCH) {
        let text = format!(
            "WITH v (id, kind, score, question, detail, priority, audit_rank) AS (VALUES {})
             UPDATE tasks SET reason_kind = v.kind, reason_score = v.score, reason_question = v.question,
               reason_detail = v.detail, priority = v.priority, audit_rank = v.audit_rank
             FROM v WHERE tasks.id = v.id",
            rows(1, &types, tasks.len())
        );
        let values = tasks.iter().flat_map(|(id, reason, audit_rank)| {
            [
                (*id).into(),
                reason.kind.as_str().into(),
                reason.score.into(),
                reason.question.clone().into(),
                canonical::text(&reason.detail).into(),
                place(reason, *audit_rank).into(),
                (*audit_rank).into(),
            ]
        });
        tx.execute_raw(sql(tx, &text, values)).await?;
    }
    Ok(())
}

async fn open(
    tx: &DatabaseTransaction,
    project: &Project,
    samples: &[&Weighed],
    now: Timestamp,
) -> Result<i64> {
    const COLUMNS: [(&str, &str); 15] = [
        ("project_id", "BIGINT"),
        ("sample_id", "BIGINT"),
        ("sample_key", "TEXT"),
        ("content_id", "BIGINT"),
        ("state", "TEXT"),
        ("rev", "INTEGER"),
        ("reason_kind", "TEXT"),
        ("reason_score", "DOUBLE PRECISION"),
        ("reason_question", "TEXT"),
        ("reason_detail", "TEXT"),
        ("priority", "DOUBLE PRECISION"),
        ("audit_rank", "DOUBLE PRECISION"),
        ("slots", "INTEGER"),
        ("created_at", "BIGINT"),
        ("updated_at", "BIGINT"),
    ];
    let mut values: Vec<sea_orm::Value> = Vec::with_capacity(samples.len() * COLUMNS.len());
    for sample in samples {
        let (Some(reason), Some(content)) = (sample.reasons.first(), sample.row.content_id) else { continue };
        values.extend([
            project.id.0.into(),
            sample.row.id.into(),
            sample.row.key.clone().into(),
            content.into(),
            TaskState::first(Beginning::Reason).as_str().into(),
            0_i32.into(),
            reason.kind.as_str().into(),
            reason.score.into(),
            reason.question.clone().into(),
            canonical::text(&reason.detail).into(),
            place(reason, sample.audit_rank).into(),
            sample.audit_rank.into(),
            i32::from(project.settings.queue.overlap.first()).into(),
            now.0.into(),
            now.0.into(),
        ]);
    }
    // Another server may have opened one for the same sample.
    let opened = insert_missing(tx, "tasks", &COLUMNS, values).await?;
    i64::try_from(opened).map_err(Error::internal)
}

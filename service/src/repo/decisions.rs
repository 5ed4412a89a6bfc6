//! Decisions: appended, and read by task and by id.

use crate::{
    entity::{decision, label, version},
    error::{Error, Result},
    repo::projects::Project,
};
use domain::{
    decision::{self as rules, DecisionKind},
    id::{DecisionId, TaskId},
    outcome::LabelOutcome,
    provenance::VersionSource,
};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder,
};
use std::collections::HashMap;

/// Appends `row`, whose id the database gives.
pub(crate) async fn append(tx: &DatabaseTransaction, row: decision::Model) -> Result<DecisionId> {
    let row = decision::ActiveModel { id: NotSet, ..row.into() };
    Ok(DecisionId(decision::Entity::insert(row).exec(tx).await?.last_insert_id))
}

/// The newest decision of all projects.
pub(crate) async fn newest<C: ConnectionTrait>(conn: &C) -> Result<Option<i64>> {
    let last = decision::Entity::find().order_by_desc(decision::Column::Id).one(conn).await?;
    Ok(last.map(|last| last.id))
}

/// The decisions of these ids.
pub(crate) async fn by_ids<C: ConnectionTrait>(
    conn: &C,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, decision::Model>> {
    let rows = decision::Entity::find().filter(decision::Column::Id.is_in(ids)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// The decisions on these tasks, the oldest first.
pub(crate) async fn of_tasks<C: ConnectionTrait>(
    conn: &C,
    tasks: impl IntoIterator<Item = TaskId>,
) -> Result<Vec<decision::Model>> {
    Ok(decision::Entity::find()
        .filter(decision::Column::TaskId.is_in(tasks.into_iter().map(|task| task.0)))
        .order_by_asc(decision::Column::Id)
        .all(conn)
        .await?)
}

/// The decisions of a task, the oldest first.
pub(crate) async fn of_task<C: ConnectionTrait>(conn: &C, task: TaskId) -> Result<Vec<decision::Model>> {
    of_tasks(conn, [task]).await
}

impl decision::Model {
    /// The label that was decided on, as canonical text: `Some(None)` removes it; none for a decision on no label.
    pub(crate) fn label(&self) -> Result<Option<Option<&str>>> {
        let kind = DecisionKind::parse(&self.kind).ok_or_else(|| Error::internal("an unknown decision"))?;
        Ok(kind.decides_label().then_some(self.answers.as_deref()))
    }
}

/// Of a task's decisions, the oldest first, those that stand behind one label as the project asks now: what was decided
/// under an earlier schema or guideline answers another question.
pub(crate) fn standing<'a>(
    project: &Project,
    decisions: &'a [decision::Model],
) -> Result<&'a [decision::Model]> {
    let now = (project.schema_revision, project.guideline_revision);
    let mut labels = Vec::with_capacity(decisions.len());
    for row in decisions {
        let is_asked_now = (row.schema_revision, row.guideline_revision) == now;
        labels.push(row.label()?.filter(|_| is_asked_now));
    }
    let count = rules::standing(&labels).len();
    Ok(&decisions[decisions.len() - count..])
}

/// What the decision did to the stored label, where that is recorded.
pub(crate) fn outcome(row: &decision::Model) -> Result<Option<LabelOutcome>> {
    let unknown = || Error::internal("an unknown outcome");
    row.outcome.as_deref().map(|name| LabelOutcome::parse(name).ok_or_else(unknown)).transpose()
}

/// Whether the task's last decision is in a version: its label has entered one or, of a dismissal, which has none, the
/// next cut has been.
pub(crate) async fn is_cut<C: ConnectionTrait>(conn: &C, task: TaskId) -> Result<bool> {
    let last = decision::Entity::find()
        .filter(decision::Column::TaskId.eq(task.0))
        .order_by_desc(decision::Column::Id)
        .one(conn)
        .await?;
    let Some(last) = last else { return Ok(false) };
    if last.kind == DecisionKind::Dismiss.as_str() {
        let cut = version::Entity::find()
            .filter(version::Column::ProjectId.eq(last.project_id))
            .filter(version::Column::Source.eq(VersionSource::Cut.as_str()))
            .filter(version::Column::CreatedAt.gt(last.created_at))
            .one(conn)
            .await?;
        return Ok(cut.is_some());
    }
    let row = label::Entity::find().filter(label::Column::DecisionId.eq(last.id)).one(conn).await?;
    Ok(row.is_some_and(|row| row.from_version.is_some()))
}

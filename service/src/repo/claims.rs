//! Held tasks as annotators see them: the sample, and of prediction, label and reason only what the project
//! reveals.

use crate::{
    entity::{content, slot, task},
    error::{Error, Result},
    repo::{
        known_tasks, newest_predictions,
        projects::Project,
        sql::{places, sql},
        versions,
    },
};
use domain::{
    id::{AnnotatorId, ProjectId, SampleId, TaskId},
    name::SampleKey,
    prediction::Probs,
    settings::Reveal,
    task::TaskState,
    time::Timestamp,
    view::annotate::{ClaimItem, Revealed, SampleContent},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};

/// Which metadata a reader may see.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Metadata<'a> {
    /// All of it.
    All,
    /// These keys.
    Only(&'a [String]),
}

impl content::Model {
    /// The fields and the metadata, as they are stored.
    pub(crate) fn texts(&self) -> (Option<&str>, Option<&str>) {
        (self.fields.as_deref(), self.metadata.as_deref())
    }
}

/// What is shown of a sample: its fields and of its metadata what may be seen, both as they are stored.
pub(crate) fn shown(
    key: &str,
    (fields, known): (Option<&str>, Option<&str>),
    metadata: Metadata<'_>,
) -> Result<SampleContent> {
    let parse = |text: Option<&str>| -> Result<Option<Map<String, Value>>> {
        Ok(text.map(serde_json::from_str).transpose()?)
    };
    let mut known = parse(known)?.unwrap_or_default();
    if let Metadata::Only(keys) = metadata {
        known.retain(|key, _| keys.contains(key));
    }
    Ok(SampleContent {
        id: SampleKey::parse(key).map_err(Error::internal)?,
        fields: parse(fields)?,
        metadata: known,
    })
}

/// The contents of these ids.
pub(crate) async fn contents<C: ConnectionTrait>(
    conn: &C,
    ids: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, content::Model>> {
    let rows = content::Entity::find().filter(content::Column::Id.is_in(ids)).all(conn).await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Prediction and stored label of a sample.
pub(crate) async fn revealed<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    sample: SampleId,
) -> Result<Revealed> {
    let predictions = newest_predictions::of_sample(conn, project, sample).await?;
    let by_question: BTreeMap<String, Probs> =
        predictions.into_iter().map(|prediction| (prediction.question, prediction.probs)).collect();
    let current = versions::current(conn, [sample]).await?.remove(&sample);
    Ok(Revealed {
        prediction: (!by_question.is_empty()).then_some(by_question),
        label: current.and_then(|row| row.label).map(|text| serde_json::from_str(&text)).transpose()?,
    })
}

/// A task with what is shown of its sample.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub(crate) struct TaskRow {
    #[sea_orm(nested)]
    pub task: task::Model,
    fields: Option<String>,
    metadata: Option<String>,
}

/// The tasks of these slots, in their order.
pub(crate) async fn items<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    slots: &[slot::Model],
) -> Result<Vec<ClaimItem>> {
    if slots.is_empty() {
        return Ok(Vec::new());
    }
    let text = format!(
        "SELECT t.*, c.fields, c.metadata FROM tasks t JOIN contents c ON c.id = t.content_id WHERE t.id IN ({})",
        places(1, slots.len())
    );
    let values = slots.iter().map(|slot| slot.task_id.into());
    let rows = TaskRow::find_by_statement(sql(conn, &text, values)).all(conn).await?;
    let rows: HashMap<i64, TaskRow> = rows.into_iter().map(|row| (row.task.id, row)).collect();
    let mut items = Vec::with_capacity(slots.len());
    for slot in slots {
        let row = rows.get(&slot.task_id).ok_or_else(|| Error::internal("a slot without a task"))?;
        items.push(item(conn, project, slot, row).await?);
    }
    Ok(items)
}

/// The task of this slot.
pub(crate) async fn item<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    slot: &slot::Model,
    row: &TaskRow,
) -> Result<ClaimItem> {
    let task = &row.task;
    let open = project.settings.reveal == Reveal::Always;
    let metadata = if open { Metadata::All } else { Metadata::Only(&project.settings.show_metadata) };
    let rev = match task.state()? {
        TaskState::Known => {
            known_tasks::told_rev(conn, project, task, AnnotatorId(slot.annotator_id)).await?
        }
        _ => task.rev,
    };
    Ok(ClaimItem {
        lease: slot.lease.clone(),
        expires_at: Timestamp(slot.expires_at),
        task: TaskId(task.id),
        rev,
        sample: shown(&task.sample_key, (row.fields.as_deref(), row.metadata.as_deref()), metadata)?,
        reason: if open { Some(task.reason()?) } else { None },
        revealed: if open { Some(revealed(conn, project.id, task.sample()).await?) } else { None },
        schema_revision: project.schema_revision,
        guideline_revision: project.guideline_revision,
    })
}

//! Held tasks as annotators see them: the sample, and of prediction, label and reason only what the project
//! reveals.

use crate::{
    entity::{content, slot, task},
    error::{Error, Result},
    repo::{newest_predictions, projects::Project, versions},
};
use domain::{
    id::{ProjectId, SampleId, TaskId},
    name::SampleKey,
    prediction::Probs,
    settings::Reveal,
    time::Timestamp,
    view::annotate::{ClaimItem, Revealed, SampleContent},
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
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

/// What is shown of a sample in one content revision.
pub(crate) fn shown(key: &str, content: &content::Model, metadata: Metadata<'_>) -> Result<SampleContent> {
    let parse = |text: &Option<String>| -> Result<Option<Map<String, Value>>> {
        Ok(text.as_deref().map(serde_json::from_str).transpose()?)
    };
    let mut known = parse(&content.metadata)?.unwrap_or_default();
    if let Metadata::Only(keys) = metadata {
        known.retain(|key, _| keys.contains(key));
    }
    Ok(SampleContent {
        id: SampleKey::parse(key).map_err(Error::internal)?,
        fields: parse(&content.fields)?,
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

/// The tasks of these slots, in their order.
pub(crate) async fn items<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    slots: &[slot::Model],
) -> Result<Vec<ClaimItem>> {
    let tasks = task::Entity::find()
        .filter(task::Column::Id.is_in(slots.iter().map(|slot| slot.task_id)))
        .all(conn)
        .await?;
    let contents = contents(conn, tasks.iter().map(|task| task.content_id)).await?;
    let tasks: HashMap<i64, task::Model> = tasks.into_iter().map(|task| (task.id, task)).collect();
    let mut items = Vec::with_capacity(slots.len());
    for slot in slots {
        let task = tasks.get(&slot.task_id).ok_or_else(|| Error::internal("a slot without a task"))?;
        let content =
            contents.get(&task.content_id).ok_or_else(|| Error::internal("a task without content"))?;
        let open = project.settings.reveal == Reveal::Always;
        let metadata = if open { Metadata::All } else { Metadata::Only(&project.settings.show_metadata) };
        items.push(ClaimItem {
            lease: slot.lease.clone(),
            expires_at: Timestamp(slot.expires_at),
            task: TaskId(task.id),
            rev: task.rev,
            sample: shown(&task.sample_key, content, metadata)?,
            reason: if open { Some(task.reason()?) } else { None },
            revealed: if open { Some(revealed(conn, project.id, task.sample()).await?) } else { None },
            schema_revision: project.schema_revision,
            guideline_revision: project.guideline_revision,
        });
    }
    Ok(items)
}

//! What was published. An event is written in the transaction of what it tells of, with its deliveries, so that it is there
//! exactly if that is.

use crate::{
    clock::random,
    entity::version,
    error::{Error, Result},
    repo::{
        page,
        projects::{self, Project},
        sql::sql,
        versions,
    },
};
use domain::{
    event::EventKind,
    id::{EventId, ProjectId},
    time::Timestamp,
    view::{Page, publishing::EventView},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult};
use serde_json::{Value, json};

/// There is a new version.
pub(crate) async fn version_published(
    tx: &DatabaseTransaction,
    project: &Project,
    version: &version::Model,
) -> Result<()> {
    let now = Timestamp(version.created_at);
    let data = json!({
        "project": project.slug,
        "version": version.number,
        "parent": (version.number > 1).then(|| version.number - 1),
        "digest": version.digest,
        "source": version.source,
        "message": version.message,
        "created_at": now,
        "added": version.added,
        "changed": version.changed,
        "removed": version.removed,
        "confirmed": version.confirmed,
        "labels": version.labels,
    });
    let event = record(tx, project.id, EventKind::VersionPublished, data, now).await?;
    deliver_to_subscribers(tx, project.id, event, EventKind::VersionPublished, now).await
}

/// A tag names another version than before; none: it did not exist, or does not any more.
pub(crate) async fn tag_moved(
    tx: &DatabaseTransaction,
    project: &Project,
    tag: &str,
    (from, to): (Option<i64>, Option<i64>),
    now: Timestamp,
) -> Result<()> {
    let named = match to {
        Some(number) => versions::find(tx, project.id, number).await?,
        None => None,
    };
    let digest = named.map(|version| version.digest);
    let data = json!({"project": project.slug, "tag": tag, "from": from, "to": to, "digest": digest});
    let event = record(tx, project.id, EventKind::TagMoved, data, now).await?;
    deliver_to_subscribers(tx, project.id, event, EventKind::TagMoved, now).await
}

/// Writes an event. The project is held, so that who reads the events of a project in the order of their ids sees none
/// appear behind another that was seen already.
pub(crate) async fn record(
    tx: &DatabaseTransaction,
    project: ProjectId,
    kind: EventKind,
    data: Value,
    now: Timestamp,
) -> Result<EventId> {
    projects::lock(tx, project).await?;
    let milliseconds = u64::try_from(now.0 / 1000).unwrap_or_default();
    let key = ulid::Ulid::from_parts(milliseconds, u128::from_le_bytes(random()));
    let text = "INSERT INTO events (project_id, key, kind, data, created_at) VALUES ($1, $2, $3, $4, $5)
                RETURNING id";
    let values = [
        project.0.into(),
        format!("evt_{key}").into(),
        kind.as_str().into(),
        domain::canonical::text(&data).into(),
        now.0.into(),
    ];
    let row = tx.query_one_raw(sql(tx, text, values)).await?;
    let row = row.ok_or_else(|| Error::internal("an event was not written"))?;
    Ok(EventId(row.try_get("", "id")?))
}

/// A paused webhook gets it too, once it is enabled again.
async fn deliver_to_subscribers(
    tx: &DatabaseTransaction,
    project: ProjectId,
    event: EventId,
    kind: EventKind,
    now: Timestamp,
) -> Result<()> {
    let text = "INSERT INTO deliveries (webhook_id, event_id, state, attempts, next_attempt_at)
                SELECT id, $1, 'waiting', 0, $2 FROM webhooks
                WHERE project_id = $3 AND ' ' || events || ' ' LIKE $4";
    let values = [event.0.into(), now.0.into(), project.0.into(), format!("% {} %", kind.as_str()).into()];
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Listed {
    id: i64,
    key: String,
    kind: String,
    data: String,
    created_at: i64,
}

/// One page of the project's events behind `after`, the oldest first. Tests of webhooks are not among them.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    after: EventId,
    limit: usize,
) -> Result<Page<EventView>> {
    let text = "SELECT id, key, kind, data, created_at FROM events
                WHERE project_id = $1 AND id > $2 AND kind <> 'webhook.test' ORDER BY id LIMIT $3";
    let most = i64::try_from(limit + 1).map_err(Error::internal)?;
    let rows = Listed::find_by_statement(sql(conn, text, [project.0.into(), after.0.into(), most.into()]));
    let events = rows.all(conn).await?.into_iter().map(view).collect::<Result<Vec<_>>>()?;
    page::page(events, limit, |event| event.event)
}

fn view(row: Listed) -> Result<EventView> {
    Ok(EventView {
        event: EventId(row.id),
        id: row.key,
        kind: kind_of(&row.kind)?,
        created_at: Timestamp(row.created_at),
        data: serde_json::from_str(&row.data)?,
    })
}

/// The kind of a row.
pub(crate) fn kind_of(text: &str) -> Result<EventKind> {
    EventKind::parse(text).ok_or_else(|| Error::internal("an unknown kind of event"))
}

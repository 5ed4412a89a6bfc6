//! The addresses that a project's events are sent to.

use crate::{
    error::{Error, Result},
    repo::{events, sql::sql},
};
use domain::{
    event::EventKind,
    id::{ProjectId, UserId, WebhookId},
    time::Timestamp,
    view::publishing::WebhookView,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult};

/// A webhook to keep.
#[derive(Debug)]
pub(crate) struct NewRow<'a> {
    pub project: ProjectId,
    pub url: &'a str,
    pub secret: &'a str,
    pub events: &'a [EventKind],
    pub created_by: Option<UserId>,
}

/// Keeps a webhook.
pub(crate) async fn insert(tx: &DatabaseTransaction, row: &NewRow<'_>, now: Timestamp) -> Result<WebhookId> {
    let text = "INSERT INTO webhooks (project_id, url, secret, events, enabled, created_by, created_at)
                VALUES ($1, $2, $3, $4, TRUE, $5, $6) RETURNING id";
    let values = [
        row.project.0.into(),
        row.url.into(),
        row.secret.into(),
        write_events(row.events).into(),
        row.created_by.map(|user| user.0).into(),
        now.0.into(),
    ];
    let row = tx.query_one_raw(sql(tx, text, values)).await?;
    let row = row.ok_or_else(|| Error::internal("a webhook was not kept"))?;
    Ok(WebhookId(row.try_get("", "id")?))
}

/// Changes a webhook to what `view` says.
pub(crate) async fn update(tx: &DatabaseTransaction, view: &WebhookView) -> Result<()> {
    let text = "UPDATE webhooks SET url = $1, events = $2, enabled = $3, gone_at = $4 WHERE id = $5";
    let values = [
        view.url.as_str().into(),
        write_events(&view.events).into(),
        view.enabled.into(),
        view.gone_at.map(|at| at.0).into(),
        view.webhook.0.into(),
    ];
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// Pauses a webhook whose receiver at `url` says that it is gone; whether it was not paused before. A webhook that has
/// another address meanwhile goes on.
pub(crate) async fn pause_gone(
    tx: &DatabaseTransaction,
    id: WebhookId,
    url: &str,
    now: Timestamp,
) -> Result<bool> {
    let text = "UPDATE webhooks SET enabled = FALSE, gone_at = $1 WHERE id = $2 AND url = $3 AND enabled";
    Ok(tx.execute_raw(sql(tx, text, [now.0.into(), id.0.into(), url.into()])).await?.rows_affected() > 0)
}

/// Deletes a webhook with its deliveries; how many of them were still to come.
pub(crate) async fn delete(tx: &DatabaseTransaction, id: WebhookId) -> Result<u64> {
    let text = "DELETE FROM deliveries WHERE webhook_id = $1 AND state <> 'delivered'";
    let waiting = tx.execute_raw(sql(tx, text, [id.0.into()])).await?.rows_affected();
    tx.execute_raw(sql(tx, "DELETE FROM deliveries WHERE webhook_id = $1", [id.0.into()])).await?;
    tx.execute_raw(sql(tx, "DELETE FROM webhooks WHERE id = $1", [id.0.into()])).await?;
    Ok(waiting)
}

/// The project that a webhook belongs to.
pub(crate) async fn project<C: ConnectionTrait>(conn: &C, id: WebhookId) -> Result<Option<ProjectId>> {
    let text = "SELECT project_id FROM webhooks WHERE id = $1";
    let row = conn.query_one_raw(sql(conn, text, [id.0.into()])).await?;
    Ok(row.map(|row| row.try_get("", "project_id")).transpose()?.map(ProjectId))
}

/// What signs the webhook's messages.
pub(crate) async fn secret<C: ConnectionTrait>(conn: &C, id: WebhookId) -> Result<Option<String>> {
    let row =
        conn.query_one_raw(sql(conn, "SELECT secret FROM webhooks WHERE id = $1", [id.0.into()])).await?;
    Ok(row.map(|row| row.try_get("", "secret")).transpose()?)
}

#[derive(FromQueryResult)]
struct Listed {
    id: i64,
    url: String,
    events: String,
    enabled: bool,
    gone_at: Option<i64>,
    email: Option<String>,
    created_at: i64,
    waiting: i64,
}

const LISTED: &str = "SELECT w.id, w.url, w.events, w.enabled, w.gone_at, u.email, w.created_at,
                        (SELECT COUNT(*) FROM deliveries d WHERE d.webhook_id = w.id AND d.state <> 'delivered')
                          AS waiting
                      FROM webhooks w LEFT JOIN users u ON u.id = w.created_by WHERE w.project_id = $1";

/// The project's webhooks behind `after`, in the order in which they were made.
pub(crate) async fn list<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    after: Option<WebhookId>,
    most: usize,
) -> Result<Vec<WebhookView>> {
    let text = format!("{LISTED} AND w.id > $2 ORDER BY w.id LIMIT $3");
    let most = i64::try_from(most).map_err(Error::internal)?;
    let values = [project.0.into(), after.map_or(0, |after| after.0).into(), most.into()];
    let rows = Listed::find_by_statement(sql(conn, &text, values)).all(conn).await?;
    rows.into_iter().map(view).collect()
}

/// One webhook of the project.
pub(crate) async fn find<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    id: WebhookId,
) -> Result<Option<WebhookView>> {
    let text = format!("{LISTED} AND w.id = $2");
    let row = Listed::find_by_statement(sql(conn, &text, [project.0.into(), id.0.into()])).one(conn).await?;
    row.map(view).transpose()
}

fn view(row: Listed) -> Result<WebhookView> {
    Ok(WebhookView {
        webhook: WebhookId(row.id),
        url: row.url,
        events: row.events.split(' ').map(events::kind_of).collect::<Result<_>>()?,
        enabled: row.enabled,
        gone_at: row.gone_at.map(Timestamp),
        created_by: row.email,
        created_at: Timestamp(row.created_at),
        waiting: row.waiting,
    })
}

fn write_events(events: &[EventKind]) -> String {
    events.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" ")
}

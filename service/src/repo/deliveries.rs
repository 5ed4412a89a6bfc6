//! Events on their way to webhooks.
//!
//! Whoever sends one takes it first, by comparing what was read; `attempts` then tells one taker from a later one.

use crate::{
    error::{Error, Result},
    repo::{
        events, page,
        sql::{places, sql},
    },
};
use domain::{
    delivery::DeliveryState,
    id::{DeliveryId, EventId, ProjectId, WebhookId},
    time::Timestamp,
    view::{Page, PageRequest, publishing::DeliveryView},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult};

/// A delivery whose time has come.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Due {
    pub id: i64,
    pub attempts: i32,
    next_attempt_at: i64,
}

/// What is sent, and where to.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Message {
    pub webhook_id: i64,
    pub url: String,
    pub secret: String,
    pub event_id: i64,
    pub key: String,
    pub kind: String,
    pub data: String,
    pub created_at: i64,
}

/// Lets an event go to one webhook.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    webhook: WebhookId,
    event: EventId,
    now: Timestamp,
) -> Result<DeliveryId> {
    let text = "INSERT INTO deliveries (webhook_id, event_id, state, attempts, next_attempt_at)
                VALUES ($1, $2, 'waiting', 0, $3) RETURNING id";
    let row = tx.query_one_raw(sql(tx, text, [webhook.0.into(), event.0.into(), now.0.into()])).await?;
    let row = row.ok_or_else(|| Error::internal("a delivery was not written"))?;
    Ok(DeliveryId(row.try_get("", "id")?))
}

/// Of each enabled webhook but the `busy` ones the oldest delivery whose time has come; those that wait longest first.
pub(crate) async fn due<C: ConnectionTrait>(
    conn: &C,
    busy: &[WebhookId],
    most: usize,
    now: Timestamp,
) -> Result<Vec<Due>> {
    let free = match busy.len() {
        0 => String::new(),
        count => format!(" AND d.webhook_id NOT IN ({})", places(3, count)),
    };
    let text = format!(
        "SELECT id, attempts, next_attempt_at FROM deliveries WHERE id IN (
           SELECT MIN(d.id) FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id AND w.enabled
           WHERE d.state <> 'delivered' AND d.next_attempt_at <= $1{free} GROUP BY d.webhook_id
         ) ORDER BY next_attempt_at, id LIMIT $2"
    );
    let most = i64::try_from(most).map_err(Error::internal)?;
    let values = [now.0.into(), most.into()].into_iter().chain(busy.iter().map(|webhook| webhook.0.into()));
    Ok(Due::find_by_statement(sql(conn, &text, values)).all(conn).await?)
}

/// Takes a delivery for sending until `until`; none where somebody was quicker, or its webhook was paused or deleted.
pub(crate) async fn take(
    tx: &DatabaseTransaction,
    due: &Due,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<Message>> {
    let text = "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, last_attempt_at = $1,
                  next_attempt_at = $2
                WHERE id = $3 AND attempts = $4 AND next_attempt_at = $5 AND state <> 'delivered'
                  AND EXISTS (SELECT 1 FROM webhooks w WHERE w.id = webhook_id AND w.enabled)";
    let values =
        [now.0.into(), until.0.into(), due.id.into(), due.attempts.into(), due.next_attempt_at.into()];
    if tx.execute_raw(sql(tx, text, values)).await?.rows_affected() == 0 {
        return Ok(None);
    }
    let text = "SELECT d.webhook_id, w.url, w.secret, d.event_id, e.key, e.kind, e.data, e.created_at
                FROM deliveries d JOIN webhooks w ON w.id = d.webhook_id JOIN events e ON e.id = d.event_id
                WHERE d.id = $1";
    Ok(Message::find_by_statement(sql(tx, text, [due.id.into()])).one(tx).await?)
}

/// The receiver has taken it. That holds also where its sender was taken for dead meanwhile.
pub(crate) async fn delivered(
    tx: &DatabaseTransaction,
    id: DeliveryId,
    status: i32,
    now: Timestamp,
) -> Result<()> {
    let text = "UPDATE deliveries SET state = 'delivered', next_attempt_at = NULL, last_status = $1,
                  last_error = NULL, delivered_at = $2
                WHERE id = $3 AND state <> 'delivered'";
    tx.execute_raw(sql(tx, text, [status.into(), now.0.into(), id.0.into()])).await?;
    Ok(())
}

/// The attempt of this number has failed.
pub(crate) async fn failed(
    tx: &DatabaseTransaction,
    id: DeliveryId,
    attempt: i32,
    (status, error): (Option<i32>, &str),
    next: Timestamp,
) -> Result<()> {
    let text =
        "UPDATE deliveries SET state = 'waiting', next_attempt_at = $1, last_status = $2, last_error = $3
                WHERE id = $4 AND attempts = $5 AND state = 'sending'";
    let values = [next.0.into(), status.into(), error.into(), id.0.into(), attempt.into()];
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(())
}

/// Lets a delivery be sent now, once more where it was taken already. One that is being sent stays as it is.
pub(crate) async fn hasten(tx: &DatabaseTransaction, id: DeliveryId, now: Timestamp) -> Result<()> {
    let text = "UPDATE deliveries SET state = 'waiting', next_attempt_at = $1, delivered_at = NULL
                WHERE id = $2 AND (state <> 'sending' OR next_attempt_at <= $1)";
    tx.execute_raw(sql(tx, text, [now.0.into(), id.0.into()])).await?;
    Ok(())
}

/// Lets everything that waits for this webhook be sent now.
pub(crate) async fn hasten_all(tx: &DatabaseTransaction, webhook: WebhookId, now: Timestamp) -> Result<()> {
    let text = "UPDATE deliveries SET next_attempt_at = $1 WHERE webhook_id = $2 AND state = 'waiting'";
    tx.execute_raw(sql(tx, text, [now.0.into(), webhook.0.into()])).await?;
    Ok(())
}

#[derive(FromQueryResult)]
struct Listed {
    id: i64,
    event_id: i64,
    key: String,
    kind: String,
    created_at: i64,
    state: String,
    attempts: i32,
    next_attempt_at: Option<i64>,
    last_attempt_at: Option<i64>,
    last_status: Option<i32>,
    last_error: Option<String>,
    delivered_at: Option<i64>,
}

const LISTED: &str = "SELECT d.id, d.event_id, e.key, e.kind, e.created_at, d.state, d.attempts,
                        d.next_attempt_at, d.last_attempt_at, d.last_status, d.last_error, d.delivered_at
                      FROM deliveries d JOIN events e ON e.id = d.event_id
                      JOIN webhooks w ON w.id = d.webhook_id
                      WHERE w.project_id = $1 AND w.id = $2";

/// One page of a webhook's deliveries, the newest first.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    (project, webhook): (ProjectId, WebhookId),
    request: &PageRequest,
) -> Result<Page<DeliveryView>> {
    let limit = page::limit(request)?;
    let before = page::after::<i64>(request)?.unwrap_or(i64::MAX);
    let text = format!("{LISTED} AND d.id < $3 ORDER BY d.id DESC LIMIT $4");
    let most = i64::try_from(limit + 1).map_err(Error::internal)?;
    let values = [project.0.into(), webhook.0.into(), before.into(), most.into()];
    let rows = Listed::find_by_statement(sql(conn, &text, values)).all(conn).await?;
    let views = rows.into_iter().map(view).collect::<Result<Vec<_>>>()?;
    page::page(views, limit, |delivery| delivery.delivery)
}

/// One delivery of a webhook.
pub(crate) async fn find<C: ConnectionTrait>(
    conn: &C,
    (project, webhook): (ProjectId, WebhookId),
    id: DeliveryId,
) -> Result<Option<DeliveryView>> {
    let text = format!("{LISTED} AND d.id = $3");
    let values = [project.0.into(), webhook.0.into(), id.0.into()];
    let row = Listed::find_by_statement(sql(conn, &text, values)).one(conn).await?;
    row.map(view).transpose()
}

fn view(row: Listed) -> Result<DeliveryView> {
    Ok(DeliveryView {
        delivery: DeliveryId(row.id),
        event: EventId(row.event_id),
        id: row.key,
        kind: events::kind_of(&row.kind)?,
        created_at: Timestamp(row.created_at),
        state: DeliveryState::parse(&row.state).ok_or_else(|| Error::internal("an unknown state"))?,
        attempts: row.attempts,
        next_attempt_at: row.next_attempt_at.map(Timestamp),
        last_attempt_at: row.last_attempt_at.map(Timestamp),
        last_status: row.last_status,
        last_error: row.last_error,
        delivered_at: row.delivered_at.map(Timestamp),
    })
}

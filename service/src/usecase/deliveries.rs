//! What becomes of events that are sent to webhooks: reading it, trying again, and the two steps of whoever sends.
//!
//! A delivery is taken by one sender at a time, whichever server it belongs to. One whose sender died is free again after a
//! while, so a receiver may get an event twice, with the same id; it gets every event at least once.

use crate::{
    actor::Actor,
    clock::random,
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        deliveries::{self, Message},
        events, projects, webhooks,
    },
    services::Services,
    signature,
    usecase::{
        access,
        webhooks::{changeable, found, write_down},
    },
};
use domain::{
    access::Permission,
    delivery::{self, DeliveryState, Verdict},
    id::{DeliveryId, WebhookId},
    name::Slug,
    problem::{Code, Refusal},
    time::Timestamp,
    view::{Page, PageRequest, publishing::DeliveryView},
};
use serde_json::json;

/// How many characters of a failure are kept.
const LONGEST_ERROR: usize = 300;

/// What became of sending events.
#[derive(Clone, Copy, Debug)]
pub struct Deliveries<'a>(pub(crate) &'a Services);

/// A message that this process is to send now.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// The delivery that it belongs to.
    pub delivery: DeliveryId,
    /// Whose address it is.
    pub webhook: WebhookId,
    /// The address.
    pub url: String,
    /// `webhook-id`: the same whenever this event is sent.
    pub id: String,
    /// `webhook-timestamp`: when it is sent, in seconds.
    pub timestamp: i64,
    /// `webhook-signature`.
    pub signature: String,
    /// The body, as it is signed.
    pub body: String,
    /// Which attempt it is.
    attempt: i32,
}

/// What came of sending a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The receiver has answered with this HTTP status.
    Answered {
        /// The status.
        status: u16,
        /// How the answer begins, or what is wrong with it.
        text: String,
    },
    /// There was no answer; why.
    Failed(String),
}

impl Deliveries<'_> {
    /// A webhook's deliveries, the newest first.
    pub async fn list(
        &self,
        actor: &Actor,
        slug: &Slug,
        webhook: WebhookId,
        request: PageRequest,
    ) -> Result<Page<DeliveryView>> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ManageWebhooks).await?;
        found(conn, &access.project, webhook).await?;
        deliveries::page(conn, (access.project.id, webhook), &request).await
    }

    /// Sends it now, without waiting for its time; once more where it was taken already.
    pub async fn retry(
        &self,
        actor: &Actor,
        slug: &Slug,
        webhook: WebhookId,
        id: DeliveryId,
    ) -> Result<DeliveryView> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let retry = self.0.once(move |tx| {
            Box::pin(async move {
                let (project, now) = changeable(&services, tx, &actor, &slug).await?;
                let missing = || Refusal::new(Code::NotFound, format!("there is no delivery {id}"));
                let before = deliveries::find(tx, (project.id, webhook), id).await?.ok_or_else(missing)?;
                deliveries::hasten(tx, id, now).await?;
                let detail = json!({"delivery": id, "event": before.event, "attempts": before.attempts});
                write_down(tx, &actor, &project, ("retry_delivery", webhook), detail, now).await?;
                let after = deliveries::find(tx, (project.id, webhook), id).await?;
                after.ok_or_else(|| Error::internal("a delivery is gone"))
            })
        });
        let delivery = retry.await?;
        self.0.outbox.notify_one();
        Ok(delivery)
    }

    /// Ends as soon as this process may have something to send.
    pub async fn wanted(&self) {
        self.0.outbox.notified().await;
    }

    /// Takes messages whose time has come, at most one of each webhook and none of the `busy` ones. They are this process's
    /// for `seconds`; each is to be sent and then given to [`Self::settle`].
    pub async fn take(&self, busy: &[WebhookId], most: usize, seconds: i64) -> Result<Vec<Outgoing>> {
        let conn = self.0.db.read();
        let due = deliveries::due(conn, busy, most, self.0.now(conn).await?).await?;
        if due.is_empty() {
            return Ok(Vec::new());
        }
        let services = self.0.clone();
        let take = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let mut taken = Vec::with_capacity(due.len());
                for due in due {
                    let until = now.plus_seconds(seconds);
                    let Some(message) = deliveries::take(tx, &due, now, until).await? else { continue };
                    let (id, attempt) = (DeliveryId(due.id), due.attempts + 1);
                    match outgoing(id, attempt, message, now) {
                        Ok(outgoing) => taken.push(outgoing),
                        // One that cannot be written, perhaps of a newer release, holds up no other.
                        Err(error) => {
                            let text = shortened(&error.to_string());
                            let next = now.plus_seconds(delivery::wait(attempt, 0));
                            deliveries::failed(tx, id, attempt, (None, &text), next).await?;
                        }
                    }
                }
                Ok(taken)
            })
        });
        take.await
    }

    /// Keeps what came of a message that was taken. What was not delivered is tried again, ever later but for ever; a
    /// receiver that is gone pauses its webhook.
    pub async fn settle(&self, sent: &Outgoing, attempt: Attempt) -> Result<DeliveryState> {
        let (services, id, webhook, number) = (self.0.clone(), sent.delivery, sent.webhook, sent.attempt);
        let url = sent.url.clone();
        let settle = self.0.db.write(move |tx| {
            Box::pin(async move {
                let now = services.now(tx).await?;
                let (status, text, verdict) = match attempt {
                    Attempt::Answered { status, text } => (Some(status), text, Verdict::of(status)),
                    Attempt::Failed(text) => (None, text, Verdict::Refused),
                };
                let status = status.map(i32::from);
                if let (Verdict::Taken, Some(status)) = (verdict, status) {
                    deliveries::delivered(tx, id, status, now).await?;
                    return Ok(DeliveryState::Delivered);
                }
                let project = webhooks::project(tx, webhook).await?;
                if let (Verdict::Gone, Some(project)) = (verdict, project) {
                    // Before any row, as whoever changes a webhook does: neither undoes the other's pause.
                    projects::lock(tx, project).await?;
                }
                let next = now.plus_seconds(delivery::wait(number, u32::from_le_bytes(random())));
                deliveries::failed(tx, id, number, (status, &shortened(&text)), next).await?;
                if verdict == Verdict::Gone && webhooks::pause_gone(tx, webhook, &url, now).await? {
                    let entry = Entry {
                        actor: &Actor::System,
                        project,
                        action: "pause_webhook",
                        subject: format!("webhook {webhook}"),
                        detail: json!({"delivery": id, "status": status}),
                    };
                    audit::write(tx, now, entry).await?;
                }
                Ok(DeliveryState::Waiting)
            })
        });
        settle.await
    }
}

fn outgoing(delivery: DeliveryId, attempt: i32, message: Message, now: Timestamp) -> Result<Outgoing> {
    let data: serde_json::Value = serde_json::from_str(&message.data)?;
    let body = json!({
        "type": events::kind_of(&message.kind)?,
        "timestamp": Timestamp(message.created_at),
        "event": message.event_id,
        "data": data,
    });
    let body = domain::canonical::text(&body);
    Ok(Outgoing {
        delivery,
        webhook: WebhookId(message.webhook_id),
        signature: signature::sign(&message.secret, &message.key, now, &body)?,
        url: message.url,
        id: message.key,
        timestamp: signature::seconds(now),
        body,
        attempt,
    })
}

/// The beginning of a text, as one line that a database takes.
fn shortened(text: &str) -> String {
    let line: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_ERROR).collect();
    line.trim().to_owned()
}

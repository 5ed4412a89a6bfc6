//! Webhooks: making, changing, trying and deleting the addresses that a project's events are sent to.
//!
//! A secret is shown once, when its webhook is made; it is kept as it is, because signatures are made with it.

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        deliveries, events, page, projects,
        projects::Project,
        webhooks::{self, NewRow},
    },
    services::Services,
    signature,
    usecase::access,
};
use domain::{
    access::Permission,
    event::EventKind,
    id::WebhookId,
    name::Slug,
    problem::{Code, Fault, Refusal},
    time::Timestamp,
    view::{
        Page, PageRequest,
        publishing::{CreatedWebhook, DeliveryView, NewWebhook, WebhookPatch, WebhookView},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::{Value, json};

/// Where events are sent.
#[derive(Clone, Copy, Debug)]
pub struct Webhooks<'a>(pub(crate) &'a Services);

impl Webhooks<'_> {
    /// Makes a webhook. It gets what is published from now on.
    pub async fn create(&self, actor: &Actor, slug: &Slug, input: NewWebhook) -> Result<CreatedWebhook> {
        let (services, by, to) = (self.0.clone(), actor.clone(), slug.clone());
        let create = self.0.once(move |tx| {
            Box::pin(async move {
                let (project, now) = changeable(&services, tx, &by, &to).await?;
                let mut faults = Vec::new();
                let url = services.receivers.parse(&input.url).map_err(|fault| faults.push(fault));
                let wanted = input.events.unwrap_or_else(|| EventKind::PUBLISHED.into());
                let wanted = checked(wanted, &mut faults);
                Refusal::check(faults)?;
                let row = NewRow {
                    project: project.id,
                    url: &url.unwrap_or_default(),
                    secret: &signature::new_secret(),
                    events: &wanted,
                    created_by: by.user(),
                };
                let id = webhooks::insert(tx, &row, now).await?;
                write_down(tx, &by, &project, ("create_webhook", id), json!({"events": wanted}), now).await?;
                found(tx, &project, id).await
            })
        });
        let webhook = create.await?;
        // Read back, so that the answer that is kept for a retry holds no copy of it.
        let secret = webhooks::secret(self.0.db.read(), webhook.webhook).await?;
        let secret = secret.ok_or_else(|| missing(webhook.webhook))?;
        Ok(CreatedWebhook { webhook, secret })
    }

    /// The project's webhooks, in the order in which they were made.
    pub async fn list(&self, actor: &Actor, slug: &Slug, request: PageRequest) -> Result<Page<WebhookView>> {
        let limit = page::limit(&request)?;
        let after = page::after(&request)?;
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ManageWebhooks).await?;
        let rows = webhooks::list(conn, access.project.id, after, limit + 1).await?;
        page::page(rows, limit, |webhook| webhook.webhook)
    }

    /// One webhook.
    pub async fn get(&self, actor: &Actor, slug: &Slug, id: WebhookId) -> Result<WebhookView> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ManageWebhooks).await?;
        found(conn, &access.project, id).await
    }

    /// Changes a webhook, pauses it, or lets it go on: then everything that waits for it is sent at once.
    pub async fn update(
        &self,
        actor: &Actor,
        slug: &Slug,
        id: WebhookId,
        patch: WebhookPatch,
    ) -> Result<WebhookView> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let update = self.0.db.write(move |tx| {
            Box::pin(async move {
                let (project, now) = changeable(&services, tx, &actor, &slug).await?;
                let before = found(tx, &project, id).await?;
                let mut after = before.clone();
                let mut faults = Vec::new();
                match patch.url.map(|url| services.receivers.parse(&url)) {
                    Some(Ok(url)) => after.url = url,
                    Some(Err(fault)) => faults.push(fault),
                    None => {}
                }
                if let Some(events) = patch.events {
                    after.events = checked(events, &mut faults);
                }
                Refusal::check(faults)?;
                if let Some(enabled) = patch.enabled {
                    after.enabled = enabled;
                    after.gone_at = before.gone_at.filter(|_| !enabled);
                }
                if after == before {
                    return Ok(after);
                }
                webhooks::update(tx, &after).await?;
                if after.enabled && (!before.enabled || after.url != before.url) {
                    deliveries::hasten_all(tx, id, now).await?;
                }
                // The address itself may be a secret.
                let detail = json!({
                    "url_changed": after.url != before.url, "events": after.events, "enabled": after.enabled,
                });
                write_down(tx, &actor, &project, ("update_webhook", id), detail, now).await?;
                Ok(after)
            })
        });
        let updated = update.await?;
        self.0.outbox.notify_one();
        Ok(updated)
    }

    /// Deletes a webhook with its deliveries, also those that are still to come. The events stay.
    pub async fn delete(&self, actor: &Actor, slug: &Slug, id: WebhookId) -> Result<()> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let delete = self.0.db.write(move |tx| {
            Box::pin(async move {
                let (project, now) = changeable(&services, tx, &actor, &slug).await?;
                found(tx, &project, id).await?;
                let waiting = webhooks::delete(tx, id).await?;
                let detail = json!({"waiting": waiting});
                write_down(tx, &actor, &project, ("delete_webhook", id), detail, now).await
            })
        });
        delete.await
    }

    /// Sends an event of the kind `webhook.test` to this webhook alone.
    pub async fn test(&self, actor: &Actor, slug: &Slug, id: WebhookId) -> Result<DeliveryView> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let test = self.0.once(move |tx| {
            Box::pin(async move {
                let (project, now) = changeable(&services, tx, &actor, &slug).await?;
                found(tx, &project, id).await?;
                let data = json!({"project": project.slug, "webhook": id});
                let event = events::record(tx, project.id, EventKind::WebhookTest, data, now).await?;
                let delivery = deliveries::insert(tx, id, event, now).await?;
                let detail = json!({"event": event});
                write_down(tx, &actor, &project, ("test_webhook", id), detail, now).await?;
                let view = deliveries::find(tx, (project.id, id), delivery).await?;
                view.ok_or_else(|| Error::internal("a delivery is gone"))
            })
        });
        let delivery = test.await?;
        self.0.outbox.notify_one();
        Ok(delivery)
    }
}

/// The project, held, so that no event is on its way to its webhooks while they change.
pub(super) async fn changeable(
    services: &Services,
    tx: &DatabaseTransaction,
    actor: &Actor,
    slug: &Slug,
) -> Result<(Project, Timestamp)> {
    let access = access::project(tx, actor, slug, Permission::ManageWebhooks).await?.changeable()?;
    projects::lock(tx, access.project.id).await?;
    Ok((access.project, services.now(tx).await?))
}

/// The webhook of this id in the project.
pub(super) async fn found<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    id: WebhookId,
) -> Result<WebhookView> {
    webhooks::find(conn, project.id, id).await?.ok_or_else(|| missing(id))
}

fn missing(id: WebhookId) -> Error {
    Refusal::new(Code::NotFound, format!("there is no webhook {id}")).into()
}

/// The kinds that are wanted, each once and in their order.
fn checked(mut wanted: Vec<EventKind>, faults: &mut Vec<Fault>) -> Vec<EventKind> {
    if wanted.is_empty() {
        faults.push(Fault::at("/events", Code::Empty, "at least one kind of event is needed"));
    }
    for (place, kind) in wanted.iter().enumerate() {
        if !EventKind::PUBLISHED.contains(kind) {
            let detail =
                format!("'{}' is sent to the webhook that is tested, and to no other", kind.as_str());
            faults.push(Fault::at(format!("/events/{place}"), Code::UnknownOption, detail));
        }
    }
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}

/// Writes down what was done to a webhook.
pub(super) async fn write_down(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    (action, id): (&str, WebhookId),
    detail: Value,
    now: Timestamp,
) -> Result<()> {
    let subject = format!("webhook {id}");
    audit::write(tx, now, Entry { actor, project: Some(project.id), action, subject, detail }).await
}

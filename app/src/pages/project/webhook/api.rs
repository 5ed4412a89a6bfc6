//! The server functions of one webhook's page.

use crate::error::Answer;
use domain::view::{
    Page,
    publishing::{DeliveryView, WebhookView},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Webhook {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// Whether it is archived, so that nothing can be changed.
    pub archived: bool,
    /// The webhook.
    pub webhook: WebhookView,
}

/// One webhook.
#[server(endpoint = "load_webhook", input = GetUrl)]
pub async fn load_webhook(slug: String, webhook: i64) -> Answer<Webhook> {
    use crate::{error::load, parse, session};
    use domain::id::WebhookId;
    let loaded = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let webhook = services.webhooks().get(&actor, &slug, WebhookId(webhook)).await?;
        let project = services.projects().get(&actor, &slug).await?;
        let archived = project.archived_at.is_some();
        Ok(Webhook { slug: slug.to_string(), project: project.name, archived, webhook })
    };
    load(loaded.await)
}

/// What became of what was sent to a webhook, the newest first.
#[server(endpoint = "load_deliveries", input = GetUrl)]
pub async fn load_deliveries(
    slug: String,
    webhook: i64,
    cursor: Option<String>,
) -> Answer<Page<DeliveryView>> {
    use crate::{error::load, parse, session};
    use domain::id::WebhookId;
    let deliveries = async {
        let (actor, slug) = (session::actor().await?, parse::slug(&slug)?);
        let page = parse::page(cursor);
        session::services()?.deliveries().list(&actor, &slug, WebhookId(webhook), page).await
    };
    load(deliveries.await)
}

/// Changes where a webhook sends, and what.
#[server(endpoint = "update_webhook")]
pub async fn update_webhook(
    slug: String,
    webhook: i64,
    url: String,
    #[server(default)] events: Vec<String>,
) -> Answer<()> {
    use crate::{error::submit, parse};
    use domain::view::publishing::WebhookPatch;
    let updated = async {
        let patch =
            WebhookPatch { url: Some(url), events: Some(parse::events(&events)?), ..WebhookPatch::default() };
        change(&slug, webhook, patch).await
    };
    submit(updated.await)
}

/// Sends nothing to a webhook until it is resumed.
#[server(endpoint = "pause_webhook")]
pub async fn pause_webhook(slug: String, webhook: i64) -> Answer<()> {
    use crate::error::submit;
    use domain::view::publishing::WebhookPatch;
    let patch = WebhookPatch { enabled: Some(false), ..WebhookPatch::default() };
    submit(change(&slug, webhook, patch).await)
}

/// Sends to a webhook again, at once what waits for it.
#[server(endpoint = "resume_webhook")]
pub async fn resume_webhook(slug: String, webhook: i64) -> Answer<()> {
    use crate::error::submit;
    use domain::view::publishing::WebhookPatch;
    let patch = WebhookPatch { enabled: Some(true), ..WebhookPatch::default() };
    submit(change(&slug, webhook, patch).await)
}

#[cfg(feature = "ssr")]
async fn change(
    slug: &str,
    webhook: i64,
    patch: domain::view::publishing::WebhookPatch,
) -> service::Result<()> {
    use crate::{parse, session};
    let (actor, slug) = (session::actor().await?, parse::slug(slug)?);
    let id = domain::id::WebhookId(webhook);
    session::services()?.webhooks().update(&actor, &slug, id, patch).await.map(drop)
}

/// Sends a test to a webhook.
#[server(endpoint = "test_webhook")]
pub async fn test_webhook(slug: String, webhook: i64) -> Answer<()> {
    use crate::{error::submit, parse, session};
    use domain::id::WebhookId;
    let tested = async {
        let (actor, slug) = (session::actor().await?, parse::slug(&slug)?);
        session::services()?.webhooks().test(&actor, &slug, WebhookId(webhook)).await.map(drop)
    };
    submit(tested.await)
}

/// Sends a delivery now.
#[server(endpoint = "retry_delivery")]
pub async fn retry_delivery(slug: String, webhook: i64, delivery: i64) -> Answer<()> {
    use crate::{error::submit, parse, session};
    use domain::id::{DeliveryId, WebhookId};
    let retried = async {
        let (actor, slug) = (session::actor().await?, parse::slug(&slug)?);
        let (webhook, delivery) = (WebhookId(webhook), DeliveryId(delivery));
        session::services()?.deliveries().retry(&actor, &slug, webhook, delivery).await.map(drop)
    };
    submit(retried.await)
}

/// Deletes a webhook; the answer is the page to go on to.
#[server(endpoint = "delete_webhook")]
pub async fn delete_webhook(slug: String, webhook: i64) -> Answer<String> {
    use crate::{address::escape, error::submit_then, parse, session};
    use domain::id::WebhookId;
    let page = format!("/projects/{}/webhooks?done=delete_webhook", escape(&slug));
    let deleted = async {
        let (actor, slug) = (session::actor().await?, parse::slug(&slug)?);
        session::services()?.webhooks().delete(&actor, &slug, WebhookId(webhook)).await?;
        Ok(page)
    };
    submit_then(deleted.await, |page| Some(page.clone()))
}

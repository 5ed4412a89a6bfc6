//! The server functions of the page with a project's webhooks.

use crate::error::Answer;
use domain::view::{Page, publishing::WebhookView};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Webhooks {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// Whether it is archived, so that nothing can be changed.
    pub archived: bool,
    /// In the order in which they were made.
    pub page: Page<WebhookView>,
    /// The secret of the webhook that was just made with a form without JavaScript.
    pub fresh: Option<String>,
}

/// The webhooks of a project.
#[server(endpoint = "load_webhooks", input = GetUrl)]
pub async fn load_webhooks(slug: String, cursor: Option<String>) -> Answer<Webhooks> {
    use crate::{error::load, parse, session};
    let webhooks = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let page = services.webhooks().list(&actor, &slug, parse::page(cursor)).await?;
        let project = services.projects().get(&actor, &slug).await?;
        let fresh = secret_of(slug.as_str()).take();
        let archived = project.archived_at.is_some();
        Ok(Webhooks { slug: slug.to_string(), project: project.name, archived, page, fresh })
    };
    load(webhooks.await)
}

/// Makes a webhook; the answer is its secret.
#[server(endpoint = "create_webhook")]
pub async fn create_webhook(
    slug: String,
    url: String,
    #[server(default)] events: Vec<String>,
) -> Answer<String> {
    use crate::{error::submit_then, parse, session};
    use domain::view::publishing::NewWebhook;
    let page = format!("/projects/{}/webhooks?done=create_webhook", crate::address::escape(&slug));
    let project = slug.clone();
    let created = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let input = NewWebhook { url, events: Some(parse::events(&events)?) };
        Ok(services.webhooks().create(&actor, &slug, input).await?.secret)
    };
    submit_then(created.await, |secret| {
        secret_of(&project).keep(secret);
        Some(page)
    })
}

/// Where the secret of a new webhook is kept until its page is shown.
#[cfg(feature = "ssr")]
fn secret_of(slug: &str) -> crate::shown_once::ShownOnce {
    crate::shown_once::ShownOnce {
        name: "relabel_new_webhook",
        path: format!("/projects/{}/webhooks", crate::address::escape(slug)),
    }
}

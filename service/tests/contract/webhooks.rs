//! Making, changing and deleting webhooks, and who may.

use crate::support::{Outcome, World, code, faults, on_each_database, samples::labelled};
use domain::{
    access::Role,
    event::EventKind,
    id::WebhookId,
    name::Slug,
    problem::Code,
    view::{
        PageRequest,
        publishing::{CreatedWebhook, NewWebhook, WebhookPatch, WebhookView},
    },
};
use service::{Actor, Result};

pub(crate) const URL: &str = "https://hooks.example.org/relabel";

impl World {
    /// A webhook that is sent these kinds, or all.
    pub(crate) async fn webhook(
        &self,
        project: &Slug,
        events: Option<&[EventKind]>,
    ) -> Result<CreatedWebhook> {
        let input = NewWebhook { url: URL.to_owned(), events: events.map(<[_]>::to_vec) };
        self.services.webhooks().create(&Actor::Operator, project, input).await
    }

    /// The webhook as it is.
    pub(crate) async fn webhook_now(&self, project: &Slug, id: WebhookId) -> Result<WebhookView> {
        self.services.webhooks().get(&Actor::Operator, project, id).await
    }

    /// Changes whether it sends.
    pub(crate) async fn enable(&self, project: &Slug, id: WebhookId, enabled: bool) -> Result<WebhookView> {
        let patch = WebhookPatch { enabled: Some(enabled), ..WebhookPatch::default() };
        self.services.webhooks().update(&Actor::Operator, project, id, patch).await
    }
}

#[tokio::test]
async fn a_secret_is_shown_once_and_every_webhook_has_its_own() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let mia = world.member(&project, "mia", Role::Manager).await?;
        let input = NewWebhook { url: URL.to_owned(), events: None };
        let created = world.services.webhooks().create(&mia, &project, input).await?;
        let other = world.webhook(&project, Some(&[EventKind::TagMoved, EventKind::TagMoved])).await?;
        assert!(created.secret.starts_with("whsec_") && created.secret.len() == 50, "{}", created.secret);
        assert_ne!(created.secret, other.secret);
        assert_eq!(created.webhook.events, EventKind::PUBLISHED);
        assert_eq!(other.webhook.events, [EventKind::TagMoved]);
        assert_eq!(created.webhook.created_by.as_deref(), Some("mia@example.org"));
        assert!(created.webhook.enabled);

        let list = world.services.webhooks().list(&mia, &project, PageRequest::default()).await?;
        assert_eq!(list.items, [created.webhook.clone(), other.webhook]);
        let kept = world.texts("SELECT outcome FROM idempotency_keys").await?.concat();
        let audited = world.texts("SELECT detail FROM audit").await?.concat();
        for text in [serde_json::to_string(&list)?, kept, audited] {
            assert!(!text.contains(&created.secret["whsec_".len()..]), "{text}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_address_that_nothing_may_be_sent_to_is_refused() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let webhooks = world.services.webhooks();
        for (url, expected) in [
            ("http://hooks.example.org/", Code::InvalidUrl),
            ("https://me:secret@hooks.example.org/", Code::InvalidUrl),
            ("https://169.254.169.254/latest/meta-data/", Code::PrivateAddress),
            ("https://[::1]:8443/", Code::PrivateAddress),
        ] {
            let input = NewWebhook { url: url.to_owned(), events: None };
            let refused = webhooks.create(&Actor::Operator, &project, input).await;
            assert_eq!(faults(refused), [("/url".to_owned(), expected)], "{url}");
        }
        let wrong = NewWebhook { url: "x".to_owned(), events: Some(vec![EventKind::WebhookTest]) };
        let expected = [("/url".to_owned(), Code::InvalidUrl), ("/events/0".to_owned(), Code::UnknownOption)];
        assert_eq!(faults(webhooks.create(&Actor::Operator, &project, wrong).await), expected);
        let none = NewWebhook { url: URL.to_owned(), events: Some(Vec::new()) };
        let refused = webhooks.create(&Actor::Operator, &project, none).await;
        assert_eq!(faults(refused), [("/events".to_owned(), Code::Empty)]);
        assert_eq!(world.number("SELECT COUNT(*) FROM webhooks").await?, 0);

        let id = world.webhook(&project, None).await?.webhook.webhook;
        let patch = WebhookPatch { url: Some("https://10.0.0.1/".to_owned()), ..WebhookPatch::default() };
        let refused = webhooks.update(&Actor::Operator, &project, id, patch).await;
        assert_eq!(faults(refused), [("/url".to_owned(), Code::PrivateAddress)]);
        assert_eq!(world.webhook_now(&project, id).await?.url, URL);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn only_managers_of_the_project_reach_its_webhooks() -> Outcome {
    on_each_database(async |world| {
        let (project, other) = (world.project("p").await?, world.project("q").await?);
        let created = world.webhook(&project, None).await?.webhook;
        let id = created.webhook;
        let rev = world.member(&project, "rev", Role::Reviewer).await?;
        let webhooks = world.services.webhooks();
        let input = NewWebhook { url: URL.to_owned(), events: None };
        let patch = WebhookPatch { enabled: Some(false), ..WebhookPatch::default() };
        assert_eq!(code(webhooks.create(&rev, &project, input).await), Code::Forbidden);
        assert_eq!(code(webhooks.list(&rev, &project, PageRequest::default()).await), Code::Forbidden);
        assert_eq!(code(webhooks.get(&rev, &project, id).await), Code::Forbidden);
        assert_eq!(code(webhooks.update(&rev, &project, id, patch.clone()).await), Code::Forbidden);
        assert_eq!(code(webhooks.test(&rev, &project, id).await), Code::Forbidden);
        assert_eq!(code(webhooks.delete(&rev, &project, id).await), Code::Forbidden);
        let deliveries = world.services.deliveries();
        assert_eq!(code(deliveries.list(&rev, &project, id, PageRequest::default()).await), Code::Forbidden);

        // By another project's name there is no such webhook.
        let operator = Actor::Operator;
        let delivery = webhooks.test(&operator, &project, id).await?.delivery;
        assert_eq!(code(webhooks.get(&operator, &other, id).await), Code::NotFound);
        assert_eq!(code(webhooks.update(&operator, &other, id, patch).await), Code::NotFound);
        assert_eq!(code(webhooks.test(&operator, &other, id).await), Code::NotFound);
        assert_eq!(code(webhooks.delete(&operator, &other, id).await), Code::NotFound);
        assert_eq!(code(deliveries.retry(&operator, &other, id, delivery).await), Code::NotFound);
        assert_eq!(
            code(deliveries.list(&operator, &other, id, PageRequest::default()).await),
            Code::NotFound
        );
        assert_eq!(world.webhook_now(&project, id).await?, WebhookView { waiting: 1, ..created });
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_change_of_a_webhook_is_audited_without_its_address() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let id = world.webhook(&project, None).await?.webhook.webhook;
        let webhooks = world.services.webhooks();
        let patch = WebhookPatch {
            url: Some("https://hooks.example.org/another".to_owned()),
            events: Some(vec![EventKind::TagMoved]),
            enabled: Some(false),
        };
        let changed = webhooks.update(&Actor::Operator, &project, id, patch.clone()).await?;
        assert_eq!((changed.url.as_str(), changed.enabled), ("https://hooks.example.org/another", false));
        // Nothing changes, so nothing is written down.
        webhooks.update(&Actor::Operator, &project, id, patch).await?;
        webhooks.test(&Actor::Operator, &project, id).await?;
        webhooks.delete(&Actor::Operator, &project, id).await?;
        assert_eq!(code(webhooks.get(&Actor::Operator, &project, id).await), Code::NotFound);
        assert_eq!(world.number("SELECT COUNT(*) FROM deliveries").await?, 0);
        let done = world.audited().await?.split_off(1);
        assert_eq!(done, ["create_webhook", "update_webhook", "test_webhook", "delete_webhook"]);
        let details = world.texts("SELECT detail FROM audit").await?.concat();
        assert!(!details.contains("hooks.example.org"), "{details}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_archived_project_keeps_its_webhooks_as_they_are() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[labelled("s", "a")]).await?;
        let id = world.webhook(&project, None).await?.webhook.webhook;
        world.services.projects().archive(&Actor::Operator, &project).await?;
        let webhooks = world.services.webhooks();
        assert_eq!(code(world.webhook(&project, None).await), Code::Archived);
        assert_eq!(code(world.enable(&project, id, false).await), Code::Archived);
        assert_eq!(code(webhooks.test(&Actor::Operator, &project, id).await), Code::Archived);
        assert_eq!(code(webhooks.delete(&Actor::Operator, &project, id).await), Code::Archived);
        assert!(world.webhook_now(&project, id).await?.enabled);
        Ok(())
    })
    .await
}

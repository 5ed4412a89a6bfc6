//! Sending events: each is taken by one sender, tried again until it is delivered, and kept until then.

use crate::support::{Outcome, World, on_each_database, samples::labelled};
use domain::{
    delivery::DeliveryState::{Delivered, Sending, Waiting},
    event::EventKind,
    id::WebhookId,
    name::Slug,
    view::{PageRequest, publishing::DeliveryView},
};
use serde_json::{Value, json};
use service::{
    Actor, Result, Services,
    usecase::deliveries::{Attempt, Outgoing},
};

/// How long a sender has, in seconds.
const LEASE: i64 = 30;

fn answered(status: u16) -> Attempt {
    Attempt::Answered { status, text: String::new() }
}

async fn take(services: &Services) -> Result<Vec<Outgoing>> {
    services.deliveries().take(&[], 10, LEASE).await
}

/// The only message whose time has come.
async fn take_one(world: &World) -> Result<Outgoing> {
    let mut taken = take(&world.services).await?;
    assert_eq!(taken.len(), 1);
    Ok(taken.remove(0))
}

/// The webhook's deliveries, the newest first.
async fn deliveries(world: &World, project: &Slug, webhook: WebhookId) -> Result<Vec<DeliveryView>> {
    let all = PageRequest::default();
    Ok(world.services.deliveries().list(&Actor::Operator, project, webhook, all).await?.items)
}

/// A project with a webhook and version 1, whose event is on its way.
async fn published(world: &World) -> Result<(Slug, WebhookId)> {
    let project = world.project("p").await?;
    let webhook = world.webhook(&project, None).await?.webhook.webhook;
    world.import(&project, &[labelled("s", "a")]).await?;
    Ok((project, webhook))
}

#[tokio::test]
async fn an_event_goes_to_those_who_asked_for_its_kind_before_it_happened() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let all = world.webhook(&project, None).await?.webhook.webhook;
        let tags = world.webhook(&project, Some(&[EventKind::TagMoved])).await?.webhook.webhook;
        let elsewhere = world.project("q").await?;
        let other = world.webhook(&elsewhere, None).await?.webhook.webhook;
        world.import(&project, &[labelled("s", "a")]).await?;
        let late = world.webhook(&project, None).await?.webhook.webhook;
        let kinds = async |project, webhook| {
            let found = deliveries(world, project, webhook).await?;
            service::Result::Ok(found.into_iter().map(|delivery| delivery.kind).collect::<Vec<_>>())
        };
        assert_eq!(kinds(&project, all).await?, [EventKind::VersionPublished]);
        assert_eq!(kinds(&project, tags).await?, []);
        assert_eq!(kinds(&elsewhere, other).await?, []);
        assert_eq!(kinds(&project, late).await?, []);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_message_is_the_same_every_time_but_for_time_and_signature() -> Outcome {
    on_each_database(async |world| {
        let (project, webhook) = published(world).await?;
        let first = take_one(world).await?;
        assert_eq!(first.url, super::webhooks::URL);
        assert_eq!(first.timestamp, world.now().0 / 1_000_000);
        let body: Value = serde_json::from_str(&first.body)?;
        let events = world.services.events();
        let event = events.list(&Actor::Operator, &project, None, PageRequest::default()).await?.items.remove(0);
        assert_eq!(first.id, event.id);
        let expected = json!({
            "type": "version.published", "timestamp": event.created_at, "event": event.event, "data": event.data,
        });
        assert_eq!(body, expected);
        let view = &deliveries(world, &project, webhook).await?[0];
        assert_eq!((view.state, view.attempts), (Sending, 1));
        assert_eq!(view.last_attempt_at, Some(world.now()));

        world.services.deliveries().settle(&first, answered(500)).await?;
        world.clock.advance_seconds(6);
        let second = take_one(world).await?;
        assert_eq!((&second.id, &second.body), (&first.id, &first.body));
        assert_eq!(second.timestamp, first.timestamp + 6);
        assert_ne!(second.signature, first.signature);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_not_delivered_is_tried_ever_later_and_never_given_up() -> Outcome {
    on_each_database(async |world| {
        let (project, webhook) = published(world).await?;
        let waits = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, 86_400, 86_400];
        let mut failures =
            [answered(500), answered(302), answered(404), Attempt::Failed("no\nanswer".to_owned())]
                .into_iter()
                .cycle();
        for (number, wait) in (1..).zip(waits) {
            let message = take_one(world).await?;
            let Some(failure) = failures.next() else { break };
            assert_eq!(world.services.deliveries().settle(&message, failure).await?, Waiting);
            let view = deliveries(world, &project, webhook).await?.remove(0);
            assert_eq!((view.state, view.attempts), (Waiting, number));
            let next = view.next_attempt_at.ok_or("nothing comes next")?;
            let waits = next.seconds_since(world.now());
            assert!((wait * 9 / 10..=wait * 11 / 10).contains(&waits), "attempt {number}: {waits}");
            assert!(take(&world.services).await?.is_empty(), "its time has not come");
            world.clock.advance_seconds(waits);
        }
        let message = take_one(world).await?;
        assert_eq!(world.services.deliveries().settle(&message, answered(204)).await?, Delivered);
        let view = deliveries(world, &project, webhook).await?.remove(0);
        assert_eq!((view.state, view.attempts, view.last_status), (Delivered, 12, Some(204)));
        assert_eq!((view.delivered_at, view.next_attempt_at), (Some(world.now()), None));
        world.clock.advance_seconds(1_000_000);
        assert!(take(&world.services).await?.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn of_a_failure_the_beginning_is_kept_as_one_line() -> Outcome {
    on_each_database(async |world| {
        let (project, webhook) = published(world).await?;
        let text = format!("<h1>\0오류\n{}", "x".repeat(1_000));
        let message = take_one(world).await?;
        world.services.deliveries().settle(&message, Attempt::Answered { status: 500, text }).await?;
        let view = deliveries(world, &project, webhook).await?.remove(0);
        let error = view.last_error.ok_or("no error is kept")?;
        assert!(error.starts_with("<h1> 오류 xxx"), "{error}");
        assert_eq!(error.chars().count(), 300);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_servers_never_send_one_delivery_at_once() -> Outcome {
    on_each_database(async |world| {
        let (project, _) = published(world).await?;
        for _ in 0..3 {
            world.webhook(&project, None).await?;
        }
        world.import(&project, &[labelled("s", "b")]).await?;
        let another = world.another_server().await?;
        let mut taken = Vec::new();
        // Four webhooks, of which the first has two to come.
        for _ in 0..2 {
            let (here, there) = tokio::join!(take(&world.services), take(&another));
            taken.extend([here?, there?].concat().into_iter().map(|message| message.delivery));
        }
        taken.extend(take(&another).await?.into_iter().map(|message| message.delivery));
        taken.sort_unstable();
        assert_eq!(taken.len(), 5);
        taken.dedup();
        assert_eq!(taken.len(), 5);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_delivery_whose_sender_died_is_sent_by_another() -> Outcome {
    on_each_database(async |world| {
        let (project, webhook) = published(world).await?;
        let dead = take_one(world).await?;
        world.clock.advance_seconds(LEASE - 1);
        let another = world.another_server().await?;
        assert!(take(&another).await?.is_empty());
        world.clock.advance_seconds(1);
        let taken = take(&another).await?;
        assert_eq!(taken.len(), 1);

        // It was not dead, only slow. What it has to say of a failure is out of date, but a delivery is one.
        world.services.deliveries().settle(&dead, answered(500)).await?;
        assert_eq!(deliveries(world, &project, webhook).await?[0].state, Sending);
        world.services.deliveries().settle(&dead, answered(200)).await?;
        another.deliveries().settle(&taken[0], answered(500)).await?;
        let view = &deliveries(world, &project, webhook).await?[0];
        assert_eq!((view.state, view.last_status), (Delivered, Some(200)));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_slow_receiver_holds_up_its_own_events_alone() -> Outcome {
    on_each_database(async |world| {
        let (project, slow) = published(world).await?;
        let quick = world.webhook(&project, None).await?.webhook.webhook;
        for label in ["b", "c"] {
            world.import(&project, &[labelled("s", label)]).await?;
        }
        let taken = take(&world.services).await?;
        let webhooks: Vec<WebhookId> = taken.iter().map(|message| message.webhook).collect();
        assert_eq!(webhooks.len(), 2, "one message of each at a time");
        world.services.deliveries().settle(&taken[1], answered(200)).await?;
        assert_eq!(taken[1].webhook, quick);
        let next = world.services.deliveries().take(&[slow], 10, LEASE).await?;
        assert_eq!(next.iter().map(|message| message.webhook).collect::<Vec<_>>(), [quick]);
        let first: Value = serde_json::from_str(&taken[1].body)?;
        let second: Value = serde_json::from_str(&next[0].body)?;
        assert_eq!((&first["data"]["version"], &second["data"]["version"]), (&json!(2), &json!(3)));
        assert_eq!(world.services.deliveries().take(&[slow, quick], 10, LEASE).await?.len(), 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_receiver_that_is_gone_pauses_its_webhook_and_nothing_is_lost() -> Outcome {
    on_each_database(async |world| {
        let (project, webhook) = published(world).await?;
        let message = take_one(world).await?;
        world.services.deliveries().settle(&message, answered(410)).await?;
        let paused = world.webhook_now(&project, webhook).await?;
        assert_eq!((paused.enabled, paused.gone_at), (false, Some(world.now())));
        assert_eq!(world.audited().await?.last().map(String::as_str), Some("pause_webhook"));

        world.import(&project, &[labelled("s", "b")]).await?;
        world.clock.advance_seconds(100_000);
        assert!(take(&world.services).await?.is_empty());
        let enabled = world.enable(&project, webhook, true).await?;
        assert_eq!((enabled.enabled, enabled.gone_at, enabled.waiting), (true, None, 2));
        for version in [1, 2] {
            let message = take_one(world).await?;
            let body: Value = serde_json::from_str(&message.body)?;
            assert_eq!(body["data"]["version"], version);
            world.services.deliveries().settle(&message, answered(200)).await?;
        }
        assert_eq!(world.webhook_now(&project, webhook).await?.waiting, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_webhook_that_goes_on_is_sent_at_once_what_waits() -> Outcome {
    on_each_database(async |world| {
        let (project, webhook) = published(world).await?;
        for _ in 0..3 {
            let message = take_one(world).await?;
            world.services.deliveries().settle(&message, answered(500)).await?;
            world.clock.advance_seconds(400);
        }
        world.enable(&project, webhook, false).await?;
        assert!(take(&world.services).await?.is_empty());
        world.enable(&project, webhook, true).await?;
        assert_eq!(take(&world.services).await?.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_test_goes_to_one_webhook_and_is_no_event_of_the_project() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let webhook = world.webhook(&project, Some(&[EventKind::TagMoved])).await?.webhook.webhook;
        world.webhook(&project, None).await?;
        let test = world.services.webhooks().test(&Actor::Operator, &project, webhook).await?;
        assert_eq!((test.kind, test.state, test.attempts), (EventKind::WebhookTest, Waiting, 0));
        let message = take_one(world).await?;
        assert_eq!((message.webhook, message.delivery), (webhook, test.delivery));
        let body: Value = serde_json::from_str(&message.body)?;
        assert_eq!((&body["type"], &body["data"]["project"]), (&json!("webhook.test"), &json!("p")));
        let events = world.services.events();
        assert_eq!(events.list(&Actor::Operator, &project, None, PageRequest::default()).await?.items, []);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_manager_sends_a_delivery_again_now() -> Outcome {
    on_each_database(async |world| {
        let (project, webhook) = published(world).await?;
        let retry = async |delivery| {
            world.services.deliveries().retry(&Actor::Operator, &project, webhook, delivery).await
        };
        let first = take_one(world).await?;
        // It is on its way.
        assert_eq!(retry(first.delivery).await?.state, Sending);
        assert!(take(&world.services).await?.is_empty());
        world.services.deliveries().settle(&first, answered(500)).await?;
        assert_eq!(retry(first.delivery).await?.next_attempt_at, Some(world.now()));
        let second = take_one(world).await?;
        world.services.deliveries().settle(&second, answered(200)).await?;
        let again = retry(first.delivery).await?;
        assert_eq!((again.state, again.attempts, again.delivered_at), (Waiting, 2, None));
        assert_eq!(take_one(world).await?.id, first.id);
        Ok(())
    })
    .await
}

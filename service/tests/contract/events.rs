//! What is published: an event is there exactly if the version, or the move of the tag, is.

use crate::support::{
    Outcome, World, code, on_each_database,
    samples::{labelled, predicted},
};
use domain::{
    access::Role,
    id::EventId,
    name::{Slug, TagName, VersionRef},
    problem::Code,
    view::{
        Page, PageRequest,
        publishing::EventView,
        version::{CutInput, RevertInput, TagInput},
    },
};
use serde_json::{Value, json};
use service::{Actor, Result};

/// Everything that was published.
async fn events(world: &World, project: &Slug) -> Result<Vec<EventView>> {
    Ok(page(world, project, None, PageRequest { limit: Some(500), cursor: None }).await?.items)
}

async fn page(
    world: &World,
    project: &Slug,
    after: Option<EventId>,
    request: PageRequest,
) -> Result<Page<EventView>> {
    world.services.events().list(&Actor::Operator, project, after, request).await
}

/// What was published, in short: kinds and what they are about.
async fn told(world: &World, project: &Slug) -> Result<Vec<Value>> {
    let short = |event: EventView| match event.kind.as_str() {
        "tag.moved" => json!([event.data["tag"], event.data["from"], event.data["to"]]),
        kind => json!([kind, event.data["version"], event.data["source"]]),
    };
    Ok(events(world, project).await?.into_iter().map(short).collect())
}

#[tokio::test]
async fn an_event_is_there_exactly_if_its_version_is() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        let cut = async |tag: Option<&str>, parent| {
            let tag = tag.map(TagName::parse).transpose().map_err(service::Error::internal)?;
            let input = CutInput { message: "a cut".to_owned(), tag, parent };
            world.services.versions().cut(&Actor::Operator, &project, input).await
        };
        assert_eq!(code(cut(None, None).await), Code::NothingToCut);
        assert_eq!(told(world, &project).await?, [Value::Null; 0]);
        world.import(&project, &[labelled("old", "a"), predicted("new", 0.5)]).await?;
        world.import(&project, &[labelled("old", "a")]).await?;
        assert_eq!(told(world, &project).await?, [json!(["version.published", 1, "import"])]);

        world.approve(&project, &people, "new", "b").await?;
        assert_eq!(code(cut(Some("prod"), Some(7)).await), Code::ParentMoved);
        assert_eq!(events(world, &project).await?.len(), 1);
        let version = cut(Some("prod"), None).await?;
        let revert = RevertInput { message: "back".to_owned() };
        let first = VersionRef::Number(1);
        world.services.versions().revert(&Actor::Operator, &project, &first, revert).await?;
        let expected = [
            json!(["version.published", 1, "import"]),
            json!(["version.published", 2, "cut"]),
            json!(["prod", null, 2]),
            json!(["version.published", 3, "revert"]),
        ];
        assert_eq!(told(world, &project).await?, expected);

        let event = &events(world, &project).await?[1];
        assert!(event.id.starts_with("evt_"), "{}", event.id);
        assert_eq!(event.created_at, version.created_at);
        assert_eq!(
            event.data,
            json!({
                "project": "p", "version": 2, "parent": 1, "digest": version.digest, "source": "cut",
                "message": "a cut", "created_at": version.created_at, "added": 1, "changed": 0, "removed": 0,
                "confirmed": 0, "labels": 2,
            })
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_version_whose_event_cannot_be_written_is_not_made() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        world.import(&project, &[predicted("s", 0.5)]).await?;
        world.approve(&project, &people, "s", "b").await?;
        let let_in = world.cut_off("events", "NEW.kind = 'version.published'").await?;
        assert!(world.cut(&project).await.is_err());
        assert_eq!(world.number("SELECT COUNT(*) FROM versions").await?, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM events").await?, 0);
        world.execute(&let_in).await?;
        assert_eq!(world.cut(&project).await?, 1);
        assert_eq!(told(world, &project).await?, [json!(["version.published", 1, "cut"])]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_large_import_is_published_once_with_its_last_lines() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let samples: Vec<Value> = (0..2_500).map(|n| labelled(&format!("s{n}"), "a")).collect();
        world.import(&project, &samples).await?;
        assert_eq!(told(world, &project).await?, [json!(["version.published", 1, "import"])]);
        assert_eq!(events(world, &project).await?[0].data["labels"], 2_500);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_tag_is_told_of_when_it_names_something_else() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        for label in ["a", "b"] {
            world.import(&project, &[labelled("s", label)]).await?;
        }
        let tag = TagName::parse("prod")?;
        let set = async |version| {
            world
                .services
                .tags()
                .set(&Actor::Operator, &project, &tag, TagInput { version, protected: None })
                .await
        };
        set(1).await?;
        set(1).await?;
        set(2).await?;
        assert_eq!(code(set(3).await), Code::Invalid);
        world.services.tags().delete(&Actor::Operator, &project, &tag).await?;
        assert_eq!(
            code(world.services.tags().delete(&Actor::Operator, &project, &tag).await),
            Code::NotFound
        );
        let moves = told(world, &project).await?.split_off(2);
        assert_eq!(moves, [json!(["prod", null, 1]), json!(["prod", 1, 2]), json!(["prod", 2, null])]);
        let events = events(world, &project).await?;
        assert_eq!(events[3].data["digest"], events[1].data["digest"]);
        assert_eq!(events[4].data["digest"], Value::Null);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn whoever_missed_events_reads_them_from_the_last_one_seen() -> Outcome {
    on_each_database(async |world| {
        let (project, other) = (world.project("p").await?, world.project("q").await?);
        for label in ["a", "b", "c"] {
            world.import(&project, &[labelled("s", label)]).await?;
            world.import(&other, &[labelled("s", label)]).await?;
        }
        let all: Vec<EventId> = events(world, &project).await?.iter().map(|event| event.event).collect();
        assert_eq!(all.len(), 3);
        let rest = page(world, &project, Some(all[0]), PageRequest::default()).await?;
        assert_eq!(rest.items.iter().map(|event| event.event).collect::<Vec<_>>(), all[1..]);
        assert_eq!(rest.next_cursor, None);

        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            // Whoever follows the cursor may leave the rest of the address as it is.
            let request = PageRequest { limit: Some(1), cursor };
            let page = page(world, &project, Some(EventId(0)), request).await?;
            seen.extend(page.items.into_iter().map(|event| event.event));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, all);
        assert_eq!(page(world, &project, Some(all[2]), PageRequest::default()).await?.items, []);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn reviewers_read_events_and_nobody_changes_them() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[labelled("s", "a")]).await?;
        let rev = world.member(&project, "rev", Role::Reviewer).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let list =
            async |actor| world.services.events().list(actor, &project, None, PageRequest::default()).await;
        assert_eq!(list(&rev).await?.items.len(), 1);
        assert_eq!(code(list(&ann).await), Code::Forbidden);
        assert!(world.execute("UPDATE events SET data = '{}'").await.is_err());
        assert!(world.execute("DELETE FROM events").await.is_err());
        Ok(())
    })
    .await
}

//! Finding samples, challenging what a filter finds, reading and erasing them; the records of uploads.

use super::{
    queue::{choose, claim},
    support::{Outcome, World, code, faults, on_each_database, samples::sample},
};
use domain::{
    access::Role,
    decision::DecisionKind,
    name::Slug,
    problem::Code,
    task::TaskState,
    view::{
        PageRequest,
        sample::{ChallengeInput, SampleFilter},
    },
};
use serde_json::{Value, json};
use service::{Actor, Result, format::Format, usecase::intake::foreign::Dialect};

fn filter(filter: Value) -> Result<SampleFilter> {
    Ok(serde_json::from_value(filter)?)
}

async fn ids(world: &World, project: &Slug, wanted: Value) -> Result<Vec<String>> {
    let page = PageRequest { limit: Some(500), cursor: None };
    let page = world.services.samples().list(&Actor::Operator, project, filter(wanted)?, page).await?;
    Ok(page.items.into_iter().map(|sample| sample.id.into()).collect())
}

/// Three samples of two channels, labelled a, a and b, of which s3 became c in version 2.
async fn three(world: &World) -> Result<Slug> {
    let project = world.project("p").await?;
    let sample = |id: &str, text: &str, channel: &str, label: &str| json!({"id": id, "fields": {"text": text}, "metadata": {"channel": channel}, "label": {"intent": label}});
    let lines = [
        sample("s1", "Große Karte", "chat", "a"),
        sample("s2", "카드가 안 와요", "mail", "a"),
        sample("s3", "lost", "chat", "b"),
    ];
    world.send_samples(&project, &lines).await?;
    world.send_samples(&project, &[sample("s3", "lost", "chat", "c")]).await?;
    Ok(project)
}

#[tokio::test]
async fn filters_find_what_they_say() -> Outcome {
    on_each_database(async |world| {
        let project = three(world).await?;
        for (wanted, expected) in [
            (json!({}), &["s1", "s2", "s3"][..]),
            (json!({"label": {"intent": "a"}}), &["s1", "s2"]),
            (json!({"label": {"intent": "b"}}), &[]),
            (json!({"metadata": {"channel": "chat"}}), &["s1", "s3"]),
            (json!({"metadata": {"channel": "chat"}, "label": {"intent": "c"}}), &["s3"]),
            (json!({"changed_between": ["1", "2"]}), &["s3"]),
            (json!({"changed_between": ["2", "latest"]}), &[]),
            (json!({"schema_revision_below": 2}), &["s1", "s2", "s3"]),
            (json!({"guideline_revision_below": 1}), &[]),
            (json!({"q": "GROSSE"}), &[]),
            (json!({"q": "große"}), &["s1"]),
            (json!({"q": "카드"}), &["s2"]),
            (json!({"q": "S3"}), &["s3"]),
        ] {
            assert_eq!(ids(world, &project, wanted.clone()).await?, expected, "{wanted}");
        }
        let unknown = ids(world, &project, json!({"changed_between": ["1", "9"]})).await;
        assert_eq!(code(unknown), Code::NotFound);
        assert_eq!(code(ids(world, &project, json!({"changed_between": ["0", "1"]})).await), Code::Invalid);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn pages_hold_every_sample_once_also_with_a_filter() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let lines: Vec<Value> = (0..1203)
            .map(|n| json!({"id": format!("s{n:04}"), "fields": {"text": if n % 100 == 7 { "rare" } else { "x" }}}))
            .collect();
        assert_eq!(world.send_samples(&project, &lines).await?.created, 1203);
        for (wanted, limit, expected) in [(json!({}), 500, 1203), (json!({"q": "rare"}), 5, 12)] {
            let mut found = Vec::new();
            let mut request = PageRequest { limit: Some(limit), cursor: None };
            loop {
                let samples = world.services.samples();
                let page =
                    samples.list(&Actor::Operator, &project, filter(wanted.clone())?, request.clone()).await?;
                found.extend(page.items.into_iter().map(|sample| sample.id));
                request.cursor = page.next_cursor;
                if request.cursor.is_none() {
                    break;
                }
            }
            assert_eq!(found.len(), expected);
            assert!(found.is_sorted());
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn challenges_by_filter_and_what_is_wrong_with_them() -> Outcome {
    on_each_database(async |world| {
        let project = three(world).await?;
        let challenge = async |input: Value| {
            let input: ChallengeInput = serde_json::from_value(input)?;
            world.services.challenges().challenge(&Actor::Operator, &project, input).await
        };
        let filter = json!({"filter": {"label": {"intent": "a"}}, "note": "Look again"});
        let challenged = challenge(filter).await?;
        assert_eq!((challenged.matched, challenged.tasks_opened, challenged.already_open), (2, 2, 0));
        let unknown = challenge(json!({"ids": ["s1", "no", "s2", "none"]})).await;
        let expected = ["/ids/1", "/ids/3"].map(|at| (at.to_owned(), Code::UnknownSample));
        assert_eq!(faults(unknown), expected);
        assert_eq!(faults(challenge(json!({})).await), [("/ids".to_owned(), Code::Missing)]);
        let both = challenge(json!({"ids": ["s1"], "filter": {}})).await;
        assert_eq!(faults(both), [("/filter".to_owned(), Code::Invalid)]);
        let twice = challenge(json!({"ids": ["s3", "s3"]})).await?;
        assert_eq!((twice.matched, twice.tasks_opened), (1, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_sample_has_its_whole_history() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        let mut line = json!({"id": "s1", "fields": {"text": "x"}, "label": {"intent": "b"}});
        line["predictions"] = json!([{"model": "m@1", "question": "intent", "probs": {"a": 0.5, "b": 0.5}}]);
        world.send_samples(&project, &[line]).await?;
        world.approve(&project, &people, "s1", "a").await?;
        let sample = world.services.samples().get(&people.reviewer, &project, "s1").await?;
        assert_eq!(json!(sample.label), json!({"intent": "b"}));
        let history: Vec<_> =
            sample.history.iter().map(|entry| (entry.version, json!(entry.label))).collect();
        assert_eq!(history, [(None, json!({"intent": "a"})), (Some(1), json!({"intent": "b"}))]);
        assert_eq!(sample.predictions.len(), 1);
        assert_eq!(sample.tasks[0].state, TaskState::Approved);
        assert_eq!(sample.tasks[0].decisions[0].decision, DecisionKind::Approve);
        assert_eq!(sample.annotations.len(), 1);
        assert_eq!(sample.annotations[0].annotator, "ann@example.org");
        assert_eq!(
            code(world.services.samples().get(&people.annotator, &project, "s1").await),
            Code::Forbidden
        );
        assert_eq!(
            code(world.services.samples().get(&people.reviewer, &project, "s9").await),
            Code::NotFound
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_reviewer_does_not_see_the_answers_to_a_task_that_is_still_open() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({"overlap": 2})).await?;
        world.member(&project, "bob", Role::Annotator).await?;
        let manager = world.member(&project, "mia", Role::Manager).await?;
        world.send_samples(&project, &[json!({"id": "s1", "fields": {"text": "x"}})]).await?;
        world.answer(&project, &people, "s1", "a").await?;
        let seen = |actor| {
            let project = &project;
            async move {
                Ok::<_, service::Error>(
                    world.services.samples().get(actor, project, "s1").await?.annotations.len(),
                )
            }
        };
        assert_eq!((seen(&people.reviewer).await?, seen(&manager).await?), (0, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn erasure_takes_the_content_and_leaves_the_labels() -> Outcome {
    on_each_database(async |world| {
        let project = three(world).await?;
        world.send_feedback(&project, &[json!({"id": "s1", "kind": "wrong", "note": "secret"})]).await?;
        let samples = world.services.samples();
        samples.erase(&Actor::Operator, &project, "s1").await?;
        samples.erase(&Actor::Operator, &project, "s1").await?;
        let sample = samples.get(&Actor::Operator, &project, "s1").await?;
        assert_eq!((sample.fields.is_none(), sample.metadata.len()), (true, 0));
        assert!(sample.erased_at.is_some() && sample.revisions[0].fields.is_none());
        assert_eq!(json!(sample.label), json!({"intent": "a"}));
        assert_eq!(sample.tasks[0].state, TaskState::Superseded);
        assert_eq!(sample.tasks[0].reason.detail, json!({"kind": "wrong"}));
        assert_eq!(world.texts("SELECT detail FROM signals").await?, [r#"{"kind":"wrong"}"#]);
        assert_eq!(ids(world, &project, json!({"q": "karte"})).await?, [""; 0]);

        // Sent again, it is there again.
        let again = json!({"id": "s1", "fields": {"text": "Große Karte"}, "metadata": {"channel": "chat"}});
        let import = world.send_samples(&project, &[again]).await?;
        assert_eq!((import.updated, import.tasks_opened), (1, 1));
        let sample = samples.get(&Actor::Operator, &project, "s1").await?;
        assert_eq!((sample.erased_at, sample.revisions.len()), (None, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn uploads_are_recorded_with_what_they_did() -> Outcome {
    on_each_database(async |world| {
        let project = three(world).await?;
        let imports = world.services.imports();
        world
            .send_predictions(
                &project,
                &[json!({"id": "s1", "model": "m", "question": "intent", "probs": {"a": 1}})],
            )
            .await?;
        let request = PageRequest { limit: Some(2), cursor: None };
        let page = imports.list(&Actor::Operator, &project, request).await?;
        assert_eq!(
            page.items.iter().map(|import| import.kind.as_str()).collect::<Vec<_>>(),
            ["predictions", "samples"]
        );
        assert_eq!((page.items[1].updated, page.items[1].version), (1, Some(2)));
        let rest = PageRequest { limit: Some(2), cursor: page.next_cursor };
        let rest = imports.list(&Actor::Operator, &project, rest).await?;
        assert_eq!((rest.items.len(), rest.items[0].created, rest.next_cursor), (1, 3, None));
        let one = imports.get(&Actor::Operator, &project, rest.items[0].import).await?;
        assert_eq!(one, rest.items[0]);
        let other = world.project("other").await?;
        assert_eq!(code(imports.get(&Actor::Operator, &other, one.import).await), Code::NotFound);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_preview_keeps_nothing() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let spooled = world.spooled("id,text,intent\ns1,hello,a\ns2,,a\n").await?;
        let intake = world.services.intake();
        let preview =
            intake.preview(&Actor::Operator, &project, spooled, Format::Csv, Dialect::Relabel).await?;
        assert_eq!((preview.received, preview.rejected), (2, 1));
        assert_eq!((preview.rows[0].id.as_str(), preview.rows[0].text.as_str()), ("s1", "hello"));
        assert_eq!(preview.rows[0].label.as_deref(), Some(r#"{"intent":"a"}"#));
        assert_eq!(preview.errors[0].code, Code::Empty);
        assert_eq!(world.number("SELECT COUNT(*) FROM samples").await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn only_a_manager_sends_data() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        let spooled = world.spooled("").await?;
        let (format, options) = (Format::Ndjson, service::usecase::intake::SampleOptions::default());
        let sent =
            world.services.intake().samples(&people.reviewer, &project, spooled, format, options).await;
        assert_eq!(code(sent), Code::Forbidden);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nobody_is_asked_about_an_erased_sample_whatever_was_held_or_answered() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let bea = world.member(&project, "bea", Role::Annotator).await?;
        world.import(&project, &[sample("answered"), sample("held")]).await?;
        let claimed = claim(world, &ann, &project, 2).await?;
        world.services.annotations().submit(&ann, &claimed.tasks[0].lease, choose("a")).await?;
        for id in ["answered", "held"] {
            world.services.samples().erase(&Actor::Operator, &project, id).await?;
        }
        assert!(claim(world, &bea, &project, 5).await?.tasks.is_empty());
        let states = world.texts("SELECT state FROM tasks ORDER BY sample_key").await?;
        assert_eq!(states, ["in_review", "superseded"]);
        let late = world.services.annotations().submit(&ann, &claimed.tasks[1].lease, choose("a")).await;
        assert_eq!(code(late), Code::LeaseLost);
        Ok(())
    })
    .await
}

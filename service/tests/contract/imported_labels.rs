//! Imported labels: compared with the label last imported, and with what review made of it since.

use super::support::{
    Outcome, World, on_each_database,
    uploads::{STRICT, ndjson},
};
use domain::{
    decision::DecisionKind,
    name::{Slug, VersionRef},
    problem::Code,
    provenance::{LabelAuthor, VersionSource},
    signal::SignalKind,
    view::{intake::SampleImport, sample::SampleDetail},
};
use serde_json::{Value, json};
use service::{
    Actor, Result,
    format::Format,
    idempotency::{self, Request},
    usecase::intake::{Labels, SampleOptions},
};

/// A sample with this label; `None`: the line says nothing of it.
fn line(id: &str, label: Option<Value>) -> Value {
    let mut line = json!({"id": id, "fields": {"text": format!("text of {id}")}});
    if let (Some(line), Some(label)) = (line.as_object_mut(), label) {
        line.insert("label".to_owned(), label);
    }
    line
}

fn labelled(id: &str, value: &str) -> Value {
    line(id, Some(json!({"intent": value})))
}

async fn detail(world: &World, project: &Slug, id: &str) -> Result<SampleDetail> {
    world.services.samples().get(&Actor::Operator, project, id).await
}

async fn label(world: &World, project: &Slug, id: &str) -> Result<Value> {
    Ok(detail(world, project, id).await?.label.map_or(Value::Null, |label| json!(label)["intent"].clone()))
}

/// Created, updated, unchanged, conflicts, version.
fn counts(import: &SampleImport) -> (i64, i64, i64, i64, Option<i64>) {
    (import.created, import.updated, import.unchanged, import.label_conflicts, import.version)
}

#[tokio::test]
async fn imported_labels_are_the_first_version_and_the_same_file_changes_nothing() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let lines =
            [labelled("s1", "a"), labelled("s2", "b"), line("s3", None), line("s4", Some(Value::Null))];
        let import = world.send_samples(&project, &lines).await?;
        assert_eq!(counts(&import), (4, 0, 0, 0, Some(1)));
        let version = world.services.versions().get(&Actor::Operator, &project, &VersionRef::Latest).await?;
        assert_eq!((version.source, version.added, version.labels), (VersionSource::Import, 2, 2));
        assert_eq!(version.message, format!("Import {}", import.import));
        let history = detail(world, &project, "s1").await?.history;
        assert_eq!(history[0].provenance.decided_by, LabelAuthor::Import);
        assert_eq!((history[0].provenance.annotations, history[0].version), (0, Some(1)));

        let again = world.send_samples(&project, &lines).await?;
        assert_eq!(counts(&again), (0, 0, 4, 0, None));
        assert_eq!(again.tasks_opened, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_label_that_came_from_import_is_replaced_and_removed_by_import() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.send_samples(&project, &[labelled("s1", "a"), labelled("s2", "a")]).await?;
        let import = world.send_samples(&project, &[labelled("s1", "b"), labelled("s2", "a")]).await?;
        assert_eq!(counts(&import), (0, 1, 1, 0, Some(2)));
        assert_eq!(label(world, &project, "s1").await?, "b");
        let history = detail(world, &project, "s1").await?.history;
        assert_eq!(json!(history[0].provenance.previous), json!({"intent": "a"}));
        assert_eq!((history[1].version, history[1].until), (Some(1), Some(2)));

        let absent = world.send_samples(&project, &[line("s1", None)]).await?;
        assert_eq!(counts(&absent), (0, 0, 1, 0, None));
        let removed = world.send_samples(&project, &[line("s1", Some(Value::Null))]).await?;
        assert_eq!(counts(&removed), (0, 1, 0, 0, Some(3)));
        assert_eq!(label(world, &project, "s1").await?, Value::Null);
        let version =
            world.services.versions().get(&Actor::Operator, &project, &VersionRef::Number(3)).await?;
        assert_eq!((version.removed, version.labels), (1, 1));
        let again = world.send_samples(&project, &[line("s1", Some(Value::Null))]).await?;
        assert_eq!(counts(&again), (0, 0, 1, 0, None));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_decision_stays_where_an_import_disagrees() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        let unsure = json!([{"model": "m@1", "question": "intent", "probs": {"a": 0.5, "b": 0.5}}]);
        let mut first = labelled("s1", "a");
        first["predictions"] = unsure;
        world.send_samples(&project, &[first.clone()]).await?;
        world.approve(&project, &people, "s1", "b").await?;
        // Staged only, and so already decided.
        let staged = world.send_samples(&project, &[labelled("s1", "c")]).await?;
        assert_eq!(counts(&staged), (0, 1, 0, 1, None));
        assert_eq!(staged.tasks_opened, 1);
        let sample = detail(world, &project, "s1").await?;
        assert_eq!(sample.tasks[0].reason.kind, SignalKind::ImportConflict);
        assert_eq!(world.cut(&project).await?, 2);
        assert_eq!(label(world, &project, "s1").await?, "b");

        // The same label again is the one last imported, whatever review made of it.
        let again = world.send_samples(&project, &[labelled("s1", "c")]).await?;
        assert_eq!(counts(&again), (0, 0, 1, 0, None));
        // What review decided, sent back, disagrees with nothing.
        let agrees = world.send_samples(&project, &[labelled("s1", "b")]).await?;
        assert_eq!(counts(&agrees), (0, 0, 1, 0, None));
        let removes = world.send_samples(&project, &[line("s1", Some(Value::Null))]).await?;
        assert_eq!(counts(&removes), (0, 1, 0, 1, None));
        assert_eq!(label(world, &project, "s1").await?, "b");

        let options = SampleOptions { labels: Labels::Overwrite, ..STRICT };
        let body = ndjson(&[labelled("s1", "c")]);
        let import = world.send(&project, Format::Ndjson, options, body).await?;
        assert_eq!(counts(&import), (0, 1, 0, 0, Some(3)));
        assert_eq!(label(world, &project, "s1").await?, "c");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_import_leaves_staged_decisions_staged() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        world.send_samples(&project, &[line("s1", None), line("s2", None)]).await?;
        world.approve(&project, &people, "s1", "a").await?;
        let import = world.send_samples(&project, &[labelled("s2", "b")]).await?;
        assert_eq!(counts(&import), (0, 1, 0, 0, Some(1)));
        assert_eq!(label(world, &project, "s1").await?, Value::Null);
        assert_eq!(world.cut(&project).await?, 2);
        assert_eq!(label(world, &project, "s1").await?, "a");
        assert_eq!(label(world, &project, "s2").await?, "b");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_decision_that_was_taken_back_keeps_nothing() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        world.send_samples(&project, &[line("s1", None)]).await?;
        let task = world.approve(&project, &people, "s1", "b").await?;
        world.review(&people, task, DecisionKind::Reopen).await?;
        let import = world.send_samples(&project, &[labelled("s1", "c")]).await?;
        assert_eq!(counts(&import), (0, 1, 0, 0, Some(1)));
        assert_eq!(label(world, &project, "s1").await?, "c");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_upload_that_is_sent_twice_with_one_key_is_kept_once() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let sent = async |key: &str, lines: &[Value]| {
            let request = Request {
                principal: "user 1".to_owned(),
                method: "POST".to_owned(),
                path: "/api/v1/projects/p/samples".to_owned(),
                key: key.to_owned(),
                body_hash: ndjson(lines),
            };
            idempotency::scope(request, world.send_samples(&project, lines)).await
        };
        let lines = [labelled("s1", "a"), line("s2", None)];
        let first = sent("k1", &lines).await?;
        assert_eq!(sent("k1", &lines).await?, first);
        assert_eq!(world.number("SELECT COUNT(*) FROM imports").await?, 1);
        let other = sent("k1", &lines[..1]).await;
        assert_eq!(super::support::code(other), Code::IdempotencyMismatch);
        let wrong = [labelled("s3", "z")];
        let refused = super::support::refusal(sent("k2", &wrong).await);
        assert_eq!(super::support::refusal(sent("k2", &wrong).await), refused);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_refused_upload_makes_no_version() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let refused = world.send_samples(&project, &[labelled("s1", "a"), labelled("s2", "z")]).await;
        assert_eq!(super::support::code(refused), Code::Invalid);
        let latest = world.services.versions().get(&Actor::Operator, &project, &VersionRef::Latest).await;
        assert_eq!(super::support::code(latest), Code::NoVersion);
        Ok(())
    })
    .await
}

//! Uploads that are written in many transactions: what they do is what small ones do, they go on where they stopped, and
//! what they left out can be read.

use super::support::{
    Outcome, World, code, on_each_database,
    uploads::{SKIPPING, STRICT, ndjson},
};
use domain::{
    id::ImportId,
    name::{Slug, VersionRef},
    problem::Code,
    view::{PageRequest, intake::ImportState, project::ProjectPatch},
};
use serde_json::{Value, json};
use service::{Actor, Result, Services, format::Format, idempotency};
use std::{future::poll_fn, pin::pin, task::Poll};

/// More than one transaction takes.
const MANY: usize = 4_500;

fn sample(number: usize, label: &str) -> Value {
    json!({
        "id": format!("s{number:05}"), "fields": {"text": format!("text {number}")}, "label": {"intent": label},
        "predictions": [{"model": "m@1", "question": "intent", "probs": {"a": 0.5, "b": 0.4}}],
    })
}

/// Samples of which every third is labelled b and the others a.
fn many() -> Vec<Value> {
    (0..MANY).map(|number| sample(number, if number % 3 == 0 { "b" } else { "a" })).collect()
}

async fn import(world: &World, project: &Slug, id: i64) -> Result<domain::view::intake::ImportView> {
    world.services.imports().get(&Actor::Operator, project, ImportId(id)).await
}

/// Why it failed or was refused.
fn failed<T>(result: Result<T>) -> Option<Code> {
    result.err().map(|error| error.code())
}

/// Sends many samples to a server that is cut off when it comes to the 3001st: the database refuses that one.
async fn interrupted(world: &World, project: &Slug) -> Outcome {
    let let_in = world.cut_off("samples", "NEW.key = 's03000'").await?;
    let sent = world.send_samples(project, &many()).await;
    world.execute(&let_in).await?;
    assert_eq!(failed(sent), Some(Code::Internal));
    let row = import(world, project, 1).await?;
    assert_eq!((row.state, row.version), (ImportState::Writing, None));
    assert!((1..4_500).contains(&row.created), "{} were written", row.created);
    assert_eq!(world.number("SELECT COUNT(*) FROM samples").await?, row.created);
    Ok(())
}

/// A request with this key.
fn keyed(key: &str) -> idempotency::Request {
    idempotency::Request {
        principal: "user:1".to_owned(),
        method: "POST".to_owned(),
        path: "/samples".to_owned(),
        key: key.to_owned(),
        body_hash: "h".to_owned(),
    }
}

/// A server that goes on with what another left.
async fn resumed(world: &World) -> Result<Services> {
    let server = world.another_server().await?;
    server.intake().resume().await?;
    server.finish_background().await;
    Ok(server)
}

#[tokio::test]
async fn a_large_import_does_what_many_small_ones_do_in_one_version() -> Outcome {
    on_each_database(async |world| {
        let (large, small) = (world.project("large").await?, world.project("small").await?);
        let lines = many();
        let sent = world.send_samples(&large, &lines).await?;
        assert_eq!((sent.received, sent.created, sent.version), (4_500, 4_500, Some(1)));
        assert_eq!(import(world, &large, sent.import).await?.state, ImportState::Done);
        let mut opened = 0;
        for lines in lines.chunks(1_000) {
            opened += world.send_samples(&small, lines).await?.tasks_opened;
        }
        // Which samples the audit takes differs by the project's salt; here every prediction is unsure enough.
        assert_eq!((sent.tasks_opened, opened), (4_500, 4_500));
        let version = world.services.versions().get(&Actor::Operator, &large, &VersionRef::Number(1)).await?;
        assert_eq!((version.added, version.labels), (4_500, 4_500));

        let again = world.send_samples(&large, &lines).await?;
        assert_eq!((again.unchanged, again.version, again.tasks_opened), (4_500, None, 0));
        let changed: Vec<Value> = (0..MANY).map(|number| sample(number, "a")).collect();
        let changed = world.send_samples(&large, &changed).await?;
        assert_eq!((changed.updated, changed.unchanged, changed.version), (1_500, 3_000, Some(2)));
        let version = world.services.versions().get(&Actor::Operator, &large, &VersionRef::Number(2)).await?;
        assert_eq!((version.changed, version.labels), (1_500, 4_500));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_interrupted_import_goes_on_with_another_server_and_its_version_comes_last() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        interrupted(world, &project).await?;
        let none = world.services.versions().get(&Actor::Operator, &project, &VersionRef::Latest).await;
        assert_eq!(code(none), Code::NoVersion);
        resumed(world).await?;
        let done = import(world, &project, 1).await?;
        assert_eq!((done.state, done.created, done.version), (ImportState::Done, 4_500, Some(1)));
        assert_eq!(world.number("SELECT COUNT(*) FROM samples").await?, 4_500);
        assert_eq!(world.number("SELECT COUNT(*) FROM tasks").await?, 4_500);
        assert_eq!(world.number("SELECT COUNT(*) FROM labels WHERE from_version = 1").await?, 4_500);
        assert_eq!(world.audited().await?.iter().filter(|action| *action == "import_samples").count(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn while_an_import_waits_to_go_on_no_version_is_made_and_the_schema_stays() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let before = world.services.projects().get(&Actor::Operator, &project).await?;
        interrupted(world, &project).await?;
        assert_eq!(
            failed(world.send_samples(&project, &[sample(9_999, "a")]).await),
            Some(Code::Unavailable)
        );
        assert_eq!(failed(world.send_samples(&project, &many()).await), Some(Code::Unavailable));
        let mut schema = before.schema.clone();
        schema.questions[0].title = Some("Another title".to_owned());
        let patch = ProjectPatch { rev: before.rev, schema: Some(schema), ..ProjectPatch::default() };
        let patched = world.services.projects().update(&Actor::Operator, &project, patch.clone()).await;
        assert_eq!(failed(patched), Some(Code::Unavailable));
        // What says no label needs no version.
        let unlabelled = json!({"id": "x", "fields": {"text": "x"}});
        assert_eq!(world.send_samples(&project, &[unlabelled]).await?.created, 1);
        resumed(world).await?;
        world.services.projects().update(&Actor::Operator, &project, patch).await?;
        assert_eq!(world.send_samples(&project, &[sample(9_999, "a")]).await?.version, Some(2));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_import_whose_file_is_gone_ends_with_what_was_written() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        interrupted(world, &project).await?;
        world.delete_spools()?;
        // Another server of the same PostgreSQL might have the file, and is given an hour to show itself.
        world.clock.advance_seconds(3_601);
        resumed(world).await?;
        assert_eq!(import(world, &project, 1).await?.state, ImportState::CutShort);
        let sent = world.send_samples(&project, &many()).await?;
        assert_eq!(sent.created + sent.unchanged, 4_500);
        assert!(sent.unchanged > 0 && sent.version == Some(2), "{sent:?}");
        assert_eq!(world.number("SELECT COUNT(*) FROM labels WHERE until_version IS NULL").await?, 4_500);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_large_import_with_a_key_is_answered_once() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let send = || async {
            let lines = many();
            idempotency::scope(keyed("k"), world.send_samples(&project, &lines)).await
        };
        let first = send().await?;
        assert_eq!(first.created, 4_500);
        assert_eq!(send().await?, first);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_was_left_out_can_be_read_page_by_page() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let mut lines = many();
        lines[10] = json!({"id": "s00003", "fields": {"text": "the id of line 4 again"}});
        lines[4_400] = json!({"id": "wrong", "fields": {}});
        let body = format!("{}not json\n", ndjson(&lines));
        let sent = world.send(&project, Format::Ndjson, SKIPPING, body.clone()).await?;
        assert_eq!((sent.received, sent.created, sent.rejected), (4_501, 4_498, 3));
        let (imports, id) = (world.services.imports(), ImportId(sent.import));
        let page =
            |cursor| imports.rejected(&Actor::Operator, &project, id, PageRequest { limit: Some(2), cursor });
        let first = page(None).await?;
        let second = page(first.next_cursor.clone()).await?;
        let found: Vec<_> = first.items.iter().chain(&second.items).collect();
        assert_eq!(found.iter().map(|line| line.line).collect::<Vec<_>>(), [11, 4_401, 4_501]);
        assert_eq!(found[0].errors[0].code, Code::DuplicateId);
        assert_eq!(found[0].errors[0].detail, "the id is on line 4 already");
        assert_eq!(found[1].record, Some(json!({"id": "wrong", "fields": {}})));
        assert_eq!((found[2].record.clone(), found[2].errors[0].code), (None, Code::Malformed));
        assert_eq!(second.next_cursor, None);

        let refused = world.send(&project, Format::Ndjson, STRICT, body).await;
        assert_eq!(code(refused), Code::Invalid);
        Ok(())
    })
    .await
}

/// What the work came to, if it needed no more polls than these; otherwise it was dropped in the middle.
async fn polled<T>(polls: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(|context| {
        left -= 1;
        match work.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[tokio::test]
async fn an_import_whose_sender_hangs_up_is_written_whole_or_not_at_all() -> Outcome {
    on_each_database(async |world| {
        let lines = &many()[..2_500];
        let intake = world.services.intake();
        let send = async |project: &Slug, spooled| {
            let sent = intake.samples(&Actor::Operator, project, spooled, Format::Ndjson, STRICT);
            // Every other one has a key.
            match project.as_str().ends_with(['1', '3', '5', '7', '9']) {
                true => idempotency::scope(keyed(project.as_str()), sent).await,
                false => sent.await,
            }
        };
        let first = world.project("p0").await?;
        let recorded = async {
            while world.number("SELECT COUNT(*) FROM imports").await? == 0 {}
            Result::Ok(())
        };
        tokio::select! {
            biased;
            recorded = recorded => recorded?,
            sent = send(&first, world.spooled(ndjson(lines)).await?) => drop(sent?),
        }
        let mut projects = vec![first];
        // Each time the request lives a little longer, until it has heard what became of it.
        for polls in 1.. {
            let project = world.project(&format!("p{polls}")).await?;
            projects.push(project.clone());
            let spooled = world.spooled(ndjson(lines)).await?;
            if polled(polls, send(&project, spooled)).await.is_some() {
                break;
            }
        }
        world.services.finish_background().await;
        world.services.intake().resume().await?;
        world.services.finish_background().await;
        let mut written = 0;
        for project in &projects {
            let records =
                world.services.imports().list(&Actor::Operator, project, PageRequest::default()).await?;
            let states: Vec<_> = records.items.iter().map(|record| (record.state, record.created)).collect();
            assert!(states.is_empty() || states == [(ImportState::Done, 2_500)], "{project}: {states:?}");
            written += 2_500 * i64::try_from(states.len())?;
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM samples").await?, written);
        assert!(written >= 5_000, "at least one hung up when it was recorded, and one did not");
        assert_eq!(world.spools()?, 0, "no file is left");
        Ok(())
    })
    .await
}

//! Uploads of predictions and reports that are written in many transactions: what they do is what small ones do.

use super::support::{
    Outcome, World, faults, on_each_database,
    samples::prediction,
    uploads::{SKIPPING, ndjson},
};
use domain::{
    id::ImportId,
    name::Slug,
    problem::Code,
    view::{PageRequest, intake::ImportState},
};
use serde_json::{Value, json};
use service::{Actor, Result, format::Format};

/// More than one transaction takes.
const MANY: usize = 4_500;

fn id(number: usize) -> String {
    format!("s{number:05}")
}

/// A project whose samples nobody knows anything of, so that each is queued as unlabelled.
async fn unknown(world: &World) -> Result<Slug> {
    let queue = json!({"audit_rate": 0.0});
    let project = world.project_with("p", json!({ "queue": queue })).await?;
    let samples: Vec<Value> =
        (0..MANY).map(|number| json!({"id": id(number), "fields": {"text": "x"}})).collect();
    world.send_samples(&project, &samples).await?;
    Ok(project)
}

/// Predictions of which every third is sure and the others are not.
fn many() -> Vec<Value> {
    let probability = |number: usize| if number.is_multiple_of(3) { 0.99 } else { 0.5 };
    (0..MANY).map(|number| prediction(&id(number), "m@1", probability(number))).collect()
}

async fn record(world: &World, project: &Slug, id: i64) -> Result<domain::view::intake::ImportView> {
    world.services.imports().get(&Actor::Operator, project, ImportId(id)).await
}

#[tokio::test]
async fn many_predictions_rank_the_queue_anew_and_close_what_is_sure() -> Outcome {
    on_each_database(async |world| {
        let project = unknown(world).await?;
        let sent = world.send_predictions(&project, &many()).await?;
        assert_eq!((sent.received, sent.created, sent.updated), (4_500, 4_500, 0));
        assert_eq!((sent.tasks_opened, sent.tasks_superseded), (0, 1_500));
        let ranked =
            "SELECT COUNT(*) FROM tasks WHERE state = 'open' AND reason_kind = 'prediction_uncertain'";
        assert_eq!(world.number(ranked).await?, 3_000);
        let again = world.send_predictions(&project, &many()).await?;
        assert_eq!((again.created, again.updated, again.tasks_superseded), (0, 0, 0));
        let record = record(world, &project, 3).await?;
        assert_eq!((record.kind.as_str(), record.state), ("predictions", ImportState::Done));
        assert_eq!(record.unchanged, 4_500, "its record says so");
        let audited = world.audited().await?;
        assert_eq!(audited.iter().filter(|action| *action == "import_predictions").count(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_predictions_with_a_wrong_one_are_refused_whole_or_written_without_it() -> Outcome {
    on_each_database(async |world| {
        let project = unknown(world).await?;
        let mut lines = many();
        lines[2_900] = prediction("nobody", "m@1", 0.5);
        lines[3_500] = prediction(&id(3), "m@1", 0.5);
        lines[4_000]["probs"] = json!({"a": 2});
        let wrong = [
            ("/id".to_owned(), Code::UnknownSample),
            ("/id".to_owned(), Code::DuplicateId),
            ("/probs/a".to_owned(), Code::InvalidProbability),
        ];
        assert_eq!(faults(world.send_predictions(&project, &lines).await), wrong);
        assert_eq!(world.number("SELECT COUNT(*) FROM predictions").await?, 0);

        let spooled = world.spooled(ndjson(&lines)).await?;
        let intake = world.services.intake();
        let on_error = SKIPPING.on_error;
        let sent = intake.predictions(&Actor::Operator, &project, spooled, Format::Ndjson, on_error).await?;
        assert_eq!((sent.received, sent.created, sent.rejected), (4_500, 4_497, 3));
        let request = PageRequest::default();
        let rejected =
            world.services.imports().rejected(&Actor::Operator, &project, ImportId(2), request).await?;
        let rejected: Vec<_> =
            rejected.items.into_iter().map(|line| (line.line, line.record, line.errors[0].code)).collect();
        let expected =
            [(2_901, Code::UnknownSample), (3_501, Code::DuplicateId), (4_001, Code::InvalidProbability)];
        let expected: Vec<_> = expected
            .into_iter()
            .map(|(line, code)| (line as i64, Some(lines[line - 1].clone()), code))
            .collect();
        assert_eq!(rejected, expected);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn of_two_models_in_one_upload_the_later_counts_and_the_same_again_changes_nothing() -> Outcome {
    on_each_database(async |world| {
        let project = unknown(world).await?;
        // The first is sure of all and would close every task; each sample's second comes many lines later.
        let models = |model: &str, probability: f64| -> Vec<Value> {
            (0..MANY).map(|number| prediction(&id(number), model, probability)).collect()
        };
        let lines = [models("m@1", 0.99), models("m@2", 0.5)].concat();
        let sent = world.send_predictions(&project, &lines).await?;
        assert_eq!((sent.created, sent.updated, sent.tasks_opened, sent.tasks_superseded), (9_000, 0, 0, 0));
        let again = world.send_predictions(&project, &lines).await?;
        assert_eq!((again.created, again.updated, again.tasks_opened, again.tasks_superseded), (0, 0, 0, 0));
        // The first is newer now, and the second the newest again.
        let mut changed = lines.clone();
        changed[0] = prediction(&id(0), "m@1", 0.9);
        let sent = world.send_predictions(&project, &changed).await?;
        assert_eq!((sent.created, sent.updated, sent.tasks_superseded), (0, 2, 0));
        let newest = "SELECT COUNT(*) FROM predictions p WHERE p.model = 'm@2' AND p.id =
                      (SELECT MAX(x.id) FROM predictions x WHERE x.sample_id = p.sample_id)";
        assert_eq!(world.number(newest).await?, 4_500);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn predictions_whose_server_was_cut_off_go_on_with_another() -> Outcome {
    on_each_database(async |world| {
        let project = unknown(world).await?;
        let let_in = world.cut_off("predictions", "NEW.model = 'm@2'").await?;
        let mut lines = many();
        lines[100] = prediction("nobody", "m@1", 0.5);
        lines[3_000] = prediction(&id(3_000), "m@2", 0.5);
        lines[4_000] = prediction("late", "m@1", 0.5);
        let spooled = world.spooled(ndjson(&lines)).await?;
        let intake = world.services.intake();
        let on_error = SKIPPING.on_error;
        let sent = intake.predictions(&Actor::Operator, &project, spooled, Format::Ndjson, on_error).await;
        assert!(sent.is_err());
        world.execute(&let_in).await?;
        world.send_samples(&project, &[json!({"id": "late", "fields": {"text": "x"}})]).await?;
        let written = record(world, &project, 2).await?;
        assert_eq!(written.state, ImportState::Writing);
        assert!((1..4_500).contains(&written.created), "{} were written", written.created);
        let server = world.another_server().await?;
        server.intake().resume().await?;
        server.finish_background().await;
        let done = record(world, &project, 2).await?;
        assert_eq!(done.state, ImportState::Done);
        // By then the sample of one line had come that had been missing.
        assert_eq!((done.received, done.created, done.rejected), (4_500, 4_499, 1));
        assert_eq!(world.number("SELECT COUNT(*) FROM predictions").await?, 4_499);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_reports_open_a_task_for_each_sample_also_with_another_server() -> Outcome {
    on_each_database(async |world| {
        let project = unknown(world).await?;
        world.send_predictions(&project, &many()).await?;
        let let_in = world.cut_off("signals", "NEW.detail LIKE '%cut off%'").await?;
        // Every sure sample, twice.
        let mut reports: Vec<Value> = (0..2 * MANY)
            .map(|number| number % MANY)
            .filter(|number| number.is_multiple_of(3))
            .map(|number| json!({"id": id(number), "kind": "wrong"}))
            .collect();
        reports[2_900]["note"] = json!("cut off here");
        assert!(world.send_feedback(&project, &reports).await.is_err());
        world.execute(&let_in).await?;
        let server = world.another_server().await?;
        server.intake().resume().await?;
        server.finish_background().await;
        let record = record(world, &project, 3).await?;
        assert_eq!((record.kind.as_str(), record.state), ("feedback", ImportState::Done));
        assert_eq!((record.received, record.created, record.tasks_opened), (3_000, 3_000, 1_500));
        Ok(())
    })
    .await
}

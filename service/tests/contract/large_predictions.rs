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
async fn predictions_whose_server_was_cut_off_go_on_with_another() -> Outcome {
    on_each_database(async |world| {
        let project = unknown(world).await?;
        let let_in = world.cut_off("predictions", "NEW.model = 'm@2'").await?;
        let mut lines = many();
        lines[3_000] = prediction(&id(3_000), "m@2", 0.5);
        assert!(world.send_predictions(&project, &lines).await.is_err());
        world.execute(&let_in).await?;
        let written = record(world, &project, 2).await?;
        assert_eq!(written.state, ImportState::Writing);
        assert!((1..4_500).contains(&written.created), "{} were written", written.created);
        let server = world.another_server().await?;
        server.intake().resume().await?;
        server.finish_background().await;
        let done = record(world, &project, 2).await?;
        assert_eq!((done.state, done.created), (ImportState::Done, 4_500));
        assert_eq!(world.number("SELECT COUNT(*) FROM predictions").await?, 4_500);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_reports_open_a_task_for_each_sample() -> Outcome {
    on_each_database(async |world| {
        let project = unknown(world).await?;
        world.send_predictions(&project, &many()).await?;
        // Every sure sample, twice.
        let reports: Vec<Value> = (0..2 * MANY)
            .map(|number| number % MANY)
            .filter(|number| number.is_multiple_of(3))
            .map(|number| json!({"id": id(number), "kind": "wrong"}))
            .collect();
        let sent = world.send_feedback(&project, &reports).await?;
        assert_eq!((sent.received, sent.tasks_opened, sent.rejected), (3_000, 1_500, 0));
        let record = record(world, &project, 3).await?;
        assert_eq!((record.kind.as_str(), record.created), ("feedback", 3_000));
        Ok(())
    })
    .await
}

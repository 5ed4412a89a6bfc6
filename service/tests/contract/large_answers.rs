//! Uploads of people's answers that are written in many transactions: what they do is what small ones do, whatever the order
//! of the lines, and they go on where they stopped.

use super::{
    imported_answers::answer,
    support::{Outcome, World, on_each_database, samples::sample},
};
use domain::{
    access::Role,
    id::ImportId,
    name::Slug,
    view::intake::{ImportState, ImportView},
};
use serde_json::{Value, json};
use service::{Actor, Result};

/// With three people's answers, more than one transaction takes.
const SAMPLES: usize = 1_500;

async fn project(world: &World) -> Result<Slug> {
    let queue = json!({"audit_rate": 0.0, "overlap": 2});
    let review = json!({"require": "conflicts", "sample_rate": 0.0});
    let project = world.project_with("p", json!({"queue": queue, "review": review})).await?;
    let samples: Vec<Value> = (0..SAMPLES).map(|number| sample(&format!("s{number:04}"))).collect();
    world.send_samples(&project, &samples).await?;
    Ok(project)
}

/// The third person's answers come last, and every third of them differs.
fn lines() -> Vec<Value> {
    let value = |person: usize, number: usize| {
        if person == 2 && number.is_multiple_of(3) { "b" } else { "a" }
    };
    (0..3)
        .flat_map(|person| (0..SAMPLES).map(move |number| (person, number)))
        .map(|(person, number)| {
            answer(&format!("s{number:04}"), ["x", "y", "z"][person], value(person, number))
        })
        .collect()
}

async fn record(world: &World, project: &Slug, id: i64) -> Result<ImportView> {
    world.services.imports().get(&Actor::Operator, project, ImportId(id)).await
}

/// All three answers count on one task of each sample, which the policy approved once and for all, or left to review.
async fn assert_whole(world: &World) -> Outcome {
    assert_eq!(world.number("SELECT COUNT(*) FROM annotations").await?, 4_500);
    let uneven = "SELECT COUNT(*) FROM (SELECT t.id FROM tasks t JOIN slots s ON s.task_id = t.id
                  AND s.annotation_id IS NOT NULL GROUP BY t.id, t.slots HAVING COUNT(*) <> 3 OR t.slots <> 3)
                  AS uneven";
    assert_eq!(world.number(uneven).await?, 0);
    let states = |state: &str| format!("SELECT COUNT(*) FROM tasks WHERE state = '{state}'");
    assert_eq!(world.number(&states("in_review")).await?, 500);
    assert_eq!(world.number(&states("approved")).await?, 1_000);
    assert_eq!(world.number("SELECT COUNT(*) FROM tasks").await?, 1_500);
    Ok(())
}

#[tokio::test]
async fn a_task_waits_for_all_that_the_file_has_about_its_sample() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let sent = world.send_answers(&project, &lines()).await?;
        assert_eq!((sent.received, sent.created, sent.repeated), (4_500, 4_500, 0));
        assert_eq!((sent.tasks_opened, sent.tasks_settled), (0, 1_500));
        assert_whole(world).await?;
        assert_eq!(world.number("SELECT COUNT(*) FROM decisions").await?, 1_000, "none was taken back");
        let again = world.send_answers(&project, &lines()).await?;
        assert_eq!((again.created, again.repeated, again.tasks_opened), (0, 4_500, 0));
        assert_eq!(again.errors.len(), 100);
        assert_whole(world).await?;
        assert_eq!(world.number("SELECT COUNT(*) FROM import_rejects").await?, 4_500);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn answers_whose_server_was_cut_off_go_on_with_another() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        let let_in = world.cut_off("annotations", "NEW.note = 'cut off'").await?;
        let mut lines = lines();
        lines[3_900]["note"] = json!("cut off");
        assert!(world.send_answers(&project, &lines).await.is_err());
        world.execute(&let_in).await?;
        let written = record(world, &project, 2).await?;
        assert_eq!(written.state, ImportState::Writing);
        assert!((1..4_500).contains(&written.created), "{} were written", written.created);
        let server = world.another_server().await?;
        server.intake().resume().await?;
        server.finish_background().await;
        let done = record(world, &project, 2).await?;
        assert_eq!((done.state, done.kind.as_str()), (ImportState::Done, "annotations"));
        assert_eq!((done.received, done.created, done.unchanged, done.rejected), (4_500, 4_500, 0, 0));
        assert_whole(world).await
    })
    .await
}

#[tokio::test]
async fn answers_whose_file_is_gone_leave_no_task_waiting_and_may_be_sent_again() -> Outcome {
    on_each_database(async |world| {
        let project = project(world).await?;
        // Somebody could give the answers that are missing.
        world.member(&project, "ann", Role::Annotator).await?;
        let let_in = world.cut_off("annotations", "NEW.note = 'cut off'").await?;
        let mut lines = lines();
        lines[3_900]["note"] = json!("cut off");
        assert!(world.send_answers(&project, &lines).await.is_err());
        world.execute(&let_in).await?;
        world.delete_spools()?;
        // Another server of the same PostgreSQL might have the file, and is given an hour to show itself.
        world.clock.advance_seconds(3_601);
        let server = world.another_server().await?;
        server.intake().resume().await?;
        server.finish_background().await;
        let cut = record(world, &project, 2).await?;
        assert_eq!(cut.state, ImportState::CutShort);
        let full = "SELECT COUNT(*) FROM tasks t WHERE t.state = 'open' AND t.slots <=
                    (SELECT COUNT(*) FROM slots s WHERE s.task_id = t.id AND s.annotation_id IS NOT NULL)";
        assert_eq!(world.number(full).await?, 0, "nobody waits for what does not come");
        world.clock.advance_seconds(1);
        let sent = world.send_answers(&project, &lines).await?;
        assert_eq!(sent.created + cut.created, 4_500);
        assert_whole(world).await
    })
    .await
}

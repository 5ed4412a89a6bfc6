//! Which samples stand in the queue, and why, as data arrives and decisions are made.

use super::support::{Outcome, World, deciding::People, on_each_database, samples::prediction};
use domain::{
    decision::DecisionKind,
    name::Slug,
    signal::SignalKind,
    task::TaskState,
    view::sample::{ChallengeInput, SampleTask},
};
use serde_json::{Value, json};
use service::{Actor, Result};

fn sample(id: &str, text: &str) -> Value {
    json!({"id": id, "fields": {"text": text}})
}

/// The newest task of a sample.
async fn task(world: &World, project: &Slug, id: &str) -> Result<Option<SampleTask>> {
    Ok(world.services.samples().get(&Actor::Operator, project, id).await?.tasks.into_iter().next())
}

/// State and reason of the newest task of a sample.
async fn stands(world: &World, project: &Slug, id: &str) -> Result<Option<(TaskState, SignalKind)>> {
    Ok(task(world, project, id).await?.map(|task| (task.state, task.reason.kind)))
}

/// A sample that was decided, with its first prediction by `m@1`.
async fn decided(world: &World, project: &Slug, people: &People, kind: DecisionKind) -> Result<()> {
    world.send_samples(project, &[sample("s1", "x")]).await?;
    world.send_predictions(project, &[prediction("s1", "m@1", 0.5)]).await?;
    let task = world.answer(project, people, "s1", "a").await?;
    world.review(people, task, kind).await
}

#[tokio::test]
async fn a_signal_at_the_threshold_opens_a_task_and_one_below_closes_it() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let import = world.send_samples(&project, &[sample("s1", "x"), sample("s2", "y")]).await?;
        assert_eq!(import.tasks_opened, 2);
        assert_eq!(stands(world, &project, "s1").await?, Some((TaskState::Open, SignalKind::Unlabelled)));

        // 1 − (0.75 − 0.25) is exactly the threshold.
        let sent = [prediction("s1", "m@1", 0.75), prediction("s2", "m@1", 0.9)];
        let import = world.send_predictions(&project, &sent).await?;
        assert_eq!((import.created, import.updated), (2, 0));
        assert_eq!((import.tasks_opened, import.tasks_superseded), (0, 1));
        let ranked = task(world, &project, "s1").await?.ok_or("no task")?;
        assert_eq!((ranked.state, ranked.reason.kind), (TaskState::Open, SignalKind::PredictionUncertain));
        assert_eq!(ranked.reason.detail["first"], "a");
        assert_eq!(
            stands(world, &project, "s2").await?,
            Some((TaskState::Superseded, SignalKind::Unlabelled))
        );

        let again = world.send_predictions(&project, &sent).await?;
        assert_eq!((again.created, again.updated, again.tasks_opened), (0, 0, 0));
        let newer = world.send_predictions(&project, &[prediction("s2", "m@2", 0.5)]).await?;
        assert_eq!((newer.created, newer.tasks_opened), (1, 1));
        // An older model's prediction sent again is the newest once more.
        let older = world.send_predictions(&project, &[prediction("s2", "m@1", 0.9)]).await?;
        assert_eq!((older.updated, older.tasks_superseded), (1, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_models_in_one_upload_sent_again_change_nothing() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let mut line = sample("s1", "x");
        line["predictions"] = json!([
            {"model": "m@1", "question": "intent", "probs": {"a": 0.9}},
            {"model": "m@2", "question": "intent", "probs": {"a": 0.5, "b": 0.5}}]);
        let first = world.send_samples(&project, &[line.clone()]).await?;
        assert_eq!((first.created, first.tasks_opened), (1, 1));
        let again = world.send_samples(&project, &[line]).await?;
        assert_eq!((again.unchanged, again.tasks_opened), (1, 0));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_target_says_whose_errors_are_looked_for() -> Outcome {
    on_each_database(async |world| {
        let queue = json!({"queue": {"target": "label", "audit_rate": 0.0}});
        let project = world.project_with("p", queue).await?;
        let mut line = sample("s1", "x");
        line["label"] = json!({"intent": "b"});
        line["predictions"] =
            json!([{"model": "m@1", "question": "intent", "probs": {"a": 0.75, "b": 0.25}}]);
        assert_eq!(world.send_samples(&project, &[line]).await?.tasks_opened, 1);
        let task = task(world, &project, "s1").await?.ok_or("no task")?;
        assert_eq!((task.reason.kind, task.reason.score), (SignalKind::LabelSuspect, 0.75));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn changed_content_opens_a_task_of_its_own_unless_somebody_is_at_it() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        world.send_samples(&project, &[sample("s1", "x"), sample("s2", "y")]).await?;
        let held = world.claim(&project, &people, "s2").await?;
        let import = world.send_samples(&project, &[sample("s1", "x!"), sample("s2", "y!")]).await?;
        assert_eq!((import.updated, import.tasks_opened), (2, 1));
        let detail = world.services.samples().get(&Actor::Operator, &project, "s1").await?;
        let states: Vec<TaskState> = detail.tasks.iter().map(|task| task.state).collect();
        assert_eq!(states, [TaskState::Open, TaskState::Superseded]);
        assert_eq!(detail.revisions.len(), 2);
        // The holder still sees what they were given.
        let again = world.services.queue().held(&people.annotator, &project).await?;
        assert_eq!(again.tasks[0].lease, held.lease);
        assert_eq!(json!(again.tasks[0].sample.fields), json!({"text": "y"}));

        // The first content again is the first revision again.
        world.send_samples(&project, &[sample("s1", "x")]).await?;
        let detail = world.services.samples().get(&Actor::Operator, &project, "s1").await?;
        assert_eq!((json!(detail.fields), detail.revisions.len()), (json!({"text": "x"}), 2));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_held_task_stays_when_its_signals_fall_and_a_report_moves_it_forward() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        world.send_samples(&project, &[sample("s1", "x")]).await?;
        world.claim(&project, &people, "s1").await?;
        let import = world.send_predictions(&project, &[prediction("s1", "m@1", 1.0)]).await?;
        assert_eq!(import.tasks_superseded, 0);
        assert_eq!(stands(world, &project, "s1").await?, Some((TaskState::Open, SignalKind::Unlabelled)));
        let report = json!({"id": "s1", "kind": "unsure", "note": "odd"});
        assert_eq!(world.send_feedback(&project, &[report]).await?.tasks_opened, 0);
        let raised = task(world, &project, "s1").await?.ok_or("no task")?;
        assert_eq!((raised.reason.kind, raised.reason.score), (SignalKind::UserReport, 0.5));
        assert_eq!(raised.reason.detail["note"], "odd");

        // The lease expires, and still the report is a reason.
        world.clock.advance_seconds(1000);
        world.send_predictions(&project, &[prediction("s1", "m@1", 0.99)]).await?;
        assert_eq!(stands(world, &project, "s1").await?, Some((TaskState::Open, SignalKind::UserReport)));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_report_opens_a_task_whatever_the_threshold() -> Outcome {
    on_each_database(async |world| {
        let project =
            world.project_with("p", json!({"queue": {"threshold": 1.0, "audit_rate": 0.0}})).await?;
        world.send_samples(&project, &[sample("s1", "x")]).await?;
        world.send_predictions(&project, &[prediction("s1", "m@1", 0.8)]).await?;
        assert_eq!(
            stands(world, &project, "s1").await?,
            Some((TaskState::Superseded, SignalKind::Unlabelled))
        );
        let twice =
            [json!({"id": "s1", "kind": "unsure"}), json!({"id": "s1", "kind": "wrong", "note": null})];
        let import = world.send_feedback(&project, &twice).await?;
        assert_eq!((import.received, import.tasks_opened), (2, 1));
        let task = task(world, &project, "s1").await?.ok_or("no task")?;
        assert_eq!((task.reason.kind, task.reason.score), (SignalKind::UserReport, 1.0));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_uncertain_prediction_brings_no_decided_sample_back() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({"target": "both"})).await?;
        decided(world, &project, &people, DecisionKind::Approve).await?;
        world.cut(&project).await?;
        let import = world.send_predictions(&project, &[prediction("s1", "m@1", 0.45)]).await?;
        assert_eq!((import.updated, import.tasks_opened), (1, 0));
        // A model first seen after the decision doubts the label.
        let import = world.send_predictions(&project, &[prediction("s1", "m@2", 0.25)]).await?;
        assert_eq!(import.tasks_opened, 1);
        assert_eq!(stands(world, &project, "s1").await?, Some((TaskState::Open, SignalKind::LabelSuspect)));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_dismissed_sample_comes_back_for_a_report_alone() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        decided(world, &project, &people, DecisionKind::Dismiss).await?;
        let import = world.send_predictions(&project, &[prediction("s1", "m@1", 0.45)]).await?;
        assert_eq!(import.tasks_opened, 0);
        let report = json!({"id": "s1", "kind": "wrong"});
        assert_eq!(world.send_feedback(&project, &[report]).await?.tasks_opened, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_audit_slice_is_queued_whatever_its_signals() -> Outcome {
    on_each_database(async |world| {
        let project = world.project_with("p", json!({"queue": {"audit_rate": 1.0}})).await?;
        let mut line = sample("s1", "x");
        line["predictions"] = json!([{"model": "m@1", "question": "intent", "probs": {"a": 1.0}}]);
        assert_eq!(world.send_samples(&project, &[line]).await?.tasks_opened, 1);
        assert_eq!(stands(world, &project, "s1").await?, Some((TaskState::Open, SignalKind::Audit)));
        assert_eq!(world.number("SELECT COUNT(*) FROM tasks WHERE audit_rank IS NOT NULL").await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_challenge_opens_a_task_on_a_decided_sample() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        decided(world, &project, &people, DecisionKind::Approve).await?;
        let input = || ChallengeInput { ids: Some(vec!["s1".to_owned()]), ..ChallengeInput::default() };
        let challenged = world.services.challenges().challenge(&people.reviewer, &project, input()).await?;
        assert_eq!((challenged.matched, challenged.tasks_opened, challenged.already_open), (1, 1, 0));
        assert_eq!(stands(world, &project, "s1").await?, Some((TaskState::Open, SignalKind::Challenge)));
        let again = world.services.challenges().challenge(&people.reviewer, &project, input()).await?;
        assert_eq!((again.matched, again.tasks_opened, again.already_open), (1, 0, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_report_on_a_task_in_review_is_seen_by_the_reviewer() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        world.send_samples(&project, &[sample("s1", "x")]).await?;
        world.answer(&project, &people, "s1", "a").await?;
        world.send_feedback(&project, &[json!({"id": "s1", "kind": "wrong"})]).await?;
        let stands = stands(world, &project, "s1").await?;
        assert_eq!(stands, Some((TaskState::InReview, SignalKind::UserReport)));
        Ok(())
    })
    .await
}

//! The scores that a project may choose: which samples each takes into the queue, in which order, and that a change
//! sorts the queue anew.

use super::support::{Outcome, World, code, on_each_database};
use domain::{
    name::Slug,
    problem::Code,
    signal::{Reason, SignalKind},
    view::project::ProjectPatch,
};
use serde_json::{Value, json};
use service::{Actor, Result};

/// A sample with these probabilities of the three options.
fn sample(id: &str, probs: [f64; 3], label: Option<&str>) -> Value {
    let mut sample = json!({
        "id": id, "fields": {"text": id},
        "predictions": [{"model": "m@1", "question": "intent",
                         "probs": {"a": probs[0], "b": probs[1], "c": probs[2]}}],
    });
    if let Some(label) = label {
        sample["label"] = json!({"intent": label});
    }
    sample
}

async fn choose(world: &World, project: &Slug, rev: i32, queue: Value) -> Result<()> {
    let patch = ProjectPatch { rev, settings: Some(json!({ "queue": queue })), ..ProjectPatch::default() };
    world.services.projects().update(&Actor::Operator, project, patch).await?;
    Ok(())
}

/// The waiting samples, the first one first.
async fn waiting(world: &World) -> Result<Vec<String>> {
    let text = "SELECT sample_key FROM tasks WHERE state = 'open' ORDER BY priority DESC, sample_key";
    Ok(world.texts(text).await?)
}

async fn reason(world: &World, project: &Slug, id: &str) -> Result<Option<Reason>> {
    let sample = world.services.samples().get(&Actor::Operator, project, id).await?;
    Ok(sample.tasks.into_iter().next().map(|task| task.reason))
}

#[tokio::test]
async fn another_score_of_predictions_sorts_the_queue_anew() -> Outcome {
    on_each_database(async |world| {
        let project = world.project_with("p", json!({"queue": {"audit_rate": 0.0}})).await?;
        let samples = [sample("even", [0.4, 0.3, 0.3], None), sample("tied", [0.5, 0.5, 0.0], None)];
        world.send_samples(&project, &samples).await?;
        assert_eq!(waiting(world).await?, ["tied", "even"]);
        let by_default = reason(world, &project, "tied").await?.ok_or("no task")?;
        assert_eq!((by_default.score, by_default.detail.get("score")), (1.0, None));

        choose(world, &project, 1, json!({"prediction_score": "least_confidence"})).await?;
        assert_eq!(waiting(world).await?, ["even", "tied"]);
        let chosen = reason(world, &project, "tied").await?.ok_or("no task")?;
        assert_eq!((chosen.score, &chosen.detail["score"]), (0.75, &json!("least_confidence")));

        // The threshold is one of the score that was chosen: ln 2 / ln 3 is about 0.63.
        choose(world, &project, 2, json!({"prediction_score": "entropy", "threshold": 0.7})).await?;
        assert_eq!(waiting(world).await?, ["even"]);
        choose(world, &project, 3, json!({"prediction_score": null})).await?;
        assert_eq!(waiting(world).await?, ["tied", "even"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn another_score_of_labels_sorts_the_queue_anew() -> Outcome {
    on_each_database(async |world| {
        let queue = json!({"queue": {"audit_rate": 0.0, "target": "label", "threshold": 0.4}});
        let project = world.project_with("p", queue).await?;
        let samples =
            [sample("upheld", [0.25, 0.5, 0.25], Some("b")), sample("doubted", [0.75, 0.25, 0.0], Some("b"))];
        world.send_samples(&project, &samples).await?;
        assert_eq!(waiting(world).await?, ["doubted", "upheld"]);

        choose(world, &project, 1, json!({"label_score": "normalized_margin"})).await?;
        // 1 − (0.5 − 0.25 + 1)/2 is below the threshold.
        assert_eq!(waiting(world).await?, ["doubted"]);
        let chosen = reason(world, &project, "doubted").await?.ok_or("no task")?;
        assert_eq!((chosen.kind, chosen.score), (SignalKind::LabelSuspect, 0.75));
        assert_eq!(chosen.detail["score"], "normalized_margin");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_forecast_follows_the_chosen_score() -> Outcome {
    on_each_database(async |world| {
        let project = world.project_with("p", json!({"queue": {"audit_rate": 0.0}})).await?;
        world.send_samples(&project, &[sample("tied", [0.5, 0.5, 0.0], None)]).await?;
        let projects = world.services.projects();
        // The step of 0.8: the margin scores 1 and least confidence 0.75.
        let at = projects.forecast(&Actor::Operator, &project).await?.by_threshold[16];
        assert_eq!(at, (0.8, 1));
        choose(world, &project, 1, json!({"prediction_score": "least_confidence"})).await?;
        let at = projects.forecast(&Actor::Operator, &project).await?.by_threshold[16];
        assert_eq!(at, (0.8, 0));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_score_that_does_not_exist_is_refused() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        for queue in [json!({"prediction_score": "self_confidence"}), json!({"label_score": "margin"})] {
            let settings = Some(json!({ "queue": queue }));
            let patch = ProjectPatch { rev: 1, settings, ..ProjectPatch::default() };
            let refused = world.services.projects().update(&Actor::Operator, &project, patch).await;
            assert_eq!(code(refused), Code::Invalid);
        }
        Ok(())
    })
    .await
}

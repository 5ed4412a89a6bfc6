//! What decisions did is written down with them, and what each reason yields is counted from that.

use crate::support::{
    Outcome, World, code,
    deciding::People,
    on_each_database,
    samples::{labelled, predicted, sample},
};
use domain::{
    access::{Role, Scope},
    answer::Verdict,
    decision::DecisionKind,
    estimate::Tally,
    id::TaskId,
    name::Slug,
    outcome::{LabelOutcome, LooksFor},
    problem::Code,
    signal::SignalKind,
    view::{
        annotate::SubmitInput,
        review::DecisionInput,
        sample::ChallengeInput,
        yields::{ReasonYield, YieldView},
    },
};
use serde_json::{Value, json};
use service::{Actor, usecase::yields::YieldFilter};

/// A sample with a stored label whose model gives `a` this probability.
fn both(id: &str, label: &str, a: f64) -> Value {
    let mut sample = predicted(id, a);
    sample["label"] = json!({"intent": label});
    sample
}

async fn yields(world: &World, slug: &Slug, people: &People) -> service::Result<YieldView> {
    world.services.yields().get(&people.reviewer, slug, YieldFilter::default()).await
}

fn of(seen: &YieldView, reason: SignalKind) -> Result<&ReasonYield, String> {
    seen.reasons.iter().find(|one| one.reason == reason).ok_or(format!("{reason:?} is not there"))
}

/// The reviewer makes this the label, or removes it.
async fn correct(
    world: &World,
    people: &People,
    task: TaskId,
    label: Option<&str>,
) -> Result<(), Box<dyn std::error::Error>> {
    let rev = world.services.review().item(&people.reviewer, task).await?.rev;
    let answers = label.map(|label| serde_json::from_value(json!({"intent": label}))).transpose()?;
    let note = Some("seen by a test".to_owned());
    let input = DecisionInput { rev, decision: DecisionKind::Correct, answers: Some(answers), note };
    world.services.review().decide(&people.reviewer, task, input).await?;
    Ok(())
}

/// What each decision on the sample did, the oldest first.
async fn outcomes(
    world: &World,
    slug: &Slug,
    id: &str,
) -> service::Result<Vec<(DecisionKind, Option<LabelOutcome>)>> {
    let seen = world.services.samples().get(&Actor::Operator, slug, id).await?;
    let tasks = seen.tasks.iter().rev();
    Ok(tasks.flat_map(|task| &task.decisions).map(|one| (one.decision, one.outcome)).collect())
}

#[tokio::test]
async fn each_reason_is_counted_by_what_its_decisions_did() -> Outcome {
    on_each_database(async |world| {
        let (slug, people) = world.deciding(json!({"target": "both"})).await?;
        let samples = [
            both("s1", "b", 0.9),
            both("s2", "b", 0.9),
            both("s3", "b", 0.9),
            both("s4", "b", 0.9),
            predicted("u1", 0.55),
            predicted("u2", 0.55),
            sample("n1"),
        ];
        world.import(&slug, &samples).await?;
        world.approve(&slug, &people, "s1", "a").await?;
        world.approve(&slug, &people, "s2", "b").await?;
        let task = world.answer(&slug, &people, "s3", "a").await?;
        world.review(&people, task, DecisionKind::Dismiss).await?;
        let doubtful = world.claim(&slug, &people, "s4").await?;
        let input = SubmitInput { verdict: Some(Verdict::Ambiguous), ..SubmitInput::default() };
        let task = world.services.annotations().submit(&people.annotator, &doubtful.lease, input).await?.task;
        correct(world, &people, task, None).await?;
        world.approve(&slug, &people, "u1", "b").await?;
        // Answered and not decided: served, not reviewed.
        world.answer(&slug, &people, "u2", "a").await?;
        world.approve(&slug, &people, "n1", "c").await?;

        let seen = yields(world, &slug, &people).await?;
        let suspect = of(&seen, SignalKind::LabelSuspect)?;
        assert_eq!((suspect.served, suspect.reviewed, suspect.changed), (4, 4, 2));
        assert_eq!((suspect.corrected, suspect.removed, suspect.added), (1, 1, 0));
        assert_eq!((suspect.upheld, suspect.ambiguous), (2, 1));
        assert_eq!(suspect.looks_for, Some(LooksFor::Labels));
        assert_eq!(suspect.label_errors.tally(), Tally { errors: 2, of: 4 });
        assert_eq!(suspect.label_errors.per_100, Some(50.0));
        // The model said a: right of s1, wrong of s2 and s3; of s4 no label is left to compare with.
        assert_eq!(suspect.prediction_errors.tally(), Tally { errors: 2, of: 3 });
        let unsure = of(&seen, SignalKind::PredictionUncertain)?;
        assert_eq!((unsure.served, unsure.reviewed, unsure.changed, unsure.added), (2, 1, 1, 1));
        assert_eq!(unsure.prediction_errors.tally(), Tally { errors: 1, of: 1 });
        assert_eq!((unsure.label_errors.per_100, unsure.label_errors.ci95), (None, None));
        let unknown = of(&seen, SignalKind::Unlabelled)?;
        assert_eq!((unknown.reviewed, unknown.looks_for, unknown.times_baseline), (1, None, None));
        assert_eq!(seen.reasons.len(), 3);
        assert_eq!(seen.baseline.label_errors.per_100, None, "there is no audit slice");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_challenge_ends_upheld_or_corrected_and_everybody_who_reviews_sees_which() -> Outcome {
    on_each_database(async |world| {
        let (slug, people) = world.deciding(json!({"target": "label"})).await?;
        world.import(&slug, &[labelled("s1", "a"), labelled("s2", "a")]).await?;
        let ids = Some(vec!["s1".to_owned(), "s2".to_owned()]);
        let input = ChallengeInput { ids, ..ChallengeInput::default() };
        world.services.challenges().challenge(&people.reviewer, &slug, input).await?;
        let upheld = world.approve(&slug, &people, "s1", "a").await?;
        let corrected = world.approve(&slug, &people, "s2", "b").await?;
        world.cut(&slug).await?;

        let approved = |outcome| vec![(DecisionKind::Approve, Some(outcome))];
        assert_eq!(outcomes(world, &slug, "s1").await?, approved(LabelOutcome::Upheld));
        assert_eq!(outcomes(world, &slug, "s2").await?, approved(LabelOutcome::Corrected));
        let sample = world.services.samples().get(&people.reviewer, &slug, "s2").await?;
        let history: Vec<_> = sample.history.iter().map(|label| label.outcome).collect();
        assert_eq!(history, [Some(LabelOutcome::Corrected), None], "the import was no decision");
        for (task, outcome) in [(upheld, LabelOutcome::Upheld), (corrected, LabelOutcome::Corrected)] {
            let item = world.services.review().item(&people.reviewer, task).await?;
            assert_eq!(item.decisions[0].outcome, Some(outcome));
        }
        let seen = yields(world, &slug, &people).await?;
        let challenge = of(&seen, SignalKind::Challenge)?;
        assert_eq!((challenge.reviewed, challenge.corrected, challenge.upheld), (2, 1, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_decision_that_was_taken_back_yields_nothing() -> Outcome {
    on_each_database(async |world| {
        let (slug, people) = world.deciding(json!({"target": "both"})).await?;
        world.import(&slug, &[both("s1", "b", 0.9)]).await?;
        let task = world.approve(&slug, &people, "s1", "a").await?;
        world.review(&people, task, DecisionKind::Reopen).await?;
        let seen = yields(world, &slug, &people).await?;
        assert_eq!((seen.reasons[0].served, seen.reasons[0].reviewed), (1, 0));
        world.review(&people, task, DecisionKind::Dismiss).await?;
        let seen = yields(world, &slug, &people).await?;
        assert_eq!((seen.reasons[0].reviewed, seen.reasons[0].upheld), (1, 1));
        let wanted = [
            (DecisionKind::Approve, Some(LabelOutcome::Corrected)),
            (DecisionKind::Reopen, None),
            (DecisionKind::Dismiss, Some(LabelOutcome::Upheld)),
        ];
        assert_eq!(outcomes(world, &slug, "s1").await?, wanted);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_audit_tells_the_model_s_errors_by_the_prediction_that_was_newest_at_the_decision() -> Outcome {
    on_each_database(async |world| {
        let (slug, people) = world.deciding(json!({"audit_rate": 1.0, "threshold": 1.0})).await?;
        world.import(&slug, &[both("s1", "b", 0.9), predicted("s2", 0.9), sample("s3")]).await?;
        let audit = async || -> Result<(Tally, Tally), service::Error> {
            let seen = world.services.projects().overview(&people.reviewer, &slug).await?;
            Ok((seen.audits[0].labels, seen.audits[0].predictions))
        };
        assert_eq!(audit().await?, (Tally::default(), Tally::default()));
        let order = world.texts("SELECT key FROM samples ORDER BY audit_rank").await?;
        // The last of the order is decided first: with a gap before it, it does not count.
        for key in order.iter().skip(1) {
            world.approve(&slug, &people, key, "b").await?;
        }
        assert_eq!(audit().await?, (Tally::default(), Tally::default()));
        world.approve(&slug, &people, &order[0], "b").await?;
        // s1 was labelled b, and the model said a of s1 and s2.
        let wrong = (Tally { errors: 0, of: 1 }, Tally { errors: 2, of: 2 });
        assert_eq!(audit().await?, wrong);
        // What a model says later, of samples that are decided, changes no estimate.
        let better = |id: &str| {
            json!({"id": id, "model": "m@2", "question": "intent", "probs": {"a": 0.1, "b": 0.9, "c": 0.0}})
        };
        world.send_predictions(&slug, &[better("s1"), better("s2")]).await?;
        assert_eq!(audit().await?, wrong);
        // The same is the baseline of the yield.
        let seen = yields(world, &slug, &people).await?;
        assert_eq!(seen.baseline.label_errors.tally(), wrong.0);
        assert_eq!(seen.baseline.prediction_errors.tally(), wrong.1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_times_limit_what_is_counted() -> Outcome {
    on_each_database(async |world| {
        let (slug, people) = world.deciding(json!({"target": "both"})).await?;
        world.import(&slug, &[both("s1", "b", 0.9), both("s2", "b", 0.9)]).await?;
        world.approve(&slug, &people, "s1", "a").await?;
        world.clock.advance_seconds(60);
        let between = world.now();
        world.clock.advance_seconds(60);
        world.approve(&slug, &people, "s2", "b").await?;
        let get = async |filter| world.services.yields().get(&people.reviewer, &slug, filter).await;
        let before = get(YieldFilter { to: Some(between), ..YieldFilter::default() }).await?;
        assert_eq!((before.reasons[0].served, before.reasons[0].corrected), (1, 1));
        assert_eq!((before.reasons[0].reviewed, before.to), (1, Some(between)));
        let after = get(YieldFilter { from: Some(between), ..YieldFilter::default() }).await?;
        assert_eq!((after.reasons[0].served, after.reasons[0].upheld), (1, 1));
        assert_eq!(after.reasons[0].reviewed, 1);
        let never = get(YieldFilter { from: Some(between), to: Some(between) }).await?;
        assert_eq!(never.reasons, []);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_yield_is_for_reviewers() -> Outcome {
    on_each_database(async |world| {
        let (slug, people) = world.deciding(json!({})).await?;
        let filter = YieldFilter::default();
        let refused = world.services.yields().get(&people.annotator, &slug, filter).await;
        assert_eq!(code(refused), Code::Forbidden);
        let stranger = world.user("eve").await?;
        assert_eq!(code(world.services.yields().get(&stranger, &slug, filter).await), Code::NotFound);
        let manager = world.member(&slug, "man", Role::Manager).await?;
        assert!(world.services.yields().get(&manager, &slug, filter).await.is_ok());
        let token = world.token("man", &[Scope::Ingest], None).await?;
        assert_eq!(code(world.services.yields().get(&token, &slug, filter).await), Code::Forbidden);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_database_refuses_to_change_an_outcome() -> Outcome {
    on_each_database(async |world| {
        let (slug, people) = world.deciding(json!({"target": "both"})).await?;
        world.import(&slug, &[both("s1", "b", 0.9)]).await?;
        world.approve(&slug, &people, "s1", "a").await?;
        for change in ["outcome = 'upheld'", "outcome = NULL", "predicted = NULL", "kind = 'dismiss'"] {
            let refused = world.execute(&format!("UPDATE decisions SET {change}")).await;
            assert!(refused.is_err(), "{change}");
        }
        assert!(world.execute("DELETE FROM decisions").await.is_err());
        world.execute("UPDATE decisions SET note = NULL").await?;
        assert_eq!(world.texts("SELECT outcome FROM decisions").await?, ["corrected"]);
        Ok(())
    })
    .await
}

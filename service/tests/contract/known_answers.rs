//! Known-answer tasks: who gets them, that nothing tells them from others, and that nothing else hears of them.

use super::queue::{choose, claim, ids};
use crate::support::{
    Outcome, World, code, on_each_database,
    samples::{labelled, predicted},
};
use domain::{
    access::Role,
    decision::DecisionKind,
    name::Slug,
    problem::Code,
    task::TaskState,
    view::{
        PageRequest,
        annotate::{ClaimItem, SkipInput, Submitted},
        known::{KeptBack, KnownAnswersInput, KnownAnswersMarked},
        project::ProjectPatch,
        review::{DecisionInput, ReviewFilter},
        sample::{ChallengeInput, SampleFilter},
    },
};
use serde_json::{Value, json};
use service::{Actor, Result, usecase::agreement::AgreementFilter, usecase::yields::YieldFilter};
use std::collections::BTreeSet;

/// A project whose samples `q1`, … wait for answers and whose samples `k1`, … are labelled `a`, and its manager.
pub async fn project(
    world: &World,
    mut settings: Value,
    (queued, known): (usize, usize),
) -> Result<(Slug, Actor)> {
    settings["queue"]["audit_rate"] = json!(0.0);
    settings["split"] = json!({"validation": 0.0, "test": 0.0});
    let project = world.project_with("p", settings).await?;
    let queued = (1..=queued).map(|n| predicted(&format!("q{n}"), 0.5));
    let known = (1..=known).map(|n| labelled(&format!("k{n}"), "a"));
    world.import(&project, &queued.chain(known).collect::<Vec<_>>()).await?;
    let manager = world.member(&project, "man", Role::Manager).await?;
    Ok((project, manager))
}

pub async fn mark(
    world: &World,
    manager: &Actor,
    project: &Slug,
    samples: Value,
) -> Result<KnownAnswersMarked> {
    let input: KnownAnswersInput = serde_json::from_value(json!({"samples": samples}))?;
    world.services.known_answers().mark(manager, project, input).await
}

/// `k1` to `k{count}`, as their labels say.
pub async fn mark_first(
    world: &World,
    manager: &Actor,
    project: &Slug,
    count: usize,
) -> Result<KnownAnswersMarked> {
    let samples: Vec<Value> = (1..=count).map(|n| json!({"id": format!("k{n}")})).collect();
    mark(world, manager, project, samples.into()).await
}

pub async fn submit(world: &World, actor: &Actor, item: &ClaimItem, value: &str) -> Result<Submitted> {
    world.services.annotations().submit(actor, &item.lease, choose(value)).await
}

fn is_known(item: &ClaimItem) -> bool {
    item.sample.id.as_str().starts_with('k')
}

#[tokio::test]
async fn everybody_gets_each_known_answer_task_once() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"quality": {"known_answer_rate": 1.0}});
        let (project, manager) = project(world, settings, (4, 3)).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let bea = world.member(&project, "bea", Role::Annotator).await?;
        assert_eq!(mark_first(world, &manager, &project, 3).await?.marked, 3);
        let first = claim(world, &ann, &project, 4).await?;
        let served: BTreeSet<&str> = ids(&first).into_iter().collect();
        assert!(served.is_superset(&["k1", "k2", "k3"].into()) && served.len() == 4, "{served:?}");
        // A reload tells them in the same order, and takes nothing else.
        let again = claim(world, &ann, &project, 4).await?;
        assert_eq!(again.tasks, first.tasks);
        assert_eq!(world.services.queue().held(&ann, &project).await?.tasks, first.tasks);
        for item in &first.tasks {
            submit(world, &ann, item, "a").await?;
        }
        let rest = claim(world, &ann, &project, 10).await?;
        assert_eq!(rest.tasks.len(), 3, "{:?}", ids(&rest));
        assert!(!rest.tasks.iter().any(is_known));
        let other = claim(world, &bea, &project, 7).await?;
        assert_eq!(other.tasks.iter().filter(|item| is_known(item)).count(), 3);
        // What is given back may come again, what is skipped may not.
        let mut known = other.tasks.iter().filter(|item| is_known(item));
        let (skipped, released) = (known.next().ok_or("none")?, known.next().ok_or("none")?);
        world.services.queue().skip(&bea, &skipped.lease, SkipInput::default()).await?;
        world.services.queue().release(&bea, &released.lease).await?;
        let ordinary = other.tasks.iter().find(|item| !is_known(item)).ok_or("none")?;
        world.services.queue().release(&bea, &ordinary.lease).await?;
        let more = claim(world, &bea, &project, 10).await?;
        assert!(ids(&more).contains(&released.sample.id.as_str()));
        assert!(!ids(&more).contains(&skipped.sample.id.as_str()));
        // A lease that has run out is theirs again, on the same place.
        world.clock.advance_seconds(2000);
        let late = claim(world, &bea, &project, 10).await?;
        assert_eq!(late.tasks.iter().filter(|item| is_known(item)).count(), 2);
        let twice =
            "SELECT COUNT(*) FROM (SELECT 1 FROM slots GROUP BY task_id, annotator_id HAVING COUNT(*) > 1) x";
        assert_eq!(world.number(twice).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn known_answer_tasks_take_their_share_of_the_places_and_none_by_default() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"quality": {"known_answer_rate": 0.5}});
        let (project, manager) = project(world, settings, (60, 60)).await?;
        mark_first(world, &manager, &project, 60).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let claimed = claim(world, &ann, &project, 50).await?;
        let known = claimed.tasks.iter().filter(|item| is_known(item)).count();
        // Beyond these in fewer than 1 of 10,000 runs.
        assert!(
            (11..=39).contains(&known) && claimed.tasks.len() == 50,
            "{known} of {}",
            claimed.tasks.len()
        );
        let view = world.services.projects().get(&manager, &project).await?;
        let settings = Some(json!({"quality": {"known_answer_rate": null}}));
        let patch = ProjectPatch { rev: view.rev, settings, ..ProjectPatch::default() };
        world.services.projects().update(&manager, &project, patch).await?;
        let bea = world.member(&project, "bea", Role::Annotator).await?;
        let claimed = claim(world, &bea, &project, 50).await?;
        assert!(!claimed.tasks.iter().any(is_known));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_known_answer_task_looks_and_goes_like_any_other() -> Outcome {
    on_each_database(async |world| {
        let ann = world.user("ann").await?;
        for (slug, review, state) in [
            ("all", json!({"require": "all"}), TaskState::InReview),
            ("some", json!({"require": "conflicts", "sample_rate": 0.0}), TaskState::Approved),
        ] {
            let settings = json!({"queue": {"audit_rate": 0.0, "overlap": 1}, "review": review,
                "split": {"test": 0.0}, "quality": {"known_answer_rate": 1.0}});
            let project = world.project_with(slug, settings).await?;
            world.import(&project, &[predicted("q1", 0.5), labelled("k1", "a")]).await?;
            world.set_role(&project, "ann", Role::Annotator).await?;
            mark_first(world, &Actor::Operator, &project, 1).await?;
            let claimed = claim(world, &ann, &project, 2).await?;
            assert_eq!(claimed.tasks.len(), 2);
            let mut seen = Vec::new();
            for item in &claimed.tasks {
                assert_eq!((item.rev, item.reason.is_none(), item.revealed.is_none()), (0, true, true));
                // What is wrong is told at once where nobody else is asked, so both say what is wrong.
                let submitted = submit(world, &ann, item, "b").await?;
                assert_eq!((submitted.rev, submitted.task_state), (1, state), "{}", item.sample.id);
                let again = world.services.annotations().undo(&ann, submitted.annotation).await?;
                assert_eq!((again.rev, again.task), (2, item.task));
                let held = claim(world, &ann, &project, 2).await?;
                assert!(held.tasks.contains(&again), "{}", item.sample.id);
                let renewed = world.services.queue().renew(&ann, &again.lease).await?;
                assert!(renewed.expires_at >= again.expires_at);
                let answered = submit(world, &ann, &again, "b").await?;
                assert_eq!((answered.rev, answered.task_state), (3, state));
                seen.push(answered);
            }
            let own = world.services.annotations().own(&ann, &project, PageRequest::default()).await?;
            let shown: BTreeSet<_> = own
                .items
                .iter()
                .map(|one| (format!("{:?}", one.outcome), one.can_undo, one.withdrawn_at.is_some()))
                .collect();
            // Withdrawn and standing answers, alike for both tasks.
            assert_eq!(shown.len(), 2, "{shown:?}");
            assert_eq!(world.services.annotations().progress(&ann, &project).await?.today, 2);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn revision_and_state_fit_each_other_where_others_are_asked_too() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"queue": {"overlap": 2}, "quality": {"known_answer_rate": 1.0}});
        let (project, manager) = project(world, settings, (1, 20)).await?;
        mark_first(world, &manager, &project, 20).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let mut seen = BTreeSet::new();
        for item in claim(world, &ann, &project, 20).await?.tasks {
            let first = submit(world, &ann, &item, "b").await?;
            let again = world.services.annotations().undo(&ann, first.annotation).await?;
            let second = submit(world, &ann, &again, "b").await?;
            assert_eq!(second.task_state, first.task_state);
            seen.insert((format!("{:?}", first.task_state), item.rev, first.rev, again.rev, second.rev));
        }
        let possible = [("InReview".to_owned(), 0, 1, 2, 3), ("Open".to_owned(), 0, 0, 0, 0)];
        assert_eq!(seen, possible.into());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nothing_else_hears_of_known_answer_tasks() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"queue": {"overlap": 2}, "quality": {"known_answer_rate": 1.0}});
        let (project, manager) = project(world, settings, (2, 4)).await?;
        let people = [
            world.member(&project, "ann", Role::Annotator).await?,
            world.member(&project, "bea", Role::Annotator).await?,
        ];
        // An ordinary task with two answers, so that there is something to be changed.
        for (actor, value) in people.iter().zip(["a", "b"]) {
            for item in claim(world, actor, &project, 1).await?.tasks {
                submit(world, actor, &item, value).await?;
            }
        }
        let before = everything(world, &manager, &project).await?;
        mark_first(world, &manager, &project, 4).await?;
        let mut tasks = Vec::new();
        for (actor, value) in people.iter().zip(["a", "c"]) {
            let claimed = claim(world, actor, &project, 4).await?;
            assert!(claimed.tasks.len() == 4 && claimed.tasks.iter().all(is_known), "{:?}", ids(&claimed));
            for item in claimed.tasks {
                submit(world, actor, &item, value).await?;
                tasks.push(item.task);
            }
        }
        assert_eq!(everything(world, &manager, &project).await?, before);
        // Whoever reviews is told of them what they would be of an open task.
        let reviewer = world.member(&project, "rev", Role::Reviewer).await?;
        let review = world.services.review();
        assert_eq!(code(review.item(&reviewer, tasks[0]).await), Code::Forbidden);
        assert_eq!(code(review.item(&manager, tasks[0]).await), Code::NotFound);
        for decision in
            [DecisionKind::Approve, DecisionKind::Dismiss, DecisionKind::Return, DecisionKind::Reopen]
        {
            let input = DecisionInput { rev: 0, decision, answers: None, note: None };
            assert_eq!(code(review.decide(&reviewer, tasks[0], input).await), Code::WrongState);
        }
        // The store holds what it held, and answers that come from elsewhere are kept.
        let line = json!({"id": "k1", "annotator": "ann@example.org", "answers": {"intent": "b"}});
        let imported = world.send_answers(&project, &[line]).await?;
        assert_eq!((imported.created, imported.repeated), (1, 0));
        Ok(())
    })
    .await
}

/// All that is told of the project's answers and labels, but for whose answers are known.
async fn everything(
    world: &World,
    manager: &Actor,
    project: &Slug,
) -> std::result::Result<Value, Box<dyn std::error::Error>> {
    let services = &world.services;
    let mut review = Vec::new();
    for state in TaskState::ALL {
        let filter = ReviewFilter { state: Some(state), ..ReviewFilter::default() };
        review.push(services.review().list(manager, project, filter, PageRequest::default()).await?);
    }
    let samples =
        services.samples().list(manager, project, SampleFilter::default(), PageRequest::default()).await?;
    let overview = services.projects().overview(manager, project).await?;
    Ok(json!({
        "agreement": format!("{:?}", services.agreement().get(manager, project, AgreementFilter::default()).await?),
        "people": services.quality().list(manager, project, None).await?.annotators,
        "yields": services.yields().get(manager, project, YieldFilter::default()).await?,
        "overview": overview,
        "review": review,
        "samples": samples,
        "sample": services.samples().get(manager, project, "k1").await?,
        "staged": services.versions().staged(manager, project, PageRequest::default()).await?,
        "versions": services.versions().list(manager, project, PageRequest::default()).await?,
    }))
}

#[tokio::test]
async fn nobody_is_asked_for_a_known_answer_that_is_in_doubt() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"quality": {"known_answer_rate": 1.0}});
        let (project, manager) = project(world, settings, (1, 5)).await?;
        mark_first(world, &manager, &project, 5).await?;
        let known = world.services.known_answers();
        // Its label is challenged; its content changes; it is erased; its option is offered no more.
        let ids = Some(vec!["k1".to_owned()]);
        let input = ChallengeInput { ids, ..ChallengeInput::default() };
        world.services.challenges().challenge(&manager, &project, input).await?;
        world.import(&project, &[json!({"id": "k2", "fields": {"text": "another"}})]).await?;
        world.services.samples().erase(&manager, &project, "k3").await?;
        mark(world, &manager, &project, json!([{"id": "k4", "answers": {"intent": "b"}}])).await?;
        let view = world.services.projects().get(&manager, &project).await?;
        let mut schema = serde_json::to_value(&view.schema)?;
        schema["questions"][0]["options"][1]["retired"] = json!(true);
        let schema = Some(serde_json::from_value(schema)?);
        let patch = ProjectPatch { rev: view.rev, schema, ..ProjectPatch::default() };
        world.services.projects().update(&manager, &project, patch).await?;
        let listed = known.list(&manager, &project, PageRequest::default()).await?;
        let kept: Vec<_> = listed.items.iter().map(|one| (one.sample.as_str(), one.kept_back)).collect();
        let expected = [
            ("k1", Some(KeptBack::InQueue)),
            ("k2", Some(KeptBack::ContentChanged)),
            ("k4", Some(KeptBack::NotOffered)),
            ("k5", None),
        ];
        assert_eq!(kept, expected);
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let claimed = claim(world, &ann, &project, 2).await?;
        let served: BTreeSet<&str> = self::ids(&claimed).into_iter().collect();
        // The challenge is asked about as ever.
        assert_eq!(served, ["k1", "k5"].into());
        // Marked again, it is asked for with its new content.
        assert_eq!(mark(world, &manager, &project, json!([{"id": "k2"}])).await?.changed, 1);
        let claimed = claim(world, &ann, &project, 3).await?;
        assert!(self::ids(&claimed).contains(&"k2"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn nobody_is_asked_again_about_a_sample_that_they_hold_answered_or_skipped() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"queue": {"overlap": 2}, "quality": {"known_answer_rate": 1.0}});
        let (project, manager) = project(world, settings, (2, 0)).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let bea = world.member(&project, "bea", Role::Annotator).await?;
        for actor in [&ann, &bea] {
            for item in claim(world, actor, &project, 1).await?.tasks {
                submit(world, actor, &item, "b").await?;
            }
        }
        let filter = ReviewFilter::default();
        let task = world.services.review().list(&manager, &project, filter, PageRequest::default()).await?;
        let (task, rev) = task.items.first().map(|item| (item.task, item.rev)).ok_or("no task")?;
        let input = DecisionInput { rev, decision: DecisionKind::Approve, answers: None, note: None };
        world.services.review().decide(&manager, task, input).await?;
        // The label that was approved is what is right, before any cut.
        mark(world, &manager, &project, json!([{"id": "q1"}])).await?;
        let known =
            world.services.known_answers().of_sample(&manager, &project, "q1").await?.ok_or("none")?;
        assert_eq!(known.answers.choice("intent"), Some("b"));
        assert_eq!(ids(&claim(world, &ann, &project, 5).await?), ["q2"]);
        let cho = world.member(&project, "cho", Role::Annotator).await?;
        assert_eq!(ids(&claim(world, &cho, &project, 1).await?), ["q1"]);
        Ok(())
    })
    .await
}

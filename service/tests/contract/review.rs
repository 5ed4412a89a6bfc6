//! Submitting, undoing, and deciding.

use super::queue::{choose, claim, ids};
use crate::support::{
    Outcome, World, code, faults, on_each_database,
    samples::{labelled, predicted, sample},
};
use domain::{
    access::Role,
    answer::Verdict,
    decision::DecisionKind,
    id::TaskId,
    name::Slug,
    problem::Code,
    task::TaskState,
    view::{
        PageRequest,
        annotate::SubmitInput,
        project::NewProject,
        review::{Decided, DecisionInput, ReviewFilter, ReviewItem, ReviewOrder},
    },
};
use serde_json::json;
use service::Actor;
use std::collections::BTreeMap;

pub struct Team {
    pub project: Slug,
    pub ann: Actor,
    pub bea: Actor,
    pub rev: Actor,
}

pub async fn team(world: &World, settings: serde_json::Value) -> service::Result<Team> {
    let project = world.project_with("p", settings).await?;
    Ok(Team {
        ann: world.member(&project, "ann", Role::Annotator).await?,
        bea: world.member(&project, "bea", Role::Annotator).await?,
        rev: world.member(&project, "rev", Role::Manager).await?,
        project,
    })
}

pub fn no_audit() -> serde_json::Value {
    json!({"queue": {"audit_rate": 0.0}, "split": {"validation": 0.0, "test": 0.0}})
}

/// Claims one task and answers it; the task.
pub async fn answer(world: &World, actor: &Actor, project: &Slug, value: &str) -> service::Result<TaskId> {
    let held = claim(world, actor, project, 1).await?;
    let lease = &held.tasks[0].lease;
    Ok(world.services.annotations().submit(actor, lease, choose(value)).await?.task)
}

pub async fn decide(
    world: &World,
    actor: &Actor,
    item: &ReviewItem,
    decision: DecisionKind,
) -> service::Result<Decided> {
    let input = DecisionInput { rev: item.rev, decision, answers: None, note: None };
    world.services.review().decide(actor, item.task, input).await
}

pub async fn in_review(world: &World, team: &Team) -> service::Result<Vec<ReviewItem>> {
    let filter = ReviewFilter::default();
    Ok(world.services.review().list(&team.rev, &team.project, filter, PageRequest::default()).await?.items)
}

#[tokio::test]
async fn two_people_agree_and_the_reviewer_approves() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[predicted("s", 0.55)]).await?;
        answer(world, &team.ann, &team.project, "b").await?;
        assert!(in_review(world, &team).await?.is_empty());
        answer(world, &team.bea, &team.project, "b").await?;
        let items = in_review(world, &team).await?;
        let item = &items[0];
        assert_eq!(
            serde_json::to_value(&item.consensus)?,
            json!({"answers": {"intent": "b"}, "posterior": {"intent": 1.0}, "conflict": false})
        );
        assert_eq!(item.annotations.len(), 2);
        assert_eq!(item.predictions.len(), 1);
        let decided = decide(world, &team.rev, item, DecisionKind::Approve).await?;
        assert_eq!((decided.state, decided.rev), (TaskState::Approved, item.rev + 1));
        assert_eq!(code(decide(world, &team.rev, item, DecisionKind::Approve).await), Code::StaleRev);
        let staged =
            world.services.versions().staged(&team.rev, &team.project, PageRequest::default()).await?;
        assert_eq!((staged.added, staged.items.len()), (1, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_conflict_cannot_be_approved_but_corrected_or_returned() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[sample("s")]).await?;
        answer(world, &team.ann, &team.project, "a").await?;
        answer(world, &team.bea, &team.project, "b").await?;
        let item = in_review(world, &team).await?.remove(0);
        assert!(item.consensus.conflict);
        assert_eq!(code(decide(world, &team.rev, &item, DecisionKind::Approve).await), Code::NoConsensus);
        // Only the manager is left to answer.
        let returned = decide(world, &team.rev, &item, DecisionKind::Return).await?;
        assert_eq!(returned.state, TaskState::Open);
        assert!(claim(world, &team.ann, &team.project, 5).await?.tasks.is_empty());
        answer(world, &team.rev, &team.project, "b").await?;
        let item = in_review(world, &team).await?.remove(0);
        assert!(!item.consensus.conflict);
        assert_eq!(
            code(decide(world, &team.rev, &item, DecisionKind::Return).await),
            Code::NoEligibleAnnotator
        );
        decide(world, &team.rev, &item, DecisionKind::Approve).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_correction_says_what_is_wrong_with_it() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[labelled("s", "a")]).await?;
        world
            .services
            .challenges()
            .challenge(
                &team.rev,
                &team.project,
                serde_json::from_value(json!({"ids": ["s"], "note": "look again"}))?,
            )
            .await?;
        answer(world, &team.ann, &team.project, "a").await?;
        answer(world, &team.bea, &team.project, "b").await?;
        let item = in_review(world, &team).await?.remove(0);
        let correct = async |answers: serde_json::Value| {
            let mut input = json!({"rev": item.rev, "decision": "correct"});
            for (key, value) in answers.as_object().cloned().unwrap_or_default() {
                input[key] = value;
            }
            let input = serde_json::from_value(input).map_err(service::Error::internal)?;
            world.services.review().decide(&team.rev, item.task, input).await
        };
        assert_eq!(faults(correct(json!({})).await), [("/answers".to_owned(), Code::Missing)]);
        assert_eq!(faults(correct(json!({"answers": null})).await), [("/note".to_owned(), Code::Missing)]);
        let unknown = correct(json!({"answers": {"intent": "z"}})).await;
        assert_eq!(faults(unknown), [("/answers/intent".to_owned(), Code::UnknownOption)]);
        correct(json!({"answers": null, "note": "not a message"})).await?;
        let staged =
            world.services.versions().staged(&team.rev, &team.project, PageRequest::default()).await?;
        assert_eq!((staged.removed, staged.items[0].after.clone()), (1, None));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_answer_can_be_undone_until_a_person_decides() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[sample("s")]).await?;
        let held = claim(world, &team.ann, &team.project, 1).await?;
        let annotations = world.services.annotations();
        let submitted = annotations.submit(&team.ann, &held.tasks[0].lease, choose("a")).await?;
        answer(world, &team.bea, &team.project, "b").await?;
        assert_eq!(code(annotations.undo(&team.bea, submitted.annotation).await), Code::NotFound);
        let again = annotations.undo(&team.ann, submitted.annotation).await?;
        assert_eq!(code(annotations.undo(&team.ann, submitted.annotation).await), Code::AlreadyWithdrawn);
        assert!(in_review(world, &team).await?.is_empty());
        let second = annotations.submit(&team.ann, &again.lease, choose("b")).await?;
        let item = in_review(world, &team).await?.remove(0);
        assert_eq!(item.annotations.len(), 2);
        decide(world, &team.rev, &item, DecisionKind::Approve).await?;
        assert_eq!(code(annotations.undo(&team.ann, second.annotation).await), Code::AlreadyDecided);
        let own = annotations.own(&team.ann, &team.project, PageRequest::default()).await?.items;
        assert_eq!(own.len(), 2);
        assert!(own[1].withdrawn_at.is_some() && !own[0].can_undo);
        assert_eq!(serde_json::to_value(own[0].outcome)?, json!("accepted"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_an_undo_the_answer_before_it_can_be_taken_back() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[sample("s"), sample("t")]).await?;
        let annotations = world.services.annotations();
        let held = claim(world, &team.ann, &team.project, 2).await?;
        let first = annotations.submit(&team.ann, &held.tasks[0].lease, choose("a")).await?.annotation;
        let second = annotations.submit(&team.ann, &held.tasks[1].lease, choose("a")).await?.annotation;
        let undoable = async || -> service::Result<_> {
            let progress = annotations.progress(&team.ann, &team.project).await?;
            Ok(progress.undo.map(|undo| undo.annotation))
        };
        assert_eq!(undoable().await?, Some(second));
        annotations.undo(&team.ann, second).await?;
        assert_eq!(undoable().await?, Some(first));
        annotations.undo(&team.ann, first).await?;
        assert_eq!(undoable().await?, None);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_policy_approves_unanimous_tasks_and_undo_takes_that_back() -> Outcome {
    on_each_database(async |world| {
        let settings =
            json!({"queue": {"audit_rate": 0.0}, "review": {"require": "conflicts", "sample_rate": 0.0}});
        let team = team(world, settings).await?;
        world.import(&team.project, &[sample("s")]).await?;
        answer(world, &team.ann, &team.project, "a").await?;
        let held = claim(world, &team.bea, &team.project, 1).await?;
        let submitted =
            world.services.annotations().submit(&team.bea, &held.tasks[0].lease, choose("a")).await?;
        assert_eq!(submitted.task_state, TaskState::Approved);
        let staged =
            world.services.versions().staged(&team.rev, &team.project, PageRequest::default()).await?;
        assert_eq!((staged.added, staged.items[0].decided_by.clone()), (1, None));
        world.services.annotations().undo(&team.bea, submitted.annotation).await?;
        let staged =
            world.services.versions().staged(&team.rev, &team.project, PageRequest::default()).await?;
        assert_eq!(staged.added, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_doubtful_verdict_carries_no_answers_and_is_a_conflict() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[sample("s")]).await?;
        answer(world, &team.ann, &team.project, "a").await?;
        let held = claim(world, &team.bea, &team.project, 1).await?;
        let annotations = world.services.annotations();
        let ambiguous = SubmitInput { verdict: Some(Verdict::Ambiguous), ..choose("a") };
        let refused = annotations.submit(&team.bea, &held.tasks[0].lease, ambiguous).await;
        assert_eq!(faults(refused), [("/answers".to_owned(), Code::Invalid)]);
        let missing = annotations.submit(&team.bea, &held.tasks[0].lease, SubmitInput::default()).await;
        assert_eq!(faults(missing), [("/answers/intent".to_owned(), Code::Missing)]);
        let ambiguous = SubmitInput { verdict: Some(Verdict::Ambiguous), ..SubmitInput::default() };
        annotations.submit(&team.bea, &held.tasks[0].lease, ambiguous).await?;
        assert!(in_review(world, &team).await?[0].consensus.conflict);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn several_decisions_are_made_together_or_not_at_all() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[sample("s1"), sample("s2")]).await?;
        for actor in [&team.ann, &team.bea] {
            for item in claim(world, actor, &team.project, 2).await?.tasks {
                let value = if item.sample.id.as_str() == "s2" && actor == &team.bea { "b" } else { "a" };
                world.services.annotations().submit(actor, &item.lease, choose(value)).await?;
            }
        }
        let items = in_review(world, &team).await?;
        let all = json!({"decisions": items.iter().map(|item| json!({"task": item.task, "rev": item.rev, "decision": "approve"})).collect::<Vec<_>>()});
        let refused = world.services.review().decide_all(&team.rev, &team.project, serde_json::from_value(all)?).await;
        assert_eq!(faults(refused), [("/decisions/1".to_owned(), Code::NoConsensus)]);
        assert_eq!(in_review(world, &team).await?.len(), 2);
        let by_disagreement = ReviewFilter { order: Some(ReviewOrder::Disagreement), ..ReviewFilter::default() };
        let listed = world.services.review().list(&team.rev, &team.project, by_disagreement, PageRequest::default()).await?;
        assert_eq!(listed.items[0].sample.id.as_str(), "s2");
        let pair = ReviewFilter { pair: vec!["a".into(), "b".into()], ..ReviewFilter::default() };
        let listed = world.services.review().list(&team.rev, &team.project, pair, PageRequest::default()).await?;
        assert_eq!(listed.items.len(), 1);
        for (name, count) in [("ann@example.org", 2), ("nobody@example.org", 0)] {
            let by = ReviewFilter { annotator: Some(name.to_owned()), ..ReviewFilter::default() };
            let listed = world.services.review().list(&team.rev, &team.project, by, PageRequest::default()).await?;
            assert_eq!(listed.items.len(), count);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn four_eyes_keeps_a_reviewer_from_deciding_their_own_answers() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"queue": {"audit_rate": 0.0, "overlap": 1}, "review": {"four_eyes": true}});
        let team = team(world, settings).await?;
        world.import(&team.project, &[sample("s")]).await?;
        answer(world, &team.rev, &team.project, "a").await?;
        let item = in_review(world, &team).await?.remove(0);
        assert_eq!(code(decide(world, &team.rev, &item, DecisionKind::Approve).await), Code::FourEyes);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_page_of_the_review_list_holds_each_task_once() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"queue": {"audit_rate": 0.0, "overlap": 1}});
        let team = team(world, settings).await?;
        let samples: Vec<_> = (0..7).map(|n| sample(&format!("s{n}"))).collect();
        world.import(&team.project, &samples).await?;
        for item in claim(world, &team.ann, &team.project, 7).await?.tasks {
            world.services.annotations().submit(&team.ann, &item.lease, choose("a")).await?;
        }
        for order in [ReviewOrder::Priority, ReviewOrder::Oldest, ReviewOrder::Disagreement] {
            let mut seen = Vec::new();
            let mut cursor = None;
            loop {
                let filter = ReviewFilter { order: Some(order), ..ReviewFilter::default() };
                let request = PageRequest { limit: Some(3), cursor };
                let page = world.services.review().list(&team.rev, &team.project, filter, request).await?;
                seen.extend(page.items.iter().map(|item| item.sample.id.to_string()));
                cursor = page.next_cursor;
                if cursor.is_none() {
                    break;
                }
            }
            seen.sort();
            assert_eq!(seen, ["s0", "s1", "s2", "s3", "s4", "s5", "s6"]);
        }
        assert!(ids(&claim(world, &team.ann, &team.project, 7).await?).is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn people_who_never_agree_as_a_whole_are_no_conflict_where_each_question_has_a_majority() -> Outcome {
    on_each_database(async |world| {
        let option = |value: &str| json!({"value": value});
        let question =
            |name: &str| json!({"name": name, "kind": "choice", "options": [option("a"), option("b")]});
        let schema = json!({"fields": [{"name": "text", "kind": "text"}],
                            "questions": [question("one"), question("two")]});
        let project = Slug::parse("two")?;
        let new = NewProject {
            slug: project.clone(),
            name: "Two".to_owned(),
            schema: serde_json::from_value(schema)?,
            guideline: String::new(),
            settings: serde_json::from_value(json!({"queue": {"audit_rate": 0.0, "overlap": 3}}))?,
        };
        world.services.projects().create(&Actor::Operator, new).await?;
        world.import(&project, &[sample("s")]).await?;
        let mut people = BTreeMap::new();
        for name in ["ann", "bea", "cho"] {
            people.insert(name, world.member(&project, name, Role::Annotator).await?);
        }
        for (name, one, two) in [("ann", "a", "a"), ("bea", "a", "b"), ("cho", "b", "a")] {
            let person = &people[name];
            let lease = claim(world, person, &project, 1).await?.tasks.remove(0).lease;
            let answers = serde_json::from_value(json!({"one": one, "two": two}))?;
            let input = SubmitInput { answers: Some(answers), ..SubmitInput::default() };
            world.services.annotations().submit(person, &lease, input).await?;
        }
        let overview = world.services.projects().overview(&Actor::Operator, &project).await?;
        assert_eq!((overview.in_review, overview.conflicts), (1, 0));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_log_says_what_the_policy_approved() -> Outcome {
    on_each_database(async |world| {
        let settings =
            json!({"queue": {"audit_rate": 0.0}, "review": {"require": "conflicts", "sample_rate": 0.0}});
        let team = team(world, settings).await?;
        world.import(&team.project, &[sample("s")]).await?;
        answer(world, &team.ann, &team.project, "a").await?;
        answer(world, &team.bea, &team.project, "a").await?;
        let by_system = world.texts("SELECT action FROM audit WHERE actor = 'system'").await?;
        assert_eq!(by_system, ["decide"]);
        Ok(())
    })
    .await
}

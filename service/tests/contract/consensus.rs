//! How far annotators are believed, and how many of them a task asks.

use super::queue::{choose, claim};
use crate::support::{
    Outcome, World, code, on_each_database,
    samples::{predicted, sample},
};
use domain::{
    access::Role,
    decision::DecisionKind,
    name::Slug,
    problem::Code,
    task::TaskState,
    view::{
        PageRequest,
        annotate::SkipInput,
        project::ProjectPatch,
        review::{DecisionInput, ReviewFilter, ReviewItem},
    },
};
use serde_json::{Value, json};
use service::{Actor, Result};

struct Team {
    project: Slug,
    people: Vec<Actor>,
    manager: Actor,
}

/// A project with these settings and so many annotators.
async fn team(world: &World, mut settings: Value, people: usize) -> Result<Team> {
    settings["queue"]["audit_rate"] = json!(0.0);
    settings["split"] = json!({"validation": 0.0, "test": 0.0});
    let project = world.project_with("p", settings).await?;
    let manager = world.member(&project, "rev", Role::Manager).await?;
    let mut annotators = Vec::new();
    for name in ["ann", "bea", "cho", "dan", "eve"].into_iter().take(people) {
        annotators.push(world.member(&project, name, Role::Annotator).await?);
    }
    Ok(Team { project, people: annotators, manager })
}

impl Team {
    /// This person answers every task that is free for them, by what `answer` says of the sample; the state of the last.
    async fn answers(
        &self,
        world: &World,
        person: usize,
        answer: impl Fn(&str) -> &'static str,
    ) -> Result<Option<TaskState>> {
        let actor = &self.people[person];
        let mut state = None;
        for item in claim(world, actor, &self.project, 50).await?.tasks {
            let input = choose(answer(item.sample.id.as_str()));
            let submitted = world.services.annotations().submit(actor, &item.lease, input).await?;
            state = Some(submitted.task_state);
        }
        Ok(state)
    }

    async fn in_review(&self, world: &World) -> Result<Vec<ReviewItem>> {
        let (filter, page) = (ReviewFilter::default(), PageRequest::default());
        Ok(world.services.review().list(&self.manager, &self.project, filter, page).await?.items)
    }

    async fn set(&self, world: &World, settings: Value) -> Result<()> {
        let rev = world.services.projects().get(&self.manager, &self.project).await?.rev;
        let patch = ProjectPatch { rev, settings: Some(settings), ..ProjectPatch::default() };
        world.services.projects().update(&self.manager, &self.project, patch).await.map(drop)
    }
}

fn adaptive(method: &str) -> Value {
    json!({"queue": {"overlap": {"min": 2, "max": 4, "confidence": 0.7}}, "consensus": {"method": method}})
}

#[tokio::test]
async fn a_task_asks_on_until_it_is_sure_or_has_asked_enough() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, adaptive("majority"), 5).await?;
        world.send_samples(&team.project, &[sample("clear"), sample("hard")]).await?;
        team.answers(world, 0, |_| "a").await?;
        team.answers(world, 1, |id| if id == "hard" { "b" } else { "a" }).await?;
        let review = team.in_review(world).await?;
        let ids: Vec<_> = review.iter().map(|item| item.sample.id.as_str()).collect();
        assert_eq!(ids, ["clear"], "two who say the same are enough");

        // 2 of 3 are less than 0.7; with the fourth it is over either way.
        assert_eq!(team.answers(world, 2, |_| "a").await?, Some(TaskState::Open));
        assert_eq!(team.answers(world, 3, |_| "b").await?, Some(TaskState::InReview));
        assert_eq!(team.answers(world, 4, |_| "a").await?, None, "at most four are asked");
        let hard = team.in_review(world).await?.into_iter().find(|item| item.sample.id.as_str() == "hard");
        assert_eq!(hard.map(|item| (item.annotations.len(), item.consensus.conflict)), Some((4, true)));
        let overview = world.services.projects().overview(&team.manager, &team.project).await?;
        let saved = overview.adaptive.map(|saved| (saved.tasks, saved.answers, saved.fixed, saved.saved()));
        assert_eq!(saved, Some((2, 6, 4, 2)), "four for each would have been two more");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_task_that_nobody_else_can_answer_does_not_wait() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, adaptive("majority"), 2).await?;
        world.send_samples(&team.project, &[sample("hard")]).await?;
        team.answers(world, 0, |_| "a").await?;
        assert_eq!(team.answers(world, 1, |_| "b").await?, Some(TaskState::Open));
        let last = claim(world, &team.manager, &team.project, 1).await?.tasks.remove(0);
        world.services.queue().skip(&team.manager, &last.lease, SkipInput::default()).await?;
        assert_eq!(team.in_review(world).await?.len(), 1);
        Ok(())
    })
    .await
}

/// Forty samples, of which Ann and Bea say what is right and Cho says `a` to everything.
async fn one_who_does_not_look(world: &World, settings: Value) -> Result<Team> {
    let team = team(world, settings, 3).await?;
    let samples: Vec<Value> = (10..50).map(|n| sample(&format!("s{n}"))).collect();
    world.send_samples(&team.project, &samples).await?;
    let right = |id: &str| if id.ends_with(['1', '3', '5', '7', '9']) { "b" } else { "a" };
    team.answers(world, 0, right).await?;
    team.answers(world, 1, right).await?;
    team.answers(world, 2, |_| "a").await?;
    Ok(team)
}

#[tokio::test]
async fn whoever_says_the_same_to_everything_is_worth_little() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"queue": {"overlap": 3}, "consensus": {"method": "majority"}});
        let team = one_who_does_not_look(world, settings).await?;
        assert!(team.in_review(world).await?.iter().all(|item| item.weighed.questions.is_empty()));
        for method in ["dawid_skene", "robust"] {
            team.set(world, json!({"consensus": {"method": method}})).await?;
            let items = team.in_review(world).await?;
            assert_eq!(items.len(), 40);
            let odd =
                items.iter().find(|item| item.sample.id.as_str() == "s11").unwrap_or_else(|| panic!("s11"));
            assert!(odd.consensus.posterior["intent"] > 0.9, "{method}: {:?}", odd.consensus);
            let weighed = &odd.weighed.questions["intent"];
            assert_eq!(weighed.probabilities[0].answer, json!("b"));
            let worth: Vec<f64> = weighed.annotations.iter().map(|worth| worth.nats).collect();
            assert!(worth[0] > 1.0 && worth[1] > 1.0, "{method}: {worth:?}");
            assert!(worth[2].abs() < worth[0] / 2.0, "{method}: {worth:?}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_prediction_votes_only_where_the_project_says_so() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, json!({"queue": {"overlap": 2}}), 2).await?;
        world
            .import(&team.project, &(0..9).map(|n| predicted(&format!("s{n}"), 0.6)).collect::<Vec<_>>())
            .await?;
        team.answers(world, 0, |_| "a").await?;
        team.answers(world, 1, |id| if id == "s0" { "b" } else { "a" }).await?;
        let vote = async || {
            let items = team.in_review(world).await?;
            let item = items.into_iter().find(|item| item.sample.id.as_str() == "s0");
            let question = item.and_then(|item| item.weighed.questions.get("intent").cloned());
            Result::Ok(question.and_then(|question| question.prediction))
        };
        assert_eq!(vote().await?, None);
        team.set(world, json!({"consensus": {"prediction_votes": true}})).await?;
        assert!(vote().await?.is_some_and(|nats| nats > 0.0), "the model says a");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_consensus_is_approved_as_it_was_seen() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, json!({"queue": {"overlap": 1}}), 1).await?;
        world.send_samples(&team.project, &[sample("s")]).await?;
        team.answers(world, 0, |_| "a").await?;
        let item = team.in_review(world).await?.remove(0);
        let approve = async |seen: Value| {
            let answers = Some(serde_json::from_value(seen)?);
            let input = DecisionInput { rev: item.rev, decision: DecisionKind::Approve, answers, note: None };
            world.services.review().decide(&team.manager, item.task, input).await
        };
        assert_eq!(code(approve(json!({"intent": "b"})).await), Code::ConsensusMoved);
        assert_eq!(team.in_review(world).await?[0].rev, item.rev, "nothing changed");
        assert_eq!(approve(json!({"intent": "a"})).await?.state, TaskState::Approved);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_server_believes_what_the_answers_say() -> Outcome {
    on_each_database(async |world| {
        let team = one_who_does_not_look(world, json!({"queue": {"overlap": 3}})).await?;
        let here = team.in_review(world).await?;
        let other = world.another_server().await?;
        let (filter, page) = (ReviewFilter::default(), PageRequest::default());
        let there = other.review().list(&team.manager, &team.project, filter, page).await?.items;
        assert_eq!(here, there);
        Ok(())
    })
    .await
}

//! What each person's answers are like, held against figures by hand; and what people are told of their own.

use super::queue::{choose, claim};
use crate::support::{Outcome, World, code, on_each_database, people::email, samples::sample};
use domain::{
    access::{Role, Scope},
    answer::Verdict,
    decision::DecisionKind,
    id::{AnnotationId, TaskId},
    name::Slug,
    problem::Code,
    quality::{Direction, Undefined},
    signal::SignalKind,
    view::{
        annotate::SubmitInput,
        annotator::{AnnotatorLine, AnnotatorView},
        review::DecisionInput,
        sample::ChallengeInput,
    },
};
use serde_json::{Value, json};
use service::{Actor, Error, Result};
use std::collections::BTreeMap;

const WEEK: i64 = 7 * 86_400;

struct Team {
    project: Slug,
    ann: Actor,
    bea: Actor,
    manager: Actor,
}

/// A project in which two answers settle a task and a manager reviews all of them.
async fn team(world: &World) -> Result<Team> {
    let settings = json!({"queue": {"overlap": 2, "audit_rate": 0.0}, "review": {"require": "all"},
                          "time_zone": "Asia/Seoul"});
    let project = world.project_with("p", settings).await?;
    Ok(Team {
        ann: world.member(&project, "ann", Role::Annotator).await?,
        bea: world.member(&project, "bea", Role::Annotator).await?,
        manager: world.member(&project, "man", Role::Manager).await?,
        project,
    })
}

impl Team {
    /// This person gives these answers, each a second longer than the one before; the tasks and annotations by sample.
    async fn answers(
        &self,
        world: &World,
        person: &Actor,
        said: &[(&str, &str)],
    ) -> Result<BTreeMap<String, (TaskId, AnnotationId)>> {
        let mut given = BTreeMap::new();
        for item in claim(world, person, &self.project, 50).await?.tasks {
            let id = item.sample.id.as_str().to_owned();
            let Some(at) = said.iter().position(|(sample, _)| *sample == id) else {
                world.services.queue().release(person, &item.lease).await?;
                continue;
            };
            let input = SubmitInput { duration_ms: Some(1_000 * (at as i64 + 1)), ..choose(said[at].1) };
            let submitted = world.services.annotations().submit(person, &item.lease, input).await?;
            given.insert(id, (submitted.task, submitted.annotation));
        }
        Ok(given)
    }

    /// The manager makes this the label.
    async fn decide(&self, world: &World, task: TaskId, value: &str) -> Result<()> {
        let review = world.services.review();
        let rev = review.item(&self.manager, task).await?.rev;
        let answers = Some(Some(serde_json::from_value(json!({"intent": value}))?));
        let note = Some("by a test".to_owned());
        let input = DecisionInput { rev, decision: DecisionKind::Correct, answers, note };
        review.decide(&self.manager, task, input).await.map(drop)
    }

    async fn lines(&self, world: &World) -> Result<Vec<AnnotatorLine>> {
        Ok(world.services.quality().list(&self.manager, &self.project, None).await?.annotators)
    }

    async fn of(&self, world: &World, name: &str) -> Result<AnnotatorView> {
        let name = email(name).map_err(Error::internal)?.to_string();
        let line = self.lines(world).await?.into_iter().find(|line| line.name == name);
        let line = line.ok_or_else(|| Error::internal(format!("nobody is called {name}")))?;
        world.services.quality().get(&self.manager, &self.project, line.annotator, None).await
    }
}

fn samples(count: usize) -> Vec<Value> {
    (1..=count).map(|number| sample(&format!("s{number}"))).collect()
}

#[tokio::test]
async fn each_person_s_figures_are_those_of_the_counted_answers() -> Outcome {
    on_each_database(async |world| {
        let team = team(world).await?;
        world.import(&team.project, &samples(7)).await?;
        let said = [("s1", "a"), ("s2", "a"), ("s3", "b"), ("s4", "a"), ("s5", "c"), ("s6", "a")];
        let tasks = team.answers(world, &team.ann, &said).await?;
        team.answers(world, &team.bea, &[("s1", "a"), ("s2", "b"), ("s3", "b"), ("s4", "b"), ("s5", "c")])
            .await?;
        for (id, label) in [("s1", "a"), ("s2", "c"), ("s3", "b"), ("s4", "b")] {
            team.decide(world, tasks[id].0, label).await?;
        }
        // Another project's answers are no part of it, and neither is one that was taken back or one without a label.
        let other = world.project("q").await?;
        world.import(&other, &samples(1)).await?;
        world.set_role(&other, "ann", Role::Annotator).await?;
        let elsewhere = claim(world, &team.ann, &other, 1).await?.tasks;
        world.services.annotations().submit(&team.ann, &elsewhere[0].lease, choose("b")).await?;
        for item in claim(world, &team.bea, &team.project, 50).await?.tasks {
            if item.sample.id.as_str() == "s7" {
                let input = SubmitInput { verdict: Some(Verdict::Ambiguous), ..SubmitInput::default() };
                world.services.annotations().submit(&team.bea, &item.lease, input).await?;
            }
        }

        let lines = team.lines(world).await?;
        let told: Vec<(&str, i64)> = lines.iter().map(|line| (line.name.as_str(), line.answers)).collect();
        assert_eq!(told, [("ann@example.org", 6), ("bea@example.org", 5)], "by name");
        let ann = team.of(world, "ann").await?;
        let share = ann.quality.agreement_with_final;
        assert_eq!((share.count, share.of, share.value), (Some(2), 4, Some(0.5)));
        let others = ann.quality.agreement_with_others;
        assert_eq!((others.count, others.of), (Some(3), 5));
        let confusion: Vec<(&str, &str, Option<i64>)> = ann
            .quality
            .confusion
            .iter()
            .flat_map(|row| row.given.iter().map(|cell| (row.final_label.as_str(), cell)))
            .map(|(label, cell)| (label, cell.answer.as_str(), cell.share.count))
            .collect();
        assert_eq!(
            confusion,
            [("a", "a", Some(1)), ("b", "a", Some(1)), ("b", "b", Some(1)), ("c", "a", Some(1))]
        );
        assert_eq!(ann.quality.confusion[1].given[0].share.value, Some(0.5));
        let speed = ann.quality.speed;
        assert_eq!(
            (speed.timed, speed.median_ms, speed.quartiles_ms),
            (6, Some(3500.0), Some([2250.0, 4750.0]))
        );
        let accuracy = ann.quality.accuracy;
        assert!(
            accuracy
                .ci95
                .is_some_and(|[low, high]| Some(low) <= accuracy.value && accuracy.value <= Some(high))
        );
        let reasons: Vec<_> = ann.quality.reasons.iter().map(|of| (of.reason, of.answers)).collect();
        assert_eq!(reasons, [(SignalKind::Unlabelled, 6)]);
        let bea = team.of(world, "bea").await?.quality.agreement_with_final;
        assert_eq!((bea.count, bea.of), (Some(3), 4));

        world.services.annotations().undo(&team.ann, tasks["s6"].1).await?;
        assert_eq!(team.of(world, "ann").await?.quality.answers, 5);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn weeks_are_the_project_s_and_the_last_is_held_against_those_before() -> Outcome {
    on_each_database(async |world| {
        let team = team(world).await?;
        world.import(&team.project, &samples(40)).await?;
        let ids: Vec<String> = (1..=40).map(|number| format!("s{number}")).collect();
        let (first, second) = ids.split_at(20);
        for (ids, right) in [(first, "a"), (second, "b")] {
            let said: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), "a")).collect();
            let tasks = team.answers(world, &team.ann, &said).await?;
            team.answers(world, &team.bea, &said).await?;
            for (task, _) in tasks.values() {
                team.decide(world, *task, right).await?;
            }
            // From Monday 18:00 in Seoul to the next.
            world.clock.advance_seconds(WEEK);
        }
        let quality = team.of(world, "ann").await?.quality;
        let weeks: Vec<_> = quality
            .weeks
            .iter()
            .map(|of| (of.week.to_string(), of.answers, of.agreement_with_final.count))
            .collect();
        assert_eq!(weeks, [("2026-03-02".to_owned(), 20, Some(20)), ("2026-03-09".to_owned(), 20, Some(0))]);
        assert_eq!(quality.change.difference, Some(-1.0));
        assert_eq!(quality.change.direction, Some(Direction::Down));
        Ok(())
    })
    .await
}

/// Answers of one person that settle their tasks at once.
async fn settled(world: &World, name: &str, count: usize) -> Result<Slug> {
    let review = json!({"require": "conflicts", "sample_rate": 0.0});
    let settings = json!({"queue": {"overlap": 1, "audit_rate": 0.0}, "review": review});
    let project = world.project_with("p", settings).await?;
    world.member(&project, name, Role::Annotator).await?;
    world.import(&project, &samples(count)).await?;
    let address = email(name).map_err(Error::internal)?.to_string();
    let line = |number| json!({"id": format!("s{number}"), "annotator": address, "answers": {"intent": "a"}});
    world.send_answers(&project, &(1..=count).map(line).collect::<Vec<Value>>()).await?;
    Ok(project)
}

#[tokio::test]
async fn what_people_are_told_of_themselves_gives_no_single_label_away() -> Outcome {
    on_each_database(async |world| {
        let project = settled(world, "ann", 6).await?;
        let ann = world.token("ann", &[Scope::Annotate], None).await?;
        let manager = world.member(&project, "man", Role::Manager).await?;
        let services = &world.services;
        let own = services.quality().own(&ann, &project, None).await?.quality;
        assert_eq!(
            (own.answers, own.agreement_with_final.count, own.agreement_with_final.of),
            (6, Some(6), 6)
        );
        assert!(own.reasons.is_empty());
        assert_eq!(
            (own.speed.timed, own.speed.undefined),
            (0, Some(Undefined::NoTimes)),
            "imported answers have none"
        );
        world.cut(&project).await?;
        world.clock.advance_seconds(1);
        // Two of the samples wait again: of four left nothing is told, and of all to a manager.
        let input =
            ChallengeInput { ids: Some(vec!["s1".to_owned(), "s2".to_owned()]), ..ChallengeInput::default() };
        services.challenges().challenge(&manager, &project, input).await?;
        let own = services.quality().own(&ann, &project, None).await?.quality;
        let share = own.agreement_with_final;
        assert_eq!((share.count, share.of, share.undefined), (None, 4, Some(Undefined::TooFew)));
        assert!(
            own.confusion.is_empty() && own.weeks.iter().all(|of| of.agreement_with_final.value.is_none())
        );
        let lines = services.quality().list(&manager, &project, None).await?.annotators;
        assert_eq!(lines[0].agreement_with_final.of, 6);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn others_figures_are_for_managers_and_one_s_own_for_everybody() -> Outcome {
    on_each_database(async |world| {
        let project = settled(world, "ann", 1).await?;
        let reviewer = world.member(&project, "rev", Role::Reviewer).await?;
        let manager = world.member(&project, "man", Role::Manager).await?;
        let stranger = world.user("out").await?;
        let qualities = world.services.quality();
        let listed = qualities.list(&manager, &project, None).await?;
        assert_eq!((listed.question.as_str(), listed.annotators.len()), ("intent", 1));
        let ann = listed.annotators[0].annotator;
        assert_eq!(code(qualities.list(&reviewer, &project, None).await), Code::Forbidden);
        assert_eq!(code(qualities.get(&reviewer, &project, ann, None).await), Code::Forbidden);
        assert_eq!(code(qualities.own(&stranger, &project, None).await), Code::NotFound);
        assert_eq!(code(qualities.own(&Actor::Operator, &project, None).await), Code::Forbidden);
        // Who has not answered yet has a page all the same.
        let nothing = qualities.own(&reviewer, &project, None).await?.quality;
        assert_eq!((nothing.answers, nothing.accuracy.value), (0, None));
        let unknown = Some("colour".to_owned());
        assert_eq!(code(qualities.list(&manager, &project, unknown).await), Code::Invalid);
        // An annotator of another project is none of this one.
        let other = world.project("q").await?;
        assert_eq!(code(qualities.get(&Actor::Operator, &other, ann, None).await), Code::NotFound);
        Ok(())
    })
    .await
}

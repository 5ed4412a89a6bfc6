//! Several people at once, through two servers of one database: what holds one after the other holds here too.

use super::{
    imported_answers::answer,
    queue::choose,
    review::{decide, in_review, no_audit, team},
};
use crate::support::{
    Outcome, on_each_database,
    samples::{labelled, sample},
};
use domain::{
    access::Role,
    decision::DecisionKind,
    problem::Code,
    task::TaskState,
    view::{
        annotate::{ClaimInput, Claimed},
        review::{DecisionInput, ReviewFilter},
        version::CutInput,
    },
};
use futures::future::{join_all, try_join_all};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn people_who_claim_and_answer_at_once_never_get_in_each_others_way() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"queue": {"audit_rate": 0.25, "overlap": 2}});
        let project = world.project_with("p", settings).await?;
        let samples: Vec<_> = (0..40).map(|n| sample(&format!("s{n:02}"))).collect();
        world.import(&project, &samples).await?;
        let servers = [world.services.clone(), world.another_server().await?];
        let mut people = Vec::new();
        for n in 0..6 {
            people.push(world.member(&project, &format!("person{n}"), Role::Annotator).await?);
        }
        let work =
            people.iter().enumerate().map(|(n, person)| {
                let (here, there, project) = (&servers[n % 2], &servers[(n + 1) % 2], &project);
                async move {
                    loop {
                        // The same person in two tabs.
                        let claim = |server: &service::Services| {
                            let server = server.clone();
                            async move {
                                server.queue().claim(person, project, ClaimInput { count: Some(3) }).await
                            }
                        };
                        let (one, two) = (claim(here).await?, claim(there).await?);
                        // What is held stays held; what others were about to take may be free again by now.
                        let leases = |claimed: &Claimed| {
                            claimed.tasks.iter().map(|item| item.lease.clone()).collect::<BTreeSet<_>>()
                        };
                        assert!(leases(&one).is_subset(&leases(&two)));
                        if one.tasks.is_empty() {
                            return Ok::<_, service::Error>(());
                        }
                        let annotations = here.annotations();
                        let given =
                            one.tasks.iter().map(|item| annotations.submit(person, &item.lease, choose("a")));
                        // Whatever was claimed can be answered.
                        for answer in join_all(given.collect::<Vec<_>>()).await {
                            answer?;
                        }
                    }
                }
            });
        try_join_all(work).await?;
        let uneven = "SELECT COUNT(*) FROM (SELECT task_id FROM slots WHERE annotation_id IS NOT NULL
                      GROUP BY task_id HAVING COUNT(DISTINCT annotator_id) <> 2) AS uneven";
        assert_eq!(world.number(uneven).await?, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM annotations").await?, 80);
        assert_eq!(world.number("SELECT COUNT(*) FROM tasks WHERE state = 'in_review'").await?, 40);
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_decision_is_either_cut_or_taken_back() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        let other = world.another_server().await?;
        for round in 0..8 {
            world
                .import(&team.project, &[sample(&format!("s{round}")), labelled(&format!("l{round}"), "a")])
                .await?;
            for actor in [&team.ann, &team.bea] {
                let claimed = super::queue::claim(world, actor, &team.project, 1).await?;
                world.services.annotations().submit(actor, &claimed.tasks[0].lease, choose("a")).await?;
            }
            let item = in_review(world, &team).await?.remove(0);
            let decided = decide(world, &team.rev, &item, DecisionKind::Approve).await?;
            let reopen =
                DecisionInput { rev: decided.rev, decision: DecisionKind::Reopen, answers: None, note: None };
            let cut = CutInput { message: format!("Round {round}"), ..CutInput::default() };
            let (reopening, versions) = (other.review(), world.services.versions());
            let (reopened, cut) = tokio::join!(
                reopening.decide(&team.rev, item.task, reopen),
                versions.cut(&team.rev, &team.project, cut),
            );
            let in_version = "SELECT COUNT(*) FROM labels l JOIN decisions d ON d.id = l.decision_id
                              WHERE l.from_version IS NOT NULL AND l.until_version IS NULL AND d.task_id = ";
            let labels = world.number(&format!("{in_version}{}", item.task)).await?;
            match (reopened, cut) {
                (Ok(_), Err(refused)) => assert_eq!((labels, refused.code()), (0, Code::NothingToCut)),
                (Err(refused), Ok(_)) => assert_eq!((labels, refused.code()), (1, Code::AlreadyDecided)),
                both => panic!("both or neither: {both:?}"),
            }
            // Out of the next round's way.
            let filter = ReviewFilter { state: Some(TaskState::InReview), ..ReviewFilter::default() };
            let left =
                world.services.review().list(&team.rev, &team.project, filter, Default::default()).await?;
            for item in left.items {
                decide(world, &team.rev, &item, DecisionKind::Dismiss).await?;
            }
        }
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_cuts_at_once_one_wins_and_the_other_is_told_what_happened() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        let other = world.another_server().await?;
        for round in 0..8 {
            let samples: Vec<_> = (0..3).map(|n| sample(&format!("s{round}{n}"))).collect();
            world.import(&team.project, &samples).await?;
            for actor in [&team.ann, &team.bea] {
                for item in super::queue::claim(world, actor, &team.project, 3).await?.tasks {
                    world.services.annotations().submit(actor, &item.lease, choose("a")).await?;
                }
            }
            for item in in_review(world, &team).await? {
                decide(world, &team.rev, &item, DecisionKind::Approve).await?;
            }
            // Every other round both say which version they believe to be the newest.
            let parent = (round % 2 == 1).then_some(round);
            let cut = |message: &str| CutInput { message: message.to_owned(), tag: None, parent };
            let (here, there) = (world.services.versions(), other.versions());
            let both = tokio::join!(
                here.cut(&team.rev, &team.project, cut("here")),
                there.cut(&team.rev, &team.project, cut("there")),
            );
            let (won, lost) = match both {
                (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
                both => panic!("both or neither: {both:?}"),
            };
            let told = if parent.is_some() { Code::ParentMoved } else { Code::NothingToCut };
            assert_eq!((won.number, won.added, lost.code()), (round + 1, 3, told));
        }
        let found = world.services.verify().labels(&team.rev, None).await?;
        assert!(found.holds(), "{found:?}");
        assert_eq!((found.projects[0].versions, found.projects[0].rows), (8, 24));
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn people_who_answer_while_answers_are_imported_lose_nothing_and_count_once() -> Outcome {
    on_each_database(async |world| {
        let queue = json!({"audit_rate": 0.0, "overlap": 2});
        let project = &world.project_with("p", json!({ "queue": queue })).await?;
        let id = |number: usize| format!("s{number:02}");
        let samples: Vec<Value> = (0..60).map(|number| sample(&id(number))).collect();
        world.send_samples(project, &samples).await?;
        let names = ["ann", "bea", "cho"];
        let mut people = Vec::new();
        for name in names {
            people.push(world.member(project, name, Role::Annotator).await?);
        }
        let there = world.another_server().await?;
        let answering = people.iter().map(|person| {
            let there = there.clone();
            async move {
                loop {
                    let claimed = there.queue().claim(person, project, ClaimInput { count: Some(2) }).await?;
                    if claimed.tasks.is_empty() {
                        return Ok::<_, service::Error>(());
                    }
                    for item in claimed.tasks {
                        match there.annotations().submit(person, &item.lease, choose("a")).await {
                            Ok(_) => {}
                            // Their own answer came with the import meanwhile.
                            Err(error) if error.code() == Code::LeaseLost => {}
                            Err(error) => return Err(error),
                        }
                    }
                }
            }
        });
        let importing = async {
            for start in (0..60).step_by(10) {
                let lines: Vec<Value> = (start..start + 10)
                    .flat_map(|number| {
                        let member = format!("{}@example.org", names[number % 3]);
                        [answer(&id(number), "x", "b"), answer(&id(number), &member, "b")]
                    })
                    .collect();
                let sent = world.send_answers(project, &lines).await?;
                assert_eq!((sent.created + sent.repeated, sent.rejected), (20, 0));
            }
            Ok::<_, service::Error>(())
        };
        let (answered, imported) = tokio::join!(try_join_all(answering), importing);
        answered?;
        imported?;
        // What the import left to them is served to them.
        for person in &people {
            let left = world.services.queue().claim(person, project, ClaimInput { count: Some(50) }).await?;
            for item in left.tasks {
                world.services.annotations().submit(person, &item.lease, choose("a")).await?;
            }
        }
        let over = "SELECT COUNT(*) FROM tasks t WHERE t.slots <
                    (SELECT COUNT(*) FROM slots s WHERE s.task_id = t.id AND s.annotation_id IS NOT NULL)";
        assert_eq!(world.number(over).await?, 0);
        let twice = "SELECT COUNT(*) FROM (SELECT sample_id FROM annotations GROUP BY sample_id, annotator_id
                     HAVING COUNT(*) > 1) AS twice";
        assert_eq!(world.number(twice).await?, 0);
        let counted = "SELECT COUNT(*) FROM slots WHERE annotation_id IS NOT NULL";
        assert_eq!(world.number(counted).await?, world.number("SELECT COUNT(*) FROM annotations").await?);
        assert_eq!(world.number("SELECT COUNT(*) FROM tasks WHERE state <> 'in_review'").await?, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM tasks").await?, 60);
        Ok(())
    })
    .await
}

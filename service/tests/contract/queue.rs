//! Claiming, skipping, releasing and renewing.

use crate::support::{
    Outcome, World, code, on_each_database,
    people::email,
    samples::{predicted, sample},
};
use domain::{
    access::Role,
    name::Slug,
    problem::Code,
    view::annotate::{ClaimInput, Claimed, SkipInput, SubmitInput},
};
use serde_json::json;
use service::Actor;

pub async fn claim(world: &World, actor: &Actor, project: &Slug, count: i64) -> service::Result<Claimed> {
    world.services.queue().claim(actor, project, ClaimInput { count: Some(count) }).await
}

pub fn ids(claimed: &Claimed) -> Vec<&str> {
    claimed.tasks.iter().map(|item| item.sample.id.as_str()).collect()
}

pub fn choose(value: &str) -> SubmitInput {
    let answers = serde_json::from_value(json!({"intent": value})).ok();
    SubmitInput { answers, ..SubmitInput::default() }
}

#[tokio::test]
async fn the_queue_is_served_by_priority_then_sample_id() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let samples =
            [predicted("s3", 0.55), predicted("s2", 0.60), predicted("s1", 0.60), predicted("sure", 0.99)];
        assert_eq!(world.import(&project, &samples).await?.tasks_opened, 3);
        let first = claim(world, &ann, &project, 2).await?;
        assert_eq!(ids(&first), ["s3", "s1"]);
        assert_eq!(first.remaining, 1);
        // A reload gives the same tasks, leases and order, then more.
        let again = claim(world, &ann, &project, 5).await?;
        assert_eq!(ids(&again), ["s3", "s1", "s2"]);
        assert_eq!(again.tasks[..2], first.tasks[..]);
        assert_eq!(again.remaining, 0);
        let fewer = claim(world, &ann, &project, 1).await?;
        assert_eq!(ids(&fewer), ["s3"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_task_is_never_held_by_more_than_k_people_nor_twice_by_one() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[sample("s")]).await?;
        let mut held = 0;
        for name in ["ann", "bea", "cho"] {
            let actor = world.member(&project, name, Role::Annotator).await?;
            held += claim(world, &actor, &project, 5).await?.tasks.len();
        }
        assert_eq!(held, 2);
        // The database itself refuses a second slot of one annotator and a second holder of one slot.
        let twice = "INSERT INTO slots (task_id, slot, annotator_id, lease, claimed_at, expires_at)
                     SELECT task_id, 9, annotator_id, 'x', 0, 0 FROM slots WHERE slot = 1";
        assert!(world.execute(twice).await.is_err());
        let same = "INSERT INTO slots (task_id, slot, annotator_id, lease, claimed_at, expires_at)
                    SELECT task_id, slot, (SELECT MAX(id) FROM annotators), 'x', 0, 0 FROM slots WHERE slot = 1";
        assert!(world.execute(same).await.is_err());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_expired_lease_is_served_again_at_once_and_may_be_answered_until_then() -> Outcome {
    on_each_database(async |world| {
        let project = world
            .project_with("p", json!({"queue": {"audit_rate": 0.0, "overlap": 1, "lease_seconds": 60}}))
            .await?;
        world.import(&project, &[sample("s1"), sample("s2")]).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let bea = world.member(&project, "bea", Role::Annotator).await?;
        let held = claim(world, &ann, &project, 2).await?;
        assert!(claim(world, &bea, &project, 2).await?.tasks.is_empty());
        world.clock.advance_seconds(61);
        let taken = claim(world, &bea, &project, 1).await?;
        assert_eq!(ids(&taken), ["s1"]);
        let annotations = world.services.annotations();
        assert_eq!(code(annotations.submit(&ann, &held.tasks[0].lease, choose("a")).await), Code::LeaseLost);
        // Nobody took the other one.
        annotations.submit(&ann, &held.tasks[1].lease, choose("a")).await?;
        assert_eq!(
            code(annotations.submit(&ann, &held.tasks[1].lease, choose("a")).await),
            Code::AlreadyAnswered
        );
        assert_eq!(code(annotations.submit(&ann, &taken.tasks[0].lease, choose("a")).await), Code::NotFound);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_skipped_task_never_comes_back_and_a_released_one_does() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[sample("s1"), sample("s2")]).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        world.member(&project, "bea", Role::Annotator).await?;
        let held = claim(world, &ann, &project, 2).await?;
        let queue = world.services.queue();
        queue.skip(&ann, &held.tasks[0].lease, SkipInput::default()).await?;
        queue.release(&ann, &held.tasks[1].lease).await?;
        assert_eq!(code(queue.release(&ann, &held.tasks[1].lease).await), Code::LeaseLost);
        assert_eq!(ids(&claim(world, &ann, &project, 5).await?), ["s2"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_task_that_everybody_skipped_goes_to_review() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[sample("s")]).await?;
        for name in ["ann", "bea"] {
            world.member(&project, name, Role::Annotator).await?;
        }
        for name in ["ann", "bea"] {
            let actor = world.token(name, &[domain::access::Scope::Annotate], None).await?;
            let held = claim(world, &actor, &project, 1).await?;
            world.services.queue().skip(&actor, &held.tasks[0].lease, SkipInput::default()).await?;
        }
        let states = world.texts("SELECT state FROM tasks").await?;
        assert_eq!(states, ["in_review"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_lease_is_renewed_up_to_eight_times_its_length() -> Outcome {
    on_each_database(async |world| {
        let project =
            world.project_with("p", json!({"queue": {"audit_rate": 0.0, "lease_seconds": 100}})).await?;
        world.import(&project, &[sample("s")]).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let lease = claim(world, &ann, &project, 1).await?.tasks[0].lease.clone();
        let began = world.now();
        for round in 1..=12 {
            world.clock.advance_seconds(90);
            let renewed = world.services.queue().renew(&ann, &lease).await?;
            assert_eq!(renewed.expires_at, began.plus_seconds((90 * round + 100).min(800)));
        }
        assert!(world.services.queue().held(&ann, &project).await?.tasks.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_audit_slice_is_served_in_its_own_order_whatever_the_signals() -> Outcome {
    on_each_database(async |world| {
        let project = world.project_with("p", json!({"queue": {"audit_rate": 1.0}})).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let samples: Vec<_> = (0..8).map(|n| predicted(&format!("s{n}"), 0.99)).collect();
        assert_eq!(world.import(&project, &samples).await?.tasks_opened, 8);
        let served = claim(world, &ann, &project, 8).await?;
        let by_hash = world.texts("SELECT sample_key FROM tasks ORDER BY audit_rank").await?;
        assert_eq!(ids(&served), by_hash);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_blind_project_tells_annotators_nothing_about_prediction_label_or_reason() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let mut secret = predicted("s", 0.55);
        secret["label"] = json!({"intent": "b"});
        secret["metadata"] = json!({"guess": "b"});
        world.import(&project, &[secret]).await?;
        let claimed = claim(world, &ann, &project, 1).await?;
        let item = serde_json::to_value(&claimed.tasks[0])?;
        assert_eq!((&item["reason"], &item["revealed"]), (&json!(null), &json!(null)));
        assert_eq!(item["sample"]["metadata"], json!({}));
        let submitted =
            world.services.annotations().submit(&ann, &claimed.tasks[0].lease, choose("a")).await?;
        assert_eq!(submitted.revealed, None);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn metadata_was_hidden_where_everything_is_revealed() -> Outcome {
    on_each_database(async |world| {
        let mut with_metadata = sample("s");
        with_metadata["metadata"] = json!({"channel": "chat", "shift": 2});
        for (reveal, expected) in
            [("blind", json!({"channel": "chat"})), ("always", json!({"channel": "chat", "shift": 2}))]
        {
            let settings =
                json!({"queue": {"audit_rate": 0.0}, "reveal": reveal, "show_metadata": ["channel"]});
            let project = world.project_with(reveal, settings).await?;
            let ann = world.member(&project, &format!("ann-{reveal}"), Role::Annotator).await?;
            world.import(&project, std::slice::from_ref(&with_metadata)).await?;
            let claimed = claim(world, &ann, &project, 1).await?;
            assert_eq!(json!(claimed.tasks[0].sample.metadata), expected, "{reveal}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_admin_who_answers_is_not_forgotten_when_the_members_are_through() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[sample("s")]).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let admin = world.admin("ada").await?;
        let held = claim(world, &admin, &project, 1).await?;
        let given = claim(world, &ann, &project, 1).await?;
        world.services.annotations().submit(&ann, &given.tasks[0].lease, choose("a")).await?;
        assert_eq!(world.texts("SELECT state FROM tasks").await?, ["open"]);
        world.services.annotations().submit(&admin, &held.tasks[0].lease, choose("a")).await?;
        assert_eq!(world.texts("SELECT state FROM tasks").await?, ["in_review"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_audit_keeps_its_order_where_nothing_else_waits() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"queue": {"audit_rate": 1.0, "threshold": 1.0}});
        let project = world.project_with("p", settings).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let sure: Vec<_> = (0..20).map(|n| predicted(&format!("s{n:02}"), 1.0)).collect();
        world.import(&project, &sure).await?;
        let ranked = world.texts("SELECT key FROM samples ORDER BY audit_rank").await?;
        // By share or by what is left over: the order is the audit's.
        let by_priority = "SELECT sample_key FROM tasks ORDER BY priority DESC, sample_key";
        assert_eq!(world.texts(by_priority).await?, ranked);
        assert_eq!(ids(&claim(world, &ann, &project, 20).await?), ranked);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn who_was_disabled_meanwhile_gets_nothing_by_an_earlier_sign_in() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[sample("s")]).await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        world.services.accounts().disable(&Actor::Operator, &email("ann")?).await?;
        assert_eq!(code(claim(world, &ann, &project, 1).await), Code::Unauthenticated);
        assert_eq!(world.number("SELECT COUNT(*) FROM slots").await?, 0);
        Ok(())
    })
    .await
}

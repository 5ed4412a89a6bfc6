//! Rules and their change sets as they are listed: undoing is offered where it can be done, and refused with the true
//! reason.

use super::ambiguity::Team;
use crate::support::{Outcome, World, faults, on_each_database, refusal};
use domain::{id::ChangeSetId, problem::Code, task::TaskState, view::PageRequest};
use serde_json::json;
use service::Result;

/// With which code undoing the rule is said to be refused.
async fn told(world: &World, team: &Team, set: ChangeSetId) -> Result<Option<Code>> {
    let set = world.services.change_sets().get(&team.reviewer, &team.project, set).await?;
    Ok(set.rule.and_then(|rule| rule.undo_refused))
}

#[tokio::test]
async fn undoing_a_rule_is_offered_exactly_while_it_can_be_done() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let undone = team.write(world, team.rule(world, &items[..1]).await?).await?.change_set;
        let cut = team.write(world, team.rule(world, &items[1..2]).await?).await?.change_set;
        assert_eq!((told(world, &team, undone).await?, told(world, &team, cut).await?), (None, None));
        team.undo(world, undone).await?;
        assert_eq!(told(world, &team, undone).await?, Some(Code::WrongState));
        assert_eq!(refusal(team.undo(world, undone).await).detail, "the rule was undone before");

        world.cut(&team.project).await?;
        assert_eq!(told(world, &team, cut).await?, Some(Code::AlreadyDecided));
        let refused = refusal(team.undo(world, cut).await);
        assert_eq!(refused.code, Code::AlreadyDecided);
        assert_eq!(refused.detail, "labels that the rule decided are in a version already");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_newer_task_keeps_a_rule_from_being_undone_and_is_told_of() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let set = team.write(world, team.rule(world, &items).await?).await?.change_set;
        world.clock.advance_seconds(1);
        world.send_feedback(&team.project, &[json!({"id": "ab2", "kind": "wrong"})]).await?;
        assert_eq!(told(world, &team, set).await?, Some(Code::WrongState));
        let before = world.number("SELECT SUM(rev) FROM tasks").await?;
        let refused = refusal(team.undo(world, set).await);
        assert_eq!(refused.code, Code::WrongState);
        assert_eq!(refused.detail, "a sample of the rule has a newer task that is not decided yet");
        assert_eq!(world.number("SELECT SUM(rev) FROM tasks").await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_set_of_a_rule_was_approved_with_nothing_to_approve() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let set = team.write(world, team.rule(world, &items).await?).await?.change_set;
        let approved = world.services.change_sets().approve(&team.reviewer, &team.project, set).await;
        assert_eq!(refusal(approved).code, Code::WrongState);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rules_come_in_pages_the_oldest_first() -> Outcome {
    on_each_database(async |world| {
        let team = Team::answered(world, json!({})).await?;
        let items = team.items(world, TaskState::InReview).await?.items;
        let mut sets = Vec::new();
        for item in items.chunks(1) {
            sets.push(team.write(world, team.rule(world, item).await?).await?.change_set);
        }
        team.undo(world, sets.remove(1)).await?;
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let request = PageRequest { limit: Some(1), cursor };
            let page = world.services.rules().list(&team.people[0], &team.project, request).await?;
            found.extend(page.items.into_iter().map(|rule| rule.rule.change_set));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(found, sets);
        let request = PageRequest { limit: None, cursor: Some("77".to_owned()) };
        let refused = world.services.rules().list(&team.reviewer, &team.project, request).await;
        assert_eq!(faults(refused), [("/cursor".to_owned(), Code::Invalid)]);
        Ok(())
    })
    .await
}

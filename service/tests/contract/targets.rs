//! Both targets at once: which share of the claims asks about suspected labels.

use super::{
    queue::{claim, ids},
    support::{Outcome, World, faults, on_each_database, samples::predicted},
};
use domain::{
    access::Role,
    name::Slug,
    problem::Code,
    signal::SignalKind,
    task::TaskState,
    view::{PageRequest, annotate::SkipInput, project::ProjectPatch, review::ReviewFilter},
};
use serde_json::{Value, json};
use service::{Actor, Result};

/// A project of both targets with as many samples of each sort. Every suspected label scores higher than any uncertain
/// prediction.
async fn both(world: &World, label_share: Value, count: usize) -> Result<(Slug, Actor)> {
    let queue = json!({"target": "both", "label_share": label_share, "audit_rate": 0.0});
    let project = world.project_with("p", json!({ "queue": queue })).await?;
    let mut samples = Vec::new();
    for n in 0..count {
        samples.push(predicted(&format!("unsure{n:02}"), 0.6));
        let mut suspect = predicted(&format!("suspect{n:02}"), 0.99);
        suspect["label"] = json!({"intent": "b"});
        samples.push(suspect);
    }
    world.import(&project, &samples).await?;
    let ann = world.member(&project, "ann", Role::Annotator).await?;
    Ok((project, ann))
}

/// Claims one task after the other and skips it: whether each was about a suspected label.
async fn served(world: &World, project: &Slug, actor: &Actor, count: usize) -> Result<Vec<bool>> {
    let mut suspects = Vec::new();
    for _ in 0..count {
        let claimed = claim(world, actor, project, 1).await?;
        suspects.extend(ids(&claimed).iter().map(|id| id.starts_with("suspect")));
        for item in &claimed.tasks {
            world.services.queue().skip(actor, &item.lease, SkipInput::default()).await?;
        }
    }
    Ok(suspects)
}

#[tokio::test]
async fn without_a_share_the_greater_score_comes_first() -> Outcome {
    on_each_database(async |world| {
        let (project, ann) = both(world, Value::Null, 3).await?;
        assert_eq!(served(world, &project, &ann, 6).await?, [true, true, true, false, false, false]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_sort_is_served_while_it_lasts_where_it_has_the_whole_share() -> Outcome {
    on_each_database(async |world| {
        let (project, ann) = both(world, json!(0.0), 3).await?;
        assert_eq!(served(world, &project, &ann, 6).await?, [false, false, false, true, true, true]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn each_sort_gets_about_its_share_of_many_claims() -> Outcome {
    on_each_database(async |world| {
        let (project, ann) = both(world, json!(0.5), 40).await?;
        let one_by_one = served(world, &project, &ann, 40).await?;
        // Beyond seven standard deviations.
        let suspects = one_by_one.iter().filter(|suspect| **suspect).count();
        assert!((2..=38).contains(&suspects), "{suspects} of 40");
        let at_once = claim(world, &ann, &project, 30).await?;
        let suspects = ids(&at_once).iter().filter(|id| id.starts_with("suspect")).count();
        assert_eq!(at_once.tasks.len(), 30);
        assert!((1..=29).contains(&suspects), "{suspects} of 30");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn reports_come_before_either_sort() -> Outcome {
    on_each_database(async |world| {
        let (project, ann) = both(world, json!(1.0), 3).await?;
        world.send_feedback(&project, &[json!({"id": "unsure02", "kind": "wrong"})]).await?;
        let first = claim(world, &ann, &project, 2).await?;
        assert_eq!(ids(&first), ["unsure02", "suspect00"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_share_holds_for_the_places_behind_reports() -> Outcome {
    on_each_database(async |world| {
        let (project, ann) = both(world, json!(0.0), 4).await?;
        let report = |id: &str| json!({"id": id, "kind": "wrong"});
        world.send_feedback(&project, &[report("unsure02"), report("unsure03")]).await?;
        let claimed = claim(world, &ann, &project, 4).await?;
        let mut claimed = ids(&claimed);
        claimed[..2].sort();
        assert_eq!(claimed, ["unsure02", "unsure03", "unsure00", "unsure01"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_list_of_open_tasks_has_both_sorts_in_the_order_of_their_scores() -> Outcome {
    on_each_database(async |world| {
        let project =
            world.project_with("p", json!({"queue": {"target": "both", "audit_rate": 0.0}})).await?;
        let mut samples = Vec::new();
        for (key, probability, label) in [
            ("fourth", 0.65, None),
            ("third", 0.75, Some("b")),
            ("second", 0.55, None),
            ("first", 0.95, Some("b")),
        ] {
            let mut sample = predicted(key, probability);
            if let Some(label) = label {
                sample["label"] = json!({"intent": label});
            }
            samples.push(sample);
        }
        world.import(&project, &samples).await?;
        let mut listed = Vec::new();
        let mut cursor = None;
        loop {
            let filter = ReviewFilter { state: Some(TaskState::Open), ..ReviewFilter::default() };
            let request = PageRequest { limit: Some(1), cursor };
            let page = world.services.review().list(&Actor::Operator, &project, filter, request).await?;
            listed.extend(page.items.iter().map(|item| (item.sample.id.to_string(), item.reason.kind)));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        let (suspect, unsure) = (SignalKind::LabelSuspect, SignalKind::PredictionUncertain);
        let expected = [("first", suspect), ("second", unsure), ("third", suspect), ("fourth", unsure)];
        assert_eq!(listed, expected.map(|(id, reason)| (id.to_owned(), reason)));
        for (reason, ids) in [(suspect, ["first", "third"]), (unsure, ["second", "fourth"])] {
            let filter = ReviewFilter {
                state: Some(TaskState::Open),
                reason: Some(reason),
                ..ReviewFilter::default()
            };
            let page = world
                .services
                .review()
                .list(&Actor::Operator, &project, filter, PageRequest::default())
                .await?;
            assert_eq!(page.items.iter().map(|item| item.sample.id.as_str()).collect::<Vec<_>>(), ids);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_share_is_between_0_and_1_and_null_takes_it_back() -> Outcome {
    on_each_database(async |world| {
        let (project, _) = both(world, json!(0.25), 1).await?;
        let change = async |rev: i32, share: Value| {
            let settings = Some(json!({"queue": {"label_share": share}}));
            let patch = ProjectPatch { rev, settings, ..ProjectPatch::default() };
            world.services.projects().update(&Actor::Operator, &project, patch).await
        };
        for (share, code) in [
            (json!(1.5), Code::OutOfRange),
            (json!(-0.1), Code::OutOfRange),
            (json!("half"), Code::WrongType),
        ] {
            assert_eq!(faults(change(1, share).await), [("/settings/queue/label_share".to_owned(), code)]);
        }
        assert_eq!(change(1, Value::Null).await?.settings.queue.label_share, None);
        Ok(())
    })
    .await
}

//! Splits: where samples fall, what an export says of it, and how many reviewers a test label needs.

use crate::{
    queue::{choose, claim},
    review::{Team, answer, decide, in_review, team},
    support::{Outcome, World, code, on_each_database},
};
use domain::{
    access::Role,
    answer::Answers,
    decision::DecisionKind,
    name::VersionRef,
    problem::Code,
    split::Split,
    task::TaskState,
    view::{project::ProjectPatch, review::DecisionInput, version::CutInput},
};
use futures::TryStreamExt;
use serde_json::{Value, json};
use service::{
    Actor,
    usecase::export::{ExportFilter, ExportFormat, ExportRequest, Include, Spreadsheet},
};
use std::collections::{BTreeMap, HashSet};

/// Every sample is in the test split, whose labels need two reviewers.
fn two_reviewers() -> Value {
    json!({"queue": {"audit_rate": 0.0, "overlap": 1},
           "split": {"validation": 0.0, "test": 1.0, "test_reviewers": 2}})
}

async fn exported(world: &World, team: &Team, filter: ExportFilter) -> service::Result<Vec<Value>> {
    exported_since(world, team, filter, None).await
}

async fn exported_since(
    world: &World,
    team: &Team,
    filter: ExportFilter,
    since: Option<VersionRef>,
) -> service::Result<Vec<Value>> {
    let request = ExportRequest {
        version: None,
        since,
        format: ExportFormat::Jsonl,
        include: Include::default(),
        filter,
        spreadsheet: Spreadsheet::Raw,
    };
    let plan = world.services.export().plan(&team.rev, &team.project, request).await?;
    let pieces: Vec<Vec<u8>> = world.services.export().stream(plan).try_collect().await?;
    let text = String::from_utf8(pieces.concat()).map_err(service::Error::internal)?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn talk(n: usize) -> Value {
    json!({"id": format!("s{n:03}"), "fields": {"text": "x"}, "label": {"intent": "a"},
           "metadata": {"talk": format!("t{}", n % 20)}})
}

#[tokio::test]
async fn a_conversation_stays_together_also_after_its_samples_were_erased() -> Outcome {
    on_each_database(async |world| {
        let split = json!({"validation": 0.3, "test": 0.3, "by": "talk"});
        let team = team(world, json!({"queue": {"audit_rate": 0.0}, "split": split})).await?;
        let samples: Vec<Value> = (0..200).map(talk).collect();
        world.import(&team.project, &samples).await?;
        let before = exported(world, &team, ExportFilter::default()).await?;
        let mut splits: BTreeMap<usize, HashSet<String>> = BTreeMap::new();
        for (n, line) in before.iter().enumerate() {
            splits.entry(n % 20).or_default().insert(line["split"].as_str().unwrap_or("none").to_owned());
        }
        assert!(splits.values().all(|splits| splits.len() == 1), "{splits:?}");
        assert!(
            splits.values().flatten().collect::<HashSet<_>>().len() > 1,
            "chance chose one split for all"
        );

        let mut parts = Vec::new();
        for split in Split::ALL {
            let filter = ExportFilter { split: Some(split), ..ExportFilter::default() };
            parts.extend(exported(world, &team, filter).await?);
        }
        parts.sort_by_key(|line| line["id"].to_string());
        assert_eq!(parts, before);

        for n in [0, 7, 131] {
            world.services.samples().erase(&team.rev, &team.project, &format!("s{n:03}")).await?;
        }
        let after = exported(world, &team, ExportFilter::default()).await?;
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(before["split"], after["split"]);
        }
        assert_eq!(after[7]["fields"], Value::Null);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_export_can_be_of_some_labels_and_metadata() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, json!({})).await?;
        let sample = |id: &str, label: &str, channel: Value| {
            json!({"id": id, "fields": {"text": "x"}, "label": {"intent": label}, "metadata": {"channel": channel}})
        };
        let samples = [sample("1", "a", json!("chat")), sample("2", "b", json!("chat")), sample("3", "a", json!(3))];
        world.import(&team.project, &samples).await?;
        let ids = async |filter: Value| {
            let filter = ExportFilter {
                split: None,
                label: serde_json::from_value(filter["label"].clone())?,
                metadata: serde_json::from_value(filter["metadata"].clone())?,
            };
            let lines = exported(world, &team, filter).await?;
            service::Result::Ok(lines.iter().map(|line| line["id"].to_string()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(ids(json!({"label": {"intent": "a"}})).await?, r#""1" "3""#);
        assert_eq!(ids(json!({"metadata": {"channel": "chat"}})).await?, r#""1" "2""#);
        assert_eq!(ids(json!({"metadata": {"channel": 3}})).await?, r#""3""#);
        assert_eq!(ids(json!({"label": {"intent": "a"}, "metadata": {"channel": "chat"}})).await?, r#""1""#);
        assert_eq!(ids(json!({"label": {"intent": "c"}})).await?, "");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_was_exported_by_metadata_that_are_erased_is_deleted() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, json!({})).await?;
        let sample = |language: &str, label: &str| {
            json!({"id": "s", "fields": {"text": format!("in {language}")}, "label": {"intent": label},
                   "metadata": {"language": language}})
        };
        world.import(&team.project, &[sample("ko", "a")]).await?;
        let korean = || {
            let metadata = serde_json::from_value(json!({"language": "ko"})).ok();
            ExportFilter { metadata, ..ExportFilter::default() }
        };
        assert_eq!(exported(world, &team, korean()).await?.len(), 1);
        world.services.samples().erase(&team.rev, &team.project, "s").await?;
        world.import(&team.project, &[sample("en", "b")]).await?;
        let changes = exported_since(world, &team, korean(), Some(VersionRef::Number(1))).await?;
        assert_eq!(changes, [json!({"op": "delete", "id": "s", "version": 2})]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn shares_and_key_stay_as_they_are_once_there_is_a_version() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, json!({})).await?;
        let patch = async |split: Value| {
            let rev = world.services.projects().get(&team.rev, &team.project).await?.rev;
            let patch =
                ProjectPatch { rev, settings: Some(json!({"split": split})), ..ProjectPatch::default() };
            world.services.projects().update(&team.rev, &team.project, patch).await
        };
        assert_eq!(patch(json!({"test": 0.5})).await?.settings.split.test, 0.5);
        world.import(&team.project, &[talk(1)]).await?;
        for split in [json!({"test": 0.4}), json!({"validation": 0.4}), json!({"by": "talk"})] {
            assert_eq!(code(patch(split).await), Code::SplitFixed);
        }
        let settings = world.services.projects().get(&team.rev, &team.project).await?.settings;
        assert_eq!((settings.split.test, settings.split.by), (0.5, None));
        assert_eq!(patch(json!({"test_reviewers": 2})).await?.settings.split.test_reviewers, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_test_label_needs_two_different_reviewers() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, two_reviewers()).await?;
        let second = world.member(&team.project, "sue", Role::Reviewer).await?;
        world.send_samples(&team.project, &[json!({"id": "s", "fields": {"text": "x"}})]).await?;
        answer(world, &team.ann, &team.project, "a").await?;
        let item = in_review(world, &team).await?.remove(0);
        assert_eq!(
            item.approvals.as_ref().map(|approvals| (approvals.needed, approvals.by.len())),
            Some((2, 0))
        );

        let decided = decide(world, &team.rev, &item, DecisionKind::Approve).await?;
        assert_eq!((decided.state, decided.rev), (TaskState::InReview, item.rev + 1));
        let item = in_review(world, &team).await?.remove(0);
        let approvals = item.approvals.clone().unwrap_or_else(|| panic!("no approvals"));
        assert_eq!((approvals.needed, approvals.by), (2, vec!["rev@example.org".to_owned()]));
        assert_eq!(approvals.answers, item.consensus.answers);
        let cut = CutInput { message: "too early".to_owned(), ..CutInput::default() };
        let cut = world.services.versions().cut(&team.rev, &team.project, cut).await;
        assert_eq!(code(cut), Code::NothingToCut);

        let again = decide(world, &team.rev, &item, DecisionKind::Approve).await;
        assert_eq!(code(again), Code::OtherReviewerNeeded);
        let undone = world.services.annotations().undo(&team.ann, item.annotations[0].annotation).await;
        assert_eq!(code(undone), Code::AlreadyDecided);

        let decided = decide(world, &second, &item, DecisionKind::Approve).await?;
        assert_eq!(decided.state, TaskState::Approved);
        let cut = CutInput { message: "both agree".to_owned(), ..CutInput::default() };
        let version = world.services.versions().cut(&team.rev, &team.project, cut).await?;
        assert_eq!((version.added, version.labels), (1, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_approval_under_an_older_guideline_does_not_count_beside_a_new_one() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, two_reviewers()).await?;
        let second = world.member(&team.project, "sue", Role::Reviewer).await?;
        world.send_samples(&team.project, &[json!({"id": "s", "fields": {"text": "x"}})]).await?;
        answer(world, &team.ann, &team.project, "a").await?;
        let item = in_review(world, &team).await?.remove(0);
        decide(world, &team.rev, &item, DecisionKind::Approve).await?;
        let rev = world.services.projects().get(&team.rev, &team.project).await?.rev;
        let guideline = Some("Another rule.".to_owned());
        let patch = ProjectPatch { rev, guideline, ..ProjectPatch::default() };
        world.services.projects().update(&team.rev, &team.project, patch).await?;

        let item = in_review(world, &team).await?.remove(0);
        assert_eq!(item.approvals.as_ref().map(|approvals| approvals.by.len()), Some(0));
        assert_eq!(decide(world, &second, &item, DecisionKind::Approve).await?.state, TaskState::InReview);
        let item = in_review(world, &team).await?.remove(0);
        let decided = decide(world, &team.rev, &item, DecisionKind::Approve).await?;
        assert_eq!(decided.state, TaskState::Approved, "whoever approved before may do so again");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn reviewers_who_disagree_begin_anew() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, two_reviewers()).await?;
        let second = world.member(&team.project, "sue", Role::Reviewer).await?;
        world.send_samples(&team.project, &[json!({"id": "s", "fields": {"text": "x"}})]).await?;
        answer(world, &team.ann, &team.project, "a").await?;
        let correct = async |actor: &Actor, label: &str| {
            let item = in_review(world, &team).await?.remove(0);
            let answers: Answers = serde_json::from_value(json!({"intent": label}))?;
            let input = DecisionInput {
                rev: item.rev,
                decision: DecisionKind::Correct,
                answers: Some(Some(answers)),
                note: None,
            };
            world.services.review().decide(actor, item.task, input).await
        };
        assert_eq!(correct(&team.rev, "b").await?.state, TaskState::InReview);
        assert_eq!(correct(&second, "c").await?.state, TaskState::InReview, "another label is another first");
        assert_eq!(correct(&team.rev, "b").await?.state, TaskState::InReview);
        assert_eq!(correct(&second, "b").await?.state, TaskState::Approved);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_policy_approves_no_label_that_needs_two_reviewers() -> Outcome {
    on_each_database(async |world| {
        let mut settings = two_reviewers();
        settings["review"] = json!({"require": "conflicts", "sample_rate": 0.0});
        let team = team(world, settings).await?;
        world.send_samples(&team.project, &[json!({"id": "s", "fields": {"text": "x"}})]).await?;
        let held = claim(world, &team.ann, &team.project, 1).await?;
        let submitted =
            world.services.annotations().submit(&team.ann, &held.tasks[0].lease, choose("a")).await?;
        assert_eq!(submitted.task_state, TaskState::InReview);
        Ok(())
    })
    .await
}

//! Cutting, comparing, reverting and exporting versions.

use super::{
    queue::{choose, claim},
    review::{Team, answer, decide, in_review, no_audit, team},
};
use crate::support::{
    Outcome, World, code, on_each_database,
    samples::{labelled, predicted, sample},
};
use domain::{
    decision::DecisionKind,
    name::{TagName, VersionRef},
    problem::Code,
    view::{
        PageRequest,
        diff::DiffFilter,
        project::ProjectPatch,
        review::ReviewItem,
        version::{CutInput, RevertInput, TagInput, VersionView},
    },
};
use futures::TryStreamExt;
use serde_json::{Value, json};
use service::usecase::export::{ExportFilter, ExportFormat, ExportRequest, Include, Spreadsheet};

async fn cut(world: &World, team: &Team) -> service::Result<VersionView> {
    let input = CutInput { message: "a cut".to_owned(), ..CutInput::default() };
    world.services.versions().cut(&team.rev, &team.project, input).await
}

async fn export(world: &World, team: &Team, request: ExportRequest) -> service::Result<String> {
    let plan = world.services.export().plan(&team.rev, &team.project, request).await?;
    let pieces: Vec<Vec<u8>> = world.services.export().stream(plan).try_collect().await?;
    String::from_utf8(pieces.concat()).map_err(service::Error::internal)
}

fn jsonl() -> ExportRequest {
    ExportRequest {
        version: None,
        since: None,
        format: ExportFormat::Jsonl,
        include: Include::default(),
        filter: ExportFilter::default(),
        spreadsheet: Spreadsheet::Raw,
    }
}

fn lines(text: &str) -> serde_json::Result<Vec<Value>> {
    text.lines().map(serde_json::from_str).collect()
}

/// Both annotators answer whatever waits with `value`, and the reviewer approves it.
async fn relabel(world: &World, team: &Team, value: &str) -> service::Result<()> {
    for actor in [&team.ann, &team.bea] {
        for item in claim(world, actor, &team.project, 50).await?.tasks {
            world.services.annotations().submit(actor, &item.lease, choose(value)).await?;
        }
    }
    for item in in_review(world, team).await? {
        decide(world, &team.rev, &item, DecisionKind::Approve).await?;
    }
    Ok(())
}

async fn challenge(world: &World, team: &Team, id: &str) -> service::Result<()> {
    let input = serde_json::from_value(json!({"ids": [id]}))?;
    world.services.challenges().challenge(&team.rev, &team.project, input).await.map(drop)
}

#[tokio::test]
async fn a_version_holds_exactly_what_was_approved() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        assert_eq!(code(cut(world, &team).await), Code::NothingToCut);
        let import =
            world.import(&team.project, &[labelled("old", "a"), sample("new"), sample("open")]).await?;
        assert_eq!(import.version, Some(1));
        answer(world, &team.ann, &team.project, "b").await?;
        answer(world, &team.bea, &team.project, "b").await?;
        let item = in_review(world, &team).await?.remove(0);
        decide(world, &team.rev, &item, DecisionKind::Approve).await?;
        let second = cut(world, &team).await?;
        assert_eq!((second.number, second.parent, second.added, second.labels), (2, Some(1), 1, 2));
        let exported = lines(&export(world, &team, jsonl()).await?)?;
        assert_eq!(
            exported,
            [
                json!({"id": "new", "fields": {"text": "text of new"}, "label": {"intent": "b"}, "version": 2,
                       "split": "train"}),
                json!({"id": "old", "fields": {"text": "text of old"}, "label": {"intent": "a"}, "version": 1,
                       "split": "train"}),
            ]
        );
        let first = ExportRequest { version: Some(VersionRef::Number(1)), ..jsonl() };
        assert_eq!(lines(&export(world, &team, first).await?)?.len(), 1);
        assert_eq!(code(cut(world, &team).await), Code::NothingToCut);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn later_changes_reach_whoever_has_an_earlier_version() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        let samples = [labelled("gone", "a"), labelled("kept", "a"), labelled("turned", "a")];
        world.import(&team.project, &samples).await?;
        challenge(world, &team, "turned").await?;
        relabel(world, &team, "c").await?;
        cut(world, &team).await?;
        world
            .import(
                &team.project,
                &[json!({"id": "gone", "fields": {"text": "text of gone"}, "label": null})],
            )
            .await?;
        let since = ExportRequest { since: Some(VersionRef::Number(1)), ..jsonl() };
        assert_eq!(
            lines(&export(world, &team, since).await?)?,
            [
                json!({"op": "delete", "id": "gone", "version": 3}),
                json!({"op": "upsert", "id": "turned", "fields": {"text": "text of turned"},
                       "label": {"intent": "c"}, "version": 2, "split": "train"}),
            ]
        );
        let newer = ExportRequest {
            since: Some(VersionRef::Number(3)),
            version: Some(VersionRef::Number(2)),
            ..jsonl()
        };
        assert_eq!(code(export(world, &team, newer).await), Code::SinceNewer);
        let (from, to) = (VersionRef::Number(1), VersionRef::Latest);
        let diff = world
            .services
            .versions()
            .diff(&team.rev, &team.project, (&from, &to), DiffFilter::default(), PageRequest::default())
            .await?;
        let diff = serde_json::to_value(diff)?;
        assert_eq!(
            diff["summary"],
            json!([{"question": "intent", "before": "a", "after": null, "count": 1},
                   {"question": "intent", "before": "a", "after": "c", "count": 1}])
        );
        assert_eq!(diff["items"][1]["id"], "turned");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_version_never_changes_not_even_by_hand() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[labelled("s", "a")]).await?;
        let csv =
            ExportRequest { version: Some(VersionRef::Number(1)), format: ExportFormat::Csv, ..jsonl() };
        let before = export(world, &team, csv.clone()).await?;
        assert_eq!(before, "id,text,label.intent,version,split\r\ns,text of s,a,1,train\r\n");
        challenge(world, &team, "s").await?;
        let held = claim(world, &team.ann, &team.project, 1).await?;
        let annotations = world.services.annotations();
        let given = annotations.submit(&team.ann, &held.tasks[0].lease, choose("a")).await?;
        annotations.undo(&team.ann, given.annotation).await?;
        relabel(world, &team, "b").await?;
        cut(world, &team).await?;
        assert_eq!(export(world, &team, csv).await?, before);
        for change in [
            "UPDATE labels SET label = '{\"intent\":\"c\"}'",
            "UPDATE labels SET from_version = 7",
            "UPDATE labels SET until_version = NULL WHERE until_version IS NOT NULL",
            "DELETE FROM labels",
            "UPDATE versions SET message = 'x'",
            "DELETE FROM annotations",
            "UPDATE annotations SET answers = '{}'",
            "UPDATE decisions SET kind = 'dismiss'",
            "UPDATE withdrawals SET created_at = 0",
            "DELETE FROM withdrawals",
            "DELETE FROM audit",
        ] {
            assert!(world.execute(change).await.is_err(), "{change}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_decision_that_equals_the_stored_label_is_kept_as_confirmed() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[labelled("s", "a")]).await?;
        challenge(world, &team, "s").await?;
        relabel(world, &team, "a").await?;
        let second = cut(world, &team).await?;
        assert_eq!((second.confirmed, second.changed, second.labels), (1, 0, 1));
        let (from, to) = (VersionRef::Number(1), VersionRef::Number(2));
        let diff = world
            .services
            .versions()
            .diff(&team.rev, &team.project, (&from, &to), DiffFilter::default(), PageRequest::default())
            .await?;
        assert!(diff.items.is_empty() && diff.summary.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_decision_taken_back_before_the_cut_never_reaches_a_version() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[sample("s"), sample("t")]).await?;
        relabel(world, &team, "a").await?;
        let staged =
            world.services.versions().staged(&team.rev, &team.project, PageRequest::default()).await?;
        let task = staged.items[0].task.ok_or("no task")?;
        let item = world.services.review().item(&team.rev, task).await?;
        decide(world, &team.rev, &item, DecisionKind::Reopen).await?;
        let first = cut(world, &team).await?;
        assert_eq!((first.added, first.labels), (1, 1));
        // Decided again, it enters the next one; its first row stays retired.
        let item = world.services.review().item(&team.rev, task).await?;
        decide(world, &team.rev, &item, DecisionKind::Approve).await?;
        let second = cut(world, &team).await?;
        assert_eq!((second.added, second.labels), (1, 2));
        let item = world.services.review().item(&team.rev, task).await?;
        assert_eq!(code(decide(world, &team.rev, &item, DecisionKind::Reopen).await), Code::AlreadyDecided);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_revert_brings_the_labels_of_a_version_back() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[labelled("s", "a")]).await?;
        world.import(&team.project, &[labelled("s", "b"), labelled("t", "c")]).await?;
        let message = "back".to_owned();
        let one = VersionRef::Number(1);
        let third =
            world.services.versions().revert(&team.rev, &team.project, &one, RevertInput { message }).await?;
        assert_eq!((third.number, third.changed, third.removed, third.labels), (3, 1, 1, 1));
        let diff = world
            .services
            .versions()
            .diff(
                &team.rev,
                &team.project,
                (&one, &VersionRef::Latest),
                DiffFilter::default(),
                PageRequest::default(),
            )
            .await?;
        assert!(diff.items.is_empty());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_tag_moves_and_a_cut_can_set_it() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        let prod = TagName::parse("prod")?;
        world.import(&team.project, &[labelled("s", "a")]).await?;
        let set = world
            .services
            .tags()
            .set(&team.rev, &team.project, &prod, TagInput { version: 1, protected: None })
            .await?;
        assert_eq!(set.version, 1);
        challenge(world, &team, "s").await?;
        relabel(world, &team, "b").await?;
        let input = CutInput { message: "m".to_owned(), tag: Some(prod.clone()), parent: Some(0) };
        let stale = world.services.versions().cut(&team.rev, &team.project, input.clone()).await;
        assert_eq!(code(stale), Code::ParentMoved);
        let input = CutInput { parent: Some(1), ..input };
        let second = world.services.versions().cut(&team.rev, &team.project, input).await?;
        assert_eq!(second.tags, std::slice::from_ref(&prod));
        let by_tag =
            world.services.versions().get(&team.rev, &team.project, &VersionRef::Tag(prod.clone())).await?;
        assert_eq!(by_tag.number, 2);
        world.services.tags().delete(&team.rev, &team.project, &prod).await?;
        let gone = world.services.versions().get(&team.rev, &team.project, &VersionRef::Tag(prod)).await;
        assert_eq!(code(gone), Code::NotFound);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_reverted_label_keeps_the_revisions_that_it_was_decided_under() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[labelled("s", "a")]).await?;
        let patch = ProjectPatch { rev: 1, guideline: Some("new".to_owned()), ..ProjectPatch::default() };
        world.services.projects().update(&team.rev, &team.project, patch).await?;
        challenge(world, &team, "s").await?;
        relabel(world, &team, "b").await?;
        cut(world, &team).await?;
        let message = RevertInput { message: "back".to_owned() };
        world.services.versions().revert(&team.rev, &team.project, &VersionRef::Number(1), message).await?;
        let older = serde_json::from_value(json!({"guideline_revision_below": 2}))?;
        let found =
            world.services.samples().list(&team.rev, &team.project, older, PageRequest::default()).await?;
        assert_eq!(found.items.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_label_that_a_cut_or_a_revert_brings_is_weighed_anew() -> Outcome {
    on_each_database(async |world| {
        let settings = json!({"queue": {"target": "label", "audit_rate": 0.0}});
        let team = team(world, settings).await?;
        let open = async || world.number("SELECT COUNT(*) FROM tasks WHERE state = 'open'").await;
        // The model is sure of b; the label is a, so it is suspect.
        let mut suspect = predicted("s", 0.05);
        suspect["label"] = json!({"intent": "a"});
        world.import(&team.project, &[suspect]).await?;
        assert_eq!(open().await?, 1);
        world.import(&team.project, &[labelled("s", "b")]).await?;
        assert_eq!(open().await?, 0);
        let message = RevertInput { message: "back".to_owned() };
        world.services.versions().revert(&team.rev, &team.project, &VersionRef::Number(1), message).await?;
        assert_eq!(open().await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_dismissal_cannot_be_taken_back_after_the_next_cut() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        world.import(&team.project, &[sample("dismissed"), sample("kept")]).await?;
        for actor in [&team.ann, &team.bea] {
            for item in claim(world, actor, &team.project, 50).await?.tasks {
                world.services.annotations().submit(actor, &item.lease, choose("a")).await?;
            }
        }
        let mut items = in_review(world, &team).await?;
        items.sort_by(|a, b| a.sample.id.cmp(&b.sample.id));
        let dismissed = decide(world, &team.rev, &items[0], DecisionKind::Dismiss).await?;
        let again = ReviewItem { rev: dismissed.rev, ..items[0].clone() };
        let reopened = decide(world, &team.rev, &again, DecisionKind::Reopen).await?;
        let again = ReviewItem { rev: reopened.rev, ..again };
        let dismissed = decide(world, &team.rev, &again, DecisionKind::Dismiss).await?;
        decide(world, &team.rev, &items[1], DecisionKind::Approve).await?;
        world.clock.advance_seconds(1);
        cut(world, &team).await?;
        let again = ReviewItem { rev: dismissed.rev, ..again };
        assert_eq!(code(decide(world, &team.rev, &again, DecisionKind::Reopen).await), Code::AlreadyDecided);
        Ok(())
    })
    .await
}

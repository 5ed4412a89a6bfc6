//! The labels that were ever decided for a sample: who, when, why, and what became of each.

use crate::support::{Outcome, World, on_each_database, people::email, samples::labelled};
use domain::{
    access::Role,
    decision::DecisionKind,
    name::{Slug, VersionRef},
    provenance::LabelAuthor,
    signal::SignalKind,
    view::{
        review::DecisionInput,
        sample::{LabelHistory, LabelStatus},
        version::RevertInput,
    },
};
use serde_json::json;
use service::{Actor, Result};

async fn history(world: &World, project: &Slug) -> Result<Vec<LabelHistory>> {
    Ok(world.services.samples().get(&Actor::Operator, project, "s").await?.history)
}

async fn challenge(world: &World, project: &Slug) -> Result<()> {
    let input = serde_json::from_value(json!({"ids": ["s"]}))?;
    world.services.challenges().challenge(&Actor::Operator, project, input).await.map(drop)
}

#[tokio::test]
async fn each_label_tells_who_decided_it_why_and_how_many_agreed() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        let manager = world.member(&project, "max", Role::Manager).await?;
        world.import(&project, &[labelled("s", "a")]).await?;
        challenge(world, &project).await?;
        let task = world.answer(&project, &people, "s", "c").await?;
        let rev = world.services.review().item(&people.reviewer, task).await?.rev;
        let answers = Some(Some(serde_json::from_value(json!({"intent": "b"}))?));
        let note = Some("see the guideline".to_owned());
        let input = DecisionInput { rev, decision: DecisionKind::Correct, answers, note };
        world.services.review().decide(&people.reviewer, task, input).await?;
        let staged = history(world, &project).await?.remove(0);
        assert_eq!((staged.status, staged.version), (LabelStatus::Staged, None));
        world.cut(&project).await?;
        let message = RevertInput { message: "back".to_owned() };
        world.services.versions().revert(&manager, &project, &VersionRef::Number(1), message).await?;
        let labels = history(world, &project).await?;
        let spans: Vec<_> = labels.iter().map(|label| (label.version, label.until)).collect();
        assert_eq!(spans, [(Some(3), None), (Some(2), Some(3)), (Some(1), Some(2))]);
        assert!(labels.iter().all(|label| label.status == LabelStatus::InVersion));
        let [reverted, decided, imported] = &labels[..] else { return Err("three labels".into()) };
        assert_eq!(decided.decided_by, Some(email("rev")?.to_string()));
        assert_eq!((decided.decision, decided.task), (Some(DecisionKind::Correct), Some(task)));
        assert_eq!(decided.note.as_deref(), Some("see the guideline"));
        assert_eq!((decided.provenance.annotations, decided.provenance.agreement), (1, None));
        assert_eq!(decided.provenance.reason, Some(SignalKind::Challenge));
        assert_eq!(json!(decided.provenance.previous), json!({"intent": "a"}));
        assert_eq!(reverted.decided_by, Some(email("max")?.to_string()));
        assert_eq!((reverted.decision, reverted.provenance.decided_by), (None, LabelAuthor::Revert));
        assert_eq!((imported.decided_by.as_deref(), imported.task), (None, None), "the command line's");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_label_that_never_took_effect_says_why() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        world.import(&project, &[labelled("s", "a")]).await?;
        challenge(world, &project).await?;
        let task = world.approve(&project, &people, "s", "b").await?;
        world.review(&people, task, DecisionKind::Reopen).await?;
        let taken_back = history(world, &project).await?.remove(0);
        assert_eq!((taken_back.status, taken_back.version), (LabelStatus::TakenBack, None));
        world.review(&people, task, DecisionKind::Approve).await?;
        // Challenged again before the cut, and decided otherwise.
        challenge(world, &project).await?;
        let other = world.member(&project, "bea", Role::Annotator).await?;
        let second = crate::support::deciding::People { annotator: other, reviewer: people.reviewer.clone() };
        world.approve(&project, &second, "s", "c").await?;
        let expected = |first| {
            let rest = [LabelStatus::Replaced, LabelStatus::TakenBack, LabelStatus::InVersion];
            [first].into_iter().chain(rest).collect::<Vec<_>>()
        };
        let statuses = async || -> Result<Vec<LabelStatus>> {
            Ok(history(world, &project).await?.iter().map(|label| label.status).collect())
        };
        assert_eq!(statuses().await?, expected(LabelStatus::Staged));
        world.cut(&project).await?;
        assert_eq!(statuses().await?, expected(LabelStatus::InVersion));
        let labels = history(world, &project).await?;
        assert!(labels[1..3].iter().all(|label| (label.version, label.until) == (None, None)));
        Ok(())
    })
    .await
}

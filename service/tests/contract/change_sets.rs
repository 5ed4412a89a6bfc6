//! Change sets: what one annotator's answers did is taken back, each label by a reviewer.

use crate::support::{
    Outcome, World, code,
    deciding::People,
    faults, on_each_database,
    people::email,
    samples::{labelled, sample},
};
use domain::{
    access::{Role, Scope},
    answer::Answers,
    decision::DecisionKind,
    id::ChangeSetId,
    name::{Slug, VersionRef},
    problem::Code,
    provenance::LabelAuthor,
    signal::SignalKind,
    task::TaskState,
    time::Timestamp,
    view::{
        PageRequest,
        change_set::{ChangeSetInput, ChangeSetPrepared, ChangeSetPreview},
        diff::DiffFilter,
        review::{DecisionInput, ReviewFilter, ReviewItem},
    },
};
use serde_json::json;
use service::{Actor, Result};

fn label(value: &str) -> Answers {
    Answers([("intent".to_owned(), value.into())].into())
}

/// Version 1 is an import. In version 2 `turned` became `b` by an early answer, `first` got a label, `same` was confirmed
/// and `late` became `b` by an answer an hour later, all by one annotator.
async fn history(world: &World) -> Result<(Slug, People, Timestamp)> {
    history_with(world, json!({})).await
}

/// The same in a project with these settings.
async fn history_with(world: &World, settings: serde_json::Value) -> Result<(Slug, People, Timestamp)> {
    let (project, people) = world.deciding(json!({})).await?;
    set(world, &project, settings).await?;
    let known = ["late", "same", "turned"].map(|id| labelled(id, "a"));
    world.import(&project, &known).await?;
    world.import(&project, &[sample("first")]).await?;
    let input = serde_json::from_value(json!({"ids": ["late", "same", "turned"]}))?;
    world.services.challenges().challenge(&Actor::Operator, &project, input).await?;
    world.approve(&project, &people, "turned", "b").await?;
    world.clock.advance_seconds(3600);
    let since = world.now();
    world.approve(&project, &people, "first", "c").await?;
    world.approve(&project, &people, "same", "a").await?;
    world.approve(&project, &people, "late", "b").await?;
    world.cut(&project).await?;
    Ok((project, people, since))
}

async fn set(world: &World, project: &Slug, settings: serde_json::Value) -> Result<()> {
    let rev = world.services.projects().get(&Actor::Operator, project).await?.rev;
    let patch = serde_json::from_value(json!({"rev": rev, "settings": settings}))?;
    world.services.projects().update(&Actor::Operator, project, patch).await.map(drop)
}

fn undo(since: Timestamp) -> ChangeSetInput {
    ChangeSetInput {
        annotator: "ann@example.org".to_owned(),
        since,
        note: Some("read the old guideline".to_owned()),
    }
}

async fn proposed(world: &World, project: &Slug, set: ChangeSetId) -> Result<Vec<ReviewItem>> {
    let filter = ReviewFilter { change_set: Some(set), ..ReviewFilter::default() };
    let page = PageRequest::default();
    Ok(world.services.review().list(&Actor::Operator, project, filter, page).await?.items)
}

async fn decide(
    world: &World,
    actor: &Actor,
    item: &ReviewItem,
    decision: DecisionKind,
) -> Result<TaskState> {
    let rev = world.services.review().item(actor, item.task).await?.rev;
    let input = DecisionInput { rev, decision, answers: None, note: None };
    Ok(world.services.review().decide(actor, item.task, input).await?.state)
}

#[tokio::test]
async fn what_one_annotator_changed_since_then_is_proposed_back_and_nothing_else() -> Outcome {
    on_each_database(async |world| {
        let (project, people, since) = history(world).await?;
        let sets = world.services.change_sets();
        let preview = sets.preview(&people.reviewer, &project, "ann@example.org", since).await?;
        assert_eq!(preview, ChangeSetPreview { matched: 2, tasks_opened: 2, already_active: 0 });
        assert_eq!(world.number("SELECT COUNT(*) FROM change_sets").await?, 0);
        let made = sets.prepare(&people.reviewer, &project, undo(since)).await?;
        assert_eq!((made.matched, made.tasks_opened, made.already_active), (2, 2, 0));
        let items = proposed(world, &project, made.change_set).await?;
        let shown: Vec<_> = items
            .iter()
            .map(|item| {
                let proposal = item.proposal.as_ref();
                (item.sample.id.as_str(), proposal.and_then(|proposal| proposal.label.clone()))
            })
            .collect();
        assert_eq!(shown, [("first", None), ("late", Some(label("a")))]);
        let proposal = items[0].proposal.clone().ok_or("no proposal")?;
        assert_eq!(proposal.author, Some(email("rev")?.to_string()));
        assert_eq!(proposal.note.as_deref(), Some("read the old guideline"));
        assert_eq!((items[0].reason.kind, items[0].state), (SignalKind::Challenge, TaskState::InReview));
        // The same again finds all of them in review.
        let again = sets.prepare(&people.reviewer, &project, undo(since)).await?;
        assert_eq!((again.matched, again.tasks_opened, again.already_active), (2, 0, 2));
        assert!(world.audited().await?.contains(&"prepare_change_set".to_owned()));
        // Its own moment is meant, one later is not.
        let whole = sets.preview(&people.reviewer, &project, "ann@example.org", Timestamp(0)).await?;
        assert_eq!(whole.matched, 3);
        let later =
            sets.preview(&people.reviewer, &project, "ann@example.org", Timestamp(since.0 + 1)).await?;
        assert_eq!(later.matched, 1, "the first of them was given at just that time");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_approved_proposal_brings_the_label_from_before() -> Outcome {
    on_each_database(async |world| {
        let (project, people, since) = history(world).await?;
        let sets = world.services.change_sets();
        let made = sets.prepare(&people.reviewer, &project, undo(since)).await?;
        world.clock.advance_seconds(1);
        let items = proposed(world, &project, made.change_set).await?;
        assert_eq!(
            decide(world, &people.reviewer, &items[1], DecisionKind::Approve).await?,
            TaskState::Approved
        );
        let step = sets.approve(&people.reviewer, &project, made.change_set).await?;
        assert_eq!((step.approved, step.left), (1, 0));
        let view = sets.get(&people.reviewer, &project, made.change_set).await?;
        assert_eq!((view.progress.approved, view.progress.in_review), (2, 0));
        assert_eq!((view.annotator.as_deref(), view.since), (Some("ann@example.org"), Some(since)));
        let cut = world.cut(&project).await?;
        assert_eq!(cut, 3);
        let ends = (&VersionRef::Number(1), &VersionRef::Number(3));
        let page = PageRequest::default();
        let diff = world
            .services
            .versions()
            .diff(&Actor::Operator, &project, ends, DiffFilter::default(), page)
            .await?;
        let ids: Vec<_> = diff.items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids, ["turned"], "what was answered before stays, all else is as it was");
        let late = world.services.samples().get(&people.reviewer, &project, "late").await?;
        let given = &late.history[0].provenance;
        assert_eq!((given.decided_by, given.annotations, given.agreement), (LabelAuthor::Reviewer, 0, None));
        assert_eq!((given.reason, given.previous.clone()), (Some(SignalKind::Challenge), Some(label("b"))));
        // Nothing is left to undo, and nothing comes back into the queue.
        let preview = sets.preview(&people.reviewer, &project, "ann@example.org", since).await?;
        assert_eq!(preview.matched, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM tasks WHERE state IN ('open', 'in_review')").await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_returned_proposal_is_asked_of_others_and_their_answers_count() -> Outcome {
    on_each_database(async |world| {
        let (project, people, since) = history(world).await?;
        let sets = world.services.change_sets();
        // Only the reviewer is left to answer; with nobody else there would be nobody.
        let bea = world.member(&project, "bea", Role::Annotator).await?;
        let made = sets.prepare(&people.reviewer, &project, undo(since)).await?;
        world.clock.advance_seconds(1);
        let late = proposed(world, &project, made.change_set).await?.remove(1);
        assert_eq!(decide(world, &people.reviewer, &late, DecisionKind::Return).await?, TaskState::Open);
        // A prediction weighs the sample anew; the doubt stays.
        let line = json!({"id": "late", "model": "m@1", "question": "intent", "probs": {"a": 1.0}});
        world.send_predictions(&project, &[line]).await?;
        let served = world.claim(&project, &people, "late").await;
        assert!(served.is_err(), "never to whom the answers are from");
        let bea = People { annotator: bea, reviewer: people.reviewer.clone() };
        world.answer(&project, &bea, "late", "c").await?;
        let step = sets.approve(&people.reviewer, &project, made.change_set).await?;
        assert_eq!(
            (step.approved, step.left),
            (1, 0),
            "only what nobody has answered is approved as proposed"
        );
        decide(world, &people.reviewer, &late, DecisionKind::Approve).await?;
        world.cut(&project).await?;
        let late = world.services.samples().get(&people.reviewer, &project, "late").await?;
        assert_eq!(late.label, Some(label("c")), "the consensus, not the proposal");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_dismissed_or_corrected_proposal_is_not_taken() -> Outcome {
    on_each_database(async |world| {
        let (project, people, since) = history(world).await?;
        let made = world.services.change_sets().prepare(&people.reviewer, &project, undo(since)).await?;
        world.clock.advance_seconds(1);
        let items = proposed(world, &project, made.change_set).await?;
        assert_eq!(
            decide(world, &people.reviewer, &items[0], DecisionKind::Dismiss).await?,
            TaskState::Dismissed
        );
        let answers = Some(Some(label("c")));
        let input = DecisionInput { rev: items[1].rev, decision: DecisionKind::Correct, answers, note: None };
        world.services.review().decide(&people.reviewer, items[1].task, input).await?;
        world.cut(&project).await?;
        let stored = async |id| {
            Ok::<_, service::Error>(world.services.samples().get(&people.reviewer, &project, id).await?.label)
        };
        assert_eq!((stored("first").await?, stored("late").await?), (Some(label("c")), Some(label("c"))));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_change_set_that_is_refused_changes_nothing() -> Outcome {
    on_each_database(async |world| {
        let (project, people, since) = history(world).await?;
        let sets = world.services.change_sets();
        assert_eq!(code(sets.prepare(&people.annotator, &project, undo(since)).await), Code::Forbidden);
        let reader = world.token("rev", &[Scope::Read], None).await?;
        assert_eq!(code(sets.prepare(&reader, &project, undo(since)).await), Code::Forbidden);
        let unknown = ChangeSetInput { annotator: "nobody@example.org".to_owned(), ..undo(since) };
        let refused = sets.prepare(&people.reviewer, &project, unknown).await;
        assert_eq!(faults(refused), [("/annotator".to_owned(), Code::UnknownUser)]);
        let long = ChangeSetInput { note: Some("x".repeat(2001)), ..undo(since) };
        let refused = sets.prepare(&people.reviewer, &project, long).await;
        assert_eq!(faults(refused), [("/note".to_owned(), Code::TooLong)]);
        assert_eq!(code(sets.get(&people.reviewer, &project, ChangeSetId(9)).await), Code::NotFound);
        assert_eq!(code(sets.approve(&people.reviewer, &project, ChangeSetId(9)).await), Code::NotFound);
        assert_eq!(world.number("SELECT COUNT(*) FROM change_sets").await?, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM tasks WHERE state = 'in_review'").await?, 0);
        let other = world.project("other").await?;
        let made: ChangeSetPrepared = sets.prepare(&people.reviewer, &project, undo(since)).await?;
        assert_eq!(code(sets.get(&Actor::Operator, &other, made.change_set).await), Code::NotFound);
        assert_eq!(code(sets.approve(&Actor::Operator, &other, made.change_set).await), Code::NotFound);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn where_two_reviewers_are_needed_each_of_them_approves_the_set() -> Outcome {
    on_each_database(async |world| {
        let split =
            |reviewers| json!({"split": {"validation": 0.0, "test": 1.0, "test_reviewers": reviewers}});
        let (project, people, since) = history_with(world, split(1)).await?;
        let rita = world.member(&project, "rita", Role::Reviewer).await?;
        set(world, &project, split(2)).await?;
        let sets = world.services.change_sets();
        let made = sets.prepare(&people.reviewer, &project, undo(since)).await?;
        let first = sets.approve(&people.reviewer, &project, made.change_set).await?;
        assert_eq!((first.approved, first.left), (2, 0));
        let view = sets.get(&people.reviewer, &project, made.change_set).await?;
        assert_eq!((view.progress.in_review, view.progress.approved), (2, 0));
        let again = sets.approve(&people.reviewer, &project, made.change_set).await?;
        assert_eq!((again.approved, again.left), (0, 0), "nobody approves twice");
        // Under another guideline that is another question, and they are asked anew.
        let rev = world.services.projects().get(&Actor::Operator, &project).await?.rev;
        let patch = serde_json::from_value(json!({"rev": rev, "guideline": "Another rule."}))?;
        world.services.projects().update(&Actor::Operator, &project, patch).await?;
        let anew = sets.approve(&people.reviewer, &project, made.change_set).await?;
        assert_eq!((anew.approved, anew.left), (2, 0));
        let second = sets.approve(&rita, &project, made.change_set).await?;
        assert_eq!((second.approved, second.left), (2, 0));
        let view = sets.get(&people.reviewer, &project, made.change_set).await?;
        assert_eq!((view.progress.in_review, view.progress.approved), (0, 2));
        Ok(())
    })
    .await
}

//! What differs between two versions: summed up, and which labels a part of the sum is made of.

use crate::support::{
    Outcome, World,
    deciding::People,
    faults, on_each_database,
    samples::{labelled, sample},
};
use domain::{
    decision::DecisionKind,
    name::{Slug, VersionRef},
    problem::Code,
    signal::SignalKind,
    view::{
        PageRequest,
        diff::{DiffEffect, DiffFilter, DiffReason, DiffSummary},
        review::DecisionInput,
    },
};
use serde_json::{Value, json};
use service::{Actor, Result};

async fn challenge(world: &World, project: &Slug, ids: &[&str]) -> Result<()> {
    let input = serde_json::from_value(json!({"ids": ids}))?;
    world.services.challenges().challenge(&Actor::Operator, project, input).await.map(drop)
}

/// Version 1 is an import. In version 2 `turned` became `b` against the annotator's `c`, `same` was confirmed and `new`
/// has a first label. Version 3, an import, takes the label of `gone`.
async fn history(world: &World) -> Result<(Slug, People)> {
    let (project, people) = world.deciding(json!({})).await?;
    let first =
        [labelled("gone", "a"), labelled("quiet", "b"), labelled("same", "a"), labelled("turned", "a")];
    world.import(&project, &first).await?;
    challenge(world, &project, &["same", "turned"]).await?;
    let task = world.answer(&project, &people, "turned", "c").await?;
    let rev = world.services.review().item(&people.reviewer, task).await?.rev;
    let answers = Some(Some(serde_json::from_value(json!({"intent": "b"}))?));
    let input = DecisionInput { rev, decision: DecisionKind::Correct, answers, note: None };
    world.services.review().decide(&people.reviewer, task, input).await?;
    world.approve(&project, &people, "same", "a").await?;
    world.import(&project, &[sample("new")]).await?;
    world.approve(&project, &people, "new", "c").await?;
    world.cut(&project).await?;
    let mut gone = sample("gone");
    gone["label"] = Value::Null;
    world.import(&project, &[gone]).await?;
    Ok((project, people))
}

async fn summary(world: &World, project: &Slug, from: i64, to: i64) -> Result<DiffSummary> {
    let ends = (&VersionRef::Number(from), &VersionRef::Number(to));
    world.services.versions().diff_summary(&Actor::Operator, project, ends).await
}

async fn ids(
    world: &World,
    project: &Slug,
    (from, to): (i64, i64),
    filter: DiffFilter,
) -> Result<Vec<String>> {
    let ends = (&VersionRef::Number(from), &VersionRef::Number(to));
    let (mut ids, mut cursor) = (Vec::new(), None);
    loop {
        // A page of one shows that the next begins where the last ended.
        let page = PageRequest { limit: Some(1), cursor };
        let diff =
            world.services.versions().diff(&Actor::Operator, project, ends, filter.clone(), page).await?;
        ids.extend(diff.items.into_iter().map(|item| item.id.to_string()));
        cursor = diff.next_cursor;
        if cursor.is_none() {
            return Ok(ids);
        }
    }
}

#[tokio::test]
async fn what_differs_is_summed_up_by_pair_by_reason_and_by_annotator() -> Outcome {
    on_each_database(async |world| {
        let (project, _) = history(world).await?;
        let all = serde_json::to_value(summary(world, &project, 1, 3).await?)?;
        assert_eq!(
            all,
            json!({"from": 1, "to": 3, "changed": 1, "added": 1, "removed": 1, "confirmed": 1,
                "pairs": [{"question": "intent", "before": null, "after": "c", "count": 1},
                          {"question": "intent", "before": "a", "after": null, "count": 1},
                          {"question": "intent", "before": "a", "after": "b", "count": 1}],
                "by_reason": [{"reason": null, "count": 1}, {"reason": "challenge", "count": 1},
                              {"reason": "unlabelled", "count": 1}],
                "by_annotator": [{"annotator": "ann@example.org", "count": 2, "agreed": 1}]})
        );
        let last = summary(world, &project, 2, 3).await?;
        assert_eq!((last.removed, last.changed, last.added, last.confirmed), (1, 0, 0, 0));
        assert!(last.by_annotator.is_empty());
        let same = summary(world, &project, 2, 2).await?;
        assert_eq!((same.pairs.len(), same.confirmed), (0, 0));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_empty_state_can_be_compared_in_both_directions() -> Outcome {
    on_each_database(async |world| {
        let (project, _) = history(world).await?;
        let from_empty = summary(world, &project, 0, 3).await?;
        assert_eq!((from_empty.added, from_empty.changed, from_empty.removed), (4, 0, 0));
        // `gone` had a label once, and neither side has one.
        assert_eq!(from_empty.confirmed, 1);
        let back = summary(world, &project, 3, 1).await?;
        assert_eq!((back.added, back.changed, back.removed, back.confirmed), (1, 1, 1, 1));
        assert_eq!(ids(world, &project, (3, 1), DiffFilter::default()).await?, ["gone", "new", "turned"]);
        assert_eq!(ids(world, &project, (0, 1), DiffFilter::default()).await?.len(), 4);
        assert_eq!(
            ids(world, &project, (0, 3), DiffFilter::default()).await?,
            ["new", "quiet", "same", "turned"]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn every_part_of_the_sum_leads_to_its_labels() -> Outcome {
    on_each_database(async |world| {
        let (project, _) = history(world).await?;
        let ends = (1, 3);
        let wanted = |effect| DiffFilter { effect: Some(effect), ..DiffFilter::default() };
        for (effect, id) in [
            (DiffEffect::Added, "new"),
            (DiffEffect::Changed, "turned"),
            (DiffEffect::Removed, "gone"),
            (DiffEffect::Confirmed, "same"),
        ] {
            assert_eq!(ids(world, &project, ends, wanted(effect)).await?, [id], "{effect:?}");
        }
        let because = |reason| DiffFilter { reason: Some(reason), ..DiffFilter::default() };
        assert_eq!(ids(world, &project, ends, because(DiffReason::None)).await?, ["gone"]);
        let challenge = because(DiffReason::Of(SignalKind::Challenge));
        assert_eq!(ids(world, &project, ends, challenge).await?, ["turned"]);
        let by = |name: &str| DiffFilter { annotator: Some(name.to_owned()), ..DiffFilter::default() };
        assert_eq!(ids(world, &project, ends, by("ann@example.org")).await?, ["new", "turned"]);
        assert!(ids(world, &project, ends, by("rev@example.org")).await?.is_empty());
        let cell = |before: Option<&str>, after: Option<&str>| DiffFilter {
            question: Some("intent".to_owned()),
            before: Some(before.map(str::to_owned)),
            after: Some(after.map(str::to_owned)),
            ..DiffFilter::default()
        };
        assert_eq!(ids(world, &project, ends, cell(Some("a"), Some("b"))).await?, ["turned"]);
        assert_eq!(ids(world, &project, ends, cell(None, Some("c"))).await?, ["new"]);
        assert_eq!(ids(world, &project, ends, cell(Some("a"), None)).await?, ["gone"]);
        assert!(ids(world, &project, ends, cell(Some("b"), Some("a"))).await?.is_empty());
        let confirmed = DiffFilter { effect: Some(DiffEffect::Confirmed), ..cell(Some("a"), Some("a")) };
        assert_eq!(ids(world, &project, ends, confirmed).await?, ["same"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_answer_is_asked_for_with_its_question() -> Outcome {
    on_each_database(async |world| {
        let (project, _) = history(world).await?;
        let before = DiffFilter { before: Some(Some("a".to_owned())), ..DiffFilter::default() };
        let refused = ids(world, &project, (1, 3), before).await;
        assert_eq!(faults(refused), [("/question".to_owned(), Code::Missing)]);
        let unknown = DiffFilter { question: Some("mood".to_owned()), ..DiffFilter::default() };
        let refused = ids(world, &project, (1, 3), unknown).await;
        assert_eq!(faults(refused), [("/question".to_owned(), Code::UnknownQuestion)]);
        Ok(())
    })
    .await
}

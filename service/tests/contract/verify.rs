//! Checking the label store: what holds is said to hold, and each thing that was changed behind the use cases is named.

use super::{
    queue::choose,
    review::{Team, decide, in_review, no_audit, team},
};
use crate::support::{
    Outcome, World, on_each_database,
    samples::{labelled, sample},
};
use domain::{
    decision::DecisionKind,
    name::{Slug, TagName, VersionRef},
    view::{
        verification::{Difference, MOST_LISTED, Verification, What},
        version::{CutInput, RevertInput, TagInput},
    },
};
use serde_json::json;
use service::Actor;

/// A project with an import, a cut, an import that removes, a revert, a dropped row, a staged one, and an erased sample.
async fn lived_in(world: &World) -> Result<Team, Box<dyn std::error::Error>> {
    let team = team(world, no_audit()).await?;
    let (services, project) = (&world.services, &team.project);
    let samples =
        [labelled("gone", "a"), labelled("kept", "a"), sample("new"), sample("twice"), sample("한글 \"")];
    world.import(project, &samples).await?;
    settle(world, &team, "b").await?;
    let input = CutInput { message: "a cut".to_owned(), ..CutInput::default() };
    services.versions().cut(&team.rev, project, input.clone()).await?;
    let gone = json!({"id": "gone", "fields": {"text": "other text"}, "label": null});
    world.import(project, &[gone, labelled("kept", "c")]).await?;
    let message = RevertInput { message: "back".to_owned() };
    services.versions().revert(&team.rev, project, &VersionRef::Number(2), message).await?;
    // Decided, taken back, decided again: one row is dropped with the cut.
    challenge(world, &team, "twice").await?;
    settle(world, &team, "c").await?;
    let staged = services.versions().staged(&team.rev, project, Default::default()).await?;
    let item = services.review().item(&team.rev, staged.items[0].task.ok_or("no task")?).await?;
    decide(world, &team.rev, &item, DecisionKind::Reopen).await?;
    let item = in_review(world, &team).await?.remove(0);
    decide(world, &team.rev, &item, DecisionKind::Approve).await?;
    services.versions().cut(&team.rev, project, input).await?;
    services
        .tags()
        .set(&team.rev, project, &TagName::parse("prod")?, TagInput { version: 5, protected: None })
        .await?;
    challenge(world, &team, "new").await?;
    settle(world, &team, "a").await?;
    services.samples().erase(&Actor::Operator, project, "kept").await?;
    Ok(team)
}

/// Both annotators answer whatever waits with `value`, and the reviewer approves it.
async fn settle(world: &World, team: &Team, value: &str) -> service::Result<()> {
    for actor in [&team.ann, &team.bea] {
        for item in super::queue::claim(world, actor, &team.project, 50).await?.tasks {
            world.services.annotations().submit(actor, &item.lease, choose(value)).await?;
        }
    }
    for item in in_review(world, team).await? {
        decide(world, &team.rev, &item, DecisionKind::Approve).await?;
    }
    Ok(())
}

async fn challenge(world: &World, team: &Team, id: &str) -> service::Result<()> {
    // What is newer than the last decision counts.
    world.clock.advance_seconds(1);
    let input = serde_json::from_value(json!({"ids": [id]}))?;
    world.services.challenges().challenge(&team.rev, &team.project, input).await.map(drop)
}

async fn verify(world: &World) -> service::Result<Verification> {
    world.services.verify().labels(&Actor::Operator, None).await
}

/// Changes the store as somebody could who may write to the database: past its triggers.
async fn tamper(world: &World, change: &str) -> Outcome {
    if world.is_postgres() {
        world.execute(&format!("SET session_replication_role = replica; {change}")).await?;
        return Ok(());
    }
    let triggers =
        "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('labels', 'versions')";
    let triggers = world.texts(triggers).await?;
    let names =
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN ('labels', 'versions')";
    let drops: Vec<String> =
        world.texts(names).await?.iter().map(|name| format!("DROP TRIGGER {name};")).collect();
    world
        .execute(&format!("PRAGMA foreign_keys = OFF; {} {change}; {};", drops.concat(), triggers.join(";")))
        .await?;
    Ok(())
}

/// What is found after a change, each with its sample and version; the change is undone by `undo`.
async fn found(
    world: &World,
    change: &str,
    undo: &str,
) -> Result<Vec<Difference>, Box<dyn std::error::Error>> {
    tamper(world, change).await?;
    let found = verify(world).await?;
    assert_eq!(found.differences, i64::try_from(found.listed.len())?, "{change}");
    tamper(world, undo).await?;
    let again = verify(world).await?;
    assert!(again.holds(), "{undo}: {again:?}");
    Ok(found.listed)
}

fn named(found: &[Difference]) -> Vec<(What, Option<&str>, Option<i64>)> {
    found
        .iter()
        .map(|difference| (difference.what, difference.sample.as_deref(), difference.version))
        .collect()
}

#[tokio::test]
async fn a_store_that_nobody_touched_holds() -> Outcome {
    on_each_database(async |world| {
        let team = lived_in(world).await?;
        let other = world.project("q").await?;
        let all = verify(world).await?;
        assert_eq!(all.listed, []);
        assert!(all.holds());
        let checked = &all.projects[0];
        assert_eq!((checked.versions, checked.contents, checked.erased, checked.tags), (5, 6, 1, 1));
        let rows = world.number("SELECT COUNT(*) FROM labels").await?;
        assert_eq!(checked.rows, rows);
        let last = VersionRef::Latest;
        let newest = world.services.versions().get(&team.rev, &team.project, &last).await?;
        assert_eq!(checked.digest.as_deref(), Some(newest.digest.as_str()));
        let empty = world.services.verify().labels(&Actor::Operator, Some(&other)).await?;
        assert_eq!((empty.projects.len(), empty.projects[0].versions, empty.holds()), (1, 0, true));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_changed_row_is_named_with_its_sample_and_version() -> Outcome {
    on_each_database(async |world| {
        lived_in(world).await?;
        let row = "sample_key = 'new' AND from_version = 2";
        let label = |from: &str, to: &str| format!("UPDATE labels SET label = replace(label, '{from}', '{to}') WHERE {row}");
        let differing = found(world, &label("\"b\"", "\"c\""), &label("\"c\"", "\"b\"")).await?;
        assert_eq!(named(&differing), [(What::RowHash, Some("new"), Some(2))]);
        assert!(differing[0].stored.is_some() && differing[0].stored != differing[0].found);

        let change = format!("UPDATE labels SET provenance = replace(provenance, 'reviewer', 'policy') WHERE {row}");
        let undo = format!("UPDATE labels SET provenance = replace(provenance, 'policy', 'reviewer') WHERE {row}");
        let differing = found(world, &change, &undo).await?;
        assert_eq!(named(&differing), [(What::RowHash, Some("new"), Some(2))]);

        // The same value, spelt in another way.
        let differing = found(world, &label("\":", "\": "), &label("\": ", "\":")).await?;
        let kinds = [(What::NotCanonical, Some("new"), Some(2)), (What::RowHash, Some("new"), Some(2))];
        assert_eq!(named(&differing), kinds);

        // The row hash itself: the digests of the versions that the row came and went with differ too.
        let turn = "UPDATE labels SET row_hash = replace(row_hash, 'sha256:', 'sha256;') WHERE sample_key = 'kept' AND from_version = 3";
        let back = "UPDATE labels SET row_hash = replace(row_hash, 'sha256;', 'sha256:') WHERE sample_key = 'kept' AND from_version = 3";
        let differing = found(world, turn, back).await?;
        let kinds = [
            (What::RowHash, Some("kept"), Some(3)),
            (What::Digest, None, Some(3)),
            (What::Digest, None, Some(4)),
        ];
        assert_eq!(named(&differing), kinds);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_line_of_a_row_cut_at_another_place_is_found() -> Outcome {
    on_each_database(async |world| {
        lived_in(world).await?;
        // Label and provenance together hash as before.
        let cut = "UPDATE labels SET label = label || ',' || provenance, provenance = '' WHERE sample_key = 'new' AND from_version = 2";
        tamper(world, cut).await?;
        let differing = verify(world).await?.listed;
        assert!(differing.iter().any(|found| found.what == What::NotCanonical && found.sample.as_deref() == Some("new")));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_changed_content_is_named_and_an_erased_one_is_not() -> Outcome {
    on_each_database(async |world| {
        lived_in(world).await?;
        let of = "sample_id = (SELECT id FROM samples WHERE key = 'gone') AND revision = 1";
        let change = format!("UPDATE contents SET fields = replace(fields, 'text of', 'test of') WHERE {of}");
        let undo = format!("UPDATE contents SET fields = replace(fields, 'test of', 'text of') WHERE {of}");
        assert_eq!(named(&found(world, &change, &undo).await?), [(What::ContentHash, Some("gone"), None)]);
        let change = format!("UPDATE contents SET metadata = '{{ }}' WHERE {of}");
        let undo = format!("UPDATE contents SET metadata = '{{}}' WHERE {of}");
        let kinds = [(What::NotCanonical, Some("gone"), None), (What::ContentHash, Some("gone"), None)];
        assert_eq!(named(&found(world, &change, &undo).await?), kinds);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_row_that_points_elsewhere_is_named() -> Outcome {
    on_each_database(async |world| {
        lived_in(world).await?;
        let row = "sample_key = 'new' AND from_version = 2";
        let content = |key: &str| {
            format!("UPDATE labels SET content_id = (SELECT content_id FROM samples WHERE key = '{key}') WHERE {row}")
        };
        let differing = found(world, &content("twice"), &content("new")).await?;
        assert_eq!(named(&differing), [(What::Content, Some("new"), Some(2))]);
        let sample = |key: &str| {
            format!(
                "UPDATE labels SET sample_id = (SELECT id FROM samples WHERE key = '{key}')
                 WHERE sample_key = 'gone' AND from_version = 1"
            )
        };
        let differing = found(world, &sample("twice"), &sample("gone")).await?;
        assert!(named(&differing).contains(&(What::Sample, Some("gone"), Some(1))), "{differing:?}");
        let differing = found(
            world,
            "UPDATE labels SET decision_id = -decision_id WHERE sample_key = 'new'",
            "UPDATE labels SET decision_id = -decision_id WHERE sample_key = 'new'",
        )
        .await?;
        assert!(named(&differing).contains(&(What::Decision, Some("new"), Some(2))), "{differing:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn rows_whose_versions_cannot_be_are_named() -> Outcome {
    on_each_database(async |world| {
        lived_in(world).await?;
        let kept = |column: &str, number: &str, now: &str| {
            format!("UPDATE labels SET {column} = {number} WHERE sample_key = 'kept' AND {now}")
        };
        // Two rows in version 3.
        let (change, undo) =
            (kept("until_version", "4", "from_version = 1"), kept("until_version", "3", "from_version = 1"));
        let differing =
            named(&found(world, &change, &undo).await?).contains(&(What::TwoRows, Some("kept"), Some(3)));
        assert!(differing);
        // None in version 2.
        let change = kept("until_version", "2", "from_version = 1");
        assert!(named(&found(world, &change, &undo).await?).contains(&(What::NoRow, Some("kept"), Some(2))));
        let change = kept("until_version", "0", "from_version = 1");
        assert!(named(&found(world, &change, &undo).await?).contains(&(
            What::Columns,
            Some("kept"),
            Some(1)
        )));
        // A version that is not there yet.
        let change = kept("until_version", "9", "until_version IS NULL");
        let undo = kept("until_version", "NULL", "until_version = 9");
        assert_eq!(named(&found(world, &change, &undo).await?), [(What::Columns, Some("kept"), Some(9))]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_changed_version_is_named_and_a_missing_one_too() -> Outcome {
    on_each_database(async |world| {
        lived_in(world).await?;
        let set = |what: &str, number: i64| format!("UPDATE versions SET {what} WHERE number = {number}");
        let differing = found(world, &set("message = 'another'", 2), &set("message = 'a cut'", 2)).await?;
        assert_eq!(named(&differing), [(What::Digest, None, Some(2))]);
        let differing = found(world, &set("labels = labels + 1", 2), &set("labels = labels - 1", 2)).await?;
        assert_eq!(named(&differing), [(What::Counts, None, Some(2))]);
        assert_eq!(
            differing[0].found.as_deref(),
            Some("added 3, changed 0, removed 0, confirmed 0, labels 5")
        );
        let away = "UPDATE versions SET number = 30 WHERE number = 5";
        let back = "UPDATE versions SET number = 5 WHERE number = 30";
        let differing = found(world, away, back).await?;
        let kinds = named(&differing);
        assert!(kinds.contains(&(What::Number, None, Some(30))), "{kinds:?}");
        assert!(kinds.contains(&(What::Tag, None, Some(5))), "{kinds:?}");
        assert!(kinds.contains(&(What::Columns, Some("twice"), Some(5))), "{kinds:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn all_differences_are_counted_and_the_first_hundred_are_listed() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let samples: Vec<_> = (0..150).map(|n| labelled(&format!("s{n:03}"), "a")).collect();
        world.import(&project, &samples).await?;
        tamper(world, "UPDATE labels SET label = '{\"intent\":\"b\"}'").await?;
        let found = verify(world).await?;
        assert_eq!((found.differences, found.projects[0].differences), (150, 150));
        assert_eq!(found.listed.len(), MOST_LISTED);
        let other: Slug = world.project("q").await?;
        let alone = world.services.verify().labels(&Actor::Operator, Some(&other)).await?;
        assert!(alone.holds(), "{alone:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_import_that_is_half_written_is_no_difference() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[labelled("s0001", "b")]).await?;
        let samples: Vec<_> = (0..3_000).map(|n| labelled(&format!("s{n:04}"), "a")).collect();
        // The database refuses the last lines, as if it was cut off before them.
        let lift = world.cut_off("samples", "NEW.key = 's2999'").await?;
        assert!(world.import(&project, &samples).await.is_err());
        let half = verify(world).await?;
        assert!(half.holds(), "{half:?}");
        assert!(half.projects[0].rows > 1 && half.projects[0].versions == 1, "{half:?}");
        world.execute(&lift).await?;
        let server = world.another_server().await?;
        server.intake().resume().await?;
        server.finish_background().await;
        let whole = verify(world).await?;
        assert!(whole.holds(), "{whole:?}");
        assert_eq!((whole.projects[0].rows, whole.projects[0].versions), (3_001, 2));
        Ok(())
    })
    .await
}

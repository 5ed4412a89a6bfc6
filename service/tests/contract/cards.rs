//! The data card of a version: its figures are those of the version's rows, and it names nobody.

use super::{
    queue::{choose, claim},
    review::{decide, in_review, no_audit, team},
};
use crate::support::{
    Outcome, World, code, faults, on_each_database,
    people::Account,
    samples::{labelled, sample},
};
use domain::{
    access::Role,
    card::Language,
    decision::DecisionKind,
    name::{Slug, VersionRef},
    problem::Code,
    view::{project::ProjectPatch, version::CutInput},
};
use serde_json::{Value, json};
use service::Actor;

async fn card(world: &World, project: &Slug, number: i64) -> service::Result<String> {
    let version = VersionRef::Number(number);
    let card = world.services.cards().get(&Actor::Operator, project, &version, Language::English).await?;
    Ok(card.markdown)
}

async fn patched(world: &World, project: &Slug, settings: Value) -> service::Result<()> {
    let rev = world.services.projects().get(&Actor::Operator, project).await?.rev;
    let patch = ProjectPatch { rev, settings: Some(settings), ..ProjectPatch::default() };
    world.services.projects().update(&Actor::Operator, project, patch).await.map(drop)
}

#[track_caller]
fn says(card: &str, lines: &[&str]) {
    for line in lines {
        assert!(card.lines().any(|found| found == *line), "{line}\n\n{card}");
    }
}

#[tokio::test]
async fn a_card_counts_the_labels_of_its_version_and_names_nobody() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        let project = &team.project;
        world.account("sim", Account::Simulated).await?;
        world.set_role(project, "sim", Role::Annotator).await?;
        let samples = [labelled("one", "a"), labelled("two", "a"), sample("three"), sample("four")];
        world.import(project, &samples).await?;
        for (actor, answers) in [(&team.ann, ["b", "b"]), (&team.bea, ["b", "c"])] {
            let claimed = claim(world, actor, project, 50).await?;
            let mut tasks = claimed.tasks;
            tasks.sort_by(|a, b| a.sample.id.cmp(&b.sample.id));
            for (item, answer) in tasks.iter().zip(answers) {
                world.services.annotations().submit(actor, &item.lease, choose(answer)).await?;
            }
        }
        // They agree on "four" alone.
        for item in in_review(world, &team).await? {
            if item.consensus.conflict {
                decide(world, &team.rev, &item, DecisionKind::Dismiss).await?;
            } else {
                decide(world, &team.rev, &item, DecisionKind::Approve).await?;
            }
        }
        let input = CutInput { message: "The *first* cut".to_owned(), ..CutInput::default() };
        world.services.versions().cut(&team.rev, project, input).await?;
        let second = card(world, project, 2).await?;
        says(
            &second,
            &[
                "# Project p, version 2",
                "| a |  | 2 | 66.7 % |",
                "| b |  | 1 | 33.3 % |",
                "| a reviewer | 1 | 33.3 % |",
                "| an import, without review here | 2 | 66.7 % |",
                "Mean pairwise agreement: 1.000 (labels with two or more annotations: 1).",
                "Annotators: 2. Reviewers: 1.",
                "- Against the version before: added 1, changed 0, removed 0, confirmed 0",
                "- Message: The \\*first\\* cut",
                "- 66.7 % of the labels (2) came with an import and were not reviewed here.",
                "- 25.0 % of the samples (1) have no label in this version.",
            ],
        );
        let digest = world.services.versions().get(&team.rev, project, &VersionRef::Number(2)).await?.digest;
        assert!(second.contains(&digest));
        for name in ["ann@", "bea", "rev@", "example.org"] {
            assert!(!second.contains(name), "{name}\n\n{second}");
        }
        let first = card(world, project, 1).await?;
        says(&first, &["| a |  | 2 | 100.0 % |", "Annotators: 0. Reviewers: 0."]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_card_stays_as_it_is_whatever_comes_after_its_version() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[labelled("one", "a"), sample("two")]).await?;
        let before = card(world, &project, 1).await?;
        world.clock.advance_seconds(60);
        world.import(&project, &[labelled("one", "b"), labelled("two", "c"), labelled("three", "c")]).await?;
        // Also for a server that has not counted it before.
        let server = world.another_server().await?;
        let one = VersionRef::Number(1);
        let again = server.cards().get(&Actor::Operator, &project, &one, Language::English).await?;
        assert_eq!(again.markdown, before);
        assert_ne!(card(world, &project, 2).await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn licence_and_limits_come_from_the_settings() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.import(&project, &[labelled("one", "a")]).await?;
        says(&card(world, &project, 1).await?, &["license: unknown", "- Licence: not stated"]);
        let settings =
            json!({"card": {"licence": "CC0-1.0", "limits": "Bank customers only.\n# No heading"}});
        patched(world, &project, settings).await?;
        let told = card(world, &project, 1).await?;
        says(&told, &["license: cc0-1.0", "- Licence: CC0-1.0", "Bank customers only.\\", "\\# No heading"]);
        let cards = world.services.cards();
        let korean = cards.get(&Actor::Operator, &project, &VersionRef::Latest, Language::Korean).await?;
        says(&korean.markdown, &["# Project p, 버전 1", "- 라이선스: CC0-1.0"]);
        for (settings, pointer, expected) in [
            (json!({"card": {"licence": "x".repeat(201)}}), "/settings/card/licence", Code::InvalidName),
            (json!({"card": {"licence": "a\nb"}}), "/settings/card/licence", Code::InvalidName),
            (json!({"card": {"limits": "x".repeat(5_001)}}), "/settings/card/limits", Code::TooLong),
            (json!({"card": {"limits": 3}}), "/settings/card/limits", Code::WrongType),
            (json!({"card": {"license": "MIT"}}), "/settings/card/license", Code::UnknownKey),
        ] {
            let refused = patched(world, &project, settings).await;
            assert_eq!(faults(refused), [(pointer.to_owned(), expected)]);
        }
        assert_eq!(card(world, &project, 1).await?, told);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn only_those_who_may_read_versions_get_a_card() -> Outcome {
    on_each_database(async |world| {
        let team = team(world, no_audit()).await?;
        let get = async |actor: &Actor| {
            world.services.cards().get(actor, &team.project, &VersionRef::Latest, Language::English).await
        };
        assert_eq!(code(get(&team.rev).await), Code::NoVersion);
        world.import(&team.project, &[labelled("one", "a")]).await?;
        assert_eq!(get(&team.rev).await?.version, 1);
        assert_eq!(code(get(&team.ann).await), Code::Forbidden);
        Ok(())
    })
    .await
}

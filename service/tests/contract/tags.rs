//! Tags: what each of their moves leaves behind, and which of them not everybody may move.

use crate::support::{
    Outcome, World, code, on_each_database,
    samples::{labelled, sample},
};
use domain::{
    access::{Role, Scope},
    name::{Slug, TagName},
    problem::Code,
    view::{
        PageRequest,
        version::{CutInput, TagInput, TagMove, TagView},
    },
};
use serde_json::json;
use service::{Actor, Result};

fn input(version: i64, protected: Option<bool>) -> TagInput {
    TagInput { version, protected }
}

async fn moves(world: &World, project: &Slug, tag: &TagName) -> Result<Vec<TagMove>> {
    let page = PageRequest::default();
    Ok(world.services.tags().history(&Actor::Operator, project, tag, page).await?.items)
}

async fn tags(world: &World, project: &Slug) -> Result<Vec<TagView>> {
    world.services.tags().list(&Actor::Operator, project).await
}

/// A project with two versions, and its manager.
async fn two_versions(world: &World) -> Result<(Slug, Actor)> {
    let project = world.project("p").await?;
    let manager = world.member(&project, "max", Role::Manager).await?;
    world.import(&project, &[labelled("s", "a")]).await?;
    world.import(&project, &[labelled("s", "b")]).await?;
    Ok((project, manager))
}

#[tokio::test]
async fn every_move_of_a_tag_is_kept_also_its_deletion() -> Outcome {
    on_each_database(async |world| {
        let (project, manager) = two_versions(world).await?;
        let prod = TagName::parse("prod")?;
        assert_eq!(
            code(world.services.tags().history(&manager, &project, &prod, PageRequest::default()).await),
            Code::NotFound
        );
        world.services.tags().set(&manager, &project, &prod, input(1, None)).await?;
        world.clock.advance_seconds(5);
        world.services.tags().set(&Actor::Operator, &project, &prod, input(2, None)).await?;
        world.services.tags().delete(&manager, &project, &prod).await?;
        let shown: Vec<_> = moves(world, &project, &prod)
            .await?
            .into_iter()
            .map(|one| (one.from, one.to, one.actor, one.moved_by))
            .collect();
        let max = Some("max@example.org".to_owned());
        assert_eq!(
            shown,
            [
                (Some(2), None, "user".to_owned(), max.clone()),
                (Some(1), Some(2), "operator".to_owned(), None),
                (None, Some(1), "user".to_owned(), max),
            ]
        );
        for change in ["UPDATE tag_moves SET moved_by = NULL", "DELETE FROM tag_moves"] {
            assert!(world.execute(change).await.is_err(), "{change}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn only_a_site_admin_moves_deletes_or_unprotects_a_protected_tag() -> Outcome {
    on_each_database(async |world| {
        let (project, manager) = two_versions(world).await?;
        let admin = world.admin("ada").await?;
        let prod = TagName::parse("prod")?;
        let service = world.services.tags();
        let set = service.set(&manager, &project, &prod, input(1, Some(true))).await?;
        assert!(set.protected);
        let before = (tags(world, &project).await?, moves(world, &project, &prod).await?);
        for change in [input(2, None), input(2, Some(true)), input(1, Some(false))] {
            assert_eq!(code(service.set(&manager, &project, &prod, change).await), Code::TagProtected);
        }
        assert_eq!(code(service.delete(&manager, &project, &prod).await), Code::TagProtected);
        // A token does no more than its scopes.
        let token = world.token("ada", &[Scope::Read], None).await?;
        assert_eq!(code(service.set(&token, &project, &prod, input(2, None)).await), Code::Forbidden);
        assert_eq!((tags(world, &project).await?, moves(world, &project, &prod).await?), before);
        // To say again what is so moves nothing.
        service.set(&manager, &project, &prod, input(1, None)).await?;
        assert!(service.set(&admin, &project, &prod, input(2, None)).await?.protected, "it stays protected");
        assert!(!service.set(&admin, &project, &prod, input(2, Some(false))).await?.protected);
        service.set(&manager, &project, &prod, input(1, None)).await?;
        service.set(&manager, &project, &prod, input(1, Some(true))).await?;
        service.delete(&admin, &project, &prod).await?;
        assert!(tags(world, &project).await?.is_empty());
        // One of the same name that comes later is not protected.
        assert!(!service.set(&manager, &project, &prod, input(1, None)).await?.protected);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_cut_that_names_a_protected_tag_is_refused_whole() -> Outcome {
    on_each_database(async |world| {
        let (project, people) = world.deciding(json!({})).await?;
        let manager = world.member(&project, "max", Role::Manager).await?;
        world.import(&project, &[labelled("old", "a"), sample("new")]).await?;
        let prod = TagName::parse("prod")?;
        world.services.tags().set(&manager, &project, &prod, input(1, Some(true))).await?;
        world.approve(&project, &people, "new", "b").await?;
        let cut = CutInput { message: "m".to_owned(), tag: Some(prod.clone()), parent: None };
        let refused = world.services.versions().cut(&manager, &project, cut.clone()).await;
        assert_eq!(code(refused), Code::TagProtected);
        assert_eq!(world.number("SELECT COUNT(*) FROM versions").await?, 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM labels WHERE from_version IS NULL").await?, 1);
        assert_eq!(tags(world, &project).await?[0].version, 1);
        let made = world.services.versions().cut(&Actor::Operator, &project, cut).await?;
        assert_eq!((made.number, tags(world, &project).await?[0].version), (2, 2));
        Ok(())
    })
    .await
}

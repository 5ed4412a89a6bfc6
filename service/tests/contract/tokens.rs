//! Access tokens.

use crate::support::{Outcome, World, code, faults, on_each_database, people::email};
use domain::{
    access::{Role, Scope},
    name::{NameError, Slug},
    problem::Code,
};
use service::{Actor, usecase::tokens::NewToken};

fn new(name: &str) -> Result<NewToken, NameError> {
    Ok(NewToken {
        email: email(name)?,
        name: "pipeline".to_owned(),
        project: None,
        scopes: vec![Scope::Ingest, Scope::Read, Scope::Read],
        expires_at: None,
    })
}

#[tokio::test]
async fn a_token_is_its_user_with_its_scopes_and_only_its_hash_is_kept() -> Outcome {
    on_each_database(async |world| {
        let tokens = world.services.tokens();
        let project = world.project("p").await?;
        let ann = world.member(&project, "ann", Role::Manager).await?;
        let input = NewToken { project: Some(project.clone()), ..new("ann")? };
        let created = tokens.create(&ann, input).await?;
        assert_eq!(created.token.len(), 47);
        assert_eq!(created.view.scopes, [Scope::Read, Scope::Ingest]);
        assert_eq!(created.view.project, Some(project.clone()));
        assert!(!world.texts("SELECT hash FROM tokens").await?.contains(&created.token));

        let id = world.services.projects().get(&ann, &project).await?.id;
        let expected = Actor::Token {
            token: created.view.id,
            user: ann.user().ok_or("no user")?,
            admin: false,
            project: Some(id),
            scopes: vec![Scope::Read, Scope::Ingest],
        };
        assert_eq!(tokens.authenticate(&created.token).await?, expected);
        for wrong in ["", "rlb_", "rlb_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &created.token[4..]] {
            assert_eq!(code(tokens.authenticate(wrong).await), Code::Unauthenticated);
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_token_ends_by_time_by_revoking_and_with_its_user() -> Outcome {
    on_each_database(async |world| {
        let tokens = world.services.tokens();
        let ann = world.user("ann").await?;
        let input = NewToken { expires_at: Some(world.now().plus_seconds(60)), ..new("ann")? };
        let short = tokens.create(&ann, input).await?.token;
        tokens.authenticate(&short).await?;
        world.clock.advance_seconds(60);
        assert_eq!(code(tokens.authenticate(&short).await), Code::Unauthenticated);

        let revoked = tokens.create(&ann, new("ann")?).await?;
        tokens.revoke(&ann, revoked.view.id).await?;
        assert_eq!(code(tokens.authenticate(&revoked.token).await), Code::Unauthenticated);

        let last = tokens.create(&ann, new("ann")?).await?.token;
        world.services.accounts().disable(&Actor::Operator, &email("ann")?).await?;
        assert_eq!(code(tokens.authenticate(&last).await), Code::Unauthenticated);
        world.services.accounts().enable(&Actor::Operator, &email("ann")?).await?;
        assert_eq!(code(tokens.authenticate(&last).await), Code::Unauthenticated);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_token_s_input_is_checked() -> Outcome {
    on_each_database(async |world| {
        let tokens = world.services.tokens();
        let ann = world.user("ann").await?;
        let other = world.project("other").await?;
        let wrong = NewToken {
            name: String::new(),
            scopes: Vec::new(),
            expires_at: Some(world.now()),
            ..new("ann")?
        };
        assert_eq!(
            faults(tokens.create(&ann, wrong).await),
            [
                ("/name".to_owned(), Code::InvalidName),
                ("/scopes".to_owned(), Code::Empty),
                ("/expires_at".to_owned(), Code::OutOfRange),
            ]
        );
        for slug in [other, Slug::parse("missing")?] {
            let input = NewToken { project: Some(slug), ..new("ann")? };
            assert_eq!(faults(tokens.create(&ann, input).await), [("/project".to_owned(), Code::NotFound)]);
        }
        let nobody = tokens.create(&Actor::Operator, new("nobody")?).await;
        assert_eq!(faults(nobody), [("/email".to_owned(), Code::UnknownUser)]);
        assert_eq!(world.number("SELECT COUNT(*) FROM tokens").await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn people_manage_their_own_tokens_and_admins_everybody_s() -> Outcome {
    on_each_database(async |world| {
        let tokens = world.services.tokens();
        let (ann, bob, admin) =
            (world.user("ann").await?, world.user("bob").await?, world.admin("zoe").await?);
        let created = tokens.create(&ann, new("ann")?).await?.view;
        assert_eq!(code(tokens.create(&bob, new("ann")?).await), Code::Forbidden);
        assert_eq!(code(tokens.list(&bob, Some(&email("ann")?)).await), Code::Forbidden);
        assert_eq!(code(tokens.revoke(&bob, created.id).await), Code::NotFound);
        assert!(tokens.list(&bob, None).await?.is_empty());
        for actor in [&ann, &Actor::Operator] {
            assert_eq!(tokens.list(actor, None).await?, std::slice::from_ref(&created));
        }
        assert_eq!(tokens.list(&admin, Some(&email("ann")?)).await?, std::slice::from_ref(&created));

        // A token manages no tokens, not even an admin's with every scope.
        let token = world.token("zoe", &Scope::ALL, None).await?;
        assert_eq!(code(tokens.create(&token, new("zoe")?).await), Code::Forbidden);
        assert_eq!(code(tokens.list(&token, None).await), Code::Forbidden);
        assert_eq!(code(tokens.revoke(&token, created.id).await), Code::Forbidden);

        tokens.revoke(&admin, created.id).await?;
        tokens.revoke(&ann, created.id).await?;
        assert_eq!(tokens.list(&ann, None).await?[0].revoked_at, Some(world.now()));
        let revoked = world.audited().await?.into_iter().filter(|action| action == "revoke_token").count();
        assert_eq!(revoked, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_last_use_is_noted_once_a_minute() -> Outcome {
    on_each_database(async |world| {
        let tokens = world.services.tokens();
        let ann = world.user("ann").await?;
        let token = tokens.create(&ann, new("ann")?).await?.token;
        let first = world.now();
        tokens.authenticate(&token).await?;
        assert_eq!(last_use(world).await?, first.0);
        world.clock.advance_seconds(59);
        tokens.authenticate(&token).await?;
        assert_eq!(last_use(world).await?, first.0);
        world.clock.advance_seconds(1);
        tokens.authenticate(&token).await?;
        assert_eq!(last_use(world).await?, first.plus_seconds(60).0);
        Ok(())
    })
    .await
}

/// The use is written down beside the request.
async fn last_use(world: &World) -> Result<i64, Box<dyn std::error::Error>> {
    world.services.finish_background().await;
    Ok(world.number("SELECT COALESCE(MAX(last_used_at), 0) FROM tokens").await?)
}

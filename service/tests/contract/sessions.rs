//! The browser's sessions.

use crate::support::{Outcome, on_each_database};

#[tokio::test]
async fn a_session_lives_until_it_ends_or_expires() -> Outcome {
    on_each_database(async |world| {
        let sessions = world.services.sessions();
        let soon = world.now().plus_seconds(60);
        assert!(sessions.create("a", None, "1", soon).await?);
        assert!(!sessions.create("a", None, "2", soon).await?, "the id is taken");
        assert_eq!(sessions.load("a").await?.as_deref(), Some("1"));

        let ann = world.user("ann").await?;
        sessions.save("a", ann.user(), "3", soon.plus_seconds(60)).await?;
        world.clock.advance_seconds(60);
        assert_eq!(sessions.load("a").await?.as_deref(), Some("3"));
        world.clock.advance_seconds(60);
        assert_eq!(sessions.load("a").await?, None);
        sessions.delete_expired().await?;
        assert_eq!(world.number("SELECT COUNT(*) FROM sessions").await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_ended_session_is_not_brought_back_by_a_request_under_way() -> Outcome {
    on_each_database(async |world| {
        let sessions = world.services.sessions();
        let soon = world.now().plus_seconds(60);
        sessions.create("a", None, "1", soon).await?;
        sessions.delete("a").await?;
        sessions.save("a", None, "2", soon).await?;
        assert_eq!(sessions.load("a").await?, None);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn counts_of_failed_attempts_are_forgotten() -> Outcome {
    on_each_database(async |world| {
        let wrong = world.services.accounts().sign_in("ann@example.org", "wrong", "c").await;
        assert!(wrong.is_err());
        world.services.sessions().delete_expired().await?;
        assert_eq!(world.number("SELECT COUNT(*) FROM sign_in_failures").await?, 2);
        let typed = world.number("SELECT COUNT(*) FROM sign_in_failures WHERE subject LIKE '%ann%'").await?;
        assert_eq!(typed, 0, "what was typed is not kept");
        world.clock.advance_seconds(15 * 60);
        world.services.sessions().delete_expired().await?;
        assert_eq!(world.number("SELECT COUNT(*) FROM sign_in_failures").await?, 0);
        Ok(())
    })
    .await
}

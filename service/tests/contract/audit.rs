//! The audit log.

use crate::support::{Outcome, code, on_each_database, people::email};
use domain::{access::Role, problem::Code, view::PageRequest};
use service::Actor;

#[tokio::test]
async fn the_log_is_read_by_pages_the_newest_first() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let boss = world.member(&project, "boss", Role::Manager).await?;
        world.project("other").await?;
        for name in ["ann", "bob"] {
            world.member(&project, name, Role::Annotator).await?;
        }
        world.services.members().remove(&boss, &project, &email("bob")?).await?;

        let log = world.services.audit();
        let first = log.list(&boss, &project, PageRequest { limit: Some(2), cursor: None }).await?;
        let actions: Vec<_> = first.items.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["remove_member", "set_member"]);
        assert_eq!(first.items[0].actor, "user");
        assert_eq!(first.items[0].email.as_deref(), Some("boss@example.org"));
        assert_eq!(first.items[0].at, world.now());
        assert_eq!((first.items[1].actor.as_str(), &first.items[1].email), ("operator", &None));
        let rest = PageRequest { limit: None, cursor: first.next_cursor };
        let rest = log.list(&Actor::Operator, &project, rest).await?;
        let actions: Vec<_> = rest.items.iter().map(|entry| entry.action.as_str()).collect();
        assert_eq!(actions, ["set_member", "set_member", "create_project"]);
        assert_eq!(rest.next_cursor, None);

        for wrong in [
            PageRequest { limit: Some(501), cursor: None },
            PageRequest { limit: Some(0), cursor: None },
            PageRequest { limit: None, cursor: Some("nonsense".to_owned()) },
        ] {
            assert_eq!(code(log.list(&boss, &project, wrong).await), Code::Invalid);
        }
        let reviewer = world.member(&project, "rev", Role::Reviewer).await?;
        assert_eq!(code(log.list(&reviewer, &project, PageRequest::default()).await), Code::Forbidden);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_database_refuses_to_change_the_log() -> Outcome {
    on_each_database(async |world| {
        world.user("ann").await?;
        assert!(world.execute("UPDATE audit SET action = 'nothing'").await.is_err());
        assert!(world.execute("DELETE FROM audit").await.is_err());
        assert_eq!(world.audited().await?, ["add_user"]);
        Ok(())
    })
    .await
}

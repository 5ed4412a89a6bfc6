//! Members of a project.

use crate::support::{
    Outcome, code, faults, on_each_database,
    people::{Account, email},
};
use domain::{access::Role, name::Slug, problem::Code, view::project::MemberInput};
use service::Actor;

#[tokio::test]
async fn members_are_added_changed_and_removed() -> Outcome {
    on_each_database(async |world| {
        let members = world.services.members();
        let project = world.project("p").await?;
        let boss = world.member(&project, "boss", Role::Manager).await?;
        world.user("ann").await?;
        world.account("sim", Account::Simulated).await?;
        let input = |name: &str, role| -> Result<MemberInput, domain::name::NameError> {
            Ok(MemberInput { email: email(name)?, role })
        };
        let ann = members.set(&boss, &project, input("ann", Role::Annotator)?).await?;
        assert_eq!((ann.role, ann.since), (Role::Annotator, world.now()));
        assert_eq!(members.set(&boss, &project, input("ann", Role::Reviewer)?).await?.role, Role::Reviewer);
        members.set(&boss, &project, input("sim", Role::Annotator)?).await?;
        let unknown = members.set(&boss, &project, input("nobody", Role::Annotator)?).await;
        assert_eq!(faults(unknown), [("/email".to_owned(), Code::UnknownUser)]);
        world.services.accounts().disable(&Actor::Operator, &email("ann")?).await?;

        let listed = members.list(&boss, &project).await?;
        let listed: Vec<_> = listed.iter().map(|m| (m.email.as_str(), m.simulated, m.disabled)).collect();
        assert_eq!(
            listed,
            [
                ("ann@example.org", false, true),
                ("boss@example.org", false, false),
                ("sim@example.org", true, false),
            ]
        );
        members.remove(&boss, &project, &email("ann")?).await?;
        assert_eq!(code(members.remove(&boss, &project, &email("ann")?).await), Code::NotFound);
        assert_eq!(code(members.remove(&boss, &project, &email("nobody")?).await), Code::NotFound);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_project_keeps_its_last_manager_unless_an_admin_says_otherwise() -> Outcome {
    on_each_database(async |world| {
        let members = world.services.members();
        let project = world.project("p").await?;
        let boss = world.member(&project, "boss", Role::Manager).await?;
        let demoted = MemberInput { email: email("boss")?, role: Role::Reviewer };
        assert_eq!(code(members.set(&boss, &project, demoted.clone()).await), Code::LastManager);
        assert_eq!(code(members.remove(&boss, &project, &email("boss")?).await), Code::LastManager);
        // A second manager who cannot sign in is none.
        world.member(&project, "gone", Role::Manager).await?;
        world.services.accounts().disable(&Actor::Operator, &email("gone")?).await?;
        assert_eq!(code(members.remove(&boss, &project, &email("boss")?).await), Code::LastManager);
        let admin = world.admin("zoe").await?;
        members.set(&admin, &project, demoted).await?;
        members.remove(&admin, &project, &email("boss")?).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn only_managers_of_the_project_manage_its_members() -> Outcome {
    on_each_database(async |world| {
        let members = world.services.members();
        let project = world.project("p").await?;
        let other = world.project("q").await?;
        let reviewer = world.member(&project, "rev", Role::Reviewer).await?;
        let stranger = world.member(&other, "boss", Role::Manager).await?;
        let input = MemberInput { email: email("rev")?, role: Role::Manager };
        assert_eq!(code(members.set(&reviewer, &project, input.clone()).await), Code::Forbidden);
        assert_eq!(code(members.list(&reviewer, &project).await), Code::Forbidden);
        assert_eq!(code(members.remove(&reviewer, &project, &email("rev")?).await), Code::Forbidden);
        assert_eq!(code(members.set(&stranger, &project, input.clone()).await), Code::NotFound);
        let missing = Slug::parse("missing")?;
        assert_eq!(code(members.set(&stranger, &missing, input.clone()).await), Code::NotFound);
        world.services.projects().archive(&Actor::Operator, &project).await?;
        assert_eq!(code(members.set(&Actor::Operator, &project, input).await), Code::Archived);
        Ok(())
    })
    .await
}

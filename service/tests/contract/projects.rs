//! Projects: creating, listing, changing, archiving.

use crate::support::{Outcome, code, faults, on_each_database, projects::schema};
use domain::{
    access::{Role, Scope},
    name::Slug,
    overlap::Overlap,
    problem::Code,
    schema::ChoiceOption,
    settings::Settings,
    view::{
        PageRequest,
        project::{NewProject, ProjectPatch},
    },
};
use serde_json::json;
use service::{Actor, idempotency};

fn new(slug: &str) -> Result<NewProject, Box<dyn std::error::Error>> {
    Ok(NewProject {
        slug: Slug::parse(slug)?,
        name: "은행 문의".to_owned(),
        schema: schema()?,
        guideline: "# 지침".to_owned(),
        settings: Settings::default(),
    })
}

#[tokio::test]
async fn a_project_is_created_with_its_first_revisions_and_a_manager() -> Outcome {
    on_each_database(async |world| {
        let projects = world.services.projects();
        let admin = world.admin("zoe").await?;
        let created = projects.create(&admin, new("bank")?).await?;
        assert_eq!((created.rev, created.schema_revision, created.guideline_revision), (1, 1, 1));
        assert_eq!((created.name.as_str(), created.guideline.as_str()), ("은행 문의", "# 지침"));
        assert_eq!(created.role, Some(Role::Manager));
        assert_eq!(projects.get(&admin, &created.slug).await?, created);
        assert_eq!(projects.get(&Actor::Operator, &created.slug).await?.role, None);
        assert_eq!(code(projects.create(&admin, new("bank")?).await), Code::SlugTaken);
        let plain = world.user("ann").await?;
        assert_eq!(code(projects.create(&plain, new("other")?).await), Code::Forbidden);
        assert_eq!(code(projects.get(&plain, &created.slug).await), Code::NotFound);
        assert_eq!(world.number("SELECT CAST(LENGTH(salt) AS BIGINT) FROM projects").await?, 32);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn everything_wrong_with_a_new_project_is_named() -> Outcome {
    on_each_database(async |world| {
        let mut wrong = NewProject { name: String::new(), guideline: "a\0".repeat(100_001), ..new("bank")? };
        wrong.schema.questions[0].options.clear();
        wrong.settings.queue.threshold = 1.5;
        let refused = world.services.projects().create(&Actor::Operator, wrong).await;
        assert_eq!(
            faults(refused),
            [
                ("/name".to_owned(), Code::InvalidName),
                ("/schema/questions/0/options".to_owned(), Code::Empty),
                ("/guideline".to_owned(), Code::TooLong),
                ("/guideline".to_owned(), Code::InvalidText),
                ("/settings/queue/threshold".to_owned(), Code::OutOfRange),
            ]
        );
        assert_eq!(world.number("SELECT COUNT(*) FROM projects").await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn creating_twice_with_one_key_creates_once() -> Outcome {
    on_each_database(async |world| {
        let request = idempotency::Request {
            principal: "token 1".to_owned(),
            method: "POST".to_owned(),
            path: "/api/v1/projects".to_owned(),
            key: "k".to_owned(),
            body_hash: "h".to_owned(),
        };
        let mut views = Vec::new();
        for _ in 0..2 {
            let projects = world.services.projects();
            let create = projects.create(&Actor::Operator, new("bank")?);
            views.push(idempotency::scope(request.clone(), create).await?);
        }
        assert_eq!(views[0], views[1]);
        assert_eq!(world.audited().await?, ["create_project"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn everybody_lists_their_own_projects_and_admins_all() -> Outcome {
    on_each_database(async |world| {
        let projects = world.services.projects();
        for slug in ["c", "a", "b"] {
            world.project(slug).await?;
        }
        let (a, b) = (Slug::parse("a")?, Slug::parse("b")?);
        let ann = world.member(&a, "ann", Role::Annotator).await?;
        world.set_role(&b, "ann", Role::Manager).await?;
        projects.archive(&Actor::Operator, &b).await?;
        let slugs = async |actor: &Actor| -> service::Result<Vec<String>> {
            let page = projects.list(actor, PageRequest::default()).await?;
            Ok(page.items.into_iter().map(|project| project.slug.to_string()).collect())
        };
        assert_eq!(slugs(&ann).await?, ["a", "b"]);
        assert_eq!(slugs(&Actor::Operator).await?, ["a", "b", "c"]);
        let limited = world.token("ann", &[Scope::Read], Some(&b)).await?;
        assert_eq!(slugs(&limited).await?, ["b"]);
        assert_eq!(code(projects.get(&limited, &a).await), Code::NotFound);

        let page = projects.list(&Actor::Operator, PageRequest { limit: Some(2), cursor: None }).await?;
        assert_eq!(page.items[1].archived_at, Some(world.now()));
        let next = PageRequest { limit: Some(2), cursor: page.next_cursor };
        let page = projects.list(&Actor::Operator, next).await?;
        assert_eq!((page.items.len(), page.items[0].slug.as_str(), page.next_cursor), (1, "c", None));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_change_makes_revisions_only_of_what_differs() -> Outcome {
    on_each_database(async |world| {
        let projects = world.services.projects();
        let slug = world.project("p").await?;
        let boss = world.member(&slug, "boss", Role::Manager).await?;
        let mut wider = schema()?;
        wider.questions[0].options[0].retired = true;
        wider.questions[0].options.push(ChoiceOption { value: "d".to_owned(), title: None, retired: false });
        let patch = ProjectPatch {
            rev: 1,
            schema: Some(wider.clone()),
            guideline: Some("# Guideline".to_owned()),
            settings: Some(json!({"queue": {"overlap": 3}, "time_zone": "Asia/Seoul"})),
            ..ProjectPatch::default()
        };
        let view = projects.update(&boss, &slug, patch).await?;
        assert_eq!((view.rev, view.schema_revision, view.guideline_revision), (2, 2, 1));
        assert_eq!(view.schema, wider);
        assert_eq!((view.settings.queue.overlap, view.settings.queue.audit_rate), (Overlap::Fixed(3), 0.0));
        assert_eq!(projects.get(&boss, &slug).await?, view);

        let patch = ProjectPatch { rev: 2, guideline: Some("new".to_owned()), ..ProjectPatch::default() };
        let view = projects.update(&boss, &slug, patch).await?;
        assert_eq!((view.rev, view.schema_revision, view.guideline_revision), (3, 2, 2));
        assert_eq!(projects.guideline(&boss, &slug, Some(1)).await?, "# Guideline");
        assert_eq!(projects.guideline(&boss, &slug, None).await?, "new");
        assert_eq!(code(projects.guideline(&boss, &slug, Some(3)).await), Code::NotFound);

        let nothing = ProjectPatch { rev: 3, name: Some(view.name.clone()), ..ProjectPatch::default() };
        assert_eq!(projects.update(&boss, &slug, nothing).await?.rev, 3);
        let updates = world.audited().await?.into_iter().filter(|action| action == "update_project").count();
        assert_eq!(updates, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_change_is_refused_with_its_places_and_changes_nothing() -> Outcome {
    on_each_database(async |world| {
        let projects = world.services.projects();
        let slug = world.project("p").await?;
        let before = projects.get(&Actor::Operator, &slug).await?;
        let mut narrower = schema()?;
        narrower.questions[0].options.remove(0);
        let patch = ProjectPatch {
            rev: 1,
            name: Some("x".repeat(201)),
            schema: Some(narrower),
            settings: Some(json!({"queue": {"treshold": 0.4}})),
            ..ProjectPatch::default()
        };
        assert_eq!(
            faults(projects.update(&Actor::Operator, &slug, patch).await),
            [
                ("/name".to_owned(), Code::InvalidName),
                ("/schema/questions/0/options".to_owned(), Code::CannotRemove),
                ("/settings/queue/treshold".to_owned(), Code::UnknownKey),
            ]
        );
        let settings = Some(json!({"queue": {"overlap": {"min": 2, "max": 5}}}));
        let patch = ProjectPatch { rev: 1, settings, ..ProjectPatch::default() };
        let unsure = projects.update(&Actor::Operator, &slug, patch).await;
        assert_eq!(faults(unsure), [("/settings/queue/overlap/confidence".to_owned(), Code::Missing)]);
        let reviewer = world.member(&slug, "rev", Role::Reviewer).await?;
        let rename = |rev| ProjectPatch { rev, name: Some("n".to_owned()), ..ProjectPatch::default() };
        assert_eq!(code(projects.update(&reviewer, &slug, rename(1)).await), Code::Forbidden);
        assert_eq!(code(projects.update(&Actor::Operator, &slug, rename(2)).await), Code::StaleRev);
        assert_eq!(projects.get(&Actor::Operator, &slug).await?, before);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_stale() -> Outcome {
    on_each_database(async |world| {
        let slug = world.project("p").await?;
        let other = world.another_server().await?;
        let patch = |name: &str| ProjectPatch {
            rev: 1,
            name: Some(name.to_owned()),
            guideline: Some(name.to_owned()),
            ..ProjectPatch::default()
        };
        let (one, two) = (world.services.projects(), other.projects());
        let (one, two) = tokio::join!(
            one.update(&Actor::Operator, &slug, patch("one")),
            two.update(&Actor::Operator, &slug, patch("two"))
        );
        let refused = if one.is_ok() { two } else { one };
        assert_eq!(code(refused), Code::StaleRev);
        assert_eq!(world.services.projects().get(&Actor::Operator, &slug).await?.rev, 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_archived_project_is_read_but_not_changed() -> Outcome {
    on_each_database(async |world| {
        let projects = world.services.projects();
        let slug = world.project("p").await?;
        projects.archive(&Actor::Operator, &slug).await?;
        projects.archive(&Actor::Operator, &slug).await?;
        let view = projects.get(&Actor::Operator, &slug).await?;
        assert_eq!((view.archived_at, view.rev), (Some(world.now()), 2));
        let patch = ProjectPatch { rev: 2, name: Some("n".to_owned()), ..ProjectPatch::default() };
        assert_eq!(code(projects.update(&Actor::Operator, &slug, patch).await), Code::Archived);
        assert_eq!(world.audited().await?, ["create_project", "archive_project"]);
        Ok(())
    })
    .await
}

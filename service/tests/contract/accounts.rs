//! Accounts: the first admin, signing in and its throttle, one's own account, the site's users.

use crate::support::{
    Outcome, code, faults, on_each_database,
    people::{Account, email, password},
    refusal,
};
use domain::{
    access::{Role, Scope},
    name::Email,
    problem::Code,
};
use service::{
    Actor, Error,
    usecase::accounts::{NewUser, OwnUpdate, SetUp},
};

fn first_admin(code: &str) -> Result<SetUp, domain::name::NameError> {
    Ok(SetUp {
        code: code.to_owned(),
        email: Email::parse("root@example.org")?,
        name: "Root".to_owned(),
        password: password("root"),
    })
}

#[tokio::test]
async fn the_first_admin_needs_the_newest_code_and_burns_it() -> Outcome {
    on_each_database(async |world| {
        let accounts = world.services.accounts();
        assert!(accounts.setup_needed().await?);
        assert_eq!(faults(accounts.set_up(first_admin("")?).await), [("/code".to_owned(), Code::Invalid)]);
        let old = accounts.issue_setup_code().await?.ok_or("no code")?;
        let new = accounts.issue_setup_code().await?.ok_or("no code")?;
        assert_eq!(faults(accounts.set_up(first_admin(&old)?).await), [("/code".to_owned(), Code::Invalid)]);
        let weak = SetUp { password: "short".to_owned(), ..first_admin(&new)? };
        assert_eq!(code(accounts.set_up(weak).await), Code::WeakPassword);

        let user = accounts.set_up(first_admin(&format!(" {} ", new.to_lowercase()))?).await?;
        assert_eq!(accounts.actor(user).await?, Some(Actor::User { id: user, admin: true }));
        assert!(!accounts.setup_needed().await?);
        assert_eq!(accounts.issue_setup_code().await?, None);
        assert_eq!(code(accounts.set_up(first_admin(&new)?).await), Code::AlreadySetUp);
        assert_eq!(world.number("SELECT COUNT(*) FROM setup_codes").await?, 0);
        assert_eq!(world.audited().await?, ["set_up"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn two_servers_cannot_both_make_the_first_admin() -> Outcome {
    on_each_database(async |world| {
        let other = world.another_server().await?;
        let code = world.services.accounts().issue_setup_code().await?.ok_or("no code")?;
        let second = SetUp { email: Email::parse("second@example.org")?, ..first_admin(&code)? };
        let (here, there) = (world.services.accounts(), other.accounts());
        let (one, two) = tokio::join!(here.set_up(first_admin(&code)?), there.set_up(second));
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|made| **made).count(), 1);
        assert_eq!(world.number("SELECT COUNT(*) FROM users").await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn unknown_disabled_and_wrong_are_refused_alike() -> Outcome {
    on_each_database(async |world| {
        let accounts = world.services.accounts();
        let Actor::User { id, .. } = world.user("ann").await? else { return Err("no user".into()) };
        world.user("bob").await?;
        accounts.disable(&Actor::Operator, &email("bob")?).await?;

        assert_eq!(accounts.sign_in(" Ann@Example.org ", &password("ann"), "c").await?, id);
        let wrong = refusal(accounts.sign_in("ann@example.org", "wrong password", "c").await);
        assert_eq!(wrong.code, Code::WrongCredentials);
        for (who, secret) in
            [("nobody@example.org", "ann"), ("bob@example.org", "bob"), ("no address", "ann")]
        {
            assert_eq!(refusal(accounts.sign_in(who, &password(secret), "c").await), wrong, "{who}");
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn guessing_is_slowed_down_by_account_and_by_client() -> Outcome {
    on_each_database(async |world| {
        let accounts = world.services.accounts();
        world.user("ann").await?;
        world.user("bob").await?;
        let right = password("ann");
        for _ in 0..4 {
            assert_eq!(
                code(accounts.sign_in("ann@example.org", "wrong", "c1").await),
                Code::WrongCredentials
            );
        }
        // Success forgets the failures before it.
        accounts.sign_in("ann@example.org", &right, "c1").await?;
        for _ in 0..5 {
            assert_eq!(
                code(accounts.sign_in("ANN@example.org", "wrong", "c1").await),
                Code::WrongCredentials
            );
        }
        world.clock.advance_seconds(60);
        let blocked = accounts.sign_in("ann@example.org", &right, "c2").await;
        assert_eq!(blocked.as_ref().err().and_then(Error::retry_after), Some(14 * 60));
        assert_eq!(code(blocked), Code::TooManyAttempts);
        // Others are not affected, and time heals.
        accounts.sign_in("bob@example.org", &password("bob"), "c1").await?;
        world.clock.advance_seconds(14 * 60);
        accounts.sign_in("ann@example.org", &right, "c1").await?;

        for n in 0..30 {
            let somebody = format!("n{n}@example.org");
            assert_eq!(code(accounts.sign_in(&somebody, "wrong", "c3").await), Code::WrongCredentials, "{n}");
        }
        let blocked = accounts.sign_in("bob@example.org", &password("bob"), "c3").await;
        assert_eq!(code(blocked), Code::TooManyAttempts);
        accounts.sign_in("bob@example.org", &password("bob"), "c4").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn many_guesses_at_once_do_not_slip_through() -> Outcome {
    on_each_database(async |world| {
        world.user("ann").await?;
        let guesses = (0..12).map(|_| async {
            code(world.services.accounts().sign_in("ann@example.org", "wrong password", "c").await)
        });
        let codes = futures::future::join_all(guesses).await;
        assert_eq!(codes.iter().filter(|code| **code == Code::WrongCredentials).count(), 5, "{codes:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_account_is_added_once_whatever_the_case_of_its_address() -> Outcome {
    on_each_database(async |world| {
        let accounts = world.services.accounts();
        let new = |address: &str| -> Result<NewUser, domain::name::NameError> {
            Ok(NewUser {
                email: Email::parse(address)?,
                name: "앤".to_owned(),
                password: "열글자비밀번호입니다".to_owned(),
                admin: false,
                simulated: true,
            })
        };
        let ann = accounts.add(&Actor::Operator, new("Ann@Example.org")?).await?;
        assert_eq!(ann.email.as_str(), "ann@example.org");
        let taken = accounts.add(&Actor::Operator, new("ann@example.org")?).await;
        assert_eq!(faults(taken), [("/email".to_owned(), Code::EmailTaken)]);
        let nameless = NewUser { name: String::new(), ..new("bob@example.org")? };
        assert_eq!(
            faults(accounts.add(&Actor::Operator, nameless).await),
            [("/name".to_owned(), Code::InvalidName)]
        );
        let weak = NewUser { password: "9 letters".to_owned(), ..new("bob@example.org")? };
        assert_eq!(
            faults(accounts.add(&Actor::Operator, weak).await),
            [("/password".to_owned(), Code::WeakPassword)]
        );

        let plain = Actor::User { id: ann.id, admin: false };
        assert_eq!(code(accounts.add(&plain, new("bob@example.org")?).await), Code::Forbidden);
        assert_eq!(code(accounts.list(&plain).await), Code::Forbidden);
        assert_eq!(code(accounts.disable(&plain, &email("ann")?).await), Code::Forbidden);
        assert_eq!(code(accounts.enable(&plain, &email("ann")?).await), Code::Forbidden);
        assert_eq!(code(accounts.set_password(&plain, &email("ann")?, "long enough").await), Code::Forbidden);
        let admin = world.admin("zoe").await?;
        let all = accounts.list(&admin).await?;
        assert_eq!(
            all.iter().map(|user| user.email.as_str()).collect::<Vec<_>>(),
            ["ann@example.org", "zoe@example.org"]
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_changes_one_s_own_name_language_and_password() -> Outcome {
    on_each_database(async |world| {
        let (accounts, sessions) = (world.services.accounts(), world.services.sessions());
        let ann = world.user("ann").await?;
        let later = world.now().plus_seconds(3600);
        for id in ["kept", "other"] {
            sessions.create(id, ann.user(), "{}", later).await?;
        }
        let update = OwnUpdate { name: Some("앤".to_owned()), locale: Some(Some("ko".to_owned())) };
        let view = accounts.update_own(&ann, update).await?;
        assert_eq!((view.name.as_str(), view.locale.as_deref()), ("앤", Some("ko")));
        let view = accounts.update_own(&ann, OwnUpdate { name: None, locale: Some(None) }).await?;
        assert_eq!((view.name.as_str(), view.locale), ("앤", None));
        let klingon = OwnUpdate { name: None, locale: Some(Some("tlh".to_owned())) };
        assert_eq!(faults(accounts.update_own(&ann, klingon).await), [("/locale".to_owned(), Code::Invalid)]);

        let wrong = accounts.change_password(&ann, "wrong", "a new password", Some("kept")).await;
        assert_eq!(code(wrong), Code::WrongCredentials);
        let weak = accounts.change_password(&ann, &password("ann"), "short", Some("kept")).await;
        assert_eq!(code(weak), Code::WeakPassword);
        accounts.change_password(&ann, &password("ann"), "a new password", Some("kept")).await?;
        assert!(sessions.load("kept").await?.is_some());
        assert!(sessions.load("other").await?.is_none());
        accounts.sign_in("ann@example.org", "a new password", "c").await?;

        accounts.set_password(&Actor::Operator, &email("ann")?, "by the operator").await?;
        assert!(sessions.load("kept").await?.is_none());
        accounts.sign_in("ann@example.org", "by the operator", "c").await?;
        let nobody = accounts.set_password(&Actor::Operator, &email("nobody")?, "by the operator").await;
        assert_eq!(code(nobody), Code::NotFound);

        let token = world.token("ann", &Scope::ALL, None).await?;
        assert_eq!(code(accounts.own(&token).await), Code::Forbidden);
        assert_eq!(code(accounts.own(&Actor::Operator).await), Code::Forbidden);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn disabling_ends_sessions_tokens_and_leases_and_keeps_the_account() -> Outcome {
    on_each_database(async |world| {
        let (accounts, sessions) = (world.services.accounts(), world.services.sessions());
        let project = world.project("p").await?;
        let ann = world.member(&project, "ann", Role::Annotator).await?;
        let user = ann.user().ok_or("no user")?;
        sessions.create("s", Some(user), "{}", world.now().plus_seconds(3600)).await?;
        world.token("ann", &[Scope::Annotate], Some(&project)).await?;
        held_and_answered(world, user.0).await?;

        accounts.disable(&Actor::Operator, &email("ann")?).await?;
        assert!(sessions.load("s").await?.is_none());
        assert_eq!(world.number("SELECT COUNT(*) FROM tokens WHERE revoked_at IS NULL").await?, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM slots WHERE annotation_id IS NULL").await?, 0);
        assert_eq!(world.number("SELECT COUNT(*) FROM slots").await?, 1);
        assert_eq!(accounts.actor(user).await?, None);
        assert_eq!(code(accounts.own(&ann).await), Code::Unauthenticated);
        assert_eq!(code(accounts.disable(&Actor::Operator, &email("nobody")?).await), Code::NotFound);

        accounts.enable(&Actor::Operator, &email("ann")?).await?;
        assert_eq!(accounts.actor(user).await?, Some(ann));
        assert!(sessions.load("s").await?.is_none());
        let audited = world.audited().await?;
        assert_eq!(audited[audited.len() - 2..], ["disable_user", "enable_user"]);
        Ok(())
    })
    .await
}

/// Two tasks of the only project: the first held by the user, the second answered by them.
async fn held_and_answered(world: &crate::support::World, user: i64) -> Outcome {
    for statement in [
        "INSERT INTO samples (project_id, key, audit_rank, created_at) SELECT id, 's', 0.5, 0 FROM projects",
        "INSERT INTO contents (sample_id, revision, hash, created_at) SELECT id, 1, 'h', 0 FROM samples",
        &format!(
            "INSERT INTO annotators (project_id, user_id, created_at) SELECT id, {user}, 0 FROM projects"
        ),
    ] {
        world.execute(statement).await?;
    }
    for (state, lease, annotation) in [("open", "held", "NULL"), ("approved", "answered", "77")] {
        world
            .execute(&format!(
                "INSERT INTO tasks (project_id, sample_id, sample_key, content_id, state, rev, reason_kind,
                                    reason_score, reason_detail, priority, slots, created_at, updated_at)
                 SELECT s.project_id, s.id, s.key, c.id, '{state}', 0, 'unlabelled', 1, '{{}}', 1, 2, 0, 0
                 FROM samples s JOIN contents c ON c.sample_id = s.id"
            ))
            .await?;
        world
            .execute(&format!(
                "INSERT INTO slots (task_id, slot, annotator_id, lease, claimed_at, expires_at, annotation_id)
                 SELECT MAX(t.id), 0, MAX(a.id), '{lease}', 0, 9, {annotation} FROM tasks t, annotators a"
            ))
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_last_admin_stays() -> Outcome {
    on_each_database(async |world| {
        let accounts = world.services.accounts();
        let ann = world.admin("ann").await?;
        assert_eq!(code(accounts.disable(&ann, &email("ann")?).await), Code::LastManager);
        let bob = world.admin("bob").await?;
        // Both at once, each the other.
        let (ann_email, bob_email) = (email("ann")?, email("bob")?);
        let (one, two) = tokio::join!(accounts.disable(&ann, &bob_email), accounts.disable(&bob, &ann_email));
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|done| **done).count(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_simulated_account_is_marked() -> Outcome {
    on_each_database(async |world| {
        world.account("sim", Account::Simulated).await?;
        assert_eq!(world.number("SELECT COUNT(*) FROM users WHERE simulated").await?, 1);
        Ok(())
    })
    .await
}

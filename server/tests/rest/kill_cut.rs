//! A server that is killed in the middle of a cut leaves the version whole or absent.

use crate::{
    command_line::{done, serve},
    site::{lines, project, unsure},
};
use domain::{
    access::{Role, Scope},
    name::{Email, Slug},
    view::{
        annotate::{ClaimInput, SubmitInput},
        project::MemberInput,
    },
};
use futures::future::try_join_all;
use serde_json::{Value, json};
use service::{
    Actor, Options, Services,
    usecase::{accounts::NewUser, tokens::NewToken},
};
use std::path::Path;

const DECISIONS: usize = 2_500;

/// A backup of a database in which so many decisions are staged and no version was cut, and a token of the manager.
async fn staged(data: &Path, backup: &str) -> String {
    let mut set_up = project("p");
    set_up["settings"] = json!({"queue": {"overlap": 1, "audit_rate": 0.0},
                                "review": {"require": "conflicts", "sample_rate": 0.0}});
    done(data, &["project", "create", "-"], &set_up.to_string());
    let samples: Vec<Value> = (0..DECISIONS).map(|n| unsure(&format!("s{n:05}"), None)).collect();
    done(data, &["import", "--project", "p", "-"], &lines(&samples));
    let services = Services::open(&Options::in_folder(data)).await.unwrap();
    let slug = Slug::parse("p").unwrap();
    let email = Email::parse("m@example.org").unwrap();
    let user = NewUser {
        email: email.clone(),
        name: "M".to_owned(),
        password: "long password 1".to_owned(),
        admin: false,
        simulated: false,
    };
    let id = services.accounts().add(&Actor::Operator, user).await.unwrap().id;
    let member = MemberInput { email: email.clone(), role: Role::Manager };
    services.members().set(&Actor::Operator, &slug, member).await.unwrap();
    let person = Actor::User { id, admin: false };
    loop {
        let claimed = services.queue().claim(&person, &slug, ClaimInput { count: Some(50) }).await.unwrap();
        if claimed.tasks.is_empty() {
            break;
        }
        // The review policy approves what one person says.
        let (annotations, person) = (services.annotations(), &person);
        let answers = claimed.tasks.iter().map(|item| async move {
            let answers = serde_json::from_value(json!({"intent": "card"})).ok();
            let input = SubmitInput { answers, ..SubmitInput::default() };
            annotations.submit(person, &item.lease, input).await
        });
        try_join_all(answers).await.unwrap();
    }
    let token = NewToken {
        email,
        name: "t".to_owned(),
        project: None,
        scopes: vec![Scope::Read, Scope::Manage],
        expires_at: None,
    };
    let token = services.tokens().create(&Actor::Operator, token).await.unwrap().token;
    services.finish_background().await;
    drop(services);
    done(data, &["backup", backup], "");
    token
}

async fn cut(base: String, token: String) -> Option<Value> {
    let url = format!("{base}/api/v1/projects/p/versions");
    let body = json!({"message": "A large cut"});
    let sent = reqwest::Client::new().post(url).bearer_auth(token).json(&body).send().await.ok()?;
    assert_eq!(sent.status(), 201);
    sent.json().await.ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_is_whole_or_absent_whenever_its_cut_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let backup = folder.path().join("staged.db").to_str().unwrap().to_owned();
    let token = staged(&folder.path().join("first"), &backup).await;
    // So many reads are answered beside the cut before the server is killed, the last time until the cut is answered.
    for moment in [0, 10, 100, 400, usize::MAX] {
        let data = folder.path().join(format!("after {moment}"));
        done(&data, &["restore", &backup], "");
        let server = serve(&data);
        let cutting = tokio::spawn(cut(server.base.clone(), token.clone()));
        let client = reqwest::Client::new();
        for _ in 0..moment {
            if cutting.is_finished() {
                break;
            }
            let read = client.get(format!("{}/healthz", server.base)).send().await.unwrap();
            assert_eq!(read.status(), 200);
        }
        server.kill();
        let answered = cutting.await.unwrap();

        let found: Value = serde_json::from_str(&done(&data, &["verify", "--json"], "")).unwrap();
        assert_eq!(found["differences"], 0);
        let versions = found["projects"][0]["versions"].as_i64().unwrap();
        match (answered, versions) {
            (Some(version), 1) => assert_eq!(found["projects"][0]["digest"], version["digest"]),
            // The answer was on its way.
            (None, 1) => {}
            (None, 0) => {
                let version = done(&data, &["cut", "--project", "p", "--message", "Once more"], "");
                let version: Value = serde_json::from_str(&version).unwrap();
                assert_eq!((&version["number"], &version["added"]), (&json!(1), &json!(DECISIONS)));
            }
            both => panic!("acknowledged and lost: {both:?}"),
        }
        let labels = done(&data, &["export", "--project", "p"], "");
        assert_eq!(labels.lines().count(), DECISIONS);
        done(&data, &["verify"], "");
    }
}

//! Roles and scopes over HTTP: what one may not know of is not found, what one may not do is forbidden.

use domain::access::{Role, Scope};
use serde_json::json;

use crate::site::{Admin, Site, lines, project, unsure};

#[tokio::test]
async fn strangers_see_nothing() {
    let (site, _) = Site::with_project().await;
    site.user("stranger@example.org", Admin::No).await;
    let stranger = site.token("stranger@example.org", None, &Scope::ALL).await;
    for path in ["", "/members", "/samples", "/review", "/versions", "/export", "/audit", "/me/annotations"] {
        site.get(&stranger, &format!("/projects/p{path}")).await.refused(404, "not_found");
        let unknown = site.get(&stranger, &format!("/projects/unknown{path}")).await;
        unknown.refused(404, "not_found");
    }
    site.post(&stranger, "/projects/p/claim", &json!({})).await.refused(404, "not_found");
    site.post(&stranger, "/projects", &project("q")).await.refused(403, "forbidden");
    let own = site.get(&stranger, "/projects").await.expect(200);
    assert_eq!(own["items"], json!([]));
}

#[tokio::test]
async fn each_role_includes_the_one_before() {
    let (site, admin) = Site::with_project().await;
    let anna = site.member("anna@example.org", Role::Annotator).await;
    let rita = site.member("rita@example.org", Role::Reviewer).await;
    let maria = site.member("maria@example.org", Role::Manager).await;
    let body = lines(&[unsure("s1", Some("card"))]);
    let import = site.upload(&maria, "/projects/p/samples", "application/x-ndjson", body.clone()).await;
    import.expect(200);
    let reads = [
        ("", Role::Annotator),
        ("/me/annotations", Role::Annotator),
        ("/review", Role::Reviewer),
        ("/samples", Role::Reviewer),
        ("/agreement", Role::Reviewer),
        ("/versions", Role::Reviewer),
        ("/versions/staged", Role::Reviewer),
        ("/tags", Role::Reviewer),
        ("/export", Role::Reviewer),
        ("/annotators/me", Role::Annotator),
        ("/annotators", Role::Manager),
        ("/members", Role::Manager),
        ("/me/standing", Role::Annotator),
        ("/imports", Role::Manager),
        ("/known-answers", Role::Manager),
        ("/known-results", Role::Manager),
        ("/notices", Role::Manager),
        ("/audit", Role::Manager),
        ("/review?state=open", Role::Manager),
    ];
    for (path, least) in reads {
        for (person, role) in [(&anna, Role::Annotator), (&rita, Role::Reviewer), (&maria, Role::Manager)] {
            let answer = site.get(person, &format!("/projects/p{path}")).await;
            if role >= least {
                assert_eq!(answer.status, 200, "{path} as {role:?}: {}", answer.text);
            } else {
                answer.refused(403, "forbidden");
            }
        }
        assert_eq!(site.get(&admin, &format!("/projects/p{path}")).await.status, 200, "{path} as admin");
    }
    site.upload(&rita, "/projects/p/samples", "application/x-ndjson", body).await.refused(403, "forbidden");
    site.post(&rita, "/projects/p/versions", &json!({"message": "m"})).await.refused(403, "forbidden");
    site.put(&rita, "/projects/p/tags/prod", &json!({"version": 1})).await.refused(403, "forbidden");
    site.put(&maria, "/projects/p/tags/prod", &json!({"version": 1})).await.expect(200);
    site.delete(&rita, "/projects/p/samples/s1").await.refused(403, "forbidden");
    site.delete(&maria, "/projects/p/tags/prod").await.expect(204);
    site.delete(&maria, "/projects/p/members/anna@example.org").await.expect(204);
    site.get(&anna, "/projects/p").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_scope_narrows_and_never_widens() {
    let (site, admin) = Site::with_project().await;
    site.member("maria@example.org", Role::Manager).await;
    let reader = site.token("maria@example.org", None, &[Scope::Read]).await;
    site.get(&reader, "/projects/p/samples").await.expect(200);
    site.post(&reader, "/projects/p/claim", &json!({})).await.refused(403, "forbidden");
    site.post(&reader, "/projects/p/versions", &json!({"message": "m"})).await.refused(403, "forbidden");
    let body = lines(&[unsure("s1", None)]);
    site.upload(&reader, "/projects/p/samples", "application/x-ndjson", body).await.refused(403, "forbidden");

    site.member("anna@example.org", Role::Annotator).await;
    let wide = site.token("anna@example.org", None, &Scope::ALL).await;
    site.get(&wide, "/projects/p/samples").await.refused(403, "forbidden");

    site.post(&admin, "/projects", &project("q")).await.expect(201);
    let bound = site.token("admin@example.org", Some("p"), &Scope::ALL).await;
    site.get(&bound, "/projects/p").await.expect(200);
    site.get(&bound, "/projects/q").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_disabled_person_is_out_at_once() {
    let (site, _) = Site::with_project().await;
    let anna = site.member("anna@example.org", Role::Annotator).await;
    site.get(&anna, "/projects/p").await.expect(200);
    let email = domain::name::Email::parse(anna.email.as_str()).unwrap();
    site.services.accounts().disable(&service::Actor::Operator, &email).await.unwrap();
    site.get(&anna, "/projects/p").await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_token_of_one_project_made_others() {
    let (site, admin) = Site::with_project().await;
    let limited = site.token(&admin.email, Some("p"), &Scope::ALL).await;
    site.post(&limited, "/projects", &project("q")).await.refused(403, "forbidden");
    site.get(&limited, "/projects").await.expect(200);
}

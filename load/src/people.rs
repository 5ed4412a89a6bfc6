//! A project with people and tokens, made by the command line as an operator would.

use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};

use crate::place::Place;

pub const PROJECT: &str = "load";
pub const PASSWORD: &str = "a long password";
/// Hashing a password keeps a core busy.
const AT_ONCE: usize = 2;

/// What the project's queue does.
#[derive(Clone, Debug)]
pub struct Policy {
    pub overlap: i64,
    pub lease_seconds: i64,
    pub audit_rate: f64,
    /// `all` or `conflicts`.
    pub require: &'static str,
}

#[derive(Clone, Debug)]
pub struct Person {
    pub email: String,
    pub token: String,
}

pub async fn make_project(place: &Place, slug: &str, policy: &Policy) -> Result<()> {
    place.run(&["project", "create", "-"], &project(slug, policy).to_string()).await?;
    Ok(())
}

fn project(slug: &str, policy: &Policy) -> Value {
    json!({
        "slug": slug, "name": slug,
        "schema": {
            "fields": [{"name": "text", "kind": "text", "title": "Message"}],
            "questions": [{"name": "intent", "kind": "choice", "title": "What is it about?", "required": true,
                           "options": [{"value": "card"}, {"value": "loan"}, {"value": "other"}]}]},
        "settings": {
            "queue": {"target": "prediction", "threshold": 0.0, "audit_rate": policy.audit_rate,
                      "overlap": policy.overlap, "lease_seconds": policy.lease_seconds},
            "review": {"require": policy.require, "sample_rate": 0.3}}})
}

/// Makes people of one role in these projects.
pub async fn make(place: &Place, slugs: &[&str], role: &str, names: Vec<String>) -> Result<Vec<Person>> {
    stream::iter(names).map(|name| person(place, slugs, role, name)).buffered(AT_ONCE).try_collect().await
}

async fn person(place: &Place, slugs: &[&str], role: &str, name: String) -> Result<Person> {
    let email = format!("{name}@example.org");
    place.run(&["user", "add", "--email", &email, "--name", &name, "--password-stdin"], PASSWORD).await?;
    for slug in slugs {
        place.run(&["member", "set", "--project", slug, "--email", &email, "--role", role], "").await?;
    }
    let scopes = match role {
        "annotator" => "read,annotate",
        "reviewer" => "read,annotate,review",
        _ => "read,ingest,annotate,review,manage",
    };
    let token =
        place.run(&["token", "create", "--email", &email, "--name", "load", "--scopes", scopes], "").await?;
    Ok(Person { email, token })
}

/// Makes one person, named after the role, in the one project.
pub async fn make_one(place: &Place, role: &str) -> Result<Person> {
    person(place, &[PROJECT], role, role.to_owned()).await
}

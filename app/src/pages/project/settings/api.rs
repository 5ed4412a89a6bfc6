//! The server functions of the settings page. Each change names the revision that it was made on.

#![expect(
    clippy::too_many_arguments,
    reason = "a server function has an argument for each field of its form"
)]

use crate::error::Answer;
use domain::view::project::{ProjectView, QueueForecast};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
use domain::view::project::ProjectPatch;

/// The project with all of its set-up.
#[server(endpoint = "load_settings", input = GetUrl)]
pub async fn load_settings(slug: String) -> Answer<ProjectView> {
    use crate::{error::load, parse, session};
    use domain::{
        access::{Permission, Standing},
        problem::Code,
    };
    let project = async {
        let actor = session::actor().await?;
        let project = session::services()?.projects().get(&actor, &parse::slug(&slug)?).await?;
        // Everybody may read settings; the page is only for those who may change them.
        let standing = Standing { admin: actor.is_admin(), role: project.role };
        if !Permission::ManageProject.allows(standing) {
            return Err(Code::Forbidden.into());
        }
        Ok(project)
    };
    load(project.await)
}

/// How many samples each threshold would queue.
#[server(endpoint = "load_forecast", input = GetUrl)]
pub async fn load_forecast(slug: String) -> Answer<QueueForecast> {
    use crate::{error::load, parse, session};
    let forecast = async {
        let actor = session::actor().await?;
        session::services()?.projects().forecast(&actor, &parse::slug(&slug)?).await
    };
    load(forecast.await)
}

/// Renames the project.
#[server(endpoint = "update_name")]
pub async fn update_name(slug: String, rev: i32, name: String) -> Answer<ProjectView> {
    let name = Some(name.trim().to_owned());
    update(slug, ProjectPatch { rev, name, ..ProjectPatch::default() }).await
}

/// Retitles a question and its options, retires options and adds some. `titles` and `retired` go by an option's place,
/// `o0` and so on: values may hold what a form's keys cannot.
#[server(endpoint = "update_options")]
pub async fn update_options(
    slug: String,
    rev: i32,
    question: String,
    title: String,
    #[server(default)] titles: BTreeMap<String, String>,
    #[server(default)] retired: BTreeMap<String, String>,
    #[server(default)] added: String,
) -> Answer<ProjectView> {
    use crate::{error::submit, parse, schema_text, session};
    use domain::problem::Code;
    let updated = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let mut schema = services.projects().get(&actor, &slug).await?.schema;
        let question = schema.questions.iter_mut().find(|known| known.name == question);
        let question = question.ok_or(Code::UnknownQuestion)?;
        question.title = parse::text(Some(title)).filter(|title| *title != question.name);
        for (place, option) in question.options.iter_mut().enumerate() {
            let key = format!("o{place}");
            let title = titles.get(&key).cloned().or_else(|| option.title.clone());
            option.title = parse::text(title).filter(|title| *title != option.value);
            option.retired = retired.contains_key(&key);
        }
        question.options.extend(schema_text::options(&added));
        let patch = ProjectPatch { rev, schema: Some(schema), ..ProjectPatch::default() };
        services.projects().update(&actor, &slug, patch).await
    };
    submit(updated.await)
}

/// Replaces the schema by the one of a JSON text.
#[server(endpoint = "update_schema")]
pub async fn update_schema(slug: String, rev: i32, json: String) -> Answer<ProjectView> {
    use crate::{error::submit, parse, schema_text, session};
    let updated = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let schema = Some(schema_text::of_json(&json)?);
        services
            .projects()
            .update(&actor, &slug, ProjectPatch { rev, schema, ..ProjectPatch::default() })
            .await
    };
    submit(updated.await)
}

/// Replaces the guideline.
#[server(endpoint = "update_guideline")]
pub async fn update_guideline(
    slug: String,
    rev: i32,
    #[server(default)] guideline: String,
) -> Answer<ProjectView> {
    // Forms end lines in two characters; texts in one.
    let guideline = Some(guideline.replace("\r\n", "\n"));
    update(slug, ProjectPatch { rev, guideline, ..ProjectPatch::default() }).await
}

/// Changes which samples are queued, and for how many answers.
#[server(endpoint = "update_queue")]
pub async fn update_queue(
    slug: String,
    rev: i32,
    target: String,
    prediction_score: String,
    label_score: String,
    threshold: f64,
    #[server(default)] label_share: String,
    audit_rate: f64,
    overlap: i64,
    #[server(default)] overlap_max: String,
    #[server(default)] confidence: String,
    lease_seconds: i64,
) -> Answer<ProjectView> {
    use crate::error::submit;
    use domain::problem::Code;
    // What is no number is refused where it stands.
    let number = |text: &str| {
        let text = Some(text.trim()).filter(|text| !text.is_empty());
        text.map(|text| serde_json::from_str(text).unwrap_or_else(|_| serde_json::Value::from(text)))
    };
    let label_share = number(&label_share);
    let missing = |place: &str| {
        let detail = "the most answers and the confidence are given together";
        submit(Err(service::Error::invalid(place, Code::Missing, detail)))
    };
    let overlap = match (number(&overlap_max), number(&confidence)) {
        (None, None) => overlap.into(),
        (None, Some(_)) => return missing("/settings/queue/overlap/max"),
        (Some(_), None) => return missing("/settings/queue/overlap/confidence"),
        (max, confidence) => serde_json::json!({ "min": overlap, "max": max, "confidence": confidence }),
    };
    let queue = serde_json::json!({
        "target": target, "prediction_score": prediction_score, "label_score": label_score, "threshold": threshold,
        "label_share": label_share, "audit_rate": audit_rate, "overlap": overlap, "lease_seconds": lease_seconds,
    });
    update(slug, settings(rev, serde_json::json!({ "queue": queue }))).await
}

/// Changes which samples train a model and which judge it.
#[server(endpoint = "update_split")]
pub async fn update_split(
    slug: String,
    rev: i32,
    validation: f64,
    test: f64,
    #[server(default)] by: String,
    test_reviewers: i64,
) -> Answer<ProjectView> {
    let by = Some(by).filter(|key| !key.is_empty());
    let split = serde_json::json!({
        "validation": validation, "test": test, "by": by, "test_reviewers": test_reviewers,
    });
    update(slug, settings(rev, serde_json::json!({ "split": split }))).await
}

/// Changes what a reviewer must see.
#[server(endpoint = "update_review")]
pub async fn update_review(
    slug: String,
    rev: i32,
    require: String,
    sample_rate: f64,
    #[server(default)] four_eyes: Option<String>,
) -> Answer<ProjectView> {
    let review = serde_json::json!({
        "require": require, "sample_rate": sample_rate, "four_eyes": four_eyes.is_some(),
    });
    update(slug, settings(rev, serde_json::json!({ "review": review }))).await
}

/// Changes how several answers become one label.
#[server(endpoint = "update_consensus")]
pub async fn update_consensus(
    slug: String,
    rev: i32,
    method: String,
    #[server(default)] prediction_votes: Option<String>,
) -> Answer<ProjectView> {
    let consensus = serde_json::json!({ "method": method, "prediction_votes": prediction_votes.is_some() });
    update(slug, settings(rev, serde_json::json!({ "consensus": consensus }))).await
}

/// Changes how often known answers are asked for, and what follows from the results.
#[server(endpoint = "update_quality")]
pub async fn update_quality(
    slug: String,
    rev: i32,
    known_answer_rate: f64,
    #[server(default)] level: String,
    #[server(default)] pause: Option<String>,
) -> Answer<ProjectView> {
    // What is no number is refused where it stands.
    let level = Some(level.trim()).filter(|level| !level.is_empty());
    let level =
        level.map(|level| serde_json::from_str(level).unwrap_or_else(|_| serde_json::Value::from(level)));
    let quality = serde_json::json!({
        "known_answer_rate": known_answer_rate, "level": level, "pause": pause.is_some(),
    });
    update(slug, settings(rev, serde_json::json!({ "quality": quality }))).await
}

/// Changes what annotators see, and the time zone of days.
#[server(endpoint = "update_display")]
pub async fn update_display(
    slug: String,
    rev: i32,
    reveal: String,
    time_zone: String,
    #[server(default)] show_metadata: String,
) -> Answer<ProjectView> {
    let keys: Vec<&str> = show_metadata.lines().map(str::trim).filter(|key| !key.is_empty()).collect();
    let display = serde_json::json!({
        "reveal": reveal, "show_metadata": keys, "time_zone": time_zone.trim(),
    });
    update(slug, settings(rev, display)).await
}

/// Changes what the data card of each version says beside its figures; what is empty is not said.
#[server(endpoint = "update_card")]
pub async fn update_card(
    slug: String,
    rev: i32,
    #[server(default)] licence: String,
    #[server(default)] limits: String,
) -> Answer<ProjectView> {
    let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    // Forms end lines in two characters; texts in one.
    let limits = said(&limits.replace("\r\n", "\n"));
    let card = serde_json::json!({ "card": { "licence": said(&licence), "limits": limits } });
    update(slug, settings(rev, card)).await
}

/// Ends all work on the project.
#[server(endpoint = "archive_project")]
pub async fn archive_project(slug: String) -> Answer<()> {
    use crate::{error::submit_then, parse, session};
    let archived = async {
        let actor = session::actor().await?;
        session::services()?.projects().archive(&actor, &parse::slug(&slug)?).await
    };
    submit_then(archived.await, |()| Some(format!("/projects/{slug}")))
}

#[cfg(feature = "ssr")]
fn settings(rev: i32, settings: serde_json::Value) -> ProjectPatch {
    ProjectPatch { rev, settings: Some(settings), ..ProjectPatch::default() }
}

#[cfg(feature = "ssr")]
async fn update(slug: String, patch: ProjectPatch) -> Answer<ProjectView> {
    use crate::{error::submit, parse, session};
    let updated = async {
        let actor = session::actor().await?;
        session::services()?.projects().update(&actor, &parse::slug(&slug)?, patch).await
    };
    submit(updated.await)
}

//! The server functions of the annotation screen. Reading changes nothing; a plain form always comes back to the
//! screen with the next task.

use crate::error::Answer;
use domain::{
    id::{AnnotationId, NoticeId, UserId},
    schema::Schema,
    view::annotate::{ClaimItem, Claimed, Progress, SubmitInput, Submitted},
};
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, Json},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that the screen begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screen {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// Who annotates.
    pub user: UserId,
    /// What is shown and asked.
    pub schema: Schema,
    /// Which revision of it that is.
    pub schema_revision: i32,
    /// The guideline as clean HTML; none where nothing is written.
    pub guideline: Option<String>,
    /// Which revision of it that is.
    pub guideline_revision: i32,
    /// How long a lease lasts.
    pub lease_seconds: u32,
    /// The tasks that the caller holds, and whether they get more.
    pub held: Claimed,
    /// Where the caller stands.
    pub progress: Progress,
}

/// What the screen begins with; claims nothing.
#[server(endpoint = "load_annotate", input = GetUrl)]
pub async fn load_annotate(slug: String) -> Answer<Screen> {
    use crate::{components::markdown::to_html, error::load, parse, session};
    use domain::problem::Code;
    let screen = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let project = services.projects().get(&actor, &slug).await?;
        let held = services.queue().held(&actor, &slug).await?;
        let progress = services.annotations().progress(&actor, &slug).await?;
        Ok(Screen {
            slug: slug.to_string(),
            project: project.name,
            user: actor.user().ok_or(Code::Forbidden)?,
            schema: project.schema,
            schema_revision: project.schema_revision,
            guideline: (!project.guideline.trim().is_empty()).then(|| to_html(&project.guideline)),
            guideline_revision: project.guideline_revision,
            lease_seconds: project.settings.queue.lease_seconds,
            held,
            progress,
        })
    };
    load(screen.await)
}

/// Claims tasks, up to `count` held in all.
#[server(endpoint = "claim_tasks")]
pub async fn claim_tasks(slug: String, count: i64) -> Answer<Claimed> {
    use crate::{error::submit_then, parse, session};
    use domain::view::annotate::ClaimInput;
    let claimed = async {
        let actor = session::actor().await?;
        let input = ClaimInput { count: Some(count) };
        session::services()?.queue().claim(&actor, &parse::slug(&slug)?, input).await
    };
    submit_then(claimed.await, |_| Some(screen_path(&slug)))
}

/// Records the answers to a held task.
#[server(endpoint = "submit_annotation", input = Json)]
pub async fn submit_annotation(lease: String, input: SubmitInput) -> Answer<Submitted> {
    use crate::{error::load, session};
    let submitted = async {
        let actor = session::actor().await?;
        session::services()?.annotations().submit(&actor, &lease, input).await
    };
    load(submitted.await)
}

/// Records the answers of the form and claims the next task. `choices` maps a question's place in the schema to the
/// chosen value: names of questions may hold what a form's keys cannot.
#[server(endpoint = "submit_and_claim_next")]
pub async fn submit_and_claim_next(
    slug: String,
    lease: String,
    #[server(default)] choices: BTreeMap<String, String>,
    #[server(default)] verdict: Option<String>,
    #[server(default)] note: Option<String>,
) -> Answer<()> {
    use crate::{error::submit_then, parse, session};
    let submitted = async {
        let (actor, services, name) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let project = services.projects().get(&actor, &name).await?;
        let input = parse::submission(&project.schema, &choices, verdict.as_deref(), note)?;
        services.annotations().submit_and_claim_next(&actor, &name, &lease, input).await?;
        Ok(())
    };
    submit_then(submitted.await, |()| Some(screen_path(&slug)))
}

/// Skips a task; it never comes back to the caller.
#[server(endpoint = "skip_task")]
pub async fn skip_task(lease: String, #[server(default)] reason: Option<String>) -> Answer<()> {
    use crate::{error::submit, parse, session};
    use domain::view::annotate::SkipInput;
    let skipped = async {
        let actor = session::actor().await?;
        session::services()?.queue().skip(&actor, &lease, SkipInput { reason: parse::text(reason) }).await
    };
    submit(skipped.await)
}

/// Skips a task with the form's note as the reason and claims the next.
#[server(endpoint = "skip_and_claim_next")]
pub async fn skip_and_claim_next(
    slug: String,
    lease: String,
    #[server(default)] note: Option<String>,
) -> Answer<()> {
    use crate::{error::submit_then, parse, session};
    use domain::view::annotate::{ClaimInput, SkipInput};
    let skipped = async {
        let (actor, services, name) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let input = SkipInput { reason: parse::text(note) };
        services.queue().skip(&actor, &lease, input).await?;
        services.queue().claim(&actor, &name, ClaimInput { count: Some(1) }).await?;
        Ok(())
    };
    submit_then(skipped.await, |()| Some(screen_path(&slug)))
}

/// Takes an answer back; its task is held again and shown first.
#[server(endpoint = "undo_annotation")]
pub async fn undo_annotation(slug: String, annotation: AnnotationId) -> Answer<ClaimItem> {
    use crate::{error::submit_then, session};
    let undone = async {
        let actor = session::actor().await?;
        session::services()?.annotations().undo(&actor, annotation).await
    };
    submit_then(undone.await, |item| Some(format!("{}?task={}", screen_path(&slug), item.task)))
}

/// Holds a task for longer.
#[server(endpoint = "renew_lease")]
pub async fn renew_lease(lease: String) -> Answer<()> {
    use crate::{error::submit, session};
    let renewed = async {
        let actor = session::actor().await?;
        session::services()?.queue().renew(&actor, &lease).await?;
        Ok(())
    };
    submit(renewed.await)
}

/// Notes that the caller has seen a notice to them; comes back to the screen.
#[server(endpoint = "see_notice")]
pub async fn see_notice(slug: String, notice: NoticeId) -> Answer<()> {
    use crate::{error::submit_then, parse, session};
    let seen = async {
        let actor = session::actor().await?;
        session::services()?.notices().see(&actor, &parse::slug(&slug)?, notice).await
    };
    submit_then(seen.await, |()| Some(screen_path(&slug)))
}

/// Where the caller stands; after answers whose recording could not be seen.
#[server(endpoint = "load_progress", input = GetUrl)]
pub async fn load_progress(slug: String) -> Answer<Progress> {
    use crate::{error::load, parse, session};
    let progress = async {
        let actor = session::actor().await?;
        session::services()?.annotations().progress(&actor, &parse::slug(&slug)?).await
    };
    load(progress.await)
}

/// The screen's address. A slug from a form is no part of a path before it has been checked.
#[cfg(feature = "ssr")]
fn screen_path(slug: &str) -> String {
    crate::parse::slug(slug).map_or_else(|_| "/".to_owned(), |slug| format!("/projects/{slug}/annotate"))
}

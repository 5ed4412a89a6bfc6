//! The server functions of the page of change sets.

use crate::error::Answer;
use domain::{
    problem::Code,
    schema::Schema,
    view::{
        Page,
        change_set::{ChangeSetPreview, ChangeSetUndone, ChangeSetView, ProposalsApproved},
    },
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// The change sets of a project, and what one would do that is being thought of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeSets {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is asked.
    pub schema: Schema,
    /// The change sets.
    pub page: Page<ChangeSetView>,
    /// What is being thought of.
    pub draft: Option<Draft>,
    /// Whether the caller may prepare and approve.
    pub may_change: bool,
}

/// Whose answers are meant, from when on, and how many labels that would be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// The annotator's e-mail address or imported name.
    pub annotator: String,
    /// From when on, as the form has it.
    pub since: String,
    /// How many, or why not.
    pub preview: Result<ChangeSetPreview, Code>,
}

/// The change sets; where the address names an annotator and a time, also what one would do.
#[server(endpoint = "load_change_sets", input = GetUrl)]
pub async fn load_change_sets(
    slug: String,
    cursor: Option<String>,
    annotator: Option<String>,
    since: Option<String>,
) -> Answer<ChangeSets> {
    use crate::{error::load, parse, session};
    use domain::access::{Permission, Standing};
    let sets = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let page = services.change_sets().list(&actor, &slug, parse::page(cursor)).await?;
        let project = services.projects().get(&actor, &slug).await?;
        let standing = Standing { admin: actor.is_admin(), role: project.role };
        let draft = match parse::text(annotator).zip(parse::text(since)) {
            None => None,
            Some((annotator, since)) => {
                let preview = match time(&since) {
                    None => Err(Code::Invalid),
                    Some(at) => match services.change_sets().preview(&actor, &slug, &annotator, at).await {
                        Ok(preview) => Ok(preview),
                        Err(error) if error.code() == Code::Invalid => Err(Code::UnknownUser),
                        Err(error) => return Err(error),
                    },
                };
                Some(Draft { annotator, since, preview })
            }
        };
        let may_change = project.archived_at.is_none() && Permission::Challenge.allows(standing);
        let (slug, schema) = (slug.to_string(), project.schema);
        Ok(ChangeSets { slug, project: project.name, schema, page, draft, may_change })
    };
    load(sets.await)
}

/// Prepares a change set; the answer is the page of all of them.
#[server(endpoint = "prepare_change_set")]
pub async fn prepare_change_set(
    slug: String,
    annotator: String,
    since: String,
    #[server(default)] note: Option<String>,
) -> Answer<String> {
    use crate::{error::submit_then, parse, session};
    use domain::view::change_set::ChangeSetInput;
    let prepared = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let since = time(&since).ok_or(Code::Invalid)?;
        let note = parse::text(note).map(|note| note.replace("\r\n", "\n"));
        let input = ChangeSetInput { annotator: annotator.trim().to_owned(), since, note };
        services.change_sets().prepare(&actor, &slug, input).await?;
        Ok(format!("/projects/{slug}/change-sets?done=prepare_change_set"))
    };
    submit_then(prepared.await, |page| Some(page.clone()))
}

/// Approves some more of a change set's proposals.
#[server(endpoint = "approve_change_set")]
pub async fn approve_change_set(slug: String, change_set: i64) -> Answer<ProposalsApproved> {
    use crate::{error::submit, parse, session};
    use domain::id::ChangeSetId;
    let approved = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        services.change_sets().approve(&actor, &slug, ChangeSetId(change_set)).await
    };
    submit(approved.await)
}

/// Undoes what a rule decided, and the rule.
#[server(endpoint = "undo_change_set")]
pub async fn undo_change_set(slug: String, change_set: i64) -> Answer<ChangeSetUndone> {
    use crate::{error::submit, parse, session};
    use domain::id::ChangeSetId;
    let undone = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        services.change_sets().undo(&actor, &slug, ChangeSetId(change_set)).await
    };
    submit(undone.await)
}

/// The time that a form's field has, in UTC.
#[cfg(feature = "ssr")]
fn time(text: &str) -> Option<domain::time::Timestamp> {
    use domain::time::Timestamp;
    let text = text.trim();
    Timestamp::parse(text)
        .or_else(|| Timestamp::parse(&format!("{text}Z")))
        .or_else(|| Timestamp::parse(&format!("{text}:00Z")))
}

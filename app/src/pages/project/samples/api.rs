//! The server functions of the list of samples.

use super::filter::Wanted;
use crate::error::Answer;
use domain::{
    schema::Schema,
    view::{Page, intake::Challenged, sample::SampleSummary},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// One page of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Samples {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is shown and asked.
    pub schema: Schema,
    /// What the list was narrowed down to.
    pub wanted: Wanted,
    /// The samples.
    pub page: Page<SampleSummary>,
}

/// One page of the samples that `query`, an address of the page, describes.
#[server(endpoint = "load_samples", input = GetUrl)]
pub async fn load_samples(slug: String, query: String) -> Answer<Samples> {
    use crate::{error::load, parse, session};
    let samples = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let project = services.projects().get(&actor, &slug).await?;
        let wanted = Wanted::parse(&query);
        let request = parse::page(wanted.cursor.clone());
        let nothing = || Page { items: Vec::new(), next_cursor: None };
        let page = match wanted.filter(&project.schema) {
            Some(filter) => match services.samples().list(&actor, &slug, filter, request).await {
                // A version that there is not is a filter that nothing fits.
                Err(error) if wanted.changed().is_some() && names_no_version(error.code()) => nothing(),
                page => page?,
            },
            None => nothing(),
        };
        Ok(Samples { slug: slug.to_string(), project: project.name, schema: project.schema, wanted, page })
    };
    load(samples.await)
}

/// Whether a filter was refused for a version that it names.
#[cfg(feature = "ssr")]
fn names_no_version(code: domain::problem::Code) -> bool {
    use domain::problem::Code;
    matches!(code, Code::NotFound | Code::NoVersion | Code::Invalid | Code::InvalidName)
}

/// Queues samples again: those that are ticked, or all that the filter in `query` finds.
#[server(endpoint = "challenge")]
pub async fn challenge(
    slug: String,
    scope: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] query: String,
    #[server(default)] note: Option<String>,
) -> Answer<Challenged> {
    use crate::{
        address::{escape, with_query},
        error::submit_then,
        parse, session,
    };
    use domain::{problem::Code, view::sample::ChallengeInput};
    let wanted = Wanted::parse(&query);
    let challenged = async {
        let (actor, services, name) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let note = parse::text(note);
        let input = match scope.as_str() {
            "filter" if wanted.is_narrow() => {
                let schema = services.projects().get(&actor, &name).await?.schema;
                let filter = wanted.filter(&schema).ok_or(Code::UnknownOption)?;
                ChallengeInput { ids: None, filter: Some(filter), note }
            }
            // Without a filter it would be every sample there is.
            _ if ids.is_empty() => return Err(Code::Empty.into()),
            _ => ChallengeInput { ids: Some(ids.clone()), filter: None, note },
        };
        services.challenges().challenge(&actor, &name, input).await
    };
    submit_then(challenged.await, |challenged| {
        let name = parse::slug(&slug).ok()?;
        let page = match (scope.as_str(), ids.as_slice()) {
            ("sample", [id]) => format!("/projects/{name}/samples/{}?", escape(id)),
            _ => with_query(&wanted.path(name.as_str()), []),
        };
        let counts =
            [challenged.matched, challenged.tasks_opened, challenged.already_open].map(|n| n.to_string());
        let mark = if page.ends_with('?') {
            ""
        } else if page.contains('?') {
            "&"
        } else {
            "?"
        };
        Some(format!(
            "{page}{mark}done=challenge&matched={}&opened={}&already={}",
            counts[0], counts[1], counts[2]
        ))
    })
}

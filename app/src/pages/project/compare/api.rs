//! The server function of the comparison.

use crate::error::Answer;
use domain::{
    schema::Schema,
    view::{diff::DiffSummary, version::DiffItem},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// Two versions side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is asked.
    pub schema: Schema,
    /// The address that this answers, without its `?`.
    pub query: String,
    /// What differs, summed up.
    pub summary: DiffSummary,
    /// One page of the labels that the address asks for.
    pub items: Vec<DiffItem>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// What may be chosen: the newest versions and all tags, each with what it is.
    pub choices: Vec<(String, String)>,
}

/// Two versions side by side; the newest against its parent where the address, given as `query`, says nothing else.
#[server(endpoint = "load_comparison", input = GetUrl)]
pub async fn load_comparison(slug: String, query: String) -> Answer<Comparison> {
    use super::address::Address;
    use crate::{error::load, parse, session};
    use domain::{name::VersionRef, problem::Code, view::PageRequest};
    let comparison = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let address = Address::parse(&query);
        let project = services.projects().get(&actor, &slug).await?;
        let reference = async |name: &str, text: &str| {
            let found = match VersionRef::parse_with_empty(text) {
                Err(_) => Err(Code::NotFound.into()),
                Ok(VersionRef::Number(0)) => Ok(VersionRef::Number(0)),
                Ok(reference) => services.versions().get(&actor, &slug, &reference).await.map(|_| reference),
            };
            parse::about(name, found)
        };
        let to = match &address.to {
            Some(to) => reference("to", to).await?,
            None => VersionRef::Latest,
        };
        let from = match (&address.from, &to) {
            (Some(from), _) => reference("from", from).await?,
            (None, VersionRef::Number(0)) => VersionRef::Number(0),
            (None, to) => {
                let version = services.versions().get(&actor, &slug, to).await?;
                VersionRef::Number(version.parent.unwrap_or(0))
            }
        };
        let summary = services.versions().diff_summary(&actor, &slug, (&from, &to)).await?;
        let page = parse::page(address.cursor);
        let diff = services.versions().diff(&actor, &slug, (&from, &to), address.filter, page).await?;
        let versions = services.versions().list(&actor, &slug, PageRequest::default()).await?;
        let tags = services.tags().list(&actor, &slug).await?;
        let tags = tags.into_iter().map(|tag| (tag.tag.to_string(), format!("v{}", tag.version)));
        let versions = versions.items.into_iter().map(|one| (one.number.to_string(), one.message));
        Ok(Comparison {
            slug: slug.to_string(),
            project: project.name,
            schema: project.schema,
            query,
            summary,
            items: diff.items,
            next_cursor: diff.next_cursor,
            choices: tags.chain(versions).collect(),
        })
    };
    load(comparison.await)
}

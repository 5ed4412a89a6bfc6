//! The server function of the list of ambiguous pairs.

use crate::error::Answer;
use domain::{schema::Schema, view::ambiguity::AmbiguousPairs};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// One page of the pairs of a question, and what is needed to name them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pairs {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is asked.
    pub schema: Schema,
    /// The pairs.
    pub found: AmbiguousPairs,
}

/// The pairs of a question, the first where none is named, the most ambiguous first.
#[server(endpoint = "load_ambiguous_pairs", input = GetUrl)]
pub async fn load_ambiguous_pairs(
    slug: String,
    #[server(default)] question: Option<String>,
    #[server(default)] cursor: Option<String>,
) -> Answer<Pairs> {
    use crate::{error::load, parse, session};
    let pairs = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let question = question.filter(|question| !question.is_empty());
        let page = parse::page(cursor);
        let found = services.ambiguity().list(&actor, &slug, question.as_deref(), page).await?;
        let project = services.projects().get(&actor, &slug).await?;
        Ok(Pairs { slug: slug.to_string(), project: project.name, schema: project.schema, found })
    };
    load(pairs.await)
}

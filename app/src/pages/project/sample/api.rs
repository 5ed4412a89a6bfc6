//! The server functions of a sample's page.

use crate::error::Answer;
use domain::{schema::Schema, view::sample::SampleDetail};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// A sample with everything that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is shown and asked.
    pub schema: Schema,
    /// The sample.
    pub detail: SampleDetail,
    /// Whether the caller may erase its content.
    pub can_erase: bool,
}

/// One sample.
#[server(endpoint = "load_sample", input = GetUrl)]
pub async fn load_sample(slug: String, id: String) -> Answer<Sample> {
    use crate::{error::load, parse, session};
    use domain::access::{Permission, Standing};
    let sample = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let project = services.projects().get(&actor, &slug).await?;
        let detail = services.samples().get(&actor, &slug, &id).await?;
        let standing = Standing { admin: actor.is_admin(), role: project.role };
        Ok(Sample {
            slug: slug.to_string(),
            project: project.name,
            schema: project.schema,
            detail,
            can_erase: Permission::EraseSample.allows(standing),
        })
    };
    load(sample.await)
}

/// Erases a sample's fields, metadata and notes for good.
#[server(endpoint = "erase_sample")]
pub async fn erase_sample(slug: String, id: String) -> Answer<()> {
    use crate::{error::submit, parse, session};
    let erased = async {
        let actor = session::actor().await?;
        session::services()?.samples().erase(&actor, &parse::slug(&slug)?, &id).await
    };
    submit(erased.await)
}

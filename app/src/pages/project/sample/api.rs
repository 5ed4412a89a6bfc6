//! The server functions of a sample's page.

use crate::error::Answer;
use domain::{
    schema::Schema,
    view::{known::KnownAnswer, sample::SampleDetail},
};
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
    /// Whether the caller may say that its answers are known.
    pub can_mark: bool,
    /// What is known of it, for those who may.
    pub known: Option<KnownAnswer>,
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
        let may_know = Permission::ManageQuality.allows(standing);
        let known = match may_know {
            true => services.known_answers().of_sample(&actor, &slug, &id).await?,
            false => None,
        };
        Ok(Sample {
            slug: slug.to_string(),
            project: project.name,
            schema: project.schema,
            detail,
            can_erase: Permission::EraseSample.allows(standing),
            can_mark: may_know && project.archived_at.is_none(),
            known,
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

//! The server functions of the pages about people's answers.

use crate::error::Answer;
use domain::{
    schema::Schema,
    view::annotator::{AnnotatorList, AnnotatorView, OwnWork},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// What all of these pages need of the project.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Its name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is asked.
    pub schema: Schema,
    /// In which its weeks begin.
    pub time_zone: String,
}

/// Everybody.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Everybody {
    pub about: About,
    pub list: AnnotatorList,
}

/// One person, to managers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Person {
    pub about: About,
    pub view: AnnotatorView,
}

/// The person who asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Own {
    pub about: About,
    pub work: OwnWork,
}

/// The people whose answers to a question count, the first where none is named.
#[server(endpoint = "load_annotators", input = GetUrl)]
pub async fn load_annotators(slug: String, question: Option<String>) -> Answer<Everybody> {
    use crate::{error::load, parse, session};
    let found = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let list = services.quality().list(&actor, &slug, parse::text(question)).await?;
        Ok(Everybody { about: about(&services, &actor, &slug).await?, list })
    };
    load(found.await)
}

/// One person's answers to a question, the first where none is named.
#[server(endpoint = "load_annotator", input = GetUrl)]
pub async fn load_annotator(slug: String, annotator: String, question: Option<String>) -> Answer<Person> {
    use crate::{error::load, parse, session};
    use domain::problem::Code;
    let found = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let annotator = annotator.parse().map_err(|_| Code::NotFound)?;
        let view = services.quality().get(&actor, &slug, annotator, parse::text(question)).await?;
        Ok(Person { about: about(&services, &actor, &slug).await?, view })
    };
    load(found.await)
}

/// One's own answers to a question, the first where none is named.
#[server(endpoint = "load_own_work", input = GetUrl)]
pub async fn load_own_work(slug: String, question: Option<String>) -> Answer<Own> {
    use crate::{error::load, parse, session};
    let found = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let work = services.quality().own(&actor, &slug, parse::text(question)).await?;
        Ok(Own { about: about(&services, &actor, &slug).await?, work })
    };
    load(found.await)
}

#[cfg(feature = "ssr")]
async fn about(
    services: &service::Services,
    actor: &service::Actor,
    slug: &domain::name::Slug,
) -> service::Result<About> {
    let project = services.projects().get(actor, slug).await?;
    Ok(About {
        slug: slug.to_string(),
        project: project.name,
        schema: project.schema,
        time_zone: project.settings.time_zone,
    })
}

//! The server function of the agreement page.

use crate::error::Answer;
use domain::{schema::Schema, view::agreement::AgreementView};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// Agreement on one question, and what is needed to name it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is asked.
    pub schema: Schema,
    /// All statistics.
    pub view: AgreementView,
}

/// Agreement on a question, the first where none is named; `from` and `to` are days in UTC, both of them included.
#[server(endpoint = "load_agreement", input = GetUrl)]
pub async fn load_agreement(
    slug: String,
    question: Option<String>,
    reason: Option<String>,
    from: Option<String>,
    to: Option<String>,
) -> Answer<Agreement> {
    use crate::{error::load, parse, session};
    use domain::{problem::Code, signal::SignalKind, time::Timestamp};
    use service::usecase::agreement::AgreementFilter;
    let agreement = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let day = |text: Option<String>| match parse::text(text) {
            None => Ok(None),
            Some(day) => Timestamp::parse(&format!("{day}T00:00:00Z")).map(Some).ok_or(Code::Invalid),
        };
        let filter = AgreementFilter {
            question: parse::text(question),
            reason: match parse::text(reason) {
                None => None,
                Some(reason) => Some(SignalKind::parse(&reason).ok_or(Code::Invalid)?),
            },
            from: day(from)?,
            to: day(to)?.map(|day| day.plus_seconds(86_400)),
        };
        let view = services.agreement().get(&actor, &slug, filter).await?;
        let project = services.projects().get(&actor, &slug).await?;
        Ok(Agreement { slug: slug.to_string(), project: project.name, schema: project.schema, view })
    };
    load(agreement.await)
}

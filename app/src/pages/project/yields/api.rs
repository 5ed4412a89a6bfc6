//! The server function of the yield page.

use crate::error::Answer;
use domain::view::yields::YieldView;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// What each reason yields, and what the page needs around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Yield {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// Whether the caller may change the queue.
    pub can_manage: bool,
    /// The numbers.
    pub view: YieldView,
}

/// What each reason yields; `from` and `to` are days in UTC, both of them included.
#[server(endpoint = "load_yield", input = GetUrl)]
pub async fn load_yield(slug: String, from: Option<String>, to: Option<String>) -> Answer<Yield> {
    use crate::{error::load, parse, session};
    use domain::{
        access::{Permission, Standing},
        time::Timestamp,
    };
    use service::usecase::yields::YieldFilter;
    let found = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let mut given = parse::Parameters::default();
        let mut day = |name: &str, text: Option<String>| {
            let midnight = |day: &str| Timestamp::parse(&format!("{day}T00:00:00Z"));
            given.read(name, &text.unwrap_or_default(), midnight)
        };
        let (from, to) = (day("from", from), day("to", to));
        given.days(from, to);
        given.finish()?;
        let filter = YieldFilter { from, to: to.map(|day| day.plus_seconds(86_400)) };
        let view = services.yields().get(&actor, &slug, filter).await?;
        let project = services.projects().get(&actor, &slug).await?;
        let standing = Standing { admin: actor.is_admin(), role: project.role };
        let can_manage = Permission::ManageProject.allows(standing);
        Ok(Yield { slug: slug.to_string(), project: project.name, can_manage, view })
    };
    load(found.await)
}

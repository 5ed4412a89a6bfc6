//! The server functions about known answers: the page's, and those of the forms elsewhere that mark samples.

use crate::error::Answer;
use domain::{
    id::NoticeId,
    schema::Schema,
    view::{
        Page,
        known::{KnownAnswer, KnownResults},
        notice::Notice,
    },
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Known answers, what people's answers to them say, and the notices that are open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// Whether it is archived, so that nothing can be changed.
    pub archived: bool,
    /// What is asked.
    pub schema: Schema,
    /// The share of claims that they get.
    pub rate: f64,
    /// The level that people are held to, where there is one.
    pub level: Option<f64>,
    /// One page of the samples, by id.
    pub page: Page<KnownAnswer>,
    /// By name.
    pub results: Vec<KnownResults>,
    /// Those that are open, the oldest first.
    pub notices: Vec<Notice>,
    /// One page of the others, the newest first.
    pub earlier: Page<Notice>,
}

/// What the page shows; `cursor` is that of its samples, `earlier` that of the notices that are closed.
#[server(endpoint = "load_known_answers", input = GetUrl)]
pub async fn load_known_answers(
    slug: String,
    cursor: Option<String>,
    earlier: Option<String>,
) -> Answer<Known> {
    use crate::{error::load, parse, session};
    let known = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let page = services.known_answers().list(&actor, &slug, parse::page(cursor)).await?;
        let earlier = services.notices().closed(&actor, &slug, parse::page(earlier)).await;
        let project = services.projects().get(&actor, &slug).await?;
        Ok(Known {
            slug: slug.to_string(),
            project: project.name,
            archived: project.archived_at.is_some(),
            schema: project.schema,
            rate: project.settings.quality.known_answer_rate,
            level: project.settings.quality.level,
            page,
            results: services.known_answers().results(&actor, &slug).await?,
            notices: services.notices().open(&actor, &slug).await?,
            earlier: parse::about("earlier", earlier)?,
        })
    };
    load(known.await)
}

/// Marks a sample as known. `choices` maps a question's place in the schema to the value that is right; an empty one leaves
/// the question out.
#[server(endpoint = "mark_known_answer")]
pub async fn mark_known_answer(
    slug: String,
    id: String,
    #[server(default)] choices: BTreeMap<String, String>,
) -> Answer<()> {
    use crate::{error::submit, parse, session};
    use domain::view::known::{KnownAnswerInput, KnownAnswersInput};
    let marked = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let project = services.projects().get(&actor, &slug).await?;
        let mut choices = choices;
        choices.retain(|_, value| !value.is_empty());
        let answers = parse::submission(&project.schema, &choices, None, None)?.answers;
        let samples = vec![KnownAnswerInput { id, answers }];
        services.known_answers().mark(&actor, &slug, KnownAnswersInput { samples }).await?;
        Ok(())
    };
    submit(marked.await)
}

/// Takes a mark back.
#[server(endpoint = "retire_known_answer")]
pub async fn retire_known_answer(slug: String, id: String) -> Answer<()> {
    use crate::{error::submit, parse, session};
    let retired = async {
        let actor = session::actor().await?;
        session::services()?.known_answers().retire(&actor, &parse::slug(&slug)?, &id).await
    };
    submit(retired.await)
}

/// Closes a notice that is dealt with.
#[server(endpoint = "close_notice")]
pub async fn close_notice(slug: String, notice: NoticeId) -> Answer<()> {
    use crate::{error::submit, parse, session};
    let closed = async {
        let actor = session::actor().await?;
        session::services()?.notices().close(&actor, &parse::slug(&slug)?, notice).await?;
        Ok(())
    };
    submit(closed.await)
}

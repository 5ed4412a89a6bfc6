//! The server functions of the review page.

#![expect(
    clippy::too_many_arguments,
    reason = "a server function has an argument for each field of its form"
)]

use crate::error::Answer;
use domain::{
    id::TaskId,
    schema::Schema,
    view::{
        review::ReviewItem,
        sample::{LabelHistory, SampleTask},
    },
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that the page begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screen {
    /// The project's name in addresses.
    pub slug: String,
    /// Its name.
    pub project: String,
    /// What is shown and asked.
    pub schema: Schema,
    /// The caller's e-mail address: they may have answered a task themselves.
    pub me: String,
    /// Whether nobody decides what they answered themselves.
    pub four_eyes: bool,
    /// Whether the caller may list tasks that still wait for answers.
    pub shows_open: bool,
    /// Tasks in review, and of those the conflicts.
    pub waiting: (i64, i64),
    /// One page of the list; before it the task that the address names, where it is not on that page.
    pub items: Vec<ReviewItem>,
    /// Where the next page begins.
    pub next_cursor: Option<String>,
    /// The task that was decided last, by a form without JavaScript.
    pub last: Option<ReviewItem>,
    /// What the sample of the task that is shown first went through before.
    pub earlier: Option<Earlier>,
}

/// What a sample went through before one of its tasks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Earlier {
    /// The task.
    pub task: TaskId,
    /// The sample's earlier tasks that somebody answered or decided, the newest first.
    pub tasks: Vec<SampleTask>,
    /// The labels that it had before the stored one, the newest first.
    pub labels: Vec<LabelHistory>,
}

#[cfg(feature = "ssr")]
impl Earlier {
    fn of(task: TaskId, sample: domain::view::sample::SampleDetail) -> Self {
        let is_earlier = |one: &SampleTask| {
            one.task.0 < task.0 && !(one.annotations.is_empty() && one.decisions.is_empty())
        };
        Self {
            task,
            tasks: sample.tasks.into_iter().filter(is_earlier).collect(),
            labels: sample.history.into_iter().filter(|label| label.until.is_some()).collect(),
        }
    }
}

/// One page of the review list. `query` is an address of the page; `task` the task to show, `last` the one that was
/// decided last.
#[server(endpoint = "load_review", input = GetUrl)]
pub async fn load_review(
    slug: String,
    query: String,
    #[server(default)] task: Option<i64>,
    #[server(default)] last: Option<i64>,
) -> Answer<Screen> {
    use super::{address::Address, order::shown};
    use crate::{error::load, parse, session};
    use domain::{
        access::{Permission, Standing},
        view::review::ReviewFilter,
    };
    let screen = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let project = services.projects().get(&actor, &slug).await?;
        let address = Address::parse(&query);
        let address_state = address.state();
        let filter = ReviewFilter { order: Some(address.order()), ..address.filter.clone() };
        let page = services.review().list(&actor, &slug, filter, parse::page(address.cursor)).await?;
        let overview = services.projects().overview(&actor, &slug).await?;
        let mut items = page.items;
        if let Some(task) = task.filter(|task| items.iter().all(|item| item.task.0 != *task)) {
            items.splice(0..0, item_of(&services, &actor, &slug, task).await?);
        }
        let earlier = match shown(&items, task.map(TaskId), address_state) {
            Some(item) => {
                let sample = services.samples().get(&actor, &slug, item.sample.id.as_str()).await?;
                Some(Earlier::of(item.task, sample))
            }
            None => None,
        };
        let standing = Standing { admin: actor.is_admin(), role: project.role };
        Ok(Screen {
            earlier,
            slug: slug.to_string(),
            project: project.name,
            schema: project.schema,
            four_eyes: project.settings.review.four_eyes,
            me: services.accounts().own(&actor).await?.email.to_string(),
            shows_open: Permission::ReadOpenTasks.allows(standing),
            waiting: (overview.in_review, overview.conflicts),
            items,
            next_cursor: page.next_cursor,
            last: match last {
                Some(last) => item_of(&services, &actor, &slug, last).await?,
                None => None,
            },
        })
    };
    load(screen.await)
}

/// One task as it stands now.
#[server(endpoint = "load_review_item", input = GetUrl)]
pub async fn load_review_item(slug: String, task: i64) -> Answer<Option<ReviewItem>> {
    use crate::{error::load, parse, session};
    let item = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        item_of(&services, &actor, &slug, task).await
    };
    load(item.await)
}

/// What the sample of a task went through before it; none where the caller may not see the task.
#[server(endpoint = "load_earlier", input = GetUrl)]
pub async fn load_earlier(slug: String, task: i64) -> Answer<Option<Earlier>> {
    use crate::{error::load, parse, session};
    let earlier = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let Some(item) = item_of(&services, &actor, &slug, task).await? else { return Ok(None) };
        let sample = services.samples().get(&actor, &slug, item.sample.id.as_str()).await?;
        Ok(Some(Earlier::of(item.task, sample)))
    };
    load(earlier.await)
}

/// Decides a task as it was read. `onward` is the page's address to go on to from a plain form; `choices` maps a
/// question's place in the schema to the chosen value; `seen` is the consensus that is approved, as JSON. Answers with the task after the decision, if the caller may
/// see it.
#[server(endpoint = "decide")]
pub async fn decide(
    slug: String,
    onward: String,
    task: i64,
    rev: i32,
    decision: String,
    #[server(default)] choices: BTreeMap<String, String>,
    #[server(default)] seen: String,
    #[server(default)] note: Option<String>,
) -> Answer<Option<ReviewItem>> {
    use super::address::{Address, number};
    use crate::{error::submit_then, parse, session};
    use domain::{decision::DecisionKind, id::TaskId, problem::Code, view::review::DecisionInput};
    let decided = async {
        let (actor, services, name) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let note = parse::text(note);
        let (kind, answers) = match decision.as_str() {
            "remove" if note.is_none() => return Err(Code::Missing.into()),
            "remove" => (DecisionKind::Correct, Some(None)),
            other => {
                let kind = DecisionKind::parse(other).ok_or(Code::Invalid)?;
                let answers = match kind {
                    DecisionKind::Correct => {
                        let project = services.projects().get(&actor, &name).await?;
                        Some(parse::submission(&project.schema, &choices, None, None)?.answers)
                    }
                    DecisionKind::Approve => seen_consensus(&seen)?.map(Some),
                    _ => None,
                };
                (kind, answers)
            }
        };
        let input = DecisionInput { rev, decision: kind, answers, note };
        services.review().decide(&actor, TaskId(task), input).await?;
        item_of(&services, &actor, &name, task).await
    };
    submit_then(decided.await, |_| {
        let name = parse::slug(&slug).ok()?;
        let next = number(&onward, "task").map(TaskId);
        let page = Address::parse(&onward).path(name.as_str(), next);
        Some(and(&page, &format!("done=decide&last={task}")))
    })
}

/// What a page showed as the consensus; none where there was nothing to show.
#[cfg(feature = "ssr")]
fn seen_consensus(json: &str) -> Result<Option<domain::answer::Answers>, domain::problem::Code> {
    if json.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(json).map_err(|_| domain::problem::Code::Invalid)
}

/// Approves tasks as they were read: all, or none; how many are approved, and how many need another reviewer. `tasks` holds
/// pairs of task and revision, such as `12:3 13:1`, and `seen` the consensus of each in the same order, as a JSON array.
#[server(endpoint = "decide_all")]
pub async fn decide_all(
    slug: String,
    query: String,
    tasks: String,
    #[server(default)] seen: String,
) -> Answer<(i64, i64)> {
    use super::address::Address;
    use crate::{error::submit_then, parse, session};
    use domain::{
        decision::DecisionKind,
        problem::Code,
        task::TaskState,
        view::review::{DecisionsInput, TaskDecisionInput},
    };
    let decided = async {
        let (actor, services, name) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let seen: Vec<Option<domain::answer::Answers>> = match seen.as_str() {
            "" => Vec::new(),
            seen => serde_json::from_str(seen).map_err(|_| Code::Invalid)?,
        };
        let mut seen = seen.into_iter();
        let decisions = tasks.split_whitespace().map(|pair| {
            let (task, rev) = pair.split_once(':')?;
            let seen = seen.next().flatten();
            Some(TaskDecisionInput {
                task: task.parse().ok()?,
                rev: rev.parse().ok()?,
                decision: DecisionKind::Approve,
                answers: seen.map(Some),
                note: None,
            })
        });
        let decisions = decisions.collect::<Option<Vec<_>>>().ok_or(Code::Invalid)?;
        if decisions.is_empty() {
            return Err(Code::Empty.into());
        }
        let decided = services.review().decide_all(&actor, &name, DecisionsInput { decisions }).await?;
        let approved = decided.decisions.iter().filter(|one| one.state == TaskState::Approved).count();
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        Ok((number(approved), number(decided.decisions.len() - approved)))
    };
    submit_then(decided.await, |(approved, left)| {
        let name = parse::slug(&slug).ok()?;
        let page = Address::parse(&query).path(name.as_str(), None);
        Some(and(&page, &format!("done=decide_all&count={approved}&left={left}")))
    })
}

/// The address with more in its query.
#[cfg(feature = "ssr")]
fn and(address: &str, more: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{more}")
}

/// A task of this project; none where there is none or the caller may not see it at the moment.
#[cfg(feature = "ssr")]
async fn item_of(
    services: &service::Services,
    actor: &service::actor::Actor,
    slug: &domain::name::Slug,
    task: i64,
) -> service::Result<Option<ReviewItem>> {
    use domain::{id::TaskId, problem::Code};
    let item = match services.review().item(actor, TaskId(task)).await {
        Err(error) if matches!(error.code(), Code::NotFound | Code::Forbidden) => return Ok(None),
        item => item?,
    };
    // A task's number says nothing of its project, and this page speaks of one alone.
    match services.samples().get(actor, slug, item.sample.id.as_str()).await {
        Ok(sample) if sample.tasks.iter().any(|one| one.task == item.task) => Ok(Some(item)),
        Ok(_) => Ok(None),
        Err(error) if error.code() == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

//! The server functions of the page of one pair of labels.

use super::draft::Draft;
use crate::error::Answer;
use domain::{
    answer::Answers,
    name::Slug,
    schema::Schema,
    task::TaskState,
    view::{
        ambiguity::{OlderLabels, PairItems},
        intake::Challenged,
        review::ReviewItem,
    },
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the page's address asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The question; the first where it is empty.
    pub question: String,
    /// One of the two labels.
    pub a: String,
    /// The other.
    pub b: String,
    /// Which tasks.
    pub state: Option<TaskState>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

impl Asked {
    /// What `query`, with or without its question mark, asks for.
    pub fn parse(query: &str) -> Self {
        let mut asked = Self::default();
        for (key, value) in crate::address::pairs(query.trim_start_matches('?')) {
            match key.as_str() {
                "question" => asked.question = value,
                "a" => asked.a = value,
                "b" => asked.b = value,
                "state" => asked.state = TaskState::parse(&value),
                "cursor" => asked.cursor = Some(value).filter(|cursor| !cursor.is_empty()),
                _ => {}
            }
        }
        asked
    }

    /// What names the pair in an address.
    pub fn query(&self, slug: &str) -> String {
        self.path(slug).split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    /// The address of the pair's tasks in review.
    pub fn path(&self, slug: &str) -> String {
        crate::address::with_query(
            &format!("/projects/{slug}/ambiguous-pairs/pair"),
            [("question", self.question.as_str()), ("a", self.a.as_str()), ("b", self.b.as_str())],
        )
    }
}

/// Everything that the page begins with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Screen {
    /// The project's name in addresses.
    pub slug: Slug,
    /// Its name.
    pub project: String,
    /// What is shown and asked.
    pub schema: Schema,
    /// What was asked for, with the question named.
    pub asked: Asked,
    /// The tasks.
    pub found: PairItems,
    /// Stored labels from before the rule.
    pub older: OlderLabels,
    /// Whether rules and challenges can be made here.
    pub may_change: bool,
    /// The rule that a form without JavaScript was refused with.
    pub draft: Option<Draft>,
}

/// The tasks of the pair that `query`, an address of the page, names.
#[server(endpoint = "load_ambiguous_pair", input = GetUrl)]
pub async fn load_ambiguous_pair(slug: String, query: String) -> Answer<Screen> {
    use crate::{error::load, parse, session};
    use domain::{
        access::{Permission, Standing},
        problem::{Code, Fault, Refusal},
        view::PageRequest,
    };
    let screen = async {
        let (actor, services, slug) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let mut asked = Asked::parse(&query);
        let missing = [("/a", &asked.a), ("/b", &asked.b)].into_iter().filter(|(_, label)| label.is_empty());
        let faults = missing.map(|(at, _)| Fault::at(at, Code::Missing, "a pair has two labels"));
        Refusal::check(faults.collect())?;
        let pair = pair_of(&asked);
        let page = PageRequest { limit: Some(MOST_SHOWN), ..parse::page(asked.cursor.clone()) };
        let state = asked.state.unwrap_or(TaskState::InReview);
        let found = services.ambiguity().items(&actor, &slug, &pair, state, page).await?;
        let older = services.ambiguity().older_labels(&actor, &slug, &pair, PageRequest::default()).await?;
        let project = services.projects().get(&actor, &slug).await?;
        let draft = Draft::kept(slug.as_str(), &asked, &query).await?;
        asked.question = found.question.clone();
        let standing = Standing { admin: actor.is_admin(), role: project.role };
        Ok(Screen {
            may_change: project.archived_at.is_none() && Permission::WriteRule.allows(standing),
            project: project.name,
            schema: project.schema,
            slug,
            asked,
            found,
            older,
            draft,
        })
    };
    load(screen.await)
}

/// So many tasks stand on one page, and become the examples of one rule.
#[cfg(feature = "ssr")]
const MOST_SHOWN: i64 = 25;

#[cfg(feature = "ssr")]
fn pair_of(asked: &Asked) -> service::usecase::ambiguity::LabelPair {
    service::usecase::ambiguity::LabelPair {
        question: Some(asked.question.clone()).filter(|question| !question.is_empty()),
        a: asked.a.clone(),
        b: asked.b.clone(),
    }
}

/// Writes a rule and decides tasks by it. `query` is the page's address; `choices` maps a task with its revision, as in
/// `task12:3`, since forms take a key that begins with a digit for a place in a list, to `a`, `b` or nothing, and `others` to its answers to other questions, as JSON. The answer is the page to go to.
#[server(endpoint = "write_rule")]
pub async fn write_rule(
    slug: String,
    query: String,
    guideline_revision: i32,
    #[server(default)] title: Option<String>,
    #[server(default)] rule: String,
    #[server(default)] choices: BTreeMap<String, String>,
    #[server(default)] others: BTreeMap<String, String>,
) -> Answer<String> {
    use crate::{
        error::{is_plain_form, submit_then},
        parse, session,
    };
    use domain::{
        id::TaskId,
        problem::Code,
        view::ambiguity::{RuleInput, RuleItem},
    };
    let asked = Asked::parse(&query);
    let draft =
        Draft { title: title.clone().unwrap_or_default(), rule: rule.clone(), choices: choices.clone() };
    let written = async {
        let (actor, services, name) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let asked = asked.clone();
        let mut items = Vec::new();
        for (key, choice) in &choices {
            let label = match choice.as_str() {
                "a" => &asked.a,
                "b" => &asked.b,
                _ => continue,
            };
            let parts = key.strip_prefix("task").and_then(|key| key.split_once(':'));
            let (task, rev) = parts.ok_or(Code::Invalid)?;
            let (Ok(task), Ok(rev)) = (task.parse(), rev.parse()) else { return Err(Code::Invalid.into()) };
            let mut answers: Answers = match others.get(key) {
                Some(text) => serde_json::from_str(text).map_err(|_| Code::Invalid)?,
                None => Answers::default(),
            };
            answers.0.insert(asked.question.clone(), label.clone().into());
            items.push(RuleItem { task: TaskId(task), rev, answers });
        }
        items.sort_by_key(|item| item.task);
        let page = asked.path(name.as_str());
        let input = RuleInput {
            question: asked.question,
            a: asked.a,
            b: asked.b,
            guideline_revision,
            title: parse::text(title),
            rule: rule.replace("\r\n", "\n"),
            items,
        };
        let written = services.rules().write(&actor, &name, input).await?;
        Ok(format!("{page}&done=write_rule&decided={}&in_part={}", written.decided, written.in_part))
    };
    let mut written = written.await;
    if written.is_ok()
        && is_plain_form()
        && let Err(error) = Draft::forget().await
    {
        // The rule is written all the same, and only a page that tells of a refusal would show what is kept.
        tracing::warn!(%error, "the draft of a rule was not forgotten");
    }
    // Somebody unknown has nothing to come back to.
    if written.is_err()
        && is_plain_form()
        && session::actor().await.is_ok()
        && let Err(error) = draft.keep(&slug, &asked).await
    {
        written = Err(error);
    }
    submit_then(written, |page| Some(page.clone()))
}

/// Challenges stored labels from before the rule: those that are ticked, or all.
#[server(endpoint = "challenge_older")]
pub async fn challenge_older(
    slug: String,
    query: String,
    scope: String,
    #[server(default)] ids: Vec<String>,
    #[server(default)] note: Option<String>,
) -> Answer<Challenged> {
    use crate::{error::submit_then, parse, session};
    use domain::{problem::Code, view::sample::ChallengeInput};
    let asked = Asked::parse(&query);
    let challenged = async {
        let (actor, services, name) = (session::actor().await?, session::services()?, parse::slug(&slug)?);
        let ids = match scope.as_str() {
            "all" => services.ambiguity().older_ids(&actor, &name, &pair_of(&asked)).await?,
            _ => ids,
        };
        if ids.is_empty() {
            return Err(Code::Empty.into());
        }
        let input = ChallengeInput { ids: Some(ids), filter: None, note: parse::text(note) };
        services.challenges().challenge(&actor, &name, input).await
    };
    submit_then(challenged.await, |challenged| {
        let page = asked.path(parse::slug(&slug).ok()?.as_str());
        Some(format!("{page}&done=challenge_older&opened={}", challenged.tasks_opened))
    })
}

/// The item's answers to the other questions, as far as people agree on them; none where they do not and an answer is
/// needed, so that the task is to be decided in review.
pub fn others(schema: &Schema, question: &str, item: &ReviewItem) -> Option<Answers> {
    let mut others = Answers::default();
    for known in schema.questions.iter().filter(|known| known.name != question) {
        let mut given = item.annotations.iter().filter_map(|one| one.answers.0.get(&known.name));
        let first = given.next();
        match first.filter(|first| given.all(|other| other == *first)) {
            Some(answer) => {
                others.0.insert(known.name.clone(), answer.clone());
            }
            None if known.required || first.is_some() => return None,
            None => {}
        }
    }
    Some(others)
}

#[cfg(test)]
mod tests {
    use super::Asked;
    use domain::task::TaskState;

    #[test]
    fn an_address_names_the_pair_whatever_its_labels_hold() {
        let asked = Asked {
            question: "무엇?".to_owned(),
            a: "50% & more".to_owned(),
            b: "a=b+c".to_owned(),
            ..Asked::default()
        };
        assert_eq!(Asked::parse(&asked.query("p")), asked);
        let path = format!("?{}&state=approved&cursor=", asked.query("p"));
        assert_eq!(Asked::parse(&path), Asked { state: Some(TaskState::Approved), ..asked });
    }
}

//! Pairs of labels that annotators mix up: which, on which tasks, and which stored labels of a pair were made before the
//! rule that tells it apart.

mod analysis;
mod older;

use crate::{
    actor::Actor,
    error::{Error, Result},
    repo::{
        annotations::{self, Counted},
        page,
        projects::Project,
        review_items, rules, tasks,
        versions::BATCH,
    },
    services::Services,
    usecase::{access, rules::pair_rule},
};
pub(crate) use analysis::KeptAmbiguities;
use analysis::Pair;
use domain::{
    access::Permission,
    answer::Verdict,
    id::TaskId,
    name::Slug,
    problem::{Code, Fault, Refusal},
    schema::Question,
    task::TaskState,
    view::{
        PageRequest,
        ambiguity::{AmbiguousPairs, PairItems, PairRule, PairView},
    },
};
use sea_orm::ConnectionTrait;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Pairs of labels that annotators mix up.
#[derive(Clone, Copy, Debug)]
pub struct Ambiguities<'a>(pub(crate) &'a Services);

/// Two labels of a question, in either order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelPair {
    /// The question; the first where absent.
    pub question: Option<String>,
    /// One of the two labels.
    pub a: String,
    /// The other.
    pub b: String,
}

/// The last pair of a page.
#[derive(Serialize, Deserialize)]
struct Last {
    excess: f64,
    a: String,
    b: String,
}

impl Ambiguities<'_> {
    /// One page of the pairs of labels that annotators gave to the same tasks, the most disagreement beyond chance first;
    /// without a question of the first.
    pub async fn list(
        &self,
        actor: &Actor,
        slug: &Slug,
        question: Option<&str>,
        request: PageRequest,
    ) -> Result<AmbiguousPairs> {
        let limit = page::limit(&request)?;
        let last: Option<Last> = page::after(&request)?;
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::ReadAgreement).await?;
        let question = question_of(&access.project, question)?;
        let analysis = self.0.ambiguities_of(access.project.id, &question.name).await?;
        let pairs = match &last {
            None => &analysis.pairs[..],
            Some(last) => analysis.after(last),
        };
        let rules = Rules::of(conn, &access.project, &question.name).await?;
        let items = pairs.iter().take(limit + 1).map(|pair| view(pair, &rules)).collect();
        let found = page::page(items, limit, |pair: &PairView| Last {
            excess: pair.ambiguity.excess,
            a: pair.ambiguity.a.clone(),
            b: pair.ambiguity.b.clone(),
        })?;
        Ok(AmbiguousPairs {
            question: question.name.clone(),
            guideline_revision: access.project.guideline_revision,
            items: found.items,
            next_cursor: found.next_cursor,
            computed_at: analysis.computed_at,
        })
    }

    /// One page of the tasks whose answers hold both labels and that are in this state; open ones need a manager.
    pub async fn items(
        &self,
        actor: &Actor,
        slug: &Slug,
        pair: &LabelPair,
        state: TaskState,
        request: PageRequest,
    ) -> Result<PairItems> {
        let limit = page::limit(&request)?;
        let after: i64 = page::after(&request)?.unwrap_or(0);
        let conn = self.0.db.read();
        let permission = match state {
            TaskState::Open => Permission::ReadOpenTasks,
            _ => Permission::ReadReview,
        };
        let access = access::project(conn, actor, slug, permission).await?;
        let question = question_of(&access.project, pair.question.as_deref())?;
        let labels = [pair.a.as_str(), pair.b.as_str()];
        Refusal::check(faults_of_pair(&access.project, &question.name, labels))?;
        let analysis = self.0.ambiguities_of(access.project.id, &question.name).await?;
        let known = analysis.pair(labels);
        let ids = known.map_or(&[][..], |pair| &pair.tasks);
        let ids = &ids[ids.partition_point(|id| *id <= after)..];
        let mut found = Vec::new();
        for ids in ids.chunks(BATCH) {
            let tasks = tasks::in_state(conn, ids, state).await?;
            let keys: Vec<TaskId> = tasks.iter().map(|task| task.id()).collect();
            // Answers may have been taken back since they were compared.
            let counted = annotations::counted(conn, &keys).await?;
            let has_both = |id: TaskId| {
                counted.get(&id).is_some_and(|counted| has_both(counted, &question.name, labels))
            };
            found.extend(tasks.into_iter().filter(|task| has_both(task.id())));
            if found.len() > limit {
                break;
            }
        }
        let found = page::page(found, limit, |task| task.id)?;
        let judge = self.0.judge(conn, &access.project).await?;
        let judged = |counted: &[Counted], predictions: &[_]| judge.judge(counted, predictions);
        let rules = Rules::of(conn, &access.project, &question.name).await?;
        Ok(PairItems {
            question: question.name.clone(),
            pair: known.map(|pair| view(pair, &rules)),
            guideline_revision: access.project.guideline_revision,
            items: review_items::items(conn, &access.project, judged, found.items).await?,
            next_cursor: found.next_cursor,
        })
    }
}

/// The question of this name, or the first.
fn question_of<'a>(project: &'a Project, name: Option<&str>) -> Result<&'a Question> {
    let question = match name {
        None => project.schema.questions.first(),
        Some(name) => project.schema.question(name),
    };
    question
        .ok_or_else(|| Error::invalid("/question", Code::UnknownQuestion, "the schema has no such question"))
}

/// What is wrong with two labels of a question; retired ones are fine.
pub(super) fn faults_of_pair(project: &Project, question: &str, [a, b]: [&str; 2]) -> Vec<Fault> {
    let Some(question) = project.schema.question(question) else {
        let detail = format!("no question is named '{question}'");
        return vec![Fault::at("/question", Code::UnknownQuestion, detail)];
    };
    let unknown = [("/a", a), ("/b", b)].into_iter().filter(|(_, value)| question.option(value).is_none());
    let mut faults: Vec<Fault> = unknown
        .map(|(at, value)| {
            Fault::at(at, Code::UnknownOption, format!("'{value}' is not an option of '{}'", question.name))
        })
        .collect();
    if a == b {
        faults.push(Fault::at("/b", Code::Invalid, "a pair has two different labels"));
    }
    faults
}

/// Whether these answers to one task hold both labels.
pub(super) fn has_both(counted: &[Counted], question: &str, labels: [&str; 2]) -> bool {
    labels.into_iter().all(|label| {
        counted.iter().any(|one| {
            one.verdict == Verdict::Answered
                && one.answers.0.get(question).is_some_and(|answer| *answer == *label)
        })
    })
}

/// The newest rule of each pair of a question that stands.
struct Rules(HashMap<(String, String), PairRule>);

impl Rules {
    async fn of<C: ConnectionTrait>(conn: &C, project: &Project, question: &str) -> Result<Self> {
        let standing = rules::standing(conn, project.id).await?;
        let of_question = standing.into_iter().filter(|row| row.question == question);
        Ok(Self(of_question.map(|row| ((row.a.clone(), row.b.clone()), pair_rule(&row))).collect()))
    }

    fn newest(&self, [a, b]: [&str; 2]) -> Option<&PairRule> {
        self.0.get(&if a <= b { (a.to_owned(), b.to_owned()) } else { (b.to_owned(), a.to_owned()) })
    }
}

fn view(pair: &Pair, rules: &Rules) -> PairView {
    PairView {
        rule: rules.newest([&pair.ambiguity.a, &pair.ambiguity.b]).cloned(),
        ambiguity: pair.ambiguity.clone(),
        tasks: pair.counts,
    }
}

//! Rules that tell two labels apart: each becomes a section of the guideline, with the tasks that it decides as its
//! examples, and can be undone as one.

mod body;
mod checks;
mod examples;
mod undo;

pub(super) use undo::undo;

use crate::{
    actor::Actor,
    entity::{change_set, rule, rule_example},
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        change_sets,
        project_changes::{self, Made},
        projects::{self, Project},
        requeue, rules, sql,
    },
    services::Services,
    usecase::{access, projects::faults_of_guideline, review},
};
pub use body::contained;
pub use checks::LONGEST_RULE;
use domain::{
    access::Permission,
    canonical,
    guideline::{Rule, with_rule},
    id::ChangeSetId,
    name::{SampleKey, Slug},
    problem::{Code, Refusal},
    task::TaskState,
    time::Timestamp,
    view::{
        Page, PageRequest,
        ambiguity::{PairRule, RuleExample, RuleExamples, RuleInput, RuleWritten},
        change_set::ChangeSetKind,
        review::Decided,
    },
};
use examples::Example;
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;

/// Rules that tell two labels apart.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a>(pub(crate) &'a Services);

impl Rules<'_> {
    /// Writes a rule into the guideline and decides its tasks by it: all, or nothing.
    pub async fn write(&self, actor: &Actor, slug: &Slug, input: RuleInput) -> Result<RuleWritten> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let access = access::project(tx, &actor, &slug, Permission::WriteRule).await?;
                    let project = access.changeable()?.project;
                    write(tx, &services, &actor, project, input).await
                })
            })
            .await
    }

    /// One page of the rules that stand, the oldest first, with the samples that they decided.
    pub async fn list(&self, actor: &Actor, slug: &Slug, page: PageRequest) -> Result<Page<RuleExamples>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ViewProject).await?;
        let Page { items: rows, next_cursor } = rules::page(&conn, access.project.id, &page).await?;
        let sets: Vec<i64> = rows.iter().map(|row| row.change_set_id).collect();
        let made = change_sets::made_at(&conn, &sets).await?;
        let mut examples = rules::examples(&conn, &sets).await?;
        let view = |row: rule::Model| {
            let examples = examples.remove(&row.change_set_id).unwrap_or_default();
            Ok(RuleExamples {
                created_at: made.get(&row.change_set_id).copied().unwrap_or(Timestamp(0)),
                rule: pair_rule(&row),
                question: row.question,
                a: row.a,
                b: row.b,
                examples: examples.into_iter().map(example).collect::<Result<_>>()?,
            })
        };
        Ok(Page { items: rows.into_iter().map(view).collect::<Result<_>>()?, next_cursor })
    }
}

/// The rule as the pair's pages name it.
pub(super) fn pair_rule(row: &rule::Model) -> PairRule {
    PairRule { guideline_revision: row.guideline_revision, change_set: ChangeSetId(row.change_set_id) }
}

fn example(row: rule_example::Model) -> Result<RuleExample> {
    Ok(RuleExample {
        id: SampleKey::parse(row.sample_key).map_err(Error::internal)?,
        task: domain::id::TaskId(row.task_id),
        label: row.label,
    })
}

async fn write(
    tx: &DatabaseTransaction,
    services: &Services,
    actor: &Actor,
    project: Project,
    input: RuleInput,
) -> Result<RuleWritten> {
    projects::lock(tx, project.id).await?;
    let project = projects::by_id(tx, project.id).await?;
    Refusal::check(checks::faults(&project, &input))?;
    if input.guideline_revision != project.guideline_revision {
        let detail = format!("the guideline is at revision {}", project.guideline_revision);
        return Err(Error::refused_at("/guideline_revision", Code::StaleRev, detail));
    }
    let now = services.now(tx).await?;
    let examples = examples::of(tx, services, &project, &input).await?;
    let guideline = projects::guideline_at(tx, project.id, project.guideline_revision).await?;
    let guideline = section(&project, &input, &examples, &guideline.unwrap_or_default())?;
    let after = revise(tx, project, &guideline, Made { by: actor.user(), at: now }).await?;

    let mut decided = Vec::with_capacity(examples.len());
    for (index, (item, example)) in input.items.iter().zip(&examples).enumerate() {
        // Reads the project anew, so that the label is decided under the guideline with the rule.
        let decision = review::decide(services, tx, actor, Some(after.id), example.decision(item), now).await;
        decided.push(decision.map_err(|error| review::place(error, "/items", index))?);
    }
    requeue::project(tx, &after, now).await?;

    let set = keep(tx, actor, &after, &input, &examples, &decided, now).await?;
    let approved = decided.iter().filter(|task| task.state == TaskState::Approved).count();
    let number = |count: usize| i64::try_from(count).map_err(Error::internal);
    let written = RuleWritten {
        guideline_revision: after.guideline_revision,
        change_set: set,
        decided: number(approved)?,
        in_part: number(decided.len() - approved)?,
    };
    let entry = Entry {
        actor,
        project: Some(after.id),
        action: "write_rule",
        subject: format!("change set {set}"),
        detail: json!(written),
    };
    audit::write(tx, now, entry).await?;
    Ok(written)
}

/// The guideline with the rule and its examples.
fn section(project: &Project, input: &RuleInput, examples: &[Example], guideline: &str) -> Result<String> {
    let question = project.schema.question(&input.question);
    let title_of = |value: &str| {
        let option = question.and_then(|question| question.option(value));
        option.map_or_else(|| value.to_owned(), |option| option.title().to_owned())
    };
    let [a, b] = [&input.a, &input.b].map(|value| (title_of(value), lines(examples, value)));
    let title = checks::title(input).unwrap_or_else(|| format!("{} / {}", a.0, b.0));
    let by_label = [(a.0.as_str(), a.1), (b.0.as_str(), b.1)];
    let text = with_rule(
        guideline,
        &Rule { title: &title, body: &body::contained(&input.rule), examples: &by_label },
    );
    // What is too long is the whole, whose only part the caller can shorten is this.
    let faults = faults_of_guideline(&text).into_iter().map(|mut fault| {
        fault.pointer = Some("/rule".to_owned());
        fault.detail = format!("the guideline would be too long: {}", fault.detail);
        fault
    });
    Refusal::check(faults.collect())?;
    Ok(text)
}

fn lines(examples: &[Example], value: &str) -> Vec<String> {
    examples.iter().filter(|example| example.label == value).map(|example| example.line.clone()).collect()
}

/// Makes the guideline's next revision; the project after it.
pub(super) async fn revise<C: ConnectionTrait>(
    conn: &C,
    project: Project,
    guideline: &str,
    made: Made,
) -> Result<Project> {
    let after =
        Project { rev: project.rev + 1, guideline_revision: project.guideline_revision + 1, ..project };
    project_changes::insert_guideline(conn, after.id, after.guideline_revision, guideline, made).await?;
    project_changes::update(conn, &after).await?;
    Ok(after)
}

/// Keeps the change set, the rule and its examples.
async fn keep(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    input: &RuleInput,
    examples: &[Example],
    decided: &[Decided],
    now: Timestamp,
) -> Result<ChangeSetId> {
    let set = sql::reserve(tx, "change_sets", 1).await?.pop();
    let set = set.ok_or_else(|| Error::internal("no id was reserved"))?;
    let row = change_set::Model {
        id: set,
        project_id: project.id.0,
        kind: ChangeSetKind::Rule.as_str().to_owned(),
        detail: canonical::text(&json!({})),
        note: checks::title(input),
        author_id: actor.user().map(|user| user.0),
        matched: i64::try_from(examples.len()).map_err(Error::internal)?,
        tasks_opened: 0,
        already_active: 0,
        created_at: now.0,
    };
    change_sets::add(tx, row).await?;
    let (a, b) = if input.a <= input.b { (&input.a, &input.b) } else { (&input.b, &input.a) };
    let row = rule::Model {
        change_set_id: set,
        project_id: project.id.0,
        guideline_revision: project.guideline_revision,
        question: input.question.clone(),
        a: a.clone(),
        b: b.clone(),
        undone_at: None,
    };
    rules::add(tx, row).await?;
    let rows = examples.iter().zip(decided).map(|(example, decided)| rule_example::Model {
        change_set_id: set,
        task_id: decided.task.0,
        rev: decided.rev,
        sample_id: example.sample.0,
        sample_key: example.key.clone(),
        label: example.label.clone(),
        line: Some(example.line.clone()),
    });
    rules::add_examples(tx, rows.collect()).await?;
    Ok(ChangeSetId(set))
}

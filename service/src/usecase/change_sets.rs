//! Change sets: many decisions that somebody prepares at once. Each of its tasks begins in review with a label that is
//! proposed; nothing is decided before a reviewer decides it.

use crate::{
    actor::Actor,
    entity::change_set,
    error::{Error, Result},
    repo::{
        annotators,
        audit::{self, Entry},
        change_sets::{self, Meant},
        projects::{self, Project},
        proposals, review_items, rules,
        signals::{self, Given},
        sql,
    },
    services::Services,
    usecase::{access, queue::check_note, review, rules as rule},
};
use domain::{
    access::Permission,
    canonical,
    decision::DecisionKind,
    id::{AnnotatorId, ChangeSetId},
    name::Slug,
    problem::{Code, Refusal},
    signal::{Reason, SignalKind},
    time::Timestamp,
    view::{
        Page, PageRequest,
        change_set::{
            ChangeSetInput, ChangeSetKind, ChangeSetPrepared, ChangeSetPreview, ChangeSetUndone,
            ChangeSetView, ProposalsApproved, RuleOfSet,
        },
        review::TaskDecisionInput,
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How many proposals are approved in one step.
const STEP: usize = 200;

/// Many decisions prepared at once.
#[derive(Clone, Copy, Debug)]
pub struct ChangeSets<'a>(pub(crate) &'a Services);

/// What a change set is about that undoes an annotator's answers, as it is kept.
#[derive(Serialize, Deserialize)]
struct Detail {
    annotator: i64,
    since: Timestamp,
}

impl ChangeSets<'_> {
    /// How many labels a change set would be about; changes nothing.
    pub async fn preview(
        &self,
        actor: &Actor,
        slug: &Slug,
        annotator: &str,
        since: Timestamp,
    ) -> Result<ChangeSetPreview> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadReview).await?;
        let annotator = find_annotator(&conn, &access.project, annotator).await?;
        let meant = change_sets::answered_since(&conn, access.project.id, annotator, since).await?;
        let active = count(meant.iter().filter(|meant| meant.is_active).count())?;
        let matched = count(meant.len())?;
        Ok(ChangeSetPreview { matched, tasks_opened: matched - active, already_active: active })
    }

    /// Proposes the labels from before an annotator's answers.
    pub async fn prepare(
        &self,
        actor: &Actor,
        slug: &Slug,
        input: ChangeSetInput,
    ) -> Result<ChangeSetPrepared> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let access = access::project(tx, &actor, &slug, Permission::Challenge).await?;
                    prepare(tx, &services, &actor, &access.changeable()?.project, input).await
                })
            })
            .await
    }

    /// One page of the change sets, the newest first.
    pub async fn list(&self, actor: &Actor, slug: &Slug, page: PageRequest) -> Result<Page<ChangeSetView>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadReview).await?;
        let rows = change_sets::page(&conn, access.project.id, &page).await?;
        let items = views(&conn, &access.project, rows.items).await?;
        Ok(Page { items, next_cursor: rows.next_cursor })
    }

    /// One change set.
    pub async fn get(&self, actor: &Actor, slug: &Slug, id: ChangeSetId) -> Result<ChangeSetView> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadReview).await?;
        let row = change_sets::find(&conn, access.project.id, id).await?.ok_or_else(missing)?;
        let mut views = views(&conn, &access.project, vec![row]).await?;
        views.pop().ok_or_else(|| Error::internal("no change set"))
    }

    /// Approves a few of the proposals that nobody has answered or decided yet, each like any other decision.
    pub async fn approve(&self, actor: &Actor, slug: &Slug, id: ChangeSetId) -> Result<ProposalsApproved> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let access =
                        access::project(tx, &actor, &slug, Permission::Decide).await?.changeable()?;
                    let project = access.project;
                    let set = change_sets::find(tx, project.id, id).await?.ok_or_else(missing)?;
                    if kind(&set)? == ChangeSetKind::Rule {
                        let detail = "a rule proposes nothing: its tasks were decided with it";
                        return Err(Error::refused(Code::WrongState, detail));
                    }
                    let now = services.now(tx).await?;
                    let tasks = proposals::approvable(tx, &project, id, actor.user(), STEP).await?;
                    let approved = count(tasks.len())?;
                    for task in tasks {
                        let decision = DecisionKind::Approve;
                        let (task, rev) = (task.id(), task.rev);
                        let input = TaskDecisionInput { task, rev, decision, answers: None, note: None };
                        review::decide(&services, tx, &actor, Some(project.id), input, now).await?;
                    }
                    let left = proposals::count_approvable(tx, &project, id, actor.user()).await?;
                    Ok(ProposalsApproved { approved, left })
                })
            })
            .await
    }

    /// Undoes the change set of a rule as one, before its labels are in a version.
    pub async fn undo(&self, actor: &Actor, slug: &Slug, id: ChangeSetId) -> Result<ChangeSetUndone> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let access = access::project(tx, &actor, &slug, Permission::WriteRule).await?;
                    let project = access.changeable()?.project;
                    change_sets::find(tx, project.id, id).await?.ok_or_else(missing)?;
                    rule::undo(tx, &services, &actor, project, id).await
                })
            })
            .await
    }
}

async fn prepare(
    tx: &DatabaseTransaction,
    services: &Services,
    actor: &Actor,
    project: &Project,
    input: ChangeSetInput,
) -> Result<ChangeSetPrepared> {
    check_note(input.note.as_deref(), "/note")?;
    let annotator = find_annotator(tx, project, &input.annotator).await?;
    // No version is made meanwhile, so the labels from before stay those.
    projects::lock(tx, project.id).await?;
    let now = services.now(tx).await?;
    let id = sql::reserve(tx, "change_sets", 1).await?.pop().map(ChangeSetId);
    let id = id.ok_or_else(|| Error::internal("no id was reserved"))?;
    let note = input.note.filter(|note| !note.trim().is_empty());
    let detail = json!({"note": note, "change_set": id});
    let reason = Reason { kind: SignalKind::Challenge, score: 1.0, question: None, detail: detail.clone() };
    let meant: Vec<Meant> = change_sets::answered_since(tx, project.id, annotator, input.since).await?;
    let opened = proposals::open_tasks(tx, project.id, &meant, &reason, now).await?;
    let (matched, tasks_opened) = (count(meant.len())?, count(opened.len())?);
    let prepared =
        ChangeSetPrepared { change_set: id, matched, tasks_opened, already_active: matched - tasks_opened };
    let row = change_set::Model {
        id: id.0,
        project_id: project.id.0,
        kind: ChangeSetKind::UndoAnnotator.as_str().to_owned(),
        detail: canonical::text_of(&Detail { annotator: annotator.0, since: input.since })?,
        note,
        author_id: actor.user().map(|user| user.0),
        matched,
        tasks_opened,
        already_active: prepared.already_active,
        created_at: now.0,
    };
    change_sets::add(tx, row).await?;
    proposals::add(tx, id, &opened, annotator, now).await?;
    // A task that is returned waits for an answer like any other that was challenged.
    let given = opened.iter().map(|one| Given {
        sample: one.sample,
        kind: SignalKind::Challenge,
        score: 1.0,
        detail: detail.clone(),
    });
    signals::give(tx, &given.collect::<Vec<_>>(), actor.user(), now).await?;
    let entry = Entry {
        actor,
        project: Some(project.id),
        action: "prepare_change_set",
        subject: format!("change set {id}"),
        detail: json!({"annotator": annotator, "since": input.since, "matched": matched,
                       "tasks_opened": tasks_opened}),
    };
    audit::write(tx, now, entry).await?;
    Ok(prepared)
}

async fn find_annotator<C: ConnectionTrait>(conn: &C, project: &Project, name: &str) -> Result<AnnotatorId> {
    let found = annotators::of_name(conn, project.id, name).await?;
    found.ok_or_else(|| {
        Error::invalid("/annotator", Code::UnknownUser, format!("nobody named '{name}' has annotated here"))
    })
}

async fn views<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    rows: Vec<change_set::Model>,
) -> Result<Vec<ChangeSetView>> {
    let shown = annotators::shown(conn, project.id).await?;
    let emails = review_items::emails(conn, rows.iter().filter_map(|row| row.author_id)).await?;
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let mut progress = change_sets::progress(conn, &ids).await?;
    let mut rules = rules::of_sets(conn, &ids).await?;
    let fixed = rules::fixed(conn, &ids).await?;
    let view = |row: change_set::Model| {
        let kind = kind(&row)?;
        let detail: Option<Detail> = match kind {
            ChangeSetKind::UndoAnnotator => Some(serde_json::from_str(&row.detail)?),
            ChangeSetKind::Rule => None,
        };
        let name = |detail: &Detail| {
            let annotator = shown.get(&AnnotatorId(detail.annotator));
            annotator.map(|annotator| annotator.name.clone()).unwrap_or_default()
        };
        Ok(ChangeSetView {
            change_set: ChangeSetId(row.id),
            kind,
            annotator: detail.as_ref().map(name),
            since: detail.map(|detail| detail.since),
            rule: rules.remove(&row.id).map(|rule| RuleOfSet {
                question: rule.question,
                a: rule.a,
                b: rule.b,
                guideline_revision: rule.guideline_revision,
                undone_at: rule.undone_at.map(Timestamp),
                undo_refused: match rule.undone_at {
                    Some(_) => Some(Code::WrongState),
                    None => fixed.get(&row.id).map(|fixed| fixed.code()),
                },
            }),
            note: row.note,
            author: row.author_id.and_then(|id| emails.get(&id).cloned()),
            created_at: Timestamp(row.created_at),
            matched: row.matched,
            tasks_opened: row.tasks_opened,
            already_active: row.already_active,
            progress: progress.remove(&row.id).unwrap_or_default(),
        })
    };
    rows.into_iter().map(view).collect()
}

fn kind(row: &change_set::Model) -> Result<ChangeSetKind> {
    ChangeSetKind::parse(&row.kind).ok_or_else(|| Error::internal("an unknown change set"))
}

fn missing() -> Refusal {
    Refusal::new(Code::NotFound, "there is no such change set")
}

fn count(number: usize) -> Result<i64> {
    i64::try_from(number).map_err(Error::internal)
}

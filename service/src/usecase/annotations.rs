//! Submitting and undoing, and one's own answers.

use crate::{
    actor::Actor,
    entity::{annotation, label, slot, task, withdrawal},
    error::{Error, Result},
    repo::{
        annotators,
        audit::{self, Entry},
        claims, own_annotations,
        projects::Project,
        sql::sql,
        tasks,
    },
    services::Services,
    usecase::{
        access,
        lifecycle::{self, NewDecision},
        queue::{self, Held, check_note},
    },
};
use domain::{
    access::Permission,
    answer::{Answers, Offered, Verdict},
    canonical,
    decision::DecisionKind,
    id::{AnnotationId, AnnotatorId, TaskId},
    name::Slug,
    problem::{Code, Fault, Refusal},
    settings::Reveal,
    task::{DecidedBy, Event, TaskState},
    time::Timestamp,
    view::{
        Page, PageRequest,
        annotate::{ClaimInput, ClaimItem, Claimed, OwnAnnotation, Progress, SubmitInput, Submitted},
    },
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
};
use serde_json::json;

/// The longest time an answer may claim to have taken: a day, in milliseconds.
const LONGEST_DURATION: i64 = 86_400_000;

/// Submitting and undoing.
#[derive(Clone, Copy, Debug)]
pub struct Annotations<'a>(pub(crate) &'a Services);

impl Annotations<'_> {
    /// Records the answers to a held task.
    pub async fn submit(&self, actor: &Actor, lease: &str, input: SubmitInput) -> Result<Submitted> {
        let (services, actor, lease) = (self.0.clone(), actor.clone(), lease.to_owned());
        self.0
            .once(move |tx| Box::pin(async move { submit(&services, tx, &actor, &lease, input).await }))
            .await
    }

    /// Records the answers to a held task and claims the next one, in one transaction: the form's use case.
    pub async fn submit_and_claim_next(
        &self,
        actor: &Actor,
        slug: &Slug,
        lease: &str,
        input: SubmitInput,
    ) -> Result<(Submitted, Claimed)> {
        let (services, work_actor, work_slug) = (self.0.clone(), actor.clone(), slug.clone());
        let lease = lease.to_owned();
        let (submitted, mut claimed) = self
            .0
            .once(move |tx| {
                Box::pin(async move {
                    let submitted = submit(&services, tx, &work_actor, &lease, input).await?;
                    let next = ClaimInput { count: Some(1) };
                    let claimed = queue::claim(&services, tx, &work_actor, &work_slug, next).await?;
                    Ok((submitted, claimed))
                })
            })
            .await?;
        claimed.remaining = self.0.queue().remaining(actor, slug).await?;
        Ok((submitted, claimed))
    }

    /// Takes an answer back and holds its task again, until a person has decided or the label is cut.
    pub async fn undo(&self, actor: &Actor, id: AnnotationId) -> Result<ClaimItem> {
        let (services, actor) = (self.0.clone(), actor.clone());
        self.0.once(move |tx| Box::pin(async move { undo(&services, tx, &actor, id).await })).await
    }

    /// The caller's own answers, the newest first, and what became of them.
    pub async fn own(&self, actor: &Actor, slug: &Slug, page: PageRequest) -> Result<Page<OwnAnnotation>> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::OwnAnnotations).await?;
        match annotators::of_user(conn, access.project.id, access.person()?).await? {
            None => Ok(Page { items: Vec::new(), next_cursor: None }),
            Some(annotator) => own_annotations::page(conn, &access.project, annotator, &page).await,
        }
    }

    /// Where the caller stands today.
    pub async fn progress(&self, actor: &Actor, slug: &Slug) -> Result<Progress> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::Annotate).await?;
        let now = self.0.now(conn).await?;
        let waiting = self.0.queue().remaining(actor, slug).await?;
        let Some(annotator) = annotators::of_user(conn, access.project.id, access.person()?).await? else {
            return Ok(Progress { today: 0, waiting, undo: None });
        };
        let today = own_annotations::count_today(conn, &access.project, annotator, now).await?;
        let newest = PageRequest { limit: Some(1), cursor: None };
        let newest = own_annotations::page(conn, &access.project, annotator, &newest).await?.items.pop();
        Ok(Progress { today, waiting, undo: newest.filter(|newest| newest.can_undo) })
    }
}

async fn submit(
    services: &Services,
    tx: &DatabaseTransaction,
    actor: &Actor,
    lease: &str,
    input: SubmitInput,
) -> Result<Submitted> {
    let now = services.now(tx).await?;
    let mut held = queue::find_held(tx, actor, lease).await?;
    let project = held.access.project.clone();
    let (verdict, answers) = check(&project, &input)?;
    let annotation = append(tx, &held, verdict, &answers, input, now).await?;
    let answered = "UPDATE slots SET annotation_id = $1 WHERE task_id = $2 AND slot = $3";
    let values = [annotation.0.into(), held.slot.task_id.into(), held.slot.slot.into()];
    tx.execute_raw(sql(tx, answered, values)).await?;
    lifecycle::settle(tx, &project, &mut held.task, now).await?;
    let entry = Entry {
        actor,
        project: Some(project.id),
        action: "submit_annotation",
        subject: format!("task {}", held.task.id),
        detail: json!({"annotation": annotation}),
    };
    audit::write(tx, now, entry).await?;
    let reveals = matches!(project.settings.reveal, Reveal::AfterAnswer | Reveal::Always);
    Ok(Submitted {
        annotation,
        task: held.task.id(),
        rev: held.task.rev,
        task_state: held.task.state()?,
        revealed: if reveals { Some(claims::revealed(tx, held.task.sample()).await?) } else { None },
    })
}

/// The verdict and the answers that it carries, checked against the schema.
fn check(project: &Project, input: &SubmitInput) -> Result<(Verdict, Answers)> {
    check_note(input.note.as_deref(), "/note")?;
    if input.duration_ms.is_some_and(|duration| !(0..=LONGEST_DURATION).contains(&duration)) {
        let detail = format!("must be between 0 and {LONGEST_DURATION}");
        return Err(Error::invalid("/duration_ms", Code::OutOfRange, detail));
    }
    let verdict = input.verdict.unwrap_or(Verdict::Answered);
    let answers = input.answers.clone().unwrap_or_default();
    if verdict == Verdict::Answered {
        let faults = answers.faults(&project.schema, Offered::Current);
        Refusal::check(faults.into_iter().map(|fault| fault.below("/answers")).collect())?;
    } else if !answers.is_empty() {
        let detail = format!("the verdict {} carries no answers", verdict.as_str());
        Refusal::check(vec![Fault::at("/answers", Code::Invalid, detail)])?;
    }
    Ok((verdict, answers))
}

async fn append(
    tx: &DatabaseTransaction,
    held: &Held,
    verdict: Verdict,
    answers: &Answers,
    input: SubmitInput,
    now: Timestamp,
) -> Result<AnnotationId> {
    let row = annotation::ActiveModel {
        id: NotSet,
        project_id: Set(held.task.project_id),
        task_id: Set(held.task.id),
        sample_id: Set(held.task.sample_id),
        annotator_id: Set(held.annotator.0),
        content_id: Set(held.task.content_id),
        verdict: Set(verdict.as_str().to_owned()),
        answers: Set(canonical::text_of(answers)?),
        note: Set(input.note.filter(|note| !note.is_empty())),
        duration_ms: Set(input.duration_ms),
        schema_revision: Set(held.access.project.schema_revision),
        guideline_revision: Set(held.access.project.guideline_revision),
        created_at: Set(now.0),
    };
    Ok(AnnotationId(annotation::Entity::insert(row).exec(tx).await?.last_insert_id))
}

async fn undo(
    services: &Services,
    tx: &DatabaseTransaction,
    actor: &Actor,
    id: AnnotationId,
) -> Result<ClaimItem> {
    let missing = || Error::from(Refusal::new(Code::NotFound, "there is no such annotation of yours"));
    let Some(row) = annotation::Entity::find_by_id(id.0).one(tx).await? else { return Err(missing()) };
    let Some(mut task) = tasks::lock(tx, TaskId(row.task_id)).await? else { return Err(missing()) };
    let permission = Permission::Annotate;
    let access =
        access::project_of(tx, actor, task.project(), permission, "there is no such annotation of yours")
            .await?;
    let access = access.changeable()?;
    let own = annotators::of_user(tx, access.project.id, access.person()?).await?;
    if own != Some(AnnotatorId(row.annotator_id)) {
        return Err(missing());
    }
    let slot = slot::Entity::find().filter(slot::Column::AnnotationId.eq(id.0)).one(tx).await?;
    let Some(slot) = slot else { return Err(Code::AlreadyWithdrawn.into()) };
    let now = services.now(tx).await?;
    reopen(tx, &access.project, &mut task, now).await?;
    let withdrawn = withdrawal::ActiveModel { annotation_id: Set(id.0), created_at: Set(now.0) };
    withdrawal::Entity::insert(withdrawn).exec_without_returning(tx).await?;
    let seconds = i64::from(access.project.settings.queue.lease_seconds);
    let held = slot::Model {
        lease: queue::new_lease(now),
        claimed_at: now.0,
        expires_at: now.plus_seconds(seconds).0,
        annotation_id: None,
        ..slot
    };
    let text = "UPDATE slots SET annotation_id = NULL, lease = $1, claimed_at = $2, expires_at = $3
                WHERE task_id = $4 AND slot = $5";
    let values = [
        held.lease.clone().into(),
        held.claimed_at.into(),
        held.expires_at.into(),
        held.task_id.into(),
        held.slot.into(),
    ];
    tx.execute_raw(sql(tx, text, values)).await?;
    let entry = Entry {
        actor,
        project: Some(access.project.id),
        action: "undo_annotation",
        subject: format!("task {}", task.id),
        detail: json!({"annotation": id}),
    };
    audit::write(tx, now, entry).await?;
    claims::items(tx, &access.project, &[held]).await?.pop().ok_or_else(|| Error::internal("no claim item"))
}

/// Brings the task of a withdrawn annotation back to open, if nobody has decided it and its label is not cut.
async fn reopen(
    tx: &DatabaseTransaction,
    project: &Project,
    task: &mut task::Model,
    now: Timestamp,
) -> Result<()> {
    match task.state()? {
        TaskState::Open => return Ok(()),
        TaskState::InReview => return tasks::advance(tx, task, Event::Undone, None, now).await,
        TaskState::Approved if task.decided_by() == Some(DecidedBy::Policy) => {}
        TaskState::Approved | TaskState::Dismissed | TaskState::Superseded => {
            return Err(Code::AlreadyDecided.into());
        }
    }
    if is_cut(tx, task).await? || tasks::has_active(tx, task.sample()).await? {
        return Err(Code::AlreadyDecided.into());
    }
    tasks::advance(tx, task, Event::Undone, None, now).await?;
    // The policy's approval no longer stands; its staged label goes with it.
    let taken_back = NewDecision {
        kind: DecisionKind::Reopen,
        answers: None,
        note: None,
        decided_by: None,
        own_annotation: false,
    };
    lifecycle::decide(tx, project, task, taken_back, now).await?;
    Ok(())
}

/// Whether the label of the task's last decision has entered a version.
pub(crate) async fn is_cut(tx: &DatabaseTransaction, task: &task::Model) -> Result<bool> {
    use crate::entity::decision;
    let last = decision::Entity::find()
        .filter(decision::Column::TaskId.eq(task.id))
        .order_by_desc(decision::Column::Id)
        .one(tx)
        .await?;
    let Some(last) = last else { return Ok(false) };
    let row = label::Entity::find().filter(label::Column::DecisionId.eq(last.id)).one(tx).await?;
    Ok(row.is_some_and(|row| row.from_version.is_some()))
}

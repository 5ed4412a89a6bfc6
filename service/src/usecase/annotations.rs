//! Submitting and undoing, and one's own answers.

use crate::{
    actor::Actor,
    entity::{annotation, decision, slot, task},
    error::{Error, Result},
    repo::{
        annotations, annotators,
        audit::{self, Entry},
        claims, decisions, own_annotations,
        projects::{self, Project},
        slots, tasks,
    },
    services::Services,
    usecase::{
        access,
        lifecycle::{self, Believing},
        notices,
        queue::{self, Held, check_note},
    },
};
use domain::{
    access::Permission,
    answer::{Answers, Offered, Verdict},
    canonical,
    id::{AnnotationId, AnnotatorId, TaskId},
    name::Slug,
    problem::{Code, Fault, Refusal},
    settings::Reveal,
    task::{DecidedBy, TaskState},
    time::Timestamp,
    view::{
        Page, PageRequest,
        annotate::{ClaimInput, ClaimItem, Claimed, OwnAnnotation, Progress, SubmitInput, Submitted},
    },
};
use sea_orm::DatabaseTransaction;
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
        let (submitted, served) = self
            .0
            .once(move |tx| {
                Box::pin(async move {
                    // As a claim does alone: first the person, then a task.
                    let access = access::project(tx, &work_actor, &work_slug, Permission::Annotate).await?;
                    if let Some(annotator) = access.annotator()? {
                        annotators::lock(tx, annotator).await?;
                    }
                    let submitted = submit(&services, tx, &work_actor, &lease, input).await?;
                    let next = ClaimInput { count: Some(1) };
                    let served =
                        queue::claim(&services, tx, &work_actor, &work_slug, next, queue::Holding::Tasks)
                            .await?;
                    Ok((submitted, served))
                })
            })
            .await?;
        let claimed = self.0.queue().with_remaining(actor, slug, served, 1).await?;
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
        match access.annotator()? {
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
        let Some(annotator) = access.annotator()? else {
            return Ok(Progress { today: 0, waiting, undo: None });
        };
        let today = own_annotations::count_today(conn, &access.project, annotator, now).await?;
        let newest = own_annotations::newest_counted(conn, &access.project, annotator).await?;
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
    slots::answer(tx, &held.slot, annotation).await?;
    let is_known = held.task.state()? == TaskState::Known;
    if is_known {
        notices::after_answer(tx, &project, held.annotator, now).await?;
    }
    lifecycle::settle(tx, &project, &mut held.task, Believing::Learned(services), now).await?;
    let entry = Entry {
        actor,
        project: Some(project.id),
        action: "submit_annotation",
        subject: format!("task {}", held.task.id),
        detail: json!({"annotation": annotation}),
    };
    audit::write(tx, now, entry).await?;
    let (rev, task_state) = match is_known {
        true => queue::told(tx, &project, &held, verdict, &answers).await?,
        false => (held.task.rev, held.task.state()?),
    };
    let reveals = matches!(project.settings.reveal, Reveal::AfterAnswer | Reveal::Always);
    Ok(Submitted {
        annotation,
        task: held.task.id(),
        rev,
        task_state,
        revealed: match reveals {
            true => Some(claims::revealed(tx, project.id, held.task.sample()).await?),
            false => None,
        },
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
    let row = annotation::Model {
        id: 0,
        project_id: held.task.project_id,
        task_id: held.task.id,
        sample_id: held.task.sample_id,
        annotator_id: held.annotator.0,
        content_id: held.task.content_id,
        verdict: verdict.as_str().to_owned(),
        answers: canonical::text_of(answers)?,
        note: input.note.filter(|note| !note.is_empty()),
        duration_ms: input.duration_ms,
        schema_revision: held.access.project.schema_revision,
        guideline_revision: held.access.project.guideline_revision,
        created_at: now.0,
    };
    annotations::append(tx, row).await
}

async fn undo(
    services: &Services,
    tx: &DatabaseTransaction,
    actor: &Actor,
    id: AnnotationId,
) -> Result<ClaimItem> {
    let missing = || Error::from(Refusal::new(Code::NotFound, "there is no such annotation of yours"));
    let Some(row) = annotations::find(tx, id).await? else { return Err(missing()) };
    let Some(before) = tasks::find(tx, TaskId(row.task_id)).await? else { return Err(missing()) };
    if before.state()? == TaskState::Approved {
        // Against a cut that reads the policy's decision as one that stands.
        projects::lock(tx, before.project()).await?;
    }
    let Some(mut task) = tasks::lock(tx, TaskId(row.task_id)).await? else { return Err(missing()) };
    if task.rev != before.rev {
        return Err(Error::Unavailable("the task changed meanwhile".to_owned()));
    }
    let permission = Permission::Annotate;
    let access =
        access::project_of(tx, actor, task.project(), permission, "there is no such annotation of yours")
            .await?;
    let access = access.changeable()?;
    if access.annotator()? != Some(AnnotatorId(row.annotator_id)) {
        return Err(missing());
    }
    let Some(slot) = slots::of_annotation(tx, id).await? else { return Err(Code::AlreadyWithdrawn.into()) };
    let now = services.now(tx).await?;
    reopen(tx, &access.project, &mut task, now).await?;
    annotations::withdraw(tx, id, now).await?;
    let is_known = task.state()? == TaskState::Known;
    let seconds = i64::from(access.project.settings.queue.lease_seconds);
    let held = slot::Model {
        lease: queue::new_lease(now),
        claimed_at: now.0,
        expires_at: now.plus_seconds(seconds).0,
        annotation_id: None,
        ..slot
    };
    slots::hold_again(tx, &held).await?;
    if is_known {
        notices::after_undo(tx, &access.project, AnnotatorId(row.annotator_id), now).await?;
    }
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
        TaskState::Open | TaskState::Known => return Ok(()),
        TaskState::InReview => {
            let last = decisions::of_task(tx, task.id()).await?.pop();
            if last.as_ref().map(decision::Model::label).transpose()?.flatten().is_some() {
                return Err(Code::AlreadyDecided.into());
            }
            return lifecycle::open_again(tx, project, task, now).await;
        }
        TaskState::Approved if task.decided_by() == Some(DecidedBy::Policy) => {}
        TaskState::Approved | TaskState::Dismissed | TaskState::Superseded => {
            return Err(Code::AlreadyDecided.into());
        }
    }
    if decisions::is_cut(tx, task.id()).await? || tasks::has_active(tx, task.sample()).await? {
        return Err(Code::AlreadyDecided.into());
    }
    lifecycle::open_again(tx, project, task, now).await
}

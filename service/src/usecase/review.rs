//! The review list, and decisions: approve, correct, return, dismiss, reopen.

use crate::{
    actor::Actor,
    entity::task,
    error::{Error, Result},
    repo::{
        annotations::{self, Counted},
        annotators,
        audit::{self, Entry},
        decisions,
        newest_predictions::Newest,
        projects::{self, Project},
        proposals,
        review_items::{self, Judged},
        review_list, slots, tasks,
    },
    services::Services,
    usecase::{
        access,
        judges::Judge,
        lifecycle::{self, Before, Believing, NewDecision, Staging},
        queue::check_note,
    },
};
use domain::{
    access::Permission,
    answer::{Answers, Offered},
    canonical,
    consensus::Approval,
    decision::DecisionKind,
    id::{ProjectId, TaskId, UserId},
    name::Slug,
    problem::{Code, Refusal},
    provenance::LabelAuthor,
    task::{DecidedBy, Event, TaskState},
    time::Timestamp,
    view::{
        Page, PageRequest,
        review::{
            AllDecided, Decided, DecisionInput, DecisionsInput, ReviewFilter, ReviewItem, TaskDecisionInput,
        },
    },
};
use sea_orm::DatabaseTransaction;
use serde_json::json;

/// How many decisions one request may hold.
const MOST_DECISIONS: usize = 500;

/// The review list and decisions.
#[derive(Clone, Copy, Debug)]
pub struct Review<'a>(pub(crate) &'a Services);

impl Review<'_> {
    /// One page of the tasks that `filter` describes; open ones need a manager.
    pub async fn list(
        &self,
        actor: &Actor,
        slug: &Slug,
        filter: ReviewFilter,
        page: PageRequest,
    ) -> Result<Page<ReviewItem>> {
        let conn = self.0.db.snapshot().await?;
        let permission = match filter.state {
            Some(TaskState::Open) => Permission::ReadOpenTasks,
            _ => Permission::ReadReview,
        };
        let access = access::project(&conn, actor, slug, permission).await?;
        if filter.pair.len() > 2 {
            return Err(Error::invalid("/pair", Code::OutOfRange, "at most two"));
        }
        let tasks = review_list::page(&conn, access.project.id, &filter, &page).await?;
        let judge = self.0.judge(&conn, &access.project).await?;
        let items = review_items::items(&conn, &access.project, by(&judge), tasks.items).await?;
        Ok(Page { items, next_cursor: tasks.next_cursor })
    }

    /// One task.
    pub async fn item(&self, actor: &Actor, id: TaskId) -> Result<ReviewItem> {
        let conn = self.0.db.snapshot().await?;
        let Some(task) = tasks::find(&conn, id).await? else { return Err(missing().into()) };
        let permission = match task.state()? {
            // Those whose answers are known seem to be open.
            TaskState::Open | TaskState::Known => Permission::ReadOpenTasks,
            _ => Permission::ReadReview,
        };
        let access = access::project_of(&conn, actor, task.project(), permission, MISSING).await?;
        if task.state()? == TaskState::Known {
            return Err(missing().into());
        }
        let judge = self.0.judge(&conn, &access.project).await?;
        let items = review_items::items(&conn, &access.project, by(&judge), vec![task]).await?;
        items.into_iter().next().ok_or_else(|| missing().into())
    }

    /// Decides one task.
    pub async fn decide(&self, actor: &Actor, id: TaskId, input: DecisionInput) -> Result<Decided> {
        let (services, actor) = (self.0.clone(), actor.clone());
        let input = TaskDecisionInput {
            task: id,
            rev: input.rev,
            decision: input.decision,
            answers: input.answers,
            note: input.note,
        };
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let now = services.now(tx).await?;
                    decide(&services, tx, &actor, None, input, now).await
                })
            })
            .await
    }

    /// Decides several tasks of one project: all, or none.
    pub async fn decide_all(&self, actor: &Actor, slug: &Slug, input: DecisionsInput) -> Result<AllDecided> {
        if input.decisions.len() > MOST_DECISIONS {
            let detail = format!("at most {MOST_DECISIONS} decisions at once");
            return Err(Error::invalid("/decisions", Code::TooLong, detail));
        }
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let access =
                        access::project(tx, &actor, &slug, Permission::Decide).await?.changeable()?;
                    let now = services.now(tx).await?;
                    let mut decisions = Vec::with_capacity(input.decisions.len());
                    for (index, input) in input.decisions.into_iter().enumerate() {
                        let project = Some(access.project.id);
                        let decided = decide(&services, tx, &actor, project, input, now).await;
                        decisions.push(decided.map_err(|error| place(error, "/decisions", index))?);
                    }
                    Ok(AllDecided { decisions })
                })
            })
            .await
    }
}

fn by(judge: &Judge) -> impl Fn(&[Counted], &[Newest]) -> Judged + '_ {
    |counted, predictions| judge.judge(counted, predictions)
}

const MISSING: &str = "there is no such task";

fn missing() -> Refusal {
    Refusal::new(Code::NotFound, MISSING)
}

/// Says which of several decisions was refused.
/// The same refusal of one of several, with its place in the list at `list`.
pub(super) fn place(error: Error, list: &str, index: usize) -> Error {
    let Error::Refused { mut refusal, retry_after } = error else { return error };
    let at = format!("{list}/{index}");
    if refusal.errors.is_empty() {
        let fault = domain::problem::Fault::at(at, refusal.code, refusal.detail.clone());
        refusal.errors.push(fault);
    } else {
        refusal.errors = refusal.errors.into_iter().map(|fault| fault.below(&at)).collect();
    }
    Error::Refused { refusal, retry_after }
}

pub(super) async fn decide(
    services: &Services,
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: Option<ProjectId>,
    input: TaskDecisionInput,
    now: Timestamp,
) -> Result<Decided> {
    check_note(input.note.as_deref(), "/note")?;
    let Some(task) = tasks::find(tx, input.task).await? else { return Err(missing().into()) };
    if input.decision == DecisionKind::Reopen {
        // Against a cut that reads the decision as one that stands.
        projects::lock(tx, task.project()).await?;
    }
    let Some(mut task) = tasks::lock(tx, input.task).await? else { return Err(missing().into()) };
    if project.is_some_and(|project| project != task.project()) {
        return Err(missing().into());
    }
    let access = access::project_of(tx, actor, task.project(), Permission::Decide, MISSING).await?;
    let project = access.changeable()?.project;
    if task.rev != input.rev {
        return Err(tasks::stale_rev(&task));
    }
    let counted = annotations::counted_of(tx, task.id()).await?;
    let own = match actor.user() {
        Some(user) => annotators::of_user(tx, project.id, user).await?,
        None => None,
    };
    let deciding = Deciding {
        services,
        own_annotation: counted.iter().any(|counted| Some(counted.annotator) == own),
        counted,
        project,
        user: actor.user(),
        note: input.note.filter(|note| !note.is_empty()),
        now,
    };
    if deciding.own_annotation && deciding.project.settings.review.four_eyes {
        return Err(Code::FourEyes.into());
    }
    match input.decision {
        DecisionKind::Approve => deciding.approve(tx, &mut task, input.answers).await?,
        DecisionKind::Correct => deciding.correct(tx, &mut task, input.answers).await?,
        DecisionKind::Return => deciding.give_back(tx, &mut task).await?,
        DecisionKind::Dismiss => {
            tasks::advance(tx, &mut task, Event::Dismissed, None, now).await?;
            let before = Before::of(tx, &deciding.project, &task).await?;
            let new = deciding.decision(DecisionKind::Dismiss, None);
            lifecycle::decide_label(tx, &deciding.project, &task, new, &before, now).await?;
        }
        DecisionKind::Reopen => deciding.reopen(tx, &mut task).await?,
    }
    let entry = Entry {
        actor,
        project: Some(deciding.project.id),
        action: "decide",
        subject: format!("task {}", task.id),
        detail: json!({"decision": input.decision}),
    };
    audit::write(tx, now, entry).await?;
    Ok(Decided { task: task.id(), rev: task.rev, state: task.state()? })
}

/// A decision that is being made.
struct Deciding<'a> {
    services: &'a Services,
    project: Project,
    counted: Vec<Counted>,
    user: Option<UserId>,
    own_annotation: bool,
    note: Option<String>,
    now: Timestamp,
}

impl Deciding<'_> {
    /// What the answers say together, now.
    async fn judged(&self, tx: &DatabaseTransaction, task: &task::Model) -> Result<Judged> {
        let believing = Believing::Learned(self.services);
        lifecycle::judge(tx, &self.project, task, &self.counted, believing).await
    }

    /// Takes the consensus, which must be `expected` where a reviewer names it: more answers elsewhere may have changed how
    /// far the annotators are believed.
    async fn approve(
        &self,
        tx: &DatabaseTransaction,
        task: &mut task::Model,
        expected: Option<Option<Answers>>,
    ) -> Result<()> {
        let judged = self.judged(tx, task).await?;
        if task.state()? == TaskState::InReview
            && self.counted.is_empty()
            && let Some(label) = proposals::label(tx, task.id()).await?
        {
            return self.label(tx, task, DecisionKind::Approve, label.as_ref(), &judged).await;
        }
        let label = match judged.consensus.approval() {
            _ if task.state()? != TaskState::InReview => return Err(tasks::wrong_state(task)),
            None => return Err(Code::NoConsensus.into()),
            Some(Approval::Label(label)) => Some(label),
            Some(Approval::Remove) => None,
        };
        if expected.flatten().is_some_and(|expected| Some(expected) != label) {
            return Err(Code::ConsensusMoved.into());
        }
        self.label(tx, task, DecisionKind::Approve, label.as_ref(), &judged).await
    }

    async fn correct(
        &self,
        tx: &DatabaseTransaction,
        task: &mut task::Model,
        answers: Option<Option<Answers>>,
    ) -> Result<()> {
        let label = answers.ok_or_else(|| {
            Error::invalid(
                "/answers",
                Code::Missing,
                "a correction needs answers, or null to remove the label",
            )
        })?;
        match &label {
            Some(label) => {
                let faults = label.faults(&self.project.schema, Offered::Current);
                Refusal::check(faults.into_iter().map(|fault| fault.below("/answers")).collect())?;
            }
            None if self.note.is_none() => {
                return Err(Error::invalid("/note", Code::Missing, "removing a label needs a note"));
            }
            None => {}
        }
        let judged = self.judged(tx, task).await?;
        self.label(tx, task, DecisionKind::Correct, label.as_ref(), &judged).await
    }

    /// Approves the task with this label, once as many reviewers stand behind it as it needs.
    async fn label(
        &self,
        tx: &DatabaseTransaction,
        task: &mut task::Model,
        kind: DecisionKind,
        label: Option<&Answers>,
        judged: &Judged,
    ) -> Result<()> {
        let (project, counted, now) = (&self.project, &self.counted, self.now);
        if !self.is_enough(tx, task, label).await? {
            tasks::advance(tx, task, Event::DecidedInPart, None, now).await?;
            let new = self.decision(kind, label);
            return lifecycle::decide(tx, project, task, new, now).await.map(drop);
        }
        tasks::advance(tx, task, Event::Decided, Some(DecidedBy::Reviewer), now).await?;
        let before = Before::of(tx, project, task).await?;
        let new = self.decision(kind, label);
        let decision = lifecycle::decide_label(tx, project, task, new, &before, now).await?;
        let staging = Staging { decision, decided_by: LabelAuthor::Reviewer, before: &before, judged };
        lifecycle::stage(tx, project, task, counted, label, staging, now).await
    }

    /// Whether this decision makes the label final: one of the test split may need several reviewers.
    async fn is_enough(
        &self,
        tx: &DatabaseTransaction,
        task: &task::Model,
        label: Option<&Answers>,
    ) -> Result<bool> {
        let needed = lifecycle::reviewers_needed(tx, &self.project, task).await?;
        if needed < 2 || task.state()? != TaskState::InReview {
            return Ok(true);
        }
        let label = label.map(canonical::text_of).transpose()?;
        let decisions = decisions::of_task(tx, task.id()).await?;
        let standing = decisions::standing(&self.project, &decisions)?;
        let agree = standing.iter().filter(|decision| decision.answers == label);
        let reviewers: Vec<Option<i64>> = agree.map(|decision| decision.decided_by).collect();
        if reviewers.contains(&self.user.map(|user| user.0)) {
            return Err(Code::OtherReviewerNeeded.into());
        }
        Ok(reviewers.len() + 1 >= usize::from(needed))
    }

    /// Opens one more slot for somebody who has not answered.
    async fn give_back(&self, tx: &DatabaseTransaction, task: &mut task::Model) -> Result<()> {
        if !slots::anybody_left(tx, self.project.id, task.id(), self.now).await? {
            return Err(Code::NoEligibleAnnotator.into());
        }
        // One more than were answered: a task may have come here with places that nobody could fill.
        let answered = i32::try_from(self.counted.len()).map_err(Error::internal)?;
        task.slots = answered + 1;
        tasks::advance(tx, task, Event::Returned, None, self.now).await?;
        self.record(tx, task, DecisionKind::Return).await?;
        Ok(())
    }

    /// Takes a decision back, while its label is not in a version.
    async fn reopen(&self, tx: &DatabaseTransaction, task: &mut task::Model) -> Result<()> {
        if decisions::is_cut(tx, task.id()).await? {
            return Err(Error::refused(
                Code::AlreadyDecided,
                "the label of this decision is already in a version",
            ));
        }
        if matches!(task.state()?, TaskState::Approved | TaskState::Dismissed)
            && tasks::has_active(tx, task.sample()).await?
        {
            return Err(Error::refused(
                Code::WrongState,
                "the sample has a newer task that is not decided yet",
            ));
        }
        tasks::advance(tx, task, Event::Reopened, None, self.now).await?;
        self.record(tx, task, DecisionKind::Reopen).await?;
        Ok(())
    }

    /// Writes a decision down that decides no label.
    async fn record(&self, tx: &DatabaseTransaction, task: &task::Model, kind: DecisionKind) -> Result<()> {
        let new = self.decision(kind, None);
        lifecycle::decide(tx, &self.project, task, new, self.now).await.map(drop)
    }

    fn decision<'a>(&self, kind: DecisionKind, answers: Option<&'a Answers>) -> NewDecision<'a> {
        NewDecision {
            kind,
            answers,
            note: self.note.clone(),
            decided_by: self.user,
            own_annotation: self.own_annotation,
        }
    }
}

//! Claiming, skipping, releasing and renewing.

mod claim;
mod known;

pub(crate) use claim::{Holding, Served, claim, new_lease, new_slot};
pub(crate) use known::told;

use crate::{
    actor::Actor,
    entity::slot,
    error::{Error, Result},
    recent::{Told, Worth},
    repo::{
        audit::{self, Entry},
        claims, free_tasks, pauses, projects, skips, slots, tasks,
    },
    services::Services,
    usecase::{
        access::{self, Access},
        lifecycle::{self, Believing},
    },
};
use domain::{
    access::Permission,
    id::{AnnotatorId, ProjectId},
    name::Slug,
    problem::{Code, Refusal},
    task::TaskState,
    time::Timestamp,
    view::annotate::{ClaimInput, Claimed, Renewed, SkipInput},
};
use sea_orm::{DatabaseTransaction, DbBackend};
use serde_json::json;

/// How often `lease_seconds` fit between a claim and the end of its last renewal.
const MOST_RENEWALS: i64 = 8;
/// From this many waiting tasks on they are not counted anew for every claim.
const LONG_QUEUE: i64 = 500;
/// The longest note in characters.
pub(crate) const LONGEST_NOTE: usize = 2000;

/// Claiming, skipping, releasing and renewing.
#[derive(Clone, Copy, Debug)]
pub struct Queue<'a>(pub(crate) &'a Services);

/// A slot that the actor may answer.
pub(crate) struct Held {
    pub access: Access,
    pub annotator: AnnotatorId,
    pub slot: slot::Model,
    pub task: crate::entity::task::Model,
}

impl Queue<'_> {
    /// Fills up the caller's held tasks to `count`: those held already first and unchanged, then the first
    /// free ones.
    pub async fn claim(&self, actor: &Actor, slug: &Slug, input: ClaimInput) -> Result<Claimed> {
        let wanted = input.wanted();
        let served = {
            let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
            self.0
                .once(move |tx| {
                    Box::pin(
                        async move { claim(&services, tx, &actor, &slug, input, Holding::Nothing).await },
                    )
                })
                .await?
        };
        self.with_remaining(actor, slug, served, wanted).await
    }

    /// The tasks that the caller holds; changes nothing.
    pub async fn held(&self, actor: &Actor, slug: &Slug) -> Result<Claimed> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::Annotate).await?;
        let now = self.0.now(conn).await?;
        let (tasks, state) = match access.annotator()? {
            None => (Vec::new(), pauses::State::default()),
            Some(annotator) => {
                let held = slots::held(conn, access.project.id, annotator, now).await?;
                (claims::items(conn, &access.project, &held).await?, pauses::state(conn, annotator).await?)
            }
        };
        let remaining = if state.is_paused { 0 } else { self.remaining(actor, slug).await? };
        Ok(Claimed { tasks, remaining, paused: state.is_paused, notice: state.notice })
    }

    /// About how many tasks wait for the caller, besides those held. Of a long queue it is the number of open tasks, which
    /// is the same for everybody and counted once in a while.
    pub(crate) async fn remaining(&self, actor: &Actor, slug: &Slug) -> Result<i64> {
        let conn = self.0.db.read();
        let access = access::project(conn, actor, slug, Permission::Annotate).await?;
        let project = access.project.id;
        // Nobody has the annotator id 0: somebody new could take every task with a free place.
        let annotator = access.annotator()?.unwrap_or(AnnotatorId(0));
        self.remaining_for((project, annotator)).await
    }

    async fn remaining_for(&self, person: (ProjectId, AnnotatorId)) -> Result<i64> {
        let (conn, (project, annotator)) = (self.0.db.read(), person);
        if let Some(Told::Fresh(count)) = self.0.waiting.told(&person) {
            return Ok(count);
        }
        let now = self.0.now(conn).await?;
        let mut count = free_tasks::count(conn, project, annotator, now, LONG_QUEUE).await?;
        let worth = Worth::of(count, LONG_QUEUE);
        if worth == Worth::Keeping {
            count = self.open_tasks(project).await?;
        } else if count > 0 {
            // So that it falls by one with every task that is taken, whatever it is. Where nothing else is free, nobody gets
            // any of these.
            let project = projects::by_id(conn, project).await?;
            let known = known::free(conn, &project, annotator, now).await?.len();
            count += i64::try_from(known).map_err(Error::internal)?;
        }
        self.0.waiting.keep(person, count, worth);
        Ok(count)
    }

    async fn open_tasks(&self, project: ProjectId) -> Result<i64> {
        let told = || self.0.open_tasks.told(&project);
        // Where nobody knows, one counts for all who would: together they would take seconds.
        let counting = match told() {
            Some(Told::Fresh(count)) => return Ok(count),
            Some(Told::Stale(_)) => None,
            None => Some(self.0.counting.lock().await),
        };
        if counting.is_some()
            && let Some(Told::Fresh(count) | Told::Stale(count)) = told()
        {
            return Ok(count);
        }
        let count = tasks::count_open(self.0.db.read(), project).await?;
        self.0.open_tasks.keep(project, count, Worth::Keeping);
        Ok(count)
    }

    /// A claim of so many, with [`Self::remaining`]: one that got fewer has left nothing, but on PostgreSQL what others held
    /// at that moment.
    pub(crate) async fn with_remaining(
        &self,
        actor: &Actor,
        slug: &Slug,
        served: Served,
        wanted: i64,
    ) -> Result<Claimed> {
        let Served { mut claimed, person } = served;
        let is_alone = self.0.db.backend() == DbBackend::Sqlite;
        claimed.remaining = match person {
            _ if claimed.paused => 0,
            _ if is_alone && i64::try_from(claimed.tasks.len()).is_ok_and(|got| got < wanted) => 0,
            Some(person) => self.remaining_for(person).await?,
            None => self.remaining(actor, slug).await?,
        };
        Ok(claimed)
    }

    /// Gives the task back for good: it is never served to the caller again.
    pub async fn skip(&self, actor: &Actor, lease: &str, input: SkipInput) -> Result<()> {
        check_note(input.reason.as_deref(), "/reason")?;
        let (services, actor, lease) = (self.0.clone(), actor.clone(), lease.to_owned());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let now = services.now(tx).await?;
                    let mut held = find_held(tx, &actor, &lease).await?;
                    skips::add(tx, held.task.id(), held.annotator, input.reason, now).await?;
                    slots::free(tx, &held.slot).await?;
                    let believing = Believing::Learned(&services);
                    lifecycle::settle(tx, &held.access.project, &mut held.task, believing, now).await?;
                    record(tx, &actor, &held, "skip", now).await
                })
            })
            .await
    }

    /// Gives the task back: it may be served to the caller again.
    pub async fn release(&self, actor: &Actor, lease: &str) -> Result<()> {
        let (services, actor, lease) = (self.0.clone(), actor.clone(), lease.to_owned());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let now = services.now(tx).await?;
                    let held = find_held(tx, &actor, &lease).await?;
                    slots::free(tx, &held.slot).await?;
                    record(tx, &actor, &held, "release", now).await
                })
            })
            .await
    }

    /// Holds the task for another `lease_seconds`, at most eight times that from the claim.
    pub async fn renew(&self, actor: &Actor, lease: &str) -> Result<Renewed> {
        let (services, actor, lease) = (self.0.clone(), actor.clone(), lease.to_owned());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let now = services.now(tx).await?;
                    let held = find_held(tx, &actor, &lease).await?;
                    let seconds = i64::from(held.access.project.settings.queue.lease_seconds);
                    let latest = Timestamp(held.slot.claimed_at).plus_seconds(MOST_RENEWALS * seconds);
                    let expires_at =
                        now.plus_seconds(seconds).min(latest).max(Timestamp(held.slot.expires_at));
                    slots::extend(tx, &held.slot, expires_at).await?;
                    record(tx, &actor, &held, "renew", now).await?;
                    Ok(Renewed { expires_at })
                })
            })
            .await
    }
}

/// The slot of `lease`, with its task held for this transaction, if the actor may still answer it. An expired
/// lease may be answered until its slot is taken.
pub(crate) async fn find_held(tx: &DatabaseTransaction, actor: &Actor, lease: &str) -> Result<Held> {
    let missing = "there is no such lease";
    let lost = || {
        // A lease id that we could have given is one that was lost; anything else never was a lease.
        match ulid::Ulid::from_string(lease) {
            Ok(_) => Error::from(Code::LeaseLost),
            Err(_) => Refusal::new(Code::NotFound, missing).into(),
        }
    };
    let (slot, task) = slots::with_task(tx, lease).await?.ok_or_else(lost)?;
    let access =
        access::project_of(tx, actor, task.project(), Permission::Annotate, missing).await?.changeable()?;
    let Some(annotator) = access.annotator()?.filter(|annotator| annotator.0 == slot.annotator_id) else {
        return Err(Refusal::new(Code::NotFound, missing).into());
    };
    if slot.annotation_id.is_some() {
        return Err(Code::AlreadyAnswered.into());
    }
    if !matches!(task.state()?, TaskState::Open | TaskState::Known) {
        return Err(tasks::wrong_state(&task));
    }
    Ok(Held { access, annotator, slot, task })
}

/// Refuses a note that is too long or holds U+0000.
pub(crate) fn check_note(note: Option<&str>, pointer: &str) -> Result<()> {
    match note {
        Some(note) if note.chars().count() > LONGEST_NOTE => {
            Err(Error::invalid(pointer, Code::TooLong, format!("at most {LONGEST_NOTE} characters")))
        }
        Some(note) if note.contains('\0') => {
            Err(Error::invalid(pointer, Code::InvalidText, "U+0000 is not allowed in text"))
        }
        _ => Ok(()),
    }
}

async fn record(
    tx: &DatabaseTransaction,
    actor: &Actor,
    held: &Held,
    action: &str,
    now: Timestamp,
) -> Result<()> {
    let entry = Entry {
        actor,
        project: Some(held.access.project.id),
        action,
        subject: format!("task {}", held.task.id),
        detail: json!({"slot": held.slot.slot}),
    };
    audit::write(tx, now, entry).await
}

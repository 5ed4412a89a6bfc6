//! The work of a claim: which tasks are taken, and for whom.

use crate::{
    actor::Actor,
    clock,
    entity::slot,
    error::{Error, Result},
    repo::{
        annotators,
        audit::{self, Entry},
        claims::{self, TaskRow},
        free_tasks::{self, Contended, Free, Order, Seeker},
        projects::Project,
        slots,
    },
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    id::{AnnotatorId, ProjectId, TaskId},
    name::Slug,
    problem::Code,
    settings::Target,
    time::Timestamp,
    view::annotate::{ClaimInput, Claimed},
};
use sea_orm::DatabaseTransaction;
use serde::{Deserialize, Serialize};
use serde_json::json;

/// How many tasks one annotator may claim at once.
const MOST_CLAIMED: i64 = 50;

/// What a claim served, and to whom, so that nobody has to look that up again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Served {
    #[serde(flatten)]
    pub(super) claimed: Claimed,
    /// Unknown where an older release has kept the answer.
    #[serde(default)]
    pub(super) person: Option<(ProjectId, AnnotatorId)>,
}

/// The work of a claim, in the caller's transaction. `remaining` is left 0: it is counted off the writer.
pub(crate) async fn claim(
    services: &Services,
    tx: &DatabaseTransaction,
    actor: &Actor,
    slug: &Slug,
    input: ClaimInput,
) -> Result<Served> {
    let count = input.wanted();
    if !(1..=MOST_CLAIMED).contains(&count) {
        return Err(Error::invalid("/count", Code::OutOfRange, "must be between 1 and 50"));
    }
    let access = access::project(tx, actor, slug, Permission::Annotate).await?.changeable()?;
    let now = services.now(tx).await?;
    let annotator = match access.annotator()? {
        Some(annotator) => annotator,
        None => annotators::ensure(tx, access.project.id, access.person()?, now).await?,
    };
    annotators::lock(tx, annotator).await?;
    let wanted = usize::try_from(count).map_err(Error::internal)?;
    let mut held = slots::held(tx, access.project.id, annotator, now).await?;
    held.truncate(wanted);
    let mut tasks = claims::items(tx, &access.project, &held).await?;
    let mut begun = false;
    while tasks.len() < wanted {
        let missing = wanted - tasks.len();
        let holding = if begun { Holding::Tasks } else { Holding::Nothing };
        let Some(taken) = take(services, tx, &access.project, annotator, missing, holding, now).await? else {
            break;
        };
        begun |= !taken.is_empty();
        for (slot, row) in taken {
            let entry = Entry {
                actor,
                project: Some(access.project.id),
                action: "claim",
                subject: format!("task {}", slot.task_id),
                detail: json!({"slot": slot.slot}),
            };
            audit::write(tx, now, entry).await?;
            tasks.push(claims::item(tx, &access.project, &slot, &row).await?);
        }
    }
    Ok(Served { claimed: Claimed { tasks, remaining: 0 }, person: Some((access.project.id, annotator)) })
}

/// Which tasks a claim has locked so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holding {
    Nothing,
    Tasks,
}

/// Takes up to `missing` free tasks; none where none is free.
async fn take(
    services: &Services,
    tx: &DatabaseTransaction,
    project: &Project,
    annotator: AnnotatorId,
    missing: usize,
    held: Holding,
    now: Timestamp,
) -> Result<Option<Vec<(slot::Model, TaskRow)>>> {
    let lease_seconds = project.settings.queue.lease_seconds;
    let seeker = Seeker { project: project.id, annotator, now, lease_seconds };
    let free = choose(services, tx, project, seeker, missing, held).await?;
    if free.is_empty() {
        return Ok(None);
    }
    let mut taken = Vec::with_capacity(free.len());
    for task in free {
        let slot = new_slot(project, task.id(), annotator, now);
        let slot = match task.is_untouched {
            true => slots::take_first(tx, slot).await?,
            false => slots::take(tx, task.row.task.slots, slot).await?,
        };
        taken.extend(slot.map(|slot| (slot, task.row)));
    }
    Ok(Some(taken))
}

/// Chooses up to `missing` free tasks. Each place is drawn for the audit slice with its share, so that the slice is answered
/// at its own pace whatever the signals; the others go to what is urgent, then by the share of suspected labels where the
/// project has one, then by priority.
async fn choose(
    services: &Services,
    tx: &DatabaseTransaction,
    project: &Project,
    seeker: Seeker,
    missing: usize,
    held: Holding,
) -> Result<Vec<Free>> {
    let first =
        |order, contended, count| free_tasks::first(tx, &services.marks, seeker, order, contended, count);
    let queue = &project.settings.queue;
    let audits = first(Order::Audit, Contended::Skip, drawn(missing, queue.audit_rate)).await?;
    let mut by_priority = first(Order::Priority, Contended::Skip, missing).await?;
    // Others may be taking places of the last tasks at this moment, and leave some: nobody shall be told that nothing is
    // left. Whoever waits holds no task, so that nobody waits for them.
    if held == Holding::Nothing && audits.is_empty() && by_priority.is_empty() {
        by_priority = first(Order::Priority, Contended::Wait, missing).await?;
    }
    let (urgent, by_score): (Vec<Free>, Vec<Free>) = by_priority.into_iter().partition(Free::is_urgent);
    let open = missing.saturating_sub(audits.len() + urgent.len());
    let mut shared = Vec::new();
    if let (Target::Both, Some(share)) = (queue.target, queue.label_share) {
        let suspects = drawn(open, share);
        // A single place needs no second look where the first task by score is of the sort that was drawn.
        let is_drawn = |task: &Free| open == 1 && task.is_suspect() == (suspects == 1);
        if !by_score.first().is_some_and(is_drawn) {
            shared = first(Order::Suspects, Contended::Skip, suspects).await?;
            shared.extend(first(Order::Others, Contended::Skip, open - suspects).await?);
        }
    }
    let mut chosen: Vec<Free> = Vec::with_capacity(missing);
    for task in audits.into_iter().chain(urgent).chain(shared).chain(by_score) {
        if chosen.len() < missing && chosen.iter().all(|other| other.id() != task.id()) {
            chosen.push(task);
        }
    }
    Ok(chosen)
}

/// How many of `places` a draw with this share gives.
fn drawn(places: usize, share: f64) -> usize {
    (0..places).filter(|_| draw() < share).count()
}

/// A place of the task for this annotator, with a lease from now on; which one it is, [`slots::take`] finds.
pub(crate) fn new_slot(
    project: &Project,
    task: TaskId,
    annotator: AnnotatorId,
    now: Timestamp,
) -> slot::Model {
    slot::Model {
        task_id: task.0,
        slot: 0,
        annotator_id: annotator.0,
        lease: new_lease(now),
        claimed_at: now.0,
        expires_at: now.plus_seconds(i64::from(project.settings.queue.lease_seconds)).0,
        annotation_id: None,
    }
}

/// A number in [0, 1).
fn draw() -> f64 {
    (u64::from_le_bytes(clock::random()) >> 11) as f64 / (1u64 << 53) as f64
}

/// A lease id: sorts by time, cannot be guessed.
pub(crate) fn new_lease(now: Timestamp) -> String {
    let milliseconds = u64::try_from(now.0 / 1000).unwrap_or(0);
    ulid::Ulid::from_parts(milliseconds, u128::from_le_bytes(clock::random())).to_string()
}

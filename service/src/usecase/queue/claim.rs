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
        free_tasks::{self, Contended, Free, Seeker},
        pauses,
        projects::Project,
        slots,
    },
    services::Services,
    usecase::{access, queue::known},
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

/// The work of a claim, in the caller's transaction, which may be `holding` tasks already. `remaining` is left 0: it is
/// counted off the writer.
pub(crate) async fn claim(
    services: &Services,
    tx: &DatabaseTransaction,
    actor: &Actor,
    slug: &Slug,
    input: ClaimInput,
    holding: Holding,
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
    let state = pauses::state(tx, annotator).await?;
    let wanted = usize::try_from(count).map_err(Error::internal)?;
    let mut held = slots::held(tx, access.project.id, annotator, now).await?;
    held.truncate(wanted);
    let mut tasks = claims::items(tx, &access.project, &held).await?;
    let missing = if state.is_paused { 0 } else { wanted - tasks.len() };
    let mut places = Places::of(services, tx, &access.project, annotator, holding, now);
    let drawn = known::drawn(&access.project, missing);
    places.fill(missing - drawn).await?;
    // Only where an ordinary task is free, so that nobody is asked for one where the queue has nothing for them: whoever
    // still got something there could tell what it is.
    let is_instead =
        drawn > 0 && (!places.taken.is_empty() || drawn == missing && places.is_any_free().await?);
    let drawn = if is_instead { drawn } else { 0 };
    let known = known::take(tx, &access.project, annotator, drawn, now).await?;
    places.fill(missing - known.len()).await?;
    for (slot, row) in known::mixed(places.taken, known) {
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
    let claimed = Claimed { tasks, remaining: 0, paused: state.is_paused, notice: state.notice };
    Ok(Served { claimed, person: Some((access.project.id, annotator)) })
}

/// Which tasks a transaction has locked so far, for which others may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holding {
    Nothing,
    Tasks,
}

/// Free tasks that are being taken for somebody.
struct Places<'a> {
    services: &'a Services,
    tx: &'a DatabaseTransaction,
    project: &'a Project,
    seeker: Seeker,
    holding: Holding,
    taken: Vec<(slot::Model, TaskRow)>,
}

impl<'a> Places<'a> {
    fn of(
        services: &'a Services,
        tx: &'a DatabaseTransaction,
        project: &'a Project,
        annotator: AnnotatorId,
        holding: Holding,
        now: Timestamp,
    ) -> Self {
        let lease_seconds = project.settings.queue.lease_seconds;
        let seeker = Seeker { project: project.id, annotator, now, lease_seconds };
        Self { services, tx, project, seeker, holding, taken: Vec::new() }
    }

    /// Takes free tasks until there are so many, or until none is free.
    async fn fill(&mut self, places: usize) -> Result<()> {
        while self.taken.len() < places {
            let free = self.choose(places - self.taken.len()).await?;
            if free.is_empty() {
                break;
            }
            // Also what another server was quicker to take.
            self.holding = Holding::Tasks;
            for task in free {
                let slot = new_slot(self.project, task.id(), self.seeker.annotator, self.seeker.now);
                let slot = match task.is_untouched {
                    true => slots::take_first(self.tx, slot).await?,
                    false => slots::take(self.tx, task.row.task.slots, slot).await?,
                };
                self.taken.extend(slot.map(|slot| (slot, task.row)));
            }
        }
        Ok(())
    }

    /// Whether a task is free, which this holds then, and takes no place of.
    async fn is_any_free(&mut self) -> Result<bool> {
        let is_any = !self.choose(1).await?.is_empty();
        if is_any {
            self.holding = Holding::Tasks;
        }
        Ok(is_any)
    }

    async fn choose(&self, missing: usize) -> Result<Vec<Free>> {
        choose(self.services, self.tx, self.project, self.seeker, missing, self.holding).await
    }
}

/// Chooses up to `missing` free tasks. Each place is drawn for the audit slice with its share, so that the slice is answered
/// at its own pace whatever the signals; the others go to what is urgent, then by the share of suspected labels where the
/// project has one, or else by priority.
async fn choose(
    services: &Services,
    tx: &DatabaseTransaction,
    project: &Project,
    seeker: Seeker,
    missing: usize,
    holding: Holding,
) -> Result<Vec<Free>> {
    let queue = &project.settings.queue;
    let audit_places = (0..missing).filter(|_| draw() < queue.audit_rate).count();
    let mut chosen = free_tasks::audits(tx, &services.marks, seeker, audit_places).await?;
    let mut free = free_tasks::by_priority(tx, &services.marks, seeker, missing).await?;
    if chosen.is_empty() && free.is_empty() {
        // Others may be taking places of the last tasks at this moment, and leave some, so it waits for one of them. Whoever
        // waits holds no task that anybody could take. One wait is enough: how many remain is told beside the tasks.
        let contended = if holding == Holding::Nothing { Contended::Wait } else { Contended::Skip };
        free = free_tasks::left_over(tx, seeker, contended, missing).await?;
    }
    let is_new = |task: &Free| chosen.iter().all(|other| other.id() != task.id());
    let (urgent, others): (Vec<Free>, Vec<Free>) =
        free.others.into_iter().filter(is_new).partition(Free::is_urgent);
    let suspects: Vec<Free> = free.suspects.into_iter().filter(is_new).collect();
    let share = queue.label_share.filter(|_| queue.target == Target::Both);
    let by_score = interleaved(suspects, others, share);
    chosen.extend(urgent.into_iter().chain(by_score).take(missing - chosen.len()));
    Ok(chosen)
}

/// Suspected labels and others in the order in which they are served: each place is drawn for the former with their share,
/// or goes to the first by priority; where one sort has come to its end, the other follows.
fn interleaved(suspects: Vec<Free>, others: Vec<Free>, share: Option<f64>) -> impl Iterator<Item = Free> {
    let mut suspects = suspects.into_iter().peekable();
    let mut others = others.into_iter().peekable();
    std::iter::from_fn(move || {
        let is_suspect = match (suspects.peek(), others.peek(), share) {
            (Some(_), Some(_), Some(share)) => draw() < share,
            (Some(suspect), Some(other), None) => suspect.is_before(other),
            (suspect, _, _) => suspect.is_some(),
        };
        if is_suspect { suspects.next() } else { others.next() }
    })
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
pub(super) fn draw() -> f64 {
    (u64::from_le_bytes(clock::random()) >> 11) as f64 / (1u64 << 53) as f64
}

/// A lease id: sorts by time, cannot be guessed.
pub(crate) fn new_lease(now: Timestamp) -> String {
    let milliseconds = u64::try_from(now.0 / 1000).unwrap_or(0);
    ulid::Ulid::from_parts(milliseconds, u128::from_le_bytes(clock::random())).to_string()
}

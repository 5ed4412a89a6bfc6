//! Keeps what people answered elsewhere as annotations of their own, which count like those that are given here.
//!
//! What becomes of the sample's task is what would have if they had answered it here:
//! - An open task takes the answers. It gets as many more places as it needs for them, so that nobody loses one that they
//!   hold; what is left of its places goes on waiting for people. When nothing more comes about the sample it settles.
//! - A task in review, and one that the policy alone approved and whose label is not cut, takes them too.
//! - Once a person has decided, or the label is in a version, a new round begins: the sample gets a new task, as does one
//!   that has none. Its reason is that an import disagrees, as strongly as it does.
//!
//! Of a person and a sample the first answer stays, whatever became of it.

use super::{
    given::Given,
    people::{People, Person},
    places::Places,
};
use crate::{
    actor::Actor,
    entity::{annotation, label, slot, task},
    error::{Error, Result},
    repo::{
        annotations, answered_slots, decisions,
        projects::Project,
        requeue, samples,
        signals::{self, Given as Signal},
        sql::reserve,
        tasks,
        versions::{self, BATCH},
    },
    usecase::{
        lifecycle::{self, Believing},
        queue,
    },
};
use domain::{
    canonical,
    id::{AnnotatorId, SampleId},
    name::SampleKey,
    signal::SignalKind,
    task::TaskState,
    time::Timestamp,
};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};

/// What a line brings about one sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brought<'a> {
    pub key: &'a SampleKey,
    pub given: &'a [Given],
    /// Whether the upload has more about the sample, for which its task waits.
    pub is_followed: bool,
}

/// What keeping answers did.
#[derive(Debug, Default)]
pub(super) struct Kept<'a> {
    /// Annotations that are new.
    pub answers: i64,
    /// Tasks that were opened for them.
    pub tasks_opened: i64,
    /// Tasks that have all their answers by them.
    pub tasks_settled: i64,
    /// What was not kept, in the order of the lines.
    pub left_out: Vec<LeftOut<'a>>,
}

/// An answer that was not kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeftOut<'a> {
    /// Which line brought it, from 0.
    pub line: usize,
    pub given: &'a Given,
    pub why: Why,
}

/// Why an answer was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Its annotator has answered the sample already.
    Repeated,
    /// Nobody can be asked about the sample any more: it was erased meanwhile.
    Closed,
}

/// Keeps the answers that the lines bring, whose samples are written and queued.
pub(super) async fn keep_all<'a>(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: &Project,
    lines: &[Brought<'a>],
    now: Timestamp,
) -> Result<Kept<'a>> {
    let mut kept = Kept::default();
    for (chunk, lines) in lines.chunks(BATCH).enumerate() {
        let mut keeping = Keeping { tx, actor, project, now, kept, samples: BTreeMap::new() };
        keeping.gather(chunk * BATCH, lines).await?;
        keeping.find_tasks().await?;
        keeping.write().await?;
        keeping.settle().await?;
        kept = keeping.kept;
    }
    kept.left_out.sort_by_key(|left_out| left_out.line);
    Ok(kept)
}

/// Answers that are being kept.
struct Keeping<'a, 't> {
    tx: &'t DatabaseTransaction,
    actor: &'t Actor,
    project: &'t Project,
    now: Timestamp,
    kept: Kept<'a>,
    /// In one order for everybody who locks them.
    samples: BTreeMap<SampleId, OfSample<'a>>,
}

/// What comes about one sample.
#[derive(Debug, Default)]
struct OfSample<'a> {
    new: Vec<New<'a>>,
    is_followed: bool,
    /// The task that takes the answers.
    task: Option<task::Model>,
    was_in_review: bool,
    any_answered: bool,
}

/// An answer of somebody who had not answered yet.
#[derive(Clone, Copy, Debug)]
struct New<'a> {
    annotator: AnnotatorId,
    given: &'a Given,
    line: usize,
}

impl<'a> Keeping<'a, '_> {
    /// Holds the samples' tasks, and sorts the answers by sample, without those of people who have answered already.
    /// `first`: the number of the first line.
    async fn gather(&mut self, first: usize, lines: &[Brought<'a>]) -> Result<()> {
        let keys: Vec<&str> = lines.iter().map(|line| line.key.as_str()).collect();
        let rows = samples::by_keys(self.tx, self.project.id, &keys).await?;
        let ids: Vec<SampleId> = rows.values().map(|row| SampleId(row.id)).collect();
        self.samples.extend(ids.iter().map(|id| (*id, OfSample::default())));
        // Before it is read who has answered, so that nobody answers after that.
        self.take(tasks::lock_active(self.tx, &ids).await?);
        let mut known = annotations::annotators_of(self.tx, &ids).await?;
        let all = lines.iter().flat_map(|line| line.given);
        let people = People::find(self.tx, self.project.id, all, self.now).await?;
        for (line, brought) in (first..).zip(lines) {
            let row = rows.get(brought.key.as_str()).ok_or_else(|| Error::internal("a sample is gone"))?;
            let known = known.entry(SampleId(row.id)).or_default();
            let sample = self.samples.entry(SampleId(row.id)).or_default();
            sample.is_followed = brought.is_followed;
            for given in brought.given {
                let person: Person = people.of(given).ok_or_else(|| Error::internal("nobody answered"))?;
                if person.is_among(known) {
                    self.kept.left_out.push(LeftOut { line, given, why: Why::Repeated });
                } else {
                    known.insert(person.id);
                    sample.new.push(New { annotator: person.id, given, line });
                }
            }
        }
        Ok(())
    }

    /// Finds the task that takes the answers to each sample that has no active one, and opens those that there are not.
    async fn find_tasks(&mut self) -> Result<()> {
        let without = self.without_task();
        for mut task in tasks::lock_approved_by_policy(self.tx, &without).await? {
            if !decisions::is_cut(self.tx, task.id()).await? {
                lifecycle::open_again(self.tx, self.project, &mut task, self.now).await?;
                self.take(HashMap::from([(task.sample(), task)]));
            }
        }
        let without = self.without_task();
        let labels = versions::current(self.tx, without.iter().copied()).await?;
        let mut given = Vec::with_capacity(without.len());
        for sample in &without {
            given.push(self.signal(*sample, labels.get(sample))?);
        }
        signals::give(self.tx, &given, self.actor.user(), self.now).await?;
        let requeued = requeue::samples(self.tx, self.project, &without, self.now).await?;
        self.kept.tasks_opened += requeued.opened;
        self.take(tasks::lock_active(self.tx, &without).await?);
        for id in self.without_task() {
            let sample = self.samples.entry(id).or_default();
            let closed = |new: New<'a>| LeftOut { line: new.line, given: new.given, why: Why::Closed };
            self.kept.left_out.extend(sample.new.drain(..).map(closed));
        }
        for sample in self.samples.values_mut().filter(|sample| !sample.new.is_empty()) {
            let Some(task) = &mut sample.task else { continue };
            sample.was_in_review = task.state()? == TaskState::InReview;
            if sample.was_in_review {
                lifecycle::open_again(self.tx, self.project, task, self.now).await?;
            }
        }
        Ok(())
    }

    fn take(&mut self, tasks: HashMap<SampleId, task::Model>) {
        for (id, task) in tasks {
            if let Some(sample) = self.samples.get_mut(&id) {
                sample.task = Some(task);
            }
        }
    }

    /// The samples whose answers have no task yet.
    fn without_task(&self) -> Vec<SampleId> {
        let without = |sample: &OfSample<'_>| sample.task.is_none() && !sample.new.is_empty();
        self.samples.iter().filter(|(_, sample)| without(sample)).map(|(id, _)| *id).collect()
    }

    /// Why a sample is queued of which nothing else says so, as strongly as what came disagrees: with itself, or with the
    /// stored label.
    fn signal(&self, id: SampleId, label: Option<&label::Model>) -> Result<Signal> {
        let new = self.samples.get(&id).map_or(&[][..], |sample| sample.new.as_slice());
        let label = label.map(label::Model::answers).transpose()?.flatten();
        let alike = new.windows(2).all(|pair| pair[0].given.agrees(pair[1].given));
        let upheld = label.is_none_or(|label| new.iter().all(|new| new.given.says(&label)));
        let detail = match alike {
            true => json!({"answers": new.len(), "alike": true}),
            false => json!({"answers": new.len()}),
        };
        let score = if alike && upheld { 0.0 } else { 1.0 };
        Ok(Signal { sample: id, kind: SignalKind::ImportConflict, score, detail })
    }

    /// Writes the annotations, and the places that they fill.
    async fn write(&mut self) -> Result<()> {
        let tasks: Vec<_> =
            self.samples.values().filter_map(|sample| sample.task.as_ref()).map(task::Model::id).collect();
        let mut rows = answered_slots::of_tasks(self.tx, &tasks).await?;
        let count = self.samples.values().map(|sample| sample.new.len()).sum();
        let mut ids = reserve(self.tx, "annotations", count).await?.into_iter();
        let (mut answers, mut filled, mut given_up, mut wider) = (vec![], vec![], vec![], vec![]);
        for sample in self.samples.values_mut() {
            let Some(task) = &mut sample.task else { continue };
            let mut places = Places::of(task.slots, rows.remove(&task.id()).unwrap_or_default());
            for new in &sample.new {
                let id = ids.next().ok_or_else(|| Error::internal("an annotation has no id"))?;
                let slot = queue::new_slot(self.project, task.id(), new.annotator, self.now);
                let slot = slot::Model { annotation_id: Some(id), ..slot };
                let Some((slot, gives_way)) = places.give(slot, self.now) else {
                    let New { given, line, .. } = *new;
                    self.kept.left_out.push(LeftOut { line, given, why: Why::Repeated });
                    continue;
                };
                answers.push(row(self.project, task, *new, id, self.now)?);
                filled.push(slot);
                given_up.extend(gives_way);
            }
            if places.count > task.slots {
                task.slots = places.count;
                wider.push((task.id(), places.count));
            }
            sample.any_answered = places.any_answered();
        }
        self.kept.answers += i64::try_from(answers.len()).map_err(Error::internal)?;
        tasks::widen(self.tx, &wider).await?;
        annotations::append_all(self.tx, answers).await?;
        answered_slots::fill(self.tx, filled, &given_up).await
    }

    /// Moves the tasks on about which nothing more comes.
    async fn settle(&mut self) -> Result<()> {
        for sample in self.samples.values_mut() {
            let Some(task) = &mut sample.task else { continue };
            if sample.was_in_review {
                lifecycle::review_again(self.tx, task, self.now).await?;
            } else if task.state()? == TaskState::Open && sample.any_answered && !sample.is_followed {
                lifecycle::settle(self.tx, self.project, task, Believing::Equally, self.now).await?;
                self.kept.tasks_settled += i64::from(task.state()? != TaskState::Open);
            }
        }
        Ok(())
    }
}

fn row(
    project: &Project,
    task: &task::Model,
    new: New<'_>,
    id: i64,
    now: Timestamp,
) -> Result<annotation::Model> {
    let New { annotator, given, .. } = new;
    Ok(annotation::Model {
        id,
        project_id: task.project_id,
        task_id: task.id,
        sample_id: task.sample_id,
        annotator_id: annotator.0,
        content_id: task.content_id,
        verdict: given.verdict.as_str().to_owned(),
        answers: canonical::text_of(&given.answers)?,
        note: given.note.clone(),
        duration_ms: None,
        schema_revision: project.schema_revision,
        guideline_revision: project.guideline_revision,
        created_at: given.created_at.map_or(now.0, |at| at.0.min(now.0)),
    })
}

//! Writes some lines of an upload of samples: all that follows from them, in one transaction.

use super::{
    answers::{self, Brought, Why},
    fresh,
    kind::Writing,
    labels::{self, Labels, OnContent, Outcome, Stored},
    sample_lines::{GivenLabel, SampleLine},
};
use crate::{
    actor::Actor,
    entity::{label, sample},
    error::{Error, Result},
    repo::{
        contents::{self, NewContent},
        entering, label_rows,
        predictions::{self, Sent},
        projects::Project,
        requeue,
        samples::{self, Received},
        signals::{self, Given},
        sql::reserve,
        versions::{self, BATCH, Effects, NewLabelRow},
    },
};
use domain::{
    id::{ContentId, SampleId},
    time::Timestamp,
};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Whose lines are written, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct SampleWriting<'a> {
    tx: &'a DatabaseTransaction,
    actor: &'a Actor,
    project: &'a Project,
    labels: Labels,
    /// The number of the version that the labels take effect with; none where no line of the upload says a label.
    version: Option<i64>,
    now: Timestamp,
}

/// What lines did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Written {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub conflicts: i64,
    pub tasks_opened: i64,
    /// Annotations that are new.
    pub answers: i64,
    /// Annotations that were left out because their annotator had answered already.
    pub repeated: i64,
    pub effects: Effects,
}

impl<'a> SampleWriting<'a> {
    pub(super) fn of(writing: Writing<'a>, labels: Labels) -> Self {
        let Writing { tx, actor, project, version, now, .. } = writing;
        Self { tx, actor, project, labels, version, now }
    }

    /// Writes lines, no two of one sample.
    pub(super) async fn lines(&self, lines: &[SampleLine]) -> Result<Written> {
        let mut written = Written::default();
        for lines in lines.chunks(BATCH) {
            self.batch(lines, &mut written).await?;
        }
        Ok(written)
    }

    async fn batch(&self, lines: &[SampleLine], written: &mut Written) -> Result<()> {
        let (tx, project, now) = (self.tx, self.project, self.now);
        let keys: Vec<&str> = lines.iter().map(|line| line.key.as_str()).collect();
        let known = samples::by_keys(tx, project.id, &keys).await?;
        let (old, new): (Vec<&SampleLine>, Vec<&SampleLine>) =
            lines.iter().partition(|line| known.contains_key(line.key.as_str()));
        let fresh = fresh::write(tx, project, &new, now).await?;
        written.created += i64::try_from(new.len()).map_err(Error::internal)?;
        written.tasks_opened += fresh.tasks_opened;
        let mut rows = fresh.rows;
        if !old.is_empty() {
            let changes = self.known_samples(&old, known, written).await?;
            signals::give(tx, &changes.conflicts, self.actor.user(), now).await?;
            rows.extend(changes.rows);
            self.enter(rows, written).await?;
            let changed: Vec<SampleId> = changes.samples.into_iter().collect();
            written.tasks_opened += requeue::samples(tx, project, &changed, now).await?.opened;
        } else {
            self.enter(rows, written).await?;
        }
        let answered = lines.iter().filter(|line| !line.given.is_empty());
        let brought: Vec<Brought<'_>> =
            answered.map(|line| Brought { key: &line.key, given: &line.given, is_followed: false }).collect();
        let kept = answers::keep_all(tx, self.actor, project, &brought, now).await?;
        written.answers += kept.answers;
        let repeated = kept.left_out.iter().filter(|left_out| left_out.why == Why::Repeated).count();
        written.repeated += i64::try_from(repeated).map_err(Error::internal)?;
        written.tasks_opened += kept.tasks_opened;
        Ok(())
    }

    async fn enter(&self, rows: Vec<NewLabelRow>, written: &mut Written) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let number = self.version.ok_or_else(|| Error::internal("labels without a version"))?;
        written.effects.add(entering::enter(self.tx, self.project.id, number, rows, self.now).await?);
        Ok(())
    }

    /// Writes lines of samples that are there.
    async fn known_samples(
        &self,
        lines: &[&SampleLine],
        samples: HashMap<String, sample::Model>,
        written: &mut Written,
    ) -> Result<Changes> {
        let ids: Vec<SampleId> = samples.values().map(|sample| SampleId(sample.id)).collect();
        let before = Before {
            samples,
            current: versions::current(self.tx, ids.iter().copied()).await?,
            staged: label_rows::staged(self.tx, &ids).await?,
        };
        let contents = self.contents(lines, &before).await?;
        let predictions = self.predictions(lines, &before).await?;
        let mut changes = Changes::default();
        let mut received = Vec::new();
        for line in lines {
            let (sample, id) = before.sample(line)?;
            let content = contents.get(&id).ok_or_else(|| Error::internal("a content is gone"))?;
            let label = self.label(line, sample, &before, content, &mut changes)?;
            let other_content = sample.content_id != Some(content.on.id.0);
            if other_content || content.refilled || label.said {
                let imported_label =
                    if label.said { line.label.text().flatten() } else { sample.imported_label.clone() };
                received.push(Received { sample: id, content: content.on.id, imported_label });
            }
            if other_content || content.refilled || label.changes || predictions.contains(&id) {
                written.updated += 1;
                changes.samples.insert(id);
            } else {
                written.unchanged += 1;
            }
        }
        written.conflicts += i64::try_from(changes.conflicts.len()).map_err(Error::internal)?;
        samples::receive(self.tx, &received).await?;
        Ok(changes)
    }

    /// The content revision of each line, made where there is none with its hash.
    async fn contents(&self, lines: &[&SampleLine], before: &Before) -> Result<HashMap<SampleId, OfLine>> {
        let ids = lines.iter().map(|line| Ok(before.sample(line)?.1)).collect::<Result<Vec<_>>>()?;
        let known = contents::known(self.tx, &ids).await?;
        let mut found = HashMap::with_capacity(lines.len());
        let mut missing = Vec::new();
        for (line, id) in lines.iter().zip(&ids) {
            let revisions = known.get(id).map_or(&[][..], Vec::as_slice);
            let Some(revision) = revisions.iter().find(|revision| revision.hash == line.hash) else {
                missing.push((line, *id, revisions.last().map_or(1, |last| last.revision + 1)));
                continue;
            };
            if revision.erased {
                let (fields, metadata) = (line.fields.clone(), line.metadata.clone());
                contents::refill(self.tx, ContentId(revision.id), fields, metadata).await?;
            }
            let on = OnContent { id: ContentId(revision.id), hash: line.hash.clone() };
            found.insert(*id, OfLine { on, refilled: revision.erased });
        }
        let reserved = reserve(self.tx, "contents", missing.len()).await?;
        let mut new = Vec::with_capacity(missing.len());
        for ((line, sample, revision), id) in missing.into_iter().zip(reserved) {
            let (id, hash) = (ContentId(id), line.hash.clone());
            found.insert(sample, OfLine { on: OnContent { id, hash: hash.clone() }, refilled: false });
            let (fields, metadata) = (line.fields.clone(), line.metadata.clone());
            new.push(NewContent { id, sample, revision, hash, fields, metadata });
        }
        contents::add(self.tx, new, self.now).await?;
        Ok(found)
    }

    /// The samples whose predictions changed.
    async fn predictions(&self, lines: &[&SampleLine], before: &Before) -> Result<HashSet<SampleId>> {
        let with_predictions = lines.iter().filter(|line| !line.predictions.is_empty());
        let sent: Vec<(SampleId, &[Sent])> = with_predictions
            .map(|line| Ok((before.sample(line)?.1, line.predictions.as_slice())))
            .collect::<Result<_>>()?;
        let written = predictions::write(self.tx, self.project.id, &sent, self.now).await?;
        Ok(written.changed.into_iter().collect())
    }

    fn label(
        &self,
        line: &SampleLine,
        sample: &sample::Model,
        before: &Before,
        content: &OfLine,
        changes: &mut Changes,
    ) -> Result<OfLabel> {
        let id = SampleId(sample.id);
        let stored = Stored { current: before.current.get(&id), staged: before.staged.get(&id) };
        let outcome = labels::outcome(&line.label, sample.imported_label.as_deref(), stored, self.labels)?;
        let answers = match &line.label {
            GivenLabel::Label(answers) => Some(answers),
            GivenLabel::Absent | GivenLabel::Remove => None,
        };
        match outcome {
            Outcome::Unchanged => return Ok(OfLabel { said: false, changes: false }),
            Outcome::Agrees => return Ok(OfLabel { said: true, changes: false }),
            Outcome::Replaces => {
                let (answers, on) = (answers.cloned(), content.on.clone());
                changes.rows.push(labels::row(self.project, sample, answers, stored.current, on)?);
            }
            Outcome::Conflicts => changes.conflicts.push(labels::conflict(sample, answers)),
        }
        Ok(OfLabel { said: true, changes: true })
    }
}

/// What lines change of samples that are there.
#[derive(Default)]
struct Changes {
    /// Changed in anything.
    samples: BTreeSet<SampleId>,
    rows: Vec<NewLabelRow>,
    conflicts: Vec<Given>,
}

/// What is stored of the samples of some lines.
struct Before {
    samples: HashMap<String, sample::Model>,
    current: HashMap<SampleId, label::Model>,
    staged: HashMap<SampleId, label::Model>,
}

/// The content revision of a line.
struct OfLine {
    on: OnContent,
    /// It was erased, and is there again.
    refilled: bool,
}

/// What a line did to the label.
struct OfLabel {
    /// Another label than the one imported last was said.
    said: bool,
    /// The stored label, or the sample's place in the queue, changes by it.
    changes: bool,
}

impl Before {
    fn sample(&self, line: &SampleLine) -> Result<(&sample::Model, SampleId)> {
        let sample = self.samples.get(line.key.as_str());
        let sample = sample.ok_or_else(|| Error::internal("a sample was not written"))?;
        Ok((sample, SampleId(sample.id)))
    }
}

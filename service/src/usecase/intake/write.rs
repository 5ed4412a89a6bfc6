//! Writes the lines of an upload of samples, some hundreds at a time, and gathers what follows from them.

use super::{
    labels::{self, Labels, OnContent, Outcome, Stored},
    sample_lines::{GivenLabel, SampleLine},
};
use crate::{
    entity::{label, sample},
    error::{Error, Result},
    repo::{
        contents::{self, NewContent},
        label_rows,
        predictions::{self, Sent},
        projects::Project,
        samples::{self, Received},
        signals::{self, Given},
        versions::{self, NewLabelRow},
    },
};
use domain::{
    id::{ContentId, SampleId, UserId},
    time::Timestamp,
};
use sea_orm::DatabaseTransaction;
use std::collections::{BTreeSet, HashMap, HashSet};

/// An upload that is being written.
pub(super) struct Writing<'a> {
    tx: &'a DatabaseTransaction,
    project: &'a Project,
    labels: Labels,
    now: Timestamp,
    written: Written,
    conflicts: Vec<Given>,
}

/// What was written, and what is still to be done with it.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub created: i64,
    pub updated: i64,
    pub unchanged: i64,
    pub conflicts: i64,
    /// Samples that are new or changed in anything.
    pub changed: BTreeSet<SampleId>,
    /// The label changes, for one version.
    pub rows: Vec<NewLabelRow>,
}

/// What is stored of the samples of some lines.
struct Before {
    samples: HashMap<String, sample::Model>,
    /// External ids of samples that these lines brought.
    created: HashSet<String>,
    current: HashMap<SampleId, label::Model>,
    staged: HashMap<SampleId, label::Model>,
}

impl<'a> Writing<'a> {
    pub(super) fn new(
        tx: &'a DatabaseTransaction,
        project: &'a Project,
        labels: Labels,
        now: Timestamp,
    ) -> Self {
        Self { tx, project, labels, now, written: Written::default(), conflicts: Vec::new() }
    }

    /// Writes some lines, no two of one sample.
    pub(super) async fn lines(&mut self, lines: &[SampleLine]) -> Result<()> {
        let before = self.before(lines).await?;
        let contents = self.contents(lines, &before).await?;
        let predictions = self.predictions(lines, &before).await?;
        let mut received = Vec::new();
        for line in lines {
            let (sample, id) = before.sample(line)?;
            let content = contents.get(&id).ok_or_else(|| Error::internal("a content is gone"))?;
            let label = self.label(line, sample, &before, content)?;
            let other_content = sample.content_id != Some(content.on.id.0);
            if other_content || content.refilled || label.said {
                let imported_label =
                    if label.said { line.label.text().flatten() } else { sample.imported_label.clone() };
                received.push(Received { sample: id, content: content.on.id, imported_label });
            }
            if before.created.contains(line.key.as_str()) {
                self.written.created += 1;
            } else if other_content || content.refilled || label.changes || predictions.contains(&id) {
                self.written.updated += 1;
            } else {
                self.written.unchanged += 1;
                continue;
            }
            self.written.changed.insert(id);
        }
        samples::receive(self.tx, &received).await
    }

    /// Writes what all lines together brought.
    pub(super) async fn finish(self, author: Option<UserId>) -> Result<Written> {
        signals::give(self.tx, &self.conflicts, author, self.now).await?;
        Ok(self.written)
    }

    /// The samples of the lines, made where they are new, with their labels.
    async fn before(&self, lines: &[SampleLine]) -> Result<Before> {
        let keys: Vec<&str> = lines.iter().map(|line| line.key.as_str()).collect();
        let known = samples::by_keys(self.tx, self.project.id, &keys).await?;
        let new: Vec<&str> = keys.iter().copied().filter(|key| !known.contains_key(*key)).collect();
        samples::add(self.tx, self.project, &new, self.now).await?;
        let mut samples = samples::by_keys(self.tx, self.project.id, &new).await?;
        let created = samples.keys().cloned().collect();
        let old: Vec<SampleId> = known.values().map(|sample| SampleId(sample.id)).collect();
        samples.extend(known);
        Ok(Before {
            samples,
            created,
            current: versions::current(self.tx, old.iter().copied()).await?,
            staged: label_rows::staged(self.tx, &old).await?,
        })
    }

    /// The content revision of each line, made where there is none with its hash.
    async fn contents(&self, lines: &[SampleLine], before: &Before) -> Result<HashMap<SampleId, OfLine>> {
        let ids = lines.iter().map(|line| Ok(before.sample(line)?.1)).collect::<Result<Vec<_>>>()?;
        let known = contents::known(self.tx, &ids).await?;
        let mut refilled = HashSet::new();
        let mut new = Vec::new();
        for (line, id) in lines.iter().zip(&ids) {
            let revisions = known.get(id).map_or(&[][..], Vec::as_slice);
            match revisions.iter().find(|revision| revision.hash == line.hash) {
                Some(revision) if revision.erased => {
                    refilled.insert(*id);
                    let (fields, metadata) = (line.fields.clone(), line.metadata.clone());
                    contents::refill(self.tx, ContentId(revision.id), fields, metadata).await?;
                }
                Some(_) => {}
                None => new.push(NewContent {
                    sample: *id,
                    revision: revisions.last().map_or(1, |last| last.revision + 1),
                    hash: line.hash.clone(),
                    fields: line.fields.clone(),
                    metadata: line.metadata.clone(),
                }),
            }
        }
        let added: Vec<SampleId> = new.iter().map(|content| content.sample).collect();
        contents::add(self.tx, new, self.now).await?;
        let mut known = known;
        known.extend(contents::known(self.tx, &added).await?);
        let of_line = |(line, id): (&SampleLine, SampleId)| {
            let revisions = known.get(&id).map_or(&[][..], Vec::as_slice);
            let revision = revisions.iter().find(|revision| revision.hash == line.hash);
            let revision = revision.ok_or_else(|| Error::internal("a content was not written"))?;
            let on = OnContent { id: ContentId(revision.id), hash: revision.hash.clone() };
            Ok((id, OfLine { on, refilled: refilled.contains(&id) }))
        };
        lines.iter().zip(ids).map(of_line).collect()
    }

    /// The samples whose predictions changed.
    async fn predictions(&self, lines: &[SampleLine], before: &Before) -> Result<BTreeSet<SampleId>> {
        let with_predictions = lines.iter().filter(|line| !line.predictions.is_empty());
        let sent: Vec<(SampleId, &[Sent])> = with_predictions
            .map(|line| Ok((before.sample(line)?.1, line.predictions.as_slice())))
            .collect::<Result<_>>()?;
        Ok(predictions::write(self.tx, self.project.id, &sent, self.now).await?.changed)
    }

    fn label(
        &mut self,
        line: &SampleLine,
        sample: &sample::Model,
        before: &Before,
        content: &OfLine,
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
                self.written.rows.push(labels::row(self.project, sample, answers, stored.current, on)?);
            }
            Outcome::Conflicts => {
                self.written.conflicts += 1;
                self.conflicts.push(labels::conflict(sample, answers));
            }
        }
        Ok(OfLabel { said: true, changes: true })
    }
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

//! Writes samples that are new. All that is known of them is in their lines, so that nothing has to be looked up.

use super::{
    labels::{self, OnContent},
    sample_lines::{GivenLabel, SampleLine},
};
use crate::{
    entity::sample,
    error::{Error, Result},
    repo::{
        contents::{self, NewContent},
        evidence,
        newest_predictions::Newest,
        predictions::{self, Sent},
        projects::Project,
        requeue,
        samples::{self, NewSample},
        sql::reserve,
        versions::NewLabelRow,
    },
};
use domain::{
    answer::Answers,
    id::{ContentId, SampleId},
    name::ModelName,
    time::Timestamp,
};
use sea_orm::DatabaseTransaction;
use std::collections::BTreeMap;

/// What writing new samples did.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    /// Their labels, for the version.
    pub rows: Vec<NewLabelRow>,
    pub tasks_opened: i64,
}

/// Writes the samples of these lines, their contents and predictions, and queues them. Their labels are returned.
pub(super) async fn write(
    tx: &DatabaseTransaction,
    project: &Project,
    lines: &[&SampleLine],
    now: Timestamp,
) -> Result<Fresh> {
    if lines.is_empty() {
        return Ok(Fresh::default());
    }
    let ids = reserve(tx, "samples", lines.len()).await?;
    let contents = reserve(tx, "contents", lines.len()).await?;
    let placed = || {
        lines
            .iter()
            .copied()
            .zip(ids.iter().copied().map(SampleId))
            .zip(contents.iter().copied().map(ContentId))
    };
    let new = placed().map(|((line, id), content)| NewSample {
        id,
        key: line.key.as_str(),
        content,
        imported_label: line.label.text().flatten(),
    });
    let added = samples::add(tx, project, new.collect(), now).await?;
    let new = placed().map(|((line, sample), id)| NewContent {
        id,
        sample,
        revision: 1,
        hash: line.hash.clone(),
        fields: line.fields.clone(),
        metadata: line.metadata.clone(),
    });
    contents::add(tx, new.collect(), now).await?;
    let sent: Vec<(SampleId, &[Sent])> =
        placed().map(|((line, sample), _)| (sample, line.predictions.as_slice())).collect();
    predictions::add(tx, project.id, &sent, now).await?;
    let mut rows = Vec::new();
    let mut weighed = Vec::with_capacity(added.len());
    for (((line, _), content), row) in placed().zip(added) {
        let label = label(line);
        if let Some(answers) = label {
            let on = OnContent { id: content, hash: line.hash.clone() };
            rows.push(labels::row(project, &row, Some(answers.clone()), None, on)?);
        }
        weighed.push(weigh(project, row, line, label, now)?);
    }
    let tasks_opened = requeue::new_samples(tx, project, &weighed, now).await?;
    Ok(Fresh { rows, tasks_opened })
}

fn label(line: &SampleLine) -> Option<&Answers> {
    match &line.label {
        GivenLabel::Label(answers) => Some(answers),
        // There is none that could be removed.
        GivenLabel::Absent | GivenLabel::Remove => None,
    }
}

fn weigh(
    project: &Project,
    row: sample::Model,
    line: &SampleLine,
    label: Option<&Answers>,
    now: Timestamp,
) -> Result<evidence::Weighed> {
    // Of each question the one that was sent last, as where they are read back.
    let newest: BTreeMap<&str, &Sent> =
        line.predictions.iter().map(|sent| (sent.question.as_str(), sent)).collect();
    let newest = newest.into_values().map(|sent| {
        Ok(Newest {
            question: sent.question.clone(),
            model: ModelName::parse(sent.model.clone()).map_err(Error::internal)?,
            probs: serde_json::from_str(&sent.probs)?,
            received_at: now,
            // It matters only for what was decided before, which is nothing.
            model_first_seen: now,
        })
    });
    let newest: Vec<Newest> = newest.collect::<Result<_>>()?;
    Ok(evidence::of_new(project, row, label, &newest))
}

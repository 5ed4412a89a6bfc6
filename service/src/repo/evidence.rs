//! What is known of samples when their place in the queue is worked out, gathered for many at once.

use crate::{
    entity::sample,
    error::Result,
    repo::{
        newest_predictions::{self, Newest},
        projects::Project,
        samples, signals,
        sql::{places, sql},
        versions,
    },
};
use domain::{
    answer::Answers,
    id::SampleId,
    signal::{Evidence, GivenReason, LastDecision, NewestPrediction, Reason, reasons},
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;

/// A sample and the reasons for which it belongs in the queue.
#[derive(Clone, Debug)]
pub(crate) struct Weighed {
    pub row: sample::Model,
    /// The strongest first; none: it does not belong.
    pub reasons: Vec<Reason>,
    /// Its place in the audit order, where it is in the slice and nobody has decided it.
    pub audit_rank: Option<f64>,
}

#[derive(FromQueryResult)]
struct DecisionRow {
    sample_id: i64,
    created_at: i64,
    schema_revision: i32,
    guideline_revision: i32,
}

/// Works out the reasons of these samples, at most [`versions::BATCH`].
pub(crate) async fn weigh<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    ids: &[SampleId],
) -> Result<Vec<Weighed>> {
    let rows = samples::by_ids(conn, project.id, ids).await?;
    let labels = versions::current(conn, ids.iter().copied()).await?;
    let predictions = newest_predictions::of_samples(conn, project.id, ids).await?;
    let given = signals::of_samples(conn, ids).await?;
    let decisions = last_decisions(conn, project, ids).await?;
    let mut weighed = Vec::with_capacity(rows.len());
    for row in rows {
        let id = SampleId(row.id);
        let label = labels.get(&id).map(|label| label.answers()).transpose()?.flatten();
        let predictions = predictions.get(&id).map_or(&[][..], Vec::as_slice);
        let given = given.get(&id).map_or(&[][..], Vec::as_slice);
        let known = Known { label: label.as_ref(), predictions, given };
        weighed.push(weigh_one(project, row, &known, decisions.get(&id).copied()));
    }
    Ok(weighed)
}

/// Works out the reasons of a new sample from what it came with.
pub(crate) fn of_new(
    project: &Project,
    row: sample::Model,
    label: Option<&Answers>,
    predictions: &[Newest],
) -> Weighed {
    weigh_one(project, row, &Known { label, predictions, given: &[] }, None)
}

/// What the rows say of one sample.
struct Known<'a> {
    label: Option<&'a Answers>,
    predictions: &'a [Newest],
    given: &'a [GivenReason],
}

fn weigh_one(
    project: &Project,
    row: sample::Model,
    known: &Known<'_>,
    last_decision: Option<LastDecision>,
) -> Weighed {
    let in_audit_slice = row.audit_rank < project.settings.queue.audit_rate;
    let audit_rank = (in_audit_slice && last_decision.is_none()).then_some(row.audit_rank);
    // Of an erased sample nothing is left that anybody could look at.
    if row.erased_at.is_some() {
        return Weighed { row, reasons: Vec::new(), audit_rank };
    }
    let predictions: Vec<NewestPrediction<'_>> = known
        .predictions
        .iter()
        .map(|newest| NewestPrediction {
            question: &newest.question,
            model: newest.model.as_str(),
            probs: &newest.probs,
            received_at: newest.received_at,
            model_first_seen: newest.model_first_seen,
        })
        .collect();
    let evidence = Evidence {
        stored_label: known.label,
        predictions: &predictions,
        last_decision,
        given: known.given,
        in_audit_slice,
    };
    let reasons = reasons(&project.schema, &project.settings.queue, &evidence);
    Weighed { row, reasons, audit_rank }
}

/// The last decision on each of these samples that stands: one that was taken back has left its task.
async fn last_decisions<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    ids: &[SampleId],
) -> Result<HashMap<SampleId, LastDecision>> {
    let text = format!(
        "SELECT sample_id, created_at, schema_revision, guideline_revision FROM decisions WHERE id IN
         (SELECT MAX(d.id) FROM decisions d JOIN tasks t ON t.id = d.task_id
          WHERE d.sample_id IN ({}) AND d.kind IN ('approve', 'correct', 'dismiss')
          AND t.state IN ('approved', 'dismissed') GROUP BY d.sample_id)",
        places(1, ids.len())
    );
    let rows = DecisionRow::find_by_statement(sql(conn, &text, ids.iter().map(|id| id.0.into())));
    let last = |row: DecisionRow| LastDecision {
        at: Timestamp(row.created_at),
        under_current_revisions: row.schema_revision == project.schema_revision
            && row.guideline_revision == project.guideline_revision,
    };
    Ok(rows.all(conn).await?.into_iter().map(|row| (SampleId(row.sample_id), last(row))).collect())
}

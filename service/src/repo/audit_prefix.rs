//! What the audit slice says of labels and predictions.
//!
//! Only the fully decided beginning of the audit order counts: samples that are quick to decide would otherwise be
//! over-represented.

use crate::{error::Result, repo::sql::sql};
use domain::{
    answer::Answers,
    estimate::{Found, Tally},
    id::ProjectId,
    outcome::Predicted,
    provenance::Provenance,
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::BTreeMap;

/// How many samples of the audit slice one query reads.
const PAGE: i64 = 500;

#[derive(FromQueryResult)]
struct Row {
    id: i64,
    audit_rank: f64,
    kind: Option<String>,
    predicted: Option<String>,
    label: Option<String>,
    provenance: Option<String>,
    had_label: i64,
}

/// One page of the audit order: the samples of the slice, each with its first decision that stands, which is the one
/// that chance chose it for. An erased sample can be decided no more. `$1` project, `$2` rate, `$3` and `$4` where the
/// page before ended.
const AUDITED: &str = "
    SELECT s.id, s.audit_rank, d.kind, d.predicted, l.label, l.provenance,
      (SELECT COUNT(*) FROM labels b WHERE b.sample_id = s.id AND b.from_version IS NOT NULL
         AND b.label IS NOT NULL AND b.created_at <= d.created_at AND b.id <> COALESCE(l.id, 0)) AS had_label
    FROM samples s
      LEFT JOIN decisions d ON d.id = (
        SELECT MIN(f.id) FROM decisions f JOIN tasks t ON t.id = f.task_id
        WHERE f.sample_id = s.id AND f.kind IN ('approve', 'correct', 'dismiss')
          AND t.state IN ('approved', 'dismissed')
          AND f.id = (SELECT MAX(x.id) FROM decisions x WHERE x.task_id = f.task_id))
      LEFT JOIN labels l ON l.decision_id = d.id
    WHERE s.project_id = $1 AND s.audit_rank < $2 AND (s.erased_at IS NULL OR d.id IS NOT NULL)
      AND (s.audit_rank > $3 OR (s.audit_rank = $3 AND s.id > $4))
    ORDER BY s.audit_rank, s.id LIMIT $5";

/// What the audited samples say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Audit {
    /// Samples that had a stored label when they were decided; an error: the decision changed or removed it.
    pub labels: Tally,
    /// Samples that had a prediction when they were decided; an error: the most probable option of a question is not
    /// the label's.
    pub predictions: Tally,
    /// The same, question by question.
    pub by_question: BTreeMap<String, ByQuestion>,
}

/// What they say of one question.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ByQuestion {
    pub labels: Tally,
    pub predictions: Tally,
}

/// Reads the audit order of `questions` up to the first sample that is not decided.
pub(crate) async fn read<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    audit_rate: f64,
    questions: impl IntoIterator<Item = &str>,
) -> Result<Audit> {
    let none = |name: &str| (name.to_owned(), ByQuestion::default());
    let by_question = questions.into_iter().map(none).collect();
    let mut audit = Audit { by_question, ..Audit::default() };
    let mut last = (-1.0, 0);
    loop {
        let values = [project.0.into(), audit_rate.into(), last.0.into(), last.1.into(), PAGE.into()];
        let rows = Row::find_by_statement(sql(conn, AUDITED, values)).all(conn).await?;
        let Some(end) = rows.last().map(|row| (row.audit_rank, row.id)) else { return Ok(audit) };
        for row in rows {
            if row.kind.is_none() {
                return Ok(audit);
            }
            audit.count_label(&row)?;
            audit.count_prediction(&row)?;
        }
        last = end;
    }
}

impl Audit {
    /// Counts the label that was stored when the sample was decided, where one was.
    fn count_label(&mut self, row: &Row) -> Result<()> {
        // Dismissed: the stored label stayed.
        if row.kind.as_deref() == Some("dismiss") {
            if row.had_label > 0 {
                self.labels.add(Found::Right);
                self.by_question.values_mut().for_each(|of| of.labels.add(Found::Right));
            }
            return Ok(());
        }
        let Some(provenance) = &row.provenance else { return Ok(()) };
        let provenance: Provenance = serde_json::from_str(provenance)?;
        let Some(before) = provenance.previous else { return Ok(()) };
        let after: Option<Answers> = row.label.as_deref().map(serde_json::from_str).transpose()?;
        self.labels.add(found(after.as_ref() == Some(&before)));
        for (question, of) in &mut self.by_question {
            let kept = after.as_ref().is_some_and(|after| after.0.get(question) == before.0.get(question));
            of.labels.add(found(kept));
        }
        Ok(())
    }

    /// Counts the predictions that were newest when the sample was decided.
    fn count_prediction(&mut self, row: &Row) -> Result<()> {
        let Some(predicted) = &row.predicted else { return Ok(()) };
        let predicted: Predicted = serde_json::from_str(predicted)?;
        self.predictions.add(found(predicted.wrong.is_empty()));
        for (question, of) in &mut self.by_question {
            if predicted.right.contains(question) || predicted.wrong.contains(question) {
                of.predictions.add(found(predicted.right.contains(question)));
            }
        }
        Ok(())
    }
}

fn found(right: bool) -> Found {
    if right { Found::Right } else { Found::Wrong }
}

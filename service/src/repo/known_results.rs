//! What people answered to known-answer tasks, compared with what is known.
//!
//! Counts only answers that a slot points to, of known answers that are not retired, since a manager last closed a notice
//! about the person.

use crate::{
    error::{Error, Result},
    repo::sql::sql,
};
use domain::{
    answer::{Answers, Verdict},
    id::{AnnotatorId, ProjectId},
    known::{KnownResult, Standing, WINDOW},
};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;

#[derive(FromQueryResult)]
struct Row {
    annotator_id: i64,
    known: String,
    verdict: String,
    answers: String,
}

const RESULTS: &str = "
  SELECT a.id, a.annotator_id, a.verdict, a.answers, k.answers AS known
  FROM known_answers k JOIN slots s ON s.task_id = k.task_id JOIN annotations a ON a.id = s.annotation_id
  WHERE k.project_id = $1 AND k.retired_at IS NULL
    AND a.id > COALESCE((SELECT MAX(n.counted_until) FROM notices n WHERE n.annotator_id = a.annotator_id), 0)";

/// The annotator's last results.
pub(crate) async fn of_annotator<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    annotator: AnnotatorId,
) -> Result<Standing> {
    let text = format!("{RESULTS} AND s.annotator_id = $2 ORDER BY a.id DESC LIMIT {WINDOW}");
    let values = [project.0.into(), annotator.0.into()];
    let rows = Row::find_by_statement(sql(conn, &text, values)).all(conn).await?;
    Ok(Standing::of(rows.iter().map(result).collect::<Result<Vec<_>>>()?))
}

/// The last results of everybody who has some.
pub(crate) async fn of_project<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
) -> Result<HashMap<AnnotatorId, Standing>> {
    let text = format!(
        "SELECT * FROM (SELECT r.*, ROW_NUMBER() OVER (PARTITION BY r.annotator_id ORDER BY r.id DESC) AS place
                        FROM ({RESULTS}) r) numbered
         WHERE place <= {WINDOW} ORDER BY id DESC"
    );
    let rows = Row::find_by_statement(sql(conn, &text, [project.0.into()])).all(conn).await?;
    let mut results: HashMap<AnnotatorId, Vec<KnownResult>> = HashMap::new();
    for row in &rows {
        results.entry(AnnotatorId(row.annotator_id)).or_default().push(result(row)?);
    }
    Ok(results.into_iter().map(|(annotator, results)| (annotator, Standing::of(results))).collect())
}

fn result(row: &Row) -> Result<KnownResult> {
    compare(&row.known, &row.verdict, &row.answers)
}

/// Compares what was answered with what is known, all as it is stored.
pub(crate) fn compare(known: &str, verdict: &str, answers: &str) -> Result<KnownResult> {
    let known: Answers = serde_json::from_str(known)?;
    let said: Answers = serde_json::from_str(answers)?;
    let verdict = Verdict::parse(verdict).ok_or_else(|| Error::internal("an unknown verdict"))?;
    Ok(KnownResult::of(&known, verdict, &said))
}

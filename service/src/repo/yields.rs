//! What each reason yields. Reads only rows of tasks that somebody answered or decided: nothing here looks at those that
//! wait.

use crate::{
    error::{Error, Result},
    repo::sql::sql,
};
use domain::{estimate::Tally, id::ProjectId, signal::SignalKind, time::Timestamp};
use sea_orm::{ConnectionTrait, FromQueryResult, Value};
use std::collections::HashMap;

/// Counts of the tasks with one reason.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub(crate) struct Decided {
    reason: String,
    pub corrected: i64,
    pub removed: i64,
    pub added: i64,
    pub upheld: i64,
    pub unlabelled: i64,
    pub ambiguous: i64,
    predicted: i64,
    mispredicted: i64,
}

impl Decided {
    /// Wrong stored labels among those that were looked at.
    pub(crate) fn labels(&self) -> Tally {
        let errors = self.corrected + self.removed;
        Tally { errors, of: errors + self.upheld }
    }

    /// Wrong predictions among those that were looked at.
    pub(crate) fn predictions(&self) -> Tally {
        Tally { errors: self.mispredicted, of: self.predicted }
    }
}

/// The last decision of each task, where it stands, by the task's reason. `predicted` ends with the list of the
/// questions that the model had wrong. A task that nobody answered has no consensus either, but is not ambiguous.
const DECIDED: &str = r#"
    SELECT t.reason_kind AS reason,
      COUNT(CASE WHEN d.outcome = 'corrected' THEN 1 END) AS corrected,
      COUNT(CASE WHEN d.outcome = 'removed' THEN 1 END) AS removed,
      COUNT(CASE WHEN d.outcome = 'added' THEN 1 END) AS added,
      COUNT(CASE WHEN d.outcome = 'upheld' THEN 1 END) AS upheld,
      COUNT(CASE WHEN d.outcome = 'unlabelled' THEN 1 END) AS unlabelled,
      COUNT(CASE WHEN t.disagreement >= $4 AND EXISTS (
        SELECT 1 FROM slots s WHERE s.task_id = t.id AND s.annotation_id IS NOT NULL) THEN 1 END) AS ambiguous,
      COUNT(d.predicted) AS predicted,
      COUNT(CASE WHEN d.predicted NOT LIKE '%"wrong":[]}' THEN 1 END) AS mispredicted
    FROM decisions d JOIN tasks t ON t.id = d.task_id
    WHERE d.project_id = $1 AND d.outcome IS NOT NULL AND d.created_at >= $2 AND d.created_at < $3
      AND t.state IN ('approved', 'dismissed')
      AND d.id = (SELECT MAX(x.id) FROM decisions x WHERE x.task_id = d.task_id)
    GROUP BY t.reason_kind"#;

#[derive(FromQueryResult)]
struct Served {
    reason: String,
    tasks: i64,
}

/// Tasks with an answer that counts and was given in that time, by reason.
const SERVED: &str = "
    SELECT t.reason_kind AS reason, COUNT(DISTINCT t.id) AS tasks
    FROM annotations a JOIN slots s ON s.annotation_id = a.id JOIN tasks t ON t.id = a.task_id
    WHERE a.project_id = $1 AND a.created_at >= $2 AND a.created_at < $3 AND t.state <> 'known'
    GROUP BY t.reason_kind";

/// From when, inclusive, and until when, exclusive.
pub(crate) type Between = (Option<Timestamp>, Option<Timestamp>);

fn values(project: ProjectId, (from, to): Between) -> [Value; 3] {
    [project.0.into(), from.map_or(i64::MIN, |at| at.0).into(), to.map_or(i64::MAX, |at| at.0).into()]
}

/// What was decided in that time. Answers whose disagreement is at least `conflict` gave no consensus.
pub(crate) async fn decided<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    between: Between,
    conflict: f64,
) -> Result<HashMap<SignalKind, Decided>> {
    let values = values(project, between).into_iter().chain([conflict.into()]);
    let rows = Decided::find_by_statement(sql(conn, DECIDED, values)).all(conn).await?;
    rows.into_iter().map(|row| Ok((kind(&row.reason)?, row))).collect()
}

/// How many tasks were answered in that time.
pub(crate) async fn served<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    between: Between,
) -> Result<HashMap<SignalKind, i64>> {
    let rows = Served::find_by_statement(sql(conn, SERVED, values(project, between))).all(conn).await?;
    rows.into_iter().map(|row| Ok((kind(&row.reason)?, row.tasks))).collect()
}

fn kind(name: &str) -> Result<SignalKind> {
    SignalKind::parse(name).ok_or_else(|| Error::internal("an unknown reason"))
}

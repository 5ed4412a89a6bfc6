//! Reading the audit log.

use crate::{error::Result, repo::sql::sql};
use domain::{id::ProjectId, time::Timestamp, view::audit::AuditEntry};
use sea_orm::{ConnectionTrait, FromQueryResult};

#[derive(FromQueryResult)]
struct Listed {
    id: i64,
    at: i64,
    actor: String,
    email: Option<String>,
    action: String,
    subject: String,
    detail: String,
}

/// At most `most` entries of the project that are older than `before`, the newest first.
pub(crate) async fn list<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    before: Option<i64>,
    most: usize,
) -> Result<Vec<AuditEntry>> {
    let text = "SELECT a.id, a.at, a.actor, u.email, a.action, a.subject, a.detail
                FROM audit a LEFT JOIN users u ON u.id = a.user_id
                WHERE a.project_id = $1 AND a.id < $2 ORDER BY a.id DESC LIMIT $3";
    let values =
        [project.0.into(), before.unwrap_or(i64::MAX).into(), i64::try_from(most).unwrap_or(i64::MAX).into()];
    let rows = Listed::find_by_statement(sql(conn, text, values)).all(conn).await?;
    rows.into_iter().map(view).collect()
}

fn view(row: Listed) -> Result<AuditEntry> {
    Ok(AuditEntry {
        id: row.id,
        at: Timestamp(row.at),
        actor: row.actor,
        email: row.email,
        action: row.action,
        subject: row.subject,
        detail: serde_json::from_str(&row.detail)?,
    })
}

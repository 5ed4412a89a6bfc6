//! Attempts to sign in, counted within a window by e-mail address and by client. What was typed is kept as a
//! hash: people type passwords into the wrong field.

use crate::{
    error::{Error, Result},
    repo::sql::sql,
    secret,
};
use domain::time::Timestamp;
use sea_orm::ConnectionTrait;

/// How long attempts are counted together.
const WINDOW_SECONDS: i64 = 15 * 60;

/// Whom attempts are counted against, and how many of them are too many.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    key: String,
    most: i32,
}

impl Subject {
    /// The account that somebody tries to enter, whether it exists or not.
    pub(crate) fn email(typed: &str) -> Self {
        Self { key: format!("email {}", secret::hash(&typed.to_ascii_lowercase())), most: 5 }
    }

    /// Where the attempt comes from.
    pub(crate) fn client(address: &str) -> Self {
        Self { key: format!("client {}", secret::hash(address)), most: 30 }
    }
}

/// Counts an attempt before it is known to fail, so that many at once cannot slip through. Returns how many
/// seconds to wait where there were too many already.
pub(crate) async fn count<C: ConnectionTrait>(
    conn: &C,
    subject: &Subject,
    now: Timestamp,
) -> Result<Option<u32>> {
    let text = "INSERT INTO sign_in_failures (subject, failures, window_began_at) VALUES ($1, 1, $2)
                ON CONFLICT (subject) DO UPDATE SET
                  failures = CASE WHEN sign_in_failures.window_began_at <= $3 THEN 1
                                  ELSE sign_in_failures.failures + 1 END,
                  window_began_at = CASE WHEN sign_in_failures.window_began_at <= $3 THEN $2
                                         ELSE sign_in_failures.window_began_at END
                RETURNING failures, window_began_at";
    let over = now.plus_seconds(-WINDOW_SECONDS);
    let values = [subject.key.as_str().into(), now.0.into(), over.0.into()];
    let row = conn.query_one_raw(sql(conn, text, values)).await?;
    let row = row.ok_or_else(|| Error::internal("an attempt was not counted"))?;
    let failures: i32 = row.try_get("", "failures")?;
    if failures <= subject.most {
        return Ok(None);
    }
    let ends = Timestamp(row.try_get("", "window_began_at")?).plus_seconds(WINDOW_SECONDS);
    Ok(Some(u32::try_from(ends.seconds_since(now)).unwrap_or(0).max(1)))
}

/// Forgets the attempts: the person is who they say.
pub(crate) async fn clear<C: ConnectionTrait>(conn: &C, subject: &Subject) -> Result<()> {
    let text = "DELETE FROM sign_in_failures WHERE subject = $1";
    conn.execute_raw(sql(conn, text, [subject.key.as_str().into()])).await?;
    Ok(())
}

/// Takes back the count of one attempt, which did not fail.
pub(crate) async fn uncount<C: ConnectionTrait>(conn: &C, subject: &Subject) -> Result<()> {
    let text = "UPDATE sign_in_failures SET failures = failures - 1 WHERE subject = $1 AND failures > 0";
    conn.execute_raw(sql(conn, text, [subject.key.as_str().into()])).await?;
    Ok(())
}

/// Forgets what no longer counts.
pub(crate) async fn delete_old<C: ConnectionTrait>(conn: &C, now: Timestamp) -> Result<()> {
    let text = "DELETE FROM sign_in_failures WHERE window_began_at <= $1";
    conn.execute_raw(sql(conn, text, [now.plus_seconds(-WINDOW_SECONDS).0.into()])).await?;
    Ok(())
}

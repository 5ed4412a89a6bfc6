//! Versions whose labels are too many for one transaction: their rows enter a few at a time, under a number that is
//! reserved, and count from when the version is sealed.

use crate::{
    entity::{label, version},
    error::Result,
    repo::{
        sql::sql,
        versions::{
            Effect, Effects, NewLabelRow, NewVersion, current, end_rows, insert_all, last, prepare,
            write_version,
        },
    },
};
use domain::{
    id::{ProjectId, SampleId},
    time::Timestamp,
    version::{Change, Digester},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, FromQueryResult};

/// Lets rows take effect with version `number`, which is reserved and not there yet; [`seal`] follows when all
/// have entered.
pub(crate) async fn enter(
    tx: &DatabaseTransaction,
    project: ProjectId,
    number: i64,
    rows: Vec<NewLabelRow>,
    now: Timestamp,
) -> Result<Effects> {
    let rows: Vec<label::Model> =
        rows.into_iter().map(|row| prepare(project, row, Some(number), now)).collect::<Result<_>>()?;
    let before = current(tx, rows.iter().map(|row| SampleId(row.sample_id))).await?;
    let mut effects = Effects::default();
    for row in &rows {
        let old = before.get(&SampleId(row.sample_id)).and_then(|old| old.label.as_deref());
        effects.count(Effect::of(old, row.label.as_deref()));
    }
    end_rows(tx, number, before.values().map(|old| old.id)).await?;
    insert_all(tx, rows).await?;
    Ok(effects)
}

/// The digest of version `number`, whose rows have entered, read in pages.
pub(crate) async fn digest<C: ConnectionTrait>(
    conn: &C,
    new: &NewVersion<'_>,
    number: i64,
    now: Timestamp,
) -> Result<String> {
    const PAGE: i64 = 5_000;
    let parent = last(conn, new.project.id).await?;
    let mut digester = Digester::of(&new.header(number, parent.as_ref(), now));
    let mut after = String::new();
    loop {
        // A row with both numbers equal was staged and never took effect.
        let text = "SELECT n.sample_key, n.row_hash, o.row_hash AS old FROM labels n
                    LEFT JOIN labels o ON o.sample_id = n.sample_id AND o.until_version = $1 AND o.from_version < $2
                    WHERE n.project_id = $3 AND n.from_version = $4 AND n.sample_key > $5
                    AND (n.until_version IS NULL OR n.until_version > n.from_version)
                    ORDER BY n.sample_key LIMIT $6";
        let values = [
            number.into(),
            number.into(),
            new.project.id.0.into(),
            number.into(),
            after.clone().into(),
            PAGE.into(),
        ];
        let rows = EnteredRow::find_by_statement(sql(conn, text, values)).all(conn).await?;
        let Some(end) = rows.last() else { return Ok(digester.finish()) };
        after = end.sample_key.clone();
        for row in rows {
            digester.add(&Change { sample: row.sample_key, old: row.old, new: row.row_hash });
        }
    }
}

/// Writes the version whose rows have entered.
pub(crate) async fn seal(
    tx: &DatabaseTransaction,
    new: NewVersion<'_>,
    number: i64,
    entered: (Effects, String),
    now: Timestamp,
) -> Result<version::Model> {
    let (effects, digest) = entered;
    let parent = last(tx, new.project.id).await?;
    write_version(tx, new, number, effects, (digest, parent), now).await
}

#[derive(FromQueryResult)]
struct EnteredRow {
    sample_key: String,
    row_hash: String,
    old: Option<String>,
}

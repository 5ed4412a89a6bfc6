//! The records of uploads.

use crate::{
    entity::import,
    error::Result,
    repo::sql::{insert, like_text, sql},
};
use domain::{
    id::{ImportId, ProjectId, UserId},
    time::Timestamp,
    view::intake::ImportState,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect,
};

/// An upload to record; what it did follows.
#[derive(Clone, Debug)]
pub(crate) struct NewImport<'a> {
    pub project: ProjectId,
    pub kind: &'a str,
    pub author: Option<UserId>,
    pub digest: &'a str,
}

/// Records an upload, so that it has a number.
pub(crate) async fn add(tx: &DatabaseTransaction, new: NewImport<'_>, now: Timestamp) -> Result<ImportId> {
    let row = import::ActiveModel {
        project_id: Set(new.project.0),
        kind: Set(new.kind.to_owned()),
        author_id: Set(new.author.map(|author| author.0)),
        digest: Set(new.digest.to_owned()),
        outcome: Set("{}".to_owned()),
        created_at: Set(now.0),
        state: Set(ImportState::Done.as_str().to_owned()),
        ..Default::default()
    };
    Ok(ImportId(import::Entity::insert(row).exec(tx).await?.last_insert_id))
}

/// What an import that is written in many transactions needs to go on after a crash.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    /// How it is written and how far it is, as JSON.
    pub work: String,
    /// What it did so far, as JSON.
    pub outcome: String,
    /// The name of its file in the spool folder.
    pub spool: String,
    /// The number of the version that its labels will be.
    pub version: Option<i64>,
}

/// Lets an import begin that is written in many transactions; false where the project has one already.
pub(crate) async fn begin(
    tx: &DatabaseTransaction,
    project: ProjectId,
    id: ImportId,
    begun: Begun,
    now: Timestamp,
) -> Result<bool> {
    if !unfinished(tx, Some(project)).await?.is_empty() {
        return Ok(false);
    }
    let text =
        "UPDATE imports SET state = 'writing', work = $1, outcome = $2, spool = $3, reserved_version = $4,
                touched_at = $5 WHERE id = $6";
    let values = [
        begun.work.into(),
        begun.outcome.into(),
        begun.spool.into(),
        begun.version.into(),
        now.0.into(),
        id.0.into(),
    ];
    tx.execute_raw(sql(tx, text, values)).await?;
    Ok(true)
}

/// Records how far it is; false where somebody else has finished it.
pub(crate) async fn advance(
    tx: &DatabaseTransaction,
    id: ImportId,
    work: String,
    outcome: String,
    now: Timestamp,
) -> Result<bool> {
    let text =
        "UPDATE imports SET work = $1, outcome = $2, touched_at = $3 WHERE id = $4 AND state = 'writing'";
    let values = [work.into(), outcome.into(), now.0.into(), id.0.into()];
    Ok(tx.execute_raw(sql(tx, text, values)).await?.rows_affected() == 1)
}

/// Ends it in this state; false where it has ended already.
pub(crate) async fn end(
    tx: &DatabaseTransaction,
    id: ImportId,
    state: ImportState,
    outcome: String,
) -> Result<bool> {
    let text =
        "UPDATE imports SET state = $1, outcome = $2, work = NULL, spool = NULL, reserved_version = NULL
                WHERE id = $3 AND state = 'writing'";
    let values = [state.as_str().into(), outcome.into(), id.0.into()];
    Ok(tx.execute_raw(sql(tx, text, values)).await?.rows_affected() == 1)
}

/// The imports that are being written, of one project or of all.
pub(crate) async fn unfinished<C: ConnectionTrait>(
    conn: &C,
    project: Option<ProjectId>,
) -> Result<Vec<import::Model>> {
    let mut query = import::Entity::find().filter(import::Column::State.eq(ImportState::Writing.as_str()));
    if let Some(project) = project {
        query = query.filter(import::Column::ProjectId.eq(project.0));
    }
    Ok(query.all(conn).await?)
}

/// The number that an import which is being written has for its labels.
pub(crate) async fn reserved_version<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
) -> Result<Option<i64>> {
    Ok(unfinished(conn, Some(project)).await?.iter().find_map(|import| import.reserved_version))
}

/// A line that was left out.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct Rejected {
    pub line: i64,
    /// What stands there, as JSON; none where it is none.
    pub record: Option<String>,
    /// Why, as JSON.
    pub faults: String,
}

/// Records lines that were left out.
pub(crate) async fn reject(tx: &DatabaseTransaction, id: ImportId, rejected: Vec<Rejected>) -> Result<()> {
    const COLUMNS: [(&str, &str); 4] =
        [("import_id", "BIGINT"), ("line", "BIGINT"), ("record", "TEXT"), ("faults", "TEXT")];
    let values = rejected
        .into_iter()
        .flat_map(|row| [id.0.into(), row.line.into(), row.record.into(), row.faults.into()]);
    insert(tx, "import_rejects", &COLUMNS, values.collect()).await
}

/// The lines left out after this one, in order.
pub(crate) async fn rejected<C: ConnectionTrait>(
    conn: &C,
    id: ImportId,
    after: i64,
    limit: i64,
) -> Result<Vec<Rejected>> {
    let text = "SELECT line, record, faults FROM import_rejects WHERE import_id = $1 AND line > $2
                ORDER BY line LIMIT $3";
    let values = [id.0.into(), after.into(), limit.into()];
    Ok(Rejected::find_by_statement(sql(conn, text, values)).all(conn).await?)
}

/// Forgets what the lines of a project's imports say of the sample of this key, which were left out.
pub(crate) async fn forget_sample(tx: &DatabaseTransaction, project: ProjectId, key: &str) -> Result<()> {
    let text = "UPDATE import_rejects SET record = NULL WHERE record LIKE $1 ESCAPE '!'
                AND import_id IN (SELECT id FROM imports WHERE project_id = $2)";
    tx.execute_raw(sql(tx, text, [like_text(&serde_json::to_string(key)?).into(), project.0.into()])).await?;
    Ok(())
}

/// Records what it did, as JSON.
pub(crate) async fn set_outcome(tx: &DatabaseTransaction, id: ImportId, outcome: String) -> Result<()> {
    let text = "UPDATE imports SET outcome = $1 WHERE id = $2";
    tx.execute_raw(sql(tx, text, [outcome.into(), id.0.into()])).await?;
    Ok(())
}

/// The import of this number.
pub(crate) async fn find<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    id: ImportId,
) -> Result<Option<import::Model>> {
    Ok(import::Entity::find_by_id(id.0).filter(import::Column::ProjectId.eq(project.0)).one(conn).await?)
}

/// The imports before this one, the newest first.
pub(crate) async fn before<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    before: Option<ImportId>,
    limit: u64,
) -> Result<Vec<import::Model>> {
    let mut query = import::Entity::find().filter(import::Column::ProjectId.eq(project.0));
    if let Some(before) = before {
        query = query.filter(import::Column::Id.lt(before.0));
    }
    Ok(query.order_by_desc(import::Column::Id).limit(limit).all(conn).await?)
}

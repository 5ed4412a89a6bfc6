//! The label store's writing side: label rows enter a new version, and the version is sealed by its digest.

use crate::{
    entity::{label, version},
    error::{Error, Result},
    repo::{
        events, imports, page,
        projects::{self, Project},
        sql::{insert, places, sql},
    },
};
use domain::{
    answer::Answers,
    canonical,
    id::{ContentId, DecisionId, ProjectId, SampleId, UserId},
    provenance::{Provenance, VersionSource},
    time::Timestamp,
    version::{Change, Header, digest, row_hash},
    view::{Page, PageRequest},
};
use sea_orm::{
    ActiveValue::NotSet, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// How many rows one statement names at most.
pub(crate) const BATCH: usize = 500;

/// A label row before it is written.
#[derive(Clone, Debug)]
pub(crate) struct NewLabelRow {
    pub sample: SampleId,
    pub sample_key: String,
    /// None removes the label.
    pub label: Option<Answers>,
    pub content: ContentId,
    pub content_hash: String,
    pub provenance: Provenance,
    pub decision: Option<DecisionId>,
}

/// A version before it is written.
#[derive(Debug)]
pub(crate) struct NewVersion<'a> {
    pub project: &'a Project,
    pub source: VersionSource,
    pub author: Option<UserId>,
    pub message: String,
}

/// What a label row does to the label that stood before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Added,
    Changed,
    Removed,
    Confirmed,
}

impl Effect {
    /// The effect of replacing `before` by `after`, canonical texts.
    pub(crate) fn of(before: Option<&str>, after: Option<&str>) -> Self {
        match (before, after) {
            (before, after) if before == after => Self::Confirmed,
            (None, _) => Self::Added,
            (Some(_), Some(_)) => Self::Changed,
            (Some(_), None) => Self::Removed,
        }
    }
}

/// How many labels each effect has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Effects {
    pub added: i64,
    pub changed: i64,
    pub removed: i64,
    pub confirmed: i64,
}

impl Effects {
    /// Counts one more.
    pub(crate) fn count(&mut self, effect: Effect) {
        self.count_many(effect, 1);
    }

    /// Counts so many more.
    pub(crate) fn count_many(&mut self, effect: Effect, number: i64) {
        match effect {
            Effect::Added => self.added += number,
            Effect::Changed => self.changed += number,
            Effect::Removed => self.removed += number,
            Effect::Confirmed => self.confirmed += number,
        }
    }

    /// Counts others too.
    pub(crate) fn add(&mut self, others: Self) {
        self.added += others.added;
        self.changed += others.changed;
        self.removed += others.removed;
        self.confirmed += others.confirmed;
    }

    /// How many labels they are.
    pub(crate) fn count_all(&self) -> i64 {
        self.added + self.changed + self.removed + self.confirmed
    }
}

/// The newest version.
pub(crate) async fn last<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<Option<version::Model>> {
    Ok(version::Entity::find()
        .filter(version::Column::ProjectId.eq(project.0))
        .order_by_desc(version::Column::Number)
        .one(conn)
        .await?)
}

/// The version of this number.
pub(crate) async fn find<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    number: i64,
) -> Result<Option<version::Model>> {
    Ok(version::Entity::find_by_id((project.0, number)).one(conn).await?)
}

/// Whose these versions are, where they have an author.
pub(crate) async fn authors<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    numbers: impl IntoIterator<Item = i64>,
) -> Result<HashMap<i64, i64>> {
    let rows = version::Entity::find()
        .filter(version::Column::ProjectId.eq(project.0))
        .filter(version::Column::Number.is_in(numbers))
        .all(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.number, row.author_id?))).collect())
}

/// One page of the versions, the newest first.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    request: &PageRequest,
) -> Result<Page<version::Model>> {
    let limit = page::limit(request)?;
    let mut query = version::Entity::find()
        .filter(version::Column::ProjectId.eq(project.0))
        .order_by_desc(version::Column::Number)
        .limit(limit as u64 + 1);
    if let Some(before) = page::after::<i64>(request)? {
        query = query.filter(version::Column::Number.lt(before));
    }
    page::page(query.all(conn).await?, limit, |row| row.number)
}

/// The rows of the newest version for these samples, by sample.
pub(crate) async fn current<C: ConnectionTrait>(
    conn: &C,
    samples: impl IntoIterator<Item = SampleId>,
) -> Result<HashMap<SampleId, label::Model>> {
    let ids: Vec<i64> = samples.into_iter().map(|sample| sample.0).collect();
    let mut found = HashMap::new();
    for ids in ids.chunks(BATCH) {
        let rows = label::Entity::find()
            .filter(label::Column::SampleId.is_in(ids.iter().copied()))
            .filter(label::Column::FromVersion.is_not_null())
            .filter(label::Column::UntilVersion.is_null())
            .all(conn)
            .await?;
        found.extend(rows.into_iter().map(|row| (SampleId(row.sample_id), row)));
    }
    Ok(found)
}

/// Writes `row` as staged: it enters the store with the next cut.
pub(crate) async fn stage(
    tx: &DatabaseTransaction,
    project: ProjectId,
    row: NewLabelRow,
    now: Timestamp,
) -> Result<()> {
    let row = prepare(project, row, None, now)?;
    label::Entity::insert(insertable(row)).exec_without_returning(tx).await?;
    Ok(())
}

/// Writes `rows` as a new version.
pub(crate) async fn commit(
    tx: &DatabaseTransaction,
    new: NewVersion<'_>,
    rows: Vec<NewLabelRow>,
    now: Timestamp,
) -> Result<version::Model> {
    let project = new.project.id;
    projects::lock(tx, project).await?;
    let number = next_number(tx, project).await?;
    let rows: Vec<label::Model> =
        rows.into_iter().map(|row| prepare(project, row, Some(number), now)).collect::<Result<_>>()?;
    let sealed = seal(tx, new, &rows, number, now).await?;
    insert_all(tx, rows).await?;
    Ok(sealed)
}

impl NewVersion<'_> {
    /// What the version will say of itself.
    pub(super) fn header<'a>(
        &'a self,
        number: i64,
        parent: Option<&'a version::Model>,
        time: Timestamp,
    ) -> Header<'a> {
        Header {
            project: self.project.id.0,
            number,
            parent_digest: parent.map(|parent| parent.digest.as_str()),
            source: self.source,
            author: self.author.map(|author| author.0),
            message: &self.message,
            time,
        }
    }
}

/// Lets the staged `rows` enter a new version, and retires `dropped`, staged rows that never take effect.
pub(crate) async fn cut(
    tx: &DatabaseTransaction,
    new: NewVersion<'_>,
    rows: &[label::Model],
    dropped: &[label::Model],
    now: Timestamp,
) -> Result<version::Model> {
    let number = next_number(tx, new.project.id).await?;
    let sealed = seal(tx, new, rows, number, now).await?;
    number_rows(tx, "from_version = $1", number, rows.iter().map(|row| row.id)).await?;
    let retire = "from_version = $1, until_version = $1";
    number_rows(tx, retire, number, dropped.iter().map(|row| row.id)).await?;
    Ok(sealed)
}

/// Ends the rows that `entering` replaces and writes the version with its counts and digest.
async fn seal(
    tx: &DatabaseTransaction,
    new: NewVersion<'_>,
    entering: &[label::Model],
    number: i64,
    now: Timestamp,
) -> Result<version::Model> {
    let project = new.project.id;
    let parent = last(tx, project).await?;
    let before = current(tx, entering.iter().map(|row| SampleId(row.sample_id))).await?;
    let mut effects = Effects::default();
    let mut changes = Vec::with_capacity(entering.len());
    for row in entering {
        let old = before.get(&SampleId(row.sample_id));
        effects.count(Effect::of(old.and_then(|old| old.label.as_deref()), row.label.as_deref()));
        changes.push(Change {
            sample: row.sample_key.clone(),
            old: old.map(|old| old.row_hash.clone()),
            new: row.row_hash.clone(),
        });
    }
    end_rows(tx, number, before.values().map(|old| old.id)).await?;
    let digest = digest(&new.header(number, parent.as_ref(), now), &mut changes);
    write_version(tx, new, number, effects, (digest, parent), now).await
}

/// Ends these rows with version `number`.
pub(super) async fn end_rows(
    tx: &DatabaseTransaction,
    number: i64,
    rows: impl Iterator<Item = i64>,
) -> Result<()> {
    number_rows(tx, "until_version = $1", number, rows).await
}

/// Gives these rows their number; `set` says as what.
async fn number_rows(
    tx: &DatabaseTransaction,
    set: &str,
    number: i64,
    rows: impl Iterator<Item = i64>,
) -> Result<()> {
    let rows: Vec<i64> = rows.collect();
    for rows in rows.chunks(BATCH) {
        let text = format!("UPDATE labels SET {set} WHERE id IN ({})", places(2, rows.len()));
        let values = std::iter::once(number.into()).chain(rows.iter().map(|row| (*row).into()));
        tx.execute_raw(sql(tx, &text, values)).await?;
    }
    Ok(())
}

/// Writes the row of a version, which is there and published from then on.
pub(super) async fn write_version(
    tx: &DatabaseTransaction,
    new: NewVersion<'_>,
    number: i64,
    effects: Effects,
    (digest, parent): (String, Option<version::Model>),
    now: Timestamp,
) -> Result<version::Model> {
    let project = new.project;
    let sealed = version::Model {
        project_id: project.id.0,
        number,
        digest,
        source: new.source.as_str().to_owned(),
        message: new.message,
        author_id: new.author.map(|author| author.0),
        created_at: now.0,
        added: effects.added,
        changed: effects.changed,
        removed: effects.removed,
        confirmed: effects.confirmed,
        labels: parent.map_or(0, |parent| parent.labels) + effects.added - effects.removed,
    };
    let row = version::ActiveModel::from(sealed.clone());
    version::Entity::insert(row).exec_without_returning(tx).await?;
    events::version_published(tx, project, &sealed).await?;
    Ok(sealed)
}

/// The number of the next version. An import that is being written may have it already.
pub(crate) async fn next_number(tx: &DatabaseTransaction, project: ProjectId) -> Result<i64> {
    if imports::reserved_version(tx, project).await?.is_some() {
        return Err(Error::Unavailable("an import of labels is being written".to_owned()));
    }
    Ok(last(tx, project).await?.map_or(1, |last| last.number + 1))
}

/// The row as it is written.
pub(super) fn prepare(
    project: ProjectId,
    row: NewLabelRow,
    from_version: Option<i64>,
    now: Timestamp,
) -> Result<label::Model> {
    Ok(label::Model {
        id: 0,
        project_id: project.0,
        sample_id: row.sample.0,
        label: row.label.as_ref().map(canonical::text_of).transpose()?,
        content_id: row.content.0,
        provenance: canonical::text_of(&row.provenance)?,
        row_hash: row_hash(&row.sample_key, row.label.as_ref(), &row.provenance, &row.content_hash)?,
        sample_key: row.sample_key,
        content_hash: row.content_hash,
        decision_id: row.decision.map(|decision| decision.0),
        created_at: now.0,
        from_version,
        until_version: None,
    })
}

/// The row with its id left to the database.
fn insertable(row: label::Model) -> label::ActiveModel {
    label::ActiveModel { id: NotSet, ..row.into() }
}

/// Writes label rows.
pub(super) async fn insert_all(tx: &DatabaseTransaction, rows: Vec<label::Model>) -> Result<()> {
    const COLUMNS: [(&str, &str); 11] = [
        ("project_id", "BIGINT"),
        ("sample_id", "BIGINT"),
        ("sample_key", "TEXT"),
        ("label", "TEXT"),
        ("content_id", "BIGINT"),
        ("content_hash", "TEXT"),
        ("provenance", "TEXT"),
        ("row_hash", "TEXT"),
        ("decision_id", "BIGINT"),
        ("created_at", "BIGINT"),
        ("from_version", "BIGINT"),
    ];
    let values = rows.into_iter().flat_map(|row| {
        [
            row.project_id.into(),
            row.sample_id.into(),
            row.sample_key.into(),
            row.label.into(),
            row.content_id.into(),
            row.content_hash.into(),
            row.provenance.into(),
            row.row_hash.into(),
            row.decision_id.into(),
            row.created_at.into(),
            row.from_version.into(),
        ]
    });
    insert(tx, "labels", &COLUMNS, values.collect()).await
}

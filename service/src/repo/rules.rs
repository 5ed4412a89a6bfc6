//! Rules that tell two labels apart, the tasks that each decided, and the stored labels from before it.

use crate::{
    entity::{label, rule, rule_example},
    error::Result,
    repo::{
        page,
        sql::{insert, places, sql},
    },
};
use domain::{
    canonical, guideline,
    id::{ChangeSetId, ProjectId, SampleId},
    problem::Code,
    time::Timestamp,
    view::{Page, PageRequest},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, FromQueryResult, QueryFilter,
    QueryOrder, QuerySelect,
};
use std::{cmp::Reverse, collections::HashMap};

/// Keeps a rule.
pub(crate) async fn add(tx: &DatabaseTransaction, row: rule::Model) -> Result<()> {
    rule::Entity::insert(rule::ActiveModel::from(row)).exec_without_returning(tx).await?;
    Ok(())
}

/// Keeps the tasks that a rule decided.
pub(crate) async fn add_examples(tx: &DatabaseTransaction, rows: Vec<rule_example::Model>) -> Result<()> {
    const COLUMNS: [(&str, &str); 7] = [
        ("change_set_id", "BIGINT"),
        ("task_id", "BIGINT"),
        ("rev", "INTEGER"),
        ("sample_id", "BIGINT"),
        ("sample_key", "TEXT"),
        ("label", "TEXT"),
        ("line", "TEXT"),
    ];
    let values = rows.into_iter().flat_map(|row| {
        [
            row.change_set_id.into(),
            row.task_id.into(),
            row.rev.into(),
            row.sample_id.into(),
            row.sample_key.into(),
            row.label.into(),
            row.line.into(),
        ]
    });
    insert(tx, "rule_examples", &COLUMNS, values.collect()).await
}

/// The rules behind these change sets.
pub(crate) async fn of_sets<C: ConnectionTrait>(conn: &C, sets: &[i64]) -> Result<HashMap<i64, rule::Model>> {
    let found = rule::Entity::find().filter(rule::Column::ChangeSetId.is_in(sets.iter().copied()));
    Ok(found.all(conn).await?.into_iter().map(|row| (row.change_set_id, row)).collect())
}

/// The rules of the project that stand, the oldest first.
pub(crate) async fn standing<C: ConnectionTrait>(conn: &C, project: ProjectId) -> Result<Vec<rule::Model>> {
    Ok(rule::Entity::find()
        .filter(rule::Column::ProjectId.eq(project.0))
        .filter(rule::Column::UndoneAt.is_null())
        .order_by_asc(rule::Column::GuidelineRevision)
        .all(conn)
        .await?)
}

/// One page of them.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    request: &PageRequest,
) -> Result<Page<rule::Model>> {
    let limit = page::limit(request)?;
    // Each rule made a revision of its own.
    let after: i32 = page::after(request)?.unwrap_or(0);
    let rows = rule::Entity::find()
        .filter(rule::Column::ProjectId.eq(project.0))
        .filter(rule::Column::UndoneAt.is_null())
        .filter(rule::Column::GuidelineRevision.gt(after))
        .order_by_asc(rule::Column::GuidelineRevision)
        .limit(limit as u64 + 1)
        .all(conn)
        .await?;
    page::page(rows, limit, |row| row.guideline_revision)
}

/// The tasks that these rules decided, by task.
pub(crate) async fn examples<C: ConnectionTrait>(
    conn: &C,
    sets: &[i64],
) -> Result<HashMap<i64, Vec<rule_example::Model>>> {
    let rows = rule_example::Entity::find()
        .filter(rule_example::Column::ChangeSetId.is_in(sets.iter().copied()))
        .order_by_asc(rule_example::Column::TaskId)
        .all(conn)
        .await?;
    let mut found: HashMap<i64, Vec<rule_example::Model>> = HashMap::new();
    for row in rows {
        found.entry(row.change_set_id).or_default().push(row);
    }
    Ok(found)
}

/// Why a rule that stands cannot be undone as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fixed {
    /// A label that it decided is in a version.
    InVersion,
    /// A sample whose label it decided has a newer task that is not decided yet.
    NewerTask,
}

impl Fixed {
    /// What refuses to undo it.
    pub(crate) fn code(self) -> Code {
        match self {
            Self::InVersion => Code::AlreadyDecided,
            Self::NewerTask => Code::WrongState,
        }
    }
}

#[derive(FromQueryResult)]
struct FixedRow {
    change_set_id: i64,
    in_version: bool,
    has_newer: bool,
}

/// Those of the rules behind these change sets that cannot be undone. What somebody changed since is left alone, and so
/// keeps no rule from being undone.
pub(crate) async fn fixed<C: ConnectionTrait>(conn: &C, sets: &[i64]) -> Result<HashMap<i64, Fixed>> {
    if sets.is_empty() {
        return Ok(HashMap::new());
    }
    let text = format!(
        "SELECT DISTINCT e.change_set_id,
           EXISTS (SELECT 1 FROM decisions d JOIN labels l ON l.decision_id = d.id
                   WHERE d.task_id = t.id AND l.from_version IS NOT NULL
                   AND NOT EXISTS (SELECT 1 FROM decisions later WHERE later.task_id = t.id AND later.id > d.id))
             AS in_version,
           EXISTS (SELECT 1 FROM tasks newer WHERE newer.sample_id = t.sample_id
                   AND newer.state IN ('open', 'in_review')) AS has_newer
         FROM rule_examples e JOIN tasks t ON t.id = e.task_id AND t.rev = e.rev
         WHERE t.state = 'approved' AND e.change_set_id IN ({})",
        places(1, sets.len())
    );
    let rows = FixedRow::find_by_statement(sql(conn, &text, sets.iter().map(|id| (*id).into())));
    let mut found = HashMap::new();
    for row in rows.all(conn).await? {
        if row.in_version {
            found.insert(row.change_set_id, Fixed::InVersion);
        } else if row.has_newer {
            found.entry(row.change_set_id).or_insert(Fixed::NewerTask);
        }
    }
    Ok(found)
}

/// Writes down that the rule was undone.
pub(crate) async fn undo(tx: &DatabaseTransaction, set: ChangeSetId, now: Timestamp) -> Result<()> {
    let text = "UPDATE rules SET undone_at = $1 WHERE change_set_id = $2";
    tx.execute_raw(sql(tx, text, [now.0.into(), set.0.into()])).await?;
    Ok(())
}

/// Takes the text of an erased sample out of the guideline, in every revision.
pub(crate) async fn forget_sample(
    tx: &DatabaseTransaction,
    project: ProjectId,
    sample: SampleId,
    key: &str,
) -> Result<()> {
    let rows = rule_example::Entity::find()
        .filter(rule_example::Column::SampleId.eq(sample.0))
        .filter(rule_example::Column::Line.is_not_null())
        .all(tx)
        .await?;
    let erased = guideline::erased_line(key);
    let mut lines: Vec<String> = rows.into_iter().filter_map(|row| row.line).collect();
    // A text may be the beginning of a later one of the same sample, whose end would stay.
    lines.sort_by_key(|line| Reverse(line.len()));
    for line in lines {
        let text = "UPDATE guideline_revisions SET body = REPLACE(body, $1, $2) WHERE project_id = $3";
        let values = [line.into(), erased.clone().into(), project.0.into()];
        tx.execute_raw(sql(tx, text, values)).await?;
    }
    let text = "UPDATE rule_examples SET line = NULL WHERE sample_id = $1 AND line IS NOT NULL";
    tx.execute_raw(sql(tx, text, [sample.0.into()])).await?;
    Ok(())
}

/// The stored labels that answer a question with one of two labels, that were made under an older guideline than
/// `revision`, and whose sample nobody has decided since and nobody is about to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Older<'a> {
    pub project: ProjectId,
    pub question: &'a str,
    pub labels: [&'a str; 2],
    pub revision: i32,
}

impl Older<'_> {
    /// The statement's end, with the values of its first five places.
    fn found<C: ConnectionTrait>(&self, conn: &C) -> (String, [sea_orm::Value; 5]) {
        let (contains, revision) = match conn.get_database_backend() {
            DbBackend::Postgres => ("strpos", "l.provenance::json ->> 'guideline_revision'"),
            _ => ("instr", "l.provenance ->> 'guideline_revision'"),
        };
        let text = format!(
            "FROM labels l JOIN samples m ON m.id = l.sample_id
             WHERE l.project_id = $1 AND l.from_version IS NOT NULL AND l.until_version IS NULL
             AND ({contains}(l.label, $2) > 0 OR {contains}(l.label, $3) > 0)
             AND CAST({revision} AS INTEGER) < $4 AND m.erased_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM tasks t WHERE t.sample_id = l.sample_id AND t.state IN ('open', 'in_review'))
             AND NOT EXISTS (SELECT 1 FROM decisions d JOIN tasks t ON t.id = d.task_id
                             WHERE d.sample_id = l.sample_id AND d.kind IN ('approve', 'correct', 'dismiss')
                             AND d.guideline_revision >= $5 AND t.state IN ('approved', 'dismissed'))"
        );
        // Labels are canonical JSON, in which a quotation mark within a text has a backslash.
        let needle = |label: &str| {
            let [question, label] = [self.question, label].map(canonical::string);
            format!("{question}:{label}").into()
        };
        let [a, b] = self.labels.map(needle);
        (text, [self.project.0.into(), a, b, self.revision.into(), self.revision.into()])
    }

    /// How many there are.
    pub(crate) async fn count<C: ConnectionTrait>(&self, conn: &C) -> Result<i64> {
        let (found, values) = self.found(conn);
        let row = conn.query_one_raw(sql(conn, &format!("SELECT COUNT(*) AS count {found}"), values)).await?;
        Ok(row.map(|row| row.try_get("", "count")).transpose()?.unwrap_or_default())
    }

    /// The next of them after this sample, by the samples' ids.
    pub(crate) async fn after<C: ConnectionTrait>(
        &self,
        conn: &C,
        key: &str,
        limit: usize,
    ) -> Result<Vec<label::Model>> {
        let (found, values) = self.found(conn);
        let text = format!("SELECT l.* {found} AND l.sample_key > $6 ORDER BY l.sample_key LIMIT {limit}");
        let values = values.into_iter().chain([key.into()]);
        Ok(label::Entity::find().from_raw_sql(sql(conn, &text, values)).all(conn).await?)
    }
}

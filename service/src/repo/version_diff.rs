//! What differs between two versions. Every question costs what lies between them, however many labels there are: only
//! rows that began in between can differ, and what they replaced ended in between.

use crate::{error::Result, repo::sql::sql};
use domain::{
    canonical,
    id::ProjectId,
    view::diff::{DiffEffect, DiffFilter, DiffReason},
};
use sea_orm::{ConnectionTrait, DbBackend, FromQueryResult, Value};

/// A sample whose label was decided between two versions.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DiffRow {
    pub sample_id: i64,
    pub sample_key: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub provenance: Option<String>,
}

/// How often one whole label became another, or the same, for one reason.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DiffCountRow {
    pub before: Option<String>,
    pub after: Option<String>,
    pub reason: Option<String>,
    pub count: i64,
}

/// How many answers of one annotator were behind labels that differ, and how many say the same.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct DiffAnnotatorRow {
    pub annotator_id: i64,
    pub count: i64,
    pub agreed: i64,
}

/// Two versions, and which row of each sample stands on which side.
struct Between {
    text: String,
    values: Vec<Value>,
    before: &'static str,
    after: &'static str,
    /// Whether one version is the next of the other.
    are_neighbours: bool,
    is_postgres: bool,
}

impl Between {
    /// Of each sample the row `newer` that began between the two versions and stands at the later one, and the row `older`
    /// that it ended, directly or by others in between; none where there was none.
    fn of<C: ConnectionTrait>(conn: &C, project: ProjectId, (from, to): (i64, i64)) -> Self {
        let is_postgres = conn.get_database_backend() == DbBackend::Postgres;
        let (low, high) = (from.min(to), from.max(to));
        let are_neighbours = high - low == 1;
        let backend = conn.get_database_backend();
        let (before, after) = if from <= to { ("older", "newer") } else { ("newer", "older") };
        let pairs = match (is_postgres, are_neighbours) {
            (_, true) => joined("from_version = $3", "until_version = $3", backend),
            (true, false) => joined(
                "from_version > $2 AND newer.from_version <= $3",
                "until_version > $2 AND older.until_version <= $3",
                backend,
            ),
            (false, false) => merged(after),
        };
        let text = format!("FROM ({pairs}) pairs WHERE TRUE");
        let values = vec![project.0.into(), low.into(), high.into()];
        Self { text, values, before, after, are_neighbours, is_postgres }
    }

    /// The place of one more value.
    fn value(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }

    /// Why the sample was in the queue when the label after was decided.
    fn reason(&self) -> String {
        match self.is_postgres {
            true => format!("CAST({}_provenance AS json) ->> 'reason'", self.after),
            false => format!("json_extract({}_provenance, '$.reason')", self.after),
        }
    }

    fn narrow(&mut self, filter: &DiffFilter) {
        let (before, after) = (format!("{}_label", self.before), format!("{}_label", self.after));
        match filter.effect {
            None => self.and(&format!("{after} IS DISTINCT FROM {before}")),
            Some(DiffEffect::Added) => self.and(&format!("{before} IS NULL AND {after} IS NOT NULL")),
            Some(DiffEffect::Changed) => self.and(&format!("{before} <> {after}")),
            Some(DiffEffect::Removed) => self.and(&format!("{before} IS NOT NULL AND {after} IS NULL")),
            Some(DiffEffect::Confirmed) => self.and(&format!("{after} IS NOT DISTINCT FROM {before}")),
        }
        let reason = self.reason();
        match filter.reason {
            None => {}
            Some(DiffReason::None) => self.and(&format!("{reason} IS NULL")),
            Some(DiffReason::Of(kind)) => {
                let kind = self.value(kind.as_str());
                self.and(&format!("{reason} = {kind}"));
            }
        }
        if let Some(annotator) = &filter.annotator {
            let annotator = self.value(annotator.as_str());
            let decision = format!("{}_decision_id", self.after);
            self.and(&format!(
                "EXISTS (SELECT 1 FROM decisions d JOIN slots s ON s.task_id = d.task_id
                         JOIN annotators a ON a.id = s.annotator_id LEFT JOIN users u ON u.id = a.user_id
                         WHERE d.id = {decision} AND s.annotation_id IS NOT NULL
                         AND COALESCE(u.email, a.name) = {annotator})"
            ));
        }
        if let Some(question) = &filter.question {
            for (label, wanted) in [(before, &filter.before), (after, &filter.after)] {
                let Some(wanted) = wanted else { continue };
                self.answers(&label, question, wanted.as_deref());
            }
        }
    }

    /// The label answers `question` by `wanted`, or does not.
    fn answers(&mut self, label: &str, question: &str, wanted: Option<&str>) {
        // A label is a map in canonical JSON. Without its braces and between commas each answer stands as `,"q":"a",`,
        // which nothing within a text can look like: a quote there has a backslash before it.
        let name = canonical::text(&question.into());
        let needle = match wanted {
            Some(wanted) => format!(",{name}:{},", canonical::text(&wanted.into())),
            None => format!(",{name}:"),
        };
        let needle = self.value(needle);
        let (find, sign) =
            (if self.is_postgres { "strpos" } else { "instr" }, wanted.map_or("= 0", |_| "> 0"));
        self.and(&format!(
            "{find}(',' || substr(COALESCE({label}, '{{}}'), 2, length(COALESCE({label}, '{{}}')) - 2) || ',', {needle}) {sign}"
        ));
    }
}

/// The pairs as a join. Neither database knows how the labels are spread over versions: SQLite is told by which index to
/// look them up, and PostgreSQL, which takes a new version for an empty one and would compare all its rows with all that
/// it ended, that each row has one before it. Of neighbours the indexes have the rows in the order of their samples.
fn joined(is_newer: &str, is_older: &str, backend: DbBackend) -> String {
    let is_before = format!(
        "older.sample_id = newer.sample_id AND older.project_id = $1 AND older.{is_older} AND older.from_version <= $2"
    );
    let (newer, older) = match backend {
        DbBackend::Sqlite => (
            "labels newer INDEXED BY labels_of_version",
            format!("labels older INDEXED BY labels_ended ON {is_before}"),
        ),
        _ => (
            "labels newer",
            format!("LATERAL (SELECT * FROM labels older WHERE {is_before} LIMIT 1) older ON TRUE"),
        ),
    };
    format!(
        "SELECT newer.sample_id, newer.sample_key, newer.label AS newer_label, newer.provenance AS newer_provenance,
           newer.decision_id AS newer_decision_id, older.label AS older_label, older.provenance AS older_provenance,
           older.decision_id AS older_decision_id
         FROM {newer} LEFT JOIN {older}
         WHERE newer.project_id = $1 AND newer.{is_newer}
         AND (newer.until_version IS NULL OR newer.until_version > $3)"
    )
}

/// The pairs for SQLite where many versions lie between: it would look through all that ended once for each row that began.
fn merged(after: &str) -> String {
    // What is not asked for is not looked up in the table: the index has the labels.
    let older = if after == "newer" { "NULL, NULL" } else { "provenance, decision_id" };
    format!(
        "SELECT sample_id, MAX(sample_key) AS sample_key,
           MAX(CASE WHEN is_newer THEN label END) AS newer_label,
           MAX(CASE WHEN is_newer THEN provenance END) AS newer_provenance,
           MAX(CASE WHEN is_newer THEN decision_id END) AS newer_decision_id,
           MAX(CASE WHEN is_newer THEN NULL ELSE label END) AS older_label,
           MAX(CASE WHEN is_newer THEN NULL ELSE provenance END) AS older_provenance,
           MAX(CASE WHEN is_newer THEN NULL ELSE decision_id END) AS older_decision_id
         FROM (SELECT TRUE AS is_newer, sample_id, sample_key, label, provenance, decision_id
               FROM labels INDEXED BY labels_of_version
               WHERE project_id = $1 AND from_version > $2 AND from_version <= $3
               AND (until_version IS NULL OR until_version > $3)
               UNION ALL
               SELECT FALSE, sample_id, NULL, label, {older} FROM labels INDEXED BY labels_ended
               WHERE project_id = $1 AND until_version > $2 AND until_version <= $3 AND from_version <= $2)
         GROUP BY sample_id"
    )
}

/// The samples that `filter` describes, by id, after `after`.
pub(crate) async fn items<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    ends: (i64, i64),
    filter: &DiffFilter,
    after: Option<String>,
    limit: Option<usize>,
) -> Result<Vec<DiffRow>> {
    let mut between = Between::of(conn, project, ends);
    between.narrow(filter);
    if let Some(after) = after {
        let after = between.value(after);
        between.and(&format!("sample_key > {after}"));
    }
    let limit = limit.map_or_else(String::new, |limit| format!(" LIMIT {limit}"));
    // PostgreSQL would walk all labels in the order of their samples to find the first few that began here.
    let order = if between.are_neighbours { "sample_key" } else { "sample_key || ''" };
    let text = format!(
        "SELECT sample_id, sample_key, {before}_label AS before, {after}_label AS after,
           {after}_provenance AS provenance {} ORDER BY {order}{limit}",
        between.text,
        before = between.before,
        after = between.after,
    );
    Ok(DiffRow::find_by_statement(sql(conn, &text, between.values)).all(conn).await?)
}

/// The pairs of labels before and after and their reasons, with their counts; of confirmed labels too.
pub(crate) async fn counts<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    ends: (i64, i64),
) -> Result<Vec<DiffCountRow>> {
    let between = Between::of(conn, project, ends);
    let text = format!(
        "SELECT {before}_label AS before, {after}_label AS after, {reason} AS reason, COUNT(*) AS count {text}
         GROUP BY {before}_label, {after}_label, {reason}",
        before = between.before,
        after = between.after,
        reason = between.reason(),
        text = between.text,
    );
    Ok(DiffCountRow::find_by_statement(sql(conn, &text, between.values)).all(conn).await?)
}

/// Whose counted annotations were behind the labels that differ.
pub(crate) async fn annotators<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    ends: (i64, i64),
) -> Result<Vec<DiffAnnotatorRow>> {
    let mut between = Between::of(conn, project, ends);
    between.narrow(&DiffFilter::default());
    let text = format!(
        "WITH decided AS MATERIALIZED (SELECT {after}_decision_id AS decision_id, {after}_label AS label {text})
         SELECT a.annotator_id, COUNT(*) AS count,
           SUM(CASE WHEN (a.verdict = 'answered' AND a.answers = decided.label)
                      OR (a.verdict = 'bad_sample' AND decided.label IS NULL) THEN 1 ELSE 0 END) AS agreed
         FROM decided JOIN decisions d ON d.id = decided.decision_id
         JOIN slots s ON s.task_id = d.task_id JOIN annotations a ON a.id = s.annotation_id
         GROUP BY a.annotator_id",
        after = between.after,
        text = between.text,
    );
    Ok(DiffAnnotatorRow::find_by_statement(sql(conn, &text, between.values)).all(conn).await?)
}

//! Free tasks: which ones an annotator could take, in the order in which they are served.

use crate::{
    error::Result,
    marks::{Marks, Position},
    repo::{claims::TaskRow, sql::sql},
};
use domain::{
    id::{AnnotatorId, ProjectId, TaskId},
    signal::{SignalKind, URGENT},
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Value};

/// A task is free for an annotator who has not answered, skipped or holds it, while one of its places is
/// neither answered nor held. `$1` project, `$2` annotator, `$3` now.
const FREE: &str = "t.project_id = $1 AND t.state = 'open'
  AND NOT EXISTS (SELECT 1 FROM slots s WHERE s.task_id = t.id AND s.annotator_id = $2
                  AND (s.annotation_id IS NOT NULL OR s.expires_at > $3))
  AND NOT EXISTS (SELECT 1 FROM skips k WHERE k.task_id = t.id AND k.annotator_id = $2)
  AND (SELECT COUNT(*) FROM slots s WHERE s.task_id = t.id
       AND (s.annotation_id IS NOT NULL OR s.expires_at > $3)) < t.slots";
/// How many open tasks at the beginning are always looked at, whatever was found before.
const TOP: usize = 50;

/// In which order free tasks are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Order {
    /// By priority, then by sample id.
    Priority,
    /// Those whose label is suspected, by priority.
    Suspects,
    /// All others, by priority.
    Others,
    /// Those of the audit slice, by hash.
    Audit,
}

/// What to do with a free task that somebody else is about to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contended {
    /// Leave it to them, so that nobody waits for anybody.
    Skip,
    /// Wait until they have it, or have not: one of its places may be left.
    Wait,
}

/// Who looks for free tasks, where, and when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seeker {
    pub project: ProjectId,
    pub annotator: AnnotatorId,
    pub now: Timestamp,
    /// For how long a place that a lease has kept may stay unseen by somebody else after it ended.
    pub lease_seconds: u32,
}

/// A task that is free.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Free {
    pub row: TaskRow,
    /// Whether nobody has a place of it, and nobody else can take one before this transaction ends.
    pub is_untouched: bool,
}

impl Free {
    pub(crate) fn id(&self) -> TaskId {
        self.row.task.id()
    }

    /// Whether it comes before every score.
    pub(crate) fn is_urgent(&self) -> bool {
        self.row.task.priority >= URGENT
    }

    /// Whether it is there because its label is suspected.
    pub(crate) fn is_suspect(&self) -> bool {
        self.row.task.reason_kind == SignalKind::LabelSuspect.as_str()
    }

    /// Where it stands in `order`.
    fn position(&self, order: Order) -> Position {
        let task = &self.row.task;
        let place = match order {
            Order::Audit => task.audit_rank.unwrap_or_default(),
            Order::Priority | Order::Suspects | Order::Others => task.priority,
        };
        Position { place, sample: task.sample_key.clone() }
    }
}

#[derive(FromQueryResult)]
struct FreeRow {
    #[sea_orm(nested)]
    row: TaskRow,
    begun: bool,
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

/// Which part of an order is searched.
enum Part {
    /// The first [`TOP`] open tasks.
    Top,
    /// From here on.
    From(Position),
    All,
}

/// The first free tasks in `order`, held for this transaction.
///
/// Somebody who has answered everything at the top would walk over all of it for every claim, so where they found
/// something beyond it is marked for a while.
pub(crate) async fn first(
    tx: &DatabaseTransaction,
    marks: &Marks,
    seeker: Seeker,
    order: Order,
    contended: Contended,
    count: usize,
) -> Result<Vec<Free>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let search = |part| search(tx, seeker, order, contended, count, part);
    let top = search(Part::Top).await?;
    if top.len() == count {
        return Ok(top);
    }
    let key = (seeker.annotator, order);
    if let Some(mark) = marks.of(&key, seeker.now) {
        let beyond = search(Part::From(mark)).await?;
        if let Some(first) = beyond.first().filter(|_| top.is_empty()) {
            marks.advance(&key, first.position(order));
        }
        let beyond = beyond.into_iter().filter(|task| !top.contains(task));
        let found: Vec<Free> = top.iter().cloned().chain(beyond).take(count).collect();
        if found.len() == count {
            return Ok(found);
        }
    }
    let all = search(Part::All).await?;
    if let Some(first) = all.first().filter(|_| top.is_empty()) {
        marks.keep(key, first.position(order), seeker.now, seeker.lease_seconds);
    }
    Ok(all)
}

async fn search(
    tx: &DatabaseTransaction,
    seeker: Seeker,
    order: Order,
    contended: Contended,
    count: usize,
    part: Part,
) -> Result<Vec<Free>> {
    let backend = tx.get_database_backend();
    let lock = match (backend, contended) {
        (DbBackend::Postgres, Contended::Skip) => " FOR UPDATE OF t SKIP LOCKED",
        (DbBackend::Postgres, Contended::Wait) => " FOR UPDATE OF t",
        _ => "",
    };
    let (condition, place, by) = order.sql();
    let index = order.index(backend);
    let open = format!("t.project_id = $1 AND t.state = 'open'{condition}");
    let (from, after) = match &part {
        Part::Top if backend == DbBackend::Postgres => (
            format!(
                "(SELECT t.id FROM tasks t WHERE {open} ORDER BY {by} LIMIT {TOP}) top JOIN tasks t ON t.id = top.id"
            ),
            String::new(),
        ),
        Part::Top => (
            format!("(SELECT t.* FROM tasks t{index} WHERE {open} ORDER BY {by} LIMIT {TOP}) t"),
            String::new(),
        ),
        Part::From(_) => (
            format!("tasks t{index}"),
            match order {
                Order::Audit => format!(" AND {place} >= $4 AND ({place} > $4 OR t.sample_key >= $5)"),
                _ => format!(" AND {place} <= $4 AND ({place} < $4 OR t.sample_key >= $5)"),
            },
        ),
        Part::All => (format!("tasks t{index}"), String::new()),
    };
    let text = format!(
        "SELECT t.*, c.fields, c.metadata, EXISTS (SELECT 1 FROM slots s WHERE s.task_id = t.id) AS begun
         FROM {from} JOIN contents c ON c.id = t.content_id
         WHERE {FREE}{condition}{after} ORDER BY {by} LIMIT {count}{lock}"
    );
    let mut values: Vec<Value> =
        vec![seeker.project.0.into(), seeker.annotator.0.into(), seeker.now.0.into()];
    if let Part::From(position) = part {
        values.extend([position.place.into(), position.sample.into()]);
    }
    let rows = FreeRow::find_by_statement(sql(tx, &text, values)).all(tx).await?;
    // PostgreSQL has many writers, and what it read it may have read before it held the task.
    let is_alone = backend == DbBackend::Sqlite;
    let free = |found: FreeRow| Free { row: found.row, is_untouched: is_alone && !found.begun };
    Ok(rows.into_iter().map(free).collect())
}

impl Order {
    /// Which tasks it has, what orders them, and the whole order.
    fn sql(self) -> (&'static str, &'static str, &'static str) {
        let by_priority = "t.priority DESC, t.sample_key";
        match self {
            Self::Priority => ("", "t.priority", by_priority),
            Self::Suspects => (" AND t.reason_kind = 'label_suspect'", "t.priority", by_priority),
            Self::Others => (" AND t.reason_kind <> 'label_suspect'", "t.priority", by_priority),
            Self::Audit => (" AND t.audit_rank IS NOT NULL", "t.audit_rank", "t.audit_rank, t.sample_key"),
        }
    }

    /// The index that SQLite would take for worse than one with more columns.
    fn index(self, backend: DbBackend) -> &'static str {
        match (backend, self) {
            (DbBackend::Sqlite, Self::Suspects) => " INDEXED BY tasks_suspects",
            (DbBackend::Sqlite, Self::Others) => " INDEXED BY tasks_others",
            _ => "",
        }
    }
}

/// How many tasks are free for the annotator, up to `most`.
pub(crate) async fn count<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    annotator: AnnotatorId,
    now: Timestamp,
    most: i64,
) -> Result<i64> {
    let text =
        format!("SELECT COUNT(*) AS count FROM (SELECT 1 FROM tasks t WHERE {FREE} LIMIT {most}) AS free");
    let values = [project.0.into(), annotator.0.into(), now.0.into()];
    let row = CountRow::find_by_statement(sql(conn, &text, values)).one(conn).await?;
    Ok(row.map_or(0, |row| row.count))
}

//! The statement that looks for free tasks, in one or two orders at once: the way to the database and back costs more than
//! the look.

use super::{Contended, Free, Order, Seeker};
use crate::{
    error::Result,
    marks::Position,
    repo::{claims::TaskRow, sql::sql},
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult, Value};

/// What makes an open task free. `$2` annotator, `$3` now.
pub(super) const HAS_PLACE: &str =
    "NOT EXISTS (SELECT 1 FROM slots s WHERE s.task_id = t.id AND s.annotator_id = $2
                 AND (s.annotation_id IS NOT NULL OR s.expires_at > $3))
  AND NOT EXISTS (SELECT 1 FROM skips k WHERE k.task_id = t.id AND k.annotator_id = $2)
  AND (SELECT COUNT(*) FROM slots s WHERE s.task_id = t.id
       AND (s.annotation_id IS NOT NULL OR s.expires_at > $3)) < t.slots";
/// How many open tasks at the beginning of each order are always looked at, whatever was found before.
const TOP: usize = 50;

/// Which part of an order is searched.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// The first [`TOP`] open tasks.
    Top,
    /// From here on.
    From(Position),
    All,
}

/// What was found in one order.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    pub found: Vec<Free>,
    /// Whether the order may have open tasks that were not looked at.
    pub goes_on: bool,
}

#[derive(FromQueryResult)]
struct FreeRow {
    /// The index of its order.
    which: i32,
    /// One bit for each order that has more than the first [`TOP`].
    longer: i32,
    #[sea_orm(nested)]
    row: TaskRow,
    begun: bool,
}

/// The first free tasks of each order in this part of it, up to `count` each, held for this transaction.
pub(super) async fn search<const N: usize>(
    tx: &DatabaseTransaction,
    seeker: Seeker,
    orders: [Order; N],
    part: Part,
    contended: Contended,
    count: usize,
) -> Result<[Window; N]> {
    let backend = tx.get_database_backend();
    let found_in = |(which, order): (usize, Order)| {
        let tasks = order.tasks(&part, backend, contended, count);
        format!("SELECT {which} AS which, f{which}.* FROM ({tasks}) f{which}")
    };
    let is_longer = |(which, order): (usize, Order)| {
        let (open, (_, by)) = (order.open(), order.by());
        // Ordered, or else another index would do, in which most are of the other sort.
        let some = format!("SELECT 1 FROM tasks t WHERE {open} ORDER BY {by} LIMIT {}", TOP + 1);
        format!("CASE WHEN (SELECT COUNT(*) FROM ({some}) w{which}) > {TOP} THEN {} ELSE 0 END", 1 << which)
    };
    let found: Vec<String> = orders.into_iter().enumerate().map(found_in).collect();
    let longer: Vec<String> = match part {
        Part::Top => orders.into_iter().enumerate().map(is_longer).collect(),
        Part::From(_) | Part::All => vec!["0".to_owned()],
    };
    let text = format!(
        "SELECT found.*, {} AS longer FROM ({}) found",
        longer.join(" + "),
        found.join(" UNION ALL ")
    );
    let mut values: Vec<Value> =
        vec![seeker.project.0.into(), seeker.annotator.0.into(), seeker.now.0.into()];
    let goes_on = matches!(part, Part::Top);
    if let Part::From(position) = part {
        values.extend([position.place.into(), position.sample.into()]);
    }
    let rows = FreeRow::find_by_statement(sql(tx, &text, values)).all(tx).await?;
    // Where nothing was found, nothing told how long the orders are.
    let longer = rows.first().map(|row| row.longer);
    // PostgreSQL has many writers, and what it read it may have read before it held the task.
    let is_alone = backend == DbBackend::Sqlite;
    let mut windows: [Window; N] = std::array::from_fn(|which| Window {
        found: Vec::new(),
        goes_on: goes_on && longer.is_none_or(|longer| longer & (1 << which) != 0),
    });
    for FreeRow { which, row, begun, .. } in rows {
        if let Some(window) = usize::try_from(which).ok().and_then(|which| windows.get_mut(which)) {
            window.found.push(Free { row, is_untouched: is_alone && !begun });
        }
    }
    Ok(windows)
}

impl Order {
    /// Which of the open tasks it has.
    fn condition(self) -> &'static str {
        // As in the index `tasks_open`.
        match self {
            Self::Suspects => "CASE WHEN t.reason_kind = 'label_suspect' THEN 1 ELSE 0 END = 1",
            Self::Others => "CASE WHEN t.reason_kind = 'label_suspect' THEN 1 ELSE 0 END = 0",
            Self::Audit => "t.audit_rank IS NOT NULL",
        }
    }

    /// What orders it, and the whole order.
    fn by(self) -> (&'static str, &'static str) {
        match self {
            Self::Suspects | Self::Others => ("t.priority", "t.priority DESC, t.sample_key"),
            Self::Audit => ("t.audit_rank", "t.audit_rank, t.sample_key"),
        }
    }

    /// Its open tasks.
    fn open(self) -> String {
        format!("t.project_id = $1 AND t.state = 'open' AND {}", self.condition())
    }

    /// The statement for its first free tasks in a part of it.
    fn tasks(self, part: &Part, backend: DbBackend, contended: Contended, count: usize) -> String {
        let (place, by) = self.by();
        let open = self.open();
        let lock = match (backend, contended) {
            (DbBackend::Postgres, Contended::Skip) => " FOR UPDATE OF t SKIP LOCKED",
            (DbBackend::Postgres, Contended::Wait) => " FOR UPDATE OF t",
            _ => "",
        };
        let top = format!("FROM tasks t WHERE {open} ORDER BY {by} LIMIT {TOP}");
        let from = match part {
            Part::Top if backend == DbBackend::Sqlite => format!("(SELECT t.* {top}) t"),
            _ => "tasks t".to_owned(),
        };
        let after = match (part, self) {
            (Part::From(_), Self::Audit) => {
                format!(" AND {place} >= $4 AND ({place} > $4 OR t.sample_key >= $5)")
            }
            (Part::From(_), _) => format!(" AND {place} <= $4 AND ({place} < $4 OR t.sample_key >= $5)"),
            (Part::Top | Part::All, _) => String::new(),
        };
        let among = match (part, backend) {
            // What is held must be a table's row. As a list, because PostgreSQL might read every open task for a join, and
            // with a state that no index has, because it might read every open task to find these among them.
            (Part::Top, DbBackend::Postgres) => {
                format!("t.id = ANY (ARRAY(SELECT t.id {top})) AND t.state || '' = 'open'")
            }
            _ => open,
        };
        // Only SQLite's search is trusted in this; PostgreSQL might read every slot for it.
        let begun = match backend {
            DbBackend::Postgres => "FALSE",
            _ => "EXISTS (SELECT 1 FROM slots s WHERE s.task_id = t.id)",
        };
        format!(
            "SELECT t.*, c.fields, c.metadata, {begun} AS begun FROM {from} JOIN contents c ON c.id = t.content_id
             WHERE {among} AND {HAS_PLACE}{after} ORDER BY {by} LIMIT {count}{lock}"
        )
    }
}

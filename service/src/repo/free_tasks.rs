//! Free tasks: which ones an annotator could take, in the order in which they are served.
//!
//! A task is free for an annotator who has not answered, skipped or holds it, while one of its places is neither answered
//! nor held. The first open tasks are always looked at; whoever has answered all of them goes on below, where their last
//! search ended.

mod search;

use crate::{
    error::Result,
    marks::{Marks, Position, Reached},
    repo::{claims::TaskRow, sql::sql},
};
use domain::{
    id::{AnnotatorId, ProjectId, TaskId},
    signal::URGENT,
    time::Timestamp,
};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, FromQueryResult};
use search::{HAS_PLACE, Part, Window, search};

/// A part of the open tasks with an order of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Order {
    /// Those whose label is suspected, by priority, then by sample id.
    Suspects,
    /// All others, in the same way.
    Others,
    /// Those of the audit slice, by hash. They are among the former as well.
    Audit,
}

/// What to do with a free task that somebody else is about to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contended {
    /// Leave it to them, so that nobody waits for anybody.
    Skip,
    /// Wait until they have it, or have not: one of its places may be left.
    Wait,
    /// Tell of it all the same, and hold nothing.
    Look,
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

    /// Whether it is served before `other` where nothing but the priority decides.
    pub(crate) fn is_before(&self, other: &Self) -> bool {
        let (one, other) = (&self.row.task, &other.row.task);
        let by_priority = other.priority.total_cmp(&one.priority);
        by_priority.then_with(|| one.sample_key.cmp(&other.sample_key)).is_lt()
    }

    /// Where it stands in `order`.
    fn position(&self, order: Order) -> Position {
        let task = &self.row.task;
        let place = match order {
            Order::Audit => task.audit_rank.unwrap_or_default(),
            Order::Suspects | Order::Others => task.priority,
        };
        Position { place, sample: task.sample_key.clone() }
    }
}

/// The first free tasks of both sorts, each by priority.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ByPriority {
    pub suspects: Vec<Free>,
    pub others: Vec<Free>,
}

impl ByPriority {
    pub(crate) fn is_empty(&self) -> bool {
        self.suspects.is_empty() && self.others.is_empty()
    }
}

/// The first free tasks of each sort, up to `count`, held for this transaction.
pub(crate) async fn by_priority(
    tx: &DatabaseTransaction,
    marks: &Marks,
    seeker: Seeker,
    count: usize,
) -> Result<ByPriority> {
    let sorts = [Order::Suspects, Order::Others];
    let [suspects, others] = search(tx, seeker, sorts, Part::Top, Contended::Skip, count).await?;
    Ok(ByPriority {
        suspects: beyond(tx, marks, seeker, Order::Suspects, suspects, count).await?,
        others: beyond(tx, marks, seeker, Order::Others, others, count).await?,
    })
}

/// The same, after a look at every open task, however long that takes. Where others are about to take all that is free, it
/// waits for one of them if `contended` says so.
pub(crate) async fn left_over(
    tx: &DatabaseTransaction,
    seeker: Seeker,
    contended: Contended,
    count: usize,
) -> Result<ByPriority> {
    let sorts = [Order::Suspects, Order::Others];
    let [suspects, others] = search(tx, seeker, sorts, Part::All, Contended::Skip, count).await?;
    let mut found = ByPriority { suspects: suspects.found, others: others.found };
    if contended == Contended::Wait {
        // One at a time: whoever waits shall hold none.
        if found.is_empty() {
            let [suspect] = search(tx, seeker, [Order::Suspects], Part::All, Contended::Wait, 1).await?;
            found.suspects = suspect.found;
        }
        if found.is_empty() {
            let [other] = search(tx, seeker, [Order::Others], Part::All, Contended::Wait, 1).await?;
            found.others = other.found;
        }
    }
    Ok(found)
}

/// The first free tasks of the audit slice, up to `count`, held for this transaction.
pub(crate) async fn audits(
    tx: &DatabaseTransaction,
    marks: &Marks,
    seeker: Seeker,
    count: usize,
) -> Result<Vec<Free>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let [top] = search(tx, seeker, [Order::Audit], Part::Top, Contended::Skip, count).await?;
    beyond(tx, marks, seeker, Order::Audit, top, count).await
}

/// The first `count` free tasks of `order`, of which `top` are those among the first open ones.
///
/// Somebody who has answered everything at the top would walk over all of it for every claim, so where they found
/// something beyond it, or nothing, is marked for a while.
async fn beyond(
    tx: &DatabaseTransaction,
    marks: &Marks,
    seeker: Seeker,
    order: Order,
    top: Window,
    count: usize,
) -> Result<Vec<Free>> {
    let top = match top {
        Window { found, goes_on } if !goes_on || found.len() == count => return Ok(found),
        Window { found, .. } => found,
    };
    let search = async |part, contended| {
        let [window] = search(tx, seeker, [order], part, contended, count).await?;
        Result::Ok(window.found)
    };
    let is_below = |task: &Free| !top.contains(task);
    let key = (seeker.annotator, order);
    match marks.of(&key, seeker.now) {
        Some(Reached::End) => return Ok(top),
        Some(Reached::Here(mark)) => {
            let mut below = search(Part::From(mark), Contended::Skip).await?;
            below.retain(is_below);
            if let Some(first) = below.first() {
                marks.advance(&key, first.position(order));
            }
            if top.len() + below.len() >= count {
                return Ok(top.into_iter().chain(below).take(count).collect());
            }
        }
        None => {}
    }
    let all = search(Part::All, Contended::Skip).await?;
    let reached = match all.iter().find(|task| is_below(task)) {
        Some(first) => Some(Reached::Here(first.position(order))),
        // On PostgreSQL others may hold what is left for a moment.
        None if tx.get_database_backend() == DbBackend::Postgres => {
            let seen = search(Part::All, Contended::Look).await?;
            (!seen.iter().any(is_below)).then_some(Reached::End)
        }
        None => Some(Reached::End),
    };
    if let Some(reached) = reached {
        marks.keep(key, reached, seeker.now, seeker.lease_seconds);
    }
    Ok(all)
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

/// How many tasks are free for the annotator, up to `most`.
pub(crate) async fn count<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    annotator: AnnotatorId,
    now: Timestamp,
    most: i64,
) -> Result<i64> {
    let open = "t.project_id = $1 AND t.state = 'open'";
    let text = format!(
        "SELECT COUNT(*) AS count FROM (SELECT 1 FROM tasks t WHERE {open} AND {HAS_PLACE} LIMIT {most}) AS free"
    );
    let values = [project.0.into(), annotator.0.into(), now.0.into()];
    let row = CountRow::find_by_statement(sql(conn, &text, values)).one(conn).await?;
    Ok(row.map_or(0, |row| row.count))
}

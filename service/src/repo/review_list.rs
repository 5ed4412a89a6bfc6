//! Which tasks a reviewer's list shows, and in which order.

use crate::{entity::task, error::Result, repo::page};
use domain::{
    id::ProjectId,
    signal::SignalKind,
    task::TaskState,
    view::{
        Page, PageRequest,
        review::{ReviewFilter, ReviewOrder},
    },
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
    sea_query::{Expr, ExprTrait},
};
use serde::{Deserialize, Serialize};

/// The last task of a page, by every order.
#[derive(Serialize, Deserialize)]
struct Last {
    priority: f64,
    key: String,
    updated_at: i64,
    disagreement: f64,
    id: i64,
}

/// One page of the tasks that `filter` describes.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    filter: &ReviewFilter,
    request: &PageRequest,
) -> Result<Page<task::Model>> {
    let limit = page::limit(request)?;
    let state = filter.state.unwrap_or(TaskState::InReview);
    let mut query = task::Entity::find()
        .filter(task::Column::ProjectId.eq(project.0))
        .filter(task::Column::State.eq(state.as_str()))
        // For indexes that have only these.
        .filter(Expr::cust(if state == TaskState::Open { "state = 'open'" } else { "state <> 'open'" }))
        .limit(limit as u64 + 1);
    if let Some(reason) = filter.reason {
        query = query.filter(task::Column::ReasonKind.eq(reason.as_str()));
    }
    // Text within a custom expression names its values as the database does.
    let (value, contains) = match conn.get_database_backend() {
        DbBackend::Postgres => ("$1", "strpos"),
        _ => ("?", "instr"),
    };
    if let Some(annotator) = &filter.annotator {
        let text = format!(
            "EXISTS (SELECT 1 FROM slots s JOIN annotators a ON a.id = s.annotator_id
                     LEFT JOIN users u ON u.id = a.user_id
                     WHERE s.task_id = tasks.id AND s.annotation_id IS NOT NULL
                     AND COALESCE(u.email, a.name) = {value})"
        );
        query = query.filter(Expr::cust_with_values(text, [annotator.as_str()]));
    }
    if let Some(set) = filter.change_set {
        let second = value.replace('1', "2");
        let text = format!(
            "id IN (SELECT task_id FROM proposals WHERE change_set_id = {value}
                    UNION ALL SELECT task_id FROM rule_examples WHERE change_set_id = {second})"
        );
        query = query.filter(Expr::cust_with_values(text, [set.0, set.0]));
    }
    for chosen in &filter.pair {
        // Answers are canonical JSON: a chosen value stands after its question's colon.
        let needle = format!(":{}", domain::canonical::text(&chosen.as_str().into()));
        let text = format!(
            "EXISTS (SELECT 1 FROM slots s JOIN annotations a ON a.id = s.annotation_id
                     WHERE s.task_id = tasks.id AND {contains}(a.answers, {value}) > 0)"
        );
        query = query.filter(Expr::cust_with_values(text, [needle]));
    }
    let order = filter.order.unwrap_or(ReviewOrder::Priority);
    let query = in_order(query, order, page::after(request)?);
    let rows = match (state, order) {
        (TaskState::Open, ReviewOrder::Priority) => open_by_priority(conn, query, filter.reason).await?,
        _ => query.all(conn).await?,
    };
    page::page(rows, limit, |task| Last {
        priority: task.priority,
        key: task.sample_key.clone(),
        updated_at: task.updated_at,
        disagreement: task.disagreement.unwrap_or(0.0),
        id: task.id,
    })
}

/// Open tasks stand in the index apart, as `tasks_open` says.
async fn open_by_priority<C: ConnectionTrait>(
    conn: &C,
    query: Select<task::Entity>,
    reason: Option<SignalKind>,
) -> Result<Vec<task::Model>> {
    let sorts: &[i32] = match reason {
        None => &[0, 1],
        Some(SignalKind::LabelSuspect) => &[1],
        Some(_) => &[0],
    };
    let mut rows = Vec::new();
    for sort in sorts {
        let of_sort = format!("CASE WHEN reason_kind = 'label_suspect' THEN 1 ELSE 0 END = {sort}");
        rows.extend(query.clone().filter(Expr::cust(of_sort)).all(conn).await?);
    }
    rows.sort_by(|one, other| {
        let by_priority = other.priority.total_cmp(&one.priority);
        by_priority.then_with(|| (&one.sample_key, one.id).cmp(&(&other.sample_key, other.id)))
    });
    Ok(rows)
}

fn in_order(query: Select<task::Entity>, order: ReviewOrder, last: Option<Last>) -> Select<task::Entity> {
    use task::Column::{Id, Priority, SampleKey, UpdatedAt};
    let disagreement = || Expr::cust("COALESCE(disagreement, 0)");
    match order {
        ReviewOrder::Priority => {
            let query = query.order_by_desc(Priority).order_by_asc(SampleKey).order_by_asc(Id);
            let Some(last) = last else { return query };
            let same_key = SampleKey.eq(last.key.as_str()).and(Id.gt(last.id));
            let later = SampleKey.gt(last.key.as_str()).or(same_key);
            let same = Condition::all().add(Priority.eq(last.priority)).add(later);
            query.filter(Condition::any().add(Priority.lt(last.priority)).add(same))
        }
        ReviewOrder::Oldest => {
            let query = query.order_by_asc(UpdatedAt).order_by_asc(Id);
            let Some(last) = last else { return query };
            let same = Condition::all().add(UpdatedAt.eq(last.updated_at)).add(Id.gt(last.id));
            query.filter(Condition::any().add(UpdatedAt.gt(last.updated_at)).add(same))
        }
        ReviewOrder::Disagreement => {
            let query = query.order_by_desc(disagreement()).order_by_asc(Id);
            let Some(last) = last else { return query };
            let same = Condition::all().add(disagreement().eq(last.disagreement)).add(Id.gt(last.id));
            query.filter(Condition::any().add(disagreement().lt(last.disagreement)).add(same))
        }
    }
}

//! An annotator's own answers, and what became of them as far as they may know.

use crate::{
    entity::{annotation, content, decision, known_answer, label, slot, task, withdrawal},
    error::{Error, Result},
    repo::{
        claims::{self, Metadata},
        known_answers, known_results, page,
        projects::Project,
        sql::sql,
    },
};
use domain::{
    answer::Answers,
    answer::Verdict,
    decision::DecisionKind,
    id::{AnnotationId, AnnotatorId, TaskId},
    known::{self, Policy},
    task::{DecidedBy, TaskState},
    time::Timestamp,
    view::{
        Page, PageRequest,
        annotate::{Outcome, OwnAnnotation},
    },
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::{HashMap, HashSet};

/// One page of the annotator's answers, the newest first.
pub(crate) async fn page<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    annotator: AnnotatorId,
    request: &PageRequest,
) -> Result<Page<OwnAnnotation>> {
    let limit = page::limit(request)?;
    let mut query = annotation::Entity::find()
        .filter(annotation::Column::AnnotatorId.eq(annotator.0))
        .order_by_desc(annotation::Column::Id)
        .limit(limit as u64 + 1);
    if let Some(before) = page::after::<i64>(request)? {
        query = query.filter(annotation::Column::Id.lt(before));
    }
    let rows = page::page(query.all(conn).await?, limit, |row| row.id)?;
    Ok(Page { items: views(conn, project, rows.items).await?, next_cursor: rows.next_cursor })
}

/// The annotator's newest answer that was not withdrawn.
pub(crate) async fn newest_counted<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    annotator: AnnotatorId,
) -> Result<Option<OwnAnnotation>> {
    let text = "SELECT a.* FROM annotations a
                WHERE a.annotator_id = $1
                AND EXISTS (SELECT 1 FROM slots s WHERE s.task_id = a.task_id AND s.annotation_id = a.id)
                ORDER BY a.id DESC LIMIT 1";
    let newest = annotation::Entity::find().from_raw_sql(sql(conn, text, [annotator.0.into()]));
    let newest = newest.one(conn).await?.into_iter().collect();
    Ok(views(conn, project, newest).await?.pop())
}

async fn views<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    rows: Vec<annotation::Model>,
) -> Result<Vec<OwnAnnotation>> {
    let known = Known::load(conn, &rows).await?;
    rows.into_iter().map(|row| known.view(project, row)).collect()
}

/// What is known about a page of annotations.
struct Known {
    tasks: HashMap<i64, task::Model>,
    contents: HashMap<i64, content::Model>,
    withdrawn: HashMap<i64, i64>,
    counted: HashSet<i64>,
    decisions: HashMap<i64, decision::Model>,
    returns: HashMap<i64, decision::Model>,
    cut: HashSet<i64>,
    /// What is known of those tasks whose answers are, and what the annotator answered to them.
    known: HashMap<TaskId, known_answer::Model>,
    given: HashMap<i64, known_answers::Given>,
}

impl Known {
    async fn load<C: ConnectionTrait>(conn: &C, rows: &[annotation::Model]) -> Result<Self> {
        let ids = || rows.iter().map(|row| row.id);
        let task_ids = || rows.iter().map(|row| row.task_id);
        let tasks = task::Entity::find().filter(task::Column::Id.is_in(task_ids())).all(conn).await?;
        let withdrawals = withdrawal::Entity::find()
            .filter(withdrawal::Column::AnnotationId.is_in(ids()))
            .all(conn)
            .await?;
        let slots = slot::Entity::find().filter(slot::Column::AnnotationId.is_in(ids())).all(conn).await?;
        let decisions = decision::Entity::find()
            .filter(decision::Column::TaskId.is_in(task_ids()))
            .order_by_asc(decision::Column::Id)
            .all(conn)
            .await?;
        let cut = label::Entity::find()
            .filter(label::Column::DecisionId.is_in(decisions.iter().map(|decision| decision.id)))
            .filter(label::Column::FromVersion.is_not_null())
            .all(conn)
            .await?;
        let known: Vec<TaskId> = tasks
            .iter()
            .filter(|task| task.state == TaskState::Known.as_str())
            .map(task::Model::id)
            .collect();
        let own = rows.first().map(|row| row.annotator_id);
        let given = known_answers::given(conn, &known).await?;
        let given = given.into_iter().filter(|given| Some(given.annotator_id) == own);
        let returned = decisions.iter().filter(|row| row.kind == DecisionKind::Return.as_str()).cloned();
        Ok(Self {
            contents: claims::contents(conn, rows.iter().map(|row| row.content_id)).await?,
            tasks: tasks.into_iter().map(|task| (task.id, task)).collect(),
            withdrawn: withdrawals.into_iter().map(|row| (row.annotation_id, row.created_at)).collect(),
            counted: slots.into_iter().filter_map(|slot| slot.annotation_id).collect(),
            returns: returned.map(|row| (row.task_id, row)).collect(),
            decisions: decisions.into_iter().map(|row| (row.task_id, row)).collect(),
            cut: cut.into_iter().filter_map(|row| row.decision_id).collect(),
            given: given.map(|given| (given.task_id, given)).collect(),
            known: known_answers::of_tasks(conn, known).await?,
        })
    }

    /// What seems to have become of an answer to a known-answer task: what would have become of it at once elsewhere.
    fn seeming_outcome(
        &self,
        project: &Project,
        task: &task::Model,
        content: &content::Model,
        row: &annotation::Model,
    ) -> Result<Option<Outcome>> {
        let (known, given) = (self.known.get(&task.id()), self.given.get(&task.id));
        let Some((known, given)) = known.zip(given) else { return Ok(None) };
        let result = known_results::compare(&known.answers, &given.verdict, &given.answers)?;
        let settings = &project.settings;
        let is_approved = settings.review.lets_through(&project.salt, task.id())
            && settings.split.reviewers(content.split(project, &task.sample_key)?) < 2;
        let policy = if is_approved { Policy::Approves } else { Policy::Asks };
        let whose = (task.id(), AnnotatorId(row.annotator_id));
        let told = known::told(&project.salt, whose, settings.queue.overlap.first(), policy, &result);
        let is_same = (&given.verdict, &given.answers) == (&row.verdict, &row.answers);
        let outcome = if is_same { Outcome::Accepted } else { Outcome::Changed };
        Ok((told == TaskState::Approved).then_some(outcome))
    }

    fn view(&self, project: &Project, row: annotation::Model) -> Result<OwnAnnotation> {
        let task = self.tasks.get(&row.task_id).ok_or_else(|| Error::internal("a task is gone"))?;
        let content = self.contents.get(&row.content_id).ok_or_else(|| Error::internal("content is gone"))?;
        let answers: Answers = serde_json::from_str(&row.answers)?;
        let verdict = Verdict::parse(&row.verdict).ok_or_else(|| Error::internal("an unknown verdict"))?;
        let decision = self.decisions.get(&row.task_id);
        let undecided = match task.state()? {
            TaskState::Open | TaskState::Known => true,
            // A reviewer may have decided in part.
            TaskState::InReview => decision.map(decision::Model::label).transpose()?.flatten().is_none(),
            TaskState::Approved => {
                task.decided_by() == Some(DecidedBy::Policy)
                    && decision.is_some_and(|decision| !self.cut.contains(&decision.id))
            }
            TaskState::Dismissed | TaskState::Superseded => false,
        };
        let outcome = match task.state()? {
            TaskState::Known => self.seeming_outcome(project, task, content, &row)?,
            state => outcome(state, verdict, &answers, decision)?,
        };
        let returned =
            self.returns.get(&row.task_id).filter(|returned| returned.created_at >= row.created_at);
        Ok(OwnAnnotation {
            annotation: AnnotationId(row.id),
            task: TaskId(row.task_id),
            sample: claims::shown(
                &task.sample_key,
                content.texts(),
                Metadata::Only(&project.settings.show_metadata),
            )?,
            outcome,
            answers,
            verdict,
            note: row.note,
            created_at: Timestamp(row.created_at),
            withdrawn_at: self.withdrawn.get(&row.id).copied().map(Timestamp),
            can_undo: undecided && self.counted.contains(&row.id) && project.archived_at.is_none(),
            reviewer_note: returned.and_then(|returned| returned.note.clone()),
        })
    }
}

fn outcome(
    state: TaskState,
    verdict: Verdict,
    answers: &Answers,
    decision: Option<&decision::Model>,
) -> Result<Option<Outcome>> {
    let Some(decision) = decision else { return Ok(None) };
    Ok(match state {
        TaskState::Dismissed => Some(Outcome::Dismissed),
        TaskState::Approved => {
            let label: Option<Answers> = decision.answers.as_deref().map(serde_json::from_str).transpose()?;
            let same = match label {
                Some(label) => verdict == Verdict::Answered && label == *answers,
                None => verdict == Verdict::BadSample,
            };
            Some(if same { Outcome::Accepted } else { Outcome::Changed })
        }
        TaskState::Open | TaskState::InReview | TaskState::Superseded | TaskState::Known => None,
    })
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

/// How many counted answers the annotator gave since midnight in the project's time zone.
pub(crate) async fn count_today<C: ConnectionTrait>(
    conn: &C,
    project: &Project,
    annotator: AnnotatorId,
    now: Timestamp,
) -> Result<i64> {
    let text = "SELECT COUNT(*) AS count FROM annotations a JOIN slots s ON s.annotation_id = a.id
                WHERE a.annotator_id = $1 AND a.created_at >= $2";
    let values = [annotator.0.into(), midnight(&project.settings.time_zone, now).0.into()];
    let row = CountRow::find_by_statement(sql(conn, text, values)).one(conn).await?;
    Ok(row.map_or(0, |row| row.count))
}

/// The last midnight in a time zone; UTC's where the zone is not known.
fn midnight(zone: &str, now: Timestamp) -> Timestamp {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    jiff::Timestamp::from_microsecond(now.0)
        .ok()
        .and_then(|now| now.to_zoned(zone).start_of_day().ok())
        .map_or(now, |midnight| Timestamp(midnight.timestamp().as_microsecond()))
}

#[cfg(test)]
mod tests {
    use super::midnight;
    use domain::time::Timestamp;

    #[test]
    fn the_day_begins_in_the_project_s_own_time_zone() {
        let at = Timestamp::parse("2026-03-01T20:00:00Z").unwrap_or(Timestamp(0));
        assert_eq!(midnight("Asia/Seoul", at).to_string(), "2026-03-01T15:00:00.000Z");
        assert_eq!(midnight("Nowhere/Else", at).to_string(), "2026-03-01T00:00:00.000Z");
    }
}

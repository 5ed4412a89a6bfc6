//! Notices: whoever is right less often than their project asks for hears of it, as do the managers.
//!
//! A notice is written, and whom it is about is paused, in the transaction of the answer that it rests on. Taking answers back takes
//! back what they led to: a notice that does not hold any more is withdrawn, and its pause ends.

use crate::{
    actor::Actor,
    entity::notice,
    error::{Error, Result},
    repo::{
        annotators,
        audit::{self, Entry},
        known_results,
        notices::{self, Listed},
        pauses,
        projects::Project,
        review_items,
    },
    services::Services,
    usecase::access,
};
use domain::{
    access::Permission,
    id::{AnnotatorId, NoticeId, ProjectId},
    name::Slug,
    problem::{Code, Refusal},
    time::Timestamp,
    view::{
        Page, PageRequest,
        notice::{Notice, OwnNotice, OwnStanding},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;

/// So many of one's own notices are told.
const MOST_OWN: u64 = 20;

/// Notices about people whose answers fell below a level.
#[derive(Clone, Copy, Debug)]
pub struct Notices<'a>(pub(crate) &'a Services);

impl Notices<'_> {
    /// One page of the project's notices, the newest first.
    pub async fn list(&self, actor: &Actor, slug: &Slug, request: PageRequest) -> Result<Page<Notice>> {
        self.page(actor, slug, Listed::All, request).await
    }

    /// One page of those that are closed or withdrawn, the newest first.
    pub async fn closed(&self, actor: &Actor, slug: &Slug, request: PageRequest) -> Result<Page<Notice>> {
        self.page(actor, slug, Listed::Closed, request).await
    }

    async fn page(
        &self,
        actor: &Actor,
        slug: &Slug,
        listed: Listed,
        request: PageRequest,
    ) -> Result<Page<Notice>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ManageQuality).await?;
        let rows = notices::page(&conn, access.project.id, listed, &request).await?;
        let items = views(&conn, access.project.id, rows.items).await?;
        Ok(Page { items, next_cursor: rows.next_cursor })
    }

    /// Those that are open, the oldest first.
    pub async fn open(&self, actor: &Actor, slug: &Slug) -> Result<Vec<Notice>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ManageQuality).await?;
        let rows = notices::open(&conn, access.project.id).await?;
        views(&conn, access.project.id, rows).await
    }

    /// Closes a notice: what it was about is dealt with, and whom it is about begins anew.
    pub async fn close(&self, actor: &Actor, slug: &Slug, id: NoticeId) -> Result<Notice> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let access = access::project(tx, &actor, &slug, Permission::ManageQuality).await?;
                    let project = access.changeable()?.project;
                    let now = services.now(tx).await?;
                    let missing = || Refusal::new(Code::NotFound, format!("there is no notice {id}"));
                    let row = notices::find(tx, project.id, id).await?.ok_or_else(missing)?;
                    close(tx, &actor, project.id, &row, now).await?;
                    let row = notices::find(tx, project.id, id).await?.ok_or_else(missing)?;
                    views(tx, project.id, vec![row]).await?.pop().ok_or_else(|| missing().into())
                })
            })
            .await
    }

    /// Where the caller stands: whether they are paused, and the notices to them.
    pub async fn own(&self, actor: &Actor, slug: &Slug) -> Result<OwnStanding> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::OwnAnnotations).await?;
        let Some(annotator) = access.annotator()? else { return Ok(OwnStanding::default()) };
        let pause = pauses::open_of(&conn, annotator).await?;
        let rows = notices::of_annotator(&conn, annotator, MOST_OWN).await?;
        let view = |row: notice::Model| OwnNotice {
            notice: NoticeId(row.id),
            right: row.correct,
            of: row.results,
            created_at: Timestamp(row.created_at),
            seen_at: row.seen_at.map(Timestamp),
            closed_at: row.closed_at.map(Timestamp),
        };
        Ok(OwnStanding {
            paused_at: pause.as_ref().map(|pause| Timestamp(pause.paused_at)),
            paused_by: pause.and_then(|pause| pause.notice_id).map(NoticeId),
            notices: rows.into_iter().map(view).collect(),
        })
    }

    /// Writes down that the caller has seen a notice to them.
    pub async fn see(&self, actor: &Actor, slug: &Slug, id: NoticeId) -> Result<()> {
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        self.0
            .once(move |tx| {
                Box::pin(async move {
                    let access = access::project(tx, &actor, &slug, Permission::OwnAnnotations).await?;
                    let access = access.changeable()?;
                    let row = notices::find(tx, access.project.id, id).await?;
                    let own = access.annotator()?;
                    if row.is_none_or(|row| Some(AnnotatorId(row.annotator_id)) != own) {
                        let detail = format!("there is no notice {id} to you");
                        return Err(Refusal::new(Code::NotFound, detail).into());
                    }
                    notices::see(tx, id, services.now(tx).await?).await
                })
            })
            .await
    }
}

async fn views<C: ConnectionTrait>(
    conn: &C,
    project: ProjectId,
    rows: Vec<notice::Model>,
) -> Result<Vec<Notice>> {
    let shown = annotators::shown(conn, project).await?;
    let paused = pauses::by_notices(conn, rows.iter().map(|row| row.id)).await?;
    let emails = review_items::emails(conn, rows.iter().filter_map(|row| row.closed_by)).await?;
    let view = |row: notice::Model| {
        let annotator = shown.get(&AnnotatorId(row.annotator_id)).map(|shown| shown.name.clone());
        Ok(Notice {
            notice: NoticeId(row.id),
            annotator: annotator.ok_or_else(|| Error::internal("an annotator is gone"))?,
            level: row.level,
            right: row.correct,
            of: row.results,
            paused: paused.contains(&row.id),
            created_at: Timestamp(row.created_at),
            seen_at: row.seen_at.map(Timestamp),
            closed_at: row.closed_at.map(Timestamp),
            closed_by: row.closed_by.and_then(|id| emails.get(&id).cloned()),
            withdrawn: row.withdrawn,
        })
    };
    rows.into_iter().map(view).collect()
}

/// Closes a notice that is open for a manager.
pub(crate) async fn close(
    tx: &DatabaseTransaction,
    actor: &Actor,
    project: ProjectId,
    row: &notice::Model,
    now: Timestamp,
) -> Result<()> {
    // Another manager may have closed it at this moment.
    if !notices::close(tx, NoticeId(row.id), actor.user(), now).await? {
        return Ok(());
    }
    let subject = format!("notice {}", row.id);
    let entry = Entry { actor, project: Some(project), action: "close_notice", subject, detail: json!({}) };
    audit::write(tx, now, entry).await
}

/// After somebody answered a known-answer task: writes a notice where they have fallen below the level, and pauses them
/// where the project says so.
pub(crate) async fn after_answer(
    tx: &DatabaseTransaction,
    project: &Project,
    annotator: AnnotatorId,
    now: Timestamp,
) -> Result<()> {
    let Some(level) = project.settings.quality.level else { return Ok(()) };
    if notices::open_of(tx, annotator).await?.is_some() {
        return Ok(());
    }
    let right = known_results::of_annotator(tx, project.id, annotator).await?.all;
    if !right.is_below(level) {
        return Ok(());
    }
    let whom = (project.id, annotator);
    let Some(notice) = notices::add(tx, whom, level, right, now).await? else { return Ok(()) };
    let paused =
        project.settings.quality.pause && pauses::pause(tx, whom, pauses::By::Notice(notice), now).await?;
    let entry = Entry {
        actor: &Actor::System,
        project: Some(project.id),
        action: "write_notice",
        subject: format!("annotator {annotator}"),
        detail: json!({"notice": notice, "right": right.right, "of": right.of, "paused": paused}),
    };
    audit::write(tx, now, entry).await
}

/// After somebody took an answer to a known-answer task back: withdraws a notice that does not hold without it.
pub(crate) async fn after_undo(
    tx: &DatabaseTransaction,
    project: &Project,
    annotator: AnnotatorId,
    now: Timestamp,
) -> Result<()> {
    let Some(open) = notices::open_of(tx, annotator).await? else { return Ok(()) };
    if known_results::of_annotator(tx, project.id, annotator).await?.all.is_below(open.level) {
        return Ok(());
    }
    let notice = NoticeId(open.id);
    if !notices::withdraw(tx, notice, now).await? {
        return Ok(());
    }
    let pause = pauses::open_of(tx, annotator).await?.filter(|pause| pause.notice_id == Some(open.id));
    let resumed = match pause {
        Some(pause) => pauses::resume(tx, pause.id, None, now).await?,
        None => false,
    };
    let entry = Entry {
        actor: &Actor::System,
        project: Some(project.id),
        action: "withdraw_notice",
        subject: format!("annotator {annotator}"),
        detail: json!({"notice": notice, "resumed": resumed}),
    };
    audit::write(tx, now, entry).await
}

//! Cutting, reading, comparing and reverting versions.

mod diff;

use crate::{
    actor::Actor,
    entity::{decision, label, version},
    error::{Error, Result},
    repo::{
        audit::{self, Entry},
        decisions, label_rows, page, projects, requeue, review_items, staged,
        tags::Setting,
        version_diff, version_reads,
        versions::{self, Effect, Effects, NewLabelRow, NewVersion},
    },
    services::Services,
    usecase::{access, tags},
};
use domain::{
    access::Permission,
    answer::Answers,
    id::{ContentId, SampleId, TaskId},
    name::{SampleKey, Slug, VersionRef},
    problem::Code,
    provenance::{LabelAuthor, Provenance, VersionSource},
    time::Timestamp,
    view::{
        Page, PageRequest,
        diff::DiffFilter,
        version::{CutInput, RevertInput, Staged, StagedItem, VersionView},
    },
};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde_json::json;
use std::collections::HashMap;

/// The longest message in characters.
const LONGEST_MESSAGE: usize = 2000;

/// Cutting, reading and reverting versions.
#[derive(Clone, Copy, Debug)]
pub struct Versions<'a>(pub(crate) &'a Services);

impl Versions<'_> {
    /// Cuts the staged decisions as a new version.
    pub async fn cut(&self, actor: &Actor, slug: &Slug, input: CutInput) -> Result<VersionView> {
        check_message(&input.message)?;
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let cut =
            self.0.once(move |tx| Box::pin(async move { cut(&services, tx, &actor, &slug, input).await }));
        let version = cut.await?;
        self.0.outbox.notify_one();
        Ok(version)
    }

    /// The versions, the newest first.
    pub async fn list(&self, actor: &Actor, slug: &Slug, page: PageRequest) -> Result<Page<VersionView>> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadVersions).await?;
        let rows = versions::page(&conn, access.project.id, &page).await?;
        let items = version_reads::views(&conn, access.project.id, rows.items).await?;
        Ok(Page { items, next_cursor: rows.next_cursor })
    }

    /// One version.
    pub async fn get(&self, actor: &Actor, slug: &Slug, reference: &VersionRef) -> Result<VersionView> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadVersions).await?;
        let row = version_reads::resolve(&conn, access.project.id, reference).await?;
        one_view(&conn, row).await
    }

    /// What the next cut would hold.
    pub async fn staged(&self, actor: &Actor, slug: &Slug, page: PageRequest) -> Result<Staged> {
        let conn = self.0.db.snapshot().await?;
        let access = access::project(&conn, actor, slug, Permission::ReadVersions).await?;
        let limit = page::limit(&page)?;
        let live = staged::rows(&conn, access.project.id).await?.live;
        let current = versions::current(&conn, live.iter().map(|row| SampleId(row.sample_id))).await?;
        let before = |row: &label::Model| {
            current.get(&SampleId(row.sample_id)).and_then(|current| current.label.clone())
        };
        let mut effects = Effects::default();
        for row in &live {
            effects.count(Effect::of(before(row).as_deref(), row.label.as_deref()));
        }
        let after = page::after::<String>(&page)?.unwrap_or_default();
        let rows = live.iter().filter(|row| row.sample_key > after).take(limit + 1).cloned().collect();
        let rows = page::page(rows, limit, |row: &label::Model| row.sample_key.clone())?;
        let decisions = deciders(&conn, &rows.items).await?;
        let mut items = Vec::with_capacity(rows.items.len());
        for row in rows.items {
            let before = before(&row);
            let (task, decided_by) = row
                .decision_id
                .and_then(|id| decisions.get(&id).cloned())
                .map_or((None, None), |(task, by)| (Some(task), by));
            items.push(StagedItem {
                id: SampleKey::parse(row.sample_key).map_err(Error::internal)?,
                task,
                confirmed: before == row.label,
                before: parse(before.as_deref())?,
                after: parse(row.label.as_deref())?,
                decided_by,
                decided_at: Timestamp(row.created_at),
                provenance: serde_json::from_str(&row.provenance)?,
            });
        }
        Ok(Staged {
            parent: versions::last(&conn, access.project.id).await?.map(|last| last.number),
            added: effects.added,
            changed: effects.changed,
            removed: effects.removed,
            confirmed: effects.confirmed,
            items,
            next_cursor: rows.next_cursor,
        })
    }

    /// Makes a new version whose labels equal those of `reference`; what is staged stays staged.
    pub async fn revert(
        &self,
        actor: &Actor,
        slug: &Slug,
        reference: &VersionRef,
        input: RevertInput,
    ) -> Result<VersionView> {
        check_message(&input.message)?;
        let (services, actor, slug) = (self.0.clone(), actor.clone(), slug.clone());
        let reference = reference.clone();
        let revert = self.0.once(move |tx| {
            Box::pin(async move { revert(&services, tx, &actor, &slug, &reference, input).await })
        });
        let version = revert.await?;
        self.0.outbox.notify_one();
        Ok(version)
    }
}

async fn cut(
    services: &Services,
    tx: &DatabaseTransaction,
    actor: &Actor,
    slug: &Slug,
    input: CutInput,
) -> Result<VersionView> {
    let access = access::project(tx, actor, slug, Permission::CutVersion).await?.changeable()?;
    let project = access.project.clone();
    projects::lock(tx, project.id).await?;
    let now = services.now(tx).await?;
    let last = versions::last(tx, project.id).await?.map_or(0, |last| last.number);
    if input.parent.is_some_and(|parent| parent != last) {
        return Err(Error::refused(Code::ParentMoved, format!("the newest version is {last}")));
    }
    let staged = staged::rows(tx, project.id).await?;
    if staged.live.is_empty() {
        return Err(Code::NothingToCut.into());
    }
    let new = NewVersion {
        project: &project,
        source: VersionSource::Cut,
        author: actor.user(),
        message: input.message,
    };
    let sealed = versions::cut(tx, new, &staged.live, &staged.dropped, now).await?;
    // Whether a stored label is suspect depends on which it is.
    let changed: Vec<SampleId> = staged.live.iter().map(|row| SampleId(row.sample_id)).collect();
    requeue::samples(tx, &project, &changed, now).await?;
    if let Some(tag) = &input.tag {
        let setting = Setting { name: tag, number: sealed.number, protected: None };
        tags::set(tx, actor, &access, setting, now).await?;
    }
    record(tx, actor, "cut_version", &sealed, now).await?;
    one_view(tx, sealed).await
}

async fn revert(
    services: &Services,
    tx: &DatabaseTransaction,
    actor: &Actor,
    slug: &Slug,
    reference: &VersionRef,
    input: RevertInput,
) -> Result<VersionView> {
    let access = access::project(tx, actor, slug, Permission::CutVersion).await?.changeable()?;
    let project = access.project;
    projects::lock(tx, project.id).await?;
    let now = services.now(tx).await?;
    let target = version_reads::resolve(tx, project.id, reference).await?;
    let last = versions::last(tx, project.id).await?.map_or(0, |last| last.number);
    let (ends, everything) = ((last, target.number), DiffFilter::default());
    let differing = version_diff::items(tx, project.id, ends, &everything, None, None).await?;
    let samples: Vec<SampleId> = differing.iter().map(|row| SampleId(row.sample_id)).collect();
    let current = versions::current(tx, samples.iter().copied()).await?;
    let wanted = label_rows::in_version(tx, &samples, target.number).await?;
    let mut rows = Vec::with_capacity(differing.len());
    for row in differing {
        let sample = SampleId(row.sample_id);
        // The content that the label was decided on comes back with the label.
        let content = wanted.get(&sample).or_else(|| current.get(&sample));
        let content = content.ok_or_else(|| Error::internal("a label without a row"))?;
        // It was decided then and under what was asked then; a label that goes is decided now.
        let (schema_revision, guideline_revision) = match wanted.get(&sample) {
            Some(row) => row.provenance().map(|given| (given.schema_revision, given.guideline_revision))?,
            None => (project.schema_revision, project.guideline_revision),
        };
        rows.push(NewLabelRow {
            sample,
            sample_key: row.sample_key,
            label: parse(row.after.as_deref())?,
            content: ContentId(content.content_id),
            content_hash: content.content_hash.clone(),
            provenance: Provenance {
                source: VersionSource::Revert,
                decided_by: LabelAuthor::Revert,
                annotations: 0,
                agreement: None,
                posterior: None,
                reason: None,
                models: Vec::new(),
                schema_revision,
                guideline_revision,
                previous: parse(row.before.as_deref())?,
            },
            decision: None,
        });
    }
    let source = VersionSource::Revert;
    let new = NewVersion { project: &project, source, author: actor.user(), message: input.message };
    let sealed = versions::commit(tx, new, rows, now).await?;
    requeue::samples(tx, &project, &samples, now).await?;
    record(tx, actor, "revert_version", &sealed, now).await?;
    one_view(tx, sealed).await
}

/// Each staged row's task and the reviewer's e-mail address.
async fn deciders<C: ConnectionTrait>(
    conn: &C,
    rows: &[label::Model],
) -> Result<HashMap<i64, (TaskId, Option<String>)>> {
    let found = decisions::by_ids(conn, rows.iter().filter_map(|row| row.decision_id)).await?;
    let emails = review_items::emails(conn, found.values().filter_map(|row| row.decided_by)).await?;
    let decider = |row: decision::Model| {
        let email = row.decided_by.and_then(|id| emails.get(&id).cloned());
        (row.id, (TaskId(row.task_id), email))
    };
    Ok(found.into_values().map(decider).collect())
}

fn parse(label: Option<&str>) -> Result<Option<Answers>> {
    Ok(label.map(serde_json::from_str).transpose()?)
}

async fn one_view<C: ConnectionTrait>(conn: &C, row: version::Model) -> Result<VersionView> {
    let project = domain::id::ProjectId(row.project_id);
    let views = version_reads::views(conn, project, vec![row]).await?;
    views.into_iter().next().ok_or_else(|| Error::internal("no version"))
}

fn check_message(message: &str) -> Result<()> {
    if message.trim().is_empty() {
        return Err(Error::invalid("/message", Code::Empty, "say what this version is"));
    }
    if message.chars().count() > LONGEST_MESSAGE {
        return Err(Error::invalid(
            "/message",
            Code::TooLong,
            format!("at most {LONGEST_MESSAGE} characters"),
        ));
    }
    if message.contains('\0') {
        return Err(Error::invalid("/message", Code::InvalidText, "U+0000 is not allowed in text"));
    }
    Ok(())
}

async fn record(
    tx: &DatabaseTransaction,
    actor: &Actor,
    action: &str,
    sealed: &version::Model,
    now: Timestamp,
) -> Result<()> {
    let entry = Entry {
        actor,
        project: Some(domain::id::ProjectId(sealed.project_id)),
        action,
        subject: format!("version {}", sealed.number),
        detail: json!({"digest": sealed.digest}),
    };
    audit::write(tx, now, entry).await
}

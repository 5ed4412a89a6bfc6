//! Samples whose answers are known, notices about those whose answers fall below a level, and pauses.

use crate::ddl;
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait, sea_orm::DeriveMigrationName};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ddl::run(manager, SQL).await?;
        ddl::append_only(manager, "notices", UNLESS_SEEN_OR_CLOSED).await?;
        ddl::append_only(manager, "pauses", UNLESS_RESUMED).await
    }
}

/// When a notice was seen, and how it was closed, is written down once each.
const UNLESS_SEEN_OR_CLOSED: &str = "NEW.id = OLD.id AND NEW.project_id = OLD.project_id
  AND NEW.annotator_id = OLD.annotator_id AND NEW.level = OLD.level AND NEW.correct = OLD.correct
  AND NEW.results = OLD.results AND NEW.created_at = OLD.created_at
  AND (OLD.seen_at IS NULL OR NEW.seen_at IS NOT DISTINCT FROM OLD.seen_at)
  AND (OLD.closed_at IS NULL OR (NEW.closed_at IS NOT DISTINCT FROM OLD.closed_at
    AND NEW.closed_by IS NOT DISTINCT FROM OLD.closed_by AND NEW.withdrawn = OLD.withdrawn
    AND NEW.counted_until IS NOT DISTINCT FROM OLD.counted_until))";

/// The end of a pause is written down once.
const UNLESS_RESUMED: &str = "NEW.id = OLD.id AND NEW.project_id = OLD.project_id
  AND NEW.annotator_id = OLD.annotator_id AND NEW.notice_id IS NOT DISTINCT FROM OLD.notice_id
  AND NEW.paused_by IS NOT DISTINCT FROM OLD.paused_by AND NEW.paused_at = OLD.paused_at
  AND OLD.resumed_at IS NULL";

const SQL: &str = r#"
-- The answers to a sample that are known to be right, and the task by which people are asked. A task in the state 'known'
-- has a row here for ever; retired ones are asked no more, and count no more.
CREATE TABLE known_answers (
  task_id BIGINT PRIMARY KEY REFERENCES tasks(id),
  project_id BIGINT NOT NULL REFERENCES projects(id),
  sample_id BIGINT NOT NULL REFERENCES samples(id),
  sample_key {key} NOT NULL,
  answers TEXT NOT NULL,
  marked_by BIGINT REFERENCES users(id),
  marked_at BIGINT NOT NULL,
  retired_at BIGINT
);
CREATE UNIQUE INDEX known_answers_live ON known_answers(sample_id) WHERE retired_at IS NULL;
CREATE INDEX known_answers_by_project ON known_answers(project_id, sample_key) WHERE retired_at IS NULL;

-- Somebody was right less often than the level: of so many results so many were correct. One that a manager closed says up
-- to which annotation results count no more.
CREATE TABLE notices (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  annotator_id BIGINT NOT NULL REFERENCES annotators(id),
  level DOUBLE PRECISION NOT NULL,
  correct BIGINT NOT NULL,
  results BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  seen_at BIGINT,
  closed_at BIGINT,
  closed_by BIGINT REFERENCES users(id),
  withdrawn BOOLEAN NOT NULL DEFAULT FALSE,
  counted_until BIGINT
);
CREATE UNIQUE INDEX notices_open ON notices(annotator_id) WHERE closed_at IS NULL;
CREATE INDEX notices_by_annotator ON notices(annotator_id, id);
CREATE INDEX notices_by_project ON notices(project_id, id);

-- From when until when nothing was served to somebody, and by whom: a person, or a notice.
CREATE TABLE pauses (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  annotator_id BIGINT NOT NULL REFERENCES annotators(id),
  notice_id BIGINT REFERENCES notices(id),
  paused_by BIGINT REFERENCES users(id),
  paused_at BIGINT NOT NULL,
  resumed_by BIGINT REFERENCES users(id),
  resumed_at BIGINT
);
CREATE UNIQUE INDEX pauses_open ON pauses(annotator_id) WHERE resumed_at IS NULL;
CREATE INDEX pauses_by_notice ON pauses(notice_id) WHERE notice_id IS NOT NULL;
"#;

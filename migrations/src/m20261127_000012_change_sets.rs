//! Labels that ended are found by the version that ended them; tags can be protected, and each of their moves is written
//! down; change sets prepare many decisions at once.

use crate::ddl;
use sea_orm_migration::{
    DbErr, MigrationTrait, SchemaManager, async_trait,
    sea_orm::{ConnectionTrait, DbBackend, DeriveMigrationName},
};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_postgres = manager.get_database_backend() == DbBackend::Postgres;
        // SQLite reads the labels from the index, or it would look each up at another place of the table. PostgreSQL reads
        // them in the order of the table, and its indexes take no long texts.
        let label = if is_postgres { "" } else { ", label" };
        ddl::run(manager, &SQL.replace("{label}", label)).await?;
        let moves = if is_postgres { MOVES } else { &MOVES.replace("detail::json ->> ", "detail ->> ") };
        manager.get_connection().execute_unprepared(moves).await?;
        ddl::append_only(manager, "tag_moves", "FALSE").await?;
        ddl::append_only(manager, "change_sets", UNLESS_NOTE).await?;
        ddl::append_only(manager, "proposals", "FALSE").await
    }
}

/// The note of a change set may be erased.
const UNLESS_NOTE: &str = "NEW.note IS NULL AND NEW.id = OLD.id AND NEW.project_id = OLD.project_id
  AND NEW.kind = OLD.kind AND NEW.detail = OLD.detail AND NEW.author_id IS NOT DISTINCT FROM OLD.author_id
  AND NEW.matched = OLD.matched AND NEW.tasks_opened = OLD.tasks_opened
  AND NEW.already_active = OLD.already_active AND NEW.created_at = OLD.created_at";

const SQL: &str = r#"
DROP INDEX labels_by_until;
CREATE INDEX labels_ended ON labels(project_id, until_version, sample_id, from_version{label})
  WHERE until_version IS NOT NULL;

ALTER TABLE tags ADD COLUMN protected BOOLEAN NOT NULL DEFAULT FALSE;

-- Every move of a tag: from which version to which, null where there was none or is none any more; and whether it is
-- protected since.
CREATE TABLE tag_moves (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  name {key} NOT NULL,
  from_version BIGINT,
  to_version BIGINT,
  protected BOOLEAN NOT NULL,
  actor {key} NOT NULL,
  moved_by BIGINT REFERENCES users(id),
  moved_at BIGINT NOT NULL
);
CREATE INDEX tag_moves_by_tag ON tag_moves(project_id, name, id);

-- Many decisions that somebody prepared at once; what each proposes stands in proposals.
CREATE TABLE change_sets (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  kind {key} NOT NULL,
  detail TEXT NOT NULL,
  note TEXT,
  author_id BIGINT REFERENCES users(id),
  matched BIGINT NOT NULL,
  tasks_opened BIGINT NOT NULL,
  already_active BIGINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX change_sets_by_project ON change_sets(project_id, id);

-- The label that a change set proposes for a task's sample; null: its removal.
CREATE TABLE proposals (
  task_id BIGINT PRIMARY KEY REFERENCES tasks(id),
  change_set_id BIGINT NOT NULL REFERENCES change_sets(id),
  label TEXT
);
CREATE INDEX proposals_by_set ON proposals(change_set_id, task_id);
"#;

/// The moves that the audit log has.
const MOVES: &str = r#"
INSERT INTO tag_moves (project_id, name, from_version, to_version, protected, actor, moved_by, moved_at)
SELECT project_id, substr(subject, 5), CAST(detail::json ->> 'from' AS BIGINT), CAST(detail::json ->> 'to' AS BIGINT),
  FALSE, actor, user_id, at
FROM audit WHERE action IN ('set_tag', 'delete_tag') AND project_id IS NOT NULL ORDER BY id;
"#;

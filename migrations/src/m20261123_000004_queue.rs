//! Tasks, their slots and skips, annotations and withdrawals.

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
        ddl::append_only(
            manager,
            "annotations",
            "NEW.note IS NULL AND NEW.id = OLD.id AND NEW.project_id = OLD.project_id AND NEW.task_id = OLD.task_id
             AND NEW.sample_id = OLD.sample_id AND NEW.annotator_id = OLD.annotator_id
             AND NEW.content_id = OLD.content_id AND NEW.verdict = OLD.verdict AND NEW.answers = OLD.answers
             AND NEW.duration_ms IS NOT DISTINCT FROM OLD.duration_ms
             AND NEW.schema_revision = OLD.schema_revision
             AND NEW.guideline_revision = OLD.guideline_revision AND NEW.created_at = OLD.created_at",
        )
        .await?;
        ddl::append_only(manager, "withdrawals", "FALSE").await
    }
}

const SQL: &str = r#"
CREATE TABLE tasks (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  sample_id BIGINT NOT NULL REFERENCES samples(id),
  sample_key {key} NOT NULL,
  content_id BIGINT NOT NULL REFERENCES contents(id),
  state {key} NOT NULL,
  rev INTEGER NOT NULL,
  reason_kind {key} NOT NULL,
  reason_score DOUBLE PRECISION NOT NULL,
  reason_question TEXT,
  reason_detail TEXT NOT NULL,
  priority DOUBLE PRECISION NOT NULL,
  audit_rank DOUBLE PRECISION,
  slots INTEGER NOT NULL,
  approved_by {key},
  disagreement DOUBLE PRECISION,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX tasks_one_active ON tasks(sample_id) WHERE state IN ('open', 'in_review');
CREATE INDEX tasks_by_sample ON tasks(sample_id);
CREATE INDEX tasks_in_order ON tasks(project_id, state, priority DESC, sample_key);
CREATE INDEX tasks_by_disagreement ON tasks(project_id, state, disagreement DESC, id);
CREATE INDEX tasks_by_age ON tasks(project_id, state, updated_at, id);
CREATE INDEX tasks_audit ON tasks(project_id, audit_rank) WHERE audit_rank IS NOT NULL AND state = 'open';

-- A working table: who holds or has answered each place of a task now.
CREATE TABLE slots (
  task_id BIGINT NOT NULL REFERENCES tasks(id),
  slot INTEGER NOT NULL,
  annotator_id BIGINT NOT NULL REFERENCES annotators(id),
  lease {key} NOT NULL UNIQUE,
  claimed_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  annotation_id BIGINT UNIQUE,
  PRIMARY KEY (task_id, slot),
  UNIQUE (task_id, annotator_id)
);
CREATE INDEX slots_held ON slots(annotator_id) WHERE annotation_id IS NULL;

-- A skipped task is never served to that annotator again.
CREATE TABLE skips (
  task_id BIGINT NOT NULL REFERENCES tasks(id),
  annotator_id BIGINT NOT NULL REFERENCES annotators(id),
  reason TEXT,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (task_id, annotator_id)
);

CREATE TABLE annotations (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  task_id BIGINT NOT NULL REFERENCES tasks(id),
  sample_id BIGINT NOT NULL REFERENCES samples(id),
  annotator_id BIGINT NOT NULL REFERENCES annotators(id),
  content_id BIGINT NOT NULL REFERENCES contents(id),
  verdict {key} NOT NULL,
  answers TEXT NOT NULL,
  note TEXT,
  duration_ms BIGINT,
  schema_revision INTEGER NOT NULL,
  guideline_revision INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX annotations_by_task ON annotations(task_id);
CREATE INDEX annotations_by_annotator ON annotations(annotator_id, id);
CREATE INDEX annotations_by_sample ON annotations(sample_id);
CREATE INDEX annotations_by_project ON annotations(project_id, created_at);

CREATE TABLE withdrawals (
  annotation_id BIGINT PRIMARY KEY REFERENCES annotations(id),
  created_at BIGINT NOT NULL
);
"#;

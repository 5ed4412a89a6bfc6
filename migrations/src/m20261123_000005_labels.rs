//! Decisions, label rows, versions and tags: the label store.

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
            "decisions",
            "NEW.note IS NULL AND NEW.id = OLD.id AND NEW.project_id = OLD.project_id AND NEW.task_id = OLD.task_id
             AND NEW.sample_id = OLD.sample_id AND NEW.kind = OLD.kind
             AND NEW.answers IS NOT DISTINCT FROM OLD.answers
             AND NEW.decided_by IS NOT DISTINCT FROM OLD.decided_by AND NEW.own_annotation = OLD.own_annotation
             AND NEW.schema_revision = OLD.schema_revision
             AND NEW.guideline_revision = OLD.guideline_revision AND NEW.created_at = OLD.created_at",
        )
        .await?;
        // Each of the two version columns is set once, from NULL; everything else stands as it was written.
        ddl::append_only(
            manager,
            "labels",
            "NEW.id = OLD.id AND NEW.project_id = OLD.project_id AND NEW.sample_id = OLD.sample_id
             AND NEW.sample_key = OLD.sample_key AND NEW.label IS NOT DISTINCT FROM OLD.label
             AND NEW.content_id = OLD.content_id AND NEW.content_hash = OLD.content_hash
             AND NEW.provenance = OLD.provenance AND NEW.row_hash = OLD.row_hash
             AND NEW.decision_id IS NOT DISTINCT FROM OLD.decision_id AND NEW.created_at = OLD.created_at
             AND (OLD.from_version IS NULL OR NEW.from_version IS NOT DISTINCT FROM OLD.from_version)
             AND (OLD.until_version IS NULL OR NEW.until_version IS NOT DISTINCT FROM OLD.until_version)",
        )
        .await?;
        ddl::append_only(manager, "versions", "FALSE").await
    }
}

const SQL: &str = r#"
CREATE TABLE decisions (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  task_id BIGINT NOT NULL REFERENCES tasks(id),
  sample_id BIGINT NOT NULL REFERENCES samples(id),
  kind {key} NOT NULL,
  answers TEXT,
  note TEXT,
  decided_by BIGINT REFERENCES users(id),
  own_annotation BOOLEAN NOT NULL,
  schema_revision INTEGER NOT NULL,
  guideline_revision INTEGER NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX decisions_by_task ON decisions(task_id, id);
CREATE INDEX decisions_by_sample ON decisions(sample_id, id);

-- One row per label that a sample had, has, or will have with the next cut. A row belongs to the versions from
-- `from_version` up to but not including `until_version`; both equal: it was staged and never took effect.
CREATE TABLE labels (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  sample_id BIGINT NOT NULL REFERENCES samples(id),
  sample_key {key} NOT NULL,
  label TEXT,
  content_id BIGINT NOT NULL REFERENCES contents(id),
  content_hash TEXT NOT NULL,
  provenance TEXT NOT NULL,
  row_hash TEXT NOT NULL,
  decision_id BIGINT UNIQUE REFERENCES decisions(id),
  created_at BIGINT NOT NULL,
  from_version BIGINT,
  until_version BIGINT
);
CREATE UNIQUE INDEX labels_current ON labels(sample_id) WHERE from_version IS NOT NULL AND until_version IS NULL;
CREATE INDEX labels_staged ON labels(project_id, sample_key) WHERE from_version IS NULL;
CREATE INDEX labels_by_sample ON labels(sample_id, id);
CREATE INDEX labels_in_order ON labels(project_id, sample_key, from_version);
CREATE INDEX labels_by_from ON labels(project_id, from_version);
CREATE INDEX labels_by_until ON labels(project_id, until_version);

CREATE TABLE versions (
  project_id BIGINT NOT NULL REFERENCES projects(id),
  number BIGINT NOT NULL,
  digest TEXT NOT NULL,
  source {key} NOT NULL,
  message TEXT NOT NULL,
  author_id BIGINT REFERENCES users(id),
  created_at BIGINT NOT NULL,
  added BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  removed BIGINT NOT NULL,
  confirmed BIGINT NOT NULL,
  labels BIGINT NOT NULL,
  PRIMARY KEY (project_id, number)
);

CREATE TABLE tags (
  project_id BIGINT NOT NULL REFERENCES projects(id),
  name {key} NOT NULL,
  version BIGINT NOT NULL,
  moved_by BIGINT REFERENCES users(id),
  moved_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, name),
  FOREIGN KEY (project_id, version) REFERENCES versions(project_id, number)
);
"#;

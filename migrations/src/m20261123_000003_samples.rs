//! Samples, their content revisions and predictions, the imports they came by, and given signals.

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
        ddl::run(manager, SQL).await
    }
}

const SQL: &str = r#"
CREATE TABLE imports (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  kind {key} NOT NULL,
  author_id BIGINT REFERENCES users(id),
  digest TEXT NOT NULL,
  outcome TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX imports_by_project ON imports(project_id, id);

CREATE TABLE samples (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  key {key} NOT NULL,
  content_id BIGINT,
  imported_label TEXT,
  audit_rank DOUBLE PRECISION NOT NULL,
  created_at BIGINT NOT NULL,
  erased_at BIGINT,
  UNIQUE (project_id, key)
);

-- Content revisions, addressed by hash; fields and metadata are null after erasure.
CREATE TABLE contents (
  id {id},
  sample_id BIGINT NOT NULL REFERENCES samples(id),
  revision INTEGER NOT NULL,
  hash {key} NOT NULL,
  fields TEXT,
  metadata TEXT,
  created_at BIGINT NOT NULL,
  UNIQUE (sample_id, hash),
  UNIQUE (sample_id, revision)
);
CREATE INDEX contents_erased ON contents(sample_id) WHERE fields IS NULL;

-- The newest prediction of each model version for a question of a sample.
CREATE TABLE predictions (
  id {id},
  sample_id BIGINT NOT NULL REFERENCES samples(id),
  question {key} NOT NULL,
  model {key} NOT NULL,
  probs TEXT NOT NULL,
  received_at BIGINT NOT NULL,
  UNIQUE (sample_id, question, model)
);

CREATE TABLE models (
  project_id BIGINT NOT NULL REFERENCES projects(id),
  name {key} NOT NULL,
  first_seen_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, name)
);

-- Signals that somebody gave: reports, challenges, import conflicts. Those worked out from predictions and
-- labels are not stored.
CREATE TABLE signals (
  id {id},
  sample_id BIGINT NOT NULL REFERENCES samples(id),
  kind {key} NOT NULL,
  score DOUBLE PRECISION NOT NULL,
  detail TEXT NOT NULL,
  author_id BIGINT REFERENCES users(id),
  created_at BIGINT NOT NULL
);
CREATE INDEX signals_by_sample ON signals(sample_id);
"#;

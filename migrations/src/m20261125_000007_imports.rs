//! Imports that are written in many short transactions: how far each is, and what they left out.

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
ALTER TABLE imports ADD COLUMN state {key} NOT NULL DEFAULT 'done';
-- Of an import that is being written: how it is written and how far it is, as JSON; its file in the spool folder;
-- the number of the version that its labels will be; and when somebody worked on it last.
ALTER TABLE imports ADD COLUMN work TEXT;
ALTER TABLE imports ADD COLUMN spool TEXT;
ALTER TABLE imports ADD COLUMN reserved_version BIGINT;
ALTER TABLE imports ADD COLUMN touched_at BIGINT;
CREATE UNIQUE INDEX imports_one_at_a_time ON imports(project_id) WHERE state = 'writing';

CREATE TABLE import_rejects (
  import_id BIGINT NOT NULL REFERENCES imports(id),
  line BIGINT NOT NULL,
  record TEXT,
  faults TEXT NOT NULL,
  PRIMARY KEY (import_id, line)
);

-- The rows of one version in the order of its digest; its beginning serves what the shorter index did.
CREATE INDEX labels_of_version ON labels(project_id, from_version, sample_key);
DROP INDEX labels_by_from;
"#;

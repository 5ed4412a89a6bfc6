//! Rules that reviewers wrote to tell two labels apart: the revision of the guideline that each made, and the tasks that it
//! decided, which are its examples.

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
        ddl::append_only(manager, "rules", UNLESS_UNDONE).await?;
        ddl::append_only(manager, "rule_examples", UNLESS_ERASED).await
    }
}

/// A rule may be undone, once.
const UNLESS_UNDONE: &str = "OLD.undone_at IS NULL AND NEW.change_set_id = OLD.change_set_id
  AND NEW.project_id = OLD.project_id AND NEW.guideline_revision = OLD.guideline_revision
  AND NEW.question = OLD.question AND NEW.a = OLD.a AND NEW.b = OLD.b";

/// The text of an example may be erased.
const UNLESS_ERASED: &str = "NEW.line IS NULL AND NEW.change_set_id = OLD.change_set_id
  AND NEW.task_id = OLD.task_id AND NEW.rev = OLD.rev AND NEW.sample_id = OLD.sample_id
  AND NEW.sample_key = OLD.sample_key AND NEW.label = OLD.label";

const SQL: &str = r#"
-- `a` comes before `b`.
CREATE TABLE rules (
  change_set_id BIGINT PRIMARY KEY REFERENCES change_sets(id),
  project_id BIGINT NOT NULL REFERENCES projects(id),
  guideline_revision INTEGER NOT NULL,
  question {key} NOT NULL,
  a {key} NOT NULL,
  b {key} NOT NULL,
  undone_at BIGINT,
  UNIQUE (project_id, guideline_revision)
);
CREATE INDEX rules_by_pair ON rules(project_id, question, a, b);

-- `rev` is the task's after its decision. `line` is what stands of it in the guideline, until the sample is erased.
CREATE TABLE rule_examples (
  change_set_id BIGINT NOT NULL REFERENCES change_sets(id),
  task_id BIGINT NOT NULL REFERENCES tasks(id),
  rev INTEGER NOT NULL,
  sample_id BIGINT NOT NULL REFERENCES samples(id),
  sample_key {key} NOT NULL,
  label {key} NOT NULL,
  line TEXT,
  PRIMARY KEY (change_set_id, task_id)
);
CREATE INDEX rule_examples_by_sample ON rule_examples(sample_id);
"#;

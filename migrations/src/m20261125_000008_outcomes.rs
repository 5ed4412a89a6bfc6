//! Decisions say what they did to the stored label and whether the model had been right. Those made before do not know.

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
        ddl::drop_append_only(manager, "decisions").await?;
        ddl::append_only(
            manager,
            "decisions",
            "NEW.note IS NULL AND NEW.id = OLD.id AND NEW.project_id = OLD.project_id AND NEW.task_id = OLD.task_id
             AND NEW.sample_id = OLD.sample_id AND NEW.kind = OLD.kind
             AND NEW.answers IS NOT DISTINCT FROM OLD.answers
             AND NEW.outcome IS NOT DISTINCT FROM OLD.outcome
             AND NEW.predicted IS NOT DISTINCT FROM OLD.predicted
             AND NEW.decided_by IS NOT DISTINCT FROM OLD.decided_by AND NEW.own_annotation = OLD.own_annotation
             AND NEW.schema_revision = OLD.schema_revision
             AND NEW.guideline_revision = OLD.guideline_revision AND NEW.created_at = OLD.created_at",
        )
        .await
    }
}

const SQL: &str = r#"
ALTER TABLE decisions ADD COLUMN outcome {key};
ALTER TABLE decisions ADD COLUMN predicted TEXT;
CREATE INDEX decisions_by_outcome ON decisions(project_id, created_at) WHERE outcome IS NOT NULL;
"#;

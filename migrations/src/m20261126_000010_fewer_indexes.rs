//! Open tasks stand in one index by priority, apart for suspected labels and all others, and no more in one with the tasks
//! of other states: a large import writes each of its tasks at a place of its own there, which is most of what it does.

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
DROP INDEX tasks_suspects;
DROP INDEX tasks_others;
DROP INDEX tasks_in_order;
DROP INDEX tasks_by_disagreement;
CREATE INDEX tasks_open ON tasks(
  project_id, (CASE WHEN reason_kind = 'label_suspect' THEN 1 ELSE 0 END), priority DESC, sample_key
) WHERE state = 'open';
CREATE INDEX tasks_closed ON tasks(project_id, state, priority DESC, sample_key, id) WHERE state <> 'open';
CREATE INDEX tasks_by_disagreement ON tasks(project_id, state, (COALESCE(disagreement, 0)) DESC, id);
"#;

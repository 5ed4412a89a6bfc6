//! The queue can be read for suspected labels alone, and for all others.

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
CREATE INDEX tasks_suspects ON tasks(project_id, priority DESC, sample_key)
  WHERE state = 'open' AND reason_kind = 'label_suspect';
CREATE INDEX tasks_others ON tasks(project_id, priority DESC, sample_key)
  WHERE state = 'open' AND reason_kind <> 'label_suspect';
"#;

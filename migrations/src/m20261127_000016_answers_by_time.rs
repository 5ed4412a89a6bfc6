//! A project's answers stand in one index by time and id, in which they are read page by page. PostgreSQL finds the place of
//! an id among answers of one time in no other. SQLite's has the id in any case; it is made anew there so that both stay alike.

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
DROP INDEX annotations_by_project;
CREATE INDEX annotations_by_project ON annotations(project_id, created_at, id);
"#;

//! The audit log, and the kept answers of requests that may be sent twice.

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
        ddl::append_only(manager, "audit", "FALSE").await
    }
}

const SQL: &str = r#"
CREATE TABLE audit (
  id {id},
  at BIGINT NOT NULL,
  project_id BIGINT REFERENCES projects(id),
  actor {key} NOT NULL,
  user_id BIGINT REFERENCES users(id),
  token_id BIGINT REFERENCES tokens(id),
  action {key} NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
);
CREATE INDEX audit_by_project ON audit(project_id, id);

CREATE TABLE idempotency_keys (
  principal {key} NOT NULL,
  method {key} NOT NULL,
  path {key} NOT NULL,
  key {key} NOT NULL,
  body_hash TEXT NOT NULL,
  outcome TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (principal, method, path, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys(created_at);
"#;

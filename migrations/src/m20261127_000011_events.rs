//! What was published, who is told of it, and what became of each telling: a transactional outbox.

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
        ddl::append_only(manager, "events", "FALSE").await
    }
}

const SQL: &str = r#"
-- `key` is what receivers know an event by, on every server that there is.
CREATE TABLE events (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  key {key} NOT NULL UNIQUE,
  kind {key} NOT NULL,
  data TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX events_by_project ON events(project_id, id);

CREATE TABLE webhooks (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  url TEXT NOT NULL,
  secret TEXT NOT NULL,
  events TEXT NOT NULL,
  enabled BOOLEAN NOT NULL,
  gone_at BIGINT,
  created_by BIGINT REFERENCES users(id),
  created_at BIGINT NOT NULL
);
CREATE INDEX webhooks_by_project ON webhooks(project_id, id);

-- One event on its way to one webhook. While it is being sent, `next_attempt_at` is when whoever sends it is taken for dead.
CREATE TABLE deliveries (
  id {id},
  webhook_id BIGINT NOT NULL REFERENCES webhooks(id),
  event_id BIGINT NOT NULL REFERENCES events(id),
  state {key} NOT NULL,
  attempts INTEGER NOT NULL,
  next_attempt_at BIGINT,
  last_attempt_at BIGINT,
  last_status INTEGER,
  last_error TEXT,
  delivered_at BIGINT,
  UNIQUE (webhook_id, event_id)
);
CREATE INDEX deliveries_by_webhook ON deliveries(webhook_id, id);
CREATE INDEX deliveries_due ON deliveries(next_attempt_at) WHERE state <> 'delivered';
"#;

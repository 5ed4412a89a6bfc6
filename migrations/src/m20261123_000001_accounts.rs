//! People with accounts, their sessions, and what guards signing in.

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
CREATE TABLE users (
  id {id},
  email {key} NOT NULL UNIQUE,
  name TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  admin BOOLEAN NOT NULL,
  simulated BOOLEAN NOT NULL,
  locale TEXT,
  disabled_at BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
  id {key} PRIMARY KEY,
  user_id BIGINT REFERENCES users(id),
  data TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions(user_id);
CREATE INDEX sessions_by_expiry ON sessions(expires_at);

-- Failed sign-ins by e-mail address and by client, counted within a window.
CREATE TABLE sign_in_failures (
  subject {key} PRIMARY KEY,
  failures INTEGER NOT NULL,
  window_began_at BIGINT NOT NULL
);

-- The one-time code of the first-run page, as a hash; at most one row.
CREATE TABLE setup_codes (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  hash TEXT NOT NULL
);
"#;

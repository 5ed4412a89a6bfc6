//! Projects with their revisions, members, annotators, and access tokens.

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
CREATE TABLE projects (
  id {id},
  slug {key} NOT NULL UNIQUE,
  name TEXT NOT NULL,
  settings TEXT NOT NULL,
  salt TEXT NOT NULL,
  rev INTEGER NOT NULL,
  schema_revision INTEGER NOT NULL,
  guideline_revision INTEGER NOT NULL,
  created_at BIGINT NOT NULL,
  archived_at BIGINT
);

CREATE TABLE schema_revisions (
  project_id BIGINT NOT NULL REFERENCES projects(id),
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  author_id BIGINT REFERENCES users(id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, revision)
);

CREATE TABLE guideline_revisions (
  project_id BIGINT NOT NULL REFERENCES projects(id),
  revision INTEGER NOT NULL,
  body TEXT NOT NULL,
  author_id BIGINT REFERENCES users(id),
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, revision)
);

CREATE TABLE members (
  project_id BIGINT NOT NULL REFERENCES projects(id),
  user_id BIGINT NOT NULL REFERENCES users(id),
  role {key} NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (project_id, user_id)
);
CREATE INDEX members_by_user ON members(user_id);

-- Whose answers count: users of the project, and names from imported answers. Never deleted.
CREATE TABLE annotators (
  id {id},
  project_id BIGINT NOT NULL REFERENCES projects(id),
  user_id BIGINT REFERENCES users(id),
  name {key},
  created_at BIGINT NOT NULL,
  CHECK ((user_id IS NULL) <> (name IS NULL)),
  UNIQUE (project_id, user_id),
  UNIQUE (project_id, name)
);

CREATE TABLE tokens (
  id {id},
  user_id BIGINT NOT NULL REFERENCES users(id),
  project_id BIGINT REFERENCES projects(id),
  name TEXT NOT NULL,
  hash {key} NOT NULL UNIQUE,
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT
);
CREATE INDEX tokens_by_user ON tokens(user_id);
"#;

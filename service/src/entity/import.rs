//! The record of an upload.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "imports")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub kind: String,
    pub author_id: Option<i64>,
    pub digest: String,
    pub outcome: String,
    pub created_at: i64,
    pub state: String,
    pub work: Option<String>,
    pub spool: Option<String>,
    pub reserved_version: Option<i64>,
    pub touched_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

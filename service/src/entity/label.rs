//! A row of the label store; append-only but for its two version columns.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "labels")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub sample_id: i64,
    pub sample_key: String,
    pub label: Option<String>,
    pub content_id: i64,
    pub content_hash: String,
    pub provenance: String,
    pub row_hash: String,
    pub decision_id: Option<i64>,
    pub created_at: i64,
    pub from_version: Option<i64>,
    pub until_version: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

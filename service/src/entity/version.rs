//! An immutable state of all labels of a project.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub project_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub digest: String,
    pub source: String,
    pub message: String,
    pub author_id: Option<i64>,
    pub created_at: i64,
    pub added: i64,
    pub changed: i64,
    pub removed: i64,
    pub confirmed: i64,
    pub labels: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

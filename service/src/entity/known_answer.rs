//! The answers to a sample that are known to be right, and the task by which people are asked.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_id: i64,
    pub project_id: i64,
    pub sample_id: i64,
    pub sample_key: String,
    /// Canonical JSON.
    pub answers: String,
    pub marked_by: Option<i64>,
    pub marked_at: i64,
    pub retired_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

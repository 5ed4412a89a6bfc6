//! A reviewer's or the policy's decision; append-only.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "decisions")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub task_id: i64,
    pub sample_id: i64,
    pub kind: String,
    pub answers: Option<String>,
    /// What it did to the stored label; null for what decides no label, and in rows from before it was recorded.
    pub outcome: Option<String>,
    /// Which questions the model had right; null where there was nothing to compare.
    pub predicted: Option<String>,
    pub note: Option<String>,
    pub decided_by: Option<i64>,
    pub own_annotation: bool,
    pub schema_revision: i32,
    pub guideline_revision: i32,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

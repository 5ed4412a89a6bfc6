//! One annotator's answers to one task; append-only.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "annotations")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub task_id: i64,
    pub sample_id: i64,
    pub annotator_id: i64,
    pub content_id: i64,
    pub verdict: String,
    pub answers: String,
    pub note: Option<String>,
    pub duration_ms: Option<i64>,
    pub schema_revision: i32,
    pub guideline_revision: i32,
    pub created_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

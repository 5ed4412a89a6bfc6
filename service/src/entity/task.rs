//! A sample taken into the queue for one round.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub sample_id: i64,
    pub sample_key: String,
    pub content_id: i64,
    pub state: String,
    pub rev: i32,
    pub reason_kind: String,
    pub reason_score: f64,
    pub reason_question: Option<String>,
    pub reason_detail: String,
    pub priority: f64,
    pub audit_rank: Option<f64>,
    pub slots: i32,
    pub approved_by: Option<String>,
    /// 1 minus the share of agreeing pairs, and 1 more on a conflict; set when it enters review.
    pub disagreement: Option<f64>,
    pub created_at: i64,
    pub updated_at: i64,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

//! A task that a rule decided, and what stands of its sample in the guideline; append-only but for that text.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rule_examples")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub change_set_id: i64,
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_id: i64,
    /// The task's, after its decision.
    pub rev: i32,
    pub sample_id: i64,
    pub sample_key: String,
    pub label: String,
    /// Null after erasure.
    pub line: Option<String>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

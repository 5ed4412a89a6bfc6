//! Somebody was right less often than their project asks for; append-only but for when it was seen and closed.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notices")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub annotator_id: i64,
    pub level: f64,
    pub correct: i64,
    pub results: i64,
    pub created_at: i64,
    pub seen_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub closed_by: Option<i64>,
    /// Whether it was closed because it no longer held after an answer was taken back.
    pub withdrawn: bool,
    /// The newest annotation when a manager closed it: only later results count from then on.
    pub counted_until: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

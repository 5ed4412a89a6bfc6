//! From when until when nothing is served to somebody; append-only but for its end.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "pauses")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub id: i64,
    pub project_id: i64,
    pub annotator_id: i64,
    /// The notice that paused them, where it was no person.
    pub notice_id: Option<i64>,
    pub paused_by: Option<i64>,
    pub paused_at: i64,
    pub resumed_by: Option<i64>,
    pub resumed_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

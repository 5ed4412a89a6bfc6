//! A rule that tells two labels apart, by its change set; append-only but for when it was undone.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rules")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub change_set_id: i64,
    pub project_id: i64,
    pub guideline_revision: i32,
    pub question: String,
    /// The first of the two labels.
    pub a: String,
    pub b: String,
    pub undone_at: Option<i64>,
}

#[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

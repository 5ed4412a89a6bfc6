//! The database schema of Relabel, one file per change, the same for SQLite and PostgreSQL.
//!
//! Imports no entity and names columns by string: a migration that has run must mean the same for ever,
//! whatever the code around it becomes. See `README.md` beside `src`.

#![expect(elided_lifetimes_in_paths, reason = "async_trait wants the signature as the trait spells it")]

mod ddl;
mod m20261123_000001_accounts;
mod m20261123_000002_projects;
mod m20261123_000003_samples;
mod m20261123_000004_queue;
mod m20261123_000005_labels;
mod m20261123_000006_operations;
mod m20261125_000007_imports;
mod m20261125_000008_outcomes;
mod m20261125_000009_targets;
mod m20261126_000010_fewer_indexes;
mod m20261127_000011_events;
mod m20261127_000012_change_sets;
mod m20261127_000013_splits;
mod m20261127_000014_known_answers;
mod m20261127_000015_rules;
mod m20261127_000016_answers_by_time;

use sea_orm_migration::MigrationTrait;

pub use sea_orm_migration::MigratorTrait;

/// Every migration, in order.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_accounts::Migration),
            Box::new(m20261123_000002_projects::Migration),
            Box::new(m20261123_000003_samples::Migration),
            Box::new(m20261123_000004_queue::Migration),
            Box::new(m20261123_000005_labels::Migration),
            Box::new(m20261123_000006_operations::Migration),
            Box::new(m20261125_000007_imports::Migration),
            Box::new(m20261125_000008_outcomes::Migration),
            Box::new(m20261125_000009_targets::Migration),
            Box::new(m20261126_000010_fewer_indexes::Migration),
            Box::new(m20261127_000011_events::Migration),
            Box::new(m20261127_000012_change_sets::Migration),
            Box::new(m20261127_000013_splits::Migration),
            Box::new(m20261127_000014_known_answers::Migration),
            Box::new(m20261127_000015_rules::Migration),
            Box::new(m20261127_000016_answers_by_time::Migration),
        ]
    }
}

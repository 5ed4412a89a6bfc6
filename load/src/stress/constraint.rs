//! Takes one of the two UNIQUE constraints of `slots` away, to show that the stress test notices.

use anyhow::{Context, Result};

use crate::database::Database;

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Constraint {
    /// The primary key (task_id, slot): one answer for each place
    Place,
    /// UNIQUE (task_id, annotator_id): one place for each person
    Person,
}

impl Constraint {
    pub fn shown(self) -> &'static str {
        match self {
            Self::Place => "PRIMARY KEY (task_id, slot)",
            Self::Person => "UNIQUE (task_id, annotator_id)",
        }
    }

    pub async fn remove(self, database: &Database) -> Result<()> {
        let statements = match database {
            Database::Postgres(_) => vec![format!("ALTER TABLE slots DROP CONSTRAINT {}", self.name())],
            Database::Sqlite(_) => self.rebuilt(database).await?,
        };
        database.change(&statements).await.with_context(|| format!("cannot remove {}", self.shown()))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Place => "slots_pkey",
            Self::Person => "slots_task_id_annotator_id_key",
        }
    }

    /// SQLite drops no constraint: the empty table is made anew without it.
    async fn rebuilt(self, database: &Database) -> Result<Vec<String>> {
        let query = "SELECT type, sql FROM sqlite_master WHERE tbl_name = 'slots' AND sql IS NOT NULL";
        let parts: Vec<(String, String)> = database.rows(query).await?;
        let table = parts.iter().find(|(kind, _)| kind == "table").context("there is no table `slots`")?;
        let shorter =
            without(&table.1, self.shown()).with_context(|| format!("`slots` has no {}", self.shown()))?;
        let others = parts.iter().filter(|(kind, _)| kind != "table").map(|(_, sql)| sql.clone());
        Ok(["DROP TABLE slots".to_owned(), shorter].into_iter().chain(others).collect())
    }
}

/// The table's SQL without this part and the comma that belongs to it.
fn without(table: &str, part: &str) -> Option<String> {
    let (before, after) = table.split_once(part)?;
    Some(match after.trim_start().strip_prefix(',') {
        Some(rest) => format!("{before}{rest}"),
        None => format!("{}{after}", before.trim_end().trim_end_matches(',')),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_comma_goes_with_the_constraint() {
        let table = "CREATE TABLE t (a, PRIMARY KEY (a), UNIQUE (b))";
        assert_eq!(without(table, "PRIMARY KEY (a)").as_deref(), Some("CREATE TABLE t (a,  UNIQUE (b))"));
        assert_eq!(without(table, "UNIQUE (b)").as_deref(), Some("CREATE TABLE t (a, PRIMARY KEY (a))"));
        assert_eq!(without(table, "UNIQUE (c)"), None);
    }
}

//! Looking behind the use cases: SQL against the world's database.

use super::World;
use sea_orm::{ConnectionTrait, Database, DbErr, Statement};

impl World {
    /// The first column of the first row, an integer.
    pub async fn number(&self, sql: &str) -> Result<i64, DbErr> {
        let conn = Database::connect(self.database_url()).await?;
        let statement = Statement::from_string(conn.get_database_backend(), sql);
        let row = conn.query_one_raw(statement).await?;
        row.ok_or_else(|| DbErr::RecordNotFound(sql.to_owned()))?.try_get_by_index(0)
    }

    /// The first column of every row, a text.
    pub async fn texts(&self, sql: &str) -> Result<Vec<String>, DbErr> {
        let conn = Database::connect(self.database_url()).await?;
        let statement = Statement::from_string(conn.get_database_backend(), sql);
        conn.query_all_raw(statement).await?.iter().map(|row| row.try_get_by_index(0)).collect()
    }

    /// Runs a statement that no use case would, such as one that the database must refuse.
    pub async fn execute(&self, sql: &str) -> Result<(), DbErr> {
        let conn = Database::connect(self.database_url()).await?;
        conn.execute_unprepared(sql).await.map(drop)
    }

    /// The bytes of the SQLite file, after what stands in its log was written into it; none of PostgreSQL.
    pub async fn file(&self) -> Result<Option<Vec<u8>>, Box<dyn std::error::Error>> {
        if self.is_postgres() {
            return Ok(None);
        }
        self.execute("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        let url = self.database_url();
        let path = url.trim_start_matches("sqlite://").split('?').next().unwrap_or_default().to_owned();
        Ok(Some(std::fs::read(path)?))
    }

    /// Lets the database refuse new rows of `table` for which `condition` over NEW holds, as if it were cut off there. Returns
    /// the statement that lets them in again.
    pub async fn cut_off(&self, table: &str, condition: &str) -> Result<String, DbErr> {
        if self.is_postgres() {
            self.execute(&format!(
                "CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'cut off'; END $$;
                 CREATE TRIGGER cut_off BEFORE INSERT ON {table} FOR EACH ROW WHEN ({condition})
                 EXECUTE FUNCTION cut_off()"
            ))
            .await?;
            return Ok(format!("DROP TRIGGER cut_off ON {table}; DROP FUNCTION cut_off()"));
        }
        self.execute(&format!(
            "CREATE TRIGGER cut_off BEFORE INSERT ON {table} WHEN {condition} BEGIN SELECT RAISE(ABORT, 'cut off'); END"
        ))
        .await?;
        Ok("DROP TRIGGER cut_off".to_owned())
    }

    /// What the audit log says was done, oldest first.
    pub async fn audited(&self) -> Result<Vec<String>, DbErr> {
        self.texts("SELECT action FROM audit ORDER BY id").await
    }
}

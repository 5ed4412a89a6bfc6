//! Statements written by hand, with `$1`, `$2`, … for their values on both databases.

use sea_orm::{ConnectionTrait, Statement, Value};

/// A statement for the database behind `conn`.
pub(crate) fn sql<C, V>(conn: &C, text: &str, values: V) -> Statement
where
    C: ConnectionTrait,
    V: IntoIterator<Item = Value>,
{
    Statement::from_sql_and_values(conn.get_database_backend(), text, values)
}

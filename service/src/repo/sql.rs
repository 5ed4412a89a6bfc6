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

/// `$first, …`: places for `count` values in a list.
pub(crate) fn places(first: usize, count: usize) -> String {
    let places: Vec<String> = (first..first + count).map(|place| format!("${place}")).collect();
    places.join(", ")
}

/// `(CAST($first AS …), …), …`: `count` rows of values with these column types, for VALUES. PostgreSQL takes a
/// null in VALUES for text unless its type is said.
pub(crate) fn rows(first: usize, types: &[&str], count: usize) -> String {
    let row = |index: usize| {
        let start = first + index * types.len();
        let cells: Vec<String> =
            types.iter().zip(start..).map(|(kind, place)| format!("CAST(${place} AS {kind})")).collect();
        format!("({})", cells.join(", "))
    };
    let rows: Vec<String> = (0..count).map(row).collect();
    rows.join(", ")
}

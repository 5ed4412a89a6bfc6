//! Statements written by hand, with `$1`, `$2`, … for their values on both databases.

use crate::error::{Error, Result};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Statement, Value};
use std::borrow::Cow;

/// A statement for the database behind `conn`.
pub(crate) fn sql<C, V>(conn: &C, text: &str, values: V) -> Statement
where
    C: ConnectionTrait,
    V: IntoIterator<Item = Value>,
{
    let backend = conn.get_database_backend();
    let text = if backend == DbBackend::Sqlite { nameless(text) } else { Cow::Borrowed(text) };
    Statement::from_sql_and_values(backend, text, values)
}

/// The statement with `?` for its values, where they stand in their order and each once. To SQLite `$1` is a name, and it
/// looks for each name among all of them: with the thousands that a batch has, that takes longer than the work.
fn nameless(text: &str) -> Cow<'_, str> {
    let mut parts = text.split('$');
    let mut nameless = parts.next().unwrap_or_default().to_owned();
    nameless.reserve(text.len());
    for (index, part) in parts.enumerate() {
        let digits = part.len() - part.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if part[..digits].parse() != Ok(index + 1) {
            return Cow::Borrowed(text);
        }
        nameless.push('?');
        nameless.push_str(&part[digits..]);
    }
    Cow::Owned(nameless)
}

/// A pattern for `LIKE … ESCAPE '!'` that finds texts with `part` in them.
pub(crate) fn like_text(part: &str) -> String {
    format!("%{}%", part.replace('!', "!!").replace('%', "!%").replace('_', "!_"))
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

/// Ids for `count` new rows of a table, in order, that nobody else is given.
pub(crate) async fn reserve(tx: &DatabaseTransaction, table: &str, count: usize) -> Result<Vec<i64>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let count = i64::try_from(count).map_err(Error::internal)?;
    if tx.get_database_backend() == DbBackend::Postgres {
        let text = "SELECT nextval(pg_get_serial_sequence($1, 'id')) AS id FROM generate_series(1, $2)";
        let rows = tx.query_all_raw(sql(tx, text, [table.into(), count.into()])).await?;
        return Ok(rows.iter().map(|row| row.try_get("", "id")).collect::<std::result::Result<_, _>>()?);
    }
    // There is one writer, and writing a row with an id moves the sequence on.
    let text = "SELECT seq FROM sqlite_sequence WHERE name = $1";
    let last = tx.query_one_raw(sql(tx, text, [table.into()])).await?;
    let last: i64 = last.map(|row| row.try_get("", "seq")).transpose()?.unwrap_or_default();
    Ok((last + 1..=last + count).collect())
}

/// How many rows one statement writes at most.
const ROWS_AT_ONCE: usize = 500;

/// Writes rows into a table, whose columns have these types; `values` are the rows one after the other.
pub(crate) async fn insert(
    tx: &DatabaseTransaction,
    table: &str,
    columns: &[(&str, &str)],
    values: Vec<Value>,
) -> Result<()> {
    insert_ending(tx, table, columns, values, "").await.map(|_| ())
}

/// As [`insert`], but a row that is there already stays as it is. Returns how many were written.
pub(crate) async fn insert_missing(
    tx: &DatabaseTransaction,
    table: &str,
    columns: &[(&str, &str)],
    values: Vec<Value>,
) -> Result<u64> {
    insert_ending(tx, table, columns, values, " ON CONFLICT DO NOTHING").await
}

async fn insert_ending(
    tx: &DatabaseTransaction,
    table: &str,
    columns: &[(&str, &str)],
    values: Vec<Value>,
    end: &str,
) -> Result<u64> {
    let (names, types): (Vec<&str>, Vec<&str>) = columns.iter().copied().unzip();
    let backend = tx.get_database_backend();
    let mut values = values.into_iter();
    let mut written = 0;
    while values.len() > 0 {
        let count = ROWS_AT_ONCE.min(values.len() / columns.len());
        let rows = match backend {
            // Columns have their own types there, and a statement of thousands of names takes longer than its work.
            DbBackend::Sqlite => {
                let row = format!("({})", vec!["?"; columns.len()].join(", "));
                vec![row; count].join(", ")
            }
            _ => rows(1, &types, count),
        };
        let text = format!("INSERT INTO {table} ({}) VALUES {rows}{end}", names.join(", "));
        let some = values.by_ref().take(count * columns.len());
        written += tx.execute_raw(Statement::from_sql_and_values(backend, text, some)).await?.rows_affected();
    }
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::nameless;
    use rstest::rstest;

    #[rstest]
    #[case("SELECT 1", "SELECT 1")]
    #[case("x = $1 AND y IN ($2, $3)", "x = ? AND y IN (?, ?)")]
    #[case::said_twice("x = $1 OR y = $1", "x = $1 OR y = $1")]
    #[case::in_another_order("x = $2 OR y = $1", "x = $2 OR y = $1")]
    #[case::no_number("x = $1 OR y = $a", "x = $1 OR y = $a")]
    fn only_values_in_their_order_lose_their_names(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(nameless(text), expected);
    }
}

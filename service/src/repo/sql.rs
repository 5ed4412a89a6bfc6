//! Statements written by hand, with `$1`, `$2`, … for their values on both databases.

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};
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

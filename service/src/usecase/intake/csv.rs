//! CSV by RFC 4180: records of cells, with the line that each begins on.
//!
//! Written here because an upload needs what readers of well-formed files leave out: the first physical line
//! of a record that spans several, a limit to its size, and an error for a quote that is never closed.

use super::lines::{LONGEST, Line, Lines};
use std::io::{BufRead, Result};

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Its first physical line.
    pub line: i64,
    pub cells: std::result::Result<Vec<Vec<u8>>, NoRecord>,
}

/// Why lines are no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoRecord {
    TooLong,
    /// The upload ends within a quoted cell.
    Unclosed,
    /// Something other than a comma follows a closing quote.
    AfterQuote,
}

/// Where in a record the next byte stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum At {
    CellStart,
    Plain,
    Quoted,
    /// After a quote within a quoted cell: its end, or the first half of a quote that is meant.
    Quote,
}

/// The next record that is not a blank line; none at the end.
pub(super) fn next<R: BufRead>(lines: &mut Lines<R>) -> Result<Option<Record>> {
    let mut first = None;
    let mut cells = Vec::new();
    let mut cell = Vec::new();
    let mut at = At::CellStart;
    let mut wrong = None;
    let mut size = 0;
    while let Some((number, line)) = lines.next()? {
        let line_of_record = *first.get_or_insert(number);
        let Line::Whole(bytes) = line else {
            return Ok(Some(Record { line: line_of_record, cells: Err(NoRecord::TooLong) }));
        };
        let text = without_ending(&bytes);
        if text.is_empty() && at == At::CellStart && cells.is_empty() {
            first = None;
            continue;
        }
        size += bytes.len();
        if size > LONGEST {
            wrong = Some(NoRecord::TooLong);
            cells.clear();
            cell.clear();
        }
        for byte in text {
            at = match (at, *byte) {
                (At::CellStart, b'"') => At::Quoted,
                (At::CellStart | At::Plain | At::Quote, b',') => {
                    cells.push(std::mem::take(&mut cell));
                    At::CellStart
                }
                (At::Quoted, b'"') => At::Quote,
                (At::Quote, b'"') => {
                    cell.push(b'"');
                    At::Quoted
                }
                (At::Quote, _) => {
                    wrong = wrong.or(Some(NoRecord::AfterQuote));
                    At::Plain
                }
                (At::Quoted, other) => {
                    cell.push(other);
                    At::Quoted
                }
                (At::CellStart | At::Plain, other) => {
                    cell.push(other);
                    At::Plain
                }
            };
        }
        if at == At::Quoted {
            cell.extend_from_slice(&bytes[text.len()..]);
            continue;
        }
        cells.push(cell);
        return Ok(Some(Record { line: line_of_record, cells: wrong.map_or(Ok(cells), Err) }));
    }
    Ok(first.map(|line| Record { line, cells: Err(wrong.unwrap_or(NoRecord::Unclosed)) }))
}

fn without_ending(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::{Lines, NoRecord, next};

    type Plain = (i64, Result<Vec<String>, NoRecord>);

    fn records(text: &str) -> std::io::Result<Vec<Plain>> {
        let mut lines = Lines::of(text.as_bytes());
        let mut found = Vec::new();
        while let Some(record) = next(&mut lines)? {
            let cells = record.cells.map(|cells| {
                cells.iter().map(|cell| String::from_utf8_lossy(cell).into_owned()).collect::<Vec<_>>()
            });
            found.push((record.line, cells));
        }
        Ok(found)
    }

    fn cells(cells: &[&str]) -> Result<Vec<String>, NoRecord> {
        Ok(cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn quotes_commas_and_newlines_in_cells() -> std::io::Result<()> {
        let text = "id,text\r\n1,\"a \"\"b\"\", c\"\r\n\r\n2,\"line\r\nbreak\"\n3,5\" wide\n4,\n5,\"\"";
        let expected = [
            (1, cells(&["id", "text"])),
            (2, cells(&["1", "a \"b\", c"])),
            (4, cells(&["2", "line\r\nbreak"])),
            (6, cells(&["3", "5\" wide"])),
            (7, cells(&["4", ""])),
            (8, cells(&["5", ""])),
        ];
        assert_eq!(records(text)?, expected);
        Ok(())
    }

    #[test]
    fn a_quote_is_closed_and_nothing_follows_it() -> std::io::Result<()> {
        assert_eq!(records("1,\"a\"b\n2,c")?, [(1, Err(NoRecord::AfterQuote)), (2, cells(&["2", "c"]))]);
        assert_eq!(records("1,a\n2,\"b\nc")?, [(1, cells(&["1", "a"])), (2, Err(NoRecord::Unclosed))]);
        Ok(())
    }
}

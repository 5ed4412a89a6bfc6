//! Reads a table of answers or of true labels: CSV with a header, in UTF-8.
//!
//! Columns are found by their names, in any order, and in any case where none has the very name; others are left alone.
//! Nothing is dropped: a row that cannot be used is an error that names its line.

use csv::{ReaderBuilder, StringRecord};
use domain::problem::{Code, Fault, Refusal};
use std::{collections::HashMap, io::Read};

/// One row, as far as it was asked for, and the line on which it begins.
pub(super) struct Row<const N: usize> {
    pub(super) line: i64,
    pub(super) cells: [String; N],
}

/// The cells of these columns, none of them empty.
pub(super) fn read<const N: usize>(source: impl Read, columns: [&str; N]) -> Result<Vec<Row<N>>, Refusal> {
    let mut reader = ReaderBuilder::new().from_reader(source);
    let header = reader.headers().map_err(|error| unreadable(&error))?;
    if header.is_empty() {
        return Err(Refusal::new(Code::Empty, "the table is empty"));
    }
    let places = places(header, columns)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| unreadable(&error))?;
        let line = record.position().map_or(0, |position| i64::try_from(position.line()).unwrap_or(i64::MAX));
        let mut cells: [String; N] = std::array::from_fn(|_| String::new());
        for ((cell, place), column) in cells.iter_mut().zip(places).zip(columns) {
            let text = record.get(place).unwrap_or_default();
            if text.is_empty() {
                return Err(wrong(line, column, Code::Empty, format!("'{column}' is empty")));
            }
            text.clone_into(cell);
        }
        rows.push(Row { line, cells });
    }
    if rows.is_empty() {
        return Err(Refusal::new(Code::Empty, "there is no row below the header"));
    }
    Ok(rows)
}

/// Refuses rows of which two have the same key.
pub(super) fn check_unique<const N: usize>(
    rows: &[Row<N>],
    what: &str,
    key: impl Fn(&[String; N]) -> Vec<&str>,
) -> Result<(), Refusal> {
    let mut first = HashMap::with_capacity(rows.len());
    for row in rows {
        if let Some(before) = first.insert(key(&row.cells), row.line) {
            let detail = format!("{what} stands on line {before} already");
            return Err(wrong(row.line, "", Code::DuplicateId, detail));
        }
    }
    Ok(())
}

/// Where each column stands; of the faults all are named at once.
fn places<const N: usize>(header: &StringRecord, columns: [&str; N]) -> Result<[usize; N], Refusal> {
    // A program for spreadsheets may begin a file with a byte order mark, and write names its own way.
    let names: Vec<&str> = header.iter().map(|name| name.trim_start_matches('\u{feff}').trim()).collect();
    let mut places = [0; N];
    let mut faults = Vec::new();
    for (place, column) in places.iter_mut().zip(columns) {
        let found = |is: &dyn Fn(&str) -> bool| (0..names.len()).filter(|at| is(names[*at])).collect();
        let mut at: Vec<usize> = found(&|name| name == column);
        if at.is_empty() {
            at = found(&|name| name.eq_ignore_ascii_case(column));
        }
        match at[..] {
            [at] => *place = at,
            [] => {
                let mut detail = format!("there is no column '{column}' among: {}", names.join(", "));
                if names.len() == 1 && names[0].contains([';', '\t']) {
                    detail.push_str(" (cells are separated by commas)");
                }
                faults.push(fault(1, column, Code::Missing, detail));
            }
            [first, second, ..] => {
                let detail = format!("columns {} and {} are both named '{column}'", first + 1, second + 1);
                faults.push(fault(1, column, Code::DuplicateName, detail));
            }
        }
    }
    if faults.is_empty() { Ok(places) } else { Err(unusable(faults)) }
}

fn unreadable(error: &csv::Error) -> Refusal {
    let line = error.position().map_or(1, |position| i64::try_from(position.line()).unwrap_or(i64::MAX));
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => {
            wrong(line, "", Code::InvalidUtf8, "is not UTF-8: save the table in this encoding".to_owned())
        }
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            wrong(line, "", Code::Malformed, format!("has {len} cells, the header {expected_len}"))
        }
        _ => wrong(line, "", Code::Malformed, error.to_string()),
    }
}

fn wrong(line: i64, column: &str, code: Code, detail: String) -> Refusal {
    unusable(vec![fault(line, column, code, detail)])
}

fn fault(line: i64, column: &str, code: Code, detail: String) -> Fault {
    let pointer = if column.is_empty() { String::new() } else { format!("/{column}") };
    Fault::at(pointer, code, detail).on_line(line)
}

fn unusable(errors: Vec<Fault>) -> Refusal {
    let code = errors.first().map_or(Code::Invalid, |fault| fault.code);
    Refusal { errors, ..Refusal::new(code, "the table cannot be used") }
}

//! The records of an upload in any format, as JSON values with the line that each stands on.
//!
//! Knows what is JSON and what may be stored, not what a record means.

use super::{
    array::{self, NoArray},
    columns::Columns,
    csv,
    lines::{LONGEST, Line, Lines},
};
use crate::{
    error::{Error, Result},
    format::Format,
};
use domain::{
    canonical,
    problem::{Code, Fault, Refusal},
};
use serde_json::Value;
use std::{fs::File, io::BufReader, ops::ControlFlow, path::Path};

/// Hands every record of the file to `each`, with its line and what it holds or why it cannot be read, until it breaks.
/// An error means that the upload as a whole is no list of records.
pub(super) fn read(
    file: &Path,
    format: Format,
    columns: &Columns,
    mut each: impl FnMut(i64, std::result::Result<Value, Fault>) -> ControlFlow<()>,
) -> Result<()> {
    let reader = BufReader::with_capacity(64 * 1024, File::open(file)?);
    match format {
        Format::Ndjson => {
            let mut lines = Lines::of(reader);
            while let Some((number, line)) = lines.next()? {
                let record = match line {
                    Line::TooLong => Err(too_long()),
                    Line::Whole(bytes) if bytes.trim_ascii().is_empty() => continue,
                    Line::Whole(bytes) => value(&bytes),
                };
                if each(number, record).is_break() {
                    break;
                }
            }
            Ok(())
        }
        Format::Json => {
            let element = |number, bytes: array::Element| {
                each(number, bytes.map_or_else(|| Err(too_long()), |bytes| value(&bytes)))
            };
            array::elements(reader, element)?.map_err(no_array)
        }
        Format::Csv => read_csv(Lines::of(reader), columns, each),
    }
}

fn read_csv(
    mut lines: Lines<BufReader<File>>,
    columns: &Columns,
    mut each: impl FnMut(i64, std::result::Result<Value, Fault>) -> ControlFlow<()>,
) -> Result<()> {
    let Some(header) = csv::next(&mut lines)? else { return Ok(()) };
    let on_header = |faults: Vec<Fault>| {
        let faults = faults.into_iter().map(|fault| fault.on_line(header.line)).collect();
        Refusal::check(faults).err().map_or_else(|| Error::from(Code::Malformed), Error::from)
    };
    let names = texts(header.cells).map_err(|fault| on_header(vec![fault]))?;
    let columns = columns.of_header(&names).map_err(on_header)?;
    while let Some(record) = csv::next(&mut lines)? {
        let object = texts(record.cells).and_then(|cells| columns.object(cells));
        if each(record.line, object.and_then(storable)).is_break() {
            break;
        }
    }
    Ok(())
}

/// The JSON value that `bytes` spell.
fn value(bytes: &[u8]) -> std::result::Result<Value, Fault> {
    let text = utf8(bytes)?;
    let value = serde_json::from_str(text).map_err(|error| {
        let sentence = error.to_string();
        let what = sentence.split(" at line ").next().unwrap_or_default();
        // By the letter JSON, but half a surrogate pair is no text.
        let lone = what.contains("surrogate") || what.contains("unexpected end of hex escape");
        let code = if lone { Code::InvalidText } else { Code::Malformed };
        nowhere(code, format!("{what}, at column {}", error.column()))
    })?;
    canonical::check_integers(text).map_err(|why| nowhere(Code::InvalidText, why.to_string()))?;
    storable(value)
}

fn storable(value: Value) -> std::result::Result<Value, Fault> {
    match canonical::check_text(&value) {
        Ok(()) => Ok(value),
        Err((at, why)) => Err(Fault::at(at, Code::InvalidText, why.to_string())),
    }
}

fn texts(cells: std::result::Result<Vec<Vec<u8>>, csv::NoRecord>) -> std::result::Result<Vec<String>, Fault> {
    let cells = cells.map_err(|why| match why {
        csv::NoRecord::TooLong => too_long(),
        csv::NoRecord::Unclosed => nowhere(Code::Malformed, "a quoted cell is not closed"),
        csv::NoRecord::AfterQuote => nowhere(Code::Malformed, "something follows the quote that ends a cell"),
    })?;
    cells.iter().map(|cell| utf8(cell).map(str::to_owned)).collect()
}

fn utf8(bytes: &[u8]) -> std::result::Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| {
        nowhere(Code::InvalidUtf8, format!("not UTF-8 after {} valid bytes", error.valid_up_to()))
    })
}

fn too_long() -> Fault {
    nowhere(Code::TooLong, format!("a line has at most {LONGEST} bytes"))
}

/// A fault that no pointer leads to, because there is no value to point into.
fn nowhere(code: Code, detail: impl Into<String>) -> Fault {
    Fault { line: None, pointer: None, code, detail: detail.into() }
}

fn no_array(why: NoArray) -> Error {
    let detail = match why {
        NoArray::OtherStart => "the body is not a JSON array",
        NoArray::EndsEarly => "the JSON array ends before its closing bracket",
        NoArray::GoesOn => "something follows the JSON array",
    };
    Error::refused(Code::Malformed, detail)
}

//! CSV as RFC 4180 has it: `op` with `since`, `id`, one column per field, `label.` and one per question, `version`,
//! `split`, then `provenance` and `predictions` as JSON where they are included.

use super::{Spreadsheet, columns, jsonl, lines::Line, plan::ExportPlan};
use crate::error::{Error, Result};
use domain::canonical;
use serde_json::{Map, Value};

/// Whether the header stands before the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header {
    Written,
    Wanted,
}

/// The records.
pub(super) fn write(plan: &ExportPlan, lines: &[Line], header: Header) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if header == Header::Wanted {
        writer.write_record(names(plan)).map_err(Error::internal)?;
    }
    for line in lines {
        let mut record = record(plan, line)?;
        if plan.spreadsheet == Spreadsheet::Safe {
            record.iter_mut().for_each(defuse);
        }
        writer.write_record(&record).map_err(Error::internal)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

fn names(plan: &ExportPlan) -> Vec<String> {
    let mut names: Vec<String> = plan.since.map(|_| "op".to_owned()).into_iter().collect();
    names.push("id".to_owned());
    names.extend(plan.schema.fields.iter().map(|field| columns::name_of_field(&field.name)));
    names.extend(plan.schema.questions.iter().map(|question| format!("label.{}", question.name)));
    names.extend(["version".to_owned(), "split".to_owned()]);
    names.extend(plan.include.provenance.then(|| "provenance".to_owned()));
    names.extend(plan.include.predictions.then(|| "predictions".to_owned()));
    names
}

fn record(plan: &ExportPlan, line: &Line) -> Result<Vec<String>> {
    let mut record: Vec<String> = plan.since.map(|_| line.op().to_owned()).into_iter().collect();
    record.push(line.id.clone());
    let label = line.label.as_ref();
    let fields = columns::object(label.and_then(|label| label.fields.as_deref()))?;
    let answers = columns::object(label.map(|label| label.answers.as_str()))?;
    record.extend(plan.schema.fields.iter().map(|field| cell(&fields, &field.name)));
    record.extend(plan.schema.questions.iter().map(|question| cell(&answers, &question.name)));
    record.push(line.version.to_string());
    record.push(label.map(|label| label.split.as_str().to_owned()).unwrap_or_default());
    if plan.include.provenance {
        record.push(label.and_then(|label| label.provenance.clone()).unwrap_or_default());
    }
    if plan.include.predictions {
        record.push(label.map(jsonl::predictions).unwrap_or_default());
    }
    Ok(record)
}

/// A text as it is, anything else as canonical JSON, nothing where there is nothing.
fn cell(map: &Map<String, Value>, key: &str) -> String {
    let plain = |value: &Value| value.as_str().map_or_else(|| canonical::text(value), str::to_owned);
    map.get(key).map(plain).unwrap_or_default()
}

/// Puts an apostrophe before what a spreadsheet would take for a formula.
fn defuse(cell: &mut String) {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        cell.insert(0, '\'');
    }
}

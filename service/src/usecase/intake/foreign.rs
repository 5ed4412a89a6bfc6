//! Records that other programs wrote, turned into the lines that intake reads: Label Studio, Argilla, doccano.
//!
//! Converts one record at a time and knows neither files nor the database. What it makes is held to the schema
//! by `sample_lines` like any other line. A shape it does not know is a fault with its place in the record as
//! that program wrote it; only bookkeeping, named in each file, is left out.
//!
//! The same for all three:
//! - Fields go by name; where none fits, the record's only text is the project's only field. What is left over
//!   becomes metadata.
//! - Questions go by name; where none fits, the project's only question is meant.
//! - One who cancelled, skipped or discarded said nothing.
//! - The label is what all annotations of a record say. Where they differ, or one of them left it blank,
//!   there is none, and none any more where the record was sent before. A record that nobody annotated says nothing.
//! - A prediction without a score has the probability 1.

mod argilla;
mod choices;
mod doccano;
mod label_studio;
mod record;
#[cfg(test)]
mod tests;

use super::{
    columns::Columns,
    given::Given,
    object::Parsed,
    sample_lines::{self, SampleLine},
};
use domain::{
    name::SampleKey,
    problem::{Code, Fault},
    schema::Schema,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The program whose records an upload holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Dialect {
    /// Relabel's own lines.
    #[default]
    Relabel,
    /// Label Studio: `JSON`, `JSON_MIN` and `CSV` exports.
    LabelStudio,
    /// Argilla: records as 2.x writes them in JSON, and text classification records of 1.x.
    Argilla,
    /// doccano: text classification as `JSONL`, `JSON` and `CSV`.
    Doccano,
}

impl Dialect {
    /// Every dialect, in the order they are offered.
    pub const ALL: [Self; 4] = [Self::Relabel, Self::LabelStudio, Self::Argilla, Self::Doccano];

    /// The dialect as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Relabel => "relabel",
            Self::LabelStudio => "label_studio",
            Self::Argilla => "argilla",
            Self::Doccano => "doccano",
        }
    }

    /// The dialect of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dialect| dialect.as_str() == text)
    }
}

/// A record as a line of Relabel's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Converted {
    /// `{"id", "fields", "label"?, "predictions"?, "metadata"?}`.
    pub sample: Value,
    /// The annotations of people that the record names, in its order.
    pub given: Vec<Given>,
}

/// Turns one record into a line of Relabel's own; faults point into the record.
pub fn convert(dialect: Dialect, schema: &Schema, record: Value) -> Result<Converted, Vec<Fault>> {
    match dialect {
        Dialect::Relabel => Ok(Converted { sample: record, given: Vec::new() }),
        Dialect::LabelStudio => label_studio::convert(schema, record),
        Dialect::Argilla => argilla::convert(schema, record),
        Dialect::Doccano => doccano::convert(schema, record),
    }
}

/// The columns of an upload in CSV. Other programs' may have any.
pub(super) fn columns(dialect: Dialect, schema: &Schema) -> Columns {
    match dialect {
        Dialect::Relabel => sample_lines::columns(schema),
        Dialect::LabelStudio | Dialect::Argilla | Dialect::Doccano => Columns::any(),
    }
}

/// The sample that a record of another program is.
pub(super) fn sample(dialect: Dialect, schema: &Schema, line: i64, record: Value) -> Parsed<SampleLine> {
    let converted = convert(dialect, schema, record)?;
    let mut parsed = sample_lines::parse(schema, line, converted.sample)?;
    // What all agree on is the label; only where they differ is it worth knowing who said what.
    if converted.given.windows(2).any(|pair| !pair[0].agrees(&pair[1])) {
        parsed.given = converted.given;
    }
    Ok(parsed)
}

/// The sample that a record of another program is about, and what each person answered, whether they differ or not.
pub(super) fn answers(dialect: Dialect, schema: &Schema, record: Value) -> Parsed<(SampleKey, Vec<Given>)> {
    let Converted { sample, given } = convert(dialect, schema, record)?;
    let key = sample.get("id").and_then(Value::as_str).unwrap_or_default();
    match SampleKey::parse(key) {
        Ok(key) => Ok((key, given)),
        Err(error) => Err(vec![Fault::at("/id", Code::InvalidName, error.to_string())]),
    }
}

//! The lines of an upload of people's answers, parsed and held to the schema and to the time.

use super::{
    columns::{Cell, Columns},
    foreign::{self, Dialect},
    given::Given,
    kind::Line,
    object::{Object, Parsed},
};
use domain::{
    answer::{Answers, Offered, Verdict},
    name::{AnnotatorName, SampleKey},
    problem::Code,
    schema::Schema,
    time::Timestamp,
};
use serde_json::Value;
use std::borrow::Cow;

/// A line that can be kept.
#[derive(Clone, Debug)]
pub(super) struct AnswerLine {
    pub line: i64,
    pub key: SampleKey,
    /// What stands there, for the record of what was left out.
    pub record: String,
    /// One person's answers; a record of another program may have none or several.
    pub given: Vec<Given>,
    /// A later line is about the same sample.
    pub is_followed: bool,
}

impl Line for AnswerLine {
    fn number(&self) -> i64 {
        self.line
    }

    fn key(&self) -> &SampleKey {
        &self.key
    }

    fn identity(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.key.as_str())
    }

    fn subject(&self) -> Option<String> {
        Some(self.key.as_str().to_owned())
    }

    fn is_followed(&mut self) {
        self.is_followed = true;
    }

    fn bytes(&self) -> usize {
        2 * self.record.len() + 200 * self.given.len()
    }
}

/// The columns of an upload in CSV: what a line has, and an answer under the name of each question.
pub(super) fn columns(dialect: Dialect, schema: &Schema) -> Columns {
    if dialect != Dialect::Relabel {
        return foreign::columns(dialect, schema);
    }
    let mut columns = Columns::default().key("id", Cell::Text).key("annotator", Cell::Text);
    for key in ["verdict", "note", "created_at"] {
        columns = columns.key(key, Cell::TextIfAny);
    }
    for question in &schema.questions {
        columns = columns.below("answers", &question.name, Cell::TextIfAny);
    }
    columns.any_below("answers", Cell::TextIfAny)
}

/// The line that a record is. `received_at`: nobody can have answered later.
pub(super) fn parse(
    dialect: Dialect,
    schema: &Schema,
    received_at: Timestamp,
    line: i64,
    record: Value,
) -> Parsed<AnswerLine> {
    let text = record.to_string();
    let (key, given) = match dialect {
        Dialect::Relabel => own(schema, received_at, record)?,
        dialect => foreign::answers(dialect, schema, record)?,
    };
    Ok(AnswerLine { line, key, record: text, given, is_followed: false })
}

fn own(schema: &Schema, received_at: Timestamp, record: Value) -> Parsed<(SampleKey, Vec<Given>)> {
    let mut object = Object::of(record, "").map_err(|fault| vec![fault])?;
    let key = object.name("id", SampleKey::parse);
    let annotator = object.name("annotator", AnnotatorName::parse);
    let verdict = verdict(&mut object);
    let answers = answers(schema, &mut object, verdict);
    let note = object.text_if_any("note", super::LONGEST_NOTE).filter(|note| !note.is_empty());
    let created_at = time(&mut object, received_at);
    let built = key.zip(annotator).zip(verdict).map(|((key, annotator), verdict)| {
        (key, vec![Given { annotator, verdict, answers, note, created_at }])
    });
    object.finish(built)
}

fn verdict(object: &mut Object) -> Option<Verdict> {
    let text = match object.optional("verdict") {
        None | Some(Value::Null) => return Some(Verdict::Answered),
        Some(Value::String(text)) => text,
        Some(_) => {
            object.fault("verdict", Code::WrongType, "must be a text");
            return None;
        }
    };
    let verdict = Verdict::parse(&text);
    if verdict.is_none() {
        let all = Verdict::ALL.map(Verdict::as_str).join("', '");
        object.fault("verdict", Code::Invalid, format!("must be one of '{all}'"));
    }
    verdict
}

/// The answers, by the rules of those that are given here. `verdict`: none where it is wrong itself.
fn answers(schema: &Schema, object: &mut Object, verdict: Option<Verdict>) -> Answers {
    let given = match verdict {
        Some(Verdict::Answered) => object.required("answers"),
        _ => object.optional("answers").filter(|given| !given.is_null()),
    };
    let answers = match given {
        None => return Answers::default(),
        Some(Value::Object(given)) => Answers(given.into_iter().collect()),
        Some(_) => {
            object.fault("answers", Code::WrongType, "must be an object from question to answer");
            return Answers::default();
        }
    };
    match verdict {
        Some(Verdict::Answered) => object.faults_below("answers", answers.faults(schema, Offered::Current)),
        Some(verdict) if !answers.is_empty() => {
            let detail = format!("the verdict {} carries no answers", verdict.as_str());
            object.fault("answers", Code::Invalid, detail);
        }
        _ => {}
    }
    answers
}

fn time(object: &mut Object, received_at: Timestamp) -> Option<Timestamp> {
    let value = object.optional("created_at").filter(|value| !value.is_null())?;
    let time = value.as_str().and_then(Timestamp::parse);
    match time {
        None => object.fault("created_at", Code::WrongType, "must be a time such as 2026-03-02T09:00:00Z"),
        Some(time) if time > received_at => {
            object.fault("created_at", Code::OutOfRange, "lies in the future");
        }
        Some(_) => {}
    }
    time
}

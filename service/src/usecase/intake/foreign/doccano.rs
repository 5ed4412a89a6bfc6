//! doccano's exports of text classification: `JSONL`, `JSON` and `CSV`.
//!
//! A record has `id`, `text`, `label` and `Comments`; every other key is of the example's `meta`. Who labelled
//! is in no record: a project where people share the labels has one file, others have a file for each person.
//! Files of several people, brought together, have `annotations` of `{"user", "label"}` in place of `label`.

use super::{
    Converted,
    choices::no_object,
    record::{Record, name},
};
use domain::{
    answer::Answers,
    problem::{Code, Fault},
    schema::{Question, Schema},
};
use serde_json::{Map, Value};

/// Between the labels of a cell in CSV.
const BETWEEN: char = '#';

pub(super) fn convert(schema: &Schema, value: Value) -> Result<Converted, Vec<Fault>> {
    let Value::Object(mut example) = value else { return Err(no_object()) };
    let mut record = Record::new(schema);
    record.id("/id", example.remove("id"));
    let label = example.remove("label");
    let annotations = example.remove("annotations");
    // The table that doccano exports from has every key in every record.
    let said = |value: &Value| !value.is_null() && *value != Value::Array(Vec::new());
    let data: Map<String, Value> = example.into_iter().filter(|(_, value)| said(value)).collect();
    record.content("", data, Some("text"));
    if let Some(answers) = answers(&mut record, "/label", label) {
        record.annotation("/label", None, answers, None);
    }
    for (at, given) in record.list("/annotations", annotations) {
        let mut given = record.object(&at, Some(given));
        let user = given.remove("user").as_ref().and_then(name);
        if user.is_none() {
            record.fault(format!("{at}/user"), Code::Missing, "'user' is missing");
        }
        if let Some(answers) = answers(&mut record, &format!("{at}/label"), given.remove("label")) {
            record.annotation(&at, user, answers, None);
        }
        record.left_over(&at, given, &[]);
    }
    record.finish()
}

/// The answer that a label is; none where there is no label.
fn answers(record: &mut Record<'_>, at: &str, label: Option<Value>) -> Option<Answers> {
    let label = label.filter(|label| !label.is_null())?;
    let question = record.question(at, "label")?;
    let option = record.choice(at, question, Some(apart(question, label)))?;
    let mut answers = Answers::default();
    record.answer(at, &mut answers, question, option);
    Some(answers)
}

/// A cell of CSV with several labels, taken apart.
fn apart(question: &Question, label: Value) -> Value {
    match &label {
        Value::String(text) if question.option(text).is_none() && text.contains(BETWEEN) => {
            text.split(BETWEEN).map(Value::from).collect()
        }
        _ => label,
    }
}

//! Argilla's records: as 2.x writes them in JSON (`records.to_json`, `to_disk`), and text classification records
//! of 1.x, which have `text` or `inputs` in place of `fields`.
//!
//! Vectors, metrics and explanations are left out. 2.x writes no status with a response; where one is there,
//! only a submitted response counts.

use super::{
    Converted,
    choices::no_object,
    record::{Record, name},
};
use domain::{
    answer::Answers,
    canonical::escape_pointer,
    problem::{Code, Fault},
    schema::Schema,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a prediction's model is called that has no agent.
const MODEL: &str = "argilla";

/// Keys of a record that say nothing of the sample or its label.
const OF_A_RECORD: &[&str] = &["_server_id", "inserted_at", "status", "updated_at", "vectors"];
/// The same of 1.x. `multi_label` says what may be there, not what is.
const OF_AN_OLD_RECORD: &[&str] =
    &["event_timestamp", "explanation", "metrics", "multi_label", "search_keywords", "vectors"];

pub(super) fn convert(schema: &Schema, value: Value) -> Result<Converted, Vec<Fault>> {
    let Value::Object(mut given) = value else { return Err(no_object()) };
    let mut record = Record::new(schema);
    let server_id = given.get("_server_id").cloned();
    let id = given.remove("id").filter(|id| !id.is_null()).or(server_id);
    record.id("/id", id);
    let metadata = record.object("/metadata", given.remove("metadata"));
    if given.contains_key("text") || given.contains_key("inputs") {
        old(&mut record, given);
    } else {
        new(&mut record, given);
    }
    record.metadata("/metadata", metadata);
    record.finish()
}

/// A record of 2.x, but for id and metadata.
fn new(record: &mut Record<'_>, mut given: Map<String, Value>) {
    let fields = record.object("/fields", given.remove("fields"));
    record.content("/fields", fields, None);
    for (named, suggestion) in record.object("/suggestions", given.remove("suggestions")) {
        suggested(record, &named, suggestion);
    }
    let mut people: Vec<(String, String, Answers)> = Vec::new();
    for (named, responses) in record.object("/responses", given.remove("responses")) {
        let at = format!("/responses/{}", escape_pointer(&named));
        for (at, response) in record.list(&at, Some(responses)) {
            responded(record, (&at, &named), response, &mut people);
        }
    }
    for (person, at, answers) in people {
        record.annotation(&at, Some(person), answers, None);
    }
    record.left_over("", given, OF_A_RECORD);
}

fn suggested(record: &mut Record<'_>, named: &str, suggestion: Value) {
    let at = format!("/suggestions/{}", escape_pointer(named));
    let mut suggestion = record.object(&at, Some(suggestion));
    let value = suggestion.remove("value");
    let score = suggestion.remove("score");
    let agent = suggestion.remove("agent");
    record.left_over(&at, suggestion, &["type"]);
    let Some(question) = record.question(&at, named) else { return };
    let option = record.choice(&format!("{at}/value"), question, value);
    let at = format!("{at}/score");
    let score = record.score(&at, score.as_ref());
    if let Some((option, score)) = option.zip(score) {
        record.prediction(&at, (agent, MODEL), question, BTreeMap::from([(option, score)]));
    }
}

/// Adds one response to what this person answers; `place` is where it stands, and the question's name there.
fn responded(
    record: &mut Record<'_>,
    place: (&str, &str),
    response: Value,
    people: &mut Vec<(String, String, Answers)>,
) {
    let (at, named) = place;
    let mut response = record.object(at, Some(response));
    let value = response.remove("value");
    let status = response.remove("status").filter(|status| !status.is_null());
    let user = response.remove("user_id").as_ref().and_then(name);
    record.left_over(at, response, &[]);
    if status.is_some_and(|status| status != "submitted") {
        return;
    }
    let Some(user) = user else {
        return record.fault(format!("{at}/user_id"), Code::Missing, "'user_id' is missing");
    };
    let Some(question) = record.question(at, named) else { return };
    let option = record.choice(&format!("{at}/value"), question, value);
    let index = people.iter().position(|(person, ..)| *person == user).unwrap_or_else(|| {
        people.push((user, at.to_owned(), Answers::default()));
        people.len() - 1
    });
    if let Some(option) = option {
        record.answer(at, &mut people[index].2, question, option);
    }
}

/// A text classification record of 1.x, but for id and metadata.
fn old(record: &mut Record<'_>, mut given: Map<String, Value>) {
    let text = given.remove("text");
    match given.remove("inputs").filter(|inputs| !inputs.is_null()) {
        Some(Value::String(text)) => {
            record.content("", single("inputs", Value::String(text)), Some("inputs"))
        }
        Some(inputs) => {
            let inputs = record.object("/inputs", Some(inputs));
            record.content("/inputs", inputs, Some("text"));
        }
        None => record.content("", single("text", text.unwrap_or_default()), Some("text")),
    }
    let model = given.remove("prediction_agent");
    let predicted = record.list("/prediction", given.remove("prediction"));
    let annotation = given.remove("annotation").filter(|annotation| !annotation.is_null());
    let annotator = given.remove("annotation_agent").as_ref().and_then(name);
    let discarded = given.remove("status").is_some_and(|status| status == "Discarded");
    record.left_over("", given, OF_AN_OLD_RECORD);
    if predicted.is_empty() && annotation.is_none() {
        return;
    }
    let Some(question) = record.question("/annotation", "label") else { return };
    let mut probs = BTreeMap::new();
    for (at, pair) in predicted {
        let (label, score) = labelled(record, &at, pair);
        let option = label.and_then(|label| record.option(&at, question, label));
        let score = record.score(&at, score.as_ref());
        probs.extend(option.zip(score));
    }
    if !probs.is_empty() {
        record.prediction("/prediction", (model, MODEL), question, probs);
    }
    if !discarded && annotation.is_some() {
        let mut answers = Answers::default();
        if let Some(option) = record.choice("/annotation", question, annotation) {
            record.answer("/annotation", &mut answers, question, option);
        }
        record.annotation("/annotation", annotator, answers, None);
    }
}

/// A label with its score: `["a", 0.5]`, or `{"label": "a", "score": 0.5}`.
fn labelled(record: &mut Record<'_>, at: &str, pair: Value) -> (Option<Value>, Option<Value>) {
    match pair {
        Value::Array(pair) if pair.len() == 2 => {
            let mut pair = pair.into_iter();
            (pair.next(), pair.next())
        }
        Value::Object(mut pair) => (pair.remove("label"), pair.remove("score")),
        _ => {
            record.fault(at, Code::WrongType, "must be a label and its score");
            (None, None)
        }
    }
}

fn single(key: &str, value: Value) -> Map<String, Value> {
    Map::from_iter([(key.to_owned(), value)])
}

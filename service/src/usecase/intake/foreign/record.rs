//! One record on its way to a line: gathers what is read and what is wrong, and decides the label.
//!
//! Knows the schema, not the programs. Pointers are always into the record as the program wrote it.

use super::Converted;
use crate::usecase::intake::given::Given;
use domain::{
    answer::{Answers, Offered, Verdict},
    canonical::escape_pointer,
    content::Content,
    name::{AnnotatorName, ModelName, SampleKey},
    prediction::Probs,
    problem::{Code, Fault},
    schema::{Question, Schema},
    time::Timestamp,
};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What is gathered of one record.
#[derive(Debug)]
pub(super) struct Record<'a> {
    pub schema: &'a Schema,
    id: Option<String>,
    content: Content,
    /// Where each field was read.
    places: BTreeMap<String, String>,
    /// Distinct answers of the annotations; a blank one is empty.
    said: Vec<Answers>,
    given: Vec<Given>,
    predictions: Vec<Value>,
    predicted: BTreeSet<(String, String)>,
    faults: Vec<Fault>,
}

impl<'a> Record<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        Self {
            schema,
            id: None,
            content: Content::default(),
            places: BTreeMap::new(),
            said: Vec::new(),
            given: Vec::new(),
            predictions: Vec::new(),
            predicted: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    /// Something is wrong at this place.
    pub(super) fn fault(&mut self, at: impl Into<String>, code: Code, detail: impl Into<String>) {
        self.faults.push(Fault::at(at, code, detail));
    }

    /// The record's id; a number becomes its digits.
    pub(super) fn id(&mut self, at: &str, value: Option<Value>) {
        match value.as_ref().and_then(name) {
            Some(id) => match SampleKey::parse(id) {
                Ok(id) => self.id = Some(id.into()),
                Err(error) => self.fault(at, Code::InvalidName, error.to_string()),
            },
            None if value.is_none_or(|value| value.is_null()) => {
                self.fault(at, Code::Missing, "'id' is missing")
            }
            None => self.fault(at, Code::WrongType, "must be a text or a whole number"),
        }
    }

    /// Fields by name, or the text in `main`, or the only text, as the only field; the others are metadata.
    pub(super) fn content(&mut self, at: &str, data: Map<String, Value>, main: Option<&str>) {
        let (mut named, mut rest): (Map<_, _>, Map<_, _>) =
            data.into_iter().partition(|(key, _)| self.schema.field(key).is_some());
        for name in named.keys() {
            self.places.insert(name.clone(), format!("{at}/{}", escape_pointer(name)));
        }
        if named.is_empty()
            && let [field] = self.schema.fields.as_slice()
            && let Some(key) = only_text(&rest, main)
            && let Some(text) = rest.remove(&key)
        {
            self.places.insert(field.name.clone(), format!("{at}/{}", escape_pointer(&key)));
            named.insert(field.name.clone(), text);
        }
        self.content.fields = named;
        self.metadata(at, rest);
        for fault in self.content.faults(self.schema) {
            let pointer = fault.pointer.as_deref().unwrap_or_default();
            let name = pointer.strip_prefix("/fields/").unwrap_or(pointer);
            let place = self.places.iter().find(|(field, _)| escape_pointer(field) == name);
            let place = place.map_or_else(|| format!("{at}/{name}"), |(_, place)| place.clone());
            self.fault(place, fault.code, fault.detail);
        }
    }

    /// What else is known of the sample.
    pub(super) fn metadata(&mut self, at: &str, entries: Map<String, Value>) {
        for (key, value) in entries {
            if self.content.metadata.contains_key(&key) {
                let at = format!("{at}/{}", escape_pointer(&key));
                self.fault(at, Code::DuplicateName, format!("'{key}' is in the metadata already"));
            } else {
                self.content.metadata.insert(key, value);
            }
        }
    }

    /// The question of this name, or the only one.
    pub(super) fn question(&mut self, at: &str, name: &str) -> Option<&'a Question> {
        let only = match self.schema.questions.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        let found = self.schema.question(name).or(only);
        if found.is_none() {
            self.fault(at, Code::UnknownQuestion, format!("no question is named '{name}'"));
        }
        found
    }

    /// A list; none where it is absent or null.
    pub(super) fn list(&mut self, at: &str, value: Option<Value>) -> Vec<(String, Value)> {
        match value {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => {
                items.into_iter().enumerate().map(|(index, item)| (format!("{at}/{index}"), item)).collect()
            }
            Some(_) => {
                self.fault(at, Code::WrongType, "must be an array");
                Vec::new()
            }
        }
    }

    /// An object; empty where it is absent or null.
    pub(super) fn object(&mut self, at: &str, value: Option<Value>) -> Map<String, Value> {
        match value {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(object)) => object,
            Some(_) => {
                self.fault(at, Code::WrongType, "must be an object");
                Map::new()
            }
        }
    }

    /// When something happened, by a text; none where it is absent or null.
    pub(super) fn time(&mut self, at: &str, value: Option<Value>) -> Option<Timestamp> {
        let value = value.filter(|value| !value.is_null())?;
        let time = value.as_str().and_then(Timestamp::parse);
        if time.is_none() {
            self.fault(at, Code::WrongType, "must be a time such as 2026-03-02T09:00:00Z");
        }
        time
    }

    /// What one annotation says; nothing where it was left blank. `annotator`: where the record names them.
    pub(super) fn annotation(
        &mut self,
        at: &str,
        annotator: Option<String>,
        answers: Answers,
        created_at: Option<Timestamp>,
    ) {
        if !answers.is_empty() {
            let faults = answers.faults(self.schema, Offered::WithRetired);
            self.faults.extend(faults.into_iter().map(|fault| Fault::at(at, fault.code, fault.detail)));
            if let Some(name) = annotator {
                match AnnotatorName::parse(name) {
                    Ok(annotator) => self.given.push(Given {
                        annotator,
                        verdict: Verdict::Answered,
                        answers: answers.clone(),
                        note: None,
                        created_at,
                    }),
                    Err(error) => self.fault(at, Code::InvalidName, format!("the annotator's name {error}")),
                }
            }
        }
        if !self.said.contains(&answers) {
            self.said.push(answers);
        }
    }

    /// A model's probabilities for a question. `model`: its name as the record gives it, or else the program's.
    pub(super) fn prediction(
        &mut self,
        at: &str,
        model: (Option<Value>, &str),
        question: &Question,
        probs: BTreeMap<String, f64>,
    ) {
        let probs = Probs(probs);
        for fault in probs.faults(question) {
            self.fault(at, fault.code, fault.detail);
        }
        let (given, program) = model;
        let model = given.as_ref().and_then(name).unwrap_or_else(|| program.to_owned());
        if let Err(error) = ModelName::parse(model.as_str()) {
            self.fault(at, Code::InvalidName, format!("the model's name {error}"));
        }
        if !self.predicted.insert((question.name.clone(), model.clone())) {
            let detail = format!("'{model}' predicts '{}' twice", question.name);
            self.fault(at, Code::DuplicateName, detail);
        }
        self.predictions.push(json!({"model": model, "question": question.name, "probs": probs}));
    }

    /// These keys are left over; whatever is not bookkeeping is unknown.
    pub(super) fn left_over(&mut self, at: &str, left: Map<String, Value>, bookkeeping: &[&str]) {
        for key in left.keys().filter(|key| !bookkeeping.contains(&key.as_str())) {
            let at = format!("{at}/{}", escape_pointer(key));
            self.fault(at, Code::UnknownKey, format!("'{key}' is not known here"));
        }
    }

    /// The line, unless something was wrong.
    pub(super) fn finish(self) -> Result<Converted, Vec<Fault>> {
        let Some(id) = self.id.filter(|_| self.faults.is_empty()) else { return Err(self.faults) };
        let mut sample = json!({"id": id, "fields": self.content.fields});
        if !self.content.metadata.is_empty() {
            sample["metadata"] = Value::Object(self.content.metadata);
        }
        match self.said.as_slice() {
            [] => {}
            [answers] if answers.is_empty() => {}
            [answers] => sample["label"] = json!(answers),
            // One that they agreed on when the record was sent before is none any more.
            [_, _, ..] => sample["label"] = Value::Null,
        }
        if !self.predictions.is_empty() {
            sample["predictions"] = Value::Array(self.predictions);
        }
        Ok(Converted { sample, given: self.given })
    }
}

/// A name: a text that is not empty, or the digits of a whole number.
pub(super) fn name(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => number.as_i64().map(|number| number.to_string()),
        _ => None,
    }
}

/// The key that holds the text: `main` where it is there, or the only one whose value is a text.
fn only_text(data: &Map<String, Value>, main: Option<&str>) -> Option<String> {
    if let Some(main) = main.filter(|main| data.contains_key(*main)) {
        return Some(main.to_owned());
    }
    let mut texts = data.iter().filter(|(_, value)| value.is_string());
    let (key, _) = texts.next()?;
    texts.next().is_none().then(|| key.clone())
}

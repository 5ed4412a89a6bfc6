//! The lines of an upload of samples, parsed and held to the schema.

use super::{
    columns::{Cell, Columns},
    given::Given,
    kind::Line,
    object::{Object, Parsed},
    predictions::prediction,
};
use crate::repo::predictions::Sent;
use domain::{
    answer::{Answers, Offered},
    canonical,
    content::{Content, Written},
    name::SampleKey,
    problem::Code,
    schema::Schema,
};
use serde_json::{Map, Value, json};
use std::{borrow::Cow, collections::HashSet};

/// A line that can be kept.
#[derive(Clone, Debug)]
pub(super) struct SampleLine {
    pub line: i64,
    pub key: SampleKey,
    pub hash: String,
    /// Canonical JSON.
    pub fields: String,
    /// Canonical JSON.
    pub metadata: String,
    pub label: GivenLabel,
    pub predictions: Vec<Sent>,
    /// What people answered in another program, where they differ.
    pub given: Vec<Given>,
}

impl Line for SampleLine {
    fn number(&self) -> i64 {
        self.line
    }

    fn key(&self) -> &SampleKey {
        &self.key
    }

    fn identity(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.key.as_str())
    }

    fn bytes(&self) -> usize {
        let predictions = self.predictions.iter().map(|sent| sent.probs.len() + 100).sum::<usize>();
        self.fields.len() + self.metadata.len() + predictions
    }

    fn says_label(&self) -> bool {
        self.label != GivenLabel::Absent
    }
}

/// What a line says of the sample's label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GivenLabel {
    /// Nothing.
    Absent,
    /// There is none.
    Remove,
    /// This one.
    Label(Answers),
}

impl GivenLabel {
    /// The label as canonical JSON; the outer `None` says nothing, the inner one that there is none.
    pub(super) fn text(&self) -> Option<Option<String>> {
        match self {
            Self::Absent => None,
            Self::Remove => Some(None),
            Self::Label(answers) => Some(Some(canonical::text(&json!(answers)))),
        }
    }
}

/// The columns of an upload in CSV: fields and questions by their names, `label.…` and `metadata.…`.
pub(super) fn columns(schema: &Schema) -> Columns {
    let mut columns = Columns::default().key("id", Cell::Text);
    for field in &schema.fields {
        columns = columns.below("fields", &field.name, Cell::Text);
    }
    for question in &schema.questions {
        columns = columns.below("label", &question.name, Cell::TextIfAny);
    }
    columns.any_below("label", Cell::TextIfAny).any_below("metadata", Cell::TextIfAny)
}

/// The line that `value` is. Whether its id stands on another line too is not seen here.
pub(super) fn parse(schema: &Schema, line: i64, value: Value) -> Parsed<SampleLine> {
    let mut object = Object::of(value, "").map_err(|fault| vec![fault])?;
    let key = object.name("id", SampleKey::parse);
    let content = content(schema, &mut object);
    let label = label(schema, &mut object);
    let predictions = predictions(schema, &mut object);
    let built = key.zip(content).map(|(key, content)| {
        let Written { hash, fields, metadata } = Written::of(content);
        SampleLine { line, key, hash, fields, metadata, label, predictions, given: Vec::new() }
    });
    object.finish(built)
}

fn content(schema: &Schema, object: &mut Object) -> Option<Content> {
    let fields = match object.required("fields") {
        None => None,
        Some(Value::Object(fields)) => Some(fields),
        Some(_) => {
            object.fault("fields", Code::WrongType, "must be an object");
            None
        }
    };
    let metadata = match object.optional("metadata") {
        None => Some(Map::new()),
        Some(Value::Object(metadata)) => Some(metadata),
        Some(_) => {
            object.fault("metadata", Code::WrongType, "must be an object");
            None
        }
    };
    let content = Content { fields: fields?, metadata: metadata? };
    object.faults_below_self(content.faults(schema));
    Some(content)
}

fn label(schema: &Schema, object: &mut Object) -> GivenLabel {
    match object.optional("label") {
        None => GivenLabel::Absent,
        Some(Value::Null) => GivenLabel::Remove,
        Some(Value::Object(answers)) => {
            let answers = Answers(answers.into_iter().collect());
            object.faults_below("label", answers.faults(schema, Offered::WithRetired));
            GivenLabel::Label(answers)
        }
        Some(_) => {
            object.fault("label", Code::WrongType, "must be an object, or null to remove the label");
            GivenLabel::Absent
        }
    }
}

fn predictions(schema: &Schema, object: &mut Object) -> Vec<Sent> {
    let given = match object.optional("predictions") {
        None => return Vec::new(),
        Some(Value::Array(given)) => given,
        Some(_) => {
            object.fault("predictions", Code::WrongType, "must be an array");
            return Vec::new();
        }
    };
    let mut sent = Vec::with_capacity(given.len());
    let mut seen = HashSet::new();
    for (index, value) in given.into_iter().enumerate() {
        let at = format!("/{index}");
        let parsed = Object::of(value, &at).map_err(|fault| vec![fault]).and_then(|mut object| {
            let prediction = prediction(schema, &mut object);
            if let Some(prediction) = &prediction
                && !seen.insert((prediction.question.clone(), prediction.model.clone()))
            {
                object.fault("model", Code::DuplicateName, "this question and model occur twice");
            }
            object.finish(prediction)
        });
        match parsed {
            Ok(prediction) => sent.push(prediction),
            Err(faults) => object.faults_below("predictions", faults),
        }
    }
    sent
}

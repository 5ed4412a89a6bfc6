//! The choice that a record makes for a question, and how sure a model is of it.

use super::record::Record;
use domain::{
    answer::Answers,
    problem::{Code, Fault},
    schema::Question,
};
use serde_json::Value;

impl Record<'_> {
    /// The option that `value` names: a text, or a list of one. None where it names nothing, or something wrong.
    pub(super) fn choice(&mut self, at: &str, question: &Question, value: Option<Value>) -> Option<String> {
        match value {
            None | Some(Value::Null) => None,
            Some(Value::Array(values)) if values.len() > 1 => {
                let detail = format!("{} choices, and '{}' takes one", values.len(), question.name);
                self.fault(at, Code::Invalid, detail);
                None
            }
            Some(Value::Array(values)) => {
                let value = values.into_iter().next()?;
                self.option(&format!("{at}/0"), question, value)
            }
            Some(value) => self.option(at, question, value),
        }
    }

    /// The option of this value.
    pub(super) fn option(&mut self, at: &str, question: &Question, value: Value) -> Option<String> {
        let Value::String(value) = value else {
            self.fault(at, Code::WrongType, "a choice is a text, one of the options");
            return None;
        };
        if question.option(&value).is_none() {
            let detail = format!("'{value}' is not an option of '{}'", question.name);
            self.fault(at, Code::UnknownOption, detail);
            return None;
        }
        Some(value)
    }

    /// Adds an answer to others of the same annotation.
    pub(super) fn answer(&mut self, at: &str, answers: &mut Answers, question: &Question, option: String) {
        if answers.0.insert(question.name.clone(), Value::String(option)).is_some() {
            self.fault(at, Code::DuplicateName, format!("'{}' is answered twice", question.name));
        }
    }

    /// How probable a model says its choice is; 1 where it does not say.
    pub(super) fn score(&mut self, at: &str, value: Option<&Value>) -> Option<f64> {
        match value {
            None | Some(Value::Null) => Some(1.0),
            Some(value) => {
                let score = value.as_f64();
                if score.is_none() {
                    self.fault(at, Code::WrongType, "must be a number");
                }
                score
            }
        }
    }
}

/// The fault of a record that is no object.
pub(super) fn no_object() -> Vec<Fault> {
    vec![Fault::at("", Code::WrongType, "must be an object")]
}

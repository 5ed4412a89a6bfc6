//! From the texts of addresses and forms to the types of `domain`. A text that cannot name anything is treated
//! as one that names nothing the caller may know of.

use domain::{
    answer::{Answers, Verdict},
    event::EventKind,
    name::Slug,
    problem::{Code, Fault, Kind, Refusal},
    schema::Schema,
    time::{Timestamp, fault_between},
    view::{PageRequest, annotate::SubmitInput},
};
use service::{Error, Result};
use std::collections::BTreeMap;

/// A project's slug from the address.
pub fn slug(text: &str) -> Result<Slug> {
    Slug::parse(text).map_err(|_| Code::NotFound.into())
}

/// A page of a list from the address.
pub fn page(cursor: Option<String>) -> PageRequest {
    PageRequest { limit: None, cursor: cursor.filter(|cursor| !cursor.is_empty()) }
}

/// What is read of an address's parameters, so that all that is wrong with them is told at once.
#[derive(Debug, Default)]
pub struct Parameters(Vec<Fault>);

impl Parameters {
    /// The value of a parameter, read by `read`; nothing where it is blank, or wrong.
    pub fn read<T>(&mut self, name: &str, text: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = Some(text.trim()).filter(|text| !text.is_empty())?;
        let value = read(text);
        if value.is_none() {
            self.0.push(Fault::at(format!("/{name}"), Code::Invalid, "the page knows no such value"));
        }
        value
    }

    /// Notes that the last day, which `to` names, may not be before the first.
    pub fn days(&mut self, from: Option<Timestamp>, to: Option<Timestamp>) {
        self.0.extend(fault_between(from, to));
    }

    /// Refuses an address of which something is wrong.
    pub fn finish(self) -> Result<()> {
        Ok(Refusal::check(self.0)?)
    }
}

/// A result that hangs on one parameter of the address: where that is wrong, or names nothing, the refusal says so.
pub fn about<T>(name: &str, result: Result<T>) -> Result<T> {
    result.map_err(|error| match error {
        Error::Refused { refusal, retry_after }
            if matches!(refusal.code.kind(), Kind::Invalid | Kind::NotFound) =>
        {
            let code = refusal.errors.first().map_or(refusal.code, |fault| fault.code);
            let errors = vec![Fault::at(format!("/{name}"), code, refusal.detail.clone())];
            Error::Refused { refusal: Refusal { errors, ..refusal }, retry_after }
        }
        other => other,
    })
}

/// A text field: nothing where it is blank.
pub fn text(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// The kinds of events that a form names.
pub fn events(names: &[String]) -> Result<Vec<EventKind>> {
    names.iter().map(|name| Ok(EventKind::parse(name).ok_or(Code::UnknownOption)?)).collect()
}

/// The answers of the annotation form: choices by a question's place in the schema, unless a verdict says otherwise.
pub fn submission(
    schema: &Schema,
    choices: &BTreeMap<String, String>,
    verdict: Option<&str>,
    note: Option<String>,
) -> Result<SubmitInput> {
    let verdict = match verdict.filter(|verdict| !verdict.is_empty()) {
        None => Verdict::Answered,
        Some(verdict) => Verdict::parse(verdict).ok_or(Code::Invalid)?,
    };
    let mut answers = Answers::default();
    for (place, value) in choices {
        let place: usize = place.parse().map_err(|_| Code::UnknownQuestion)?;
        let question = schema.questions.get(place).ok_or(Code::UnknownQuestion)?;
        answers.0.insert(question.name.clone(), value.clone().into());
    }
    Ok(SubmitInput {
        answers: (verdict == Verdict::Answered).then_some(answers),
        verdict: Some(verdict),
        note: text(note),
        duration_ms: None,
    })
}

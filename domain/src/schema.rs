//! Label schemas: what is shown (`fields`) and what is asked (`questions`).
//!
//! A schema is checked as a whole before it is stored, and a change of it against the one before: options
//! may be added, retitled or retired, never deleted, because stored labels refer to them.

use crate::{
    name::is_text,
    problem::{Code, Fault},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What is shown and what is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Schema {
    /// What is shown of a sample, in this order.
    pub fields: Vec<Field>,
    /// What is asked about it, in this order.
    pub questions: Vec<Question>,
}

/// One thing that is shown of a sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its key in a sample's `fields`.
    pub name: String,
    /// How it is shown.
    pub kind: FieldKind,
    /// Its heading; the name where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// How a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Plain text.
    Text,
}

/// One question about a sample.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its key in `answers`.
    pub name: String,
    /// What sort of answer it takes.
    pub kind: QuestionKind,
    /// The question as people read it; the name where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Whether an answer must be given.
    #[serde(default = "yes")]
    pub required: bool,
    /// The options to choose from, in this order.
    pub options: Vec<ChoiceOption>,
}

/// What sort of answer a question takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// Exactly one of the options.
    Choice,
}

/// One option of a choice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChoiceOption {
    /// The value in answers and labels.
    pub value: String,
    /// What people read; the value where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// No longer offered, still valid in stored labels.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

fn yes() -> bool {
    true
}

/// The longest title and name in characters.
const LONGEST_TITLE: usize = 300;
const LONGEST_NAME: usize = 64;
const LONGEST_OPTION: usize = 300;
const MOST_OPTIONS: usize = 1000;
const MOST_ENTRIES: usize = 50;

impl Field {
    /// What people read as its heading.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }
}

impl ChoiceOption {
    /// What people read.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.value)
    }
}

impl Question {
    /// What people read as the question.
    pub fn title(&self) -> &str {
        self.title.as_deref().unwrap_or(&self.name)
    }

    /// The option with this value, retired or not.
    pub fn option(&self, value: &str) -> Option<&ChoiceOption> {
        self.options.iter().find(|option| option.value == value)
    }

    /// The options that are offered, in order.
    pub fn offered(&self) -> impl Iterator<Item = &ChoiceOption> {
        self.options.iter().filter(|option| !option.retired)
    }
}

impl Schema {
    /// The question with this name.
    pub fn question(&self, name: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.name == name)
    }

    /// The field with this name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Everything that is wrong with this schema by itself; pointers begin at the schema.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        check_count(self.fields.len(), MOST_ENTRIES, "/fields", &mut faults);
        check_count(self.questions.len(), MOST_ENTRIES, "/questions", &mut faults);
        let mut names = BTreeSet::new();
        for (index, field) in self.fields.iter().enumerate() {
            let at = format!("/fields/{index}");
            check_name(&field.name, LONGEST_NAME, &format!("{at}/name"), &mut names, &mut faults);
            check_title(field.title.as_deref(), &at, &mut faults);
        }
        let mut names = BTreeSet::new();
        for (index, question) in self.questions.iter().enumerate() {
            let at = format!("/questions/{index}");
            check_name(&question.name, LONGEST_NAME, &format!("{at}/name"), &mut names, &mut faults);
            check_title(question.title.as_deref(), &at, &mut faults);
            check_count(question.options.len(), MOST_OPTIONS, &format!("{at}/options"), &mut faults);
            let mut values = BTreeSet::new();
            for (index, option) in question.options.iter().enumerate() {
                let at = format!("{at}/options/{index}");
                check_name(&option.value, LONGEST_OPTION, &format!("{at}/value"), &mut values, &mut faults);
                check_title(option.title.as_deref(), &at, &mut faults);
            }
            if !question.options.is_empty() && question.offered().next().is_none() {
                faults.push(Fault::at(
                    format!("{at}/options"),
                    Code::OutOfRange,
                    "at least one option must not be retired",
                ));
            }
        }
        faults
    }

    /// What `next` takes away that stored labels or answers may refer to.
    pub fn faults_of_change(&self, next: &Self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for question in &self.questions {
            let Some(at) = next.questions.iter().position(|other| other.name == question.name) else {
                faults.push(Fault::at(
                    "/questions",
                    Code::CannotRemove,
                    format!("the question '{}' cannot be removed", question.name),
                ));
                continue;
            };
            for option in &question.options {
                if next.questions[at].option(&option.value).is_none() {
                    faults.push(Fault::at(
                        format!("/questions/{at}/options"),
                        Code::CannotRemove,
                        format!("the option '{}' cannot be removed; retire it instead", option.value),
                    ));
                }
            }
        }
        for field in &self.fields {
            if next.field(&field.name).is_none() {
                faults.push(Fault::at(
                    "/fields",
                    Code::CannotRemove,
                    format!("the field '{}' cannot be removed", field.name),
                ));
            }
        }
        faults
    }
}

fn check_count(count: usize, most: usize, at: &str, faults: &mut Vec<Fault>) {
    if count == 0 {
        faults.push(Fault::at(at, Code::Empty, "at least one is needed"));
    } else if count > most {
        faults.push(Fault::at(at, Code::TooLong, format!("at most {most} are allowed")));
    }
}

fn check_name<'a>(
    name: &'a str,
    longest: usize,
    at: &str,
    seen: &mut BTreeSet<&'a str>,
    faults: &mut Vec<Fault>,
) {
    if !is_text(name, longest) {
        let detail = format!("must be 1 to {longest} characters without control characters");
        faults.push(Fault::at(at, Code::InvalidName, detail));
    } else if !seen.insert(name) {
        faults.push(Fault::at(at, Code::DuplicateName, format!("'{name}' occurs twice")));
    }
}

fn check_title(title: Option<&str>, at: &str, faults: &mut Vec<Fault>) {
    if title.is_some_and(|title| !is_text(title, LONGEST_TITLE)) {
        let detail = format!("must be 1 to {LONGEST_TITLE} characters without control characters");
        faults.push(Fault::at(format!("{at}/title"), Code::InvalidName, detail));
    }
}

#[cfg(test)]
mod tests {
    use super::{ChoiceOption, Schema};
    use crate::problem::Code;

    fn schema(json: serde_json::Value) -> Result<Schema, serde_json::Error> {
        serde_json::from_value(json)
    }

    #[test]
    fn faults_name_their_place() -> Result<(), serde_json::Error> {
        let schema = schema(serde_json::json!({
            "fields": [{"name": "text", "kind": "text"}, {"name": "text", "kind": "text"}],
            "questions": [{"name": "q", "kind": "choice", "options": [{"value": "a", "retired": true}, {"value": ""}]}],
        }))?;
        let faults: Vec<_> = schema.faults().into_iter().map(|f| (f.pointer, f.code)).collect();
        assert_eq!(
            faults,
            [
                (Some("/fields/1/name".into()), Code::DuplicateName),
                (Some("/questions/0/options/1/value".into()), Code::InvalidName),
            ]
        );
        Ok(())
    }

    #[test]
    fn options_are_retired_not_removed() -> Result<(), serde_json::Error> {
        let old = schema(serde_json::json!({
            "fields": [{"name": "text", "kind": "text"}],
            "questions": [{"name": "q", "kind": "choice", "options": [{"value": "a"}, {"value": "b"}]}],
        }))?;
        let mut retired = old.clone();
        retired.questions[0].options[0].retired = true;
        retired.questions[0].options.push(ChoiceOption { value: "c".into(), title: None, retired: false });
        assert!(old.faults_of_change(&retired).is_empty());
        let mut removed = old.clone();
        removed.questions[0].options.remove(0);
        assert_eq!(old.faults_of_change(&removed)[0].code, Code::CannotRemove);
        Ok(())
    }
}

//! Answers: a map from question name to plain JSON, checked against the schema.

use crate::{
    canonical::escape_pointer,
    problem::{Code, Fault},
    schema::{QuestionKind, Schema},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One person's answers, or a label: question name to plain JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = Object))]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Value>);

/// What an annotation says about the task as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The questions are answered.
    Answered,
    /// Two or more answers fit equally well.
    Ambiguous,
    /// No option fits.
    NoneFits,
    /// The sample should not be in the data.
    BadSample,
}

/// Which options an answer may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offered {
    /// New answers: only options that are still offered.
    Current,
    /// Labels that come from elsewhere: retired options too.
    WithRetired,
}

impl Verdict {
    /// Every verdict, in the order of the screen.
    pub const ALL: [Self; 4] = [Self::Answered, Self::Ambiguous, Self::NoneFits, Self::BadSample];

    /// The verdict as it appears on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Ambiguous => "ambiguous",
            Self::NoneFits => "none_fits",
            Self::BadSample => "bad_sample",
        }
    }

    /// The verdict of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.as_str() == text)
    }
}

impl Answers {
    /// The chosen value of a choice question.
    pub fn choice(&self, question: &str) -> Option<&str> {
        self.0.get(question).and_then(Value::as_str)
    }

    /// Whether no question is answered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Everything that is wrong with these answers; pointers begin at the map.
    pub fn faults(&self, schema: &Schema, offered: Offered) -> Vec<Fault> {
        let mut faults = self.unknown(schema, offered);
        for question in schema.questions.iter().filter(|question| question.required) {
            if !self.0.contains_key(&question.name) {
                let at = format!("/{}", escape_pointer(&question.name));
                faults.push(Fault::at(at, Code::Missing, format!("'{}' is not answered", question.name)));
            }
        }
        faults
    }

    /// What of these answers the schema does not know, whether or not all questions are answered; pointers begin at the
    /// map.
    pub fn unknown(&self, schema: &Schema, offered: Offered) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (name, value) in &self.0 {
            let at = format!("/{}", escape_pointer(name));
            let Some(question) = schema.question(name) else {
                faults.push(Fault::at(at, Code::UnknownQuestion, format!("no question is named '{name}'")));
                continue;
            };
            match question.kind {
                QuestionKind::Choice => match value.as_str().map(|value| (value, question.option(value))) {
                    None => {
                        faults.push(Fault::at(at, Code::WrongType, "a choice is a text, one of the options"))
                    }
                    Some((value, None)) => faults.push(Fault::at(
                        at,
                        Code::UnknownOption,
                        format!("'{value}' is not an option of '{name}'"),
                    )),
                    Some((value, Some(option))) if option.retired && offered == Offered::Current => faults
                        .push(Fault::at(at, Code::RetiredOption, format!("the option '{value}' is retired"))),
                    Some(_) => {}
                },
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::{Answers, Offered};
    use crate::{problem::Code, schema::Schema};
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(json!({"q": "a"}), Offered::Current, &[])]
    #[case(json!({"q": "old"}), Offered::WithRetired, &[])]
    #[case(json!({"q": "old"}), Offered::Current, &[Code::RetiredOption])]
    #[case(json!({"q": "z"}), Offered::Current, &[Code::UnknownOption])]
    #[case(json!({"q": 4}), Offered::Current, &[Code::WrongType])]
    #[case(json!({}), Offered::Current, &[Code::Missing])]
    #[case(json!({"q": "a", "z": 1}), Offered::Current, &[Code::UnknownQuestion])]
    fn answers_are_held_to_the_schema(
        #[case] answers: serde_json::Value,
        #[case] offered: Offered,
        #[case] expected: &[Code],
    ) -> Result<(), serde_json::Error> {
        let schema: Schema = serde_json::from_value(json!({
            "fields": [{"name": "text", "kind": "text"}],
            "questions": [{"name": "q", "kind": "choice",
                           "options": [{"value": "a"}, {"value": "old", "retired": true}]}],
        }))?;
        let answers: Answers = serde_json::from_value(answers)?;
        let codes: Vec<Code> = answers.faults(&schema, offered).into_iter().map(|fault| fault.code).collect();
        assert_eq!(codes, expected);
        Ok(())
    }
}

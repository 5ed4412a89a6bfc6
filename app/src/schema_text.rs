//! Label schemas as people type them: a small form, or JSON.
//!
//! Reads what is meant; whether it is a good schema is for `domain` to say.

use serde::{Deserialize, Serialize};

/// A schema with one question, as the form has it; JSON, where it is given, counts instead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemaForm {
    /// One field a line, `name = Title`.
    #[serde(default)]
    pub fields: String,
    /// The question's key in answers.
    #[serde(default)]
    pub question: String,
    /// The question as people read it.
    #[serde(default)]
    pub title: String,
    /// One option a line, `value = Title`.
    #[serde(default)]
    pub options: String,
    /// The whole schema as JSON.
    #[serde(default)]
    pub json: String,
}

#[cfg(feature = "ssr")]
pub use server::{of_json, options};

#[cfg(feature = "ssr")]
mod server {
    use super::SchemaForm;
    use domain::{
        problem::{Code, Fault, Refusal},
        schema::{ChoiceOption, Field, FieldKind, Question, QuestionKind, Schema},
    };
    use serde_path_to_error::Segment;

    impl SchemaForm {
        /// The schema that the form means.
        pub fn schema(&self) -> Result<Schema, Refusal> {
            if !self.json.trim().is_empty() {
                return of_json(&self.json);
            }
            let fields =
                lines(&self.fields).map(|(name, title)| Field { name, kind: FieldKind::Text, title });
            let title = self.title.trim();
            let question = Question {
                name: self.question.trim().to_owned(),
                kind: QuestionKind::Choice,
                title: (!title.is_empty()).then(|| title.to_owned()),
                required: true,
                options: options(&self.options),
            };
            Ok(Schema { fields: fields.collect(), questions: vec![question] })
        }
    }

    /// The options of a text, one a line: `value = Title`, or only the value.
    pub fn options(text: &str) -> Vec<ChoiceOption> {
        lines(text).map(|(value, title)| ChoiceOption { value, title, retired: false }).collect()
    }

    /// The schema of a JSON text; a fault says in which line, or at which place, it is none.
    pub fn of_json(text: &str) -> Result<Schema, Refusal> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let parsed = serde_path_to_error::deserialize(&mut deserializer);
        let schema = parsed.map_err(|error| {
            let mut pointer = "/schema".to_owned();
            for segment in error.path() {
                match segment {
                    Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
                    Segment::Map { key } => {
                        pointer.push_str(&format!("/{}", domain::canonical::escape_pointer(key)));
                    }
                    Segment::Enum { .. } | Segment::Unknown => {}
                }
            }
            let line = i64::try_from(error.inner().line()).unwrap_or(i64::MAX);
            let code = if error.inner().is_data() { Code::Invalid } else { Code::Malformed };
            refusal(Fault::at(pointer, code, error.inner().to_string()).on_line(line))
        })?;
        deserializer.end().map_err(|error| {
            let line = i64::try_from(error.line()).unwrap_or(i64::MAX);
            refusal(Fault::at("/schema", Code::Malformed, error.to_string()).on_line(line))
        })?;
        Ok(schema)
    }

    fn refusal(fault: Fault) -> Refusal {
        Refusal { code: fault.code, detail: fault.detail.clone(), errors: vec![fault] }
    }

    /// What stands before and after the first `=` of each line that is not blank.
    fn lines(text: &str) -> impl Iterator<Item = (String, Option<String>)> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| match line.split_once('=') {
            None => (line.to_owned(), None),
            Some((name, title)) => {
                let title = title.trim();
                (name.trim().to_owned(), (!title.is_empty()).then(|| title.to_owned()))
            }
        })
    }

    #[cfg(test)]
    mod tests {
        use super::{SchemaForm, of_json};
        use domain::problem::Code;

        #[test]
        fn a_form_reads_as_a_schema() -> Result<(), domain::problem::Refusal> {
            let form = SchemaForm {
                fields: "text = Message\r\n\r\nauthor".into(),
                question: " intent ".into(),
                title: "What is it?".into(),
                options: "card_arrival = Card arrival\nlost_card".into(),
                json: "  ".into(),
            };
            let schema = form.schema()?;
            assert!(schema.faults().is_empty());
            assert_eq!(schema.fields[0].title(), "Message");
            assert_eq!(schema.fields[1].title(), "author");
            assert_eq!(schema.questions[0].name, "intent");
            assert_eq!(schema.questions[0].options[0].title(), "Card arrival");
            assert_eq!(schema.questions[0].options[1].title(), "lost_card");
            Ok(())
        }

        #[test]
        fn a_fault_in_json_names_its_place() {
            let text = "{\"fields\": [],\n\"questions\": [{\"name\": 4}]}";
            let faults = of_json(text).map_err(|refusal| refusal.errors).err().unwrap_or_default();
            assert_eq!(faults[0].pointer.as_deref(), Some("/schema/questions/0/name"));
            assert_eq!((faults[0].line, faults[0].code), (Some(2), Code::Invalid));
            let faults = of_json("{").map_err(|refusal| refusal.errors).err().unwrap_or_default();
            assert_eq!(faults[0].code, Code::Malformed);
        }
    }
}

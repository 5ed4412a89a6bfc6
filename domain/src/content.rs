//! A sample's content: its fields and metadata, addressed by hash.

use crate::{
    canonical::{self, escape_pointer},
    problem::{Code, Fault},
    schema::Schema,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The longest text field in UTF-8 bytes.
pub const LONGEST_TEXT: usize = 1024 * 1024;

/// What is shown of a sample and what is known about it, in one revision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// What the schema's fields show.
    pub fields: Map<String, Value>,
    /// What else is known, as the sender gave it.
    pub metadata: Map<String, Value>,
}

/// A content as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its address.
    pub hash: String,
    /// The fields as canonical JSON.
    pub fields: String,
    /// The metadata as canonical JSON.
    pub metadata: String,
}

impl Written {
    /// Writes `content` down.
    pub fn of(content: Content) -> Self {
        let fields = canonical::text(&Value::Object(content.fields));
        let metadata = canonical::text(&Value::Object(content.metadata));
        let hash = hash_of_texts(&fields, &metadata);
        Self { hash, fields, metadata }
    }
}

/// The address of the content whose fields and metadata have these canonical texts: what the canonical JSON of both
/// hashes, without going through them again.
pub fn hash_of_texts(fields: &str, metadata: &str) -> String {
    canonical::sha256(format!(r#"{{"fields":{fields},"metadata":{metadata}}}"#).as_bytes())
}

impl Content {
    /// The address of this content: SHA-256 of its canonical JSON.
    pub fn hash(&self) -> String {
        Written::of(self.clone()).hash
    }

    /// Everything that is wrong with the fields; pointers begin at the sample.
    pub fn faults(&self, schema: &Schema) -> Vec<Fault> {
        let mut faults = Vec::new();
        for field in &schema.fields {
            let at = format!("/fields/{}", escape_pointer(&field.name));
            match self.fields.get(&field.name) {
                None => faults.push(Fault::at(at, Code::Missing, format!("'{}' is missing", field.name))),
                Some(Value::String(text)) if text.is_empty() => {
                    faults.push(Fault::at(at, Code::Empty, "the text is empty"));
                }
                Some(Value::String(text)) if text.len() > LONGEST_TEXT => {
                    faults.push(Fault::at(at, Code::TooLong, format!("at most {LONGEST_TEXT} bytes")));
                }
                Some(Value::String(_)) => {}
                Some(_) => faults.push(Fault::at(at, Code::WrongType, "must be a text")),
            }
        }
        for name in self.fields.keys() {
            if schema.field(name).is_none() {
                let at = format!("/fields/{}", escape_pointer(name));
                faults.push(Fault::at(at, Code::UnknownField, format!("no field is named '{name}'")));
            }
        }
        faults
    }
}

//! One JSON object of an upload, taken apart key by key; what is left over is unknown.

use domain::{
    canonical::escape_pointer,
    problem::{Code, Fault},
};
use serde_json::{Map, Value};

/// What a line is read as, or everything that is wrong with it.
pub(super) type Parsed<T> = Result<T, Vec<Fault>>;

/// An object that is being taken apart.
#[derive(Debug)]
pub(super) struct Object {
    /// The pointer to it.
    at: String,
    map: Map<String, Value>,
    faults: Vec<Fault>,
}

impl Object {
    /// `value` as an object; `at` points to it.
    pub(super) fn of(value: Value, at: &str) -> Result<Self, Fault> {
        match value {
            Value::Object(map) => Ok(Self { at: at.to_owned(), map, faults: Vec::new() }),
            _ => Err(Fault::at(at, Code::WrongType, "must be an object")),
        }
    }

    /// The value of `key`, where there is one.
    pub(super) fn optional(&mut self, key: &str) -> Option<Value> {
        self.map.remove(key)
    }

    /// The value of `key`, which must be there.
    pub(super) fn required(&mut self, key: &str) -> Option<Value> {
        let value = self.map.remove(key);
        if value.is_none() {
            self.fault(key, Code::Missing, format!("'{key}' is missing"));
        }
        value
    }

    /// The text of `key`, which must be there.
    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        match self.required(key)? {
            Value::String(text) => Some(text),
            _ => {
                self.fault(key, Code::WrongType, "must be a text");
                None
            }
        }
    }

    /// The text of `key`, parsed as a name.
    pub(super) fn name<T, E: std::fmt::Display>(
        &mut self,
        key: &str,
        parse: impl FnOnce(String) -> Result<T, E>,
    ) -> Option<T> {
        match parse(self.text(key)?) {
            Ok(name) => Some(name),
            Err(error) => {
                self.fault(key, Code::InvalidName, error.to_string());
                None
            }
        }
    }

    /// The text of `key`, where there is one.
    pub(super) fn text_if_any(&mut self, key: &str, longest: usize) -> Option<String> {
        match self.optional(key)? {
            Value::Null => None,
            Value::String(text) if text.chars().count() <= longest => Some(text),
            Value::String(_) => {
                self.fault(key, Code::TooLong, format!("at most {longest} characters"));
                None
            }
            _ => {
                self.fault(key, Code::WrongType, "must be a text");
                None
            }
        }
    }

    /// Something is wrong with `key`.
    pub(super) fn fault(&mut self, key: &str, code: Code, detail: impl Into<String>) {
        self.faults.push(Fault::at(self.pointer(key), code, detail));
    }

    /// These are wrong, with pointers that begin at the value of `key`.
    pub(super) fn faults_below(&mut self, key: &str, faults: Vec<Fault>) {
        let at = self.pointer(key);
        self.faults.extend(faults.into_iter().map(|fault| fault.below(&at)));
    }

    /// These are wrong, with pointers that begin at the object.
    pub(super) fn faults_below_self(&mut self, faults: Vec<Fault>) {
        self.faults.extend(faults.into_iter().map(|fault| fault.below(&self.at)));
    }

    /// The pointer to the value of `key`.
    fn pointer(&self, key: &str) -> String {
        format!("{}/{}", self.at, escape_pointer(key))
    }

    /// `built`, unless something was wrong or is left over.
    pub(super) fn finish<T>(mut self, built: Option<T>) -> Parsed<T> {
        let left: Vec<String> = self.map.keys().cloned().collect();
        for key in left {
            self.fault(&key, Code::UnknownKey, format!("'{key}' is not known here"));
        }
        match built {
            Some(built) if self.faults.is_empty() => Ok(built),
            _ => Err(self.faults),
        }
    }
}

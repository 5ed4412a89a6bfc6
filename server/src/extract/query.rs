//! The query string: every parameter is asked for by name, and what nobody asked for is refused.

use axum::extract::FromRequestParts;
use domain::{
    problem::{Code, Fault, Refusal},
    time::Timestamp,
    view::PageRequest,
};
use http::request::Parts;
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::syntax;
use crate::problem::{Problem, Result};

/// The parameters that nobody has asked for yet, and what is wrong with the others.
#[derive(Debug)]
pub(crate) struct Query {
    left: Vec<(String, String)>,
    faults: Vec<Fault>,
}

impl<S: Sync> FromRequestParts<S> for Query {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self> {
        Self::parse(parts.uri.query().unwrap_or_default())
    }
}

impl Query {
    fn parse(text: &str) -> Result<Self> {
        let decodes = |part: &str| percent_decode_str(part).decode_utf8().is_ok();
        if !text.split(['&', '=']).all(decodes) {
            return Err(Problem::new(Code::Malformed, "the query holds text that is not UTF-8"));
        }
        let left = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        Ok(Self { left, faults: Vec::new() })
    }

    /// Whether a parameter is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.left.iter().any(|(key, _)| key == name)
    }

    /// Every value of a parameter.
    pub(crate) fn every(&mut self, name: &str) -> Vec<String> {
        let (found, left) = std::mem::take(&mut self.left).into_iter().partition(|(key, _)| key == name);
        self.left = left;
        let found: Vec<(String, String)> = found;
        found.into_iter().map(|(_, value)| value).collect()
    }

    /// The only value of a parameter.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let mut values = self.every(name);
        if values.len() > 1 {
            self.fault(name, Code::DuplicateName, "is given more than once");
        }
        let value = values.pop()?;
        if value.contains('\0') {
            self.fault(name, Code::InvalidText, "U+0000 is not allowed in text");
            return None;
        }
        Some(value)
    }

    /// The only value of a parameter, read by `read`.
    pub(crate) fn parsed<T>(
        &mut self,
        name: &str,
        wanted: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Option<T> {
        let value = self.text(name)?;
        let parsed = read(&value);
        if parsed.is_none() {
            self.fault(name, Code::Invalid, &format!("is not {wanted}"));
        }
        parsed
    }

    /// A whole number.
    pub(crate) fn number<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.parsed(name, "a whole number", |text| text.parse().ok())
    }

    /// A point in time.
    pub(crate) fn time(&mut self, name: &str) -> Option<Timestamp> {
        self.parsed(name, "an RFC 3339 time", Timestamp::parse)
    }

    /// `limit` and `cursor`. The use case holds them to their ranges.
    pub(crate) fn page(&mut self) -> PageRequest {
        let limit = self.number("limit");
        if let Some(limit) = limit
            && !(1..=500).contains(&limit)
        {
            self.fault("limit", Code::OutOfRange, "must be between 1 and 500");
        }
        PageRequest { limit, cursor: self.text("cursor") }
    }

    /// A map, given as JSON (`label={"intent":"lost_card"}`) or key by key (`label.intent=lost_card`).
    pub(crate) fn map<T: DeserializeOwned>(&mut self, name: &str) -> Option<T> {
        let mut map = match self.text(name).map(|text| serde_json::from_str(&text)) {
            Some(Ok(Value::Object(map))) => Some(map),
            Some(_) => {
                self.fault(name, Code::WrongType, "is not a JSON object");
                None
            }
            None => None,
        };
        let prefix = format!("{name}.");
        let (found, left): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.left).into_iter().partition(|(key, _)| key.starts_with(&prefix));
        self.left = left;
        for (key, value) in found {
            map.get_or_insert_default().insert(key[prefix.len()..].to_owned(), Value::String(value));
        }
        match syntax::fit(Value::Object(map?)) {
            Ok(value) => Some(value),
            Err(refusal) => {
                self.fault(name, Code::Invalid, &refusal.detail);
                None
            }
        }
    }

    /// Notes that a parameter is wrong.
    pub(crate) fn fault(&mut self, name: &str, code: Code, detail: &str) {
        self.faults.push(Fault::at(format!("/{name}"), code, format!("'{name}' {detail}")));
    }

    /// Refuses what was wrong and what nobody asked for.
    pub(crate) fn finish(mut self) -> Result<()> {
        for (name, _) in std::mem::take(&mut self.left) {
            self.fault(&name, Code::UnknownKey, "is no parameter of this path");
        }
        Refusal::check(self.faults).map_err(Problem::from)
    }
}

/// A refusal of a value in a path, which is told like one in a body.
pub(crate) fn as_body(name: &str, code: Code, detail: impl Into<String>) -> Problem {
    Problem::at(Fault::at(format!("/{name}"), code, detail))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::Query;
    use domain::problem::Code;
    use serde_json::{Map, Value, json};

    #[test]
    fn what_nobody_asked_for_is_refused() {
        let mut query = Query::parse("limit=7&cursor=a%20b&colour=red").unwrap();
        let page = query.page();
        assert_eq!((page.limit, page.cursor.as_deref()), (Some(7), Some("a b")));
        assert_eq!(query.finish().err().map(|problem| problem.code()), Some(Code::Invalid));
    }

    #[test]
    fn every_fault_is_told() {
        let mut query = Query::parse("limit=0&limit=1&from=yesterday").unwrap();
        query.page();
        query.time("from");
        assert_eq!(query.faults.len(), 2);
    }

    #[test]
    fn text_that_is_not_utf8_is_malformed() {
        assert_eq!(Query::parse("q=%ff").err().map(|problem| problem.code()), Some(Code::Malformed));
    }

    #[test]
    fn maps_are_json_or_key_by_key() {
        for text in ["label=%7B%22intent%22%3A%22a%22%7D", "label.intent=a"] {
            let mut query = Query::parse(text).unwrap();
            let label: Map<String, Value> = query.map("label").unwrap();
            assert_eq!(Value::Object(label), json!({"intent": "a"}));
            query.finish().unwrap();
        }
    }

    #[test]
    fn repeated_parameters_are_kept_in_order() {
        let mut query = Query::parse("pair=b&pair=a").unwrap();
        assert_eq!(query.every("pair"), ["b", "a"]);
        query.finish().unwrap();
    }
}

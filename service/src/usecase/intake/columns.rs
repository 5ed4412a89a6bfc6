//! The columns of a CSV upload: which place of a record each cell fills.

use domain::{
    canonical::escape_pointer,
    problem::{Code, Fault},
};
use serde_json::{Map, Value};

/// What a cell becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    /// A text, empty or not.
    Text,
    /// A text; an empty cell says nothing.
    TextIfAny,
    /// A number; an empty cell says nothing.
    NumberIfAny,
}

/// The place that a column fills: a key, or a key below another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    parent: Option<String>,
    key: String,
    cell: Cell,
}

/// The columns that an upload may have.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    named: Vec<(String, Place)>,
    /// Columns named `parent.key`, with any key.
    open: Vec<(&'static str, Cell)>,
    required: Vec<String>,
    /// What the cells of a column become that has any other name, if it may.
    other: Option<Cell>,
}

/// The columns that an upload has, in order.
#[derive(Clone, Debug)]
pub(super) struct Header(Vec<Place>);

impl Columns {
    /// Columns of any names: texts, each under the key of its name.
    pub(super) fn any() -> Self {
        Self { other: Some(Cell::TextIfAny), ..Self::default() }
    }

    /// Also a column for a key of the record; every record must have it when it is [`Cell::Text`].
    #[must_use]
    pub(super) fn key(mut self, key: &str, cell: Cell) -> Self {
        if cell == Cell::Text {
            self.required.push(key.to_owned());
        }
        self.named.push((key.to_owned(), Place { parent: None, key: key.to_owned(), cell }));
        self
    }

    /// Also a column named `key` for a key below `parent`. An earlier column of the same name goes first.
    #[must_use]
    pub(super) fn below(mut self, parent: &str, key: &str, cell: Cell) -> Self {
        if cell == Cell::Text {
            self.required.push(key.to_owned());
        }
        self.named
            .push((key.to_owned(), Place { parent: Some(parent.to_owned()), key: key.to_owned(), cell }));
        self
    }

    /// Also columns named `parent.key`, for any key.
    #[must_use]
    pub(super) fn any_below(mut self, parent: &'static str, cell: Cell) -> Self {
        self.open.push((parent, cell));
        self
    }

    /// The columns of an upload whose header has these names.
    pub(super) fn of_header(&self, names: &[String]) -> Result<Header, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut places: Vec<Place> = Vec::new();
        for name in names {
            let at = format!("/{}", escape_pointer(name));
            match self.place(name) {
                None => faults.push(Fault::at(at, Code::UnknownKey, format!("no column is named '{name}'"))),
                Some(place) if places.contains(&place) => {
                    faults.push(Fault::at(at, Code::DuplicateName, format!("'{name}' occurs twice")));
                }
                Some(place) => places.push(place),
            }
        }
        for name in self.required.iter().filter(|name| !names.contains(name)) {
            let at = format!("/{}", escape_pointer(name));
            faults.push(Fault::at(at, Code::Missing, format!("the column '{name}' is missing")));
        }
        if faults.is_empty() { Ok(Header(places)) } else { Err(faults) }
    }

    fn place(&self, name: &str) -> Option<Place> {
        let named = self.named.iter().find(|(known, _)| known == name).map(|(_, place)| place.clone());
        let below = || {
            let (parent, key) = name.split_once('.')?;
            let (_, cell) = self.open.iter().find(|(open, _)| *open == parent)?;
            Some(Place { parent: Some(parent.to_owned()), key: key.to_owned(), cell: *cell })
        };
        let other = || self.other.map(|cell| Place { parent: None, key: name.to_owned(), cell });
        named.or_else(below).or_else(other)
    }
}

impl Header {
    /// The record that these cells make.
    pub(super) fn object(&self, cells: Vec<String>) -> Result<Value, Fault> {
        if cells.len() != self.0.len() {
            let detail = format!("the record has {} cells, the header {}", cells.len(), self.0.len());
            return Err(Fault { line: None, pointer: None, code: Code::Malformed, detail });
        }
        let mut object = Map::new();
        for (place, text) in self.0.iter().zip(cells) {
            let value = match place.cell {
                Cell::TextIfAny | Cell::NumberIfAny if text.is_empty() => continue,
                Cell::NumberIfAny => number(&text).unwrap_or(Value::String(text)),
                Cell::Text | Cell::TextIfAny => Value::String(text),
            };
            match &place.parent {
                None => {
                    object.insert(place.key.clone(), value);
                }
                Some(parent) => {
                    let below = object.entry(parent.as_str()).or_insert_with(|| Value::Object(Map::new()));
                    if let Value::Object(below) = below {
                        below.insert(place.key.clone(), value);
                    }
                }
            }
        }
        Ok(Value::Object(object))
    }
}

/// A finite number; anything else stays the text it is, and is refused as one.
fn number(text: &str) -> Option<Value> {
    let number: f64 = text.trim().parse().ok()?;
    serde_json::Number::from_f64(number).map(Value::Number)
}

#[cfg(test)]
mod tests {
    use super::{Cell, Columns};
    use domain::problem::{Code, Fault};
    use serde_json::json;

    fn columns() -> Columns {
        Columns::default()
            .key("id", Cell::Text)
            .below("fields", "text", Cell::Text)
            .below("label", "intent", Cell::TextIfAny)
            .any_below("label", Cell::TextIfAny)
            .any_below("probs", Cell::NumberIfAny)
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn cells_find_their_places() -> Result<(), Vec<Fault>> {
        let header = columns().of_header(&names(&["text", "id", "label.intent", "probs.a.b", "probs.c"]))?;
        let object = header.object(names(&["", "s1", "", "0.25", "much"])).map_err(|fault| vec![fault])?;
        assert_eq!(object, json!({"id": "s1", "fields": {"text": ""}, "probs": {"a.b": 0.25, "c": "much"}}));
        let short = header.object(names(&["x"])).err();
        assert_eq!(short.map(|fault| fault.code), Some(Code::Malformed));
        Ok(())
    }

    #[test]
    fn a_header_is_held_to_the_columns() {
        let faults = columns().of_header(&names(&["id", "intent", "label.intent", "colour"])).err();
        let faults: Vec<_> =
            faults.unwrap_or_default().into_iter().map(|fault| (fault.pointer, fault.code)).collect();
        assert_eq!(
            faults,
            [
                (Some("/label.intent".to_owned()), Code::DuplicateName),
                (Some("/colour".to_owned()), Code::UnknownKey),
                (Some("/text".to_owned()), Code::Missing),
            ]
        );
    }
}

//! What serde says of a value that does not fit, as a code and a place.
//!
//! serde's errors are sentences; this module is the one that reads them.

use domain::{
    canonical::escape_pointer,
    name::NameError,
    problem::{Code, Fault},
};
use serde_path_to_error::{Path, Segment};

/// The fault that `sentence` tells of the value at `path`.
pub fn fault(path: &Path, sentence: &str) -> Fault {
    let mut pointer = pointer(path);
    let detail = sentence.replace('`', "'");
    let (code, detail) = if let Some((key, rest)) = key_after(sentence, "missing field ") {
        pointer = child(&pointer, key);
        (Code::Missing, format!("'{key}' is missing{rest}"))
    } else if let Some((key, _)) = key_after(sentence, "unknown field ") {
        pointer = child(&pointer, key);
        (Code::UnknownKey, detail)
    } else if sentence.starts_with("invalid type") {
        (Code::WrongType, detail)
    } else if sentence.starts_with("invalid value") || sentence.starts_with("invalid length") {
        (Code::OutOfRange, detail)
    } else if is_of_a_name(sentence) {
        (Code::InvalidName, detail)
    } else {
        (Code::Invalid, detail)
    };
    Fault::at(pointer, code, detail)
}

fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escape_pointer(key))),
            // An enum's variant is no place in the text, and an unknown one has none.
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// serde names an unknown key sometimes as the last part of the path and sometimes not.
fn child(pointer: &str, key: &str) -> String {
    let last = format!("/{}", escape_pointer(key));
    if pointer.ends_with(&last) { pointer.to_owned() } else { format!("{pointer}{last}") }
}

/// The key that is quoted after `start`, and what follows it.
fn key_after<'a>(sentence: &'a str, start: &str) -> Option<(&'a str, &'a str)> {
    sentence.strip_prefix(start)?.strip_prefix('`')?.split_once('`')
}

fn is_of_a_name(sentence: &str) -> bool {
    let fixed = [NameError::Slug, NameError::Tag, NameError::Email, NameError::Version];
    fixed.iter().any(|error| sentence.starts_with(&error.to_string()))
        || (sentence.starts_with("must be 1 to ") && sentence.contains("control characters"))
}

//! JSON as the type that is wanted, or what is wrong with it and where.

use domain::{
    canonical,
    problem::{Code, Fault, Refusal},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use service::misfit;

use super::strict::Strict;

/// Reads JSON text: what is no JSON is malformed, what does not fit is invalid with its place.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::of(Code::InvalidUtf8))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let detail = error.to_string();
        // By the letter JSON, but half a surrogate pair is no text.
        let half = detail.contains("surrogate") || detail.contains("unexpected end of hex escape");
        let code = if half { Code::InvalidText } else { Code::Malformed };
        Refusal::new(code, detail)
    })?;
    let unstorable =
        |at: String, why: canonical::Unstorable| one(Fault::at(at, Code::InvalidText, why.to_string()));
    canonical::check_integers(text).map_err(|why| unstorable(String::new(), why))?;
    canonical::check_text(&value).map_err(|(at, why)| unstorable(at, why))?;
    fit(value)
}

/// Reads a JSON value into the type that is wanted.
pub(super) fn fit<T: DeserializeOwned>(value: Value) -> Result<T, Refusal> {
    serde_path_to_error::deserialize(Strict(value))
        .map_err(|error| one(misfit::fault(error.path(), &error.inner().to_string())))
}

/// A refusal for one fault.
fn one(fault: Fault) -> Refusal {
    let code = fault.code;
    Refusal::from_faults(vec![fault]).unwrap_or(Refusal::of(code))
}

#[cfg(test)]
mod tests {
    use super::read;
    use domain::{
        problem::Code,
        view::{annotate::SubmitInput, project::NewProject, review::DecisionsInput},
    };
    use rstest::rstest;
    use serde::de::DeserializeOwned;

    fn refusal<T: DeserializeOwned>(text: &[u8]) -> Option<(Code, Option<String>, Code)> {
        let refusal = read::<T>(text).err()?;
        let fault = refusal.errors.first().cloned();
        let code = fault.as_ref().map_or(refusal.code, |fault| fault.code);
        Some((refusal.code, fault.and_then(|fault| fault.pointer), code))
    }

    #[rstest]
    #[case(b"{", Code::Malformed, None, Code::Malformed)]
    #[case(b"\xff", Code::InvalidUtf8, None, Code::InvalidUtf8)]
    #[case(br#"{"note": "\ud800"}"#, Code::InvalidText, None, Code::InvalidText)]
    #[case(br#"{"note": "a\u0000"}"#, Code::Invalid, Some("/note"), Code::InvalidText)]
    #[case(br#"{"duration_ms": 99999999999999999999}"#, Code::Invalid, Some(""), Code::InvalidText)]
    #[case(br#"{"notes": 1}"#, Code::Invalid, Some("/notes"), Code::UnknownKey)]
    #[case(br#"{"note": 1}"#, Code::Invalid, Some("/note"), Code::WrongType)]
    #[case(br#"{"verdict": "maybe"}"#, Code::Invalid, Some("/verdict"), Code::Invalid)]
    #[case(b"[]", Code::Invalid, Some(""), Code::WrongType)]
    fn of_an_annotation(
        #[case] text: &[u8],
        #[case] code: Code,
        #[case] pointer: Option<&str>,
        #[case] fault: Code,
    ) {
        assert_eq!(refusal::<SubmitInput>(text), Some((code, pointer.map(str::to_owned), fault)));
    }

    #[rstest]
    #[case(r#"{"decisions": [{"task": 1, "rev": 0}]}"#, "/decisions/0/decision", Code::Missing)]
    #[case(
        r#"{"decisions": [{"task": 1, "rev": 0, "decision": "approve", "x": 1}]}"#,
        "/decisions/0/x",
        Code::UnknownKey
    )]
    #[case(
        r#"{"decisions": [{"task": 1, "rev": 3000000000, "decision": "approve"}]}"#,
        "/decisions/0/rev",
        Code::OutOfRange
    )]
    fn of_decisions(#[case] text: &str, #[case] pointer: &str, #[case] fault: Code) {
        let found = refusal::<DecisionsInput>(text.as_bytes());
        assert_eq!(found, Some((Code::Invalid, Some(pointer.to_owned()), fault)));
    }

    #[rstest]
    #[case(
        r#"{"slug": "A", "name": "a", "schema": {"fields": [], "questions": []}}"#,
        "/slug",
        Code::InvalidName
    )]
    #[case(r#"{"slug": "a", "schema": {"fields": [], "questions": []}}"#, "/name", Code::Missing)]
    #[case(
        r#"{"slug": "a", "name": "a", "schema": {"fields": [{"name": "t", "kind": "image"}], "questions": []}}"#,
        "/schema/fields/0/kind",
        Code::Invalid
    )]
    #[case(
        r#"{"slug": "a", "name": "a", "schema": {"fields": [], "questions": []}, "settings": {"queue": {"treshold": 1}}}"#,
        "/settings/queue/treshold",
        Code::UnknownKey
    )]
    #[case(
        r#"{"slug": "a", "name": "a", "schema": {"fields": [], "questions": []}, "settings": []}"#,
        "/settings",
        Code::WrongType
    )]
    #[case(
        r#"{"slug": "a", "name": "a", "schema": {"fields": [], "questions": []}, "settings": {"queue": []}}"#,
        "/settings/queue",
        Code::WrongType
    )]
    fn of_a_project(#[case] text: &str, #[case] pointer: &str, #[case] fault: Code) {
        let found = refusal::<NewProject>(text.as_bytes());
        assert_eq!(found, Some((Code::Invalid, Some(pointer.to_owned()), fault)));
    }
}

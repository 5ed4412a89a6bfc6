//! Settings merged key by key into those that stand (RFC 7396: `null` brings a key's default back).

use super::changes::faults_within_settings;
use domain::{
    canonical::escape_pointer,
    problem::{Code, Fault},
    settings::Settings,
};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// The settings after `patch`; faults point into the patch.
pub(super) fn merged(current: &Settings, patch: Value) -> Result<Settings, Vec<Fault>> {
    if !patch.is_object() {
        return Err(vec![Fault::at("", Code::WrongType, "settings are an object")]);
    }
    let unreadable = |error: serde_json::Error| vec![Fault::at("", Code::Invalid, error.to_string())];
    let mut value = serde_json::to_value(current).map_err(unreadable)?;
    merge(&mut value, patch);
    let settings: Settings = serde_path_to_error::deserialize(value)
        .map_err(|error| vec![fault(error.path(), &error.inner().to_string())])?;
    let faults = faults_within_settings(&settings);
    if faults.is_empty() { Ok(settings) } else { Err(faults) }
}

fn merge(target: &mut Value, patch: Value) {
    let Value::Object(patch) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(serde_json::Map::new());
    }
    let Some(target) = target.as_object_mut() else { return };
    for (key, value) in patch {
        if value.is_null() {
            target.remove(&key);
        } else {
            merge(target.entry(key).or_insert(Value::Null), value);
        }
    }
}

/// What serde says, as a code and a place. serde's errors are sentences.
fn fault(path: &Path, sentence: &str) -> Fault {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escape_pointer(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let code = if let Some(rest) = sentence.strip_prefix("unknown field `") {
        let key = format!("/{}", escape_pointer(rest.split('`').next().unwrap_or_default()));
        if !pointer.ends_with(&key) {
            pointer.push_str(&key);
        }
        Code::UnknownKey
    } else if sentence.starts_with("invalid type") {
        Code::WrongType
    } else if sentence.starts_with("invalid value") {
        Code::OutOfRange
    } else {
        Code::Invalid
    };
    Fault::at(pointer, code, sentence.replace('`', "'"))
}

#[cfg(test)]
mod tests {
    use super::merged;
    use domain::{
        overlap::Overlap,
        problem::Code,
        settings::{Reveal, Settings},
    };
    use rstest::rstest;
    use serde_json::{Value, json};

    #[test]
    fn what_is_absent_stays_and_null_brings_the_default_back() {
        let mut current = Settings { reveal: Reveal::Always, ..Settings::default() };
        current.queue.overlap = Overlap::Fixed(3);
        current.queue.lease_seconds = 60;
        let after = merged(&current, json!({"queue": {"threshold": 0.25, "overlap": null}}));
        let mut expected = current.clone();
        expected.queue.threshold = 0.25;
        expected.queue.overlap = Overlap::Fixed(2);
        assert_eq!(after, Ok(expected));
    }

    #[rstest]
    #[case(json!({"queue": {"treshold": 1}}), "/queue/treshold", Code::UnknownKey)]
    #[case(json!({"mode": 1}), "/mode", Code::UnknownKey)]
    #[case(json!({"queue": {"threshold": "x"}}), "/queue/threshold", Code::WrongType)]
    #[case(json!({"queue": {"overlap": -1}}), "/queue/overlap", Code::OutOfRange)]
    #[case(json!({"queue": {"overlap": 21}}), "/queue/overlap", Code::OutOfRange)]
    #[case(json!({"queue": {"overlap": "two"}}), "/queue/overlap", Code::WrongType)]
    #[case(json!({"queue": {"overlap": {"min": 2, "max": 1, "confidence": 0.9}}}), "/queue/overlap/max", Code::OutOfRange)]
    #[case(json!({"queue": {"overlap": {"min": 2, "most": 3, "confidence": 0.9}}}), "/queue/overlap/most", Code::UnknownKey)]
    #[case(json!({"consensus": {"method": "mace"}}), "/consensus/method", Code::Invalid)]
    #[case(json!({"queue": {"target": "all"}}), "/queue/target", Code::Invalid)]
    #[case(json!({"time_zone": "Mars/Olympus"}), "/time_zone", Code::Invalid)]
    #[case(json!({"show_metadata": ["a", 1]}), "/show_metadata/1", Code::WrongType)]
    #[case(json!([1]), "", Code::WrongType)]
    fn a_fault_names_its_place(#[case] patch: Value, #[case] pointer: &str, #[case] code: Code) {
        let faults = merged(&Settings::default(), patch).err().unwrap_or_default();
        let found: Vec<_> = faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect();
        assert_eq!(found, [(Some(pointer.to_owned()), code)]);
    }
}

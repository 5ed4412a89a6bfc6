//! Settings merged key by key into those that stand (RFC 7396: `null` brings a key's default back).

use super::changes::faults_within_settings;
use crate::misfit;
use domain::{
    problem::{Code, Fault},
    settings::Settings,
};
use serde_json::Value;

/// The settings after `patch`; faults point into the patch.
pub(super) fn merged(current: &Settings, patch: Value) -> Result<Settings, Vec<Fault>> {
    if !patch.is_object() {
        return Err(vec![Fault::at("", Code::WrongType, "settings are an object")]);
    }
    let unreadable = |error: serde_json::Error| vec![Fault::at("", Code::Invalid, error.to_string())];
    let mut value = serde_json::to_value(current).map_err(unreadable)?;
    merge(&mut value, patch);
    let settings: Settings = serde_path_to_error::deserialize(value)
        .map_err(|error| vec![misfit::fault(error.path(), &error.inner().to_string())])?;
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
    #[case(json!({"queue": {"overlap": {"min": 2, "max": 5}}}), "/queue/overlap/confidence", Code::Missing)]
    #[case(json!({"queue": {"overlap": {}}}), "/queue/overlap/min", Code::Missing)]
    #[case(json!({"queue": {"overlap": {"min": 2, "max": 5, "confidence": "high"}}}), "/queue/overlap/confidence", Code::WrongType)]
    #[case(json!({"queue": {"overlap": {"min": 2, "max": 5, "confidence": 1}}}), "/queue/overlap/confidence", Code::OutOfRange)]
    #[case(json!({"queue": {"overlap": {"min": 2.5, "max": 5, "confidence": 0.9}}}), "/queue/overlap/min", Code::WrongType)]
    #[case(json!({"queue": {"overlap": {"min": -1, "max": 5, "confidence": 0.9}}}), "/queue/overlap/min", Code::OutOfRange)]
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

//! What a project may be made of: the checks that creating and changing one share.

use domain::{
    name::is_text,
    problem::{Code, Fault},
    schema::Schema,
    settings::Settings,
};

/// The longest guideline in bytes.
const LONGEST_GUIDELINE: usize = 200_000;

pub(super) fn faults_of_name(name: &str) -> Vec<Fault> {
    if is_text(name, 200) {
        return Vec::new();
    }
    let detail = "must be 1 to 200 characters without control characters";
    vec![Fault::at("/name", Code::InvalidName, detail)]
}

pub(crate) fn faults_of_guideline(guideline: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if guideline.len() > LONGEST_GUIDELINE {
        let detail = format!("at most {LONGEST_GUIDELINE} bytes are allowed");
        faults.push(Fault::at("/guideline", Code::TooLong, detail));
    }
    if guideline.contains('\0') {
        faults.push(Fault::at("/guideline", Code::InvalidText, "U+0000 is not allowed in text"));
    }
    faults
}

pub(super) fn faults_of_schema(schema: &Schema) -> Vec<Fault> {
    below("/schema", schema.faults())
}

pub(super) fn faults_of_settings(settings: &Settings) -> Vec<Fault> {
    below("/settings", faults_within_settings(settings))
}

/// As [`faults_of_settings`], with pointers that begin at the settings.
pub(super) fn faults_within_settings(settings: &Settings) -> Vec<Fault> {
    let mut faults = settings.faults();
    let misspelt = faults.iter().any(|fault| fault.pointer.as_deref() == Some("/time_zone"));
    if !misspelt && jiff::tz::TimeZone::get(&settings.time_zone).is_err() {
        let detail = "is no time zone of the IANA database, such as Asia/Seoul";
        faults.push(Fault::at("/time_zone", Code::Invalid, detail));
    }
    faults
}

/// The same faults, with their pointers moved below `prefix`.
pub(super) fn below(prefix: &str, faults: Vec<Fault>) -> Vec<Fault> {
    faults.into_iter().map(|fault| fault.below(prefix)).collect()
}

//! Label Studio's exports of choices: `JSON`, where a record is a task with all its annotations, and `JSON_MIN`
//! and `CSV`, where it is one annotation.
//!
//! Drafts, comments, timings and counts are left out. The usual `JSON` export names predictions by number alone;
//! those that an annotator was shown stand whole in the annotation and are read there.

use super::{
    Converted,
    choices::no_object,
    record::{Record, name},
};
use domain::{
    answer::Answers,
    problem::{Code, Fault},
    schema::{Question, Schema},
};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What a prediction's model is called that has no version.
const MODEL: &str = "label-studio";

/// Keys of a task that say nothing of the sample or its label.
const OF_A_TASK: &[&str] = &[
    "agreement",
    "allow_skip",
    "annotations_ids",
    "annotations_results",
    "annotators",
    "avg_lead_time",
    "cancelled_annotations",
    "comment_authors",
    "comment_count",
    "comments",
    "created_at",
    "drafts",
    "file_upload",
    "inner_id",
    "is_labeled",
    "last_comment_updated_at",
    "overlap",
    "predictions_score",
    "project",
    "reviewed",
    "reviewers",
    "reviews_accepted",
    "reviews_rejected",
    "storage_filename",
    "total_annotations",
    "total_predictions",
    "unresolved_comment_count",
    "updated_at",
    "updated_by",
];
/// Keys of a result beside what it says: pages of other controls, and how it was made.
const OF_A_RESULT: &[&str] = &["id", "origin", "to_name", "readonly", "hidden", "score", "parent_id", "meta"];
/// Keys that a record of one annotation has beside the task's data and the answers.
const OF_AN_ANNOTATION: &[&str] = &["annotation_id", "updated_at", "lead_time", "agreement"];

pub(super) fn convert(schema: &Schema, value: Value) -> Result<Converted, Vec<Fault>> {
    let Value::Object(mut task) = value else { return Err(no_object()) };
    let mut record = Record::new(schema);
    record.id("/id", task.remove("id"));
    if task.contains_key("data") {
        whole(&mut record, task);
    } else {
        minimal(&mut record, task);
    }
    record.finish()
}

/// A task with all its annotations.
fn whole(record: &mut Record<'_>, mut task: Map<String, Value>) {
    let data = record.object("/data", task.remove("data"));
    record.content("/data", data, None);
    let meta = record.object("/meta", task.remove("meta"));
    record.metadata("/meta", meta);
    let mut numbered = BTreeSet::new();
    for (at, given) in record.list("/predictions", task.remove("predictions")) {
        match given.as_i64() {
            Some(number) => drop(numbered.insert(number)),
            None => prediction(record, &at, given),
        }
    }
    for (at, given) in record.list("/annotations", task.remove("annotations")) {
        annotation(record, &at, given, &mut numbered);
    }
    record.left_over("", task, OF_A_TASK);
}

/// `numbered`: predictions that the task has by number alone, and that were not met whole yet.
fn annotation(record: &mut Record<'_>, at: &str, value: Value, numbered: &mut BTreeSet<i64>) {
    let mut given = record.object(at, Some(value));
    // What was shown may be gone from the task since.
    if let Some(shown) = given.remove("prediction")
        && shown.get("id").and_then(Value::as_i64).is_some_and(|id| numbered.remove(&id))
    {
        prediction(record, &format!("{at}/prediction"), shown);
    }
    if given.get("was_cancelled") == Some(&Value::Bool(true)) {
        return;
    }
    let mut answers = Answers::default();
    for (at, result) in record.list(&format!("{at}/result"), given.remove("result")) {
        if let Some((question, option, _)) = chosen(record, &at, result) {
            record.answer(&at, &mut answers, question, option);
        }
    }
    let created_at = record.time(&format!("{at}/created_at"), given.remove("created_at"));
    record.annotation(at, person(given.remove("completed_by")), answers, created_at);
}

/// One who annotated: by e-mail address where the export has it, or else by number.
fn person(value: Option<Value>) -> Option<String> {
    match value? {
        Value::Object(user) => user.get("email").and_then(name).or_else(|| numbered(user.get("id")?)),
        value => numbered(&value),
    }
}

fn numbered(value: &Value) -> Option<String> {
    name(value).map(|number| format!("user {number}"))
}

fn prediction(record: &mut Record<'_>, at: &str, value: Value) {
    let mut given = record.object(at, Some(value));
    let model = given.remove("model_version");
    let score = given.remove("score").filter(|score| !score.is_null());
    for (place, result) in record.list(&format!("{at}/result"), given.remove("result")) {
        let Some((question, option, own)) = chosen(record, &place, result) else { continue };
        let at = own.as_ref().map_or_else(|| format!("{at}/score"), |_| format!("{place}/score"));
        if let Some(score) = record.score(&at, own.as_ref().or(score.as_ref())) {
            record.prediction(&at, (model.clone(), MODEL), question, BTreeMap::from([(option, score)]));
        }
    }
}

/// What a result chooses, with a score of its own where it has one.
fn chosen<'a>(
    record: &mut Record<'a>,
    at: &str,
    value: Value,
) -> Option<(&'a Question, String, Option<Value>)> {
    let mut result = record.object(at, Some(value));
    let kind = result.remove("type").unwrap_or_default();
    if kind != "choices" {
        let detail = format!("a result of the type {kind} is not read here, only choices");
        record.fault(format!("{at}/type"), Code::Invalid, detail);
        return None;
    }
    let own = result.get("score").filter(|score| !score.is_null()).cloned();
    let from = result.remove("from_name").as_ref().and_then(name).unwrap_or_default();
    let mut value = record.object(&format!("{at}/value"), result.remove("value"));
    record.left_over(at, result, OF_A_RESULT);
    let question = record.question(&format!("{at}/from_name"), &from)?;
    let choices = value.remove("choices");
    let option = record.choice(&format!("{at}/value/choices"), question, choices)?;
    Some((question, option, own))
}

/// A record of one annotation: the task's data, and an answer under each question's name.
fn minimal(record: &mut Record<'_>, mut task: Map<String, Value>) {
    let annotated = task.get("annotation_id").and_then(name).is_some();
    let annotator = task.remove("annotator").as_ref().and_then(numbered);
    let created_at = record.time("/created_at", task.remove("created_at"));
    let mut answers = Answers::default();
    for question in
        record.schema.questions.iter().filter(|question| record.schema.field(&question.name).is_none())
    {
        let at = format!("/{}", domain::canonical::escape_pointer(&question.name));
        let Some(mut value) = task.remove(&question.name) else { continue };
        if let Value::Object(several) = &mut value {
            value = several.remove("choices").unwrap_or_default();
        }
        if let Some(option) = record.choice(&at, question, Some(value)) {
            record.answer(&at, &mut answers, question, option);
        }
    }
    for key in OF_AN_ANNOTATION {
        task.remove(*key);
    }
    record.content("", task, None);
    if annotated {
        record.annotation("", annotator, answers, created_at);
    }
}

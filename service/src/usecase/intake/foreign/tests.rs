//! What is wrong with other programs' records, and where; and what goes where if names differ.

use super::{Dialect, convert};
use domain::{
    problem::Code::{self, *},
    schema::Schema,
};
use rstest::rstest;
use serde_json::{Value, json};

/// One field, and so many questions of `intent` and `tone`.
fn schema(field: &str, questions: usize) -> serde_json::Result<Schema> {
    let questions: Vec<Value> = [("intent", ["a", "b"]), ("tone", ["kind", "rude"])]
        .iter()
        .take(questions)
        .map(|(name, options)| {
            let options: Vec<Value> = options.iter().map(|option| json!({"value": option})).collect();
            json!({"name": name, "kind": "choice", "options": options})
        })
        .collect();
    serde_json::from_value(json!({"fields": [{"name": field, "kind": "text"}], "questions": questions}))
}

fn result(from: &str, choices: Value) -> Value {
    json!({"type": "choices", "from_name": from, "to_name": "text", "value": {"choices": choices}})
}

fn task(more: Value) -> Value {
    let mut task = json!({"id": 7, "data": {"text": "hello"}});
    if let (Some(task), Some(more)) = (task.as_object_mut(), more.as_object()) {
        task.extend(more.clone());
    }
    task
}

fn annotated(results: Value) -> Value {
    task(json!({"annotations": [{"completed_by": 1, "result": results}]}))
}

#[rstest]
#[case::two_choices(annotated(json!([result("intent", json!(["a", "b"]))])), "/annotations/0/result/0/value/choices", Invalid)]
#[case::no_option(annotated(json!([result("intent", json!(["z"]))])), "/annotations/0/result/0/value/choices/0", UnknownOption)]
#[case::twice(annotated(json!([result("intent", json!(["a"])), result("other", json!(["b"]))])), "/annotations/0/result/1", DuplicateName)]
#[case::spans(annotated(json!([{"type": "labels", "from_name": "intent", "value": {}}])), "/annotations/0/result/0/type", Invalid)]
#[case::no_list(task(json!({"annotations": {}})), "/annotations", WrongType)]
#[case::old_export(task(json!({"completions": []})), "/completions", UnknownKey)]
#[case::no_time(task(json!({"annotations": [{"created_at": "soon"}]})), "/annotations/0/created_at", WrongType)]
#[case::no_probability(task(json!({"predictions": [{"score": 7, "result": [result("intent", json!(["a"]))]}]})), "/predictions/0/score", InvalidProbability)]
#[case::twice_by_one_model(task(json!({"predictions": [{"result": [result("intent", json!(["a"]))]}, {"result": [result("intent", json!(["b"]))]}]})), "/predictions/1/score", DuplicateName)]
#[case::no_text(json!({"id": 7, "data": {"text": 4}}), "/data/text", WrongType)]
#[case::no_such_field(json!({"id": 7, "data": {"a": "x", "b": "y"}}), "/data/text", Missing)]
#[case::no_id(json!({"data": {"text": "x"}}), "/id", Missing)]
#[case::a_list_for_an_id(json!({"id": [], "data": {"text": "x"}}), "/id", WrongType)]
#[case::meta_twice(json!({"id": 1, "data": {"text": "x", "k": 1}, "meta": {"k": 2}}), "/meta/k", DuplicateName)]
#[case::no_task(json!(["x"]), "", WrongType)]
fn label_studio(#[case] record: Value, #[case] place: &str, #[case] code: Code) -> serde_json::Result<()> {
    refuses(Dialect::LabelStudio, record, place, code)
}

#[rstest]
#[case::no_option(json!({"id": "1", "fields": {"text": "x"}, "suggestions": {"intent": {"value": "z"}}}), "/suggestions/intent/value", UnknownOption)]
#[case::several(json!({"id": "1", "fields": {"text": "x"}, "responses": {"intent": [{"value": ["a", "b"], "user_id": "u"}]}}), "/responses/intent/0/value", Invalid)]
#[case::nobody(json!({"id": "1", "fields": {"text": "x"}, "responses": {"intent": [{"value": "a"}]}}), "/responses/intent/0/user_id", Missing)]
#[case::twice_by_one(json!({"id": "1", "fields": {"text": "x"}, "responses": {"intent": [{"value": "a", "user_id": "u"}, {"value": "a", "user_id": "u"}]}}), "/responses/intent/1", DuplicateName)]
#[case::a_span(json!({"id": "1", "fields": {"text": "x"}, "responses": {"intent": [{"value": {"start": 0}, "user_id": "u"}]}}), "/responses/intent/0/value", WrongType)]
#[case::unknown(json!({"id": "1", "fields": {"text": "x"}, "colour": 1}), "/colour", UnknownKey)]
#[case::old_pair(json!({"id": "1", "text": "x", "prediction": [["a"]]}), "/prediction/0", WrongType)]
#[case::old_sum(json!({"id": "1", "text": "x", "prediction": [["a", 0.9], ["b", 0.9]]}), "/prediction", InvalidProbability)]
#[case::old_several(json!({"id": "1", "text": "x", "annotation": ["a", "b"]}), "/annotation", Invalid)]
fn argilla(#[case] record: Value, #[case] place: &str, #[case] code: Code) -> serde_json::Result<()> {
    refuses(Dialect::Argilla, record, place, code)
}

#[rstest]
#[case::several(json!({"id": 1, "text": "x", "label": ["a", "b"]}), "/label", Invalid)]
#[case::several_in_a_cell(json!({"id": "1", "text": "x", "label": "a#b"}), "/label", Invalid)]
#[case::a_span(json!({"id": 1, "text": "x", "label": [[0, 1, "PS"]]}), "/label/0", WrongType)]
#[case::nobody(json!({"id": 1, "text": "x", "annotations": [{"label": "a"}]}), "/annotations/0/user", Missing)]
#[case::empty(json!({"id": 1, "text": "", "label": []}), "/text", Empty)]
fn doccano(#[case] record: Value, #[case] place: &str, #[case] code: Code) -> serde_json::Result<()> {
    refuses(Dialect::Doccano, record, place, code)
}

fn refuses(dialect: Dialect, record: Value, place: &str, code: Code) -> serde_json::Result<()> {
    let faults = convert(dialect, &schema("text", 1)?, record).err().unwrap_or_default();
    let faults: Vec<_> =
        faults.into_iter().map(|fault| (fault.pointer.unwrap_or_default(), fault.code)).collect();
    assert_eq!(faults, [(place.to_owned(), code)]);
    Ok(())
}

#[test]
fn the_only_text_and_the_only_question_need_no_name() -> serde_json::Result<()> {
    let record = json!({"id": 7, "data": {"sentence": "hello", "n": 4}, "annotations": [
        {"completed_by": 1, "result": [result("sentiment", json!(["a"]))]}]});
    let converted = convert(Dialect::LabelStudio, &schema("utterance", 1)?, record);
    let sample =
        json!({"id": "7", "fields": {"utterance": "hello"}, "metadata": {"n": 4}, "label": {"intent": "a"}});
    assert_eq!(converted.map(|converted| converted.sample), Ok(sample));
    Ok(())
}

#[test]
fn several_questions_are_told_apart_by_name_and_all_required_ones_answered() -> serde_json::Result<()> {
    let both = json!([result("tone", json!(["rude"])), result("intent", json!(["b"]))]);
    let converted = convert(Dialect::LabelStudio, &schema("text", 2)?, annotated(both));
    let label = converted.map(|converted| converted.sample["label"].clone());
    assert_eq!(label, Ok(json!({"intent": "b", "tone": "rude"})));
    for (results, place, code) in [
        (json!([result("tone", json!(["rude"]))]), "/annotations/0", Missing),
        (json!([result("mood", json!(["rude"]))]), "/annotations/0/result/0/from_name", UnknownQuestion),
    ] {
        let faults = convert(Dialect::LabelStudio, &schema("text", 2)?, annotated(results)).err();
        let first = faults.and_then(|faults| faults.into_iter().next());
        assert_eq!(first.map(|fault| (fault.pointer, fault.code)), Some((Some(place.to_owned()), code)));
    }
    Ok(())
}

#[test]
fn one_who_cancelled_says_nothing_and_one_who_left_it_blank_does_not_agree() -> serde_json::Result<()> {
    let a = json!({"completed_by": 1, "result": [result("intent", json!(["a"]))]});
    let cancelled =
        json!({"completed_by": 2, "was_cancelled": true, "result": [result("intent", json!(["b"]))]});
    let blank = json!({"completed_by": 3, "result": []});
    for (other, label) in [(cancelled, json!({"intent": "a"})), (blank, Value::Null)] {
        let record = task(json!({"annotations": [a, other]}));
        let converted = convert(Dialect::LabelStudio, &schema("text", 1)?, record);
        let found = converted.map(|converted| (converted.sample["label"].clone(), converted.given.len()));
        assert_eq!(found, Ok((label, 1)));
    }
    Ok(())
}

#[test]
fn a_prediction_that_was_shown_and_is_gone_since_is_not_read() -> serde_json::Result<()> {
    let shown = |id: i64, choice: &str| json!({"id": id, "model_version": "m", "score": 0.5, "result": [result("intent", json!([choice]))]});
    let annotation =
        |prediction: Value| json!({"completed_by": 1, "was_cancelled": true, "prediction": prediction});
    let annotations =
        json!([annotation(shown(4, "a")), annotation(shown(5, "b")), annotation(shown(5, "b"))]);
    let expected = json!([{"model": "m", "question": "intent", "probs": {"b": 0.5}}]);
    for predictions in [json!([5]), json!([shown(5, "b")])] {
        let record = task(json!({"predictions": predictions, "annotations": annotations}));
        let converted = convert(Dialect::LabelStudio, &schema("text", 1)?, record);
        assert_eq!(converted.map(|converted| converted.sample["predictions"].clone()), Ok(expected.clone()));
    }
    Ok(())
}

#[test]
fn drafts_and_discarded_responses_do_not_count_where_the_record_tells() -> serde_json::Result<()> {
    let responses = ["submitted", "draft", "discarded"].map(|status| {
        json!({"value": if status == "submitted" { "a" } else { "b" }, "user_id": status, "status": status})
    });
    let record = json!({"id": "1", "fields": {"text": "x"}, "responses": {"intent": responses}});
    let converted = convert(Dialect::Argilla, &schema("text", 1)?, record);
    assert_eq!(converted.map(|converted| converted.sample["label"].clone()), Ok(json!({"intent": "a"})));
    Ok(())
}

#[test]
fn every_dialect_is_found_by_its_name() {
    for dialect in Dialect::ALL {
        assert_eq!(Dialect::parse(dialect.as_str()), Some(dialect));
    }
    assert_eq!(Dialect::parse("prodigy"), None);
}

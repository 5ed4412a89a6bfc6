//! Wrong lines of uploads: each gets its code and place, and nothing of the upload is kept.

use super::support::{
    Outcome, World, faults, on_each_database, refusal,
    uploads::{SKIPPING, STRICT, ndjson},
};
use domain::{
    name::Slug,
    problem::{Code, Fault},
};
use serde_json::{Value, json};
use service::{format::Format, usecase::intake::OnError};

/// A line that can be kept.
fn good() -> Value {
    json!({"id": "good", "fields": {"text": "hello"}})
}

/// A sample with these predictions.
fn predicting(probs: &str) -> String {
    format!(
        r#"{{"id": "p", "fields": {{"text": "x"}}, "predictions": [{{"model": "m@1", "question": "intent", "probs": {probs}}}]}}"#
    )
}

/// Lines, each wrong in one place; none: nothing to point into.
fn wrong_lines() -> Vec<(String, Option<&'static str>, Code)> {
    let line = |value: Value, at, code| (value.to_string(), Some(at), code);
    let text = |text: &str| json!({"id": "t", "fields": {"text": text}});
    let label = |label: Value| json!({"id": "l", "fields": {"text": "x"}, "label": label});
    let prediction = |given: Value| json!({"id": "p", "fields": {"text": "x"}, "predictions": given});
    vec![
        (r#"{"id": "x", "fields""#.to_owned(), None, Code::Malformed),
        ("hello".to_owned(), None, Code::Malformed),
        (predicting(r#"{"a": NaN}"#), None, Code::Malformed),
        (predicting(r#"{"a": Infinity}"#), None, Code::Malformed),
        (r#"{"id": "x", "fields": {"text": "\ud800"}}"#.to_owned(), None, Code::InvalidText),
        (r#"{"id": "x", "fields": {"text": "\ud83dx"}}"#.to_owned(), None, Code::InvalidText),
        (r#"{"id": "x", "fields": {"text": "a\u0000"}}"#.to_owned(), Some("/fields/text"), Code::InvalidText),
        (
            r#"{"id": "x", "fields": {"text": "a"}, "metadata": {"n": 18446744073709551616}}"#.to_owned(),
            None,
            Code::InvalidText,
        ),
        line(json!([1]), "", Code::WrongType),
        line(json!({"id": "x", "fields": {"text": "a"}, "colour": 1}), "/colour", Code::UnknownKey),
        line(json!({"fields": {"text": "a"}}), "/id", Code::Missing),
        line(json!({"id": 7, "fields": {"text": "a"}}), "/id", Code::WrongType),
        line(json!({"id": "", "fields": {"text": "a"}}), "/id", Code::InvalidName),
        line(json!({"id": "a\nb", "fields": {"text": "a"}}), "/id", Code::InvalidName),
        line(json!({"id": "한".repeat(201), "fields": {"text": "a"}}), "/id", Code::InvalidName),
        line(json!({"id": "x"}), "/fields", Code::Missing),
        line(json!({"id": "x", "fields": "a"}), "/fields", Code::WrongType),
        line(json!({"id": "x", "fields": {}}), "/fields/text", Code::Missing),
        line(json!({"id": "x", "fields": {"text": 4}}), "/fields/text", Code::WrongType),
        line(json!({"id": "x", "fields": {"text": "a", "b/c": "d"}}), "/fields/b~1c", Code::UnknownField),
        line(text(""), "/fields/text", Code::Empty),
        line(text(&"a".repeat(1024 * 1024 + 1)), "/fields/text", Code::TooLong),
        line(json!({"id": "x", "fields": {"text": "a"}, "metadata": 3}), "/metadata", Code::WrongType),
        line(label(json!("a")), "/label", Code::WrongType),
        line(label(json!({})), "/label/intent", Code::Missing),
        line(label(json!({"intent": "z"})), "/label/intent", Code::UnknownOption),
        line(label(json!({"intent": 1})), "/label/intent", Code::WrongType),
        line(label(json!({"intent": "a", "mood": "a"})), "/label/mood", Code::UnknownQuestion),
        line(prediction(json!({})), "/predictions", Code::WrongType),
        line(prediction(json!([1])), "/predictions/0", Code::WrongType),
        line(
            prediction(json!([{"model": "m@1", "question": "mood", "probs": {"a": 1}}])),
            "/predictions/0/question",
            Code::UnknownQuestion,
        ),
        line(
            prediction(json!([{"model": "", "question": "intent", "probs": {"a": 1}}])),
            "/predictions/0/model",
            Code::InvalidName,
        ),
        line(
            prediction(json!([{"model": "m@1", "question": "intent", "probs": {"a": 1}, "at": 1}])),
            "/predictions/0/at",
            Code::UnknownKey,
        ),
        line(
            prediction(json!([{"model": "m@1", "question": "intent"}])),
            "/predictions/0/probs",
            Code::Missing,
        ),
        line(
            prediction(json!([{"model": "m@1", "question": "intent", "probs": {"a": 1}},
                              {"model": "m@1", "question": "intent", "probs": {"a": 0.5}}])),
            "/predictions/1/model",
            Code::DuplicateName,
        ),
        (predicting(r#"{"a": 1.1}"#), Some("/predictions/0/probs/a"), Code::InvalidProbability),
        (predicting(r#"{"a": -0.1}"#), Some("/predictions/0/probs/a"), Code::InvalidProbability),
        (predicting(r#"{"a": 0.7, "b": 0.4}"#), Some("/predictions/0/probs"), Code::InvalidProbability),
        (predicting(r#"{"a": "0.7"}"#), Some("/predictions/0/probs/a"), Code::WrongType),
        (predicting(r#"{"z": 0.7}"#), Some("/predictions/0/probs/z"), Code::UnknownOption),
        (predicting("{}"), Some("/predictions/0/probs"), Code::Empty),
        (predicting("[]"), Some("/predictions/0/probs"), Code::WrongType),
        (json!({"id": "good", "fields": {"text": "again"}}).to_string(), Some("/id"), Code::DuplicateId),
    ]
}

async fn kept(world: &World) -> Result<i64, Box<dyn std::error::Error>> {
    let text = "SELECT (SELECT COUNT(*) FROM samples) + (SELECT COUNT(*) FROM imports)
                + (SELECT COUNT(*) FROM contents) + (SELECT COUNT(*) FROM models)";
    Ok(world.number(text).await?)
}

fn places(faults: &[Fault]) -> Vec<(Option<i64>, Option<String>, Code)> {
    faults.iter().map(|fault| (fault.line, fault.pointer.clone(), fault.code)).collect()
}

#[tokio::test]
async fn each_wrong_line_gets_its_code_and_place_and_nothing_is_kept() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        for (line, pointer, code) in wrong_lines() {
            let body = format!("{}\n\n{line}\n", good());
            let refused = refusal(world.send(&project, Format::Ndjson, STRICT, &body).await);
            let shown: String = line.chars().take(200).collect();
            assert_eq!(refused.code, Code::Invalid, "{shown}");
            let expected = (Some(3), pointer.map(str::to_owned), code);
            assert_eq!(places(&refused.errors), [expected], "{shown}");
        }
        assert_eq!(kept(world).await?, 0);
        assert!(!world.audited().await?.iter().any(|action| action.starts_with("import")));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn wrong_lines_are_left_out_on_request() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let wrong = wrong_lines();
        let mut body = format!("{}\n", good());
        for (line, ..) in &wrong {
            body.push_str(line);
            body.push('\n');
        }
        let import = world.send(&project, Format::Ndjson, SKIPPING, &body).await?;
        let count = i64::try_from(wrong.len())?;
        assert_eq!((import.received, import.created, import.rejected), (count + 1, 1, count));
        let found: Vec<_> = import.errors.iter().map(|fault| fault.line).collect();
        assert_eq!(found, (2..=count + 1).map(Some).collect::<Vec<_>>());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn at_most_a_hundred_faults_are_told_but_all_are_counted() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let body = "{\n".repeat(150) + &good().to_string();
        let import = world.send(&project, Format::Ndjson, SKIPPING, &body).await?;
        assert_eq!((import.received, import.rejected, import.errors.len()), (151, 150, 100));
        assert_eq!(import.errors.last().and_then(|fault| fault.line), Some(100));
        let refused = refusal(world.send(&project, Format::Ndjson, STRICT, &body).await);
        assert_eq!(refused.errors.len(), 100);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn bytes_that_are_no_text() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let mut body = good().to_string().into_bytes();
        body.extend_from_slice(b"\n{\"id\": \"x\", \"fields\": {\"text\": \"\xff\"}}\n");
        let refused = refusal(world.send(&project, Format::Ndjson, STRICT, &body).await);
        assert_eq!(places(&refused.errors), [(Some(2), None, Code::InvalidUtf8)]);
        let csv = b"id,text\ns1,ok\ns2,\xff\n";
        let refused = refusal(world.send(&project, Format::Csv, STRICT, csv).await);
        assert_eq!(places(&refused.errors), [(Some(3), None, Code::InvalidUtf8)]);
        let long = format!("{}\n{}", good(), "x".repeat(8 * 1024 * 1024 + 1));
        let refused = refusal(world.send(&project, Format::Ndjson, STRICT, &long).await);
        assert_eq!(places(&refused.errors), [(Some(2), None, Code::TooLong)]);
        assert_eq!(kept(world).await?, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn byte_order_mark_windows_lines_and_blank_lines_are_read() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let body = format!("\u{feff}{}\r\n\r\n  \r\n{}", good(), json!({"id": "b", "fields": {"text": "x"}}));
        let import = world.send(&project, Format::Ndjson, STRICT, &body).await?;
        assert_eq!((import.received, import.created), (2, 2));
        let csv = "\u{feff}id,text\r\nc,\"a \"\"quoted\"\", cell\r\nof two lines\"\r\n\r\nd,x\r\n";
        let import = world.send(&project, Format::Csv, STRICT, csv).await?;
        assert_eq!((import.received, import.created), (2, 2));
        let texts = world.texts("SELECT fields FROM contents ORDER BY id").await?;
        assert_eq!(texts[2], r#"{"text":"a \"quoted\", cell\r\nof two lines"}"#);
        let empty = world.send(&project, Format::Ndjson, STRICT, "").await?;
        assert_eq!((empty.received, empty.version), (0, None));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_large_text_within_the_limit_and_hostile_text_are_kept_as_they_are() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let texts =
            ["a".repeat(1_000_000), "</textarea><script>\u{202e}👩‍👩‍👧 한글 \u{1112}\u{1161}\u{11ab}".to_owned()];
        for (index, text) in texts.iter().enumerate() {
            world
                .send_samples(&project, &[json!({"id": index.to_string(), "fields": {"text": text}})])
                .await?;
            let actor = service::Actor::Operator;
            let sample = world.services.samples().get(&actor, &project, &index.to_string()).await?;
            assert_eq!(sample.fields.and_then(|fields| fields.get("text").cloned()), Some(json!(text)));
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_json_array_numbers_its_elements() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let body = json!([good(), {"id": "x"}, {"id": "good", "fields": {"text": "b"}}]).to_string();
        let refused = refusal(world.send(&project, Format::Json, STRICT, &body).await);
        let expected = [(2, "/fields", Code::Missing), (3, "/id", Code::DuplicateId)];
        assert_eq!(
            places(&refused.errors),
            expected.map(|(line, at, code)| (Some(line), Some(at.to_owned()), code))
        );
        for body in ["{}", "[{}", "[] []", "", "[1] x"] {
            let refused = refusal(world.send(&project, Format::Json, SKIPPING, body).await);
            assert_eq!(refused.code, Code::Malformed, "{body}");
        }
        let import = world.send(&project, Format::Json, STRICT, json!([good()]).to_string()).await?;
        assert_eq!((import.received, import.created), (1, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn csv_columns_are_fields_questions_and_metadata() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        let csv = "text,id,intent,metadata.channel\nhello,s1,a,chat\nthere,s2,,\nagain,s3,z,\nshort,s4\n";
        let import = world.send(&project, Format::Csv, SKIPPING, csv).await?;
        assert_eq!((import.created, import.rejected, import.version), (2, 2, Some(1)));
        let expected = [
            (Some(4), Some("/label/intent".to_owned()), Code::UnknownOption),
            (Some(5), None, Code::Malformed),
        ];
        assert_eq!(places(&import.errors), expected);
        let sample = world.services.samples().get(&service::Actor::Operator, &project, "s1").await?;
        assert_eq!(json!(sample.label), json!({"intent": "a"}));
        assert_eq!(json!(sample.metadata), json!({"channel": "chat"}));
        let refused = refusal(world.send(&project, Format::Csv, SKIPPING, "id,colour\n1,2\n").await);
        let expected = [("/colour", Code::UnknownKey), ("/text", Code::Missing)];
        assert_eq!(places(&refused.errors), expected.map(|(at, code)| (Some(1), Some(at.to_owned()), code)));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn wrong_predictions_and_reports() -> Outcome {
    on_each_database(async |world| {
        let project = world.project("p").await?;
        world.send_samples(&project, &[good()]).await?;
        let line = |value| [value];
        for (prediction, at, code) in [
            (
                json!({"id": "none", "model": "m", "question": "intent", "probs": {"a": 1}}),
                "/id",
                Code::UnknownSample,
            ),
            (
                json!({"id": "good", "model": "m", "question": "q", "probs": {"a": 1}}),
                "/question",
                Code::UnknownQuestion,
            ),
            (
                json!({"id": "good", "model": "m", "question": "intent", "probs": {"a": 2}}),
                "/probs/a",
                Code::InvalidProbability,
            ),
            (json!({"id": "good", "question": "intent", "probs": {"a": 1}}), "/model", Code::Missing),
        ] {
            let refused = world.send_predictions(&project, &line(prediction)).await;
            assert_eq!(faults(refused), [(at.to_owned(), code)]);
        }
        let twice = json!({"id": "good", "model": "m", "question": "intent", "probs": {"a": 1}});
        let refused = world.send_predictions(&project, &[twice.clone(), twice]).await;
        assert_eq!(faults(refused), [("/id".to_owned(), Code::DuplicateId)]);
        for (report, at, code) in [
            (json!({"id": "none", "kind": "wrong"}), "/id", Code::UnknownSample),
            (json!({"id": "good", "kind": "bad"}), "/kind", Code::Invalid),
            (json!({"id": "good", "kind": "wrong", "note": "x".repeat(2001)}), "/note", Code::TooLong),
            (json!({"id": "good", "kind": "wrong", "by": "me"}), "/by", Code::UnknownKey),
        ] {
            let refused = world.send_feedback(&project, &line(report)).await;
            assert_eq!(faults(refused), [(at.to_owned(), code)]);
        }
        assert_eq!(world.number("SELECT COUNT(*) FROM imports").await?, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn unknown_samples_are_left_out_on_request_in_the_order_of_the_lines() -> Outcome {
    on_each_database(async |world| {
        let project: Slug = world.project("p").await?;
        world.send_samples(&project, &[good()]).await?;
        let lines = [
            json!({"id": "none", "model": "m", "question": "intent", "probs": {"a": 1}}),
            json!({"id": "good"}),
            json!({"id": "good", "model": "m", "question": "intent", "probs": {"a": 1}}),
        ];
        let spooled = world.spooled(ndjson(&lines)).await?;
        let (actor, format) = (service::Actor::Operator, Format::Ndjson);
        let import =
            world.services.intake().predictions(&actor, &project, spooled, format, OnError::Skip).await?;
        assert_eq!((import.received, import.created, import.rejected), (3, 1, 2));
        let lines: Vec<_> = import.errors.iter().map(|fault| fault.line).collect();
        assert_eq!(lines, [Some(1), Some(2), Some(2), Some(2)]);
        Ok(())
    })
    .await
}
